//! `relayctl log trace`

use std::time::Duration;

use relay_proto::{FoundBy, Nothing, Trace, TraceMessages, TraceQuery};

use super::follow;
use super::story::Teller;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::{Cell, harmless};
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

/// relayd gives no more traces than this.
const MOST: usize = 10;
/// How long --follow goes on when --timeout does not say.
const PATIENCE: Duration = Duration::from_mins(10);

/// Tell the story of a mail, from the device's EHLO to the last word of the other side
///
/// Each event with its time and how long after the mail it came, the literal reply, and what
/// follows; last, what happens next and when, or which command ends the wait. With --follow it goes
/// on until the mail is delivered (exit code 0), given up or held (9), or until --timeout is over
/// (8; ten minutes when not given).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log trace 06bq3k8zv1h4wcn2x9tg
  relayctl log trace 06bq3k8z --follow
  relayctl log trace '<20261121204107.1@acme.example>'")]
pub(crate) struct Args {
    /// Queue id or its beginning, Message-ID, or the id that the other side gave
    #[arg(value_name = "ID", add = complete::messages())]
    key: String,
    /// Go on until it is delivered, given up or held, or until --timeout is over
    #[arg(long)]
    follow: bool,
}

static VIEW: View<Trace> = View {
    columns: &[
        column("id", Rank::Key, |it| Cell::text(&it.message.id)),
        column("state", Rank::Column(9), |it| {
            Cell::text(it.message.state.as_str())
        }),
        column("sender", Rank::Column(8), |it| {
            Cell::text(&it.message.sender)
        }),
        column("recipients", Rank::Column(7), |it| {
            Cell::List(
                it.recipients
                    .iter()
                    .map(|recipient| recipient.address.clone())
                    .collect(),
            )
        }),
        column("last_reply", Rank::Text(5), |it| {
            Cell::text(&it.message.last_reply)
        }),
    ],
    name: |it| &it.message.id,
    empty: "There is no such message.",
};

/// Says on stderr when the key was no whole name of the message, and what else it could mean.
/// Gives whether more than one message is meant.
fn say_how_found(session: &Session, key: &str, traces: &[Trace]) -> bool {
    let how = match traces.first().and_then(|trace| trace.found_by) {
        Some(FoundBy::QueueIdPrefix) => "as the beginning of a queue id",
        Some(FoundBy::Reply) => "in a reply of the other side, not as an id of ours",
        Some(FoundBy::QueueId | FoundBy::MessageId) | None => return false,
    };
    let ids: Vec<_> = traces
        .iter()
        .map(|trace| trace.message.id.as_str())
        .collect();
    let several = if ids.len() > 1 {
        let most = if ids.len() == MOST { "at least " } else { "" };
        format!(" of {most}{} messages: {}", ids.len(), ids.join(", "))
    } else {
        String::new()
    };
    let key = harmless(key);
    session.out.note(&format!("Found {key} {how}{several}."));
    ids.len() > 1
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query_key = self.key.clone();
        let query = TraceQuery {
            key: self.key,
            account: session.named_account()?,
        };
        let traces =
            session
                .client()?
                .list::<TraceMessages, _>(&Nothing {}, &query, &Part::default())?;
        let is_unsure = say_how_found(session, &query_key, &traces.items);
        if self.follow
            && let [only] = traces.items.as_slice()
        {
            let patience = session.patience().unwrap_or(PATIENCE);
            let client = session.waiting_client(patience)?;
            return follow::to_the_end(session, &client, &only.message.id, patience);
        }
        match session.out.format {
            Format::Table | Format::Wide if is_unsure => session.out.rows(&traces.items, &VIEW),
            Format::Table | Format::Wide => {
                let teller = Teller::of(&session.out);
                let blocks: Vec<_> = traces
                    .items
                    .iter()
                    .map(|trace| teller.story(trace))
                    .collect();
                session.out.block(&blocks.join("\n"))
            }
            _ => session.out.list(&traces, &VIEW),
        }
    }
}
