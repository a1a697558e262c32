//! What a large mail is made of, for Graph's JSON: one text, and files.
//!
//! The mail stays in memory once, as it came; parts are slices of it, and a file is decoded while it
//! is uploaded. What JSON cannot say is refused: a signature would not hold, an encrypted mail could
//! not be opened, a report would be no report.

use std::borrow::Cow;

use mail_parser::{
    Message, MimeHeaders,
    decoders::{charsets::map::charset_decoder, quoted_printable::quoted_printable_decode},
};

use super::head::parse;

/// Parts within parts.
const MAX_DEPTH: usize = 16;
/// Files of a message, as Outlook limits them.
const MAX_FILES: usize = 250;

/// Why a mail cannot be said in JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Uncarried {
    #[error("it is signed (S/MIME or PGP), and the signature would not hold")]
    Signed,
    #[error("it is encrypted (S/MIME or PGP)")]
    Encrypted,
    #[error("it is a report of a mail server")]
    Report,
    #[error("its text alone is larger than one request to Graph")]
    Text,
    #[error("it has more than {MAX_FILES} parts, or parts nested {MAX_DEPTH} deep")]
    Parts,
}

/// The text of a mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) is_html: bool,
    pub(super) content: String,
}

/// A file of a mail.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) name: String,
    pub(super) content_type: String,
    /// Without angle brackets; empty where it has none.
    pub(super) content_id: String,
    /// Shown within the text.
    pub(super) is_inline: bool,
    pub(super) content: Content<'a>,
}

/// Text and files.
#[derive(Debug, Default)]
pub(super) struct Letter<'a> {
    pub(super) text: Option<Text>,
    pub(super) files: Vec<File<'a>>,
}

impl<'a> Letter<'a> {
    /// Takes a mail apart.
    pub(super) fn read(mail: &'a [u8]) -> Result<Self, Uncarried> {
        let mut letter = Self::default();
        letter.take(&Part::read(mail), 0, false)?;
        Ok(letter)
    }

    fn take(&mut self, part: &Part<'a>, depth: usize, is_related: bool) -> Result<(), Uncarried> {
        if depth > MAX_DEPTH || self.files.len() >= MAX_FILES {
            return Err(Uncarried::Parts);
        }
        let kind = part.kind();
        match kind.as_str() {
            "multipart/signed" => return Err(Uncarried::Signed),
            "multipart/encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                return Err(Uncarried::Encrypted);
            }
            "multipart/report" => return Err(Uncarried::Report),
            _ => {}
        }
        let parts = part.parts(&kind);
        if parts.is_empty() {
            self.take_leaf(part, &kind, is_related);
            return Ok(());
        }
        let best = (kind == "multipart/alternative").then(|| best(&parts, depth));
        for (place, inner) in parts.iter().enumerate() {
            let is_text = matches!(
                inner.kind().as_str(),
                "text/plain" | "text/html" | "text/enriched"
            );
            if best.is_some_and(|best| best != place) && is_text {
                // Another form of the same text.
                continue;
            }
            self.take(inner, depth + 1, is_related || kind == "multipart/related")?;
        }
        Ok(())
    }

    fn take_leaf(&mut self, part: &Part<'a>, kind: &str, is_related: bool) {
        let is_text = matches!(kind, "text/plain" | "text/html");
        if is_text && self.text.is_none() && !part.is_file() {
            self.text = Some(Text {
                is_html: kind == "text/html",
                content: part.text(),
            });
            return;
        }
        let content_id = part.content_id();
        self.files.push(File {
            name: part.name(kind, self.files.len() + 1),
            content_type: kind.to_owned(),
            is_inline: !content_id.is_empty() && (is_related || part.is_inline()),
            content_id,
            content: part.content(),
        });
    }
}

