//! `relayctl subscription`: the plan of an account.

mod show;
mod start;

use relay_proto::Subscription;

use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

super::verbs! {
    /// Subscriptions.
    Verb { Start(start::Args), Show(show::Args) }
}

static VIEW: View<Subscription> = View {
    columns: &[
        column("account", Rank::Key, |it| Cell::text(&it.account)),
        column("plan", Rank::Key, |it| Cell::text(&it.plan.name)),
        column("relay_users_used", Rank::Column(8), |it| {
            Cell::count(it.relay_users_used)
        }),
        column("relay_users", Rank::Column(8), |it| {
            Cell::count(it.plan.relay_users)
        }),
        column("per_minute", Rank::Column(5), |it| {
            Cell::count(it.plan.messages_per_minute)
        }),
        column("per_day", Rank::Column(5), |it| {
            Cell::count(it.plan.messages_per_day)
        }),
        column("message_size", Rank::Column(5), |it| {
            Cell::Bytes(it.plan.message_size)
        }),
        column("started_at", Rank::Column(3), |it| {
            Cell::Time(it.started_at)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.plan.name,
    empty: "",
};
