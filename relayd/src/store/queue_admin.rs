//! What people do to waiting mail, and the queue at a glance.
//!
//! It writes the mail tables beside the journal. A settlement that comes later leaves held messages
//! held and cancelled recipients cancelled, so neither waits for the other.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    LogFilter, Store, StoreError,
    condition::Statement,
    locks::lock_messages,
    record::{Record, micros},
    tally::{Place, Tally, domain_of, hour},
    topic::Topic,
};
use crate::model::{
    AccountId, EventKind, Hold, MessageId, MessageState, Reason, RouteId, RouteKind, RouteRole,
};

/// What can be done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueAction {
    /// Makes the next attempt due now.
    Retry,
    /// Stops it.
    Hold,
    /// Lets it go, due now.
    Release,
    /// Takes it out for good.
    Cancel,
}

impl QueueAction {
    /// The states in which a message can be acted on.
    pub const fn applies_to(self) -> &'static [MessageState] {
        match self {
            Self::Retry | Self::Hold => &[MessageState::Queued],
            Self::Release => &[MessageState::Held],
            Self::Cancel => &[MessageState::Queued, MessageState::Held],
        }
    }

    const fn event(self) -> EventKind {
        match self {
            Self::Retry => EventKind::Retried,
            Self::Hold => EventKind::Held,
            Self::Release => EventKind::Released,
            Self::Cancel => EventKind::Cancelled,
        }
    }
}

/// A message of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Queue id.
    pub id: MessageId,
    /// Its lane.
    pub route_id: RouteId,
}

/// What the store knows of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRow {
    /// The route.
    pub route_id: RouteId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Name of the account.
    pub account: String,
    /// Whether it is the account's first way or the one beside it.
    pub role: RouteRole,
    /// Kind of the route.
    pub kind: RouteKind,
    /// Server of the route.
    pub server: String,
    /// Whether the route was ever checked with success.
    pub is_checked: bool,
    /// Why it stands still.
    pub hold: Option<Hold>,
    /// Messages that wait for an attempt.
    pub depth: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// When the oldest waiting message was accepted.
    pub oldest_at: Option<Timestamp>,
    /// When the next attempt is due.
    pub next_due_at: Option<Timestamp>,
}

impl Store {
    /// At most `limit` messages that the filter names, oldest first, behind `after`.
    pub async fn select_messages(
        &self,
        filter: &LogFilter,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<Selected>, StoreError> {
        let mut statement =
            Statement::new("SELECT m.id AS id, m.route_id AS route_id FROM messages m WHERE 1 = 1");
        filter.narrow(&mut statement);
        statement
            .and("m.id > ?", after.as_ref().map(MessageId::as_bytes))
            .with(" ORDER BY m.id LIMIT ?", i64::from(limit));
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_selected).collect()
    }

    /// How many messages the filter names.
    pub async fn count_messages(&self, filter: &LogFilter) -> Result<u64, StoreError> {
        let mut statement =
            Statement::new("SELECT COUNT(*) AS messages FROM messages m WHERE 1 = 1");
        filter.narrow(&mut statement);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.first()
            .map_or(Ok(0), |row| Record::new("messages", row).number("messages"))
    }

