//! A page of the log, newest first, in bounded time.
//!
//! Accounts and times are found along indices. Other filters have none, since an index costs every
//! mail something and a search is rare: their messages are looked through piece by piece, from the
//! newest back. When the time is up, the page is given with what was found so far, and where to go
//! on.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{LogEntry, LogFilter, Order, Store, StoreError, condition::Statement, record::Record};
use crate::model::{AccountId, MessageId};

/// For one page, about; a piece that was begun is looked through to its end.
const BUDGET: Duration = Duration::from_millis(60);
/// A piece that took longer is followed by a shorter one, and one that took less by a longer one.
const LONG: Duration = Duration::from_millis(20);
const SHORT: Duration = Duration::from_millis(10);
/// A piece that took less had hardly anything in it.
const NOTHING: Duration = Duration::from_millis(3);
/// How much time the first piece spans: of a busy relay some hundred messages.
const FIRST_SPAN: SignedDuration = SignedDuration::from_secs(60);

impl Store {
    /// At most `limit` messages that the filter names, newest first and behind an id, and behind
    /// which id there may be more.
    pub async fn search_page(
        &self,
        filter: &LogFilter,
        behind: Option<MessageId>,
        limit: u32,
    ) -> Result<(Vec<LogEntry>, Option<MessageId>), StoreError> {
        if !filter.is_sieve() {
            let order = Order::NewestFirst(behind);
            let found = self.search_messages(filter, order, limit + 1).await?;
            return Ok(cut(found, limit, None));
        }
        let Some((oldest, newest)) = self.ends(filter.account).await? else {
            return Ok((Vec::new(), None));
        };
        let (since, until) = filter.ids();
        let floor = since.map_or(oldest, |since| since.max(oldest));
        let last = until.map_or(newest, |until| until.min(newest));
        let mut walk = Walk {
            behind: behind.map_or_else(|| after(last), |behind| behind.min(after(last))),
            floor,
            span: FIRST_SPAN,
        };
        let begin = Instant::now();
        let mut found = Vec::new();
        while walk.behind > walk.floor {
            let piece_began = Instant::now();
            let from = walk.next();
            let wanted = limit + 1 - u32::try_from(found.len()).unwrap_or(limit);
            found.extend(
                self.search_piece(filter, (from, walk.behind), wanted)
                    .await?,
            );
            if found.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
                break;
            }
            walk.behind = from;
            walk.pace(piece_began.elapsed());
            if begin.elapsed() >= BUDGET {
                break;
            }
        }
        let rest = (walk.behind > walk.floor).then_some(walk.behind);
        Ok(cut(found, limit, rest))
    }

    /// The oldest and the newest message, of an account or of all.
    async fn ends(
        &self,
        account: Option<AccountId>,
    ) -> Result<Option<(MessageId, MessageId)>, StoreError> {
        let mut ends = Vec::with_capacity(2);
        for order in [" ORDER BY m.id LIMIT 1", " ORDER BY m.id DESC LIMIT 1"] {
            let mut statement = Statement::new("SELECT m.id AS id FROM messages m WHERE 1 = 1");
            statement
                .and(
                    "m.account_id = ?",
                    account.as_ref().map(AccountId::as_bytes),
                )
                .text(order);
            for row in statement.fetch_all(self.reads()).await? {
                ends.push(Record::new("messages", &row).id("id")?);
            }
        }
        Ok(match ends.as_slice() {
            [oldest, newest] => Some((*oldest, *newest)),
            _ => None,
        })
    }
}

/// How far a search has come, and how large its steps are.
struct Walk {
    /// All from here on was looked through.
    behind: MessageId,
    /// Nothing before is asked for.
    floor: MessageId,
    /// How much time the next piece spans.
    span: SignedDuration,
}

impl Walk {
    /// Where the next piece begins.
    fn next(&self) -> MessageId {
        let from = self.behind.time().saturating_sub(self.span);
        self.floor
            .max(MessageId::first_at(from.unwrap_or(Timestamp::MIN)))
    }

    fn pace(&mut self, took: Duration) {
        if took < NOTHING {
            self.span = self.span.saturating_mul(4);
        } else if took < SHORT {
            self.span = self.span.saturating_mul(2);
        } else if took > LONG {
            self.span = (self.span / 2).max(SignedDuration::from_millis(1));
        }
    }
}

/// An id behind which this one comes.
fn after(id: MessageId) -> MessageId {
    let next = id.time().saturating_add(SignedDuration::from_millis(1));
    MessageId::first_at(next.unwrap_or(Timestamp::MAX))
}

/// A page of what was found, which may be one more than asked for, and where to go on: behind its
/// last message, or where nothing more was found so far.
fn cut(
    mut found: Vec<LogEntry>,
    limit: u32,
    rest: Option<MessageId>,
) -> (Vec<LogEntry>, Option<MessageId>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if found.len() > limit {
        found.truncate(limit);
        let last = found.last().map(|entry| entry.id);
        return (found, last);
    }
    (found, rest)
}
