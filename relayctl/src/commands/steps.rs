//! How the steps of a check are shown, for routes and systems.

use relay_proto::CheckStep;

use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::output::cell::{harmless, wrap};

/// A line for each step: whether it succeeded, its name, what was found, how long it took.
pub(super) fn lines(steps: &[CheckStep]) -> String {
    let name_width = steps
        .iter()
        .map(|step| step.name.chars().count())
        .max()
        .unwrap_or(0);
    let line = |step: &CheckStep| {
        let mark = if step.ok { "ok" } else { "failed" };
        let time = if step.ms == 0 {
            String::new()
        } else {
            format!("  {} ms", step.ms)
        };
        let name = harmless(&step.name);
        let text = format!(
            "  {mark:<6}  {name:<name_width$}  {}{time}",
            harmless(&step.detail)
        );
        text.trim_end().to_owned() + "\n"
    };
    steps.iter().map(line).collect()
}

/// Names of steps have a column of this width at most; longer ones get a line of their own.
const NAMES: usize = 24;
/// Texts are never squeezed into less.
const LEAST_ROOM: usize = 30;
/// In a terminal with less, they stand below the names.
const NARROW_INDENT: usize = 4;
/// Columns before the name.
const MARGIN: usize = 10;

/// The same within the terminal, with what mends each step that failed or is worth a look.
pub(super) fn story(steps: &[CheckStep], width: Option<usize>) -> String {
    let widths = steps.iter().map(|step| step.name.chars().count());
    let column = widths.filter(|width| *width <= NAMES).max().unwrap_or(0);
    let wide = MARGIN + column + 2;
    let is_narrow = width.is_some_and(|width| width < wide + LEAST_ROOM);
    let indent = if is_narrow { NARROW_INDENT } else { wide };
    let room = width.map_or(usize::MAX, |width| {
        width.saturating_sub(indent).max(LEAST_ROOM)
    });
    let mut text = String::new();
    for step in steps {
        let mark = match (step.ok, step.warning) {
            (false, _) => "failed",
            (true, true) => "warn",
            (true, false) => "ok",
        };
        let time = match step.ms {
            0 => String::new(),
            ms => format!("  {ms} ms"),
        };
        let name = harmless(&step.name);
        let mut head = format!("  {mark:<6}  {name:<column$}  ");
        if is_narrow || name.chars().count() > column {
            text += head.trim_end();
            text.push('\n');
            head = " ".repeat(indent);
        }
        let detail = format!("{}{time}", step.detail);
        let remedy = step.remedy.as_deref().unwrap_or_default();
        text += &entry(&head, &detail, remedy, room);
    }
    text
}

/// What was found, wrapped beside its head, and below it what mends it, if anything.
pub(super) fn entry(head: &str, detail: &str, remedy: &str, room: usize) -> String {
    let mut lines = wrap(detail, room);
    if !remedy.is_empty() {
        lines.extend(wrap(&format!("try: {remedy}"), room));
    }
    let below = " ".repeat(head.chars().count());
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let before = if index == 0 { head } else { &below };
        text += (before.to_owned() + line).trim_end();
        text.push('\n');
    }
    text
}

/// Ends a check that found something: the steps were printed, this names the first obstacle.
pub(super) fn failed(out: &Output, what: &str, steps: &[CheckStep]) -> Failure {
    // Under JSON the result itself was printed to stdout; it says everything.
    if out.format.is_json() {
        return Failure::silent(Exit::CheckFailed);
    }
    let first = steps.iter().find(|step| !step.ok);
    let code = first
        .and_then(|step| step.reason.as_deref())
        .unwrap_or("check-failed");
    let failure = Failure::new(Exit::CheckFailed, code, what);
    let failure = match first {
        Some(step) => failure.cause(format!("{}: {}", step.name, step.detail)),
        None => failure,
    };
    match first.and_then(|step| step.remedy.as_deref()) {
        Some(remedy) => failure.hint(remedy),
        None => failure.hint(format!("relayctl help error {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_line_up() {
        let step = |name: &str, ok, detail: &str, ms| CheckStep {
            name: name.into(),
            ok,
            detail: detail.into(),
            ms,
            warning: false,
            reason: None,
            remedy: None,
        };
        let steps = [
            step("DNS and connect", true, "smtp.office365.com:587", 41),
            step("Sign-in", false, "535 5.7.139\x1b[0m", 0),
        ];
        assert_eq!(
            lines(&steps),
            "  ok      DNS and connect  smtp.office365.com:587  41 ms\n  failed  Sign-in          535 5.7.139\u{fffd}[0m\n"
        );
    }

    #[test]
    fn steps_fit_eighty_columns_with_what_mends_them() {
        let step = |name: &str, ok, detail: &str, remedy: Option<&str>| CheckStep {
            name: name.into(),
            ok,
            warning: ok && remedy.is_some(),
            detail: detail.into(),
            ms: 12,
            reason: None,
            remedy: remedy.map(str::to_owned),
        };
        let steps = [
            step("dns", true, "192.0.2.25", None),
            step(
                "certificate",
                true,
                "verified, for smtp.office365.com, good until 2026-11-24: it ends in 48 h",
                Some("whoever runs the server renews it"),
            ),
            step(
                "MAIL FROM invoices@acme.example",
                false,
                "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
                Some("Add-RecipientPermission invoices@acme.example -AccessRights SendAs"),
            ),
        ];
        let text = story(&steps, Some(80));
        assert_eq!(
            text,
            "  ok      dns          192.0.2.25  12 ms\n\
             \x20 warn    certificate  verified, for smtp.office365.com, good until 2026-11-24:\n\
             \x20                      it ends in 48 h  12 ms\n\
             \x20                      try: whoever runs the server renews it\n\
             \x20 failed  MAIL FROM invoices@acme.example\n\
             \x20                      550 5.7.60 SMTP; Client does not have permissions to send\n\
             \x20                      as this sender  12 ms\n\
             \x20                      try: Add-RecipientPermission invoices@acme.example\n\
             \x20                      -AccessRights SendAs\n"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 80));
    }
}
