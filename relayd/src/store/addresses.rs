//! Addresses that are looked for: one, or all of a domain.

use super::condition::push_escaped;

/// An envelope address to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressFilter {
    /// This address, in any case.
    Address(String),
    /// Any address of this domain.
    Domain(String),
}

impl AddressFilter {
    /// `@domain` is a domain, anything else an address.
    pub fn of(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(domain) => Self::Domain(domain.to_owned()),
            None => Self::Address(text.to_owned()),
        }
    }

    /// A LIKE pattern for addresses in lower case, with the wildcards in it made harmless by `\`.
    pub(super) fn pattern(&self) -> String {
        let (mut pattern, text) = match self {
            Self::Address(address) => (String::new(), address),
            Self::Domain(domain) => ("%@".to_owned(), domain),
        };
        push_escaped(&mut pattern, &text.to_lowercase());
        pattern
    }

    /// A condition on a column of envelope addresses, whose domains are in lower case, and its
    /// value. An address is compared and not matched, which costs less.
    pub(super) fn condition(&self, column: &str) -> (String, String) {
        match self {
            Self::Address(address) => (format!("lower({column}) = ?"), address.to_lowercase()),
            Self::Domain(_) => (format!("{column} LIKE ? ESCAPE '\\'"), self.pattern()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_what_is_looked_for_are_harmless() {
        for (text, pattern) in [
            ("@A_b.example", "%@a\\_b.example"),
            ("A%@b.example", "a\\%@b.example"),
        ] {
            assert_eq!(AddressFilter::of(text).pattern(), pattern);
        }
    }
}
