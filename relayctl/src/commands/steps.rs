//! How the steps of a check are shown, for routes and systems.

use relay_proto::CheckStep;

use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::output::cell::harmless;

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
}
