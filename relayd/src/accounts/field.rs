//! Raw fields become values; every wrong one is remembered, so that all are named at once.

use std::{fmt::Display, str::FromStr};

use super::{AdminError, WrongField};
use crate::model::is_id;

/// What was wrong so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    wrong: Vec<WrongField>,
}

impl Fields {
    /// Notes that a field is wrong.
    pub(super) fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.wrong.push(WrongField {
            field,
            message: message.into(),
        });
    }

    /// Reads a field; `None` when it is wrong.
    pub(super) fn parse<T>(&mut self, field: &'static str, text: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        match text.trim().parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(field, T::Err::to_string(&error));
                None
            }
        }
    }

    /// Takes a line of text: trimmed, without control characters, at most `max` characters.
    pub(super) fn line(&mut self, field: &'static str, text: &str, max: usize) -> String {
        let text = text.trim();
        if text.chars().count() > max {
            self.refuse(field, format!("at most {max} characters"));
        } else if text.chars().any(is_unprintable) {
            self.refuse(field, "must not hold control characters");
        }
        text.to_owned()
    }

    /// A line that must not be empty.
    pub(super) fn required(&mut self, field: &'static str, text: &str, max: usize) -> String {
        let line = self.line(field, text, max);
        if line.is_empty() {
            self.refuse(field, "is required");
        }
        line
    }

    /// A name for commands: lower-case letters, digits and some of `extra`, beginning and ending
    /// with a letter or digit.
    pub(super) fn name(&mut self, field: &'static str, text: &str, extra: &str, max: usize) {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = (2..=max).contains(&text.len())
            && text.starts_with(is_plain)
            && text.ends_with(is_plain)
            && text.chars().all(|c| is_plain(c) || extra.contains(c));
        if !fits {
            self.refuse(
                field,
                format!(
                    "2 to {max} lower-case letters, digits or any of `{extra}`, a letter or digit \
                     first and last"
                ),
            );
        }
        self.refuse_id(field, text);
    }

    /// Refuses a name that reads like an id: commands take both, and it would be found in the
    /// place of the object that has this id.
    pub(super) fn refuse_id(&mut self, field: &'static str, name: &str) {
        if is_id(name) {
            self.refuse(field, "reads like an id; choose another name");
        }
    }

    /// The value, provided that nothing was wrong; a value is missing only when something was.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, AdminError> {
        match value {
            Some(value) => self.check().map(|()| value),
            None => Err(AdminError::Invalid(self.wrong)),
        }
    }

    /// Everything that was wrong, if anything was.
    pub(super) fn check(self) -> Result<(), AdminError> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(AdminError::Invalid(self.wrong))
        }
    }
}

/// Controls, and marks that could disguise a name in a terminal.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for (name, fits) in [
            ("acme", true),
            ("acme-2", true),
            ("a1", true),
            ("a", false),
            ("", false),
            ("Acme", false),
            ("-acme", false),
            ("acme-", false),
            ("ac me", false),
            ("ac/me", false),
            ("äcme", false),
            ("acme\n", false),
            // An id, and what only looks like one.
            ("00d207a89h84139q4yj1", false),
            ("00d207a89h84139q4yjl", true),
            ("00d207a89h84139q4yj", true),
            ("abcdefghjkmnpqrstvwx", true),
        ] {
            let mut fields = Fields::default();
            fields.name("name", name, "-", 40);
            assert_eq!(fields.check().is_ok(), fits, "{name:?}");
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let mut fields = Fields::default();
        fields.required("company", "  ", 10);
        fields.line("city", "Bern\u{202e}", 10);
        fields.line("phone", "12345678901", 10);
        assert_eq!(fields.line("street", " Hauptstrasse ", 40), "Hauptstrasse");
        let Err(AdminError::Invalid(wrong)) = fields.check() else {
            panic!("nothing was wrong");
        };
        let names: Vec<_> = wrong.iter().map(|wrong| wrong.field).collect();
        assert_eq!(names, ["company", "city", "phone"]);
    }
}
