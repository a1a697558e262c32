//! `relayctl log export`

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use relay_proto::{Message, Nothing, SearchLog};

use super::MESSAGES;
use super::search::Query;
use crate::commands::counted;
use crate::error::Failure;
use crate::output::file::NewFile;
use crate::output::{Format, Output};
use crate::session::Session;

/// Write everything that a search finds, to stdout or into a file
///
/// One message a line, newest first: JSON objects as the API sends them, or with -o tsv the columns
/// of log search, all of them. A file is for its owner alone (0600), and it is whole or not there:
/// an earlier one is replaced when all is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log export --since 30d --to-file log.jsonl
  relayctl log export --status failed -o tsv \\
      --columns id,accepted_at,recipient,last_reply")]
pub(crate) struct Args {
    #[command(flatten)]
    query: Query,
    /// Write into this file
    #[arg(long, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    to_file: Option<PathBuf>,
}

/// Where the lines go.
enum Sink<'o> {
    Stdout(&'o Output),
    File(NewFile),
}

impl Sink<'_> {
    fn write(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Stdout(out) => out.block(text),
            Self::File(file) => file.write(text),
        }
    }
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut out = session.out.clone();
        match out.format {
            Format::Table | Format::Jsonl => out.format = Format::Jsonl,
            Format::Tsv => {}
            Format::Wide | Format::Json | Format::Name => {
                return Err(Failure::usage("an export is written as jsonl or tsv")
                    .hint("leave out -o, or add -o tsv"));
            }
        }
        if out.format == Format::Tsv && out.columns.is_empty() {
            let all = MESSAGES.columns.iter().map(|column| column.name.to_owned());
            out.columns = all.collect();
        }
        let query = self.query.build(session)?;
        let client = session.client()?;
        let mut sink = match &self.to_file {
            // Before the first request: what cannot be written need not be asked for.
            Some(path) => Sink::File(NewFile::beside(path)?),
            None => Sink::Stdout(&session.out),
        };
        let mut count = 0;
        if out.format == Format::Tsv && out.header {
            sink.write(&out.tsv_lines::<Message>(&[], &MESSAGES)?)?;
        }
        out.header = false;
        // Lines that a person watches need no word of how far they got.
        let is_seen = self.to_file.is_none() && std::io::stdout().is_terminal();
        let waiting = (!is_seen).then(|| client.doing("Exporting"));
        let written = client.each_page::<SearchLog, Message>(&Nothing {}, &query, |page, text| {
            let lines = match out.format {
                Format::Tsv => out.tsv_lines(&page, &MESSAGES)?,
                _ => crate::output::json_lines(text)?,
            };
            sink.write(&lines)?;
            count += page.len();
            if let Some(waiting) = &waiting {
                waiting.say(&format!("Exporting, {} so far", counted(count, "message")));
            }
            Ok(())
        });
        drop(waiting);
        written?;
        finish(session, sink, self.to_file.as_deref(), count)
    }
}

fn finish(
    session: &Session,
    sink: Sink<'_>,
    path: Option<&Path>,
    count: usize,
) -> Result<(), Failure> {
    let messages = counted(count, "message");
    match (sink, path) {
        (Sink::File(file), Some(path)) => {
            file.finish()?;
            let shown = path.display().to_string();
            session.out.note(&format!("Wrote {messages} to {shown}."));
        }
        _ if count == 0 => session.out.note(MESSAGES.empty),
        _ => {}
    }
    Ok(())
}
