//! `relayctl auth status`

use relay_proto::{Caller, Nothing, ShowCaller};
use serde::Serialize;

use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Format, Rank, View, column};
use crate::session::Session;
use crate::tokens;

/// Show as whom relayd is spoken to, for how long, and where the token is kept
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl auth status")]
pub(crate) struct Args {}

/// What relayd says of the caller, and where the token comes from.
#[derive(Debug, Serialize)]
struct Status {
    #[serde(flatten)]
    caller: Caller,
    /// A keyring, a file, or a variable; nothing where no token is needed.
    kept_in: Option<String>,
}

static VIEW: View<Status> = View {
    columns: &[
        column("role", Rank::Key, |it| Cell::text(it.caller.role.as_str())),
        column("account", Rank::Column(9), |it| {
            Cell::maybe(it.caller.account.as_ref(), Cell::text)
        }),
        column("token", Rank::Column(8), |it| {
            Cell::maybe(it.caller.token.as_ref(), Cell::text)
        }),
        column("read_only", Rank::Column(7), |it| {
            Cell::YesNo(it.caller.read_only)
        }),
        column("expires_at", Rank::Column(6), |it| {
            Cell::maybe(it.caller.expires_at, Cell::Time)
        }),
        column("kept_in", Rank::Column(5), |it| {
            Cell::maybe(it.kept_in.as_ref(), Cell::text)
        }),
    ],
    name: |it| it.caller.role.as_str(),
    empty: "Nobody is signed in.",
};

#[expect(clippy::unused_self, reason = "every verb runs itself")]
impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = session.client()?;
        let answer = client.call::<ShowCaller>(&Nothing {}, &Nothing {})?;
        let place = tokens::place(&session.environment, &session.target()?)?;
        let status = Status {
            caller: answer.value,
            kept_in: place.map(|place| place.to_string()),
        };
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.own_json(&status),
            _ => session.out.record(&status, &VIEW),
        }
    }
}
