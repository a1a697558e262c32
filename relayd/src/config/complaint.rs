//! What is wrong with a configuration, shown with the lines it is about.

use std::{ops::Range, path::PathBuf};

use super::masking;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds mistakes.
    #[error("{0}")]
    Wrong(Complaints),
}

/// All mistakes of a file, ready to be shown.
#[derive(Debug)]
pub struct Complaints(String);

impl std::fmt::Display for Complaints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl Complaints {
    /// No password of a URL is among the lines that are shown.
    fn new(shown: &str) -> Self {
        Self(masking::masked(shown))
    }

    /// A file that is not TOML, or has keys that are not known: the parser shows line and caret.
    pub(super) fn of_syntax(error: &toml::de::Error, text: &str, name: &str) -> Self {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Self::new(&format!("{name}, line {line}:\n{error}"))
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Gathers mistakes while a file is checked.
#[derive(Debug, Default)]
pub(super) struct Collector(Vec<miette::MietteDiagnostic>);

impl Collector {
    /// Notes that what stands at `span` is wrong, and what to do about it.
    pub(super) fn add(&mut self, span: Range<usize>, what: &str, remedy: &str) {
        self.0.push(
            miette::MietteDiagnostic::new(what)
                .with_help(remedy)
                .with_label(miette::LabeledSpan::underline(span)),
        );
    }

    /// Ends the check: an error when anything was noted.
    pub(super) fn finish(self, text: &str, name: &str) -> Result<(), ConfigError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let handler =
            miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
                .with_width(100);
        let mut shown = format!("{name}: {} mistakes\n", self.0.len());
        if self.0.len() == 1 {
            shown = format!("{name}: 1 mistake\n");
        }
        for diagnostic in self.0 {
            let source = miette::NamedSource::new(name, text.to_owned());
            let report = miette::Report::new(diagnostic).with_source_code(source);
            handler
                .render_report(&mut shown, report.as_ref())
                .unwrap_or_else(|_| shown.push_str("a mistake that cannot be shown\n"));
        }
        Err(ConfigError::Wrong(Complaints::new(&shown)))
    }
}
