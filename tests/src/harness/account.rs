//! An account that is ready to send, set up through relayctl step by step.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::AnyConnection;

use super::{Relayctl, Relayd};

/// What is needed to set an account up.
#[derive(Debug, Clone)]
pub struct Customer<'a> {
    /// Name of the account.
    pub name: &'a str,
    /// Its plan.
    pub plan: &'a str,
    /// The server its mail goes to, and what to trust there.
    pub upstream: SocketAddr,
    /// Certificate of the server's authority.
    pub ca_file: &'a Path,
    /// Password of its mailbox there.
    pub password: &'a str,
    /// Connections that its route may open.
    pub connections: u16,
}

/// What a device signs in with.
#[derive(Debug, Clone)]
pub struct UserAccess {
    /// User name.
    pub username: String,
    /// Password, shown once.
    pub password: String,
    /// Sender address.
    pub sender: String,
}

impl<'a> Customer<'a> {
    /// `acme` on the largest plan.
    pub fn acme(upstream: SocketAddr, ca_file: &'a Path) -> Self {
        Self {
            name: "acme",
            plan: "enterprise",
            upstream,
            ca_file,
            password: "mailbox-secret",
            connections: 3,
        }
    }

    /// Account, activation, subscription, route. Gives a relayctl that acts for the account.
    pub fn create(&self, relayd: &Relayd) -> Result<Relayctl> {
        let ctl = relayd.ctl()?;
        let name = self.name;
        ctl.ok(&format!(
            "account create {name} --kind company --company {name} --email ops@{name}.example"
        ))?;
        ctl.ok(&format!("account verify {name} --yes"))?;
        ctl.ok(&format!("account activate {name}"))?;
        let ctl = ctl.account(name);
        ctl.ok(&format!("subscription start --plan {}", self.plan))?;
        self.set_route(&ctl)?;
        Ok(ctl)
    }

    /// Sets the route; relayd probes it before it is put in force.
    pub fn set_route(&self, ctl: &Relayctl) -> Result<()> {
        let arguments = format!(
            "route set --kind smarthost --server localhost --port {} --mailbox relay@{}.example \
             --password-stdin --server-ca {} --connections {} --yes",
            self.upstream.port(),
            self.name,
            self.ca_file.display(),
            self.connections,
        );
        let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
        ctl.run_with(&words, self.password)?.succeeded(&arguments)?;
        Ok(())
    }
}

impl UserAccess {
    /// Creates a relay user with a generated password.
    pub fn create(ctl: &Relayctl, name: &str, sender: &str) -> Result<Self> {
        let made = ctl.json(&format!("user create {name} --sender {sender} --generate"))?;
        let text = |field: &str| find_text(&made, field).with_context(|| format!("no {field}"));
        Ok(Self {
            username: text("username")?,
            password: text("password")?,
            sender: sender.to_owned(),
        })
    }

    /// Creates a relay user, and a system on the loopback address for it.
    pub fn with_system(ctl: &Relayctl, name: &str, sender: &str) -> Result<Self> {
        let access = Self::create(ctl, name, sender)?;
        ctl.ok(&format!(
            "system add {name}-device --address 127.0.0.1/32 --user {name}"
        ))?;
        Ok(access)
    }
}

/// The first text field of that name, at whatever depth.
fn find_text(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(fields) => match fields.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            _ => fields.values().find_map(|value| find_text(value, name)),
        },
        Value::Array(items) => items.iter().find_map(|value| find_text(value, name)),
        _ => None,
    }
}

/// Raises what all plans allow far beyond what a benchmark needs.
pub async fn lift_limits(store_url: &str) -> Result<()> {
    change_plans(
        store_url,
        "messages_per_minute = 10000000, messages_per_day = 100000000, \
         recipients_per_day = 100000000, message_size = 104857600",
    )
    .await
}

/// Gives all plans other limits; `assignments` is SQL.
///
/// Beyond what the API takes, and all plans at once: this writes to the store. Call it before the
/// account signs in for the first time: relayd may remember the limits of those that did.
pub async fn change_plans(store_url: &str, assignments: &str) -> Result<()> {
    use sqlx::{AssertSqlSafe, Connection};
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(store_url)
        .await
        .context("opening the store")?;
    let statement = format!("UPDATE plans SET {assignments}");
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}
