//! `relayctl context list`

use super::{Row, VIEW};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the contexts
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl context list")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (_, config) = session.config()?;
        let rows: Vec<_> = config
            .context
            .iter()
            .map(|(name, context)| Row::of(name, &config, context))
            .collect();
        session.out.own_rows(&rows, &VIEW)
    }
}
