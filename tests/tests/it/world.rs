//! A relay between a device and a stand-in for Exchange Online, ready to send.

use std::{net::SocketAddr, path::Path, time::Duration};

pub(crate) use relay_tests::harness::PATIENCE;
use relay_tests::{
    harness::{
        Config, Customer, Device, Mail, Relayctl, Relayd, UserAccess, change_plans, eventually,
    },
    sim::{Entry, Settings, Simulator},
};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const SENDER: &str = "scanner@acme.example";
pub(crate) const RECIPIENT: &str = "archive@customer.example";
/// Nothing comes any more when nothing came for this long: two retries of a second.
pub(crate) const QUIET: Duration = Duration::from_secs(3);

pub(crate) struct World {
    pub(crate) relayd: Relayd,
    pub(crate) simulator: Simulator,
    pub(crate) ctl: Relayctl,
    pub(crate) user: UserAccess,
    /// The URL of its store.
    pub(crate) store: String,
    /// Last, so that it outlives the processes that work in it.
    pub(crate) folder: TempDir,
}

/// How a world differs from the usual one.
pub(crate) struct Builder {
    config: Box<dyn FnOnce(Config) -> Config + Send>,
    sim: Box<dyn FnOnce(&mut Settings) + Send>,
    store: Option<String>,
    plans: Option<String>,
    wrapper: Vec<String>,
    plan: &'static str,
    connections: u16,
}

impl World {
    /// The usual one: SQLite, the largest plan, three connections upstream, retries each second.
    pub(crate) async fn new() -> Self {
        Self::builder().build().await
    }

    /// The usual one, but mail ends in a folder.
    pub(crate) async fn capturing() -> Self {
        let world = Self::new().await;
        world.ctl.ok("route set --kind capture --yes").unwrap();
        world
    }

    /// What the capture route keeps, once there are so many mails.
    pub(crate) fn captured(&self, count: usize) -> Vec<Vec<u8>> {
        let folder = self.relayd.state_dir().join("capture/acme");
        eventually(&format!("{count} captured mails"), || {
            let mut mails = Vec::new();
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "eml") {
                    mails.push(std::fs::read(path)?);
                }
            }
            Ok((mails.len() >= count).then_some(mails))
        })
        .unwrap()
    }

    pub(crate) fn builder() -> Builder {
        Builder {
            config: Box::new(|config| config),
            sim: Box::new(|_| {}),
            store: None,
            plans: None,
            wrapper: Vec::new(),
            plan: "enterprise",
            connections: 3,
        }
    }

    /// The door for STARTTLS.
    pub(crate) fn submission(&self) -> SocketAddr {
        self.relayd.listener("submission").unwrap()
    }

    /// A mail of the scanner.
    pub(crate) fn mail(name: &str, size: usize) -> Mail {
        Mail::new(SENDER, RECIPIENT, name, size)
    }

    /// Sends a mail as the scanner; anything but a 250 fails the test.
    pub(crate) async fn submit(&self, name: &str) -> Mail {
        let mail = Self::mail(name, 2000);
        let mut device = Device::signed_in(self.submission(), &self.user)
            .await
            .unwrap();
        let reply = device
            .send(SENDER, &[RECIPIENT], &mail.bytes)
            .await
            .unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
        device.quit().await.unwrap();
        mail
    }

    /// The stand-in has exactly these mails, unchanged, once each.
    pub(crate) async fn arrived(&self, mails: &[Mail]) -> Vec<Entry> {
        self.simulator
            .wait_for(mails.len(), PATIENCE)
            .await
            .unwrap();
        let entries = self.simulator.messages();
        assert_eq!(entries.len(), mails.len(), "{entries:#?}");
        for mail in mails {
            let entry = entries
                .iter()
                .find(|entry| entry.message_id == mail.message_id);
            let entry = entry.unwrap_or_else(|| panic!("{} did not arrive", mail.message_id));
            assert_eq!(
                entry.content_sha256, mail.sha256,
                "{} was altered",
                mail.message_id
            );
        }
        entries
    }

    /// A message of the log, once there is one in this state.
    pub(crate) fn logged(&self, state: &str) -> Value {
        eventually(&format!("a message that is {state}"), || {
            let items = self.ctl.items("log search")?;
            Ok(items.into_iter().find(|message| message["state"] == state))
        })
        .unwrap()
    }

    /// What relayctl tells of a message, once that text is in it.
    pub(crate) fn traced(&self, id: &str, text: &str) -> String {
        let mut last = String::new();
        let traced = eventually(&format!("{text} in the trace"), || {
            last = self.ctl.ok(&format!("log trace {id} -o json"))?;
            Ok(last.contains(text).then(|| last.clone()))
        });
        traced.unwrap_or_else(|error| panic!("{error}: {last}"))
    }

    /// `log rejects` has an entry with this reason.
    pub(crate) fn rejected(&self, reason: &str) -> Value {
        let operator = self.relayd.ctl().unwrap();
        eventually(&format!("{reason} in log rejects"), || {
            let items = operator.items("log rejects")?;
            Ok(items.into_iter().find(|reject| reject["reason"] == reason))
        })
        .unwrap()
    }

    /// Nothing waits, and nothing came in at the other side.
    pub(crate) fn nothing_sent(&self) {
        assert!(self.simulator.messages().is_empty());
        assert_eq!(self.ctl.items("log search").unwrap(), Vec::<Value>::new());
        let summary = self.ctl.json("queue summary").unwrap();
        assert_eq!(summary["depth"], 0, "{summary}");
    }

    /// The only lane, once it is in this state.
    pub(crate) fn lane(&self, state: &str) -> Value {
        eventually(&format!("a lane that is {state}"), || {
            let summary = self.ctl.json("queue summary")?;
            let lanes = summary["lanes"].as_array().cloned().unwrap_or_default();
            Ok(lanes.into_iter().find(|lane| lane["state"] == state))
        })
        .unwrap()
    }
}

