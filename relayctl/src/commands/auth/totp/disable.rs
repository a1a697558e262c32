//! `relayctl auth totp disable`

use relay_proto::{AccountPath, DisableTotp, Nothing, Role, ShowCaller, TotpEnd};

use super::Code;
use crate::error::Failure;
use crate::session::Session;

/// Sign in with the password alone from now on
///
/// The owner gives a code of the app, or a recovery code. The operator need not, and names the
/// account; the owner is told by mail.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth totp disable
  relayctl auth totp disable --totp-code 123456
  relayctl auth totp disable --account acme --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    code: Code,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = session.client()?;
        let caller = client.call::<ShowCaller>(&Nothing {}, &Nothing {})?.value;
        let account = match caller.account {
            Some(account) => account,
            None => session.account()?,
        };
        let code = match caller.role {
            Role::Owner => {
                let example = "relayctl auth totp disable --totp-code CODE";
                Some(self.code.or_asked(session, example)?)
            }
            Role::Operator => {
                session.confirm(&format!(
                    "the password alone will be enough to sign in to account {account}"
                ))?;
                None
            }
        };
        let path = AccountPath { account };
        client.call::<DisableTotp>(&path, &TotpEnd { code })?;
        session.out.sentence(&format!(
            "The second factor of account {} is disabled.",
            path.account
        ))
    }
}
