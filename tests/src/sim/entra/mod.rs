//! Microsoft Entra's side: a token endpoint over HTTPS, with client secrets, signed assertions that
//! are really verified, device codes and refresh tokens that change with each use.
//!
//! Errors are those that Microsoft documents, by their AADSTS numbers. The tokens look like its own
//! and are good for the mailboxes of the application, or of the person, that they were issued to.

mod assertion;
mod grants;
mod http;
mod issued;

use std::{
    collections::{HashMap, HashSet},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Result, bail};
use rustls::ServerConfig;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

pub use http::Asked;

use self::{
    http::Answer,
    issued::{Code, Issued, Standing},
};
use super::{locked, session::now};
use crate::tls::{self, Authority};

/// An application that is registered in a tenant.
#[derive(Debug, Clone, Default)]
pub struct Application {
    /// Id or domain of the tenant.
    pub tenant: String,
    /// Application (client) id.
    pub client_id: String,
    /// Values of its client secrets.
    pub secrets: Vec<String>,
    /// Its certificates, PEM.
    pub certificates: Vec<String>,
    /// Roles that its own tokens carry.
    pub roles: Vec<String>,
    /// Mailboxes that its own tokens open; none is all.
    pub mailboxes: Vec<String>,
}

/// How an endpoint starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Who may ask.
    pub applications: Vec<Application>,
    /// How long tokens are good.
    pub lifetime: Duration,
    /// How long a device code is.
    pub code_lifetime: Duration,
    /// What it does in place of answering, for every request.
    pub trouble: Option<Trouble>,
    /// Somebody who allows every code as soon as it is given out.
    pub approve_as: Option<String>,
    /// Names in its certificate, beside those of this machine.
    pub names: Vec<String>,
}

impl Settings {
    /// A free loopback port, tokens for an hour.
    pub fn of(applications: Vec<Application>) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            applications,
            lifetime: Duration::from_hours(1),
            code_lifetime: Duration::from_mins(15),
            trouble: None,
            approve_as: None,
            names: Vec::new(),
        }
    }
}

/// What happens in place of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// An error of Microsoft's, by its number, such as 7000215.
    Aadsts(u64),
    /// This status, with nothing to say.
    Status(u16),
    /// 429 and Retry-After, in seconds.
    Throttled(u64),
    /// 302 to there.
    Redirect(String),
    /// The answer, but late.
    Slow(Duration),
}

impl std::str::FromStr for Trouble {
    type Err = anyhow::Error;

    /// `AADSTS7000215`, `503`, `429:60`, `redirect:URL`, `slow:SECONDS`.
    fn from_str(text: &str) -> Result<Self> {
        if let Some(code) = text.strip_prefix("AADSTS") {
            return Ok(Self::Aadsts(code.parse()?));
        }
        Ok(match text.split_once(':') {
            Some(("429", seconds)) => Self::Throttled(seconds.parse()?),
            Some(("redirect", to)) => Self::Redirect(to.to_owned()),
            Some(("slow", seconds)) => Self::Slow(Duration::from_secs(seconds.parse()?)),
            Some(_) => bail!(
                "{text} is no trouble: AADSTS…, STATUS, 429:SECONDS, redirect:URL, slow:SECONDS"
            ),
            None => Self::Status(text.parse()?),
        })
    }
}

/// What all requests share.
struct Shared {
    authority: String,
    applications: Vec<Application>,
    code_lifetime: Duration,
    approve_as: Option<String>,
    lifetime: Mutex<Duration>,
    /// What is to happen, and how often yet; `None` is always.
    trouble: Mutex<Option<(Trouble, Option<u32>)>>,
    tokens: Mutex<HashMap<String, Issued>>,
    refresh_tokens: Mutex<HashMap<String, Standing>>,
    codes: Mutex<HashMap<String, Code>>,
    nonces: Mutex<HashSet<String>>,
    asked: Mutex<Vec<Asked>>,
    count: watch::Sender<usize>,
}

/// A running endpoint; handles share it. It ends with the simulator that it belongs to.
#[derive(Clone)]
pub struct Entra {
    shared: Arc<Shared>,
    _serving: Arc<Serving>,
}