impl Builder {
    /// Changes the configuration of relayd.
    pub(crate) fn config(mut self, change: impl FnOnce(Config) -> Config + Send + 'static) -> Self {
        self.config = Box::new(change);
        self
    }

    /// Changes the stand-in.
    pub(crate) fn sim(mut self, change: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        self.sim = Box::new(change);
        self
    }

    /// Another store than SQLite.
    pub(crate) fn store(mut self, url: &str) -> Self {
        self.store = Some(url.to_owned());
        self
    }

    /// Changes what all plans allow: assignments of SQL.
    pub(crate) fn plans(mut self, assignments: &str) -> Self {
        self.plans = Some(assignments.to_owned());
        self
    }

    /// A command that becomes relayd, given the folder of the world.
    pub(crate) fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Connections of the route.
    pub(crate) fn connections(mut self, connections: u16) -> Self {
        self.connections = connections;
        self
    }

    pub(crate) async fn build(self) -> World {
        let folder = TempDir::new().unwrap();
        let simulator = start_simulator(folder.path(), self.sim).await;
        let mut config = (self.config)(Config::in_folder(folder.path()));
        if let Some(url) = &self.store {
            config = config.store(url);
        }
        let relayd = Relayd::start_under(&self.wrapper, folder.path(), &config).unwrap();
        let database = relayd.state_dir().join("relayd.db");
        let store = self
            .store
            .unwrap_or_else(|| format!("sqlite:{}", database.display()));
        if let Some(assignments) = &self.plans {
            change_plans(&store, assignments).await.unwrap();
        }
        let ca_file = simulator.ca_file();
        let customer = Customer {
            plan: self.plan,
            connections: self.connections,
            ..Customer::acme(simulator.address(), &ca_file)
        };
        let ctl = customer.create(&relayd).unwrap();
        let user = UserAccess::with_system(&ctl, "scanner", SENDER).unwrap();
        World {
            relayd,
            simulator,
            ctl,
            user,
            store,
            folder,
        }
    }
}

async fn start_simulator(folder: &Path, change: impl FnOnce(&mut Settings)) -> Simulator {
    let mut settings = Settings::in_folder(folder.join("exchange"));
    settings.mailboxes = vec![("relay@acme.example".to_owned(), "mailbox-secret".to_owned())];
    change(&mut settings);
    Simulator::start(settings).await.unwrap()
}
