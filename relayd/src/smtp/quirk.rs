//! What devices do that no RFC asks for and nobody can misread: taken, and counted.

macro_rules! quirks {
    ($($variant:ident $name:literal $sentence:literal;)+) => {
        /// A harmless deviation of a client.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Quirk { $(#[doc = $sentence] $variant),+ }

        impl Quirk {
            /// Every quirk, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name: the label of the metric `relayd_smtp_quirks_total`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What the client does, as one sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence),+ }
            }
        }
    };
}

quirks! {
    // Command lines.
    LowerCaseVerb "lower-case-verb" "The verb is not in capitals, as in `mail from:`.";
    TrailingSpace "trailing-space" "Spaces or tabs stand at the end of the line.";
    ExtraSpace "extra-space" "More than one space stands between verb and argument.";
    StrayArgument "stray-argument" "QUIT comes with an argument.";
    BodyBeforeGoAhead "body-before-354" "The body is sent without waiting for 354.";

    // Names of clients.
    EmptyHelo "helo-empty" "HELO or EHLO says no name.";
    UnqualifiedHelo "helo-unqualified" "The name in HELO or EHLO has no domain, as in `printer`.";
    UnderscoreHelo "helo-underscore" "The name in HELO or EHLO holds an underscore.";
    RawAddressHelo "helo-raw-address" "The name in HELO or EHLO is an IP address without brackets.";
    UnusualHelo "helo-unusual" "The name in HELO or EHLO is neither a host name nor an address.";
    RepeatedHello "repeated-hello" "HELO or EHLO is said again although nothing has changed.";
    HeloThenAuth "helo-then-auth" "HELO is said, which offers no sign-in, and then AUTH.";
    UnpaddedBase64 "auth-unpadded" "The base64 of the sign-in lacks its padding.";

    // Envelopes.
    SpaceInPath "space-in-path" "Spaces stand around the colon or inside the angle brackets, as in `MAIL FROM: <a@b.example>`.";
    MissingBrackets "missing-brackets" "The address has no angle brackets.";
    SourceRoute "source-route" "The address comes with a source route, which is dropped.";
    QuotedLocalPart "quoted-local-part" "The part before the @ is quoted.";
    AuthParameter "auth-parameter" "MAIL comes with AUTH=, which is read and dropped.";
    EmptySize "empty-size" "MAIL comes with SIZE= and no number.";
    RepeatedRecipient "repeated-recipient" "A recipient is named twice, and gets the mail once.";

    // Messages.
    UndeclaredEightBit "undeclared-8bit" "The mail holds 8-bit text without BODY=8BITMIME.";
    LongLine "long-line" "A line of the mail is longer than 998 octets; it is handed on as it is.";
    MissingDate "missing-date" "The mail has no Date; it gets one.";
    MissingMessageId "missing-message-id" "The mail has no Message-ID; it gets one.";
    MissingFrom "missing-from" "The mail has no From; it gets the sender address of the relay user.";
    MissingTo "missing-to" "The mail has neither To nor Cc nor Bcc.";
}

/// The quirks of one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Quirks(u64);

impl Quirks {
    pub(super) fn add(&mut self, quirk: Quirk) {
        self.0 |= 1 << quirk as u64;
    }

    pub(super) fn add_if(&mut self, condition: bool, quirk: Quirk) {
        if condition {
            self.add(quirk);
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Quirk> {
        let all = Quirk::ALL.iter().copied();
        all.filter(move |quirk| self.0 & (1 << *quirk as u64) != 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_fit_a_label() {
        let names: BTreeSet<_> = Quirk::ALL.iter().map(|quirk| quirk.name()).collect();
        assert_eq!(names.len(), Quirk::ALL.len());
        assert!(Quirk::ALL.len() <= 64, "they must fit a set of 64");
        for quirk in Quirk::ALL {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(quirk.name().chars().all(fits), "{quirk:?}");
            assert!(quirk.sentence().ends_with('.'), "{quirk:?}");
        }
    }

    #[test]
    fn every_quirk_stands_in_the_page_on_devices() {
        let page = include_str!("../../../docs/devices.md");
        for quirk in Quirk::ALL {
            let row = format!("| `{}` | {} |", quirk.name(), quirk.sentence());
            assert!(page.contains(&row), "{row} is missing in docs/devices.md");
        }
    }

    #[test]
    fn a_set_gives_back_what_was_added() {
        let mut quirks = Quirks::default();
        assert_eq!(quirks.iter().count(), 0);
        quirks.add(Quirk::MissingTo);
        quirks.add(Quirk::LowerCaseVerb);
        quirks.add(Quirk::MissingTo);
        let found: Vec<_> = quirks.iter().collect();
        assert_eq!(found, [Quirk::LowerCaseVerb, Quirk::MissingTo]);
    }
}
