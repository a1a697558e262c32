//! A fault of relayctl itself: said in one message, with what to do, and without a trace of the
//! stack.

use std::panic::PanicHookInfo;

use crate::error::{Exit, Failure};
use crate::prompt;

/// From now on a panic ends the program like any other failure. The terminal is given back
/// first: as it was before a question here, and by its own hook where a screen is drawn.
pub(crate) fn report_panics(as_json: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        prompt::give_terminal_back();
        failure(panic).print(as_json, false);
        std::process::exit(Exit::Unexpected.number().into());
    }));
}

fn failure(panic: &PanicHookInfo<'_>) -> Failure {
    let place = panic.location().map_or_else(
        || "an unknown place".to_owned(),
        |at| format!("{}:{}", at.file(), at.line()),
    );
    Failure::new(
        Exit::Unexpected,
        "fault",
        "relayctl has a fault and cannot go on",
    )
    .cause(format!(
        "it stopped at {place} of version {}",
        env!("CARGO_PKG_VERSION")
    ))
    .hint(
        "look whether the command was done, then report this message to whoever gave you relayctl",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs in a process of its own, which the test below starts.
    #[test]
    #[ignore = "ends the process that runs it"]
    fn panics() {
        report_panics(false);
        panic!("called `Option::unwrap()` on a `None` value");
    }

    #[test]
    fn a_panic_is_told_like_any_failure() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "fault::tests::panics",
                "--nocapture",
            ])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains("error: relayctl has a fault and cannot go on\n"),
            "{text}"
        );
        assert!(text.contains("\n  try:   look whether"), "{text}");
        assert!(
            !text.contains("unwrap") && !text.contains("RUST_BACKTRACE"),
            "{text}"
        );
    }
}
