//! `relayctl log search`

use relay_proto::{LogQuery, MessageState, Nothing, SearchLog};

use super::{Envelope, MESSAGES, Span};
use crate::args::words;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Search the log of messages, newest first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&MESSAGES))]
#[command(after_help = "Examples:
  relayctl log search --since 24h --status failed
  relayctl log search --to @example.net --user scanner --limit 20
  relayctl log search --since 7d -o jsonl")]
pub(crate) struct Args {
    #[command(flatten)]
    query: Query,
    #[command(flatten)]
    part: Part,
}

/// Which messages.
#[derive(Debug, clap::Args)]
pub(super) struct Query {
    #[command(flatten)]
    envelope: Envelope,
    /// Relay user
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// System
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Where the message stands
    #[arg(long, value_name = "STATE", value_parser = words!(MessageState))]
    status: Option<MessageState>,
    #[command(flatten)]
    span: Span,
}

impl Query {
    /// The query as the API takes it.
    pub(super) fn build(self, session: &Session) -> Result<LogQuery, Failure> {
        let (since, until) = self.span.ends(session);
        Ok(LogQuery {
            account: session.named_account()?,
            from: self.envelope.from,
            to: self.envelope.to,
            user: self.user,
            system: self.system,
            status: self.status,
            since,
            until,
            ..LogQuery::default()
        })
    }
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.query.build(session)?;
        let messages = session
            .client()?
            .list::<SearchLog, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&messages, &MESSAGES)
    }
}
