//! Parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152, RFC 3030), SMTPUTF8 (RFC 6531),
//! AUTH (RFC 4954 §5) and those of delivery status notifications (RFC 3461).

use super::{
    MailParameters,
    quirk::{Quirk, Quirks},
};
use crate::model::{
    Address, BodyEncoding, DsnNotify, Reason, Recipient, Refusal, ReversePath, decode_xtext,
    is_printable,
};

/// Longest ENVID (RFC 3461 §4.4) and ORCPT (§4.2) as given.
const ENVELOPE_ID_LIMIT: usize = 100;
const ORIGINAL_LIMIT: usize = 500;

/// The parameters of MAIL.
pub(super) fn mail(
    reverse_path: ReversePath,
    text: &str,
    quirks: &mut Quirks,
) -> Result<MailParameters, Refusal> {
    let mut mail = MailParameters {
        reverse_path,
        size: None,
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: String::new(),
    };
    each(text, |name, value| {
        match (name, value) {
            // Some devices do not know the size and say so in this way.
            ("SIZE", None | Some("")) => quirks.add(Quirk::EmptySize),
            ("SIZE", Some(value)) => mail.size = Some(number(value)?),
            ("BODY", Some(value)) => mail.encoding = encoding(value)?,
            ("SMTPUTF8", None) => mail.smtputf8 = true,
            // Nobody but us vouches for a sender: the claim is read and dropped.
            ("AUTH", Some(value)) if value == "<>" || decode_xtext(value).is_some() => {
                quirks.add(Quirk::AuthParameter);
            }
            ("RET", Some(value)) => {
                mail.dsn_return = Some(value.to_ascii_lowercase().parse().ok()?);
            }
            ("ENVID", Some(value)) if is_envelope_id(value) => {
                value.clone_into(&mut mail.envelope_id);
            }
            ("BODY" | "SMTPUTF8" | "AUTH" | "RET" | "ENVID", _) => return None,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Ok(mail)
}

/// The parameters of RCPT.
pub(super) fn recipient(address: Address, text: &str) -> Result<Recipient, Refusal> {
    let mut recipient = Recipient {
        address,
        notify: None,
        original: String::new(),
    };
    each(text, |name, value| {
        match (name, value) {
            ("NOTIFY", Some(value)) => recipient.notify = Some(notify(value)?),
            ("ORCPT", Some(value)) if is_original(value) => {
                value.clone_into(&mut recipient.original);
            }
            ("NOTIFY" | "ORCPT", _) => return None,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Ok(recipient)
}

/// Hands every parameter to `take`, with its name in upper case. `take` says `None` for a value
/// that is not valid and `Some(false)` for a name that is not known.
fn each(
    text: &str,
    mut take: impl FnMut(&str, Option<&str>) -> Option<bool>,
) -> Result<(), Refusal> {
    let mut seen: Vec<String> = Vec::new();
    for parameter in text.split(' ').filter(|word| !word.is_empty()) {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        };
        let name = name.to_ascii_uppercase();
        let shown: String = name.chars().take(32).collect();
        if seen.contains(&name) {
            let detail = format!("{shown} is given twice");
            return Err(Refusal::new(Reason::BadParameter, detail));
        }
        match take(&name, value) {
            Some(true) => seen.push(name),
            Some(false) => return Err(Refusal::new(Reason::UnknownParameter, shown)),
            None => return Err(Refusal::new(Reason::BadParameter, shown)),
        }
    }
    Ok(())
}

/// A decimal number of at most 20 digits (RFC 1870 §3) that fits.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && text.len() <= 20).then(|| text.parse().ok())?
}

fn encoding(value: &str) -> Option<BodyEncoding> {
    match value.to_ascii_uppercase().as_str() {
        "7BIT" => Some(BodyEncoding::SevenBit),
        "8BITMIME" => Some(BodyEncoding::EightBit),
        "BINARYMIME" => Some(BodyEncoding::Binary),
        _ => None,
    }
}

fn notify(value: &str) -> Option<DsnNotify> {
    let mut notify = DsnNotify {
        never: false,
        success: false,
        failure: false,
        delay: false,
    };
    if value.eq_ignore_ascii_case("NEVER") {
        notify.never = true;
        return Some(notify);
    }
    for wish in value.split(',') {
        let flag = match wish.to_ascii_uppercase().as_str() {
            "SUCCESS" => &mut notify.success,
            "FAILURE" => &mut notify.failure,
            "DELAY" => &mut notify.delay,
            _ => return None,
        };
        *flag = true;
    }
    Some(notify)
}

fn is_envelope_id(value: &str) -> bool {
    value.len() <= ENVELOPE_ID_LIMIT && decode_xtext(value).is_some()
}

/// `addr-type ; xtext`; in an address of type `utf-8` characters may be escaped, and with SMTPUTF8
/// be given as they are (RFC 6533 §3).
fn is_original(value: &str) -> bool {
    let Some((kind, address)) = value.split_once(';') else {
        return false;
    };
    let is_utf8 = kind.eq_ignore_ascii_case("utf-8");
    let is_known = is_utf8 || kind.eq_ignore_ascii_case("rfc822");
    if !is_known || value.len() > ORIGINAL_LIMIT {
        return false;
    }
    let text = if address.is_ascii() {
        decode_xtext(address)
    } else {
        (is_utf8 && !address.contains(['+', '='])).then(|| address.to_owned())
    };
    text.is_some_and(|text| !is_utf8 || is_international(&text))
}

/// What servers behind us may decode and write on a line of a notification: no escape stands for
/// what may not stand there itself.
fn is_international(text: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let is_fine = if c == '\\' {
            let Some((point, behind)) = escape(rest) else {
                return false;
            };
            rest = behind;
            point == ' ' || is_printable(point)
        } else {
            // A space can only come of xtext here, where it is lawful.
            c == ' ' || is_printable(c)
        };
        if !is_fine {
            return false;
        }
    }
    !text.is_empty()
}

/// `x{HEXPOINT}` and what follows it: two to six digits that name a character.
fn escape(text: &str) -> Option<(char, &str)> {
    let (digits, rest) = text.strip_prefix("x{")?.split_once('}')?;
    let is_point =
        (2..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let point = is_point.then(|| u32::from_str_radix(digits, 16).ok())??;
    Some((char::from_u32(point)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DsnReturn;

    fn of_mail(text: &str) -> Result<MailParameters, Reason> {
        mail(ReversePath::Null, text, &mut Quirks::default()).map_err(|refusal| refusal.reason)
    }

    fn of_recipient(text: &str) -> Result<Recipient, Reason> {
        let address = "b@acme.example".parse().unwrap();
        recipient(address, text).map_err(|refusal| refusal.reason)
    }

    #[test]
    fn parameters_of_mail_are_read() {
        let mail = of_mail(
            "  size=1234 BODY=8bitmime SMTPUTF8 RET=hdrs ENVID=QQ+2B314 AUTH=a+40b.example ",
        );
        assert_eq!(
            mail,
            Ok(MailParameters {
                reverse_path: ReversePath::Null,
                size: Some(1234),
                encoding: BodyEncoding::EightBit,
                smtputf8: true,
                dsn_return: Some(DsnReturn::Headers),
                envelope_id: "QQ+2B314".to_owned(),
            })
        );
        assert_eq!(
            of_mail("BODY=BINARYMIME RET=FULL").map(|mail| (mail.encoding, mail.dsn_return)),
            Ok((BodyEncoding::Binary, Some(DsnReturn::Full)))
        );
    }

    #[test]
    fn parameters_of_recipients_are_read() {
        let recipient = of_recipient("NOTIFY=success,DELAY ORCPT=rfc822;b+2Bx@acme.example");
        let recipient = recipient.unwrap();
        assert_eq!(recipient.original, "rfc822;b+2Bx@acme.example");
        let notify = recipient.notify.unwrap();
        assert!(notify.success && notify.delay && !notify.failure && !notify.never);
        assert!(of_recipient("NOTIFY=NEVER").unwrap().notify.unwrap().never);
        assert!(of_recipient("ORCPT=utf-8;jürgen@acme.example").is_ok());
        for escaped in [
            r"utf-8;j\x{FC}rgen@acme.example",
            r"UTF-8;j\x{fc}rgen\x{2B}\x{5C}\x{1F600}@acme.example",
            r"utf-8;ü\x{20}\x{10FFFD}@acme.example",
            "utf-8;j+5Cx{FC}rgen+2Bx@acme.example",
        ] {
            let recipient = of_recipient(&format!("ORCPT={escaped}"));
            assert_eq!(recipient.unwrap().original, escaped);
        }
        assert_eq!(of_recipient("").unwrap().notify, None);
    }

    #[test]
    fn a_size_without_number_says_nothing() {
        for text in ["SIZE=", "SIZE", "size= BODY=7BIT"] {
            let mut quirks = Quirks::default();
            let mail = mail(ReversePath::Null, text, &mut quirks).unwrap();
            assert_eq!(mail.size, None);
            assert_eq!(quirks.iter().collect::<Vec<_>>(), [Quirk::EmptySize]);
        }
    }

    #[test]
    fn values_that_are_not_valid_are_refused() {
        for text in [
            "SIZE=-1",
            "SIZE=+1",
            "SIZE=1x",
            "SIZE=99999999999999999999999",
            "SIZE=99999999999999999999",
            "SIZE=1 SIZE=1",
            "BODY=9BIT",
            "SMTPUTF8=1",
            "RET=all",
            "ENVID=",
            "ENVID=a+zz",
            "ENVID=a=b",
            "ENVID=a+2b",
            "ENVID=a+0D+0Ab",
            "AUTH",
            "AUTH=",
            "AUTH=a b",
        ] {
            let reason = if text == "AUTH=a b" {
                Reason::UnknownParameter
            } else {
                Reason::BadParameter
            };
            assert_eq!(of_mail(text), Err(reason), "{text}");
        }
        assert_eq!(of_mail("X-OTHER"), Err(Reason::UnknownParameter));
        for text in [
            "NOTIFY",
            "NOTIFY=NEVER,SUCCESS",
            "NOTIFY=SUCCESS,",
            "NOTIFY=NEVER NOTIFY=DELAY",
            "ORCPT=b@acme.example",
            "ORCPT=rfc822;",
            "ORCPT=x400;b",
            "ORCPT=rfc822;jürgen@acme.example",
            "ORCPT=rfc822;b+0D+0A@acme.example",
            "ORCPT=utf-8;j\u{85}@acme.example",
            "ORCPT=utf-8;j\u{202e}@acme.example",
            "ORCPT=utf-8;jü+2Bx@acme.example",
            r"ORCPT=utf-8;a\x{0D}\x{0A}Final-Recipient:",
            r"ORCPT=utf-8;ü\x{0D}\x{0A}Final-Recipient:",
            "ORCPT=utf-8;a+5Cx{0D}+5Cx{0A}b",
            r"ORCPT=utf-8;a\x{00}b",
            r"ORCPT=utf-8;a\x{7F}b",
            r"ORCPT=utf-8;a\x{85}b",
            r"ORCPT=utf-8;a\x{2028}b",
            r"ORCPT=utf-8;a\x{202E}b",
            r"ORCPT=utf-8;a\x{2066}b",
            r"ORCPT=utf-8;a\x{61C}b",
            r"ORCPT=utf-8;a\x{D800}b",
            r"ORCPT=utf-8;a\x{110000}b",
            r"ORCPT=utf-8;a\x{FFFFFFFFF}b",
            r"ORCPT=utf-8;a\x{}b",
            r"ORCPT=utf-8;a\x{A}b",
            r"ORCPT=utf-8;a\x{0x}b",
            r"ORCPT=utf-8;a\x{FC",
            r"ORCPT=utf-8;a\u00FC",
            r"ORCPT=utf-8;a\",
        ] {
            assert_eq!(of_recipient(text), Err(Reason::BadParameter), "{text}");
        }
        let long = format!("ENVID={}", "x".repeat(101));
        assert_eq!(of_mail(&long), Err(Reason::BadParameter));
    }
}
