//! `relayctl token list`

use relay_proto::{ListTokens, Nothing, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::error::Failure;
use crate::session::Session;

/// List the operator tokens
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl token list")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let tokens = session.client()?.list::<ListTokens, _>(
            &Nothing {},
            &PageQuery::default(),
            &self.part,
        )?;
        session.out.list(&tokens, &VIEW)
    }
}
