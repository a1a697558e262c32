//! `relayctl auth totp show`

use relay_proto::{AccountPath, Nothing, SecondFactor, ShowSecondFactor};

use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Show whether sign-in asks for a code, and how many recovery codes are left
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl auth totp show")]
pub(crate) struct Args {}

static VIEW: View<SecondFactor> = View {
    columns: &[
        column("enabled", Rank::Key, |it| Cell::YesNo(it.enabled)),
        column("enabled_at", Rank::Column(9), |it| {
            Cell::maybe(it.enabled_at, Cell::Time)
        }),
        column("recovery_codes_left", Rank::Column(8), |it| {
            Cell::count(it.recovery_codes_left)
        }),
    ],
    name: |it| if it.enabled { "enabled" } else { "disabled" },
    empty: "",
};

#[expect(clippy::unused_self, reason = "every verb runs itself")]
impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let client = session.client()?;
        let answer = client.call::<ShowSecondFactor>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
