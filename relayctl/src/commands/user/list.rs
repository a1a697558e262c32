//! `relayctl user list`

use relay_proto::{AccountPath, ListRelayUsers, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the relay users of an account
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl user list --account acme")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let users = session.client()?.list::<ListRelayUsers, _>(
            &path,
            &PageQuery::default(),
            &self.part,
        )?;
        session.out.list(&users, &VIEW)
    }
}
