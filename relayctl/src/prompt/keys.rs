//! What a person types, as keys: the bytes of a terminal in raw mode, one after the other.

use zeroize::Zeroizing;

/// A key, or what was pasted at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Text(char),
    /// Told as such by the terminal, so that its line ends are no answers.
    Paste(Zeroizing<String>),
    Enter,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    EraseLine,
    EraseWord,
    EraseRest,
    Escape,
    /// Ctrl-L.
    Redraw,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    EndOfInput,
    /// Ctrl-Z.
    Suspend,
}

/// Longest sequence of a key that is known; a longer one is none.
const SEQUENCE_MAX: usize = 16;

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// After ESC [.
    Control(Vec<u8>),
    /// After ESC O.
    Application,
    /// Within a character of so many bytes.
    Character(Zeroizing<Vec<u8>>, usize),
}

/// Puts bytes together to keys.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// What was pasted so far, while something is.
    paste: Option<Zeroizing<String>>,
}

impl Decoder {
    /// Takes a byte; gives the key that it ends, if any.
    pub(super) fn push(&mut self, byte: u8) -> Option<Key> {
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte),
            State::Escape => {
                self.state = match byte {
                    b'[' => State::Control(Vec::new()),
                    b'O' => State::Application,
                    0x1b => State::Escape,
                    _ => State::Ground,
                };
                None
            }
            State::Application => arrow(byte),
            State::Control(mut sequence) => match byte {
                0x20..=0x3f if sequence.len() < SEQUENCE_MAX => {
                    sequence.push(byte);
                    self.state = State::Control(sequence);
                    None
                }
                _ => self.control(&sequence, byte),
            },
            State::Character(mut bytes, length) => {
                if byte & 0xc0 != 0x80 {
                    return self.push(byte);
                }
                bytes.push(byte);
                if bytes.len() < length {
                    self.state = State::Character(bytes, length);
                    return None;
                }
                let text = std::str::from_utf8(&bytes).ok()?;
                text.chars().next().and_then(|it| self.text(it))
            }
        }
    }

    /// Nothing came for a while: an ESC that stands alone was the key of that name.
    pub(super) fn idle(&mut self) -> Option<Key> {
        match self.state {
            State::Escape => {
                self.state = State::Ground;
                Some(Key::Escape)
            }
            _ => None,
        }
    }

    fn ground(&mut self, byte: u8) -> Option<Key> {
        let wanted = match byte {
            0x1b => {
                self.state = State::Escape;
                return None;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x20..=0x7e => return self.text(char::from(byte)),
            b'\t' | b'\r' | b'\n' if self.paste.is_some() => {
                return self.text(if byte == b'\t' { ' ' } else { '\n' });
            }
            _ if self.paste.is_some() => return None,
            _ => return by_control(byte),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(4));
        bytes.push(byte);
        self.state = State::Character(bytes, wanted);
        None
    }

    fn text(&mut self, character: char) -> Option<Key> {
        if let Some(paste) = &mut self.paste {
            paste.push(character);
            return None;
        }
        Some(Key::Text(character))
    }

    fn control(&mut self, sequence: &[u8], last: u8) -> Option<Key> {
        match (sequence, last) {
            (b"200", b'~') => {
                self.paste = Some(Zeroizing::new(String::new()));
                None
            }
            (b"201", b'~') => self.paste.take().map(Key::Paste),
            _ if self.paste.is_some() => None,
            (b"1" | b"7", b'~') => Some(Key::Home),
            (b"4" | b"8", b'~') => Some(Key::End),
            (b"3", b'~') => Some(Key::Delete),
            _ => arrow(last),
        }
    }
}

fn arrow(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        _ => return None,
    })
}

/// Control characters, as shells use them.
fn by_control(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' | b'\n' => Key::Enter,
        0x7f | 0x08 => Key::Backspace,
        0x01 => Key::Home,
        0x02 => Key::Left,
        // Ctrl-\ would leave a core elsewhere; here it ends as Ctrl-C does.
        0x03 | 0x1c => Key::Interrupt,
        0x04 => Key::EndOfInput,
        0x05 => Key::End,
        0x06 => Key::Right,
        0x0b => Key::EraseRest,
        0x0c => Key::Redraw,
        0x0e => Key::Down,
        0x10 => Key::Up,
        0x15 => Key::EraseLine,
        0x17 => Key::EraseWord,
        0x1a => Key::Suspend,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut decoder = Decoder::default();
        let mut keys: Vec<_> = bytes.iter().filter_map(|it| decoder.push(*it)).collect();
        keys.extend(decoder.idle());
        keys
    }

    #[test]
    fn bytes_become_keys() {
        let text = |text: &str| text.chars().map(Key::Text).collect::<Vec<_>>();
        let table: Vec<(&[u8], Vec<Key>)> = vec![
            (b"ab", text("ab")),
            ("ä€😀".as_bytes(), text("ä€😀")),
            (b"\r", vec![Key::Enter]),
            (b"\x1b[A\x1bOB", vec![Key::Up, Key::Down]),
            (b"\x1b[1;5C", vec![Key::Right]),
            (
                b"\x1b[3~\x1b[1~\x1b[4~",
                vec![Key::Delete, Key::Home, Key::End],
            ),
            (b"\x1b", vec![Key::Escape]),
            (b"\x1bx", vec![]),
            (
                b"\x03\x04\x1a",
                vec![Key::Interrupt, Key::EndOfInput, Key::Suspend],
            ),
            // What is no UTF-8 is nothing, and takes nothing along.
            (b"\xc3a", text("a")),
            (b"\xff\x80b", text("b")),
            (b"\x1b[99999999999999999999A", text("999A")),
        ];
        for (bytes, expected) in table {
            assert_eq!(keys(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_pasted_comes_at_once() {
        let pasted = |text: &str| Key::Paste(Zeroizing::new(text.to_owned()));
        assert_eq!(
            keys(b"\x1b[200~one\rtwo\x03\x1b[Ax\x1b[201~\r"),
            [pasted("one\ntwox"), Key::Enter]
        );
    }
}
