//! `relayctl domain`: sender domains and their proof.

mod add;
mod list;
mod remove;
mod show;
mod verify;

use relay_proto::{Domain, DomainHint, DomainPath, FindingLevel, Nothing, ShowDomainHints};

use crate::complete;
use crate::error::Failure;
use crate::output::cell::{Cell, harmless};
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Domains.
    Verb {
        Add(add::Args),
        List(list::Args),
        Show(show::Args),
        Verify(verify::Args),
        Remove(remove::Args),
    }
}

/// Names the domain to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name or id of the domain
    #[arg(value_name = "DOMAIN", add = complete::domains())]
    domain: String,
}

impl Name {
    fn path(self, session: &Session) -> Result<DomainPath, Failure> {
        Ok(DomainPath {
            account: session.account()?,
            domain: self.domain,
        })
    }
}

static VIEW: View<Domain> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("verified_at", Rank::Column(6), |it| {
            Cell::maybe(it.verified_at, Cell::Time)
        }),
        column("checked_at", Rank::Column(5), |it| {
            Cell::maybe(it.checked_at, Cell::Time)
        }),
        column("lapses_at", Rank::Column(7), |it| {
            Cell::maybe(it.lapses_at, Cell::Time)
        }),
        column("found", Rank::Wide, |it| Cell::text(&it.found)),
        column("record_name", Rank::Wide, |it| Cell::text(&it.record.name)),
        column("record_value", Rank::Wide, |it| {
            Cell::text(&it.record.value)
        }),
        column("failing_since", Rank::Wide, |it| {
            Cell::maybe(it.failing_since, Cell::Time)
        }),
        column("created_at", Rank::Wide, |it| Cell::Time(it.created_at)),
        column("account", Rank::Wide, |it| Cell::text(&it.account)),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "There are no domains yet. Next: relayctl domain add DOMAIN",
};

/// The record to publish: for a form of a DNS provider, and for a zone file.
pub(super) fn record_lines(domain: &Domain) -> String {
    let record = &domain.record;
    let (name, kind, value) = (
        harmless(&record.name),
        harmless(&record.r#type),
        harmless(&record.value),
    );
    format!(
        "  Name   {name}\n  Type   {kind}\n  Value  {value}\n\n  {name}. IN {kind} \"{value}\"\n"
    )
}

/// SPF and DMARC of a domain. Hints fail nothing: when there are none to be had, that is told.
fn hints(session: &Session, path: &DomainPath) -> Result<Vec<DomainHint>, Failure> {
    let client = session.client()?;
    match client.call::<ShowDomainHints>(path, &Nothing {}) {
        Ok(answer) => Ok(answer.value.hints),
        Err(failure) => {
            session
                .out
                .note(&format!("SPF and DMARC were not looked at: {failure}"));
            Ok(Vec::new())
        }
    }
}

/// A line for each hint, its remedy below.
fn hint_lines(hints: &[DomainHint]) -> String {
    let line = |hint: &DomainHint| {
        let mark = match hint.level {
            FindingLevel::Ok => "ok",
            FindingLevel::Warning => "warning",
            FindingLevel::Error => "error",
        };
        let check = harmless(&hint.check).to_uppercase();
        let sentence = harmless(&hint.sentence);
        let remedy = match hint.remedy.as_str() {
            "" => String::new(),
            remedy => format!("                  {}\n", harmless(remedy)),
        };
        format!("  {mark:<7}  {check:<5}  {sentence}\n{remedy}")
    };
    hints.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_line_up_with_their_remedies_below() {
        let hint = |level, check: &str, remedy: &str| DomainHint {
            check: check.to_owned(),
            level,
            sentence: "found\x1b[0m".to_owned(),
            remedy: remedy.to_owned(),
            record: None,
        };
        let hints = [
            hint(FindingLevel::Ok, "spf", ""),
            hint(FindingLevel::Warning, "dmarc", "publish it"),
        ];
        assert_eq!(
            hint_lines(&hints),
            "  ok       SPF    found\u{fffd}[0m\n  warning  DMARC  found\u{fffd}[0m\n                  publish it\n"
        );
    }
}
