//! The kinds of routes, each with the other side that it needs.

use std::path::Path;

use anyhow::Result;
use relay_tests::sim::{Settings, Simulator};
use serde_json::{Value, json};

const PASSWORD: &str = "mailbox-secret";

/// A kind of route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `smtp-auth`.
    SmtpAuth,
    /// `smarthost`.
    Smarthost,
}

impl Way {
    pub(super) const ALL: &[Self] = &[Self::SmtpAuth, Self::Smarthost];

    /// The stand-in for one case.
    pub(super) async fn start(self, folder: &Path, mailbox: &str) -> Result<Simulator> {
        let mut settings = Settings::in_folder(folder);
        settings.mailboxes = vec![(mailbox.to_owned(), PASSWORD.to_owned())];
        Simulator::start(settings).await
    }

    /// What the route is set to.
    pub(super) fn route(self, simulator: &Simulator, mailbox: &str) -> Result<Value> {
        let kind = match self {
            Self::SmtpAuth => "smtp-auth",
            Self::Smarthost => "smarthost",
        };
        Ok(json!({
            "kind": kind,
            "server": "localhost",
            "port": simulator.address().port(),
            "mailbox": mailbox,
            "password": PASSWORD,
            "ca_pem": std::fs::read_to_string(simulator.ca_file())?,
        }))
    }
}
