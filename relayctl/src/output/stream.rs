//! The only place that writes to stdout and stderr, apart from the error printer.

use std::io::{self, Write};

/// Why stdout did not take the data.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StdoutError {
    /// The reader closed the pipe: it has what it wanted.
    #[error("the reader of stdout is gone")]
    ReaderGone,
    /// A full disk, or a closed descriptor.
    #[error("cannot write to stdout")]
    Failed(#[source] io::Error),
}

/// Writes and flushes, so that a failure is seen here and not lost at exit.
pub(crate) fn write_stdout(text: &str) -> Result<(), StdoutError> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => StdoutError::ReaderGone,
        _ => StdoutError::Failed(error),
    })
}

/// One line on stderr, made harmless. A stderr that is gone is nobody's loss.
pub(crate) fn note(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "{}", super::cell::harmless(line));
    }
}

/// Text of clap on stderr, with its colours.
pub(crate) fn styled_note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
