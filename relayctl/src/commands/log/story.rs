//! The story of one mail, from the device's EHLO to the last word of the other side, and what
//! happens next.

use jiff::Timestamp;
use relay_proto::{Event, EventKind, Message, MessageState, Trace, TraceRecipient};

use super::recipients;
use crate::commands::counted;
use crate::output::Output;
use crate::output::cell::{harmless, relative, size, wrap};

/// Recipients that are named one by one.
const MOST_NAMED: usize = 10;
/// Texts are never squeezed into less.
const LEAST_ROOM: usize = 30;
/// In a terminal with less, they stand below the time.
const NARROW_INDENT: usize = 4;

/// How a story is told.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) struct Teller {
    /// Columns of the terminal; without one, an event is a line, however long.
    width: Option<usize>,
    /// What time it is, for a reader who sits before it.
    now: Option<Timestamp>,
}

impl Teller {
    /// One for whoever reads this output.
    pub(in crate::commands) fn of(out: &Output) -> Self {
        Self {
            width: out.width,
            now: out.width.map(|_| out.now),
        }
    }

    /// One for a screen of so many columns.
    pub(in crate::commands) const fn sized(width: usize, now: Timestamp) -> Self {
        Self {
            width: Some(width),
            now: Some(now),
        }
    }

    /// The whole story.
    pub(in crate::commands) fn story(self, trace: &Trace) -> String {
        let mut text = self.head(trace);
        text += &self.events(trace, 0);
        text += &self.end(trace);
        text
    }

    /// Which mail it is.
    pub(in crate::commands) fn head(self, trace: &Trace) -> String {
        let message = &trace.message;
        let day = message.accepted_at.strftime("%Y-%m-%d");
        let subject = match message.subject.as_str() {
            "" => String::new(),
            subject => format!("  Subject {subject}"),
        };
        let mut text = String::new();
        for line in [
            format!(
                "{}  from {}  to {}  {}",
                message.id,
                sender(message),
                recipients(message),
                message.state
            ),
            format!("{day} (UTC)  Message-ID {}{subject}", message.message_id),
        ] {
            // All lines but the first are moved in by two.
            let room = self
                .width
                .map_or(usize::MAX, |width| width.saturating_sub(2));
            let lines = wrap(&line, room);
            text += &(lines.join("\n  ") + "\n");
        }
        text
    }

    /// What happened, from the event of that number on.
    pub(in crate::commands) fn events(self, trace: &Trace, from: usize) -> String {
        let message = &trace.message;
        let stamps: Vec<_> = trace
            .events
            .iter()
            .map(|event| stamps(event.at, message.accepted_at))
            .collect();
        let longest = |texts: fn(&(String, String)) -> &str| {
            stamps.iter().map(|both| texts(both).len()).max()
        };
        let absolute = longest(|both| &both.0).unwrap_or(0).max(12);
        let since = longest(|both| &both.1).unwrap_or(0).max(7);
        let mut text = String::new();
        for (event, (at, after)) in trace.events.iter().zip(&stamps).skip(from) {
            let head = format!("{at:<absolute$}  {after:<since$}  ");
            text += &self.lines(&head, event.kind.as_str(), &paragraphs(event, message));
            if event.kind == EventKind::Accepted {
                let safe = format!("{}, safe on disk", message.id);
                text += &self.lines(&head, "queued", &[safe]);
            }
        }
        text
    }

    /// Who got it, and what happens next and when.
    pub(in crate::commands) fn end(self, trace: &Trace) -> String {
        let message = &trace.message;
        let mut text = String::new();
        let is_mixed =
            |it: &TraceRecipient| Some(it.state) != trace.recipients.first().map(|it| it.state);
        if trace.recipients.iter().any(is_mixed) {
            for it in &trace.recipients {
                let parts = [it.address.clone(), it.state.to_string(), it.reply.clone()];
                text += &self.lines("  ", "for", &parts);
            }
        }
        let Some(next) = &trace.next else {
            text += &self.lines("", "done", &[done(message)]);
            return text;
        };
        let mut parts = vec![next.sentence.clone()];
        if let (Some(at), Some(now)) = (next.at, self.now) {
            parts.push(format!("({})", relative(at, now)));
        }
        text += &self.lines("", "next", &[parts.join(" ")]);
        if let Some(command) = &next.command {
            text += &self.lines("", "try", std::slice::from_ref(command));
        }
        text
    }

