//! `relayctl log trace`

use relay_proto::{Nothing, Trace, TraceMessages, TraceQuery};

use super::history;
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

/// Tell the history of a message
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log trace 06bq3k8zv1h4wcn2x9tg
  relayctl log trace '<20261121204107.1@acme.example>'")]
pub(crate) struct Args {
    /// Queue id, Message-ID, or the id that the other side gave
    #[arg(value_name = "ID")]
    key: String,
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

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = TraceQuery {
            key: self.key,
            account: session.named_account()?,
        };
        let traces =
            session
                .client()?
                .list::<TraceMessages, _>(&Nothing {}, &query, &Part::default())?;
        match session.out.format {
            Format::Table | Format::Wide => {
                let blocks: Vec<_> = traces.items.iter().map(history).collect();
                session.out.block(&blocks.join("\n"))
            }
            _ => session.out.list(&traces, &VIEW),
        }
    }
}
