//! The relayd that all dialogues share: accounts in every state, and listeners of every kind.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::harness::{Config, Listener, Relayctl, Relayd, change_plans};

/// Dialogues come from here, each from an address of its own.
const LOOPBACK: &str = "127.0.0.0/8";

/// Relay users of `acme`, with what is special about them.
const USERS: &[(&str, &str)] = &[
    ("scanner", "--sender scanner@acme.example"),
    (
        "erp",
        "--sender erp@acme.example --allow-sender invoices@acme.example",
    ),
    (
        "mover",
        "--sender mover@acme.example --other-sender rewrite",
    ),
    ("idle", "--sender idle@acme.example"),
    ("away", "--sender away@acme.example"),
    ("parked", "--sender parked@acme.example"),
];

/// Accounts beside `acme`: name, plan, what is left out or done at the end.
const OTHERS: &[(&str, &str, &str)] = &[
    ("quick", "starter", ""),
    ("spent", "business", ""),
    ("routeless", "enterprise", "no route"),
    ("barred", "enterprise", "suspend"),
];

/// See the module.
pub struct Stage {
    relayd: Relayd,
    ctl: Relayctl,
}

impl Stage {
    /// The password of every relay user.
    pub const PASSWORD: &str = "correct-horse-7391";

    /// Starts relayd in `folder` and sets all accounts up.
    pub async fn build(folder: &Path) -> Result<Self> {
        let config = Config::in_folder(folder)
            .message_size("64 KiB")
            .listener(Listener::new("clear", "none").plaintext_auth_from(LOOPBACK))
            .listener(Listener::new("deaf", "none"));
        let relayd = Relayd::start(folder, &config)?;
        let url = format!("sqlite:{}", relayd.state_dir().join("relayd.db").display());
        for (plan, limits) in [
            (
                "enterprise",
                "messages_per_minute = 100000, messages_per_day = 100000",
            ),
            ("starter", "messages_per_minute = 2"),
            ("business", "messages_per_day = 2"),
        ] {
            let assignments = format!(
                "{limits}, recipients_per_message = 5, message_size = 10000 WHERE name = '{plan}'"
            );
            change_plans(&url, &assignments).await?;
        }
        let stage = Self {
            ctl: relayd.ctl()?,
            relayd,
        };
        stage.set_up_acme()?;
        for (name, plan, special) in OTHERS {
            stage.set_up(name, plan, special)?;
        }
        Ok(stage)
    }

    fn set_up_acme(&self) -> Result<()> {
        let ctl = self.account("acme", "enterprise")?;
        ctl.ok("route set --kind capture --yes")?;
        for (name, flags) in USERS {
            let address = match *name {
                "away" => "192.0.2.0/24",
                _ => LOOPBACK,
            };
            add_user(&ctl, name, flags, address)?;
        }
        ctl.ok("user suspend idle --yes")?;
        ctl.ok("system edit parked-device --state suspended --yes")?;
        Ok(())
    }

    fn set_up(&self, name: &str, plan: &str, special: &str) -> Result<()> {
        let ctl = self.account(name, plan)?;
        if special != "no route" {
            ctl.ok("route set --kind capture --yes")?;
        }
        let flags = format!("--sender {name}@{name}.example");
        add_user(&ctl, name, &flags, LOOPBACK)?;
        if special == "suspend" {
            self.ctl.ok(&format!("account suspend {name} --yes"))?;
        }
        Ok(())
    }

    /// Creates an active account with a plan.
    fn account(&self, name: &str, plan: &str) -> Result<Relayctl> {
        let ctl = &self.ctl;
        ctl.ok(&format!(
            "account create {name} --kind company --company {name} --email ops@{name}.example"
        ))?;
        ctl.ok(&format!("account verify {name} --yes"))?;
        ctl.ok(&format!("account activate {name}"))?;
        let ctl = ctl.clone().account(name);
        ctl.ok(&format!("subscription start --plan {plan}"))?;
        Ok(ctl)
    }

    /// Where a listener is.
    pub fn listener(&self, name: &str) -> Result<SocketAddr> {
        self.relayd.listener(name)
    }

    /// Where the mail of all accounts is kept.
    pub fn captured(&self) -> PathBuf {
        self.relayd.state_dir().join("capture")
    }

    /// Every refusal in the log, oldest first: the client's address and the reason.
    pub(super) fn rejects(&self) -> Result<Vec<(IpAddr, String)>> {
        let mut rejects = Vec::new();
        for item in self.ctl.items("log rejects")?.iter().rev() {
            let text = |name: &str| item[name].as_str().context("a text");
            rejects.push((text("client")?.parse()?, text("reason")?.to_owned()));
        }
        Ok(rejects)
    }
}

/// A relay user with the password of all, and a system for it.
fn add_user(ctl: &Relayctl, name: &str, flags: &str, address: &str) -> Result<()> {
    let arguments = format!("user create {name} {flags} --password-stdin");
    let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
    ctl.run_with(&words, Stage::PASSWORD)?
        .succeeded(&arguments)?;
    ctl.ok(&format!(
        "system add {name}-device --address {address} --user {name}"
    ))?;
    Ok(())
}
