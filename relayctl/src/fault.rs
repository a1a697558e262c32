//! A fault of relayctl itself: said in one message, with what to do, and without a trace of the
//! stack.

use std::panic::PanicHookInfo;

use crate::error::{Exit, Failure};
use crate::{prompt, signals};

/// From now on a panic ends the program like any other failure. The terminal is given back
/// first: as it was before a question here, and by its own hook where a screen is drawn. Files
/// that are not whole go, as they do on a signal: nothing is dropped any more.
pub(crate) fn report_panics(as_json: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        prompt::give_terminal_back();
        signals::clean_up();
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

/// A test that ends the program is run by another, which is the same one: it starts itself anew,
/// and the new process does what ends it.
#[cfg(test)]
pub(crate) mod ended {
    use std::process::Command;

    /// Tells the new process what to do.
    const MARK: &str = "RELAYCTL_TEST_IN_ITS_OWN_PROCESS";

    /// The test of this name in a process of its own; nothing when this is that process.
    pub(crate) fn process(test: &str) -> Option<Command> {
        if std::env::var_os(MARK).is_some() {
            return None;
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", test, "--nocapture"])
            .env(MARK, "1");
        Some(command)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::Path;

    use super::*;
    use crate::output::file::NewFile;

    const FILE: &str = "RELAYCTL_TEST_FILE";

    /// What the process does that the test below starts.
    fn panic_with_a_file() -> ! {
        report_panics(false);
        let path = std::env::var_os(FILE).unwrap();
        let mut file = NewFile::beside(path.as_ref()).unwrap();
        file.write("half").unwrap();
        let folder = Path::new(&path).parent().unwrap();
        let count = std::fs::read_dir(folder).unwrap().count();
        writeln!(std::io::stdout(), "files: {count}").unwrap();
        panic!("called `Option::unwrap()` on a `None` value");
    }

    #[test]
    fn a_panic_is_told_like_any_failure_and_leaves_no_half_file() {
        let name = "fault::tests::a_panic_is_told_like_any_failure_and_leaves_no_half_file";
        let Some(mut process) = ended::process(name) else {
            panic_with_a_file();
        };
        let folder = tempfile::tempdir().unwrap();
        let output = process
            .env(FILE, folder.path().join("log.jsonl"))
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
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("files: 1\n"), "{text}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
