//! `relayctl audit list`

use relay_proto::{AuditEntry, AuditQuery, ListAudit, Nothing};
use serde_json::Value;

use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;
use crate::time::Moment;

/// List changes, newest first: who, when, from where, and what was before and after
///
/// Secrets are never in it. -o json shows the whole objects.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl audit list --since 7d
  relayctl audit list --account acme --actor deploy -o json")]
pub(crate) struct Args {
    /// From this time on: 24h, 7d, 2026-11-21 or a full time
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// Who: operator, or the name of a token
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<AuditEntry> = View {
    columns: &[
        column("at", Rank::Key, |it| Cell::Time(it.at)),
        column("actor", Rank::Key, |it| Cell::text(&it.actor)),
        column("action", Rank::Key, |it| Cell::text(&it.action)),
        column("object", Rank::Text(9), |it| Cell::text(&it.object)),
        column("changes", Rank::Text(8), |it| Cell::text(changes(it))),
        column("source", Rank::Column(5), |it| Cell::text(&it.source)),
        column("account", Rank::Wide, |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("id", Rank::Wide, |it| Cell::count(it.id)),
        column("request_id", Rank::Wide, |it| Cell::text(&it.request_id)),
        column("hash", Rank::Wide, |it| Cell::text(&it.hash)),
    ],
    name: |it| &it.request_id,
    empty: "There are no such entries.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let now = session.out.now;
        let query = AuditQuery {
            account: session.named_account()?,
            actor: self.actor,
            since: self.since.map(|moment| moment.seen_from(now)),
            until: self.until.map(|moment| moment.seen_from(now)),
            ..AuditQuery::default()
        };
        let client = session.client()?;
        let entries = client.list::<ListAudit, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&entries, &VIEW)
    }
}

/// `state active → suspended`: the fields that differ. What was not there before, or is not there
/// any more, is told by its name alone.
fn changes(entry: &AuditEntry) -> String {
    let (before, after) = (object(entry.before.as_ref()), object(entry.after.as_ref()));
    match (before, after) {
        (Some(before), Some(after)) => {
            let changed = after.iter().filter(|(name, value)| {
                name.as_str() != "version" && before.get(*name) != Some(value)
            });
            let line = |(name, value): (&String, &Value)| {
                let old = before.get(name).unwrap_or(&Value::Null);
                format!("{name} {} → {}", short(old), short(value))
            };
            changed.map(line).collect::<Vec<_>>().join(", ")
        }
        (None, Some(after)) => match after.get("messages") {
            Some(count) => format!("{} messages", short(count)),
            None => "new".to_owned(),
        },
        (Some(_), None) => "gone".to_owned(),
        (None, None) => String::new(),
    }
}

fn object(value: Option<&Value>) -> Option<&serde_json::Map<String, Value>> {
    value.and_then(Value::as_object)
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::table::{self, Head};

    #[test]
    fn the_object_has_room_on_80_columns() {
        let heads: Vec<_> = VIEW
            .columns
            .iter()
            .filter(|column| column.rank != Rank::Wide)
            .map(|column| Head {
                title: column.name.to_uppercase(),
                rank: column.rank,
            })
            .collect();
        let object = "/v1/accounts/acme/users/scanner/credentials/default";
        let row = [
            "10 min ago",
            "operator",
            "RemoveCredential",
            object,
            "state active → suspended",
            "203.0.113.10",
        ];
        let row = row.map(str::to_owned).to_vec();
        let layout = table::list(&heads, &[row], Some(80), true);
        assert!(
            layout.text.starts_with("AT          ACTOR     ACTION"),
            "{}",
            layout.text
        );
        assert!(layout.text.contains("OBJECT"), "{}", layout.text);
    }

    #[test]
    fn only_what_differs_is_shown() {
        let entry = |before: Option<Value>, after: Option<Value>| AuditEntry {
            id: 1,
            at: "2026-11-21T20:41:07Z".parse().unwrap(),
            actor: "operator".to_owned(),
            source: String::new(),
            account: None,
            action: "SuspendRelayUser".to_owned(),
            object: String::new(),
            request_id: String::new(),
            request: None,
            before,
            after,
            hash: String::new(),
        };
        let active = json!({"state": "active", "sender": "a@acme.example", "version": 1});
        let suspended = json!({"state": "suspended", "sender": "a@acme.example", "version": 2});
        for (before, after, expected) in [
            (
                Some(active.clone()),
                Some(suspended.clone()),
                "state active → suspended",
            ),
            (None, Some(active), "new"),
            (Some(suspended), None, "gone"),
            (None, Some(json!({"messages": 3})), "3 messages"),
            (None, None, ""),
        ] {
            assert_eq!(changes(&entry(before, after)), expected);
        }
    }
}
