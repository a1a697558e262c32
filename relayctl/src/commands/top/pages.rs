//! Pages that are read from top to bottom, as lines that fit.

use jiff::Timestamp;
use relay_proto::Trace;

use super::model::{Reading, Refusal};
use super::words::{name, why};
use crate::commands::log::story::Teller;
use crate::output::cell::wrap;

/// Where texts begin beside their labels.
const MARGIN: usize = 10;
/// Columns of a text at least, however narrow the terminal is.
const LEAST: usize = 10;

/// The help, in lines.
pub(super) fn help(width: usize) -> Vec<String> {
    const HELP: [(&str, &str); 12] = [
        ("up, down", "choose; PgUp, PgDn, Home and End go further"),
        ("Tab", "from the lanes to the refusals, and back"),
        (
            "Enter, t",
            "trace of the oldest mail of the lane; n and p turn over to the next and the one before. Of a refusal: all that is known",
        ),
        (
            "h",
            "hold the lane of an account: its mail waits until it is released. Asks first",
        ),
        ("r", "release it, whatever held it. Asks first"),
        (
            "/",
            "only what has this text: account, reason, address, user name. Esc clears it",
        ),
        ("s", "sort lanes: slowest first, most first, by account"),
        ("p", "pause: nothing is asked until p again"),
        ("Esc, q", "back; on the first page q quits"),
        ("Ctrl-C", "quits"),
        ("", ""),
        (
            "",
            "accepted counts messages, delivered and failed recipients, deferred the times that mail was put off, refused what was not taken at the door. All of them are those of the last 24 hours, in whole hours; the rate is that since the last look.",
        ),
    ];
    let mut lines = Vec::new();
    for (key, text) in HELP {
        let margin = if key.is_empty() { 0 } else { MARGIN };
        lines.extend(beside(key, margin, text, width));
    }
    lines
}

/// A lane and one of its mails, in lines.
pub(super) fn trace(reading: &Reading, width: usize, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(lane) = &reading.lane {
        let count = reading.ids.len();
        let mail = format!("mail {} of {count}, oldest first", reading.place + 1);
        let head = format!("{}  {}  {mail}", name(lane), lane.state);
        lines.extend(wrap(&head, width));
        if !why(lane).is_empty() {
            lines.extend(wrap(&why(lane), width));
        }
        lines.push(String::new());
    }
    lines.extend(story(&reading.trace, width, now));
    lines
}

/// All that is known of a refusal, in lines.
pub(super) fn refusal(refusal: &Refusal, width: usize) -> Vec<String> {
    let last = &refusal.last;
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        ("reason", last.reason.clone()),
        ("means", refusal.sentence.clone()),
        ("try", refusal.remedy.clone()),
        ("", String::new()),
        ("last", last.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()),
        ("times", refusal.count.to_string()),
        ("from", last.client.clone()),
        ("called", last.helo.clone()),
        ("listener", last.listener.clone()),
        ("account", of(&last.account)),
        ("system", of(&last.system)),
        ("user", last.username.clone()),
        ("sender", last.sender.clone()),
        ("to", last.recipient.clone()),
        ("told", last.reply.clone()),
    ];
    let mut lines = Vec::new();
    for (label, text) in fields {
        if text.is_empty() && !label.is_empty() {
            continue;
        }
        lines.extend(beside(label, MARGIN, &text, width));
    }
    lines
}

/// A label, and a text on as many lines beside it as it needs.
fn beside(label: &str, margin: usize, text: &str, width: usize) -> Vec<String> {
    let lines = wrap(text, width.saturating_sub(margin).max(LEAST));
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    labels
        .zip(lines)
        .map(|(label, line)| format!("{label:<margin$}{line}").trim_end().to_owned())
        .collect()
}

/// The story of the mail, in lines that fit.
fn story(trace: &Trace, width: usize, now: Timestamp) -> Vec<String> {
    let story = Teller::sized(width, now).story(trace);
    story.lines().map(str::to_owned).collect()
}
