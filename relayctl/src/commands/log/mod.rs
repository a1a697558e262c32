//! `relayctl log`: what became of each message, and what was refused.

pub(super) mod rejects;
mod search;
mod trace;
mod unknown_replies;

use jiff::Timestamp;
use relay_proto::{EventKind, Message, Trace};

use crate::output::cell::{Cell, harmless, size, to_the_second};
use crate::output::{Rank, View, column};
use crate::session::Session;
use crate::time::Moment;

super::verbs! {
    /// The log.
    Verb { Search(search::Args), Trace(trace::Args), Rejects(rejects::Args), UnknownReplies(unknown_replies::Args) }
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

/// The history of a message as lines; times of the first day without the date.
pub(super) fn history(trace: &Trace) -> String {
    let message = &trace.message;
    let first = message.accepted_at.strftime("%Y-%m-%d").to_string();
    let mut text = format!(
        "{}  from {}  to {}  {}\n{first} (UTC)  Message-ID {}\n",
        message.id,
        if message.sender.is_empty() {
            "<>".to_owned()
        } else {
            harmless(&message.sender)
        },
        harmless(&recipients(message)),
        message.state,
        harmless(&message.message_id),
    );
    for event in &trace.events {
        let date = event.at.strftime("%Y-%m-%d").to_string();
        let time = if date == first {
            event.at.strftime("%H:%M:%S.%3f").to_string()
        } else {
            to_the_second(event.at)
        };
        let mut parts = Vec::new();
        if event.kind == EventKind::Accepted {
            parts.push(origin(message));
        }
        parts.extend(
            [&event.reply, &event.detail]
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(|part| harmless(part)),
        );
        if let Some(reason) = &event.reason {
            parts.push(format!("[{}]", harmless(reason)));
        }
        if !event.recipients.is_empty() && message.recipient_count > 1 {
            parts.push(format!("for {}", harmless(&event.recipients.join(", "))));
        }
        text += format!("{time}  {:<9}  {}", event.kind, parts.join("  ")).trim_end();
        text.push('\n');
    }
    if let Some(waiting) = &trace.waiting_for {
        text.extend([
            "waiting: ",
            &harmless(waiting),
            "; relayctl queue summary\n",
        ]);
    }
    text
}

fn origin(message: &Message) -> String {
    let system = message.system.as_deref().unwrap_or("-");
    let user = message.user.as_deref().unwrap_or("-");
    harmless(&format!(
        "{system} {} as {user}  {}",
        message.client,
        size(message.size)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_reads_as_lines() {
        let trace: Trace = serde_json::from_str(
            r#"{"message":{"id":"4zk9","account":"acme","user":"erp","system":"erp-prod","state":"delivered",
            "sender":"erp@acme.example","recipient":"bob@example.net","recipient_count":1,"header_from":"erp@acme.example",
            "subject":"\u001b[31mInvoice","message_id":"<1@acme>","size":18432,"client":"203.0.113.10","helo":"erp",
            "tls":"","accepted_at":"2026-11-21T20:41:07.12Z","due_at":null,"finished_at":null,"attempts":1,"last_reply":""},
            "recipients":[],"waiting_for":"lane held since 2026-11-22T00:00:02Z: 535 no","events":[
            {"at":"2026-11-21T20:41:07.12Z","kind":"accepted","recipients":[],"reason":null,"reply":"","detail":""},
            {"at":"2026-11-22T00:00:01Z","kind":"delivered","recipients":["bob@example.net"],"reason":null,"reply":"250 2.0.0 OK\u001b[2J","detail":""}]}"#,
        )
        .unwrap();
        assert_eq!(
            history(&trace),
            "4zk9  from erp@acme.example  to bob@example.net  delivered\n\
             2026-11-21 (UTC)  Message-ID <1@acme>\n\
             20:41:07.120  accepted   erp-prod 203.0.113.10 as erp  18 KiB\n\
             2026-11-22T00:00:01Z  delivered  250 2.0.0 OK\u{fffd}[2J\n\
             waiting: lane held since 2026-11-22T00:00:02Z: 535 no; relayctl queue summary\n"
        );
    }
}
