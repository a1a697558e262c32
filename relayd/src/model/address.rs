//! Mail addresses as they stand in an envelope (RFC 5321 §4.1.2, RFC 6531).

/// A mailbox `local-part@domain`, with the domain in lower case.
///
/// The local part keeps its case, since it is the receiver's to interpret (RFC 5321 §2.4), but two
/// addresses are the same sender when they differ in case only: see [`Address::matches`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    text: Box<str>,
    at: usize,
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `@` with something on both sides.
    #[error("an address has the form name@domain")]
    Form,
    /// Local part over 64 or address over 254 octets (RFC 5321 §4.5.3.1).
    #[error("the address is too long: 64 octets before the @, 254 in all")]
    TooLong,
    /// A character that is not allowed where it stands.
    #[error("the part before the @ holds a character that is not allowed there")]
    LocalPart,
    /// The domain is neither a host name nor an address literal.
    #[error("the part after the @ is not a domain")]
    Domain,
}

impl Address {
    /// The part before the last `@`, as given (quoted when it was quoted).
    pub fn local_part(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// The part after the last `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or_default()
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether both name the same mailbox, by the practice of every Exchange organisation:
    /// without regard to case. Of ASCII only: folding Unicode would let look-alikes pass (the
    /// Kelvin sign is a `k` to it).
    pub fn matches(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }

    /// Whether it can only be sent with SMTPUTF8 (RFC 6531).
    pub fn is_international(&self) -> bool {
        !self.text.is_ascii()
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let at = text.rfind('@').ok_or(AddressError::Form)?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Form);
        }
        // ASCII only: beyond it, another case can be another length and another domain.
        let domain = &domain.to_ascii_lowercase();
        if local.len() > 64 || text.len() > 254 {
            return Err(AddressError::TooLong);
        }
        if !(is_dot_string(local) || is_quoted_string(local)) {
            return Err(AddressError::LocalPart);
        }
        if !(is_domain(domain) || is_address_literal(domain)) {
            return Err(AddressError::Domain);
        }
        let text = format!("{local}@{domain}");
        Ok(Self {
            text: text.into(),
            at,
        })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text)
    }
}

/// RFC 5321 `Dot-string`, with `UTF8-non-ascii` as of RFC 6531.
fn is_dot_string(text: &str) -> bool {
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_printable_non_ascii(c)
}

/// Whether `c` shows as itself, in a log too.
pub(crate) fn is_printable(c: char) -> bool {
    c.is_ascii_graphic() || is_printable_non_ascii(c)
}

/// C1 controls, separators and bidirectional marks could disguise an address in a log.
fn is_printable_non_ascii(c: char) -> bool {
    !c.is_ascii()
        && !c.is_control()
        && !c.is_whitespace()
        && !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// RFC 5321 `Quoted-string`.
fn is_quoted_string(text: &str) -> bool {
    let Some(inner) = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return false;
    };
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\\' => chars.next().is_some_and(|c| (' '..='~').contains(&c)),
            '"' => false,
            c => (' '..='~').contains(&c) || is_printable_non_ascii(c),
        };
        if !fine {
            return false;
        }
    }
    !inner.is_empty()
}

/// RFC 5321 `Domain`; underscores are taken, since real host names have them.
fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| {
                    c.is_ascii_alphanumeric() || c == '-' || c == '_' || is_printable_non_ascii(c)
                })
        })
}

/// RFC 5321 `address-literal`: `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
fn is_address_literal(text: &str) -> bool {
    let Some(inner) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return false;
    };
    match inner
        .get(..5)
        .filter(|tag| tag.eq_ignore_ascii_case("IPv6:"))
    {
        Some(_) => inner[5..].parse::<std::net::Ipv6Addr>().is_ok(),
        None => inner.parse::<std::net::Ipv4Addr>().is_ok(),
    }
}

