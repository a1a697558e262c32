//! `relayctl plan`: what a subscription allows.

mod create;
mod delete;
mod difference;
mod edit;
mod limits;
mod list;
mod offer;
mod retire;
mod show;

use relay_proto::{Plan, PlanPath};

pub(super) use self::difference::{Difference, differences, told};

use crate::complete;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

super::verbs! {
    /// Plans.
    Verb {
        List(list::Args),
        Show(show::Args),
        Create(create::Args),
        Edit(edit::Args),
        Retire(retire::Args),
        Offer(offer::Args),
        Delete(delete::Args),
    }
}

/// Names the plan to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name or id of the plan
    #[arg(value_name = "PLAN", add = complete::plans())]
    plan: String,
}

impl Name {
    fn path(self) -> PlanPath {
        PlanPath { plan: self.plan }
    }
}

static VIEW: View<Plan> = View {
    columns: &[
        column("name", Rank::Key, |plan| Cell::text(&plan.name)),
        column("relay_users", Rank::Column(9), |plan| {
            Cell::count(plan.relay_users)
        }),
        column("per_minute", Rank::Column(6), |plan| {
            Cell::count(plan.messages_per_minute)
        }),
        column("per_day", Rank::Column(8), |plan| {
            Cell::count(plan.messages_per_day)
        }),
        column("recipients_per_day", Rank::Column(4), |plan| {
            Cell::count(plan.recipients_per_day)
        }),
        column("recipients_per_message", Rank::Wide, |plan| {
            Cell::count(plan.recipients_per_message)
        }),
        column("message_size", Rank::Column(7), |plan| {
            Cell::Bytes(plan.message_size)
        }),
        column("state", Rank::Column(5), |plan| {
            Cell::text(plan.state.as_str())
        }),
        column("subscribers", Rank::Column(3), |plan| {
            Cell::maybe(plan.subscribers, Cell::count)
        }),
        column("id", Rank::Wide, |plan| Cell::text(&plan.id)),
    ],
    name: |plan| &plan.name,
    empty: "There are no plans.",
};
