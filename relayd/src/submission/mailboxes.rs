//! Mailbox lists of From and Sender (RFC 5322 §3.4): read, written, and compared with how others
//! might read them.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{HeaderValue, parsers::MessageStream};

use crate::model::Address;

/// Longest display name that we write; with its address it stays far below a line's 998 octets.
const MAX_NAME: usize = 200;

/// A display name, maybe empty, and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mailbox {
    pub(super) name: String,
    pub(super) address: Address,
}

/// Why a value is no list of mailboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum MailboxError {
    #[error("no list of addresses")]
    List,
    #[error("no address, or more than can be told apart")]
    Count,
    #[error("not a mail address")]
    Address,
}

/// Reads a mailbox list, encoded words (RFC 2047) included. Groups are no authors.
pub(super) fn parse(value: &[u8]) -> Result<Vec<Mailbox>, MailboxError> {
    let value = &in_utf8(value);
    let shape = Shape::of(value);
    if let Some(address) = shape.only_address()
        && value.trim_ascii_end().ends_with(b">")
    {
        let name = value.iter().take_while(|byte| **byte != b'<');
        let name: Vec<u8> = name.chain(b"\r\n").copied().collect();
        return Ok(vec![Mailbox {
            name: unstructured(&name),
            address,
        }]);
    }
    let parsed = MessageStream::new(value).parse_address();
    let HeaderValue::Address(mail_parser::Address::List(list)) = parsed else {
        return Err(MailboxError::List);
    };
    if list.is_empty() || shape.angles.len() > list.len() {
        return Err(MailboxError::Count);
    }
    let mailboxes = list.into_iter().map(|mailbox| {
        let address = mailbox.address.unwrap_or_default();
        Ok(Mailbox {
            name: mailbox.name.unwrap_or_default().into_owned(),
            address: address.parse().map_err(|_| MailboxError::Address)?,
        })
    });
    mailboxes.collect()
}

/// What is not UTF-8 is Latin-1, as old devices write it.
fn in_utf8(value: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(value).is_ok() {
        return Cow::Borrowed(value);
    }
    let text: String = value.iter().copied().map(char::from).collect();
    Cow::Owned(text.into_bytes())
}

/// Free text, with CRLF at its end, with its encoded words decoded.
fn unstructured(text: &[u8]) -> String {
    match MessageStream::new(text).parse_unstructured() {
        HeaderValue::Text(text) => text.trim().to_owned(),
        _ => String::new(),
    }
}

/// Whether every reader finds exactly `mailboxes` in `value`: nothing is left open, each address
/// stands alone in its brackets, and there is no `@` outside of quotes beside theirs.
///
/// An encoded word is an atom, and stays; but some readers decode before they parse, so one that
/// hides brackets, an `@` or a control character is not left to them.
pub(super) fn is_unambiguous(value: &[u8], mailboxes: &[Mailbox]) -> bool {
    if value.trim_ascii() == write(mailboxes).as_bytes() {
        return true;
    }
    let shape = Shape::of(value);
    let same = |text: &[u8], mailbox: &Mailbox| {
        text.eq_ignore_ascii_case(mailbox.address.as_str().as_bytes())
    };
    let addresses_stand_alone = if shape.angles.is_empty() {
        let parts: Vec<_> = shape
            .bare
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .collect();
        parts.len() == mailboxes.len()
            && parts
                .iter()
                .zip(mailboxes)
                .all(|(part, mailbox)| same(part, mailbox))
    } else {
        let commas = memchr::memchr_iter(b',', &shape.bare).count();
        shape.angles.len() == mailboxes.len()
            && commas + 1 == mailboxes.len()
            && shape
                .angles
                .iter()
                .zip(mailboxes)
                .all(|(angle, mailbox)| same(angle, mailbox))
    };
    let at_signs = memchr::memchr_iter(b'@', &shape.bare).count();
    let expected = if shape.angles.is_empty() {
        mailboxes.len()
    } else {
        0
    };
    let has_encoded_words = memchr::memmem::find(value, b"=?").is_some();
    // A character set that we cannot read: what shifts between its tables is no harm.
    let may_shift = holds_iso_2022(value);
    let is_harmful = |c: char| c.is_control() && !(may_shift && SHIFTS.contains(&c));
    let names_are_plain = mailboxes.iter().all(|Mailbox { name, .. }| {
        let hides_address = has_encoded_words && name.is_ascii() && name.contains(['@', '<', '>']);
        !hides_address && !name.contains(is_harmful)
    });
    let is_lawful = shape.is_closed
        && shape.ends_at_angles
        && !shape.bare.iter().any(|byte| SPECIALS.contains(byte));
    is_lawful && addresses_stand_alone && at_signs == expected && names_are_plain
}

