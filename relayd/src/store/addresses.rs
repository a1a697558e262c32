//! Addresses that are looked for: one, or all of a domain.

use super::condition::{Statement, push_escaped};

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

    /// A condition on a column of addresses, and its value. An address is compared and not
    /// matched, which costs less.
    pub(super) fn condition(&self, column: &str) -> (String, String) {
        match self {
            Self::Address(address) => (format!("lower({column}) = ?"), address.to_lowercase()),
            Self::Domain(domain) => {
                let mut pattern = "%@".to_owned();
                push_escaped(&mut pattern, &domain.to_lowercase());
                (format!("lower({column}) LIKE ? ESCAPE '\\'"), pattern)
            }
        }
    }

    /// Adds the condition that the column has such an address.
    pub(super) fn narrow(&self, statement: &mut Statement, column: &str) {
        let (condition, value) = self.condition(column);
        statement.and(&condition, Some(value));
    }

    /// Adds the condition that one of the recipients of `messages m` is such an address.
    pub(super) fn narrow_recipient(&self, statement: &mut Statement) {
        let (condition, value) = self.condition("c.address");
        let exists = format!(
            "EXISTS (SELECT 1 FROM recipients c WHERE c.message_id = m.id AND {condition})"
        );
        statement.and(&exists, Some(value));
    }
}

/// Adds a condition that holds for an address in `column` that is one of these, or that is of one
/// of these domains (`@…`); all of them in lower case, and however many.
pub(super) fn is_among(statement: &mut Statement, column: &str, senders: &[String]) {
    let (domains, addresses): (Vec<&str>, Vec<&str>) = senders
        .iter()
        .map(String::as_str)
        .partition(|sender| sender.starts_with('@'));
    let address = format!("lower({column})");
    statement.text("(1 = 0");
    if !addresses.is_empty() {
        statement.text(" OR ").is_in(&address, addresses);
    }
    if !domains.is_empty() {
        statement.text(" OR EXISTS (SELECT 1 FROM (VALUES ");
        let mut separator = "";
        for domain in domains {
            statement.text(separator).with("(?)", domain);
            separator = ", ";
        }
        statement.text(&format!(
            ") AS d WHERE substr({address}, length({address}) - length(d.column1) + 1) = d.column1)"
        ));
    }
    statement.text(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_what_is_looked_for_are_harmless() {
        for (text, condition, value) in [
            (
                "@A_b.example",
                "lower(c) LIKE ? ESCAPE '\\'",
                "%@a\\_b.example",
            ),
            ("A%@b.example", "lower(c) = ?", "a%@b.example"),
        ] {
            let found = AddressFilter::of(text).condition("c");
            assert_eq!(found, (condition.to_owned(), value.to_owned()));
        }
    }
}
