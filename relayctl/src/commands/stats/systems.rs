//! `relayctl stats systems`

use relay_proto::{ListSystemStats, SystemStats};

use super::picture::Picture;
use super::report::rows;
use super::{Show, Span, sent};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::View;
use crate::session::Session;

/// What each system sent, most first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats systems --since 7d\n  relayctl stats systems --account acme --system erp-prod --by hour\n  relayctl stats systems --by hour --chart"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    show: Show,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<SystemStats> = View {
    columns: sent::columns!(system),
    name: |it| it.system.as_deref().unwrap_or("-"),
    empty: "No system sent anything in this time.",
};

static PICTURE: Picture<SystemStats> = sent::picture!("Accepted messages by system", system);

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let asked = (&self.span, &self.show, &self.part);
        rows::<ListSystemStats, _>(session, asked, &VIEW, &PICTURE)
    }
}
