//! `relayctl subscription show`

use relay_proto::{AccountPath, Nothing, ShowSubscription};

use super::VIEW;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show the subscription of an account
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl subscription show --account acme")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let answer = session
            .client()?
            .call::<ShowSubscription>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
