//! Sender domains, and how an account proves that one is its own: by a TXT record that only who
//! runs the DNS of the domain can publish.

use std::time::Duration;

use jiff::Timestamp;

use super::{AccountId, Address, DomainId, text_enum};

/// Where the record of a domain stands: below it, so that it meets no record of others.
const CHALLENGE: &str = "_relayd-challenge";
/// What its value begins with, before the token.
const VALUE: &str = "relayd-domain-proof=";
/// Octets of a domain, so that the name of its record still is one (RFC 1035 §2.3.4).
const LONGEST: usize = 253 - CHALLENGE.len() - 1;

/// How long a proven domain stays good after its record was missed first.
const GRACE: Duration = Duration::from_hours(7 * 24);
/// How often a record is looked at.
const DAILY: Duration = Duration::from_hours(24);
/// How soon again, where the record may come any moment, or DNS did not answer.
const SOON: Duration = Duration::from_hours(1);
/// How long after its registration a record may come any moment.
const FRESH: Duration = Duration::from_hours(3 * 24);

text_enum! {
    /// How far the proof of a domain has come.
    DomainState {
        /// The record was not seen yet.
        Pending = "pending",
        /// It was there at the last look.
        Verified = "verified",
        /// It is missing, which is forgiven for seven days.
        Failing = "failing",
        /// It was missing for too long: nobody may send from the domain until it is back.
        Lapsed = "lapsed",
    }
}

impl DomainState {
    /// Whether senders of the domain may be used.
    pub const fn is_proven(self) -> bool {
        matches!(self, Self::Verified | Self::Failing)
    }
}

text_enum! {
    /// Whether the senders of an account must lie in domains that it has proven.
    DomainProof {
        /// They must.
        Required = "required",
        /// The operator answers for them.
        Waived = "waived",
    }
}

/// Why a text is no domain that can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DomainNameError {
    /// A label is empty, too long, or holds what a name in DNS does not.
    #[error("not a domain: write a name such as acme.example")]
    Form,
    /// It has one label: a public suffix such as `com` belongs to nobody.
    #[error("a domain of your own has two labels at least, such as acme.example")]
    Suffix,
    /// Nothing could be put below it.
    #[error("the domain is too long: at most {LONGEST} octets")]
    TooLong,
}

/// The name of a sender domain: in lower case, in ASCII (A-labels, RFC 5890), without a dot at its
/// end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainName(Box<str>);

