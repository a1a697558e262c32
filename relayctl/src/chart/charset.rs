//! Which characters a picture is made of: those of Unicode, or plain ASCII.

use ratatui::buffer::Buffer;

use crate::environment::Environment;

/// What the terminal, or whoever reads the file, can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Unicode,
    Ascii,
}

impl Charset {
    /// ASCII when it is asked for, when the locale is not one of UTF-8, and on a dumb terminal.
    pub(crate) fn decide(ascii: bool, environment: &Environment) -> Self {
        // The first that is set decides, as it does for all programs (POSIX, 8.2).
        let names = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = names.iter().find_map(|name| environment.text(name));
        let is_utf8 = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_uppercase();
            locale.contains("UTF-8") || locale.contains("UTF8")
        });
        if ascii || !is_utf8 || environment.is_dumb() {
            Self::Ascii
        } else {
            Self::Unicode
        }
    }

    /// Replaces what cannot be shown.
    pub(crate) fn apply(self, buffer: &mut Buffer) {
        if self == Self::Unicode {
            return;
        }
        for cell in &mut buffer.content {
            if let Some(symbol) = plain(cell.symbol()) {
                cell.set_symbol(symbol);
            }
        }
    }
}

/// What stands for a symbol that is not ASCII.
fn plain(symbol: &str) -> Option<&'static str> {
    let character = symbol.chars().next()?;
    if symbol.is_ascii() {
        return None;
    }
    Some(match character {
        '█' => "#",
        '▃' | '▄' | '▅' => ":",
        '▁' | '▂' => ".",
        '▋' | '▊' | '▉' => "=",
        '▏' | '▎' | '▍' | '▌' | '─' | '·' => "-",
        '▆' | '▇' | '│' => "|",
        '┤' | '┴' | '┼' | '└' => "+",
        '›' => ">",
        '…' => "~",
        '×' => "x",
        '⠀' => " ",
        '⠁'..='⣿' => "*",
        _ => "?",
    })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn the_locale_decides_in_its_order() {
        for (ascii, variables, expected) in [
            (false, vec![("LANG", "en_US.UTF-8")], Charset::Unicode),
            (false, vec![("LANG", "C.utf8")], Charset::Unicode),
            (false, vec![("LANG", "C")], Charset::Ascii),
            (false, vec![], Charset::Ascii),
            (
                false,
                vec![("LANG", "de_DE.UTF-8"), ("LC_ALL", "POSIX")],
                Charset::Ascii,
            ),
            (
                false,
                vec![("LC_CTYPE", "C.UTF-8"), ("LANG", "C")],
                Charset::Unicode,
            ),
            (true, vec![("LANG", "C.UTF-8")], Charset::Ascii),
            (
                false,
                vec![("LANG", "C.UTF-8"), ("TERM", "dumb")],
                Charset::Ascii,
            ),
        ] {
            let mut environment = Environment::default();
            for (name, value) in &variables {
                environment.set(name, value);
            }
            let charset = Charset::decide(ascii, &environment);
            assert_eq!(charset, expected, "{ascii} {variables:?}");
        }
    }

    #[test]
    fn nothing_but_ascii_is_left() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 1));
        let text = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉─│┤┴┼└›…·×⠀⡀⣿ Grüße 你 a";
        buffer.set_string(0, 0, text, Style::new());
        Charset::Ascii.apply(&mut buffer);
        let shown: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(shown.is_ascii(), "{shown}");
        assert!(
            shown.starts_with("..:::||#----===-|++++>~-x ** Gr?"),
            "{shown}"
        );
    }
}
