//! `relayctl domain remove`

use relay_proto::{
    AccountPath, DomainPath, ListRelayUsers, Nothing, PageQuery, RelayUser, RemoveDomain,
    ShowDomain,
};

use super::Name;
use crate::client::Part;
use crate::commands::counted;
use crate::error::Failure;
use crate::session::Session;

/// Remove a domain: its senders are refused from now on
///
/// Cannot be undone, since another proof needs another record: asks for the name, or takes
/// --confirm DOMAIN.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl domain remove acme.example --confirm acme.example")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let client = session.client()?;
        let domain = client.call::<ShowDomain>(&path, &Nothing {})?.value;
        let users = client.list::<ListRelayUsers, _>(
            &AccountPath {
                account: path.account.clone(),
            },
            &PageQuery::default(),
            &Part::default(),
        )?;
        let sending = users.items.iter().filter(|it| sends_from(it, &domain.name));
        session.confirm_for_good(
            &format!(
                "domain {} of account {} will be removed; {} may send from it now",
                domain.name,
                domain.account,
                counted(sending.count(), "relay user")
            ),
            &domain.name,
        )?;
        // By the id: the name may have been registered anew meanwhile.
        let path = DomainPath {
            domain: domain.id,
            ..path
        };
        client.call::<RemoveDomain>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("Domain {} was removed.", domain.name))
    }
}

/// Whether a relay user has a sender in the domain or below it.
fn sends_from(user: &RelayUser, domain: &str) -> bool {
    let lies_in = |address: &String| {
        let Some((_, own)) = address.rsplit_once('@') else {
            return false;
        };
        own.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    lies_in(&user.sender) || user.allowed_senders.iter().any(lies_in)
}
