//! `relayctl queue list`

use std::time::Duration;

use relay_proto::{ListQueue, Nothing, QueueQuery, QueueState};

use crate::args::words;
use crate::client::Part;
use crate::commands::log::MESSAGES;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;
use crate::time::parse_duration;

/// List the messages that have not left, oldest first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&MESSAGES))]
#[command(after_help = "Examples:
  relayctl queue list --state held
  relayctl queue list --older-than 2h -o name | relayctl queue retry - --yes")]
pub(crate) struct Args {
    /// Those of this relay user
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Those of this system
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Those with an envelope sender in this domain
    #[arg(long, value_name = "DOMAIN", add = complete::domains())]
    from_domain: Option<String>,
    /// Those with a recipient in this domain
    #[arg(long, value_name = "DOMAIN")]
    to_domain: Option<String>,
    /// Those accepted longer ago than this: 30m, 2h, 3d
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    older_than: Option<Duration>,
    /// Waiting for an attempt, or stopped by a person
    #[arg(long, value_name = "STATE", value_parser = words!(QueueState))]
    state: Option<QueueState>,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = QueueQuery {
            account: session.named_account()?,
            user: self.user,
            system: self.system,
            from_domain: self.from_domain,
            to_domain: self.to_domain,
            older_than: self.older_than.map(|span| span.as_secs()),
            state: self.state,
            ..QueueQuery::default()
        };
        let messages = session
            .client()?
            .list::<ListQueue, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&messages, &MESSAGES)
    }
}
