//! `relayctl system show`

use relay_proto::{Nothing, ShowSystem};

use super::{Name, VIEW};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show a system
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl system show erp-prod")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let answer = session.client()?.call::<ShowSystem>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
