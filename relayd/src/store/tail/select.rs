//! The two tables of the log, and which of their rows pass a filter.

use super::TailFilter;
use crate::{
    model::{AccountId, Reason},
    store::{condition::Statement, log::narrow_owner, record::micros},
};

/// The two tables that make the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Events,
    Refusals,
}

impl Table {
    /// What is selected to show an entry. The CROSS JOIN keeps the order of the tables on SQLite:
    /// the span of numbers is small, whatever the filter.
    pub(super) const fn columns(self) -> &'static str {
        match self {
            Self::Events => {
                "SELECT e.id AS number, e.at AS at, e.message_id AS message_id, e.kind AS kind,
                    e.recipients AS recipients, e.reason AS reason, e.reply AS reply,
                    e.detail AS detail, e.client AS client, COALESCE(a.name, '') AS account,
                    COALESCE(r.username, '') AS username, COALESCE(s.name, '') AS system_name,
                    m.reverse_path AS sender, m.recipient_count AS recipient_count
                 FROM events e CROSS JOIN messages m
                 LEFT JOIN accounts a ON a.id = m.account_id
                 LEFT JOIN relay_users r ON r.id = m.user_id
                 LEFT JOIN systems s ON s.id = m.system_id
                 WHERE m.id = e.message_id"
            }
            Self::Refusals => {
                "SELECT f.id AS number, f.at AS at, COALESCE(a.name, '') AS account,
                    f.username AS username, COALESCE(s.name, '') AS system_name,
                    f.client AS client, f.listener AS listener, f.helo AS helo,
                    f.sender AS sender, f.recipient AS recipient, f.reason AS reason,
                    f.reply AS reply
                 FROM refusals f
                 LEFT JOIN accounts a ON a.id = f.account_id
                 LEFT JOIN systems s ON s.id = f.system_id
                 WHERE 1 = 1"
            }
        }
    }

    /// What is selected to count entries.
    pub(super) const fn numbers(self) -> &'static str {
        match self {
            Self::Events => {
                "SELECT e.id AS number, e.at AS at FROM events e CROSS JOIN messages m
                 WHERE m.id = e.message_id"
            }
            Self::Refusals => "SELECT f.id AS number, f.at AS at FROM refusals f WHERE 1 = 1",
        }
    }

    pub(super) const fn oldest_first(self) -> &'static str {
        match self {
            Self::Events => " ORDER BY e.id",
            Self::Refusals => " ORDER BY f.id",
        }
    }

    pub(super) const fn newest_first(self) -> &'static str {
        match self {
            Self::Events => " ORDER BY e.id DESC",
            Self::Refusals => " ORDER BY f.id DESC",
        }
    }
}

impl TailFilter {
    /// The entries of a table in a span of numbers, or nothing where none can pass.
    pub(super) fn select(
        &self,
        table: Table,
        head: &str,
        (after, end): (i64, i64),
    ) -> Option<Statement> {
        let mut statement = Statement::new(head);
        match table {
            Table::Events if self.no_events => return None,
            Table::Refusals if self.no_refusals => return None,
            Table::Events => {
                statement
                    .and("e.id > ?", Some(after))
                    .and("e.id <= ?", Some(end));
                self.narrow_events(&mut statement);
            }
            Table::Refusals => {
                statement
                    .and("f.id > ?", Some(after))
                    .and("f.id <= ?", Some(end));
                self.narrow_refusals(&mut statement);
            }
        }
        Some(statement)
    }

    fn narrow_events(&self, statement: &mut Statement) {
        narrow_owner(
            statement,
            self.account,
            self.user.as_deref(),
            self.system.as_deref(),
        );
        statement
            .and("e.reason = ?", self.reason.map(Reason::code))
            .and("e.at >= ?", self.since.map(micros));
        if !self.kinds.is_empty() {
            statement.text(" AND ");
            statement.is_in("e.kind", self.kinds.iter().map(|kind| kind.as_str()));
        }
        if let Some(from) = &self.from {
            from.narrow(statement, "m.reverse_path");
        }
        if let Some(to) = &self.to {
            to.narrow_recipient(statement);
        }
    }

    fn narrow_refusals(&self, statement: &mut Statement) {
        statement
            .and(
                "f.account_id = ?",
                self.account.as_ref().map(AccountId::as_bytes),
            )
            .and("f.username = ?", self.user.as_deref())
            .and(
                "f.system_id IN (SELECT y.id FROM systems y WHERE y.name = ?)",
                self.system.as_deref(),
            )
            .and("f.reason = ?", self.reason.map(Reason::code))
            .and("f.at >= ?", self.since.map(micros));
        if let Some(from) = &self.from {
            from.narrow(statement, "f.sender");
        }
        if let Some(to) = &self.to {
            to.narrow(statement, "f.recipient");
        }
    }
}
