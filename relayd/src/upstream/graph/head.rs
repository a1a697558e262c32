//! The header of a mail, and whom Graph would send it to.
//!
//! Graph has no envelope: it sends to whoever stands in To, Cc and Bcc. So the header is made to say
//! what the envelope says. Recipients that it lacks are added as Bcc, which Exchange takes out
//! again. When it names somebody who is not meant this time (the mail was split, or some have it
//! already), To and Cc are written anew with those who are, and the old fields stay as X-Original-To
//! and X-Original-Cc; the same as a draft whose recipients are changed would say, in one request.

use bytes::{Bytes, BytesMut};
use mail_parser::{Addr, Message, MessageParser};

use crate::{
    model::{Address, Reason, Recipient},
    upstream::{BodySource, Setback, Verdict, graph::next_piece},
};

/// Longest header; the door takes less.
const MAX_HEADER: usize = 512 * 1024;

/// A mail, opened as far as its header.
#[derive(Debug)]
pub(super) struct Opened {
    /// The fields, each with its CRLF, without the empty line behind them.
    pub(super) fields: Vec<u8>,
    /// What was read beyond, the empty line included.
    pub(super) rest: Bytes,
}

/// Reads as much of a mail as it takes to see the header.
pub(super) async fn open(body: &mut dyn BodySource) -> Result<Opened, Setback> {
    let mut read = BytesMut::new();
    while let Some(piece) = next_piece(body).await? {
        // The end may lie across two pieces.
        let from = read.len().saturating_sub(3);
        read.extend_from_slice(&piece);
        let behind = read.get(from..).unwrap_or_default();
        if let Some(end) = memchr::memmem::find(behind, b"\r\n\r\n") {
            if from + end > MAX_HEADER {
                return Err(too_long());
            }
            let fields = read.split_to(from + end + 2);
            return Ok(Opened {
                fields: fields.to_vec(),
                rest: read.freeze(),
            });
        }
        if read.len() > MAX_HEADER {
            return Err(too_long());
        }
    }
    // A header without a body.
    let mut fields = read.to_vec();
    if !fields.ends_with(b"\r\n") {
        fields.extend_from_slice(b"\r\n");
    }
    Ok(Opened {
        fields,
        rest: Bytes::new(),
    })
}

fn too_long() -> Setback {
    let detail = format!("the header is longer than {MAX_HEADER} bytes");
    Setback::new(Verdict::FailMessage, Reason::HeaderTooLarge, detail)
}

/// Reads fields. Where there are none it reads one that nobody asks for: a message without any
/// header has no root to ask.
pub(super) fn parse(fields: &[u8]) -> Message<'_> {
    let parser = MessageParser::default();
    parser
        .parse_headers(fields)
        .or_else(|| parser.parse_headers(b"X-Empty: yes\r\n"))
        .unwrap_or_default()
}

/// Somebody in To or Cc who is in the envelope too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Display name; may be empty.
    pub(super) name: String,
    /// As the envelope writes it.
    pub(super) address: String,
}

/// Who stands where, so that together they are the envelope.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Addressing {
    pub(super) to: Vec<Person>,
    pub(super) cc: Vec<Person>,
    pub(super) bcc: Vec<Person>,
    /// The header names somebody who is not in the envelope, or nobody can say whom it names.
    names_others: bool,
}

impl Addressing {
    /// Compares the header with the envelope.
    pub(super) fn of(header: &Message<'_>, fields: &[u8], recipients: &[Recipient]) -> Self {
        let mut left: Vec<&Address> = recipients.iter().map(|it| &it.address).collect();
        let mut this = Self::default();
        let mut known = 0;
        for (named, is_to) in header
            .all_to()
            .flat_map(|list| list.iter().map(|named| (named, true)))
            .chain(
                header
                    .all_cc()
                    .flat_map(|list| list.iter().map(|named| (named, false))),
            )
        {
            let address = address_of(named);
            known += usize::from(address.is_some());
            let place = address.as_ref().and_then(|address| {
                let mut left = left.iter();
                left.position(|meant| meant.matches(address))
            });
            let Some(place) = place else {
                let is_meant = address.is_some_and(|address| {
                    recipients.iter().any(|it| it.address.matches(&address))
                });
                // Named twice is meant once.
                this.names_others |= !is_meant;
                continue;
            };
            let person = Person {
                name: named.name().unwrap_or_default().to_owned(),
                address: left.remove(place).to_string(),
            };
            if is_to { &mut this.to } else { &mut this.cc }.push(person);
        }
        // Another reader may see an address where ours saw a name.
        this.names_others |= signs_of_addresses(fields) != known;
        let rest = left.into_iter().map(|address| Person {
            name: String::new(),
            address: address.to_string(),
        });
        this.bcc = rest.collect();
        this
    }

