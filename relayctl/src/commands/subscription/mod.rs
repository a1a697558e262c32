//! `relayctl subscription`: the plan of an account.

mod cancel;
mod change;
pub(super) mod choice;
mod history;
mod show;
mod start;

use relay_proto::{
    AccountPath, ListSubscriptions, PageQuery, Subscription, SubscriptionPeriod, SubscriptionState,
};

use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Subscriptions.
    Verb {
        Start(start::Args),
        Show(show::Args),
        Change(change::Args),
        Cancel(cancel::Args),
        History(history::Args),
    }
}

/// The subscription that an account has now, if any.
fn running(session: &Session, path: &AccountPath) -> Result<Option<SubscriptionPeriod>, Failure> {
    let newest = session.client()?.list::<ListSubscriptions, _>(
        path,
        &PageQuery::default(),
        &Part::first(1),
    )?;
    let newest = newest.items.into_iter().next();
    Ok(newest.filter(|period| period.state == SubscriptionState::Active))
}

static VIEW: View<Subscription> = View {
    columns: &[
        column("account", Rank::Key, |it| Cell::text(&it.account)),
        column("plan", Rank::Key, |it| Cell::text(&it.plan.name)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
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
        column("started_by", Rank::Wide, |it| by(it.started_by.as_ref())),
        column("ended_at", Rank::Wide, |it| {
            Cell::maybe(it.ended_at, Cell::Time)
        }),
        column("ended_by", Rank::Wide, |it| by(it.ended_by.as_ref())),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.plan.name,
    empty: "",
};

/// Who did it, where that is known.
fn by(who: Option<&String>) -> Cell {
    Cell::maybe(who, Cell::text)
}
