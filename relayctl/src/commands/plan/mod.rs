//! `relayctl plan`: what a subscription allows.

mod list;
mod show;

use relay_proto::Plan;

use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

super::verbs! {
    /// Plans.
    Verb { List(list::Args), Show(show::Args) }
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
        column("id", Rank::Wide, |plan| Cell::text(&plan.id)),
    ],
    name: |plan| &plan.name,
    empty: "There are no plans.",
};
