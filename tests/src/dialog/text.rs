//! Bytes as people write them, and patterns of lines.

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// The bytes that `text` stands for: `\r \n \t \0 \\ \xHH`, `{base64 TEXT}`, `{repeat N TEXT}`.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{']) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        rest = match special.strip_prefix('\\') {
            Some(escape) => unescaped(escape, &mut out)?,
            None => generated(special, &mut out)?,
        };
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

/// Reads what follows a backslash; gives what follows it.
fn unescaped<'a>(escape: &'a str, out: &mut Vec<u8>) -> Result<&'a str> {
    let mut chars = escape.chars();
    let byte = match chars.next() {
        Some('r') => b'\r',
        Some('n') => b'\n',
        Some('t') => b'\t',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('x') => {
            let digits = escape.get(1..3).context("\\x needs two digits")?;
            out.push(u8::from_str_radix(digits, 16)?);
            return Ok(&escape[3..]);
        }
        other => bail!("\\{} is no escape", other.unwrap_or(' ')),
    };
    out.push(byte);
    Ok(chars.as_str())
}

/// Carries out `{…}`; gives what follows it.
fn generated<'a>(special: &'a str, out: &mut Vec<u8>) -> Result<&'a str> {
    let (inner, rest) = special[1..]
        .split_once('}')
        .context("a { without }; \\x7b is a plain one")?;
    match inner.split_once(' ') {
        Some(("base64", text)) => out.extend(BASE64.encode(bytes(text)?).into_bytes()),
        Some(("repeat", arguments)) => {
            let (count, text) = arguments.split_once(' ').context("{repeat N TEXT}")?;
            out.extend(bytes(text)?.repeat(count.parse()?));
        }
        _ => bail!("{{{inner}}} is not known; \\x7b is a plain {{"),
    }
    Ok(rest)
}

/// A line in which `*` stands for anything.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// As it stands in the file.
    pub(super) shown: String,
    parts: Vec<Vec<u8>>,
}

impl Pattern {
    pub(super) fn read(text: &str) -> Result<Self> {
        let parts = text.split('*').map(bytes).collect::<Result<_>>()?;
        Ok(Self {
            shown: text.to_owned(),
            parts,
        })
    }

    /// Three digits alone: a reply with this code, of any text and any number of lines.
    pub(super) fn whole_reply(&self) -> Option<&str> {
        let digits = self.shown.len() == 3 && self.shown.bytes().all(|b| b.is_ascii_digit());
        digits.then_some(self.shown.as_str())
    }

    pub(super) fn matches(&self, line: &[u8]) -> bool {
        let Some((first, others)) = self.parts.split_first() else {
            return line.is_empty();
        };
        let Some(mut rest) = line.strip_prefix(first.as_slice()) else {
            return false;
        };
        let Some((last, middle)) = others.split_last() else {
            return rest.is_empty();
        };
        for part in middle {
            let Some(at) = memchr::memmem::find(rest, part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_bytes() {
        for (text, expected) in [
            ("NOOP", &b"NOOP"[..]),
            (r"a\r\n\0\\\xff", b"a\r\n\0\\\xff"),
            (r"AUTH PLAIN {base64 \0a\0b}!", b"AUTH PLAIN AGEAYg==!"),
            (r"{repeat 3 ab\n}", b"ab\nab\nab\n"),
            ("é", "é".as_bytes()),
        ] {
            assert_eq!(bytes(text).unwrap(), expected, "{text}");
        }
        for wrong in [r"\q", r"\x1", "{base64", "{what x}", "{repeat x y}"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, line, expected) in [
            ("250 2.0.0 Ok", "250 2.0.0 Ok", true),
            ("250 2.0.0 Ok", "250 2.0.0 Ok!", false),
            ("250 *", "250 anything", true),
            ("550 5.7.1 * [a]", "550 5.7.1 x [b] [a]", true),
            ("550 5.7.1 * [a]", "550 5.7.1 x [a] y", false),
            ("a*b*b", "ab", false),
            ("*", "", true),
        ] {
            let pattern = Pattern::read(pattern).unwrap();
            assert_eq!(
                pattern.matches(line.as_bytes()),
                expected,
                "{}",
                pattern.shown
            );
        }
        assert_eq!(Pattern::read("250").unwrap().whole_reply(), Some("250"));
    }
}
