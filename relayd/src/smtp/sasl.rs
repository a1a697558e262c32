//! SASL mechanisms: PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login).

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::Credentials;
use crate::model::{Reason, Refusal, Secret};

/// Padding may be missing: some devices drop it, and it carries nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What an exchange needs next.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Ask the client for a response; the challenge is already in base64.
    Challenge(&'static str),
    /// The client has said who it is.
    Done(Credentials),
}

/// A sign-in that waits for a response of the client.
#[derive(Debug)]
pub(super) enum Exchange {
    /// `AUTH PLAIN` without initial response.
    Plain,
    /// `AUTH LOGIN`: waits for the user name.
    LoginUsername,
    /// `AUTH LOGIN`: waits for the password of this user.
    LoginPassword(String),
}

impl Exchange {
    /// The exchange of a mechanism, if it is offered.
    pub(super) fn of(mechanism: &str) -> Option<Self> {
        if mechanism.eq_ignore_ascii_case("PLAIN") {
            Some(Self::Plain)
        } else if mechanism.eq_ignore_ascii_case("LOGIN") {
            Some(Self::LoginUsername)
        } else {
            None
        }
    }

    /// What to ask for while nothing was said.
    pub(super) fn challenge(&self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::LoginUsername => "VXNlcm5hbWU6",
            Self::LoginPassword(_) => "UGFzc3dvcmQ6",
        }
    }

    /// Takes a response line, still in base64, and says what is next.
    pub(super) fn respond(self, line: &[u8]) -> Result<(Option<Self>, Outcome), Refusal> {
        let line = line.trim_ascii_end();
        if line == b"*" {
            return Err(Refusal::new(
                Reason::AuthCancelled,
                "the device cancelled it",
            ));
        }
        let text = decode(line)?;
        match self {
            Self::Plain => Ok((None, Outcome::Done(plain(&text)?))),
            // PLAIN cannot carry it; a store need not take it.
            Self::LoginUsername | Self::LoginPassword(_) if text.contains('\0') => Err(malformed()),
            Self::LoginUsername => {
                let next = Self::LoginPassword(text.to_string());
                let challenge = next.challenge();
                Ok((Some(next), Outcome::Challenge(challenge)))
            }
            Self::LoginPassword(username) => {
                let password = Secret::new(text.as_str());
                let credentials = Credentials { username, password };
                Ok((None, Outcome::Done(credentials)))
            }
        }
    }
}

fn decode(line: &[u8]) -> Result<Zeroizing<String>, Refusal> {
    let unreadable = |what| Refusal::new(Reason::AuthCancelled, what);
    let bytes = BASE64.decode(line).map_err(|_| unreadable("not base64"))?;
    String::from_utf8(bytes)
        .map(Zeroizing::new)
        .map_err(|_| unreadable("not UTF-8"))
}

fn malformed() -> Refusal {
    Refusal::new(Reason::AuthCancelled, "not the form of the mechanism")
}

/// `[authzid] NUL authcid NUL passwd`. Nobody may act for another here, but devices fill in the
/// same name twice.
fn plain(text: &str) -> Result<Credentials, Refusal> {
    let (identity, rest) = text.split_once('\0').ok_or_else(malformed)?;
    let (username, password) = rest.split_once('\0').ok_or_else(malformed)?;
    if password.contains('\0') || username.is_empty() {
        return Err(malformed());
    }
    if !identity.is_empty() && identity != username {
        let detail = "signing in as one user to act for another is not offered";
        return Err(Refusal::new(Reason::CredentialsRejected, detail));
    }
    Ok(Credentials {
        username: username.to_owned(),
        password: Secret::new(password),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respond(exchange: Exchange, text: &[u8]) -> Result<(Option<Exchange>, Outcome), Refusal> {
        exchange.respond(BASE64.encode(text).as_bytes())
    }

    fn credentials(outcome: Outcome) -> (String, String) {
        match outcome {
            Outcome::Done(found) => (found.username, found.password.expose().to_owned()),
            Outcome::Challenge(text) => panic!("asked for more: {text}"),
        }
    }

    #[test]
    fn plain_is_one_response() {
        for text in ["\0scan\0pass word", "scan\0scan\0pass word"] {
            let (next, outcome) = respond(Exchange::Plain, text.as_bytes()).unwrap();
            assert!(next.is_none());
            assert_eq!(
                credentials(outcome),
                ("scan".to_owned(), "pass word".to_owned())
            );
        }
    }

    #[test]
    fn login_asks_for_name_and_password() {
        let exchange = Exchange::of("login").unwrap();
        assert_eq!(exchange.challenge(), BASE64.encode("Username:"));
        let (next, outcome) = respond(exchange, b"scan").unwrap();
        assert!(matches!(outcome, Outcome::Challenge(text) if text == BASE64.encode("Password:")));
        let (next, outcome) = respond(next.unwrap(), b"geheim\xc3\xa9").unwrap();
        assert!(next.is_none());
        assert_eq!(
            credentials(outcome),
            ("scan".to_owned(), "geheimé".to_owned())
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (exchange, line, reason) in [
            (Exchange::Plain, &b"*"[..], Reason::AuthCancelled),
            (Exchange::LoginUsername, b"* ", Reason::AuthCancelled),
            (Exchange::Plain, b" AHNjYW4AcA==", Reason::AuthCancelled),
            (Exchange::Plain, b"AHNj\rYW4AcA==", Reason::AuthCancelled),
            (
                Exchange::Plain,
                b"AHNjYW4AcA==AHNjYW4AcA==",
                Reason::AuthCancelled,
            ),
            (Exchange::Plain, b"AHNjYW4AcB==", Reason::AuthCancelled),
            (Exchange::Plain, b"AHNjYW4_cA==", Reason::AuthCancelled),
            (
                Exchange::Plain,
                b"MAIL FROM:<a@acme.example>",
                Reason::AuthCancelled,
            ),
            (Exchange::Plain, b"!!!", Reason::AuthCancelled),
            (Exchange::Plain, b"", Reason::AuthCancelled),
            (Exchange::LoginUsername, b"/w==", Reason::AuthCancelled),
        ] {
            assert_eq!(exchange.respond(line).unwrap_err().reason, reason);
        }
        for (text, reason) in [
            (&b"scan"[..], Reason::AuthCancelled),
            (b"\0scan", Reason::AuthCancelled),
            (b"\0\0pass", Reason::AuthCancelled),
            (b"\0scan\0pa\0ss", Reason::AuthCancelled),
            (b"boss\0scan\0pass", Reason::CredentialsRejected),
        ] {
            let refusal = respond(Exchange::Plain, text).unwrap_err();
            assert_eq!(refusal.reason, reason, "{text:?}");
        }
        for exchange in [
            Exchange::LoginUsername,
            Exchange::LoginPassword("scan".to_owned()),
        ] {
            let refusal = respond(exchange, b"sc\0an").unwrap_err();
            assert_eq!(refusal.reason, Reason::AuthCancelled);
        }
        assert!(Exchange::of("CRAM-MD5").is_none());
    }

    #[test]
    fn missing_padding_is_harmless() {
        let (_, outcome) = Exchange::Plain.respond(b"AHNjYW4AcA").unwrap();
        assert_eq!(credentials(outcome), ("scan".to_owned(), "p".to_owned()));
    }

    #[test]
    fn a_password_is_never_printed() {
        let (_, outcome) = respond(Exchange::Plain, b"\0scan\0geheim").unwrap();
        assert!(!format!("{outcome:?}").contains("geheim"));
    }
}
