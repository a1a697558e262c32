//! `relayctl route show`

use relay_proto::{AccountPath, Nothing, ShowRoute};

use super::VIEW;
use crate::error::Failure;
use crate::session::Session;

/// Show the route of an account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl route show --account acme")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let answer = session.client()?.call::<ShowRoute>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