    /// The fields that say so.
    pub(super) fn apply(&self, fields: Vec<u8>) -> Vec<u8> {
        if !self.names_others && self.bcc.is_empty() {
            return fields;
        }
        let mut written = Vec::with_capacity(fields.len() + 1024);
        for field in split(&fields) {
            let is = |name: &str| name_of(field).eq_ignore_ascii_case(name.as_bytes());
            if is("Bcc") {
                continue;
            }
            if self.names_others && (is("To") || is("Cc")) {
                written.extend_from_slice(b"X-Original-");
            }
            written.extend_from_slice(field);
        }
        if self.names_others {
            append(&mut written, "To", &self.to);
            append(&mut written, "Cc", &self.cc);
        }
        append(&mut written, "Bcc", &self.bcc);
        written
    }
}

fn address_of(named: &Addr<'_>) -> Option<Address> {
    named.address()?.trim().parse().ok()
}

/// Bare addresses, one a line: what is folded like that, everybody reads alike.
fn append(fields: &mut Vec<u8>, name: &str, people: &[Person]) {
    if people.is_empty() {
        return;
    }
    let addresses: Vec<_> = people
        .iter()
        .map(|person| format!("<{}>", person.address))
        .collect();
    let field = format!("{name}: {}\r\n", addresses.join(",\r\n "));
    fields.extend_from_slice(field.as_bytes());
}

/// How often `@` stands in To and Cc.
fn signs_of_addresses(fields: &[u8]) -> usize {
    let lists = split(fields).filter(|field| {
        let name = name_of(field);
        name.eq_ignore_ascii_case(b"To") || name.eq_ignore_ascii_case(b"Cc")
    });
    lists
        .map(|field| memchr::memchr_iter(b'@', field).count())
        .sum()
}

/// The fields, each with its continuation lines.
fn split(fields: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut left = fields;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let end = memchr::memmem::find_iter(left, b"\r\n")
            .map(|at| at + 2)
            .find(|at| !matches!(left.get(*at), Some(b' ' | b'\t')))
            .unwrap_or(left.len());
        let (field, rest) = left.split_at(end);
        left = rest;
        Some(field)
    })
}

