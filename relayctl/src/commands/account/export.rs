//! `relayctl account export`

use relay_proto::{AccountPath, ExportAccount, ExportPart, ExportRecord, Nothing, Page, PageQuery};
use serde::Serialize;
use serde_json::Value;

use super::Name;
use crate::error::Failure;
use crate::output::{Format, Output};
use crate::session::Session;

/// Print all data of an account as JSON: settings, mail with its history, statistics, audit log
///
/// Secrets and the bodies of mail are not among it. Printed while it is read, so it needs little
/// memory however much it is; with -o jsonl a record a line. What it holds is described in
/// docs/accounts.md. relayctl export prints the configuration alone, as a file that relayctl apply
/// takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl account export acme > acme.json
  relayctl account export acme -o jsonl | gzip > acme.jsonl.gz")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

/// What stands at the beginning of a document.
#[derive(Serialize)]
struct Head<'h> {
    format: &'static str,
    format_version: u32,
    exported_at: String,
    exported_from: &'h str,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let from = session.target()?.endpoint.to_string();
        // Read before the first byte is written: of no account there is no half document.
        let mut page = fetch(session, &path, None)?;
        let mut document = Document::new(&session.out, &from)?;
        loop {
            document.add(page.items)?;
            match page.next_cursor {
                Some(cursor) => page = fetch(session, &path, Some(cursor))?,
                None => return document.end(),
            }
        }
    }
}

fn fetch(
    session: &Session,
    path: &AccountPath,
    cursor: Option<String>,
) -> Result<Page<ExportRecord>, Failure> {
    let query = PageQuery {
        cursor,
        limit: Some(200),
    };
    let client = session.client()?;
    let answer = client.call_with::<ExportAccount>(path, &query, &Nothing {}, None)?;
    Ok(answer.value)
}

/// A JSON document that is written as its records come.
struct Document<'o> {
    out: &'o Output,
    /// A line for each record, instead of one document.
    is_lines: bool,
    /// The parts that are still to come, the one at hand first.
    parts: &'static [ExportPart],
    /// Records of the part at hand.
    count: u64,
}

/// A part of which there is one, and no list.
const fn is_single(part: ExportPart) -> bool {
    matches!(part, ExportPart::Account | ExportPart::Route)
}

impl<'o> Document<'o> {
    fn new(out: &'o Output, from: &str) -> Result<Self, Failure> {
        let this = Self {
            out,
            is_lines: out.format == Format::Jsonl,
            parts: ExportPart::ALL,
            count: 0,
        };
        if !this.is_lines {
            let head = json(&Head {
                format: "relayd-account",
                format_version: 1,
                exported_at: format!("{:.0}", out.now),
                exported_from: from,
            })?;
            // The object goes on.
            this.write(head.trim_end_matches('}'))?;
            this.open()?;
        }
        Ok(this)
    }

    fn add(&mut self, records: Vec<ExportRecord>) -> Result<(), Failure> {
        let mut text = String::new();
        for record in records {
            if self.is_lines {
                text.push_str(&json(&record)?);
                text.push('\n');
                continue;
            }
            while self
                .parts
                .first()
                .is_some_and(|part| *part != record.part())
            {
                self.write(&std::mem::take(&mut text))?;
                self.close()?;
            }
            if self.count > 0 {
                text.push(',');
            }
            if !self.parts.first().is_some_and(|part| is_single(*part)) {
                text.push('\n');
            }
            // The part is told by the key it stands under.
            let tagged = serde_json::to_value(&record).map_err(unwritable)?;
            text.push_str(&json(tagged.get("value").unwrap_or(&Value::Null))?);
            self.count += 1;
        }
        self.write(&text)
    }

    fn end(mut self) -> Result<(), Failure> {
        if self.is_lines {
            return Ok(());
        }
        while !self.parts.is_empty() {
            self.close()?;
        }
        self.write("\n}\n")
    }

    /// Begins the part at hand.
    fn open(&self) -> Result<(), Failure> {
        let Some(part) = self.parts.first() else {
            return Ok(());
        };
        let bracket = if is_single(*part) { "" } else { "[" };
        self.write(&format!(",\n\"{part}\": {bracket}"))
    }

    /// Ends the part at hand and begins the next.
    fn close(&mut self) -> Result<(), Failure> {
        let Some((part, rest)) = self.parts.split_first() else {
            return Ok(());
        };
        match (is_single(*part), self.count) {
            (true, 0) => self.write("null")?,
            (true, _) => {}
            (false, _) => self.write("]")?,
        }
        (self.parts, self.count) = (rest, 0);
        self.open()
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        self.out.block(text)
    }
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(unwritable)
}

#[expect(clippy::needless_pass_by_value, reason = "used by map_err")]
fn unwritable(error: serde_json::Error) -> Failure {
    Failure::local("cannot write JSON", &error)
}