impl DomainName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address of `domain` lies in this one: in itself, or below it.
    fn covers(&self, domain: &str) -> bool {
        domain
            .strip_suffix(self.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl std::str::FromStr for DomainName {
    type Err = DomainNameError;

    fn from_str(text: &str) -> Result<Self, DomainNameError> {
        let text = text.trim();
        let text = text.strip_suffix('.').unwrap_or(text);
        let ascii = to_ascii(text).ok_or(DomainNameError::Form)?;
        if ascii.len() > LONGEST {
            return Err(DomainNameError::TooLong);
        }
        if !ascii.split('.').all(is_label) {
            return Err(DomainNameError::Form);
        }
        // The last label of an IP address is a number; that of a name never is (RFC 3696 §2).
        match ascii.rsplit_once('.') {
            None => Err(DomainNameError::Suffix),
            Some((_, last)) if last.bytes().all(|b| b.is_ascii_digit()) => {
                Err(DomainNameError::Form)
            }
            Some(_) => Ok(Self(ascii.into())),
        }
    }
}

impl std::fmt::Display for DomainName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Letters, digits, hyphens; underscores, since real mail domains have them.
fn is_label(label: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(is_plain)
}

/// Without dots of other scripts (RFC 3490 §3.1): who looks at the name should see its labels.
fn to_ascii(text: &str) -> Option<String> {
    let is_odd_dot = |c| matches!(c, '\u{3002}' | '\u{ff0e}' | '\u{ff61}');
    if text.contains(is_odd_dot) {
        return None;
    }
    idna::domain_to_ascii(text).ok()
}

/// A sender domain of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Identifier.
    pub id: DomainId,
    /// The account that sends from it.
    pub account_id: AccountId,
    /// Its name.
    pub name: DomainName,
    /// What its record must hold: random, other for every account.
    pub token: String,
    /// How far the proof has come.
    pub state: DomainState,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When its record was seen last.
    pub verified_at: Option<Timestamp>,
    /// Since when its record is missing, after it was there.
    pub failing_since: Option<Timestamp>,
    /// When it was looked at last.
    pub checked_at: Option<Timestamp>,
    /// When it is looked at next.
    pub next_check_at: Timestamp,
    /// What the last look found, as one sentence without its full stop.
    pub found: String,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

/// What a look at the record of a domain came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The record is there.
    Seen,
    /// DNS answered, and the record is not there.
    Missing,
    /// DNS did not answer, which says nothing.
    Unclear,
}

impl Domain {
    /// Name of the record that proves it.
    pub fn record_name(&self) -> String {
        format!("{CHALLENGE}.{}", self.name)
    }

    /// Value of the record that proves it.
    pub fn record_value(&self) -> String {
        format!("{VALUE}{}", self.token)
    }

    /// Whether a TXT record is the one that proves it. Panels for DNS keep blanks around what was
    /// pasted, and sometimes the quotes.
    pub fn is_proven_by(&self, text: &str) -> bool {
        text.trim().trim_matches('"').trim() == self.record_value()
    }

    /// When senders of it are refused, unless the record comes back.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        self.failing_since
            .filter(|_| self.state == DomainState::Failing)
            .map(|since| since + GRACE)
    }

    /// Takes note of a look at its record.
    pub fn note(&mut self, sight: Sight, found: String, now: Timestamp) {
        self.checked_at = Some(now);
        self.found = found;
        match sight {
            Sight::Seen => {
                self.state = DomainState::Verified;
                self.verified_at = Some(now);
                self.failing_since = None;
            }
            Sight::Missing => self.note_missing(now),
            Sight::Unclear => {}
        }
        self.next_check_at = now + self.pause(sight, now);
    }

    fn note_missing(&mut self, now: Timestamp) {
        match self.state {
            DomainState::Verified => {
                self.state = DomainState::Failing;
                self.failing_since = Some(now);
            }
            DomainState::Failing if self.lapses_at().is_none_or(|end| end <= now) => {
                self.state = DomainState::Lapsed;
            }
            DomainState::Failing | DomainState::Pending | DomainState::Lapsed => {}
        }
    }

    fn pause(&self, sight: Sight, now: Timestamp) -> Duration {
        let is_awaited = self.state == DomainState::Pending && self.created_at + FRESH > now;
        if is_awaited || sight == Sight::Unclear {
            return SOON;
        }
        // Not a day late with the end of the grace period.
        let left = self.lapses_at().map(|end| end.duration_since(now));
        left.and_then(|left| left.try_into().ok())
            .map_or(DAILY, |left: Duration| left.min(DAILY))
    }
}

/// Where the senders of an account may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SenderDomains {
    /// Anywhere: the operator waives the proof.
    Any,
    /// In these and below them.
    Proven(Vec<DomainName>),
}

