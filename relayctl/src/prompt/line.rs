//! The line that a person types: its text, the place of the cursor, and what fits on the screen.

use zeroize::Zeroizing;

use super::keys::Key;

/// Longest answer in bytes; nothing that is asked for is longer.
const LONGEST: usize = 4096;

/// What a key ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Entered,
    Cancelled,
}

/// A line while it is typed. It may be a secret, so its memory is wiped and never moved.
#[derive(Debug)]
pub(super) struct Line {
    text: Zeroizing<String>,
    /// Where the cursor is, in bytes.
    at: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(LONGEST)),
            at: 0,
        }
    }
}

impl Line {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.at = 0;
    }

    /// Takes a key; says whether it ended the line.
    pub(super) fn press(&mut self, key: &Key) -> Option<Done> {
        match key {
            Key::Enter => return Some(Done::Entered),
            Key::Interrupt => return Some(Done::Cancelled),
            Key::EndOfInput if self.text.is_empty() => return Some(Done::Cancelled),
            Key::Text(character) => self.insert(*character),
            // The lines after the first were meant for something else.
            Key::Paste(text) => {
                let text = text.trim_start_matches('\n');
                let line = text.split('\n').next().unwrap_or_default();
                line.chars().for_each(|character| self.insert(character));
            }
            Key::Backspace => {
                if let Some(before) = self.before() {
                    self.text.replace_range(before..self.at, "");
                    self.at = before;
                }
            }
            Key::Delete | Key::EndOfInput => {
                if let Some(after) = self.after() {
                    self.text.replace_range(self.at..after, "");
                }
            }
            Key::Left => self.at = self.before().unwrap_or(self.at),
            Key::Right => self.at = self.after().unwrap_or(self.at),
            Key::Home => self.at = 0,
            Key::End => self.at = self.text.len(),
            Key::EraseLine => self.erase(0, self.at),
            Key::EraseRest => self.text.truncate(self.at),
            Key::EraseWord => {
                let head = self.text.get(..self.at).unwrap_or_default();
                let word = head.trim_end().rfind(' ').map_or(0, |space| space + 1);
                self.erase(word, self.at);
            }
            Key::Up | Key::Down | Key::Escape | Key::Redraw | Key::Suspend => {}
        }
        None
    }

    fn insert(&mut self, character: char) {
        if !character.is_control() && self.text.len() + character.len_utf8() <= LONGEST {
            self.text.insert(self.at, character);
            self.at += character.len_utf8();
        }
    }

    fn erase(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    fn before(&self) -> Option<usize> {
        let head = self.text.get(..self.at)?;
        head.char_indices().next_back().map(|(place, _)| place)
    }

    fn after(&self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        rest.chars().next().map(|it| self.at + it.len_utf8())
    }

    /// The part around the cursor that fits into so many columns, and the cursor's column in it.
    pub(super) fn window(&self, room: usize) -> (String, usize) {
        let head = self.text.get(..self.at).unwrap_or_default();
        let rest = self.text.get(self.at..).unwrap_or_default();
        // The cursor itself takes a column.
        let shown = end_of(&crate::output::cell::harmless(head), room.saturating_sub(1));
        let column = console::measure_text_width(&shown);
        let left = room.saturating_sub(column);
        let rest = crate::output::cell::harmless(rest);
        (shown + &beginning_of(&rest, left), column)
    }
}

/// As much of the beginning as fits into so many columns.
pub(super) fn beginning_of(text: &str, room: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += width(*character);
        used <= room
    };
    text.chars().take_while(fits).collect()
}

fn end_of(text: &str, room: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += width(*character);
        used <= room
    };
    let end: Vec<char> = text.chars().rev().take_while(fits).collect();
    end.into_iter().rev().collect()
}

fn width(character: char) -> usize {
    console::measure_text_width(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        for key in keys {
            assert_eq!(line.press(key), None, "{key:?}");
        }
        line
    }

    fn letters(text: &str) -> Vec<Key> {
        text.chars().map(Key::Text).collect()
    }

    #[test]
    fn a_line_is_edited_as_in_a_shell() {
        let table: [(&[Key], &str); 8] = [
            (&[], "ops ätest"),
            (&[Key::Backspace], "ops ätes"),
            (&[Key::Home, Key::Delete], "ps ätest"),
            (&[Key::EraseWord], "ops "),
            (&[Key::EraseLine], ""),
            (&[Key::Home, Key::Right, Key::EraseRest], "o"),
            (&[Key::Left, Key::Left, Key::Text('x')], "ops ätexst"),
            (&[Key::Up, Key::Escape, Key::EndOfInput], "ops ätest"),
        ];
        for (keys, expected) in table {
            let line = typed(&[&letters("ops ätest"), keys].concat());
            assert_eq!(line.text(), expected, "{keys:?}");
        }
    }

    #[test]
    fn enter_ends_it_and_ctrl_d_only_when_it_is_empty() {
        assert_eq!(Line::default().press(&Key::Enter), Some(Done::Entered));
        assert_eq!(
            Line::default().press(&Key::EndOfInput),
            Some(Done::Cancelled)
        );
        let mut line = typed(&letters("a"));
        assert_eq!(line.press(&Key::EndOfInput), None);
        assert_eq!(line.press(&Key::Interrupt), Some(Done::Cancelled));
    }

    #[test]
    fn of_a_paste_the_first_line_counts_and_it_does_not_answer() {
        let paste = Key::Paste(Zeroizing::new("\nacme\nrm -rf x\n".to_owned()));
        assert_eq!(typed(&[paste]).text(), "acme");
        let long = Key::Paste(Zeroizing::new("x".repeat(9000)));
        assert_eq!(typed(&[long]).text().len(), LONGEST);
    }

    #[test]
    fn a_narrow_window_shows_the_part_around_the_cursor() {
        let mut line = typed(&letters("abcdefghij"));
        assert_eq!(line.window(20), ("abcdefghij".to_owned(), 10));
        assert_eq!(line.window(5), ("ghij".to_owned(), 4));
        line.press(&Key::Home);
        assert_eq!(line.window(5), ("abcde".to_owned(), 0));
        // A wide character takes two columns or none.
        let wide = typed(&letters("日本語"));
        assert_eq!(wide.window(6), ("本語".to_owned(), 4));
        assert_eq!(wide.window(0), (String::new(), 0));
    }
}