    /// One entry: paragraphs on one line as far as they fit, the others below.
    fn lines(self, head: &str, kind: &str, paragraphs: &[String]) -> String {
        let margin = format!("{head}{kind:<9}  ");
        let mut indent = margin.chars().count();
        let (mut text, mut before) = (String::new(), margin);
        if self.width.is_some_and(|width| width < indent + LEAST_ROOM) {
            text = before.trim_end().to_owned() + "\n";
            (indent, before) = (NARROW_INDENT, " ".repeat(NARROW_INDENT));
        }
        let room = self.width.map_or(usize::MAX, |width| {
            width.saturating_sub(indent).max(LEAST_ROOM)
        });
        let mut lines: Vec<String> = Vec::new();
        for paragraph in paragraphs.iter().filter(|it| !it.is_empty()) {
            let mut wrapped = wrap(paragraph, room);
            match (lines.last_mut(), wrapped.as_slice()) {
                (Some(last), [only])
                    if last
                        .chars()
                        .count()
                        .saturating_add(2 + only.chars().count())
                        <= room =>
                {
                    last.extend(["  ", only]);
                }
                _ => lines.append(&mut wrapped),
            }
        }
        for line in &lines {
            text += (before + line).trim_end();
            text.push('\n');
            before = " ".repeat(indent);
        }
        if lines.is_empty() && text.is_empty() {
            text += before.trim_end();
            text.push('\n');
        }
        text
    }
}

/// What an event has to tell, part by part.
fn paragraphs(event: &Event, message: &Message) -> Vec<String> {
    if event.kind == EventKind::Accepted {
        return arrival(event, message);
    }
    let mut parts = vec![event.reply.clone(), event.detail.clone()];
    if let Some(reason) = &event.reason {
        parts.push(format!("[{reason}]"));
    }
    if !event.recipients.is_empty() && message.recipient_count > 1 {
        parts.push(format!("for {}", named(&event.recipients)));
    }
    parts
}

/// Who brought it, what was said, and what was done to it.
fn arrival(event: &Event, message: &Message) -> Vec<String> {
    let Some(user) = &message.user else {
        return vec![size(message.size), event.detail.clone()];
    };
    let system = message.system.as_deref().unwrap_or("-");
    let verb = if event.detail.contains(", ESMTP") {
        "EHLO"
    } else {
        "HELO"
    };
    let tls = match message.tls.as_str() {
        "" => "without TLS",
        tls => tls,
    };
    let greeting = match message.helo.as_str() {
        "" => tls.to_owned(),
        helo => format!("{verb} {helo}  {tls}"),
    };
    vec![
        format!(
            "{system} {} as {user}  {}",
            message.client,
            size(message.size)
        ),
        greeting,
        format!("MAIL FROM {}", sender(message)),
        format!("RCPT TO {}", recipients(message)),
        event.detail.clone(),
    ]
}

fn sender(message: &Message) -> &str {
    match message.sender.as_str() {
        "" => "<>",
        sender => sender,
    }
}

fn named(addresses: &[String]) -> String {
    let shown = addresses.len().min(MOST_NAMED);
    let rest = addresses.len() - shown;
    let list = addresses.get(..shown).unwrap_or_default().join(", ");
    if rest == 0 {
        list
    } else {
        format!("{list} and {rest} more")
    }
}

fn done(message: &Message) -> String {
    let attempts = counted(message.attempts as usize, "attempt");
    let after = message.finished_at.map_or_else(String::new, |at| {
        let span = since(at, message.accepted_at);
        format!(" {} after it was accepted", span.trim_start_matches('+'))
    });
    let what = match message.state {
        MessageState::Delivered => "the other side has it",
        MessageState::Partial => "handed over for some of its recipients",
        MessageState::Failed => "given up",
        MessageState::Cancelled => "taken out of the queue",
        MessageState::Queued | MessageState::Held => "waiting",
    };
    format!("{what}{after}, {attempts}")
}

/// When it happened, and how long after the mail came.
fn stamps(at: Timestamp, accepted_at: Timestamp) -> (String, String) {
    let day = |time: Timestamp| time.strftime("%m-%d").to_string();
    let absolute = if day(at) == day(accepted_at) {
        at.strftime("%H:%M:%S.%3f").to_string()
    } else {
        at.strftime("%m-%d %H:%M:%S").to_string()
    };
    let after = if at <= accepted_at {
        String::new()
    } else {
        since(at, accepted_at)
    };
    (harmless(&absolute), after)
}

