//! `relayctl auth totp recovery-codes`

use relay_proto::{AccountPath, RenewRecoveryCodes, TotpCode};

use super::{Code, show_codes};
use crate::error::Failure;
use crate::session::Session;

/// Make new recovery codes; those from before are void
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth totp recovery-codes
  relayctl auth totp recovery-codes --totp-code 123456 -o json")]
pub(crate) struct Args {
    #[command(flatten)]
    code: Code,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let example = "relayctl auth totp recovery-codes --totp-code CODE";
        let code = self.code.or_asked(session, example)?;
        let client = session.client()?;
        let answer = client.call::<RenewRecoveryCodes>(&path, &TotpCode { code })?;
        show_codes(session, &answer, "Those from before are void.")
    }
}
