//! `relayctl subscription history`

use relay_proto::{AccountPath, ListSubscriptions, PageQuery, SubscriptionPeriod};

use super::by;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List the plans that an account has had, newest first, and by whom each began and ended
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl subscription history --account acme")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let periods = session.client()?.list::<ListSubscriptions, _>(
            &path,
            &PageQuery::default(),
            &self.part,
        )?;
        session.out.list(&periods, &VIEW)
    }
}

static VIEW: View<SubscriptionPeriod> = View {
    columns: &[
        column("plan", Rank::Key, |it| Cell::text(&it.plan)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("started_at", Rank::Column(8), |it| {
            Cell::Time(it.started_at)
        }),
        column("started_by", Rank::Column(5), |it| {
            by(it.started_by.as_ref())
        }),
        column("ended_at", Rank::Column(7), |it| {
            Cell::maybe(it.ended_at, Cell::Time)
        }),
        column("ended_by", Rank::Column(4), |it| by(it.ended_by.as_ref())),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.plan,
    empty: "The account never had a plan. Next: relayctl subscription start --plan NAME",
};