/// SO, SI and ESC, which ISO 2022 shifts with.
const SHIFTS: [char; 3] = ['\u{e}', '\u{f}', '\u{1b}'];

/// Whether an encoded word names one of the character sets that are built on ISO 2022.
fn holds_iso_2022(value: &[u8]) -> bool {
    let start = b"=?iso-2022-";
    let mut windows = value.windows(start.len());
    windows.any(|window| window.eq_ignore_ascii_case(start))
}

/// The list in the form that nobody misreads: names quoted or encoded, addresses in brackets.
/// Exchange answers `SendAsDenied` to a bare `@` in a name.
pub(super) fn write(mailboxes: &[Mailbox]) -> String {
    let each: Vec<_> = mailboxes.iter().map(write_one).collect();
    each.join(",\r\n ")
}

fn write_one(Mailbox { name, address }: &Mailbox) -> String {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME)
        .collect();
    if name.is_empty() {
        return format!("<{address}>");
    }
    if name.is_ascii() {
        // An encoded word within another one, or within quotes: some readers decode that as well.
        let name = name.replace("=?", "= ?");
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{quoted}\" <{address}>");
    }
    let words = encoded_words(&name);
    let blank = if words.contains('\n') { "\r\n " } else { " " };
    format!("{words}{blank}<{address}>")
}

/// RFC 2047 encoded words, folded so that no line passes 76 characters, the longest name of a
/// field before them included.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > 30 {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words: Vec<_> = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    words.join("\r\n ")
}

/// A value taken apart at its quotes, comments and brackets.
#[derive(Debug, Default)]
struct Shape {
    /// What stands in each `<…>`.
    angles: Vec<Vec<u8>>,
    /// What stands outside of quotes, comments and brackets. A quote leaves a `"` behind.
    bare: Vec<u8>,
    /// Every quote, comment and bracket ends, nothing is escaped outside of them, no comment looks
    /// like an address, and there are no control characters.
    is_closed: bool,
    /// Nothing but a comma stands between `>` and what follows.
    ends_at_angles: bool,
}

/// What may not stand in a display name without quotes (RFC 5322 §3.2.3), the dot apart, which
/// every reader takes (§4.1).
const SPECIALS: &[u8] = b"[]:;";