    /// Those of the messages that are in a state which the action applies to, within an account
    /// when one is given.
    pub async fn find_queued(
        &self,
        ids: &[MessageId],
        action: QueueAction,
        account: Option<AccountId>,
    ) -> Result<Vec<Selected>, StoreError> {
        let mut statement =
            Statement::new("SELECT m.id AS id, m.route_id AS route_id FROM messages m WHERE ");
        statement
            .is_in("m.id", ids.iter().map(MessageId::as_bytes))
            .text(" AND ")
            .is_in(
                "m.state",
                action.applies_to().iter().map(|state| state.as_str()),
            )
            .and(
                "m.account_id = ?",
                account.as_ref().map(AccountId::as_bytes),
            );
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_selected).collect()
    }

    /// Acts on messages, all in one transaction; at most a few hundred at a time, since the
    /// journal waits meanwhile. Tells which were changed: those still in a fitting state.
    pub async fn act_on_messages(
        &self,
        ids: &[MessageId],
        action: QueueAction,
        detail: &str,
        now: Timestamp,
    ) -> Result<Vec<Selected>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.begin_log().await?;
        let mut change = self.act_in(tx, Topic::Messages).await?;
        let tx = change.connection();
        lock_messages(tx, self.engine(), ids).await?;
        let mut update = Statement::new("UPDATE messages SET ");
        match action {
            QueueAction::Retry => update.with("due_at = ?", micros(now)),
            QueueAction::Hold => update.text("state = 'held'"),
            QueueAction::Release => update.with("state = 'queued', due_at = ?", micros(now)),
            QueueAction::Cancel => update.with("state = 'cancelled', finished_at = ?", micros(now)),
        };
        update
            .text(" WHERE ")
            .is_in("id", ids.iter().map(MessageId::as_bytes))
            .text(" AND ")
            .is_in(
                "state",
                action.applies_to().iter().map(|state| state.as_str()),
            )
            .text(" RETURNING id, route_id, account_id, user_id, system_id, reverse_path");
        let rows = update.fetch_in(tx).await?;
        let changed: Vec<_> = rows.iter().map(read_selected).collect::<Result<_, _>>()?;
        if !changed.is_empty() {
            let ids = || changed.iter().map(|selected| selected.id.as_bytes());
            if action == QueueAction::Cancel {
                let cancelled = Statement::new("UPDATE recipients SET ")
                    .with("state = 'cancelled', settled_at = ?", micros(now))
                    .text(" WHERE state = 'queued' AND ")
                    .is_in("message_id", ids())
                    .text(" RETURNING message_id")
                    .fetch_in(tx)
                    .await?;
                count_cancelled(&rows, &cancelled, now)?
                    .write(tx, self.domain_cap())
                    .await?;
                Statement::new("DELETE FROM bodies WHERE ")
                    .is_in("message_id", ids())
                    .execute(tx)
                    .await?;
            }
            Statement::new(
                "INSERT INTO events (at, message_id, kind, recipients, reason, reply, detail, client)",
            )
            .with(" SELECT ?, messages.id, ", micros(now))
            .with("?, '', ", action.event().as_str())
            .with("?, '', ", reason_of(action).map_or("", Reason::code))
            .with(detail_of(action), detail)
            .text(", '' FROM messages WHERE ")
            .is_in("messages.id", ids())
            .execute(tx)
            .await?;
        }
        change.tell(|| outcome(&changed));
        change.commit().await?;
        self.logged();
        Ok(changed)
    }

    /// The lanes of all routes, or of one account's; the deepest first.
    pub async fn lane_rows(&self, account: Option<AccountId>) -> Result<Vec<LaneRow>, StoreError> {
        let mut statement = Statement::new(
            "SELECT t.id AS route_id, t.account_id AS account_id, a.name AS account,
                t.role AS role, t.kind AS kind, t.server AS server, t.checked_at AS checked_at,
                COALESCE(h.kind, '') AS hold_kind, COALESCE(h.reason, '') AS hold_reason,
                COALESCE(h.detail, '') AS hold_detail, h.since AS hold_since, h.until AS hold_until,
                COALESCE(q.depth, 0) AS depth, COALESCE(p.held, 0) AS held,
                q.oldest_at AS oldest_at, q.next_due_at AS next_due_at
             FROM routes t
             JOIN accounts a ON a.id = t.account_id
             LEFT JOIN holds h ON h.route_id = t.id
             LEFT JOIN (SELECT route_id, COUNT(*) AS depth, MIN(accepted_at) AS oldest_at,
                            MIN(due_at) AS next_due_at
                        FROM messages WHERE state = 'queued' GROUP BY route_id) q
                ON q.route_id = t.id
             LEFT JOIN (SELECT route_id, COUNT(*) AS held
                        FROM messages WHERE state = 'held' GROUP BY route_id) p
                ON p.route_id = t.id
             WHERE 1 = 1",
        );
        statement
            .and(
                "t.account_id = ?",
                account.as_ref().map(AccountId::as_bytes),
            )
            .text(" ORDER BY depth DESC, account, role DESC");
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_lane).collect()
    }
}

