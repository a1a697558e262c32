//! How an account's mail leaves.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{AccountId, Reason, RouteId, Secret, text_enum};

text_enum! {
    /// Ways out.
    RouteKind {
        /// SMTP AUTH client submission to Exchange Online with user name and password.
        SmtpAuth = "smtp-auth",
        /// Any other submission server, with or without a password.
        Smarthost = "smarthost",
        /// Keeps mail in a folder and sends nothing; a sandbox.
        Capture = "capture",
    }
}

text_enum! {
    /// How the connection to the server is encrypted. The certificate is verified in both cases.
    Security {
        /// STARTTLS, required (RFC 3207).
        StartTls = "starttls",
        /// TLS from the first byte (RFC 8314).
        Implicit = "implicit",
        /// None; for a smarthost on this machine only.
        None = "none",
    }
}

/// What the other side tolerates. Waiting for pace is not an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `None` is as fast as it goes.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `None` is without limit.
    pub recipients_per_day: Option<u32>,
}

impl Pace {
    /// Exchange Online's limits for one mailbox: 3 connections, 30 messages a minute, 10,000
    /// recipients a day (Microsoft, "Exchange Online limits").
    pub const EXCHANGE_ONLINE: Self = Self {
        connections: 3,
        per_minute: Some(30),
        recipients_per_day: Some(10_000),
    };

    /// What is assumed of any other server.
    pub const SMARTHOST: Self = Self {
        connections: 10,
        per_minute: None,
        recipients_per_day: None,
    };
}

/// What the other side can carry, as its last successful check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent extension"
)]
pub struct RouteOffer {
    /// Binary bodies: CHUNKING and BINARYMIME (RFC 3030).
    pub binary_mime: bool,
    /// 8-bit text (RFC 6152).
    pub eight_bit_mime: bool,
    /// International addresses and headers (RFC 6531).
    pub smtputf8: bool,
    /// Notifications (RFC 3461).
    pub dsn: bool,
    /// Largest message, in bytes (RFC 1870); `None` when it told none.
    pub size: Option<u64>,
}

impl RouteOffer {
    /// Takes anything, as a folder does; notifications are ours to send then.
    pub const ANYTHING: Self = Self {
        binary_mime: true,
        eight_bit_mime: true,
        smtputf8: true,
        dsn: false,
        size: None,
    };

    const WORDS: [&'static str; 4] = ["binarymime", "8bitmime", "smtputf8", "dsn"];

    /// The keywords that are offered, without their parameters.
    pub fn words(self) -> Vec<&'static str> {
        let flags = [
            self.binary_mime,
            self.eight_bit_mime,
            self.smtputf8,
            self.dsn,
        ];
        let words = flags.iter().zip(Self::WORDS);
        words
            .filter(|(flag, _)| **flag)
            .map(|(_, word)| word)
            .chain(self.size.map(|_| "size"))
            .collect()
    }

    /// The form in the store: the keywords that are offered, with `size=` in bytes, or `plain` where
    /// there are none.
    pub fn to_text(self) -> String {
        let words = self.words().into_iter().map(|word| match self.size {
            Some(size) if word == "size" => format!("size={size}"),
            _ => word.to_owned(),
        });
        let offered: Vec<_> = words.collect();
        if offered.is_empty() {
            return "plain".to_owned();
        }
        offered.join(" ")
    }

    /// Reads the form in the store; an empty text is a route whose offer is not known.
    pub fn from_text(text: &str) -> Option<Self> {
        let has = |word| text.split(' ').any(|found| found == word);
        let [binary_mime, eight_bit_mime, smtputf8, dsn] = Self::WORDS.map(has);
        (!text.is_empty()).then_some(Self {
            binary_mime,
            eight_bit_mime,
            smtputf8,
            dsn,
            size: text
                .split(' ')
                .find_map(|word| word.strip_prefix("size=")?.parse().ok()),
        })
    }
}

/// The way out of one account, with its secrets opened.
#[derive(Debug, Clone)]
pub struct Route {
    /// Identifier; also names the lane.
    pub id: RouteId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// User name to sign in with; empty for none.
    pub mailbox: String,
    /// Its password.
    pub password: Option<Secret>,
    /// Certificates (PEM) to trust for this server, instead of the machine's; for private CAs.
    pub ca_pem: Option<String>,
    /// Folder of a `capture` route.
    pub folder: Option<PathBuf>,
    /// What the other side tolerates.
    pub pace: Pace,
    /// When it was last probed with success. A route that never was takes no mail.
    pub checked_at: Option<Timestamp>,
    /// What that probe found on offer; `None` when it is not known.
    pub offer: Option<RouteOffer>,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

impl Route {
    /// The settings that differ from those of another, by the names of the API.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("kind", self.kind != other.kind),
            ("server", self.server != other.server),
            ("port", self.port != other.port),
            ("security", self.security != other.security),
            ("mailbox", self.mailbox != other.mailbox),
            (
                "password",
                self.password.as_ref().map(Secret::expose)
                    != other.password.as_ref().map(Secret::expose),
            ),
            ("ca_pem", self.ca_pem != other.ca_pem),
            ("folder", self.folder != other.folder),
            (
                "connections",
                self.pace.connections != other.pace.connections,
            ),
            ("per_minute", self.pace.per_minute != other.pace.per_minute),
            (
                "recipients_per_day",
                self.pace.recipients_per_day != other.pace.recipients_per_day,
            ),
        ];
        let differing = differs.into_iter().filter(|(_, differs)| *differs);
        differing.map(|(name, _)| name).collect()
    }
}

text_enum! {
    /// What kind of trouble stopped a lane.
    HoldKind {
        /// A limit of the other side; ends at a time.
        Quota = "quota",
        /// Credentials or configuration; ends when a person acts or a check succeeds.
        Credentials = "credentials",
        /// A person stopped it.
        Manual = "manual",
    }
}

/// Why a lane stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What kind of trouble.
    pub kind: HoldKind,
    /// The reason as a stable code.
    pub reason: Reason,
    /// The literal reply, or what the person said.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` is until somebody releases it.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_reads_back() {
        for bits in 0..32_u8 {
            let offer = RouteOffer {
                binary_mime: bits & 1 != 0,
                eight_bit_mime: bits & 2 != 0,
                smtputf8: bits & 4 != 0,
                dsn: bits & 8 != 0,
                size: (bits & 16 != 0).then_some(157_286_400),
            };
            assert_eq!(RouteOffer::from_text(&offer.to_text()), Some(offer));
        }
        assert_eq!(RouteOffer::from_text(""), None);
        assert_eq!(
            RouteOffer::ANYTHING.words(),
            ["binarymime", "8bitmime", "smtputf8"]
        );
    }
}
