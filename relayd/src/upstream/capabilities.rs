//! What a server offers, as its EHLO reply says (RFC 5321 §4.1.1.1).
//!
//! lettre keeps four of the keywords; a relay needs the rest too, and without regard to case.

use super::{Outgoing, Setback, Verdict};
use crate::model::{BodyEncoding, Reason, RouteOffer};

/// The extensions that matter to a client that submits mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent keyword of EHLO"
)]
pub(super) struct Capabilities {
    /// RFC 2920.
    pub(super) pipelining: bool,
    /// RFC 6152.
    pub(super) eight_bit_mime: bool,
    /// RFC 6531.
    pub(super) smtputf8: bool,
    /// RFC 3461.
    pub(super) dsn: bool,
    /// RFC 3030: BDAT.
    pub(super) chunking: bool,
    /// RFC 3030: bodies of any bytes, by BDAT.
    pub(super) binary_mime: bool,
    /// RFC 3207.
    pub(super) starttls: bool,
    /// RFC 1870.
    pub(super) size: bool,
    /// The largest message that the server takes, if it names one.
    pub(super) size_limit: Option<u64>,
    /// RFC 4954: `PLAIN`.
    pub(super) auth_plain: bool,
    /// `LOGIN`, what Exchange Online offers.
    pub(super) auth_login: bool,
    /// `XOAUTH2`: by access token.
    pub(super) auth_xoauth2: bool,
    /// The AUTH line as given, for messages to people.
    pub(super) auth_offer: String,
}

impl Capabilities {
    /// Reads what the server said: the lines of its EHLO reply, among any other replies.
    pub(super) fn read(heard: &str) -> Self {
        let mut found = Self::default();
        for line in heard.lines() {
            if let Some(keyword) = line.strip_prefix("250-").or(line.strip_prefix("250 ")) {
                found.take(keyword);
            }
        }
        found
    }

    fn take(&mut self, line: &str) {
        // `AUTH=LOGIN` is the form of servers older than RFC 2554; some send both.
        let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
        let Some(keyword) = words.next() else { return };
        match keyword.to_ascii_uppercase().as_str() {
            "PIPELINING" => self.pipelining = true,
            "8BITMIME" => self.eight_bit_mime = true,
            "SMTPUTF8" => self.smtputf8 = true,
            "DSN" => self.dsn = true,
            "CHUNKING" => self.chunking = true,
            "BINARYMIME" => self.binary_mime = true,
            "STARTTLS" => self.starttls = true,
            "SIZE" => {
                self.size = true;
                let limit = words.next().and_then(|word| word.parse().ok());
                // `SIZE 0` announces that there is no fixed limit.
                self.size_limit = limit.filter(|limit| *limit > 0);
            }
            "AUTH" => {
                line.trim().clone_into(&mut self.auth_offer);
                for mechanism in words {
                    self.auth_plain |= mechanism.eq_ignore_ascii_case("PLAIN");
                    self.auth_login |= mechanism.eq_ignore_ascii_case("LOGIN");
                    self.auth_xoauth2 |= mechanism.eq_ignore_ascii_case("XOAUTH2");
                }
            }
            _ => {}
        }
    }

    /// Whether binary bodies can be handed over: BINARYMIME is nothing without BDAT (RFC 3030 §3).
    const fn carries_binary(&self) -> bool {
        self.chunking && self.binary_mime
    }

    /// What is worth knowing before a mail is taken in.
    pub(super) const fn offer(&self) -> RouteOffer {
        RouteOffer {
            binary_mime: self.carries_binary(),
            eight_bit_mime: self.eight_bit_mime,
            smtputf8: self.smtputf8,
            dsn: self.dsn,
            size: self.size_limit,
        }
    }

    /// Whether the server can take this message at all; a clear answer before anything is sent.
    pub(super) fn admit(&self, message: &Outgoing<'_>) -> Result<(), Setback> {
        let unsupported = |what: &str| {
            Setback::new(
                Verdict::FailMessage,
                Reason::UnsupportedContent,
                format!("the server does not offer {what}, which the message needs"),
            )
        };
        match message.encoding {
            BodyEncoding::Binary if !self.carries_binary() => {
                return Err(unsupported("CHUNKING and BINARYMIME"));
            }
            BodyEncoding::EightBit if !self.eight_bit_mime => return Err(unsupported("8BITMIME")),
            BodyEncoding::Binary | BodyEncoding::EightBit | BodyEncoding::SevenBit => {}
        }
        if message.smtputf8 && !self.smtputf8 {
            return Err(unsupported("SMTPUTF8"));
        }
        if let Some(limit) = self.size_limit
            && message.size > limit
        {
            return Err(Setback::new(
                Verdict::FailMessage,
                Reason::MessageTooLarge,
                format!(
                    "the message has {} bytes, the server takes {limit}",
                    message.size
                ),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ehlo_of_exchange_online_is_understood() {
        let heard = "220 GVX0EPF0 Microsoft ESMTP MAIL Service ready\r\n\
            250-GVX0EPF0.outlook.office365.com Hello [192.0.2.1]\r\n250-SIZE 157286400\r\n\
            250-PIPELINING\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-AUTH LOGIN XOAUTH2\r\n\
            250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n";
        let expected = Capabilities {
            pipelining: true,
            eight_bit_mime: true,
            smtputf8: true,
            dsn: true,
            chunking: true,
            binary_mime: true,
            starttls: false,
            size: true,
            size_limit: Some(157_286_400),
            auth_plain: false,
            auth_login: true,
            auth_xoauth2: true,
            auth_offer: "AUTH LOGIN XOAUTH2".to_owned(),
        };
        assert_eq!(Capabilities::read(heard), expected);
    }

    #[test]
    fn odd_forms_are_understood_too() {
        let heard = "250-host\r\n250-auth=login plain\r\n250-Size\r\n250 starttls\r\n";
        let found = Capabilities::read(heard);
        assert!(found.auth_login && found.auth_plain && found.starttls);
        assert_eq!((found.size, found.size_limit), (true, None));
        assert_eq!(Capabilities::read("250 host\r\n"), Capabilities::default());
    }
}
