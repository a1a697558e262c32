//! xtext (RFC 3461 §4): printable ASCII in which `+` starts two hexadecimal digits.

use std::fmt::Write as _;

/// The text that `xtext` stands for. `None` when it is not valid, or stands for anything but
/// printable ASCII: a notification could not show it on one line (RFC 3461 §4.2, §4.4).
pub fn decode_xtext(xtext: &str) -> Option<String> {
    let mut text = String::with_capacity(xtext.len());
    let mut bytes = xtext.bytes();
    while let Some(byte) = bytes.next() {
        let decoded = match byte {
            b'+' => 16 * digit(bytes.next()?)? + digit(bytes.next()?)?,
            b'=' => return None,
            byte if byte.is_ascii_graphic() => byte,
            _ => return None,
        };
        if !matches!(decoded, b' '..=b'~') {
            return None;
        }
        text.push(char::from(decoded));
    }
    (!text.is_empty()).then_some(text)
}

/// ORCPT in ASCII: what is beyond it in an address of type `utf-8` is written as `\x{…}`
/// (RFC 6533 §3).
pub fn ascii_original(original: &str) -> String {
    let mut text = String::with_capacity(original.len());
    for c in original.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{{{:X}}}", u32::from(c));
        }
    }
    text
}

/// Lower-case digits are not xtext.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_is_read_strictly() {
        for (xtext, text) in [
            ("QQ314159", Some("QQ314159")),
            ("a+2Bb+3Dc+20d", Some("a+b=c d")),
            ("+7E", Some("~")),
            ("", None),
            ("a=b", None),
            ("a b", None),
            ("a+2bb", None),
            ("a+2", None),
            ("a+", None),
            ("a+zz", None),
            ("a+-1", None),
            ("\u{e9}", None),
            // What would begin another line, or another message.
            ("a+0D+0ABcc: x", None),
            ("a+0D+0ABcc:+20x", None),
            ("a+00", None),
            ("a+7F", None),
            ("a+E9", None),
        ] {
            assert_eq!(decode_xtext(xtext).as_deref(), text, "{xtext}");
        }
    }
}
