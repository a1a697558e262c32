//! `relayctl auth revoke`

use relay_proto::{
    AccountPath, EndOwnerSession, EndOwnerSessions, EndSessionsQuery, Nothing, OwnerSessionPath,
};

use crate::commands::counted;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// End sessions of the owner of an account: one, all others, or all
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth revoke 019a9b6e-3c5e-7a10-9c51-0f0b2f6a9d11
  relayctl auth revoke --others
  relayctl auth revoke --all --account acme")]
pub(crate) struct Args {
    /// Ids of sessions, as auth sessions lists them
    #[arg(
        value_name = "SESSION",
        add = complete::sessions(),
        required_unless_present_any = ["others", "all"],
        conflicts_with_all = ["others", "all"]
    )]
    sessions: Vec<String>,
    /// All but the one that asks
    #[arg(long, conflicts_with = "all")]
    others: bool,
    /// All of them
    #[arg(long)]
    all: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let client = session.client()?;
        let ended = if self.others || self.all {
            let query = EndSessionsQuery {
                keep_current: self.others,
            };
            let path = AccountPath { account };
            let answer = client.call_with::<EndOwnerSessions>(&path, &query, &Nothing {}, None)?;
            usize::try_from(answer.value.ended).unwrap_or(usize::MAX)
        } else {
            for id in &self.sessions {
                let path = OwnerSessionPath {
                    account: account.clone(),
                    session: id.clone(),
                };
                client.call::<EndOwnerSession>(&path, &Nothing {})?;
            }
            self.sessions.len()
        };
        session
            .out
            .sentence(&format!("{} ended.", counted(ended, "session")))
    }
}
