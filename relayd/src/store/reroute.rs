//! Mail that leaves by the second route of its account, because the first cannot take it.

use jiff::Timestamp;

use super::{
    Store, StoreError, accept::insert_events, addresses::is_among, condition::Statement,
    locks::lock_messages, record::Record, rows::Rows,
};
use crate::model::{Event, EventKind, MessageId, Reason, RouteId};

/// What is moved from where to where, and why.
#[derive(Debug, Clone)]
pub struct Rerouting {
    /// The route that cannot take it.
    pub from: RouteId,
    /// The one that may.
    pub to: RouteId,
    /// Messages on their way at this moment; they stay.
    pub skip: Vec<MessageId>,
    /// Senders, or domains behind `@`, that were refused, in lower case; their mail stays.
    pub senders: Vec<String>,
    /// Most messages that are moved at a time.
    pub most: u32,
    /// Why, as a stable code.
    pub reason: Reason,
    /// Why, in words.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Moves waiting messages to another route, where they are due at once, and tells so in their
    /// history. Gives how many were moved.
    pub async fn reroute(&self, rerouting: &Rerouting) -> Result<usize, StoreError> {
        static MOVE: Rows = Rows::of(
            "UPDATE messages SET route_id = v.column2, due_at = v.column3
             FROM (VALUES ",
            4,
            ") AS v
             WHERE messages.id = v.column1 AND messages.state = 'queued'
               AND messages.route_id = v.column4
               AND EXISTS (SELECT 1 FROM routes WHERE routes.id = v.column2)
             RETURNING messages.id AS id",
        );
        let ids = self.movable(rerouting).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin_log().await?;
        lock_messages(&mut tx, self.engine(), &ids).await?;
        let rows = MOVE
            .fetch(&mut tx, &ids, |id, values| {
                values
                    .bytes(id.as_bytes())
                    .bytes(rerouting.to.as_bytes())
                    .time(rerouting.at)
                    .bytes(rerouting.from.as_bytes());
            })
            .await?;
        let events = rows.iter().map(|row| {
            Ok(Event {
                at: rerouting.at,
                message_id: Record::new("messages", row).id("id")?,
                kind: EventKind::Rerouted,
                recipients: Vec::new(),
                reason: Some(rerouting.reason),
                reply: String::new(),
                detail: rerouting.why.clone(),
                client: None,
            })
        });
        let events = events.collect::<Result<Vec<_>, StoreError>>()?;
        insert_events(&mut tx, &events.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        self.logged();
        Ok(events.len())
    }

    async fn movable(&self, rerouting: &Rerouting) -> Result<Vec<MessageId>, StoreError> {
        let mut select = Statement::new("SELECT id FROM messages WHERE state = 'queued'");
        select.with(" AND route_id = ?", rerouting.from.as_bytes());
        select.text(" AND NOT ");
        is_among(&mut select, "reverse_path", &rerouting.senders);
        if !rerouting.skip.is_empty() {
            select.text(" AND NOT (");
            select.is_in("id", rerouting.skip.iter().map(MessageId::as_bytes));
            select.text(")");
        }
        select.with(
            " ORDER BY user_id, system_id, due_at LIMIT ?",
            i64::from(rerouting.most),
        );
        let rows = select.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| Record::new("messages", row).id("id"))
            .collect()
    }
}