/// Ends with the last handle.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Entra {
    /// Begins to listen, with a certificate of that authority.
    pub async fn start(settings: Settings, authority: &Authority) -> Result<Self> {
        let certificate = authority.issue_here(&settings.names)?;
        let config: Arc<ServerConfig> = tls::server_config(&certificate)?;
        let listener = TcpListener::bind(settings.listen).await?;
        let shared = Arc::new(Shared {
            authority: format!("https://localhost:{}", listener.local_addr()?.port()),
            applications: settings.applications,
            code_lifetime: settings.code_lifetime,
            approve_as: settings.approve_as,
            lifetime: Mutex::new(settings.lifetime),
            trouble: Mutex::new(settings.trouble.map(|trouble| (trouble, None))),
            tokens: Mutex::default(),
            refresh_tokens: Mutex::default(),
            codes: Mutex::default(),
            nonces: Mutex::default(),
            asked: Mutex::default(),
            count: watch::channel(0).0,
        });
        let serving = serve(listener, TlsAcceptor::from(config), Arc::clone(&shared));
        Ok(Self {
            shared,
            _serving: Arc::new(Serving(tokio::spawn(serving))),
        })
    }

    /// Base of the endpoints: the `authority` of a route.
    pub fn authority(&self) -> &str {
        &self.shared.authority
    }

    /// Every request so far, with its form.
    pub fn asked(&self) -> Vec<Asked> {
        locked(&self.shared.asked).clone()
    }

    /// Waits until there were so many requests. Fails after `patience`.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Asked>> {
        let mut watching = self.shared.count.subscribe();
        let reached = watching.wait_for(|it| *it >= count);
        if tokio::time::timeout(patience, reached).await.is_err() {
            bail!("{} of {count} requests came", self.asked().len());
        }
        Ok(self.asked())
    }

    /// From now on, does this in place of answering: so many times, or always.
    pub fn trouble(&self, trouble: Trouble, times: Option<u32>) {
        *locked(&self.shared.trouble) = Some((trouble, times));
    }

    /// Answers again.
    pub fn no_trouble(&self) {
        *locked(&self.shared.trouble) = None;
    }

    /// How long the tokens are good that are issued from now on.
    pub fn set_lifetime(&self, lifetime: Duration) {
        *locked(&self.shared.lifetime) = lifetime;
    }

    /// Takes every access token back.
    pub fn revoke_tokens(&self) {
        locked(&self.shared.tokens).clear();
    }

    /// Ends every sign-in of people: refresh tokens are refused as after a change of password.
    pub fn end_sign_ins(&self) {
        for standing in locked(&self.shared.refresh_tokens).values_mut() {
            standing.is_good = false;
        }
    }

    /// Codes that people have not entered yet.
    pub fn open_codes(&self) -> Vec<String> {
        let codes = locked(&self.shared.codes);
        let open = codes.values().filter(|code| code.is_open());
        open.map(|code| code.entered.clone()).collect()
    }

    /// A person enters a code and allows what it asks for, who may use these mailboxes. Gives
    /// whether there was such a code.
    pub fn approve(&self, user_code: &str, username: &str, mailboxes: &[&str]) -> bool {
        let mailboxes = mailboxes.iter().map(|&it| it.to_owned()).collect();
        self.answer_code(user_code, |code| code.approve(username, mailboxes))
    }

    /// A person enters a code and declines.
    pub fn decline(&self, user_code: &str) -> bool {
        self.answer_code(user_code, Code::decline)
    }

    fn answer_code(&self, user_code: &str, answer: impl FnOnce(&mut Code)) -> bool {
        let mut codes = locked(&self.shared.codes);
        let mut all = codes.values_mut();
        let Some(code) = all.find(|code| code.entered == user_code) else {
            return false;
        };
        answer(code);
        true
    }

    /// What a token allows at a resource, such as `SMTP.SendAsApp` at `outlook`; `None` when it is
    /// not one of ours, is over, or is for another resource.
    pub fn permissions(&self, token: &str, resource: &str) -> Option<Vec<String>> {
        let tokens = locked(&self.shared.tokens);
        let issued = tokens.get(token)?;
        issued
            .is_for(resource, now())
            .then(|| issued.permissions.clone())
    }

    /// Whether a token opens a mailbox by SMTP.
    pub fn opens(&self, token: &str, mailbox: &str) -> bool {
        let tokens = locked(&self.shared.tokens);
        tokens.get(token).is_some_and(|issued| {
            let is_for = ["outlook.", "outlook-", "partner.outlook"];
            let is_fine = is_for.iter().any(|it| issued.is_for(it, now()));
            is_fine && issued.opens(mailbox)
        })
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((socket, _)) = accepted {
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
                connections.spawn(async move {
                    // How a connection ends is the client's affair.
                    let _ended = http::serve(socket, acceptor, &shared).await;
                });
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
}

impl Shared {
    /// The answer to a request.
    async fn answer(&self, asked: Asked) -> Answer {
        let trouble = self.next_trouble();
        let count = {
            let mut book = locked(&self.asked);
            book.push(asked.clone());
            book.len()
        };
        self.count.send_replace(count);
        match trouble {
            Some(Trouble::Aadsts(code)) => Answer::aadsts(code, "scripted"),
            Some(Trouble::Status(status)) => Answer::empty(status),
            Some(Trouble::Throttled(seconds)) => {
                Answer::empty(429).with("Retry-After", &seconds.to_string())
            }
            Some(Trouble::Redirect(to)) => Answer::empty(302).with("Location", &to),
            Some(Trouble::Slow(delay)) => {
                tokio::time::sleep(delay).await;
                self.grant(&asked)
            }
            None => self.grant(&asked),
        }
    }

    fn next_trouble(&self) -> Option<Trouble> {
        let mut scripted = locked(&self.trouble);
        let (trouble, left) = scripted.as_mut()?;
        let trouble = trouble.clone();
        match left {
            Some(0) => {
                *scripted = None;
                return None;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        Some(trouble)
    }
}
