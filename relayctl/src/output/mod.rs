//! Everything that reaches stdout, and the notes beside it on stderr.
//!
//! stdout is data, in the format that was asked for. JSON is what the API sent, untouched. Notes
//! and progress go to stderr. A reader that goes away (`| head`) ends relayctl with success.

pub(crate) mod cell;
pub(crate) mod file;
pub(crate) mod pager;
pub(crate) mod progress;
mod stream;
pub(crate) mod table;
mod view;

use std::cell::RefCell;
use std::rc::Rc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use self::cell::escape_tsv;
use self::pager::Pages;
pub(crate) use self::stream::{StdoutError, note, styled_note, write_stdout};
use self::table::Head;
pub(crate) use self::view::{Column, Format, Rank, View, column};
use crate::client::{Answer, Listing, json_of};
use crate::error::{Exit, Failure};

/// What was decided about output, once, at the start.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) columns: Vec<String>,
    pub(crate) header: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    /// Columns of the terminal; `None` when stdout is none.
    pub(crate) width: Option<usize>,
    /// Colour on stdout.
    pub(crate) color: bool,
    /// When the program started; relative times count from here.
    pub(crate) now: Timestamp,
    /// Where text is kept that is to be shown all at once, with its notes.
    pub(crate) frame: Option<Rc<RefCell<String>>>,
    /// Where text is kept for the pager until the command is done.
    pub(crate) pages: Option<Rc<Pages>>,
}

