//! `relayctl system list`

use relay_proto::{AccountPath, ListSystems, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the systems of an account
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl system list\n  relayctl system list -o tsv --columns name,address"
)]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let systems =
            session
                .client()?
                .list::<ListSystems, _>(&path, &PageQuery::default(), &self.part)?;
        session.out.list(&systems, &VIEW)
    }
}
