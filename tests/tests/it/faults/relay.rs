//! The one relayd of all cases, seen through its API.

use std::{
    fmt::Write,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use relay_tests::harness::{Config, Listener, PATIENCE, Relayctl, Relayd};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};

/// How often the queue is looked at, for all cases together.
const LOOK: Duration = Duration::from_millis(200);

/// All messages and lanes at one moment.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    messages: Vec<Value>,
    lanes: Vec<Value>,
}

impl Snapshot {
    /// The message with this Message-ID.
    pub(super) fn message(&self, message_id: &str) -> Option<&Value> {
        let mut messages = self.messages.iter();
        messages.find(|message| message["message_id"] == message_id)
    }

    /// The lane of an account.
    pub(super) fn lane(&self, account: &str) -> Option<&Value> {
        let mut lanes = self.lanes.iter();
        lanes.find(|lane| lane["account"] == account)
    }
}

#[derive(Clone)]
struct Api {
    client: reqwest::Client,
    base: String,
    token: String,
}

/// relayd with a door for systems that are known by their address.
pub(super) struct Relay {
    relayd: Relayd,
    api: Api,
    ctl: Relayctl,
    snapshots: watch::Receiver<Snapshot>,
    looking: JoinHandle<()>,
    /// Last, so that it outlives the process that works in it.
    folder: TempDir,
}

impl Relay {
    pub(super) fn start() -> Result<Self> {
        let folder = TempDir::new()?;
        let config =
            Config::in_folder(folder.path()).listener(Listener::new("lan", "none").by_address());
        let relayd = Relayd::start(folder.path(), &config)?;
        let ctl = relayd.ctl()?;
        let made = ctl.json("token create faults --operator")?;
        let token = made["token"].as_str().or(made["secret"].as_str());
        // Another test of this process may have installed it.
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let api = Api {
            client: reqwest::Client::new(),
            base: format!("http://{}", relayd.api()?),
            token: token.context("no token")?.to_owned(),
        };
        let (told, snapshots) = watch::channel(Snapshot::default());
        let looking = tokio::spawn(look(api.clone(), told));
        Ok(Self {
            relayd,
            api,
            ctl,
            snapshots,
            looking,
            folder,
        })
    }

    /// A folder for the other side of a case.
    pub(super) fn folder(&self, account: &str) -> PathBuf {
        self.folder.path().join("others").join(account)
    }

    /// Where systems send that are known by their address.
    pub(super) fn door(&self) -> Result<SocketAddr> {
        self.relayd.listener("lan")
    }

    /// An account with a relay user that has two senders, and a system at this address; all but its route.
    pub(super) async fn add_account(
        &self,
        name: &str,
        [sender, other]: [&str; 2],
        at: IpAddr,
    ) -> Result<()> {
        let account = format!("/v1/accounts/{name}");
        let none = || json!({});
        let steps = [
            (
                Method::POST,
                "/v1/accounts".to_owned(),
                json!({
                    "name": name, "kind": "company", "company": name,
                    "email": format!("ops@{name}.example"), "email_vouched": true,
                }),
            ),
            (Method::POST, format!("{account}/activate"), none()),
            (
                Method::PUT,
                format!("{account}/subscription"),
                json!({ "plan": "enterprise" }),
            ),
            (
                Method::POST,
                format!("{account}/users"),
                json!({ "username": name, "sender": sender, "allowed_senders": [other] }),
            ),
            (
                Method::POST,
                format!("{account}/systems"),
                json!({ "name": "device", "address": at, "user": name, "auth": "address" }),
            ),
        ];
        for (method, path, body) in steps {
            self.api.call(method, &path, Some(&body)).await?;
        }
        Ok(())
    }

    /// Sets the route of an account; relayd probes it first.
    pub(super) async fn set_route(&self, account: &str, route: &Value) -> Result<()> {
        let path = format!("/v1/accounts/{account}/route");
        self.api.call(Method::PUT, &path, Some(route)).await?;
        Ok(())
    }

    /// Checks the route of an account, as a person does who mended something.
    pub(super) async fn check_route(&self, account: &str) -> Result<()> {
        let path = format!("/v1/accounts/{account}/route/check");
        let checked = self.api.call(Method::POST, &path, None).await?;
        ensure!(checked["ok"] == true, "the check failed: {checked}");
        Ok(())
    }

