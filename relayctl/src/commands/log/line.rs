//! An event of the log as a line: when, what, which mail, who to whom, and why.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use relay_proto::{LogEvent, LogEventKind};

use crate::output::cell::{Cell, harmless};
use crate::output::{Output, Rank, View, column};

/// The longest kind of event.
const KIND: usize = 9;
/// A queue id.
const ID: usize = 20;
/// A terminal that is narrower has no room for queue ids and senders.
const NARROW: usize = 66;
/// From here on there is room for whole addresses.
const BROAD: usize = 110;

pub(super) static VIEW: View<LogEvent> = View {
    columns: &[
        column("at", Rank::Key, |it| Cell::Time(it.at)),
        column("kind", Rank::Key, |it| Cell::text(it.kind.as_str())),
        column("queue_id", Rank::Key, |it| {
            Cell::maybe(it.queue_id.as_ref(), Cell::text)
        }),
        column("account", Rank::Column(4), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("user", Rank::Column(6), |it| {
            Cell::maybe(it.user.as_ref(), Cell::text)
        }),
        column("system", Rank::Column(5), |it| {
            Cell::maybe(it.system.as_ref(), Cell::text)
        }),
        column("sender", Rank::Column(8), |it| Cell::text(&it.sender)),
        column("recipients", Rank::Column(9), |it| {
            Cell::List(it.recipients.clone())
        }),
        column("recipient_count", Rank::Column(3), |it| {
            Cell::count(it.recipient_count)
        }),
        column("reason", Rank::Column(7), |it| {
            Cell::maybe(it.reason.as_ref(), Cell::text)
        }),
        column("reply", Rank::Text(2), |it| Cell::text(&it.reply)),
        column("detail", Rank::Text(1), |it| Cell::text(&it.detail)),
        column("client", Rank::Column(1), |it| {
            Cell::maybe(it.client.as_ref(), Cell::text)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| it.queue_id.as_deref().unwrap_or("-"),
    empty: "",
};

/// Writes lines that fit.
#[derive(Debug)]
pub(super) struct Painter {
    /// Columns of the terminal; without one, nothing is shortened.
    width: Option<usize>,
    color: bool,
    /// The day of the last line; a line of its own says when it changes.
    day: Option<Date>,
}

impl Painter {
    /// One for whoever reads this output.
    pub(super) fn of(out: &Output) -> Self {
        let is_wide = out.format == crate::output::Format::Wide;
        Self {
            width: out.width.filter(|_| !is_wide),
            color: out.color,
            day: out.width.map(|_| out.now.to_zoned(TimeZone::UTC).date()),
        }
    }

    /// The line of an event, below one for its day where that is another.
    pub(super) fn lines(&mut self, event: &LogEvent) -> String {
        let at = event.at.to_zoned(TimeZone::UTC);
        let (mut text, time) = match &mut self.day {
            // Through a pipe each line stands for itself.
            None => (String::new(), event.at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Some(day) => {
                let heading = if *day == at.date() {
                    String::new()
                } else {
                    *day = at.date();
                    format!("{day} (UTC)\n")
                };
                (heading, event.at.strftime("%H:%M:%S"))
            }
        };
        let mut line = time.to_string();
        line += "  ";
        let kind = format!("{:<KIND$}", event.kind.as_str());
        let begin = line.chars().count() + KIND;
        line += &self.painted(&kind, event.kind);
        let rest = self.rest(event, begin);
        line += &rest;
        text += line.trim_end();
        text.push('\n');
        text
    }

    /// What follows the kind, which ends at a column.
    fn rest(&self, event: &LogEvent, begin: usize) -> String {
        let why = why(event);
        let Some(width) = self.width else {
            let id = event.queue_id.as_deref().unwrap_or("-");
            return format!("  {id:<ID$}  {}  {why}", parties(event, true));
        };
        let mut text = String::new();
        let mut room = width.saturating_sub(begin + 2);
        if width >= NARROW {
            let id = event.queue_id.as_deref().unwrap_or("-");
            text = format!("  {id:<ID$}");
            room = room.saturating_sub(ID + 2);
        }
        let whom = if width < NARROW {
            recipients(event)
        } else {
            parties(event, width >= BROAD)
        };
        text += "  ";
        let half = room * 5 / 9;
        if why.is_empty() || half < 10 {
            return text + &cut(&whom, room);
        }
        let left = room.saturating_sub(half + 2);
        text + &filled(&whom, half) + "  " + &cut(&why, left)
    }

    fn painted(&self, text: &str, kind: LogEventKind) -> String {
        use LogEventKind as K;
        let code = match kind {
            _ if !self.color => return text.to_owned(),
            K::Failed | K::Refused | K::Bounced => "31",
            K::Deferred | K::Held | K::Cancelled | K::Rerouted => "33",
            _ => return text.to_owned(),
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// `scanner → bob@example.net +2`
fn parties(event: &LogEvent, with_sender: bool) -> String {
    let sender = match event.sender.as_str() {
        "" if event.kind == LogEventKind::Refused => None,
        "" => Some("<>"),
        sender => Some(sender),
    };
    let user = event.user.as_deref();
    let who = if with_sender {
        sender.or(user)
    } else {
        user.or(sender)
    };
    let who = who.or(event.client.as_deref()).unwrap_or("-");
    match recipients(event) {
        whom if whom.is_empty() => harmless(who),
        whom => format!("{} → {whom}", harmless(who)),
    }
}

fn recipients(event: &LogEvent) -> String {
    match (event.recipients.first(), event.recipient_count) {
        (None, _) => String::new(),
        (Some(first), 0 | 1) => harmless(first),
        (Some(first), count) => format!("{} +{}", harmless(first), count - 1),
    }
}

/// The reason with the reply; else what else there is to tell.
fn why(event: &LogEvent) -> String {
    let reason = event.reason.as_deref().unwrap_or_default();
    let is_trouble = !reason.is_empty();
    let words = match event.reply.as_str() {
        "" if is_trouble || event.kind != LogEventKind::Accepted => event.detail.as_str(),
        reply => reply,
    };
    let text = match (reason, words) {
        ("", words) => words.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, words) => format!("{reason}: {words}"),
    };
    harmless(&text)
}

/// The text, or its beginning with a sign that there is more. Columns count, not characters.
fn cut(text: &str, room: usize) -> String {
    console::truncate_str(text, room, "…").into_owned()
}

/// The same, filled up with blanks.
fn filled(text: &str, room: usize) -> String {
    console::pad_str(&cut(text, room), room, console::Alignment::Left, None).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: LogEventKind) -> LogEvent {
        LogEvent {
            id: "7-1".to_owned(),
            at: "2026-11-22T09:41:07.5Z".parse().unwrap(),
            queue_id: Some("06bq3k8zv1h4wcn2x9tg".to_owned()),
            account: Some("acme".to_owned()),
            user: Some("scanner".to_owned()),
            system: Some("printer".to_owned()),
            sender: "scanner@acme.example".to_owned(),
            recipients: vec!["bob@customer.example".to_owned()],
            recipient_count: 3,
            kind,
            reason: None,
            reply: String::new(),
            detail: "listener submission, ESMTPSA".to_owned(),
            client: None,
        }
    }

    fn painter(width: Option<usize>, color: bool) -> Painter {
        Painter {
            width,
            color,
            day: width.map(|_| "2026-11-22".parse().unwrap()),
        }
    }

    #[test]
    fn a_line_fits_the_terminal_and_is_whole_through_a_pipe() {
        let mut failed = event(LogEventKind::Failed);
        failed.reason = Some("recipient-refused".to_owned());
        failed.reply = "550 5.1.10 Recipient not found\x1b[2J".to_owned();
        for (width, expected) in [
            (
                Some(120),
                "09:41:07  failed     06bq3k8zv1h4wcn2x9tg  scanner@acme.example → bob@customer.examp…  recipient-refused: 550 5.1.10 Re…\n",
            ),
            (
                Some(80),
                "09:41:07  failed     06bq3k8zv1h4wcn2x9tg  scanner → bob@custo…  recipient-refu…\n",
            ),
            (Some(40), "09:41:07  failed     bob@custo…  recipi…\n"),
            (
                None,
                "2026-11-22T09:41:07Z  failed     06bq3k8zv1h4wcn2x9tg  scanner@acme.example → bob@customer.example +2  recipient-refused: 550 5.1.10 Recipient not found\u{fffd}[2J\n",
            ),
        ] {
            let line = painter(width, false).lines(&failed);
            assert_eq!(line, expected);
            if let Some(width) = width {
                assert!(line.trim_end().chars().count() <= width, "{line}");
            }
        }
        let line = painter(Some(80), true).lines(&failed);
        assert!(line.contains("\x1b[31mfailed   \x1b[0m  06bq"), "{line:?}");
    }

    #[test]
    fn another_day_is_said_once() {
        let mut painter = painter(Some(80), false);
        let mut early = event(LogEventKind::Accepted);
        early.at = "2026-11-21T23:59:59Z".parse().unwrap();
        let accepted = "accepted   06bq3k8zv1h4wcn2x9tg  scanner → bob@customer.example +2\n";
        assert_eq!(
            painter.lines(&early),
            format!("2026-11-21 (UTC)\n23:59:59  {accepted}")
        );
        assert_eq!(painter.lines(&early), format!("23:59:59  {accepted}"));
        let line = painter.lines(&event(LogEventKind::Accepted));
        assert_eq!(line, format!("2026-11-22 (UTC)\n09:41:07  {accepted}"));
    }

    #[test]
    fn of_a_refusal_there_is_what_the_device_said() {
        let mut refused = event(LogEventKind::Refused);
        (refused.queue_id, refused.sender) = (None, String::new());
        refused.recipients.clear();
        refused.user = Some("evil\u{202e}".to_owned());
        refused.reason = Some("credentials-rejected".to_owned());
        let line = painter(Some(80), false).lines(&refused);
        assert_eq!(
            line,
            "09:41:07  refused    -                     evil\u{fffd}                 credentials-re…\n"
        );
    }
}