/// Which of several forms of a text to take: the last with HTML in it, else the last that is text.
fn best(parts: &[Part<'_>], depth: usize) -> usize {
    let last = |is: &dyn Fn(&Part<'_>) -> bool| parts.iter().rposition(is);
    last(&|part| part.has_html(depth))
        .or_else(|| last(&|part| part.kind() == "text/plain"))
        .unwrap_or(0)
}

/// A header and what stands behind it.
#[derive(Debug)]
struct Part<'a> {
    header: Message<'a>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8]) -> Self {
        // A part may begin with the empty line: it has no header then.
        let (head, body) = if let Some(body) = bytes.strip_prefix(b"\r\n") {
            (&bytes[..0], body)
        } else {
            match memchr::memmem::find(bytes, b"\r\n\r\n") {
                Some(end) => (&bytes[..end + 2], &bytes[end + 4..]),
                None => (bytes, &bytes[bytes.len()..]),
            }
        };
        Self {
            header: parse(head),
            body,
        }
    }

    /// `type/subtype` in lower case.
    fn kind(&self) -> String {
        match self.header.content_type() {
            None => "text/plain".to_owned(),
            Some(kind) => {
                let subtype = kind.subtype().unwrap_or("plain");
                format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase()
            }
        }
    }

    /// The parts of a multipart; of one that has no boundary, or nothing else, none.
    fn parts(&self, kind: &str) -> Vec<Part<'a>> {
        let boundary = self
            .header
            .content_type()
            .filter(|_| kind.starts_with("multipart/"))
            .and_then(|kind| kind.attribute("boundary"));
        boundary.map_or_else(Vec::new, |boundary| {
            let mut parts = divide(self.body, boundary.as_bytes());
            parts.truncate(MAX_FILES + 1);
            parts.into_iter().map(Part::read).collect()
        })
    }

    fn has_html(&self, depth: usize) -> bool {
        let kind = self.kind();
        kind == "text/html"
            || (depth < MAX_DEPTH
                && self
                    .parts(&kind)
                    .iter()
                    .any(|part| part.has_html(depth + 1)))
    }

    fn is_file(&self) -> bool {
        let disposition = self.header.content_disposition();
        disposition.is_some_and(|it| it.ctype().eq_ignore_ascii_case("attachment"))
            || self.header.attachment_name().is_some()
    }

    fn is_inline(&self) -> bool {
        let disposition = self.header.content_disposition();
        disposition.is_some_and(|it| it.ctype().eq_ignore_ascii_case("inline"))
    }

    fn content_id(&self) -> String {
        let id = self.header.content_id().unwrap_or_default();
        id.trim_matches(['<', '>', ' ']).to_owned()
    }

    fn name(&self, kind: &str, number: usize) -> String {
        let given = self.header.attachment_name().unwrap_or_default();
        let given: String = given
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        if !given.is_empty() {
            return given;
        }
        let ending = match kind {
            "message/rfc822" => "eml",
            "text/plain" => "txt",
            "text/html" => "html",
            "text/calendar" => "ics",
            "application/pdf" => "pdf",
            "image/gif" => "gif",
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/tiff" => "tif",
            _ => "bin",
        };
        format!("part-{number}.{ending}")
    }

    fn content(&self) -> Content<'a> {
        let encoding = self.header.content_transfer_encoding().unwrap_or_default();
        if encoding.eq_ignore_ascii_case("base64") {
            Content::Base64(self.body)
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            Content::Plain(quoted_printable_decode(self.body).map_or(self.body.into(), Cow::Owned))
        } else {
            Content::Plain(self.body.into())
        }
    }

    fn text(&self) -> String {
        let bytes = self.content().reader().take(usize::MAX);
        let charset = self
            .header
            .content_type()
            .and_then(|it| it.attribute("charset"));
        match charset.and_then(|charset| charset_decoder(charset.as_bytes())) {
            Some(decode) => decode(&bytes),
            None => String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// What lies between the lines of a boundary (RFC 2046 §5.1.1).
fn divide<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let line = [b"--", boundary].concat();
    let mut parts = Vec::new();
    let mut begin = None;
    for at in memchr::memmem::find_iter(body, &line) {
        let behind = &body[at + line.len()..];
        let starts_line = at == 0 || body.get(at - 1) == Some(&b'\n');
        let is_last = behind.starts_with(b"--");
        if !starts_line
            || !(is_last || matches!(behind.first(), None | Some(b'\r' | b'\n' | b' ' | b'\t')))
        {
            continue;
        }
        if let Some(begin) = begin {
            // The CRLF before a boundary belongs to it.
            let part: &[u8] = body.get(begin..at).unwrap_or_default();
            parts.push(part.strip_suffix(b"\r\n").unwrap_or(part));
        }
        begin = memchr::memchr(b'\n', behind).map(|end| at + line.len() + end + 1);
        if is_last || begin.is_none() {
            return parts;
        }
    }
    // Nothing says where the last part ends.
    if let Some(rest) = begin.and_then(|begin| body.get(begin..)) {
        parts.push(rest);
    }
    parts
}

/// The bytes of a file, encoded as they came.
#[derive(Debug)]
pub(super) enum Content<'a> {
    Plain(Cow<'a, [u8]>),
    Base64(&'a [u8]),
}

impl Content<'_> {
    /// Bytes once decoded.
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Plain(bytes) => bytes.len() as u64,
            Self::Base64(text) => {
                let digits = text.iter().take_while(|byte| **byte != b'=');
                let digits = digits.filter(|byte| digit(**byte).is_some()).count() as u64;
                digits * 6 / 8
            }
        }
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        match self {
            Self::Plain(bytes) => Reader {
                left: bytes,
                is_base64: false,
                bits: 0,
                count: 0,
            },
            Self::Base64(text) => Reader {
                left: text,
                is_base64: true,
                bits: 0,
                count: 0,
            },
        }
    }
}

