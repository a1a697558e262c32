//! `relayctl route remove`

use relay_proto::{AccountPath, Nothing, RemoveRoute};

use super::set::{current, way};
use super::{Which, view};
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Remove the fallback of an account, with its history and secrets
///
/// The first route of an account cannot be removed, only set anew. Affects live mail: asks for
/// confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl route remove --fallback --account acme --yes")]
pub(crate) struct Args {
    /// The fallback: nothing else can be removed
    #[arg(long, required = true)]
    fallback: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let which = Which {
            fallback: self.fallback,
        };
        let account = session.account()?;
        let present = current(session, &account, which)?.ok_or_else(|| {
            Failure::new(
                Exit::NotFound,
                "not-found",
                format!("account {account} has no fallback"),
            )
        })?;
        let route = &present.value;
        let server = view::server(&route.server, route.mx_of.as_deref());
        session.confirm(&format!(
            "the mail of account {account} then waits while its route is held or out of reach, \
             instead of leaving by {}",
            way(route.kind, &server)
        ))?;
        let path = AccountPath {
            account: account.clone(),
        };
        let (client, query) = (session.client()?, which.query());
        client.call_with::<RemoveRoute>(&path, &query, &Nothing {}, present.etag)?;
        session
            .out
            .sentence(&format!("The fallback of account {account} is removed."))
    }
}
