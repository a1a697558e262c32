//! `relayctl queue`: mail that has not left yet.

mod delete;
mod hold;
mod list;
mod release;
mod retry;
mod selector;
mod show;
mod summary;

use relay_proto::{Lane, QueueChange};

use super::counted;
use crate::client::Answer;
use crate::error::{Exit, Failure};
use crate::output::cell::Cell;
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// The queue.
    Verb {
        Summary(summary::Args),
        List(list::Args),
        Show(show::Args),
        Retry(retry::Args),
        Hold(hold::Args),
        Release(release::Args),
        #[command(visible_alias = "cancel")]
        Delete(delete::Args),
    }
}

static LANES: View<Lane> = View {
    columns: &[
        column("account", Rank::Key, |it| Cell::text(&it.account)),
        column("state", Rank::Key, |it| Cell::text(it.state.as_str())),
        column("waiting", Rank::Column(9), |it| Cell::count(it.depth)),
        column("held", Rank::Column(8), |it| Cell::count(it.held)),
        column("oldest_at", Rank::Column(7), |it| {
            Cell::maybe(it.oldest_at, Cell::Time)
        }),
        column("next_due_at", Rank::Column(4), |it| {
            Cell::maybe(it.next_due_at, Cell::Time)
        }),
        column("why", Rank::Text(6), |it| Cell::text(why(it))),
        column("kind", Rank::Column(3), |it| Cell::text(it.kind.as_str())),
        column("server", Rank::Column(2), |it| Cell::text(&it.server)),
        column("connections", Rank::Wide, |it| Cell::count(it.connections)),
        column("route", Rank::Wide, |it| Cell::text(&it.route)),
    ],
    name: |it| &it.account,
    empty: "There are no lanes: no account has a route yet.",
};

fn why(lane: &Lane) -> String {
    match &lane.hold {
        Some(hold) => format!("{}: {}", hold.reason, hold.detail),
        None => lane.why.clone(),
    }
}

static CHANGE: View<QueueChange> = View {
    columns: &[
        column("matched", Rank::Key, |it| Cell::count(it.matched)),
        column("changed", Rank::Key, |it| Cell::count(it.changed)),
        column("skipped", Rank::Key, |it| Cell::List(it.skipped.clone())),
    ],
    name: |_| "queue",
    empty: "",
};

/// Prints what came of a bulk action; 10 when some of the ids that were given were skipped.
fn report(
    session: &Session,
    answer: &Answer<QueueChange>,
    done: &str,
    dry_run: bool,
) -> Result<(), Failure> {
    report_with(session, answer, done, dry_run, &[])
}

/// The same, with more for people to know.
fn report_with(
    session: &Session,
    answer: &Answer<QueueChange>,
    done: &str,
    dry_run: bool,
    further: &[String],
) -> Result<(), Failure> {
    let change = &answer.value;
    if change.matched == 0 && !change.skipped.is_empty() {
        return Err(Failure::new(
            Exit::NotFound,
            "not-in-queue",
            "none of these messages is in the queue in a fitting state",
        )
        .cause([&[change.skipped.join(", ")], further].concat().join("\n"))
        .hint("relayctl queue list shows what waits; relayctl log trace ID tells of the rest"));
    }
    let sentence = if change.matched == 0 {
        "No message matches; nothing was changed.".to_owned()
    } else if dry_run {
        format!(
            "{} would be {done}; nothing was changed.",
            messages(change.matched)
        )
    } else {
        format!("{} {done}.", messages(change.changed))
    };
    match session.out.format {
        Format::Name => {}
        _ => session.out.changed(answer, &CHANGE, &sentence)?,
    }
    for line in further {
        session.out.sentence(line)?;
    }
    if change.skipped.is_empty() {
        return Ok(());
    }
    let skipped = change.skipped.join(", ");
    Err(Failure::new(
        Exit::Partly,
        "partly-done",
        format!("{} skipped", messages(change.skipped.len() as u64)),
    )
    .cause(format!(
        "not in the queue, or not in a fitting state: {skipped}"
    ))
    .hint("relayctl log trace ID tells what became of each"))
}

pub(super) fn messages(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "message")
}
