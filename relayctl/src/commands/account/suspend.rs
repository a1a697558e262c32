//! `relayctl account suspend`

use relay_proto::{AccountPath, SuspendAccount, Suspending};

use super::{Name, VIEW, stock};
use crate::error::Failure;
use crate::session::Session;

/// Stop an account until it is resumed: its mail is refused, its queue waits
///
/// Devices are refused with the reason that is given, and the customer reads it, too. What the
/// operator suspends only the operator resumes, and its owner cannot sign in meanwhile. Affects live
/// mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  relayctl account suspend acme --reason 'invoice 17 is open' --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Why: one line for the customer and for the devices, 160 characters at most
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    reason: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = self.name.resolve(session)?;
        let path = AccountPath {
            account: account.clone(),
        };
        let client = session.client()?;
        session.confirm(&format!(
            "suspending account {account} stops the mail of {}",
            stock(session, &path)?
        ))?;
        let why = Suspending {
            reason: self.reason,
        };
        let answer = client.call::<SuspendAccount>(&path, &why)?;
        let sentence = format!("Account {} was suspended.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)?;
        session
            .out
            .next(&format!("relayctl account resume {}", answer.value.name));
        Ok(())
    }
}