/// The reverse path of an envelope: an address, or `<>` for bounces and other notifications.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReversePath {
    /// `MAIL FROM:<>`
    Null,
    /// `MAIL FROM:<address>`
    Address(Address),
}

impl ReversePath {
    /// The address, unless the path is null.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Self::Null => None,
            Self::Address(address) => Some(address),
        }
    }

    /// The address, or an empty text for the null path: the form in the store.
    pub fn as_str(&self) -> &str {
        self.address().map_or("", Address::as_str)
    }
}

impl std::str::FromStr for ReversePath {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Ok(Self::Null);
        }
        text.parse().map(Self::Address)
    }
}

impl std::fmt::Display for ReversePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_lawful_form_are_taken() {
        for (given, local, domain) in [
            ("scanner@Acme.Example", "scanner", "acme.example"),
            ("Scan.Floor+3@acme.example", "Scan.Floor+3", "acme.example"),
            ("\"a@b\"@acme.example", "\"a@b\"", "acme.example"),
            ("\"a\\\"b\"@acme.example", "\"a\\\"b\"", "acme.example"),
            ("root@localhost", "root", "localhost"),
            ("nas@nas_1.acme.example", "nas", "nas_1.acme.example"),
            ("a@[192.0.2.1]", "a", "[192.0.2.1]"),
            ("a@[IPv6:2001:db8::1]", "a", "[ipv6:2001:db8::1]"),
            ("jürgen@bücher.example", "jürgen", "bücher.example"),
        ] {
            let address: Address = given.parse().unwrap_or_else(|e| panic!("{given}: {e}"));
            assert_eq!((address.local_part(), address.domain()), (local, domain));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use AddressError as E;
        for (given, error) in [
            ("", E::Form),
            ("scanner", E::Form),
            ("@acme.example", E::Form),
            ("scanner@", E::Form),
            ("a b@acme.example", E::LocalPart),
            ("a..b@acme.example", E::LocalPart),
            (".a@acme.example", E::LocalPart),
            ("a\r\n@acme.example", E::LocalPart),
            ("\"a\"b\"@acme.example", E::LocalPart),
            ("<a@acme.example", E::LocalPart),
            ("a@acme.example>", E::Domain),
            ("a@acme..example", E::Domain),
            ("a@-acme.example", E::Domain),
            ("a@acme.example\0", E::Domain),
            ("a@\u{202e}elpmaxe.emca", E::Domain),
            ("a@[192.0.2.300]", E::Domain),
        ] {
            assert_eq!(given.parse::<Address>(), Err(error), "{given:?}");
        }
        let long = format!("{}@acme.example", "a".repeat(65));
        assert_eq!(long.parse::<Address>(), Err(E::TooLong));
    }

    #[test]
    fn case_does_not_make_another_mailbox() {
        let one: Address = "Scanner@acme.example".parse().unwrap();
        assert!(one.matches(&"SCANNER@ACME.EXAMPLE".parse().unwrap()));
        assert!(!one.matches(&"scanner2@acme.example".parse().unwrap()));
        let kate: Address = "kate@bank.example".parse().unwrap();
        assert!(!kate.matches(&"\u{212a}ate@ban\u{212a}.example".parse().unwrap()));
    }

    proptest::proptest! {
        /// What the store keeps as text must come back: an address that does not is a mail that
        /// cannot be read any more.
        #[test]
        fn every_address_reads_back(text in "[a-z\"İKß.+ -]{1,70}@[A-Za-zİKß.-]{1,260}") {
            if let Ok(address) = text.parse::<Address>() {
                proptest::prop_assert_eq!(address.as_str().parse(), Ok(address.clone()));
            }
        }
    }

    #[test]
    fn a_label_that_grows_in_lower_case_reads_back() {
        let text = format!("x@{}.example", "İ".repeat(31));
        let address: Address = text.parse().unwrap();
        assert_eq!(address.as_str().parse(), Ok(address.clone()));
    }
}