fn name_of(field: &[u8]) -> &[u8] {
    let end = memchr::memchr(b':', field).unwrap_or(field.len());
    field.get(..end).unwrap_or_default().trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(header: &str, envelope: &str) -> String {
        let recipients: Vec<_> = envelope
            .split_ascii_whitespace()
            .map(|address| Recipient {
                address: address.parse().unwrap(),
                notify: None,
                original: String::new(),
            })
            .collect();
        let addressing = Addressing::of(&parse(header.as_bytes()), header.as_bytes(), &recipients);
        String::from_utf8(addressing.apply(header.into())).unwrap()
    }

    #[test]
    #[rustfmt::skip]
    fn the_header_is_made_to_say_what_the_envelope_says() {
        for (header, envelope, expected) in [
            ("To: a@x.example\r\n", "a@x.example", "To: a@x.example\r\n"),
            ("To: A <A@X.example>\r\nCc: b@x.example\r\nSubject: s\r\n", "a@x.example b@x.example",
             "To: A <A@X.example>\r\nCc: b@x.example\r\nSubject: s\r\n"),
            ("To: a@x.example\r\n", "b@x.example a@x.example c@x.example",
             "To: a@x.example\r\nBcc: <b@x.example>,\r\n <c@x.example>\r\n"),
            ("Subject: s\r\n", "a@x.example", "Subject: s\r\nBcc: <a@x.example>\r\n"),
            ("To: undisclosed-recipients:;\r\n", "a@x.example",
             "To: undisclosed-recipients:;\r\nBcc: <a@x.example>\r\n"),
            ("To: a@x.example, B\r\n <b@x.example>\r\ncc: c@x.example\r\nSubject: s\r\n", "b@x.example d@x.example",
             "X-Original-To: a@x.example, B\r\n <b@x.example>\r\nX-Original-cc: c@x.example\r\nSubject: s\r\nTo: <b@x.example>\r\nBcc: <d@x.example>\r\n"),
            ("To: a@x.example\r\nCc: b@x.example\r\n", "b@x.example",
             "X-Original-To: a@x.example\r\nX-Original-Cc: b@x.example\r\nCc: <b@x.example>\r\n"),
            ("To: Staff: a@x.example, b@x.example;\r\n", "a@x.example b@x.example",
             "To: Staff: a@x.example, b@x.example;\r\n"),
            ("To: a@x.example, a@x.example\r\n", "a@x.example", "To: a@x.example, a@x.example\r\n"),
            ("To: scanner\r\n", "a@x.example", "X-Original-To: scanner\r\nBcc: <a@x.example>\r\n"),
            ("Bcc: z@x.example\r\nTo: a@x.example\r\n", "a@x.example b@x.example",
             "To: a@x.example\r\nBcc: <b@x.example>\r\n"),
            // A second reader might take the name for an address.
            ("To: \"z@x.example\" <a@x.example>\r\n", "a@x.example",
             "X-Original-To: \"z@x.example\" <a@x.example>\r\nTo: <a@x.example>\r\n"),
            ("To: a@x.example\r\nTo: b@x.example\r\n", "a@x.example",
             "X-Original-To: a@x.example\r\nX-Original-To: b@x.example\r\nTo: <a@x.example>\r\n"),
        ] {
            assert_eq!(written(header, envelope), expected, "{header} to {envelope}");
        }
    }

    struct Pieces(Vec<Bytes>);

    #[async_trait::async_trait]
    impl BodySource for Pieces {
        async fn next(&mut self) -> Result<Option<Bytes>, crate::upstream::BodyUnavailable> {
            Ok(if self.0.is_empty() {
                None
            } else {
                Some(self.0.remove(0))
            })
        }
    }

    #[tokio::test]
    async fn a_header_is_found_however_it_comes() {
        let mail = b"A: 1\r\nB: 2\r\n\r\nbody\r\n\r\nmore";
        for size in [1, 3, 14, 100] {
            let mut source = Pieces(mail.chunks(size).map(Bytes::copy_from_slice).collect());
            let opened = open(&mut source).await.unwrap();
            assert_eq!(opened.fields, b"A: 1\r\nB: 2\r\n");
            let mut whole = [&opened.fields[..], &opened.rest].concat();
            for piece in source.0 {
                whole.extend_from_slice(&piece);
            }
            assert_eq!(whole, mail);
        }
        let opened = open(&mut Pieces(vec![Bytes::from_static(b"A: 1\r\n")]))
            .await
            .unwrap();
        assert_eq!(
            (&opened.fields[..], opened.rest.len()),
            (&b"A: 1\r\n"[..], 0)
        );
        let endless = vec![Bytes::from(vec![b'a'; 300_000]); 3];
        let refused = open(&mut Pieces(endless)).await.unwrap_err();
        assert_eq!(refused.reason, Reason::HeaderTooLarge);
    }

    /// Whom a reader of the header takes for a recipient, without doubles, in order.
    fn read(header: &str) -> Vec<String> {
        let header = parse(header.as_bytes());
        let lists = header
            .all_to()
            .chain(header.all_cc())
            .chain(header.all_bcc());
        let mut read: Vec<_> = lists
            .flat_map(mail_parser::Address::iter)
            .map(|named| named.address().unwrap_or("nobody").to_ascii_lowercase())
            .collect();
        read.sort();
        read.dedup();
        read
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_header_says_the_mail_goes_to_the_envelope(
            to in proptest::collection::vec(0..TOKENS.len(), 0..8),
            cc in proptest::collection::vec(0..TOKENS.len(), 0..8),
            envelope in proptest::collection::btree_set(0..4_usize, 1..4),
        ) {
            let value = |tokens: &[usize]| -> String {
                tokens.iter().map(|token| TOKENS[*token]).collect()
            };
            let header = format!("To: {}\r\nSubject: s\r\nCc: {}\r\n", value(&to), value(&cc));
            let names = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];
            let envelope: Vec<_> = envelope.into_iter().map(|name| names[name]).collect();
            proptest::prop_assert_eq!(read(&written(&header, &envelope.join(" "))), envelope);
        }
    }

    const TOKENS: [&str; 16] = [
        "a@x.example",
        "<b@x.example>",
        "B@X.example",
        "\"c@x.example\"",
        "(d@x.example)",
        "=?utf-8?q?a@x.example?=",
        "z@x.example",
        "name ",
        ",",
        ", ",
        ";",
        ":",
        "\r\n ",
        "\"",
        "<",
        "@",
    ];
}
