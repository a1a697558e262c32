//! exchange-sim: behaves like the SMTP client submission of Exchange Online.
//!
//! Built from Microsoft's published limits and from literal replies seen in real logs. Start it
//! by hand with the binary `exchange-sim`, or in a test with [`Simulator::start`], which gives a
//! handle to change rules and limits and to look at what came in. [`Simulator::down`] and
//! [`Simulator::up`] take the server off its port and put it back.

mod bars;
mod body;
mod connector;
mod digest;
pub mod entra;
mod glob;
pub mod graph;
mod journal;
mod limits;
mod replies;
mod rules;
mod session;
mod sign_in;
mod transaction;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use anyhow::{Context, Result};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

pub use bars::Bar;
pub use connector::Connector;
pub use digest::sha256;
pub use journal::{Entry, Transfer};
pub use limits::Limits;
pub use replies::named as named_reply;
pub use rules::{Rule, Stage};

use self::{
    bars::Bars, connector::Gate, entra::Entra, journal::Journal, limits::Ledger, rules::Rules,
    session::Session,
};
use crate::tls::{self, Authority, Certificate};

/// How a simulator starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where `ca.pem`, `journal.jsonl` and, when kept, `bodies/` are written.
    pub folder: PathBuf,
    /// Mailboxes and their passwords. When there is none, every sign-in is good.
    pub mailboxes: Vec<(String, String)>,
    /// Mailboxes and the access tokens that XOAUTH2 takes for them.
    pub tokens: Vec<(String, String)>,
    /// The limits in force.
    pub limits: Limits,
    /// Scripted behaviour.
    pub rules: Vec<Rule>,
    /// Write every body to `bodies/NUMBER.eml`.
    pub keep_bodies: bool,
    /// Extensions that EHLO does not offer, such as `BINARYMIME`; Exchange Online offers them all.
    pub without: Vec<String>,
    /// Encrypt from the first byte, as other smarthosts do on port 465. Exchange Online does not.
    pub implicit_tls: bool,
    /// Names in its certificate, beside those of this machine.
    pub names: Vec<String>,
    /// A token endpoint beside it; then XOAUTH2 takes the tokens that it issued for the mailbox.
    pub entra: Option<entra::Settings>,
    /// Answers a token that is not good with a challenge in JSON first, as Google's servers do.
    pub challenge: bool,
    /// Works as an inbound connector: no sign-in, and mail only from who shows the certificate.
    pub connector: Option<Connector>,
}

impl Settings {
    /// A free loopback port, any sign-in, no limits but the size, bodies kept.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            folder: folder.into(),
            mailboxes: Vec::new(),
            tokens: Vec::new(),
            limits: Limits::unlimited(),
            rules: Vec::new(),
            keep_bodies: true,
            without: Vec::new(),
            implicit_tls: false,
            names: Vec::new(),
            entra: None,
            challenge: false,
            connector: None,
        }
    }

    /// All names of its certificate.
    fn names(&self) -> Vec<&str> {
        let own = self.names.iter().map(String::as_str);
        NAMES.iter().copied().chain(own).collect()
    }

    /// The settings of TLS with a certificate; a connector asks for one, too.
    fn tls(&self, certificate: &Certificate) -> Result<Arc<ServerConfig>> {
        match &self.connector {
            Some(_) => connector::server_config(certificate),
            None => tls::server_config(certificate),
        }
    }
}

/// What its certificate is good for.
const NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];

/// Which certificate it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// One that clients trust and that has its name.
    Good,
    /// One for another name.
    OtherName,
    /// One that has ended.
    Expired,
    /// One of an authority that nobody knows.
    Untrusted,
}

/// What all sessions share.
struct Shared {
    settings: Settings,
    tls: Mutex<Arc<ServerConfig>>,
    rules: Mutex<Rules>,
    ledger: Mutex<Ledger>,
    bars: Mutex<Bars>,
    journal: Journal,
    without: Mutex<Vec<String>>,
    sessions: AtomicU64,
    entra: Option<Entra>,
    gate: Option<Gate>,
}

impl Shared {
    /// The settings of TLS, for one connection.
    fn tls(&self) -> Arc<ServerConfig> {
        Arc::clone(&locked(&self.tls))
    }

    /// Whether EHLO offers an extension.
    fn offers(&self, extension: &str) -> bool {
        let without = locked(&self.without);
        !without
            .iter()
            .any(|keyword| keyword.eq_ignore_ascii_case(extension))
    }
}

/// A running stand-in. Dropping it takes it down.
pub struct Simulator {
    shared: Arc<Shared>,
    authority: Authority,
    address: SocketAddr,
    accepting: Mutex<Option<JoinHandle<()>>>,
    taken: watch::Receiver<usize>,
}

