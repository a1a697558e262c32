//! Microsoft Graph's side of mail: `sendMail` with MIME, drafts, upload sessions.
//!
//! Over HTTPS, with the limits and errors that Microsoft publishes: 4 MiB a request, 4 requests at
//! a time for a mailbox, pieces in order. Who may do what, the caller says of each token.

mod http;
mod mail;
mod mailbox;
mod requests;
mod rules;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Result, bail};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

pub use mail::{Attached, Mail, Way};
pub use rules::{Operation, RetryAfter, Rule, Then};

use self::{mail::Book, mailbox::Drafts};
use super::locked;
use crate::tls::{self, Authority};

/// What a token allows: its permissions, such as `Mail.Send`; `None` when it is not good.
pub type Bearer = dyn Fn(&str) -> Option<Vec<String>> + Send + Sync;

/// How it starts.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where `graph.jsonl` and `graph/` are written.
    pub folder: PathBuf,
    /// Judges access tokens.
    pub bearer: Arc<Bearer>,
    /// Mailboxes that there are; when there is none, every mailbox is.
    pub mailboxes: Vec<String>,
    /// Addresses that a mailbox may send as, beside its own; `None` allows any.
    pub send_as: Option<Vec<String>>,
    /// Requests at a time for a mailbox.
    pub concurrency: usize,
    /// Scripted behaviour.
    pub rules: Vec<Rule>,
    /// Names in its certificate, beside those of this machine.
    pub names: Vec<String>,
}

impl Settings {
    /// A free loopback port, any token, any mailbox, Microsoft's limits.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            folder: folder.into(),
            bearer: any_token(),
            mailboxes: Vec::new(),
            send_as: None,
            concurrency: 4,
            rules: Vec::new(),
            names: Vec::new(),
        }
    }
}

/// Takes every token for one with the permissions to send and to write.
pub fn any_token() -> Arc<Bearer> {
    Arc::new(|_| Some(vec!["Mail.Send".to_owned(), "Mail.ReadWrite".to_owned()]))
}

/// Requests of one mailbox.
#[derive(Debug, Clone, Copy, Default)]
struct Load {
    now: usize,
    peak: usize,
}

/// What all connections share.
struct Shared {
    settings: Settings,
    address: SocketAddr,
    rules: Mutex<Vec<Rule>>,
    load: Mutex<HashMap<String, Load>>,
    drafts: Mutex<Drafts>,
    book: Book,
    asked: Mutex<Vec<String>>,
}

/// A running stand-in for Graph. Dropping it takes it down.
pub struct Graph {
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Graph {
    /// Listens with a certificate of that authority.
    pub async fn start(settings: Settings, authority: &Authority) -> Result<Self> {
        let certificate = authority.issue_here(&settings.names)?;
        let acceptor = TlsAcceptor::from(tls::server_config(&certificate)?);
        let listener = TcpListener::bind(settings.listen).await?;
        let shared = Arc::new(Shared {
            address: listener.local_addr()?,
            rules: Mutex::new(settings.rules.clone()),
            load: Mutex::default(),
            drafts: Mutex::default(),
            book: Book::create(&settings.folder)?,
            asked: Mutex::default(),
            settings,
        });
        let accepting = tokio::spawn(accept(listener, acceptor, Arc::clone(&shared)));
        Ok(Self { shared, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Adds a rule behind the others.
    pub fn add_rule(&self, rule: Rule) {
        locked(&self.shared.rules).push(rule);
    }

    /// Forgets all rules.
    pub fn clear_rules(&self) {
        locked(&self.shared.rules).clear();
    }

    /// Everything that left, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.book.mails()
    }

    /// The MIME of a mail as it left, without Bcc. Fails for a draft.
    pub fn mime(&self, mail: &Mail) -> io::Result<Vec<u8>> {
        std::fs::read(self.shared.book.path(mail.number))
    }

    /// Drafts that were neither sent nor deleted.
    pub fn drafts(&self) -> usize {
        locked(&self.shared.drafts).len()
    }

    /// What was asked for, in order: method and path.
    pub fn asked(&self) -> Vec<String> {
        locked(&self.shared.asked).clone()
    }

    /// The most requests that any mailbox had at a time.
    pub fn peak(&self) -> usize {
        let load = locked(&self.shared.load);
        load.values().map(|load| load.peak).max().unwrap_or(0)
    }

    /// Waits until at least `count` mails left. Fails after `patience`.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Mail>> {
        let mut taken = self.shared.book.watch();
        let left = tokio::time::timeout(patience, taken.wait_for(|taken| *taken >= count)).await;
        if left.is_err() {
            let mails = self.mails().len();
            bail!("{mails} of {count} mails left within {patience:?}");
        }
        Ok(self.mails())
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((socket, _)) = accepted {
                connections.spawn(serve(socket, acceptor.clone(), Arc::clone(&shared)));
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
}

async fn serve(socket: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let Ok(stream) = acceptor.accept(socket).await else {
        return;
    };
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { shared.answer(request).await }
    });
    // How a connection ends is the client's affair, or was scripted.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
