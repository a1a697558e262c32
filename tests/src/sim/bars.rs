//! Mailboxes that are barred from submission because they repeat permanent errors.
//!
//! Exchange Online bars a mailbox for continuous errors of one kind, for a time that Microsoft does
//! not tell, and answers each further mail with a reply of that kind. Here, errors are continuous
//! when no mail was taken in between, and a bar stays until somebody lifts it.

use std::collections::HashMap;

/// What a mailbox can be barred for. The texts are Microsoft's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bar {
    /// Its own mailbox is full: no copy can be kept in Sent Items.
    MailboxFull,
    /// It sends as somebody it may not send as.
    SendAs,
    /// It has no licence.
    License,
    /// Too many recipients.
    TooManyRecipients,
    /// Recipients that do not exist.
    InvalidRecipients,
}

/// What the text of an error holds, and what it counts as. The first that fits decides.
const ERRORS: &[(&str, Bar)] = &[
    ("5.2.2 mailbox full", Bar::MailboxFull),
    ("SendAsDenied", Bar::SendAs),
    ("5.7.60 ", Bar::SendAs),
    ("license", Bar::License),
    ("Too many recipients", Bar::TooManyRecipients),
    ("RecipientNotFound", Bar::InvalidRecipients),
    ("5.1.1 ", Bar::InvalidRecipients),
    ("5.1.10 ", Bar::InvalidRecipients),
    ("5.4.1 ", Bar::InvalidRecipients),
];

impl Bar {
    /// What an error counts as; most count as nothing.
    fn of(reply: &str) -> Option<Self> {
        if reply.contains("throttled") {
            return None;
        }
        let known = ERRORS.iter().find(|(part, _)| reply.contains(part));
        known.map(|(_, bar)| *bar)
    }

    /// What a barred mailbox is told.
    pub const fn reply(self) -> &'static str {
        match self {
            Self::MailboxFull => {
                "550 5.2.251 Sender throttled due to continuous mailbox full errors."
            }
            Self::SendAs => "550 5.2.252 Sender throttled due to continuous send as denied errors.",
            Self::License => "550 5.2.253 Sender throttled due to continuous license errors.",
            Self::TooManyRecipients => {
                "550 5.2.254 Sender throttled due to continuous too many recipients errors."
            }
            Self::InvalidRecipients => {
                "550 5.2.255 Sender throttled due to continuous invalid recipients errors."
            }
        }
    }
}

/// Who made which errors, and who is barred.
#[derive(Default)]
pub(super) struct Bars {
    /// Continuous errors of one kind that bar a mailbox; `None` bars nobody.
    after: Option<usize>,
    errors: HashMap<(String, Bar), usize>,
    barred: HashMap<String, Bar>,
}

impl Bars {
    pub(super) fn after(errors: Option<usize>) -> Self {
        Self {
            after: errors,
            ..Self::default()
        }
    }

    /// Bars after another number of errors from now on.
    pub(super) fn set_after(&mut self, errors: Option<usize>) {
        self.after = errors;
    }

    /// Why this mailbox is barred, if it is.
    pub(super) fn of(&self, mailbox: &str) -> Option<Bar> {
        self.barred.get(mailbox).copied()
    }

    /// Counts what a mailbox was told, if it is an error that counts.
    pub(super) fn told(&mut self, mailbox: &str, reply: &str) {
        let (Some(after), Some(kind)) = (self.after, Bar::of(reply)) else {
            return;
        };
        let errors = self.errors.entry((mailbox.to_owned(), kind)).or_default();
        *errors += 1;
        if *errors >= after {
            self.barred.entry(mailbox.to_owned()).or_insert(kind);
        }
    }

    /// A mail was taken in: what went wrong before it is not continuous.
    pub(super) fn took(&mut self, mailbox: &str) {
        self.errors.retain(|(other, _), _| other != mailbox);
    }

    /// Lifts a bar and forgets what led to it.
    pub(super) fn lift(&mut self, mailbox: &str) {
        self.took(mailbox);
        self.barred.remove(mailbox);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::replies, *};

    #[test]
    fn errors_of_one_kind_bar_a_mailbox_unless_a_mail_is_taken_in_between() {
        let mut bars = Bars::after(Some(3));
        let denied = replies::named("send-as-denied").unwrap();
        let unknown = replies::named("recipient-unknown").unwrap();
        for reply in [
            denied,
            unknown,
            denied,
            unknown,
            "451 4.7.0 x",
            "250 2.1.0 Sender OK",
        ] {
            bars.told("m", reply);
        }
        assert_eq!(bars.of("m"), None, "of each kind there were two");
        bars.took("m");
        bars.told("m", denied);
        bars.told("n", denied);
        assert_eq!(bars.of("m"), None, "a mail was taken in between");
        bars.told("m", denied);
        bars.told("m", denied);
        assert_eq!(bars.of("m"), Some(Bar::SendAs));
        assert_eq!(bars.of("n"), None, "another mailbox");
        bars.told("m", Bar::SendAs.reply());
        bars.took("m");
        assert_eq!(bars.of("m"), Some(Bar::SendAs), "a bar stays");
        bars.lift("m");
        assert_eq!(bars.of("m"), None);
    }

    #[test]
    fn each_kind_is_known_by_its_errors() {
        for (name, bar) in [
            ("mailbox-full", Some(Bar::MailboxFull)),
            ("send-as", Some(Bar::SendAs)),
            ("send-as-denied", Some(Bar::SendAs)),
            ("too-many-recipients", Some(Bar::TooManyRecipients)),
            ("recipient-unknown", Some(Bar::InvalidRecipients)),
            ("recipient-rejected", Some(Bar::InvalidRecipients)),
            ("barred-invalid-recipients", None),
            ("temporary", None),
        ] {
            assert_eq!(Bar::of(replies::named(name).unwrap()), bar, "{name}");
        }
        let unlicensed = "550 5.7.1 The mailbox has no license";
        assert_eq!(Bar::of(unlicensed), Some(Bar::License));
    }
}