impl Simulator {
    /// Makes an authority, writes `ca.pem` and begins to listen.
    pub async fn start(settings: Settings) -> Result<Self> {
        std::fs::create_dir_all(&settings.folder)
            .with_context(|| format!("making {}", settings.folder.display()))?;
        let authority = Authority::new("exchange-sim authority")?;
        let certificate = authority.issue(&settings.names())?;
        std::fs::write(settings.folder.join("ca.pem"), authority.pem())?;
        let entra = match settings.entra.clone() {
            Some(settings) => Some(Entra::start(settings, &authority).await?),
            None => None,
        };
        let gate = settings.connector.as_ref().map(Gate::new).transpose()?;
        let tls = settings.tls(&certificate)?;

        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let (journal, taken) = Journal::create(&settings.folder, settings.keep_bodies)?;
        let shared = Arc::new(Shared {
            tls: Mutex::new(tls),
            entra,
            gate,
            rules: Mutex::new(Rules::new(settings.rules.clone())),
            ledger: Mutex::new(Ledger::new(settings.limits)),
            bars: Mutex::new(Bars::after(settings.limits.continuous_errors)),
            journal,
            without: Mutex::new(settings.without.clone()),
            sessions: AtomicU64::new(0),
            settings,
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            shared,
            authority,
            address,
            accepting: Mutex::new(Some(accepting)),
            taken,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its token endpoint, if it has one.
    pub fn entra(&self) -> Option<&Entra> {
        self.shared.entra.as_ref()
    }

    /// The certificate that clients must trust.
    pub fn ca_file(&self) -> PathBuf {
        self.shared.settings.folder.join("ca.pem")
    }

    /// Who signed its certificate, for other stand-ins that the same clients must trust.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Shows another certificate from the next connection on.
    pub fn show(&self, shown: Shown) -> Result<()> {
        let names = self.shared.settings.names();
        let long_ago = jiff::civil::date(2020, 1, 1);
        let certificate = match shown {
            Shown::Good => self.authority.issue(&names)?,
            Shown::OtherName => self.authority.issue(&["other.example"])?,
            Shown::Expired => self.authority.issue_until(&names, long_ago)?,
            Shown::Untrusted => Authority::new("somebody else")?.issue(&names)?,
        };
        *locked(&self.shared.tls) = self.shared.settings.tls(&certificate)?;
        Ok(())
    }

    /// Adds a rule behind the others; the first rule that matches decides.
    pub fn add_rule(&self, rule: Rule) {
        locked(&self.shared.rules).push(rule);
    }

    /// Forgets all rules.
    pub fn clear_rules(&self) {
        *locked(&self.shared.rules) = Rules::default();
    }

    /// From the next EHLO on, offers everything but these extensions.
    pub fn offer_all_but(&self, without: &[&str]) {
        *locked(&self.shared.without) = without.iter().map(|&word| word.to_owned()).collect();
    }

    /// Puts other limits in force; what was counted stays counted.
    pub fn set_limits(&self, limits: Limits) {
        locked(&self.shared.ledger).limits = limits;
        locked(&self.shared.bars).set_after(limits.continuous_errors);
    }

    /// Gives one mailbox another limit of recipients in a message, as its administrator may.
    pub fn limit_recipients(&self, mailbox: &str, recipients: usize) {
        locked(&self.shared.ledger).limit_recipients(mailbox, recipients);
    }

    /// What a mailbox is barred for, if it is.
    pub fn bar(&self, mailbox: &str) -> Option<Bar> {
        locked(&self.shared.bars).of(mailbox)
    }

    /// Lets a barred mailbox submit again.
    pub fn lift_bar(&self, mailbox: &str) {
        locked(&self.shared.bars).lift(mailbox);
    }

    /// The most connections that any mailbox had signed in at one time.
    pub fn peak_connections(&self) -> usize {
        locked(&self.shared.ledger).peak_connections()
    }

    /// Everything it took in, in order.
    pub fn messages(&self) -> Vec<Entry> {
        self.shared.journal.entries()
    }

    /// The body of a message, byte for byte. Fails when bodies are not kept.
    pub fn body(&self, entry: &Entry) -> io::Result<Vec<u8>> {
        std::fs::read(body_path(&self.shared.settings.folder, entry.number))
    }

    /// Waits until at least `count` messages came in. Fails after `patience`.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Entry>> {
        let mut taken = self.taken.clone();
        let arrived = tokio::time::timeout(patience, taken.wait_for(|taken| *taken >= count)).await;
        match arrived {
            Ok(_) => Ok(self.messages()),
            Err(_) => anyhow::bail!(
                "{} of {count} messages came in within {patience:?}",
                self.messages().len()
            ),
        }
    }

    /// Waits until no message has come in for `quiet`.
    pub async fn wait_until_quiet(&self, quiet: Duration) -> Vec<Entry> {
        let mut taken = self.taken.clone();
        loop {
            taken.mark_unchanged();
            match tokio::time::timeout(quiet, taken.changed()).await {
                Ok(Ok(())) => {}
                _ => return self.messages(),
            }
        }
    }

    /// Closes the port and cuts every connection.
    pub async fn down(&self) {
        let accepting = locked(&self.accepting).take();
        if let Some(task) = accepting {
            task.abort();
            // Aborting drops the listener and with the `JoinSet` every session.
            let _cancelled = task.await;
        }
    }

    /// Listens again, on the same port.
    pub async fn up(&self) -> io::Result<()> {
        self.down().await;
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        let accepting = tokio::spawn(accept(socket.listen(1024)?, Arc::clone(&self.shared)));
        *locked(&self.accepting) = Some(accepting);
        Ok(())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(task) = locked(&self.accepting).take() {
            task.abort();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, peer)) => {
                    let shared = Arc::clone(&shared);
                    sessions.spawn(async move {
                        // How a session ends is the client's affair; the journal has the mail.
                        let _ended = Session::run(socket, peer, shared).await;
                    });
                }
                // Out of file descriptors: let sessions end first.
                Err(_) => tokio::time::sleep_until(Instant::now() + Duration::from_millis(50)).await,
            },
            Some(_ended) = sessions.join_next() => {}
        }
    }
}

fn body_path(folder: &Path, number: usize) -> PathBuf {
    folder.join("bodies").join(format!("{number:06}.eml"))
}

/// A panic in a session must not hide what a test wants to see.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
