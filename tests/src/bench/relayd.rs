//! relayd with SQLite on disk, set up through relayctl.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Relay, SENDER, UPSTREAM_CONNECTIONS, Upstream};
use crate::harness::{Config, Customer, Relayd, UserAccess, lift_limits};

/// A running relayd. Dropping it stops it.
pub struct RelaydUnderTest {
    /// How to reach it.
    pub relay: Relay,
    _process: Relayd,
}

impl RelaydUnderTest {
    /// Starts relayd in `folder`, handing all mail over to `upstream`.
    pub fn start(folder: &Path, upstream: &Upstream) -> Result<Self> {
        let process = Relayd::start(folder, &Config::in_folder(folder))?;
        let database = process.state_dir().join("relayd.db");
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(lift_limits(&format!("sqlite:{}", database.display())))
            .context("lifting the limits of the plans")?;
        let ctl = Customer {
            name: "bench",
            connections: UPSTREAM_CONNECTIONS,
            ..Customer::acme(upstream.address, &upstream.ca_file)
        }
        .create(&process)?;
        let access = UserAccess::with_system(&ctl, "scanner", SENDER)?;
        Ok(Self {
            relay: Relay {
                name: "relayd",
                server: process.listener("submission")?,
                credentials: (access.username, access.password),
                tree: process.tree()?,
            },
            _process: process,
        })
    }
}
