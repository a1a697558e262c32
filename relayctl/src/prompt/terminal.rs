//! The terminal while a question is open: raw, so that keys come one by one, and back as it was
//! whatever ends the question.
//!
//! What is drawn never fills the last column, so that no line wraps by itself and a row that was
//! drawn is a row on the screen.

use std::io::Write as _;

use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcgetwinsize, tcsetattr,
};

use super::interrupt;
use super::keys::{Decoder, Key};
use crate::error::Failure;
use crate::output::cell::{harmless, wrap};

/// How long to wait for a key before looking at the size again, in tenths of a second.
const GLANCE: u8 = 2;
/// Where nothing else is known.
const SIZE: (usize, usize) = (80, 24);
/// Asks the terminal to mark what is pasted, and to stop that.
const MARK_PASTE: &str = "\x1b[?2004h";
/// The cursor is shown, and pastes are no longer marked: what every question leaves behind.
pub(super) const AS_BEFORE: &str = "\x1b[?2004l\x1b[?25h";

/// What happened at the terminal.
#[derive(Debug)]
pub(super) enum Event {
    Key(Key),
    /// Its size changed, or something else may stand on it now: draw anew.
    Changed,
    /// Ctrl-Z gave it to the shell, and now it is back: nothing of the question stands on it.
    Resumed,
}

/// The terminal of an open question; dropping it puts everything back.
#[derive(Debug)]
pub(super) struct Terminal {
    before: Termios,
    raw: Termios,
    decoder: Decoder,
    size: (usize, usize),
    /// Rows that were drawn, to be drawn over.
    rows: Vec<String>,
}

impl Terminal {
    /// Takes the terminal. With `anew` what was typed before the question is no answer to it.
    pub(super) fn open(anew: bool) -> Result<Self, Failure> {
        interrupt::guard();
        let before = tcgetattr(std::io::stdin()).map_err(broken)?;
        let mut raw = before.clone();
        raw.make_raw();
        // Line ends on the screen stay what they are, for whoever writes meanwhile.
        raw.output_modes = before.output_modes;
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = GLANCE;
        let terminal = Self {
            before,
            raw,
            decoder: Decoder::default(),
            size: size(),
            rows: Vec::new(),
        };
        terminal.take()?;
        if anew {
            tcflush(std::io::stdin(), QueueSelector::IFlush).map_err(broken)?;
        }
        Ok(terminal)
    }

    fn take(&self) -> Result<(), Failure> {
        tcsetattr(std::io::stdin(), OptionalActions::Drain, &self.raw).map_err(broken)?;
        print(MARK_PASTE);
        Ok(())
    }

    fn give_back(&self) {
        print(AS_BEFORE);
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &self.before);
    }

    /// Columns that may be drawn to, and rows.
    pub(super) const fn room(&self) -> (usize, usize) {
        (self.size.0.saturating_sub(1), self.size.1)
    }

    /// Waits for what happens next.
    pub(super) fn event(&mut self) -> Result<Event, Failure> {
        loop {
            let mut byte = [0];
            let key = match rustix::io::read(std::io::stdin(), &mut byte) {
                Ok(0) => {
                    if self.has_changed()? {
                        return Ok(Event::Changed);
                    }
                    self.decoder.idle()
                }
                Ok(_) => self.decoder.push(byte[0]),
                Err(rustix::io::Errno::INTR) => None,
                Err(error) => return Err(broken(error)),
            };
            match key {
                Some(Key::Suspend) => {
                    self.suspend()?;
                    return Ok(Event::Resumed);
                }
                Some(Key::Redraw) => return Ok(Event::Changed),
                Some(key) => return Ok(Event::Key(key)),
                None => {}
            }
        }
    }

    /// Whether the window has another size, or somebody else had the terminal meanwhile.
    fn has_changed(&mut self) -> Result<bool, Failure> {
        // Of a terminal that is gone this fails.
        let now = tcgetattr(std::io::stdin()).map_err(broken)?;
        let is_taken = !now.local_modes.contains(LocalModes::ICANON);
        if !is_taken {
            self.take()?;
        }
        let size = size();
        let has_grown = size != self.size;
        self.size = size;
        Ok(has_grown || !is_taken)
    }

    /// Ctrl-Z: back to the shell, until it lets this go on.
    fn suspend(&mut self) -> Result<(), Failure> {
        self.give_back();
        print("\n");
        self.rows.clear();
        // Without a shell that could let it go on, nothing stops.
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        self.take()
    }

    /// Draws these rows in the place of those before, with the cursor in this column of the last.
    pub(super) fn draw(&mut self, rows: Vec<String>, column: usize, hides_cursor: bool) {
        let mut text = self.wiped();
        text.push_str(&rows.join("\n"));
        text.push('\r');
        if column > 0 {
            text.push_str(&format!("\x1b[{column}C"));
        }
        text.push_str(if hides_cursor {
            "\x1b[?25l"
        } else {
            "\x1b[?25h"
        });
        print(&text);
        self.rows = rows;
    }

    /// Draws these rows, and goes on below them.
    pub(super) fn leave(&mut self, rows: &[String]) {
        let text = self.wiped() + &rows.join("\n") + "\n\x1b[?25h";
        print(&text);
        self.rows.clear();
    }

    /// To the beginning of what was drawn, which is wiped.
    fn wiped(&self) -> String {
        let width = self.size.0.max(1);
        // A window that became narrower has broken the rows.
        let on_screen = |row: &String| console::measure_text_width(row).div_ceil(width).max(1);
        let above: usize = self.rows.iter().map(on_screen).sum();
        match above.saturating_sub(1) {
            0 => "\r\x1b[J".to_owned(),
            above => format!("\r\x1b[{above}A\x1b[J"),
        }
    }

    /// A text on rows of its own that stay, such as a long question; broken between words, or
    /// within those that are too long.
    pub(super) fn rows_of(&self, text: &str) -> Vec<String> {
        let (room, _) = self.room();
        let cut = |line: String| {
            let characters: Vec<char> = line.chars().collect();
            let pieces = characters.chunks(room.max(1)).map(String::from_iter);
            pieces.collect::<Vec<_>>()
        };
        wrap(&harmless(text), room)
            .into_iter()
            .flat_map(cut)
            .collect()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Columns and rows of the terminal that questions are drawn on.
fn size() -> (usize, usize) {
    match tcgetwinsize(std::io::stderr()) {
        Ok(found) if found.ws_col > 0 && found.ws_row > 0 => {
            (usize::from(found.ws_col), usize::from(found.ws_row))
        }
        _ => SIZE,
    }
}

/// Writes to the terminal; one that is gone is noticed when it is read.
fn print(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

fn broken(error: rustix::io::Errno) -> Failure {
    Failure::local("the terminal cannot be read", &std::io::Error::from(error))
        .hint("give the values as flags, or start it on another terminal")
}
