//! `relayctl auth logout`

use relay_proto::{Nothing, SignOut};

use super::context;
use crate::error::{Exit, Failure};
use crate::session::Session;
use crate::tokens;

/// End the session of the context, on relayd and here
///
/// A token that was kept by --with-token is forgotten here and stays valid; relayctl token revoke
/// ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl auth logout")]
pub(crate) struct Args {}

#[expect(clippy::unused_self, reason = "every verb runs itself")]
impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let context = context(session)?;
        if let Some(name) = tokens::outranked(&session.environment) {
            return Err(Failure::usage(format!("{name} is set and would be used"))
                .hint(format!("unset {name}")));
        }
        let target = session.target()?;
        let kept = session.token(&target)?;
        if kept.is_none() {
            return session
                .out
                .sentence(&format!("Context {context} has no session."));
        }
        let ended = session.client()?.call::<SignOut>(&Nothing {}, &Nothing {});
        match ended {
            Ok(_) => {}
            // It has ended already, with its account perhaps.
            Err(failure) if failure.exit() == Exit::Forbidden => {}
            Err(failure) if failure.code() == "account-not-active" => {}
            Err(failure) if failure.code() == "state-conflict" => session
                .out
                .note("It was a token, and stays valid until it is revoked."),
            Err(failure) => return Err(failure),
        }
        tokens::forget(&session.environment, &target)?;
        session
            .out
            .sentence(&format!("Signed out of context {context}."))
    }
}
