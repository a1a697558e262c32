//! `relayctl log`: what became of each message, and what was refused.

mod export;
pub(super) mod follow;
mod line;
pub(super) mod rejects;
mod search;
pub(super) mod story;
mod tail;
mod trace;
mod unknown_replies;

use jiff::Timestamp;
use relay_proto::Message;

use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;
use crate::time::Moment;

super::verbs! {
    /// The log.
    Verb { Search(search::Args), Tail(tail::Args), Export(export::Args), Trace(trace::Args), Rejects(rejects::Args), UnknownReplies(unknown_replies::Args) }
}

/// From whom, and to whom.
#[derive(Debug, clap::Args)]
struct Envelope {
    /// Envelope sender: an address, or @domain
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// An envelope recipient: an address, or @domain
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

/// Which span of time.
#[derive(Debug, clap::Args)]
struct Span {
    /// From this time on: 24h, 7d, 2026-11-21 or a full time
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
}

impl Span {
    fn ends(&self, session: &Session) -> (Option<Timestamp>, Option<Timestamp>) {
        let seen = |moment: Moment| moment.seen_from(session.out.now);
        (self.since.map(seen), self.until.map(seen))
    }
}

/// Messages, in the log and in the queue.
pub(super) static MESSAGES: View<Message> = View {
    columns: &[
        column("id", Rank::Key, |it| Cell::text(&it.id)),
        column("accepted_at", Rank::Column(8), |it| {
            Cell::Time(it.accepted_at)
        }),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("sender", Rank::Column(6), |it| Cell::text(&it.sender)),
        column("recipient", Rank::Column(7), |it| {
            Cell::text(recipients(it))
        }),
        column("subject", Rank::Text(5), |it| Cell::text(&it.subject)),
        column("size", Rank::Column(3), |it| Cell::Bytes(it.size)),
        column("attempts", Rank::Column(4), |it| Cell::count(it.attempts)),
        column("due_at", Rank::Column(2), |it| {
            Cell::maybe(it.due_at, Cell::Time)
        }),
        column("last_reply", Rank::Wide, |it| Cell::text(&it.last_reply)),
        column("account", Rank::Wide, |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("user", Rank::Wide, |it| {
            Cell::maybe(it.user.as_ref(), Cell::text)
        }),
        column("system", Rank::Wide, |it| {
            Cell::maybe(it.system.as_ref(), Cell::text)
        }),
        column("client", Rank::Wide, |it| Cell::text(&it.client)),
        column("helo", Rank::Wide, |it| Cell::text(&it.helo)),
        column("tls", Rank::Wide, |it| Cell::text(&it.tls)),
        column("header_from", Rank::Wide, |it| Cell::text(&it.header_from)),
        column("message_id", Rank::Wide, |it| Cell::text(&it.message_id)),
        column("finished_at", Rank::Wide, |it| {
            Cell::maybe(it.finished_at, Cell::Time)
        }),
    ],
    name: |it| &it.id,
    empty: "There are no such messages.",
};

fn recipients(message: &Message) -> String {
    match message.recipient_count {
        0 | 1 => message.recipient.clone(),
        count => format!("{} +{}", message.recipient, count - 1),
    }
}
