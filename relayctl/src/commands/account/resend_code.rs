//! `relayctl account resend-code`

use relay_proto::{AccountPath, Nothing, ResendCode};

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Send another code to the contact e-mail; the one before it is void
///
/// At most one a minute and five an hour.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account resend-code acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        // A token that relayd does not know any more must not stand in the way.
        session.role()?;
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        session.client()?.call::<ResendCode>(&path, &Nothing {})?;
        let name = &path.account;
        session.out.sentence(&format!(
            "If account {name} waits for a code, one is on its way."
        ))?;
        session
            .out
            .next(&format!("relayctl account verify {name} --code CODE"));
        Ok(())
    }
}
