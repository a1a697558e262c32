//! `relayctl account reject`

use relay_proto::{AccountPath, RejectAccount, Rejection};

use super::{Name, VIEW};
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Reject an account that waits for activation, for good (operator)
///
/// The customer is told why, by mail where there is a way for it. Asks for confirmation, or takes
/// --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account reject acme --reason 'no contract' --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Why, for the customer
    #[arg(long, value_name = "TEXT", env = "RELAYCTL_REASON", hide_env = true)]
    reason: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut form = Form::new(&session.prompts);
        let reason = form.required("--reason", "Reason", self.reason, check::anything)?;
        form.finish("relayctl account reject NAME --reason TEXT --yes")?;
        let account = self.name.resolve(session)?;
        session.confirm(&format!("rejecting account {account} ends it for good"))?;
        let path = AccountPath { account };
        let client = session.client()?;
        let answer = client.call::<RejectAccount>(&path, &Rejection { reason })?;
        let sentence = format!("Account {} was rejected.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
