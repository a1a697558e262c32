//! The header section of a submitted message: found, read, and repaired by RFC 6409 §8.
//!
//! Fields stay byte for byte as they came unless they must change, so that a signature over them
//! still verifies. The body is never touched. Where readers disagree about the end of a header
//! (a line of blanks, a line that is no field), what goes out leaves nothing to disagree about.

use bytes::{Bytes, BytesMut};

use crate::model::{Reason, Refusal};

/// A header section larger than this is refused; real ones stay below 64 KiB.
const MAX_HEADER: usize = 256 * 1024;

/// A header section of more fields than this is refused; real ones have below a hundred.
const MAX_FIELDS: usize = 2000;

/// Longest line, CRLF not counted (RFC 5322 §2.1.1).
pub(super) const LONGEST_LINE: usize = 998;

/// Gathers pieces of a message until its header section is complete.
#[derive(Debug, Default)]
pub(super) struct HeaderCollector {
    bytes: BytesMut,
    /// Start of the first line that has not been looked at.
    scanned: usize,
    /// Fields that have begun so far.
    fields: usize,
    /// Length of a first line `From user date`, as files of the mbox format have it.
    mailbox_line: usize,
}

/// A complete header section, and what came behind it.
#[derive(Debug)]
pub(super) struct Split {
    /// The fields, without the empty line that ends them.
    pub(super) header: Header,
    /// The first bytes of the body.
    pub(super) rest: Bytes,
}

impl HeaderCollector {
    /// Adds a piece; returns the section as soon as it is complete.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Option<Split>, Refusal> {
        self.bytes.extend_from_slice(piece);
        while let Some(length) = line_length(self.bytes.get(self.scanned..).unwrap_or_default()) {
            let line = &self.bytes[self.scanned..self.scanned + length];
            if self.scanned == 0 && is_mailbox_line(line) {
                self.mailbox_line = length;
            } else if self.continues_header(line) {
                self.fields += usize::from(!matches!(line.first(), Some(b' ' | b'\t')));
                if self.fields > MAX_FIELDS {
                    let detail = format!("it has more than {MAX_FIELDS} fields");
                    return Err(Refusal::new(Reason::HeaderTooLarge, detail));
                }
            } else if line == b"\r\n" && !self.is_only_mailbox_line() {
                return Ok(Some(self.split(self.scanned, length)));
            } else {
                // No header field: a message that begins with its body, as simple devices send.
                return Ok(Some(self.split(self.scanned, 0)));
            }
            self.scanned += length;
        }
        if self.bytes.len() > MAX_HEADER {
            return Err(Reason::HeaderTooLarge.into());
        }
        Ok(None)
    }

    /// The message ended: what is there is the header section, or a body without one.
    pub(super) fn finish(mut self) -> Split {
        if self.continues_header(&self.bytes[self.scanned..]) {
            self.bytes.extend_from_slice(b"\r\n");
            self.scanned = self.bytes.len();
        }
        self.split(self.scanned, 0)
    }

    fn continues_header(&self, line: &[u8]) -> bool {
        let may_be_folded = self.scanned > self.mailbox_line;
        field_name(line).is_some() || (may_be_folded && matches!(line.first(), Some(b' ' | b'\t')))
    }

    /// What was taken for the line of a mailbox file has no header behind it.
    fn is_only_mailbox_line(&self) -> bool {
        self.mailbox_line > 0 && self.scanned == self.mailbox_line
    }

    fn split(&mut self, mut end: usize, separator: usize) -> Split {
        if self.is_only_mailbox_line() {
            // It is text then: `From now on the toner is low`.
            (end, self.mailbox_line) = (0, 0);
        }
        let mut rest = std::mem::take(&mut self.bytes);
        let mut section = rest.split_to(end).freeze();
        let mailbox_line = section.split_to(self.mailbox_line);
        let mut header = Header::parse(&section);
        if !mailbox_line.is_empty() {
            let raw = [b"X-Mailbox-Line: ", &mailbox_line[..]].concat().into();
            header.fields.insert(0, Field { raw });
        }
        let _ = rest.split_to(separator);
        Split {
            header,
            rest: rest.freeze(),
        }
    }
}

