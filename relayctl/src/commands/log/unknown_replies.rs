//! `relayctl log unknown-replies`

use relay_proto::{ListUnknownReplies, Nothing, UnknownReply};

use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List replies of other servers that relayd does not know and judged by their first digit
///
/// Addresses, ids and numbers are left out, so that the same reply is counted once. A reply that is
/// judged wrongly is worth a report to the makers of relayd.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl log unknown-replies
  relayctl log unknown-replies -o json")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

static VIEW: View<UnknownReply> = View {
    columns: &[
        column("reply", Rank::Key, |it| Cell::text(&it.reply)),
        column("verdict", Rank::Key, |it| Cell::text(&it.verdict)),
        column("count", Rank::Column(9), |it| Cell::count(it.count)),
        column("last_at", Rank::Column(8), |it| Cell::Time(it.last_at)),
        column("message", Rank::Column(7), |it| Cell::text(&it.message)),
        column("first_at", Rank::Column(6), |it| Cell::Time(it.first_at)),
    ],
    name: |it| &it.reply,
    empty: "Every reply so far is one that relayd knows.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = session.client()?;
        let none = Nothing {};
        let replies = client.list::<ListUnknownReplies, _>(&none, &none, &self.part)?;
        session.out.list(&replies, &VIEW)
    }
}
