//! `relayctl domain list`

use relay_proto::{AccountPath, ListDomains, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the sender domains of an account
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl domain list\n  relayctl domain list -o tsv --columns name,state,record_name,record_value"
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
        let domains =
            session
                .client()?
                .list::<ListDomains, _>(&path, &PageQuery::default(), &self.part)?;
        session.out.list(&domains, &VIEW)
    }
}