/// Decodes a file piece by piece. What is no digit of base64 is passed over (RFC 2045 §6.8).
pub(super) struct Reader<'a> {
    left: &'a [u8],
    is_base64: bool,
    bits: u32,
    count: u8,
}

impl Reader<'_> {
    /// The next bytes, at most so many; none at the end.
    pub(super) fn take(&mut self, limit: usize) -> Vec<u8> {
        if !self.is_base64 {
            let (piece, left) = self.left.split_at(limit.min(self.left.len()));
            self.left = left;
            return piece.to_vec();
        }
        let mut piece = Vec::with_capacity(limit.min(self.left.len()));
        while piece.len() < limit {
            let Some((byte, left)) = self.left.split_first() else {
                break;
            };
            if *byte == b'=' {
                self.left = &[];
                break;
            }
            self.left = left;
            if let Some(value) = digit(*byte) {
                self.bits = self.bits << 6 | u32::from(value);
                self.count += 6;
                if self.count >= 8 {
                    self.count -= 8;
                    piece.push((self.bits >> self.count).to_le_bytes()[0]);
                }
            }
        }
        piece
    }
}

const fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::*;

    fn crlf(text: &str) -> Vec<u8> {
        text.replace('\n', "\r\n").into_bytes()
    }

    fn shape(mail: &str) -> Result<String, Uncarried> {
        let mail = crlf(mail);
        let letter = Letter::read(&mail)?;
        let text = letter.text.map_or("none".to_owned(), |text| {
            format!(
                "{}:{}",
                if text.is_html { "html" } else { "text" },
                text.content.trim_end()
            )
        });
        let files = letter.files.iter().map(|file| {
            let content = file.content.reader().take(usize::MAX);
            assert_eq!(content.len() as u64, file.content.len());
            format!(
                "{}{} {} {}",
                if file.is_inline {
                    format!("<{}> ", file.content_id)
                } else {
                    String::new()
                },
                file.name,
                file.content_type,
                String::from_utf8_lossy(&content)
            )
        });
        Ok([text]
            .into_iter()
            .chain(files)
            .collect::<Vec<_>>()
            .join(" | "))
    }

    #[test]
    #[rustfmt::skip]
    fn a_mail_is_taken_apart() {
        for (mail, expected) in [
            ("Subject: s\n\nhello\n", Ok("text:hello")),
            ("\nhello\n", Ok("text:hello")),
            ("Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<b>=E9</b>\n", Ok("html:<b>é</b>")),
            ("Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nQUJD\n RA==\n", Ok("none | a.pdf application/pdf ABCD")),
            ("Content-Type: multipart/mixed; boundary=\"b b\"\n\npreamble\n--b b\n\ntext\n--b b\nContent-Type: image/png\nContent-Disposition: attachment; filename*=utf-8''%C3%A9.png\n\nPNG\n--b bx\n--b b--\nepilogue\n",
             Ok("text:text | é.png image/png PNG\r\n--b bx")),
            ("Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<img src=cid:x>\n--c\nContent-Type: image/gif\nContent-ID: <x>\nContent-Transfer-Encoding: base64\n\nR0lG\n--c--\n--b\nContent-Type: text/calendar\n\nBEGIN\n--b--\n",
             Ok("html:<img src=cid:x> | <x> part-1.gif image/gif GIF | part-2.ics text/calendar BEGIN")),
            ("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=n.txt\n\nfile\n--b\nContent-Type: text/plain\n\nbody\n--b\nContent-Type: text/plain\n\nmore\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nx\n",
             Ok("text:body | n.txt text/plain file | part-2.txt text/plain more | part-3.eml message/rfc822 Subject: inner\r\n\r\nx\r\n")),
            ("Content-Type: multipart/signed; boundary=b\n\n--b\n\nx\n--b--\n", Err(Uncarried::Signed)),
            ("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pkcs7-mime\n\nx\n--b--\n", Err(Uncarried::Encrypted)),
            ("Content-Type: multipart/encrypted; boundary=b\n\n", Err(Uncarried::Encrypted)),
            ("Content-Type: multipart/report; boundary=b\n\n", Err(Uncarried::Report)),
        ] {
            assert_eq!(shape(mail), expected.map(str::to_owned), "{mail}");
        }
    }

    #[test]
    fn nesting_and_number_of_parts_are_bounded() {
        let nested: Vec<_> = (0..40)
            .map(|depth| {
                format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n")
            })
            .collect();
        let nested = nested.concat();
        assert_eq!(shape(&nested), Err(Uncarried::Parts));
        let many = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n{}",
            "--b\nContent-Type: image/png\n\nx\n".repeat(400)
        );
        assert_eq!(shape(&many), Err(Uncarried::Parts));
    }

    #[test]
    fn base64_is_decoded_in_pieces_of_any_length() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|n| (n * 7).to_le_bytes()[0]).collect();
        for length in [0, 1, 2, 3, 4, 9_999, 10_000] {
            let text: Vec<u8> = BASE64_STANDARD
                .encode(&bytes[..length])
                .into_bytes()
                .chunks(76)
                .flat_map(|line| [line, b"\r\n"].concat())
                .collect();
            let content = Content::Base64(&text);
            assert_eq!(content.len(), length as u64);
            for limit in [1, 7, 320, 20_000] {
                let mut reader = content.reader();
                let mut read = Vec::new();
                loop {
                    let piece = reader.take(limit);
                    assert!(piece.len() <= limit);
                    if piece.is_empty() {
                        break;
                    }
                    read.extend_from_slice(&piece);
                }
                assert_eq!(read, &bytes[..length]);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_mail_upsets_the_reader(tokens in proptest::collection::vec(0..TOKENS.len(), 0..60)) {
            let mail: Vec<u8> = tokens.iter().flat_map(|token| TOKENS[*token].bytes()).collect();
            if let Ok(letter) = Letter::read(&mail) {
                for file in letter.files {
                    let content = file.content.reader().take(usize::MAX);
                    proptest::prop_assert_eq!(content.len() as u64, file.content.len());
                }
            }
        }
    }

    const TOKENS: [&str; 16] = [
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "Content-Type: multipart/alternative; boundary=c\r\n",
        "Content-Type: text/html; charset=iso-2022-jp\r\n",
        "Content-Type: \r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Content-ID: <x>\r\n",
        "\r\n",
        "\n",
        "--b",
        "--c",
        "--",
        "=",
        "QUJD",
        "é\u{1b}$B",
        "\0",
    ];
}
