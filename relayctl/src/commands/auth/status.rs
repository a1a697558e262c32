//! `relayctl auth status`

use relay_proto::{Caller, Nothing, ShowCaller};

use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Show as whom relayd is spoken to, and for how long
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl auth status")]
pub(crate) struct Args {}

static VIEW: View<Caller> = View {
    columns: &[
        column("role", Rank::Key, |it| Cell::text(it.role.as_str())),
        column("account", Rank::Column(9), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("token", Rank::Column(8), |it| {
            Cell::maybe(it.token.as_ref(), Cell::text)
        }),
        column("read_only", Rank::Column(7), |it| Cell::YesNo(it.read_only)),
        column("expires_at", Rank::Column(6), |it| {
            Cell::maybe(it.expires_at, Cell::Time)
        }),
    ],
    name: |it| it.role.as_str(),
    empty: "Nobody is signed in.",
};

#[expect(clippy::unused_self, reason = "every verb runs itself")]
impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = session.client()?;
        let answer = client.call::<ShowCaller>(&Nothing {}, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