/// Counts the recipients that were cancelled, in the places of their messages.
fn count_cancelled(
    messages: &[AnyRow],
    recipients: &[AnyRow],
    now: Timestamp,
) -> Result<Tally, StoreError> {
    let mut numbers: BTreeMap<MessageId, i64> = BTreeMap::new();
    for row in recipients {
        let id = Record::new("recipients", row).id("message_id")?;
        *numbers.entry(id).or_default() += 1;
    }
    let mut tally = Tally::default();
    for row in messages {
        let record = Record::new("messages", row);
        let Some(number) = numbers.get(&record.id("id")?) else {
            continue;
        };
        let place = Place {
            hour: hour(now),
            account: record.id("account_id")?,
            user: record.id("user_id")?,
            system: record.id("system_id")?,
            domain: domain_of(record.text("reverse_path")?),
        };
        tally.cancel(place, *number);
    }
    Ok(tally)
}

/// For the audit log: how many, and where they lie. What happened to each is in its history.
fn outcome(changed: &[Selected]) -> serde_json::Value {
    let ids = || changed.iter().map(|selected| selected.id);
    let text = |id: Option<MessageId>| id.map(|id| id.to_string());
    serde_json::json!({
        "messages": changed.len(),
        "first": text(ids().min()),
        "last": text(ids().max()),
    })
}

/// The detail of an event, with `?` for what the person said. Who cancels a message should know that
/// some of its recipients have it already.
const fn detail_of(action: QueueAction) -> &'static str {
    match action {
        QueueAction::Retry | QueueAction::Hold | QueueAction::Release => "?",
        QueueAction::Cancel => {
            "CASE WHEN EXISTS (SELECT 1 FROM recipients r WHERE r.message_id = messages.id
                                 AND r.state = 'delivered')
                  THEN CASE WHEN ? = '' THEN '' ELSE ? || '; ' END
                    || (SELECT CAST(COUNT(*) AS TEXT) FROM recipients r
                        WHERE r.message_id = messages.id AND r.state = 'delivered')
                    || ' of ' || CAST(messages.recipient_count AS TEXT)
                    || ' recipients had it already'
                  ELSE ? END"
        }
    }
}

fn reason_of(action: QueueAction) -> Option<Reason> {
    match action {
        QueueAction::Hold => Some(Reason::HeldByOperator),
        QueueAction::Retry | QueueAction::Release | QueueAction::Cancel => None,
    }
}

fn read_selected(row: &AnyRow) -> Result<Selected, StoreError> {
    let record = Record::new("messages", row);
    Ok(Selected {
        id: record.id("id")?,
        route_id: record.id("route_id")?,
    })
}

fn read_lane(row: &AnyRow) -> Result<LaneRow, StoreError> {
    let record = Record::new("routes", row);
    let hold = match (
        record.parse_optional("hold_kind")?,
        record.time_optional("hold_since")?,
    ) {
        (Some(kind), Some(since)) => Some(Hold {
            kind,
            reason: record.parse("hold_reason")?,
            detail: record.text("hold_detail")?.to_owned(),
            since,
            until: record.time_optional("hold_until")?,
        }),
        _ => None,
    };
    Ok(LaneRow {
        route_id: record.id("route_id")?,
        account_id: record.id("account_id")?,
        account: record.text("account")?.to_owned(),
        role: record.parse("role")?,
        kind: record.parse("kind")?,
        server: record.text("server")?.to_owned(),
        is_checked: record.time_optional("checked_at")?.is_some(),
        hold,
        depth: record.number("depth")?,
        held: record.number("held")?,
        oldest_at: record.time_optional("oldest_at")?,
        next_due_at: record.time_optional("next_due_at")?,
    })
}