impl SenderDomains {
    /// Whether an address lies where it may. An address literal lies nowhere.
    pub fn cover(&self, address: &Address) -> bool {
        match self {
            Self::Any => true,
            Self::Proven(domains) => to_ascii(address.domain())
                .is_some_and(|domain| domains.iter().any(|proven| proven.covers(&domain))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdSource;

    #[test]
    fn names_are_read_as_dns_has_them() {
        use DomainNameError::{Form, Suffix, TooLong};
        let longest = format!("{}.example", vec!["a".repeat(50); 5].join("."));
        for (text, expected) in [
            ("acme.example", Ok("acme.example")),
            (" ACME.Example. ", Ok("acme.example")),
            ("mail.acme.example", Ok("mail.acme.example")),
            ("müller.example", Ok("xn--mller-kva.example")),
            ("MÜLLER.example", Ok("xn--mller-kva.example")),
            ("xn--mller-kva.example", Ok("xn--mller-kva.example")),
            ("my_shop.example", Ok("my_shop.example")),
            ("1.example", Ok("1.example")),
            ("com", Err(Suffix)),
            ("localhost.", Err(Suffix)),
            ("", Err(Form)),
            (".", Err(Form)),
            ("acme.example..", Err(Form)),
            ("acme..example", Err(Form)),
            (".acme.example", Err(Form)),
            ("-acme.example", Err(Form)),
            ("acme-.example", Err(Form)),
            ("ac me.example", Err(Form)),
            ("ops@acme.example", Err(Form)),
            ("*.acme.example", Err(Form)),
            ("acme.example/", Err(Form)),
            ("acme\u{3002}example", Err(Form)),
            ("192.0.2.1", Err(Form)),
            ("[192.0.2.1]", Err(Form)),
            ("xn--\u{202e}.example", Err(Form)),
            (&longest, Err(TooLong)),
        ] {
            let read = text.parse::<DomainName>();
            assert_eq!(
                read.as_ref().map(DomainName::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_domain_covers_itself_and_what_lies_below() {
        let proven = |names: &[&str]| {
            SenderDomains::Proven(names.iter().map(|name| name.parse().unwrap()).collect())
        };
        let two = proven(&["acme.example", "xn--mller-kva.example"]);
        for (address, covered) in [
            ("scanner@acme.example", true),
            ("scanner@ACME.Example", true),
            ("scanner@mail.acme.example", true),
            ("scanner@müller.example", true),
            ("scanner@MÜLLER.example", true),
            ("scanner@mail.xn--mller-kva.example", true),
            ("scanner@notacme.example", false),
            ("scanner@acme.example.org", false),
            ("scanner@example", false),
            ("scanner@[192.0.2.1]", false),
        ] {
            let address: Address = address.parse().unwrap();
            assert_eq!(two.cover(&address), covered, "{address}");
            assert!(SenderDomains::Any.cover(&address));
            assert!(!proven(&[]).cover(&address));
        }
    }

    fn domain(now: Timestamp) -> Domain {
        let ids = IdSource::new();
        Domain {
            id: DomainId::new(&ids, now),
            account_id: AccountId::new(&ids, now),
            name: "acme.example".parse().unwrap(),
            token: "abc123".to_owned(),
            state: DomainState::Pending,
            created_at: now,
            verified_at: None,
            failing_since: None,
            checked_at: None,
            next_check_at: now,
            found: String::new(),
            version: 1,
        }
    }

    #[test]
    fn the_record_is_recognised_as_panels_keep_it() {
        let domain = domain(Timestamp::UNIX_EPOCH);
        assert_eq!(domain.record_name(), "_relayd-challenge.acme.example");
        for (text, proves) in [
            ("relayd-domain-proof=abc123", true),
            (" relayd-domain-proof=abc123\t", true),
            ("\"relayd-domain-proof=abc123\"", true),
            ("relayd-domain-proof=ABC123", false),
            ("relayd-domain-proof=abc1234", false),
            ("x relayd-domain-proof=abc123", false),
            ("abc123", false),
            ("", false),
        ] {
            assert_eq!(domain.is_proven_by(text), proves, "{text:?}");
        }
    }

    #[test]
    fn a_proof_that_is_missed_lapses_after_a_week_and_comes_back() {
        use DomainState::{Failing, Lapsed, Pending, Verified};
        use Sight::{Missing, Seen, Unclear};
        let start: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let mut domain = domain(start);
        // Hours from the start, what is seen, the state then, hours to the next look.
        for (hour, sight, state, pause) in [
            (0, Missing, Pending, 1),
            (1, Unclear, Pending, 1),
            (80, Missing, Pending, 24),
            (81, Seen, Verified, 24),
            (105, Unclear, Verified, 1),
            (106, Missing, Failing, 24),
            (130, Unclear, Failing, 1),
            (131, Seen, Verified, 24),
            (155, Missing, Failing, 24),
            (155 + 160, Missing, Failing, 8),
            // Trouble of DNS is no failure of the proof, however long it lasts.
            (155 + 168, Unclear, Failing, 1),
            (155 + 200, Unclear, Failing, 1),
            (155 + 201, Missing, Lapsed, 24),
            (400, Missing, Lapsed, 24),
            (424, Seen, Verified, 24),
        ] {
            let now = start + Duration::from_hours(hour);
            domain.note(sight, String::new(), now);
            assert_eq!(domain.state, state, "at hour {hour}");
            assert_eq!(domain.checked_at, Some(now));
            let next = now + Duration::from_hours(pause);
            assert_eq!(domain.next_check_at, next, "at hour {hour}");
        }
        assert_eq!(domain.failing_since, None);
    }
}