    /// Lets a lane go on.
    pub(super) async fn release(&self, account: &str) -> Result<()> {
        let path = format!("/v1/queue/lanes/{account}/release");
        self.api.call(Method::POST, &path, None).await?;
        Ok(())
    }

    /// Acts on a message as a person does: `retry`, `release`, `cancel`.
    pub(super) async fn act(&self, verb: &str, id: &str) -> Result<()> {
        let selection = json!({ "ids": [id] });
        let path = format!("/v1/queue/{verb}");
        self.api.call(Method::POST, &path, Some(&selection)).await?;
        Ok(())
    }

    /// Everything about a message.
    pub(super) async fn trace(&self, id: &str) -> Result<Value> {
        let path = format!("/v1/queue/messages/{id}");
        self.api.call(Method::GET, &path, None).await
    }

    /// What relayctl shows of a message.
    pub(super) async fn told(&self, id: &str) -> Result<String> {
        let ctl = self.ctl.clone().env("COLUMNS", "400");
        let command = format!("log trace {id}");
        tokio::task::spawn_blocking(move || ctl.ok(&command)).await?
    }

    /// Waits until a look at the queue gives something.
    pub(super) async fn until<T>(
        &self,
        what: &str,
        mut found: impl FnMut(&Snapshot) -> Option<T>,
        shows: impl Fn(&Snapshot) -> String,
    ) -> Result<T> {
        let mut snapshots = self.snapshots.clone();
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = found(&snapshots.borrow_and_update()) {
                return Ok(found);
            }
            let changed = tokio::time::timeout_at(deadline.into(), snapshots.changed()).await;
            if !matches!(changed, Ok(Ok(()))) {
                bail!("not {what}: {}", shows(&snapshots.borrow()));
            }
        }
    }

    /// Lets the server of an account's route be called otherwise: what the API sets has to answer.
    pub(super) async fn rename_server(&self, account: &str, server: &str) -> Result<()> {
        sqlx::any::install_default_drivers();
        let database = self.relayd.state_dir().join("relayd.db");
        let url = format!("sqlite:{}", database.display());
        let mut store = AnyConnection::connect(&url).await?;
        let statement = "UPDATE routes SET server = $1 \
            WHERE account_id = (SELECT id FROM accounts WHERE name = $2)";
        let renamed = sqlx::query(statement).bind(server).bind(account);
        ensure!(renamed.execute(&mut store).await?.rows_affected() == 1);
        store.close().await?;
        // It reads the route anew.
        self.release(account).await
    }

    /// Stops relayd in order.
    pub(super) fn stop(mut self) -> Result<()> {
        self.looking.abort();
        let status = self.relayd.stop()?;
        ensure!(status.success(), "relayd ended with {status}");
        Ok(())
    }
}

/// Looks at the queue again and again.
async fn look(api: Api, told: watch::Sender<Snapshot>) {
    loop {
        if let Ok(snapshot) = api.look().await {
            told.send_replace(snapshot);
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Api {
    async fn look(&self) -> Result<Snapshot> {
        let log = self.call(Method::GET, "/v1/log/messages?limit=1000", None);
        let mut log = log.await?;
        let mut summary = self.call(Method::GET, "/v1/queue/summary", None).await?;
        let list = |value: &mut Value| match value.take() {
            Value::Array(items) => Ok(items),
            other => Err(anyhow!("no list: {other}")),
        };
        Ok(Snapshot {
            messages: list(&mut log["items"])?,
            lanes: list(&mut summary["lanes"])?,
        })
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let url = format!("{}{path}", self.base);
        let mut request = self.client.request(method.clone(), url);
        request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let reply = request.send().await?;
        let status = reply.status();
        let text = reply.text().await?;
        ensure!(status.is_success(), "{method} {path}: {status} {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

/// What a history says: one line for each event.
pub(super) fn story(trace: &Value) -> String {
    let events = trace["events"].as_array().map_or(&[][..], Vec::as_slice);
    events.iter().fold(String::new(), |mut story, event| {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let [kind, reason, reply, detail] = ["kind", "reason", "reply", "detail"].map(text);
        // Writing to a String cannot fail.
        let _ok = writeln!(story, "{kind} [{reason}] {reply} | {detail}");
        story
    })
}