impl Shape {
    fn of(value: &[u8]) -> Self {
        let mut shape = Self {
            is_closed: true,
            ends_at_angles: true,
            ..Self::default()
        };
        let (mut quoted, mut depth, mut angle, mut escaped) = (false, 0_usize, None, false);
        let mut after_angle = false;
        for byte in value {
            after_angle &= *byte != b',' || quoted || depth > 0;
            let is_text = !quoted && depth == 0 && !b" \t\r\n()".contains(byte);
            shape.ends_at_angles &= !(after_angle && is_text);
            shape.is_closed &= !byte.is_ascii_control() || b"\r\n\t".contains(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => {
                    escaped = true;
                    shape.is_closed &= quoted || depth > 0;
                }
                b'"' if depth == 0 => {
                    quoted = !quoted;
                    shape.bare.push(b'"');
                }
                b'(' if !quoted => depth += 1,
                b')' if !quoted => match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => shape.is_closed = false,
                },
                b'@' | b'<' | b'>' if depth > 0 => shape.is_closed = false,
                _ if quoted || depth > 0 => {}
                b'<' => {
                    shape.is_closed &= angle.is_none();
                    shape.angles.extend(angle.replace(Vec::new()));
                }
                b'>' => match angle.take() {
                    Some(text) => {
                        shape.angles.push(text);
                        after_angle = true;
                    }
                    None => shape.is_closed = false,
                },
                _ => match &mut angle {
                    Some(text) => text.push(*byte),
                    None => shape.bare.push(*byte),
                },
            }
        }
        shape.is_closed &= !quoted && depth == 0 && angle.is_none() && !escaped;
        shape.angles.extend(angle);
        shape
    }

    /// The one address of a display name that lacks its quotes: `Scanner, floor 3 <a@b.example>`.
    /// There is none beside it that somebody could read as the sender.
    fn only_address(&self) -> Option<Address> {
        let lacks_quotes = self.bare.iter().any(|byte| b",:;".contains(byte));
        let is_alone = self.is_closed && self.ends_at_angles && !self.bare.contains(&b'"');
        let (false, [angle]) = (self.bare.contains(&b'@'), self.angles.as_slice()) else {
            return None;
        };
        let address = std::str::from_utf8(angle).ok()?;
        (lacks_quotes && is_alone).then(|| address.parse().ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_lists_are_unambiguous_and_odd_ones_are_not() {
        for (value, expected) in [
            ("scanner@acme.example", true),
            (" Scanner <scanner@ACME.example>", true),
            ("\"ceo@acme.example\" <scanner@acme.example>", true),
            ("scanner@acme.example (third floor)", true),
            ("scanner@acme.example (the ceo@acme.example)", false),
            (
                "=?utf-8?q?ceo=40acme.example?= <scanner@acme.example>",
                false,
            ),
            ("a\0b <scanner@acme.example>", false),
            (
                "a <scanner@acme.example>, \"b, c\" <erp@acme.example>",
                true,
            ),
            ("scanner@acme.example, erp@acme.example", true),
            ("=?utf-8?q?J=C3=BCrgen?= <erp@acme.example>", true),
            ("=?utf-8?q?a=0Db?= <erp@acme.example>", false),
            ("=?utf-8?q?a=1Bb?= <erp@acme.example>", false),
            ("=?iso-2022-jp?q?a=00b?= <erp@acme.example>", false),
            (
                "=?iso-2022-cn?b?GyQpQQ45OzlIDw==?= <erp@acme.example>",
                true,
            ),
            ("=?iso-2022-cn?q?a=0D=0ABcc:?= <erp@acme.example>", false),
            (
                "=?iso-2022-jp?q?ceo=40acme.example?= <erp@acme.example>",
                false,
            ),
            (
                "=?shift_jis?b?PGNlb0BhY21lLmV4YW1wbGU+?= <erp@acme.example>",
                false,
            ),
            ("ceo@acme.example <scanner@acme.example>", false),
            ("scanner <scanner@acme.example", false),
            ("\"a\" scanner@acme.example", false),
            ("< scanner@acme.example>", false),
        ] {
            let value = format!("{value}\r\n");
            let found = parse(value.as_bytes());
            let found = found.is_ok_and(|list| is_unambiguous(value.as_bytes(), &list));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    /// What scanners in East Asia write: their names are read, and stay as they came.
    #[test]
    fn names_in_the_character_sets_of_east_asia_are_read_and_stay() {
        for (word, name) in [
            ("=?iso-2022-jp?B?GyRCOzNFRCVXJWolcyU/GyhC?=", "山田プリンタ"),
            (
                "=?ISO-2022-JP?Q?=1B=24B=3B3ED=25W=25j=25s=25=3F=1B=28B?=",
                "山田プリンタ",
            ),
            ("=?Shift_JIS?B?jlKTY4N2g4qDk4Ne?=", "山田プリンタ"),
            ("=?euc-jp?B?u7PFxKXXpeql86W/?=", "山田プリンタ"),
            ("=?gb2312?B?tPLTobv6?=", "打印机"),
            ("=?big5?B?pbSmTL73?=", "打印機"),
            ("=?euc-kr?B?x8G4sMXN?=", "프린터"),
        ] {
            let value = format!(" {word} <scanner@acme.example>\r\n");
            let list = parse(value.as_bytes()).unwrap();
            assert_eq!(list[0].name, name, "{word}");
            assert!(is_unambiguous(value.as_bytes(), &list), "{word}");
            let written = format!("{}\r\n", write(&list));
            assert_eq!(parse(written.as_bytes()).unwrap(), list, "{written}");
        }
    }

    proptest::proptest! {
        /// Half of a character, an escape that leads nowhere: no bytes of a word are too odd.
        #[test]
        fn no_word_of_any_character_set_is_too_odd(
            bytes in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::sample::select(b"\x1b$B(IJ\x8e\x8f\x88\x62\x81\x30\xff\xfe\xef\xbb\xbf\x0e".to_vec()),
                    proptest::prelude::any::<u8>(),
                ],
                0..12,
            ),
            set in proptest::sample::select(vec![
                "iso-2022-jp", "shift_jis", "euc-jp", "gb2312", "gbk", "gb18030", "big5", "euc-kr",
                "iso-2022-kr", "utf-16", "utf-7", "windows-874",
            ]),
        ) {
            let word = STANDARD.encode(bytes);
            let value = format!(" =?{set}?B?{word}?= <scanner@acme.example>\r\n");
            let list = parse(value.as_bytes()).unwrap();
            let written = format!("{}\r\n", write(&list));
            let again = parse(written.as_bytes()).unwrap();
            proptest::prop_assert!(is_unambiguous(written.as_bytes(), &again), "{}", written);
        }
    }

    #[test]
    fn what_is_written_reads_back_and_is_unambiguous() {
        let address: Address = "scanner@acme.example".parse().unwrap();
        for name in [
            "",
            "Boss @ Acme",
            "a \"quoted\" \\ name",
            "Jürgen Müller-Lüdenscheidt aus dem dritten Stock links",
        ] {
            let list = [Mailbox {
                name: name.to_owned(),
                address: address.clone(),
            }];
            let written = format!("{}\r\n", write(&list));
            assert!(is_unambiguous(written.as_bytes(), &list), "{written}");
            assert_eq!(parse(written.as_bytes()).unwrap(), list, "{written}");
        }
    }
}