/// `+31 ms`, `+1.28 s`, `+14 min`, `+3.3 h`.
fn since(at: Timestamp, start: Timestamp) -> String {
    let millis = at.as_millisecond().saturating_sub(start.as_millisecond());
    match millis {
        ..1000 => format!("+{} ms", millis.max(0)),
        1000..60_000 => format!("+{}.{:02} s", millis / 1000, millis % 1000 / 10),
        60_000..3_600_000 => format!("+{} min", millis / 60_000),
        3_600_000..86_400_000 => tenths(millis / 360_000, "h"),
        _ => tenths(millis / 8_640_000, "d"),
    }
}

fn tenths(count: i64, unit: &str) -> String {
    format!("+{}.{} {unit}", count / 10, count % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"{"message":{"id":"06bq3k8zv1h4wcn2x9tg","account":"acme","user":"erp",
        "system":"erp-prod","state":"partial","sender":"erp@acme.example","recipient":"bob@example.net",
        "recipient_count":2,"header_from":"erp@acme.example","subject":"\u001b[31mInvoice",
        "message_id":"<1@acme.example>","size":18432,"client":"203.0.113.10","helo":"erp.acme.example",
        "tls":"TLSv1.3 TLS13_AES_256_GCM_SHA384","accepted_at":"2026-11-21T20:41:07.12Z","due_at":null,
        "finished_at":"2026-11-22T00:00:01Z","attempts":2,"last_reply":""},
        "recipients":[{"address":"bob@example.net","state":"delivered","reply":"250 2.0.0 OK"},
        {"address":"eve@example.net","state":"failed","reply":"550 5.1.10 no"}],"events":[
        {"at":"2026-11-21T20:41:07.12Z","kind":"accepted","recipients":[],"reason":null,"reply":"",
        "detail":"listener submission, ESMTPSA; signed in with a password; added Date, Message-ID; body in 31 ms"},
        {"at":"2026-11-21T20:41:08.402Z","kind":"deferred","recipients":["bob@example.net","eve@example.net"],
        "reason":"remote-unavailable","reply":"451 4.7.0 Temporary server error. Please try again later. PRX4",
        "detail":"server smtp.office365.com; next attempt 2026-11-21T20:42:08Z"},
        {"at":"2026-11-22T00:00:01Z","kind":"delivered","recipients":["bob@example.net"],"reason":null,
        "reply":"250 2.0.0 OK\u001b[2J","detail":"server smtp.office365.com"}]}"#;

    fn told(width: Option<usize>, change: impl FnOnce(&mut Trace)) -> String {
        let mut trace: Trace = serde_json::from_str(TRACE).unwrap();
        change(&mut trace);
        let now = Some("2026-11-22T00:10:00Z".parse().unwrap());
        Teller { width, now }.story(&trace)
    }

    #[test]
    fn a_story_at_eighty_columns() {
        let text = told(Some(80), |_| {});
        insta::assert_snapshot!(text);
        assert!(text.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn a_story_at_a_hundred_and_twenty_columns() {
        let text = told(Some(120), |_| {});
        insta::assert_snapshot!(text);
        assert!(text.lines().all(|line| line.chars().count() <= 120));
    }

    #[test]
    fn a_story_at_forty_columns() {
        let text = told(Some(40), |_| {});
        insta::assert_snapshot!(text);
        let is_word = |line: &str| !line.trim_start().contains(' ');
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= 40 || is_word(line)),
            "{text}"
        );
    }

    #[test]
    fn a_story_in_a_file_has_a_line_for_each_event() {
        let text = told(None, |_| {});
        assert_eq!(text.lines().count(), 2 + 4 + 2 + 1, "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn what_happens_next_stands_last_with_its_command() {
        let text = told(Some(80), |trace| {
            trace.message.state = MessageState::Queued;
            trace.next = Some(relay_proto::NextStep {
                sentence: "next attempt at 2026-11-22T00:14:00Z".to_owned(),
                at: Some("2026-11-22T00:14:00Z".parse().unwrap()),
                held: false,
                command: Some("relayctl queue retry 06bq3k8zv1h4wcn2x9tg".to_owned()),
            });
        });
        let end = "next       next attempt at 2026-11-22T00:14:00Z (in 4 min)\n\
                   try        relayctl queue retry 06bq3k8zv1h4wcn2x9tg\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn spans_are_told_in_fitting_units() {
        let start: Timestamp = "2026-11-21T20:41:07Z".parse().unwrap();
        for (millis, told) in [
            (0, "+0 ms"),
            (31, "+31 ms"),
            (1_282, "+1.28 s"),
            (60_000, "+1 min"),
            (12_000_000, "+3.3 h"),
            (200_000_000, "+2.3 d"),
        ] {
            let at = start + std::time::Duration::from_millis(millis);
            assert_eq!(since(at, start), told);
        }
    }
}
