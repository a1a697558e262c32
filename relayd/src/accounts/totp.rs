//! Time-based one-time passwords: RFC 6238 over RFC 4226, as every app has them: SHA-1, six digits,
//! steps of thirty seconds, a secret of 160 bits.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use rand::{TryRng, rngs::SysRng};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use super::AdminError;
use crate::model::Secret;

/// Seconds of a step.
const STEP: i64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Bytes of a secret: what RFC 4226 §4 recommends.
const SECRET_LEN: usize = 20;
/// Steps that the clock of an app may be off, to either side.
const DRIFT: i64 = 1;

/// A new secret, in base32.
pub(super) fn new_secret() -> Result<Secret, AdminError> {
    let mut bytes = [0; SECRET_LEN];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| AdminError::Internal(error.to_string()))?;
    Ok(Secret::new(BASE32_NOPAD.encode(&bytes)))
}

/// The secret as apps read it from a QR code. Issuer and account stand in names and host names,
/// whose characters need no escape.
pub(super) fn uri(issuer: &str, account: &str, secret: &Secret) -> String {
    let secret = secret.expose();
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// Whether a text has the form of a code.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The step whose code `digits` are, if it lies around now and behind `last`.
pub(super) fn step_of(secret: &Secret, digits: &str, now: Timestamp, last: i64) -> Option<i64> {
    let current = now.as_second().div_euclid(STEP);
    let mut found = None;
    // All of them are looked at, whichever fits.
    for step in current - DRIFT..=current + DRIFT {
        let is_equal: bool = code(secret, step)?
            .as_bytes()
            .ct_eq(digits.as_bytes())
            .into();
        if is_equal && step > last {
            found = Some(step);
        }
    }
    found
}

/// The code of a step; `None` when the secret is none.
fn code(secret: &Secret, step: i64) -> Option<String> {
    let key = BASE32_NOPAD.decode(secret.expose().as_bytes()).ok()?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    // RFC 4226 §5.3: the last four bits say where the number begins.
    let place = usize::from(digest.last()? & 0xf);
    let bytes: [u8; 4] = digest.get(place..place + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(bytes) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

/// The code that an app shows at a time.
#[cfg(test)]
pub(crate) fn shown_at(secret: &str, at: Timestamp) -> String {
    code(&Secret::new(secret), at.as_second().div_euclid(STEP)).unwrap()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    /// The secret of both RFCs.
    fn secret() -> Secret {
        Secret::new(BASE32_NOPAD.encode(b"12345678901234567890"))
    }

    #[test]
    fn the_codes_of_rfc_4226_and_rfc_6238() {
        // RFC 4226 appendix D.
        for (step, expected) in ["755224", "287082", "359152", "969429", "338314"]
            .into_iter()
            .enumerate()
        {
            let step = i64::try_from(step).unwrap();
            assert_eq!(code(&secret(), step).as_deref(), Some(expected), "{step}");
        }
        // RFC 6238 appendix B, the last six of its eight digits.
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = Timestamp::from_second(second).unwrap();
            assert_eq!(shown_at(secret().expose(), at), expected, "{second}");
        }
        assert_eq!(code(&Secret::new("not base32!"), 1), None);
    }

    #[test]
    fn a_code_counts_one_step_around_now_and_behind_the_last() {
        let now = Timestamp::from_second(1_111_111_111).unwrap();
        let current = 1_111_111_111 / STEP;
        for (off, last, expected) in [
            (0, 0, Some(current)),
            (-30, 0, Some(current - 1)),
            (30, 0, Some(current + 1)),
            (-60, 0, None),
            (60, 0, None),
            (0, current, None),
            (-30, current, None),
            (30, current, Some(current + 1)),
        ] {
            let digits = shown_at(secret().expose(), now + SignedDuration::from_secs(off));
            let found = step_of(&secret(), &digits, now, last);
            assert_eq!(found, expected, "{off} {last}");
        }
        assert_eq!(step_of(&secret(), "", now, 0), None);
    }

    #[test]
    fn a_new_secret_has_160_bits_and_apps_can_read_it() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), 32);
        let uri = uri("relay.example.com", "acme", &Secret::new("ABC"));
        assert_eq!(
            uri,
            "otpauth://totp/relay.example.com:acme?secret=ABC&issuer=relay.example.com"
        );
    }
}