/// Length of the first line of `bytes`, its CRLF included.
fn line_length(bytes: &[u8]) -> Option<usize> {
    // The door lets only whole CRLF pass, so LF is enough to look for.
    bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .map(|at| at + 1)
}

/// The first line of a mail in a file of the mbox format, as scripts pipe it to us.
fn is_mailbox_line(line: &[u8]) -> bool {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    line[quotes..].starts_with(b"From ") && field_name(line).is_none()
}

/// The name of the field that `line` begins, unless it begins none (RFC 5322 §2.2, §4.5).
fn field_name(line: &[u8]) -> Option<&str> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let lawful = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    lawful.then(|| std::str::from_utf8(name).ok()).flatten()
}

/// The fields of a header section in their order.
#[derive(Debug, Default, Clone)]
pub(super) struct Header {
    fields: Vec<Field>,
}

/// One field with its folded lines and the CRLF at its end.
#[derive(Debug, Clone)]
struct Field {
    raw: Bytes,
}

impl Field {
    /// A field of `lines`. Folded lines that hold blanks only are left out, since some readers take
    /// them for the end of the header (RFC 5322 §4.2 calls them obsolete).
    fn new(lines: Bytes) -> Self {
        let is_blank = |line: &[u8]| line.trim_ascii().is_empty();
        if !lines.split_inclusive(|byte| *byte == b'\n').any(is_blank) {
            return Self { raw: lines };
        }
        let kept = lines
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|line| !is_blank(line));
        Self {
            raw: kept.flatten().copied().collect(),
        }
    }

    /// Looks no farther than it must: a repair asks for some twenty names in every field.
    fn is(&self, name: &str) -> bool {
        let behind = self.begins(name).then(|| &self.raw[name.len()..]);
        behind.is_some_and(|behind| behind.trim_ascii_start().starts_with(b":"))
    }

    fn begins(&self, prefix: &str) -> bool {
        let head = self.raw.get(..prefix.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
    }

    /// What stands behind the colon.
    fn value(&self) -> &[u8] {
        let colon = self.raw.iter().position(|byte| *byte == b':');
        colon.map_or(&[][..], |at| &self.raw[at + 1..])
    }
}

impl Header {
    fn parse(section: &Bytes) -> Self {
        let mut fields: Vec<Field> = Vec::with_capacity(16);
        let mut begin = 0;
        let mut at = 0;
        while let Some(length) = line_length(&section[at..]) {
            let continues = at > begin && matches!(section[at], b' ' | b'\t');
            if at > begin && !continues {
                fields.push(Field::new(section.slice(begin..at)));
                begin = at;
            }
            at += length;
        }
        if at > begin {
            fields.push(Field::new(section.slice(begin..at)));
        }
        Self { fields }
    }

