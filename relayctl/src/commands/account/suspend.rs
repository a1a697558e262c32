//! `relayctl account suspend`

use relay_proto::{AccountPath, ListRelayUsers, ListSystems, Nothing, PageQuery, SuspendAccount};

use super::{Name, VIEW};
use crate::client::Part;
use crate::commands::counted;
use crate::error::Failure;
use crate::session::Session;

/// Stop an account: no sign-in, no mail, until it is resumed (operator)
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account suspend acme --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = self.name.resolve(session)?;
        let path = AccountPath {
            account: account.clone(),
        };
        let client = session.client()?;
        let first = PageQuery::default();
        let users = client
            .list::<ListRelayUsers, _>(&path, &first, &Part::default())?
            .items
            .len();
        let systems = client
            .list::<ListSystems, _>(&path, &first, &Part::default())?
            .items
            .len();
        session.confirm(&format!(
            "suspending account {account} stops the mail of {} and {}",
            counted(users, "relay user"),
            counted(systems, "system"),
        ))?;
        let answer = client.call::<SuspendAccount>(&path, &Nothing {})?;
        let sentence = format!("Account {} was suspended.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)?;
        session
            .out
            .next(&format!("relayctl account resume {}", answer.value.name));
        Ok(())
    }
}
