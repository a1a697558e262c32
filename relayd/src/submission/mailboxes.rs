//! Mailbox lists of From and Sender (RFC 5322 §3.4): read, written, and compared with how others
//! might read them.

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
    let parsed = MessageStream::new(value).parse_address();
    let HeaderValue::Address(mail_parser::Address::List(list)) = parsed else {
        return Err(MailboxError::List);
    };
    if list.is_empty() || Shape::of(value).angles.len() > list.len() {
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

/// Whether every reader finds exactly `mailboxes` in `value`: nothing is left open, each address
/// stands alone in its brackets, and there is no `@` outside of quotes beside theirs.
pub(super) fn is_unambiguous(value: &[u8], mailboxes: &[Mailbox]) -> bool {
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
        shape.angles.len() == mailboxes.len()
            && shape
                .angles
                .iter()
                .zip(mailboxes)
                .all(|(angle, mailbox)| same(angle, mailbox))
    };
    let at_signs = shape.bare.iter().filter(|byte| **byte == b'@').count();
    let expected = if shape.angles.is_empty() {
        mailboxes.len()
    } else {
        0
    };
    shape.is_closed && addresses_stand_alone && at_signs == expected
}

/// The list in the form that nobody misreads: names quoted or encoded, addresses in brackets.
/// Exchange answers SendAsDenied to a bare `@` in a name.
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
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{quoted}\" <{address}>");
    }
    format!("{} <{address}>", encoded_words(&name))
}

/// RFC 2047 encoded words of at most 75 characters, folded.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > 45 {
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
    /// Every quote, comment and bracket ends, and nothing is escaped outside of them.
    is_closed: bool,
}

impl Shape {
    fn of(value: &[u8]) -> Self {
        let mut shape = Self {
            is_closed: true,
            ..Self::default()
        };
        let (mut quoted, mut depth, mut angle, mut escaped) = (false, 0_usize, None, false);
        for byte in value {
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
                _ if quoted || depth > 0 => {}
                b'<' => {
                    shape.is_closed &= angle.is_none();
                    shape.angles.extend(angle.replace(Vec::new()));
                }
                b'>' => match angle.take() {
                    Some(text) => shape.angles.push(text),
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
            ("scanner@acme.example (the ceo@acme.example)", true),
            (
                "a <scanner@acme.example>, \"b, c\" <erp@acme.example>",
                true,
            ),
            ("scanner@acme.example, erp@acme.example", true),
            ("=?utf-8?q?J=C3=BCrgen?= <erp@acme.example>", true),
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