    /// The values of all fields of that name, folded lines included.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + 'a {
        self.fields
            .iter()
            .filter(move |field| field.is(name))
            .map(Field::value)
    }

    /// How many fields of that name there are.
    pub(super) fn count(&self, name: &str) -> usize {
        self.values(name).count()
    }

    /// Drops every field of that name.
    pub(super) fn remove(&mut self, name: &str) {
        self.fields.retain(|field| !field.is(name));
    }

    /// Adds a field at the end. `value` must be one field body, folded by us.
    pub(super) fn append(&mut self, name: &str, value: &str) {
        self.fields.push(Field {
            raw: format!("{name}: {value}\r\n").into(),
        });
    }

    /// Whether a field of that name stands as RFC 5322 §3.6 has it, the colon right behind it.
    /// Readers disagree about `From : …`.
    pub(super) fn is_well_named(&self, name: &str) -> bool {
        let mut fields = self.fields.iter().filter(|field| field.is(name));
        fields.all(|field| field.raw.get(name.len()) == Some(&b':'))
    }

    /// Gives every field of that name another one; the values stay byte for byte, but for a fold where
    /// the line would get too long.
    pub(super) fn rename(&mut self, name: &str, other: &str) {
        for field in self.fields.iter_mut().filter(|field| field.is(name)) {
            let value = field.value();
            // A longer name must not make a line overlong (RFC 5322 §2.1.1): it is folded there.
            let line = value
                .split(|byte| *byte == b'\r')
                .next()
                .unwrap_or_default();
            let begins_blank = line.first().is_some_and(u8::is_ascii_whitespace);
            let is_long =
                other.len() + 1 + line.len() > LONGEST_LINE && !line.trim_ascii().is_empty();
            let fold: &[u8] = match (is_long, begins_blank) {
                (false, _) => b"",
                (true, true) => b"\r\n",
                (true, false) => b"\r\n ",
            };
            field.raw = [other.as_bytes(), b":", fold, value].concat().into();
        }
    }

    /// Drops all fields of that name but the one at `position` among them.
    pub(super) fn keep_only(&mut self, name: &str, position: usize) {
        let mut count = 0;
        self.fields.retain(|field| {
            let is_other = field.is(name) && {
                count += 1;
                count != position + 1
            };
            !is_other
        });
    }

    /// Puts another value into the first field of that name. `value` must be one field body.
    pub(super) fn replace(&mut self, name: &str, value: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.is(name)) {
            field.raw = format!("{name}: {value}\r\n").into();
        }
    }

    /// Drops every field whose name begins like that.
    pub(super) fn remove_prefix(&mut self, prefix: &str) {
        self.fields.retain(|field| !field.begins(prefix));
    }

    /// Adds a field on top, as trace fields are (RFC 5321 §4.4). May hold folded lines.
    pub(super) fn prepend(&mut self, name: &str, value: &str) {
        self.fields.insert(
            0,
            Field {
                raw: format!("{name}: {value}\r\n").into(),
            },
        );
    }

    /// Whether NUL is in it. The door sees to it that none is where a body is text.
    pub(super) fn holds_nul(&self) -> bool {
        self.fields.iter().any(|field| field.raw.contains(&0))
    }

    /// Whether every line ends with CRLF and no other CR or LF is among them. The door sees to
    /// that where a body is text.
    pub(super) fn has_whole_lines(&self) -> bool {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes);
        bytes.split_inclusive(|byte| *byte == b'\n').all(|line| {
            line.strip_suffix(b"\r\n")
                .is_some_and(|text| !text.iter().any(|byte| matches!(byte, b'\r' | b'\n')))
        })
    }

    /// The section with the empty line at its end, written to `out`.
    pub(super) fn write_to(&self, out: &mut Vec<u8>) {
        for field in &self.fields {
            out.extend_from_slice(&field.raw);
        }
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(message: &str) -> Split {
        let mut collector = HeaderCollector::default();
        match collector.push(message.as_bytes()).unwrap() {
            Some(split) => split,
            None => collector.finish(),
        }
    }

    fn shown(split: &Split) -> String {
        let mut out = Vec::new();
        split.header.write_to(&mut out);
        out.extend_from_slice(&split.rest);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_message_comes_out_as_it_came() {
        let message = "From: a@acme.example\r\nSubject: one\r\n\ttwo\r\nTo : b@acme.example\r\n\r\nbody\r\n\r\nmore\r\n";
        assert_eq!(shown(&split(message)), message);
        assert_eq!(split(message).header.count("to"), 1);
        assert_eq!(
            split(message).header.values("SUBJECT").next(),
            Some(&b" one\r\n\ttwo\r\n"[..])
        );
    }

    #[test]
    fn the_split_does_not_depend_on_the_pieces() {
        let message = b"From: a@acme.example\r\nSubject: one\r\n two\r\n\r\nbody\r\n";
        for cut in 0..message.len() {
            let mut collector = HeaderCollector::default();
            let mut rest = Vec::new();
            let mut found = None;
            for piece in [&message[..cut], &message[cut..]] {
                match found {
                    Some(_) => rest.extend_from_slice(piece),
                    None => found = collector.push(piece).unwrap(),
                }
            }
            let found = found.unwrap();
            let body = [&found.rest[..], &rest].concat();
            assert_eq!(
                (found.header.fields.len(), &body[..]),
                (2, &b"body\r\n"[..]),
                "cut {cut}"
            );
        }
    }

    #[test]
    fn messages_without_a_header_or_a_body_are_taken() {
        for (message, fields, body) in [
            ("", 0, ""),
            ("\r\n", 0, ""),
            ("toner low\r\n", 0, "toner low\r\n"),
            ("toner low", 0, "toner low"),
            ("Subject: toner low\r\n", 1, ""),
            ("Subject: toner low", 1, ""),
            ("\r\nFrom: not a header\r\n", 0, "From: not a header\r\n"),
            (" Subject: x\r\n", 0, " Subject: x\r\n"),
            ("Subject: x\r\ntoner\r\nTo: y\r\n", 1, "toner\r\nTo: y\r\n"),
            (
                "From me Sat Nov 21 2026\r\nx",
                0,
                "From me Sat Nov 21 2026\r\nx",
            ),
            ("From now on\r\n\r\nx", 0, "From now on\r\n\r\nx"),
            ("From now on\r\n x: y\r\n", 0, "From now on\r\n x: y\r\n"),
            ("From now on", 0, "From now on"),
        ] {
            let split = split(message);
            assert_eq!(
                (split.header.fields.len(), &split.rest[..]),
                (fields, body.as_bytes()),
                "{message:?}"
            );
        }
    }

    #[test]
    fn the_line_of_a_mailbox_file_becomes_a_field() {
        for line in ["From me Sat Nov 21 20:41:07 2026", ">From me"] {
            let message = format!("{line}\r\nSubject: one\r\n\r\nbody\r\n");
            let out = shown(&split(&message));
            assert_eq!(out, format!("X-Mailbox-Line: {message}"));
        }
    }

    #[test]
    fn no_line_of_a_header_that_goes_out_is_blank() {
        let out = shown(&split("Subject: a\r\n \t\r\n b\r\n \r\nTo: c\r\n\r\n \r\n"));
        assert_eq!(out, "Subject: a\r\n b\r\nTo: c\r\n\r\n \r\n");
    }

    #[test]
    fn a_header_of_countless_fields_is_refused_whatever_the_pieces() {
        for (count, expected) in [
            (MAX_FIELDS, None),
            (MAX_FIELDS + 1, Some(Reason::HeaderTooLarge)),
            (64_000, Some(Reason::HeaderTooLarge)),
        ] {
            // Folded lines are no fields.
            let message = format!("{}\r\n", "a:\r\n b\r\n".repeat(count));
            for width in [1, 7, 4096, message.len()] {
                let mut collector = HeaderCollector::default();
                let mut pieces = message.as_bytes().chunks(width);
                let refusal = pieces.find_map(|piece| collector.push(piece).err());
                assert_eq!(refusal.map(|r| r.reason), expected, "{count} in {width}");
            }
        }
    }

    #[test]
    fn names_are_told_apart_whatever_their_case_and_blanks() {
        let header = split("To:a\r\nTOP: b\r\nto \t: c\r\nT: d\r\nTo-Do: e\r\n\r\n").header;
        let values: Vec<_> = header.values("To").collect();
        assert_eq!(values, [&b"a\r\n"[..], b" c\r\n"]);
        let mut without = header.clone();
        without.remove_prefix("to");
        assert_eq!((header.fields.len(), without.fields.len()), (5, 1));
    }

    #[test]
    fn a_header_without_end_is_refused() {
        let mut collector = HeaderCollector::default();
        let line = format!("X-Fill: {}\r\n", "x".repeat(60_000));
        let refusal = (0..10).find_map(|_| collector.push(line.as_bytes()).err());
        assert_eq!(refusal.map(|r| r.reason), Some(Reason::HeaderTooLarge));
    }
}