impl Output {
    /// Prints a list.
    pub(crate) fn list<T>(&self, list: &Listing<T>, view: &View<T>) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.data(&with_newline(&list.text)),
            Format::Jsonl => self.data(&json_lines(&list.text)?),
            _ => self.rows(&list.items, view),
        }?;
        if let (Some(cursor), true) = (&list.next_cursor, self.format.is_for_people()) {
            self.note(&format!("There is more: --cursor {cursor}"));
        }
        Ok(())
    }

    /// Prints one object: in a table, as a record of all its fields.
    pub(crate) fn item<T>(&self, answer: &Answer<T>, view: &View<T>) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Jsonl => self.data(&with_newline(&answer.text)),
            _ => self.record(&answer.value, view),
        }
    }

    /// Prints one object in any format but JSON: in a table, as a record of all its fields.
    pub(crate) fn record<T>(&self, object: &T, view: &View<T>) -> Result<(), Failure> {
        let objects = std::slice::from_ref(object);
        if !self.format.is_for_people() {
            return self.rows(objects, view);
        }
        let columns = self.pick(view, true)?;
        let (heads, rows) = self.cells(objects, &columns);
        self.data(&table::records(&heads, &rows))
    }

    /// Prints one object in any format but JSON: in a table, as a record of the fields that it has.
    pub(crate) fn known<T>(&self, object: &T, view: &View<T>) -> Result<(), Failure> {
        if !self.format.is_for_people() {
            return self.rows(std::slice::from_ref(object), view);
        }
        let columns = self.pick(view, true)?;
        let is_asked_for = !self.columns.is_empty();
        let known = columns
            .into_iter()
            .filter(|column| is_asked_for || !(column.cell)(object).is_nothing());
        let columns: Vec<_> = known.collect();
        let (heads, rows) = self.cells(std::slice::from_ref(object), &columns);
        self.data(&table::records(&heads, &rows))
    }

    /// Prints the result of a change: a sentence for people, the object for scripts.
    pub(crate) fn changed<T>(
        &self,
        answer: &Answer<T>,
        view: &View<T>,
        sentence: &str,
    ) -> Result<(), Failure> {
        if self.format.is_for_people() {
            self.sentence(sentence)
        } else {
            self.item(answer, view)
        }
    }

    /// An answer as JSON, whatever its type.
    pub(crate) fn item_as_sent<T>(&self, answer: &Answer<T>) -> Result<(), Failure> {
        self.json_as_sent(&answer.text)
    }

    /// The text of an answer.
    pub(crate) fn json_as_sent(&self, text: &str) -> Result<(), Failure> {
        self.data(&with_newline(text))
    }

    /// Any text of the API as it came; a list as lines where they are asked for.
    pub(crate) fn text_of_api(&self, text: &str) -> Result<(), Failure> {
        let is_list = text.trim_start().starts_with('{')
            && serde_json::from_str::<Value>(text).is_ok_and(|it| it["items"].is_array());
        if self.format == Format::Jsonl && is_list {
            return self.data(&json_lines(text)?);
        }
        self.data(&with_newline(text))
    }

    /// A sentence for people that is the whole result; nothing in formats for scripts.
    pub(crate) fn sentence(&self, sentence: &str) -> Result<(), Failure> {
        if self.quiet || !self.format.is_for_people() {
            return Ok(());
        }
        self.data(&format!("{}\n", cell::harmless(sentence)))
    }

    /// A block of text for people, several lines, made of harmless parts.
    pub(crate) fn block(&self, text: &str) -> Result<(), Failure> {
        self.data(text)
    }

    /// An object made by relayctl itself, as JSON.
    pub(crate) fn own_json(&self, object: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(object)
            .map_err(|error| Failure::local("cannot write JSON", &error))?;
        self.data(&with_newline(&text))
    }

    /// Rows that relayctl made itself, in any format.
    pub(crate) fn own_rows<T: Serialize>(
        &self,
        items: &[T],
        view: &View<T>,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => {
                self.own_json(&serde_json::json!({"items": items, "next_cursor": null}))
            }
            Format::Jsonl => items.iter().try_for_each(|item| self.own_json(item)),
            _ => self.rows(items, view),
        }
    }

    /// Rows in any format that is not JSON.
    pub(crate) fn rows<T>(&self, items: &[T], view: &View<T>) -> Result<(), Failure> {
        if items.is_empty() {
            self.note(view.empty);
        }
        match self.format {
            Format::Name => {
                let mut lines = String::new();
                for item in items {
                    lines.extend([
                        (view.name)(item),
                        "
",
                    ]);
                }
                self.data(&lines)
            }
            Format::Tsv => self.data(&self.tsv(items, &self.pick(view, false)?)),
            _ => self.table(items, view),
        }
    }

    /// What a person wants to know beside the data; silent under `-q`.
    pub(crate) fn note(&self, text: &str) {
        if self.quiet || text.is_empty() {
            return;
        }
        match &self.frame {
            Some(frame) => frame.borrow_mut().extend([&cell::harmless(text), "\n"]),
            None => self.aside(text),
        }
    }

    /// The next step, for people only.
    pub(crate) fn next(&self, text: &str) {
        if self.format.is_for_people() {
            self.note(&format!("Next: {text}"));
        }
    }

    /// Details under `-v`.
    pub(crate) fn detail(&self, text: &str) {
        if self.verbose {
            self.aside(text);
        }
    }

    /// A note, which waits while there is text for the pager.
    fn aside(&self, text: &str) {
        let pages = self.pages.as_ref();
        if !pages.is_some_and(|pages| pages.keeps(text)) {
            note(text);
        }
    }

    fn table<T>(&self, items: &[T], view: &View<T>) -> Result<(), Failure> {
        if items.is_empty() {
            return Ok(());
        }
        let wide = self.format == Format::Wide;
        let columns = self.pick(view, wide)?;
        let (heads, rows) = self.cells(items, &columns);
        let width = if wide || !self.columns.is_empty() {
            None
        } else {
            self.width
        };
        let layout = table::list(&heads, &rows, width, self.header);
        self.data(&self.with_bold_header(layout.text, width.is_some()))?;
        if layout.hidden > 0 {
            let s = if layout.hidden == 1 { "" } else { "s" };
            self.note(&format!(
                "({} column{s} hidden; use -o wide)",
                layout.hidden
            ));
        }
        Ok(())
    }

    fn with_bold_header(&self, text: String, fitted: bool) -> String {
        let bold = self.color && self.header && (fitted || self.width.is_some());
        match text.split_once('\n') {
            Some((first, rest)) if bold => format!("\x1b[1m{first}\x1b[0m\n{rest}"),
            _ => text,
        }
    }

    fn cells<T>(&self, items: &[T], columns: &[&Column<T>]) -> (Vec<Head>, Vec<Vec<String>>) {
        let now = self.width.is_some().then_some(self.now);
        let heads = columns
            .iter()
            .map(|column| Head {
                title: column.name.replace('_', " ").to_uppercase(),
                rank: column.rank,
            })
            .collect();
        let rows = items
            .iter()
            .map(|item| {
                columns
                    .iter()
                    .map(|column| (column.cell)(item).for_people(now))
                    .collect()
            })
            .collect();
        (heads, rows)
    }

    fn tsv<T>(&self, items: &[T], columns: &[&Column<T>]) -> String {
        let line = |fields: Vec<String>| fields.join("\t") + "\n";
        let mut text = String::new();
        if self.header {
            text += &line(
                columns
                    .iter()
                    .map(|column| column.name.to_owned())
                    .collect(),
            );
        }
        for item in items {
            let fields = columns
                .iter()
                .map(|column| escape_tsv(&(column.cell)(item).for_scripts()));
            text += &line(fields.collect());
        }
        text
    }

    /// Objects as lines of TSV, titles first where they are wanted.
    pub(crate) fn tsv_lines<T>(&self, items: &[T], view: &View<T>) -> Result<String, Failure> {
        Ok(self.tsv(items, &self.pick(view, false)?))
    }

    /// The columns to show: those that were named, or all, or those that are not `Wide`.
    fn pick<'v, T>(&self, view: &'v View<T>, all: bool) -> Result<Vec<&'v Column<T>>, Failure> {
        if self.columns.is_empty() {
            let shown = view
                .columns
                .iter()
                .filter(|column| all || column.rank != Rank::Wide);
            return Ok(shown.collect());
        }
        let find = |name: &String| {
            let wanted = name.trim().to_lowercase().replace([' ', '-'], "_");
            view.columns
                .iter()
                .find(|column| column.name == wanted)
                .ok_or_else(|| {
                    let known: Vec<_> = view.columns.iter().map(|column| column.name).collect();
                    Failure::usage(format!("there is no column `{name}`"))
                        .hint(format!("valid are {}", known.join(", ")))
                })
        };
        self.columns.iter().map(find).collect()
    }

    fn data(&self, text: &str) -> Result<(), Failure> {
        if let Some(frame) = &self.frame {
            frame.borrow_mut().push_str(text);
            return Ok(());
        }
        if let Some(pages) = &self.pages {
            pages.add(text);
            return Ok(());
        }
        write_stdout(text).map_err(Failure::from)
    }
}

impl From<StdoutError> for Failure {
    fn from(error: StdoutError) -> Self {
        match error {
            StdoutError::ReaderGone => Self::silent(Exit::Done),
            StdoutError::Failed(error) => Self::local("cannot write to stdout", &error),
        }
    }
}

fn with_newline(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() {
        String::new()
    } else {
        format!("{text}\n")
    }
}

/// The objects of a page, one a line.
pub(crate) fn json_lines(text: &str) -> Result<String, Failure> {
    let value = json_of(text)?;
    let items = value
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let lines: Vec<_> = items.iter().map(|item| item.to_string() + "\n").collect();
    Ok(lines.concat())
}
