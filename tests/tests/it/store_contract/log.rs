//! The log as the tables of the mail path have it, and what statistics should say of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use relayd::{
    model::{AccountId, MessageId, Reason, SystemId, UserId},
    store::{ErrorKind, GroupBy, Period, Span, Traffic},
};
use sqlx::{Row, any::AnyRow};

use super::world::{World, later};

/// When a piece of a span begins, the account, and who or what.
pub(crate) type Piece = (Option<Timestamp>, Option<String>, Option<String>);
type Who = (
    Option<Timestamp>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Who sent something: account, relay user, system, and domain of the sender.
#[derive(Debug, Clone, Default)]
struct Origin {
    account: Vec<u8>,
    user: Vec<u8>,
    system: Vec<u8>,
    domain: String,
}

/// Something that happened.
#[derive(Debug, Clone)]
enum Happening {
    Accepted {
        bytes: u64,
        is_notice: bool,
    },
    Recipient(String),
    Delivered(String, u64),
    Failed(String, Reason),
    Cancelled,
    /// For which reasons, and whom.
    Deferred(BTreeSet<Reason>, Vec<String>),
    Refused(Reason),
}

/// All that happened, with its time and origin.
pub(crate) struct Log {
    happenings: Vec<(Timestamp, Origin, Happening)>,
    /// Names of what there still is.
    names: BTreeMap<Vec<u8>, String>,
}

fn bytes(row: &AnyRow, column: &str) -> Vec<u8> {
    row.get(column)
}

fn text(row: &AnyRow, column: &str) -> String {
    row.get(column)
}

fn time(row: &AnyRow, column: &str) -> Timestamp {
    Timestamp::from_microsecond(row.get(column)).unwrap()
}

fn domain(address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.to_owned()
}

/// The notice that a line of a history tells of.
fn notice_of(event: &AnyRow) -> Option<Vec<u8>> {
    let detail = text(event, "detail");
    let id: MessageId = detail.strip_prefix("told by ")?.parse().unwrap();
    Some(id.as_bytes().to_vec())
}

impl Log {
    pub(crate) async fn read(world: &World) -> Self {
        let rows = async |sql: &'static str| sqlx::query(sql).fetch_all(&world.sql).await.unwrap();
        let mut log = Self {
            happenings: Vec::new(),
            names: BTreeMap::new(),
        };
        for sql in [
            "SELECT id, name FROM accounts",
            "SELECT id, username AS name FROM relay_users",
            "SELECT id, name FROM systems",
        ] {
            for row in rows(sql).await {
                log.names.insert(bytes(&row, "id"), text(&row, "name"));
            }
        }
        let events = rows("SELECT * FROM events ORDER BY id").await;
        let notices: BTreeSet<_> = events.iter().filter_map(notice_of).collect();
        let mut origins = BTreeMap::new();
        for row in rows("SELECT * FROM messages").await {
            let origin = Origin {
                account: bytes(&row, "account_id"),
                user: bytes(&row, "user_id"),
                system: bytes(&row, "system_id"),
                domain: domain(&text(&row, "reverse_path")),
            };
            let at = time(&row, "accepted_at");
            let id = bytes(&row, "id");
            let size: i64 = row.get("size");
            let accepted = Happening::Accepted {
                bytes: size.unsigned_abs(),
                is_notice: notices.contains(&id),
            };
            origins.insert(id, (origin.clone(), at));
            log.happenings.push((at, origin, accepted));
        }
        log.read_events(&origins, &events);
        log.read_recipients(&origins, &rows("SELECT * FROM recipients").await);
        for row in rows("SELECT * FROM refusals").await {
            let user = bytes(&row, "user_id");
            let domain = domain(&text(&row, "sender"));
            let is_own = !user.is_empty() && domain.starts_with("acme");
            let origin = Origin {
                account: bytes(&row, "account_id"),
                user,
                system: bytes(&row, "system_id"),
                domain: if is_own { domain } else { String::new() },
            };
            let reason = text(&row, "reason").parse().unwrap();
            let refused = Happening::Refused(reason);
            log.happenings.push((time(&row, "at"), origin, refused));
        }
        log
    }

    /// Put-offs. Whom a person had cancelled before is not put off any more.
    fn read_events(&mut self, origins: &BTreeMap<Vec<u8>, (Origin, Timestamp)>, rows: &[AnyRow]) {
        let mut deferred: BTreeMap<_, (BTreeSet<Reason>, Vec<String>)> = BTreeMap::new();
        let mut cancelled = BTreeSet::new();
        for row in rows {
            let id = bytes(row, "message_id");
            match text(row, "kind").as_str() {
                "cancelled" => drop(cancelled.insert(id)),
                "deferred" => {
                    let is_cancelled = cancelled.contains(&id);
                    let (reasons, whom) = deferred.entry((id, time(row, "at"))).or_default();
                    reasons.insert(text(row, "reason").parse().unwrap());
                    if !is_cancelled {
                        whom.extend(text(row, "recipients").split(' ').map(str::to_owned));
                    }
                }
                _ => {}
            }
        }
        for ((id, at), (reasons, whom)) in deferred {
            let origin = origins[&id].0.clone();
            let deferred = Happening::Deferred(reasons, whom);
            self.happenings.push((at, origin, deferred));
        }
    }

    fn read_recipients(
        &mut self,
        origins: &BTreeMap<Vec<u8>, (Origin, Timestamp)>,
        rows: &[AnyRow],
    ) {
        for row in rows {
            let (origin, accepted_at) = origins[&bytes(row, "message_id")].clone();
            let address = text(row, "address");
            let settled: Option<i64> = row.get("settled_at");
            let settled = settled.map(|at| Timestamp::from_microsecond(at).unwrap());
            let to = domain(&address);
            let what = match text(row, "state").as_str() {
                "delivered" => {
                    let took = settled.unwrap().duration_since(accepted_at);
                    let millis = u64::try_from(took.as_millis()).unwrap();
                    Some(Happening::Delivered(to.clone(), millis))
                }
                "failed" => {
                    let reason = text(row, "reply").parse().unwrap();
                    Some(Happening::Failed(to.clone(), reason))
                }
                "cancelled" => Some(Happening::Cancelled),
                _ => None,
            };
            let recipient = Happening::Recipient(to);
            self.happenings
                .push((accepted_at, origin.clone(), recipient));
            if let (Some(at), Some(what)) = (settled, what) {
                self.happenings.push((at, origin, what));
            }
        }
    }

    /// What of it lies in a span, with the piece that it lies in.
    fn within(
        &self,
        span: &Span,
        period: Option<Period>,
    ) -> impl Iterator<Item = (Option<Timestamp>, &Origin, &Happening)> {
        let until = Period::Hour.beginning(span.until);
        let end = if until == span.until {
            until
        } else {
            until + jiff::SignedDuration::from_hours(1)
        };
        let span = span.clone();
        self.happenings
            .iter()
            .filter(move |(at, origin, _)| {
                let is = |id: Option<&[u8; 12]>, own: &[u8]| id.is_none_or(|id| id == own);
                *at >= span.first_hour()
                    && *at < end
                    && is(
                        span.account.as_ref().map(AccountId::as_bytes),
                        &origin.account,
                    )
                    && is(span.user.as_ref().map(UserId::as_bytes), &origin.user)
                    && is(span.system.as_ref().map(SystemId::as_bytes), &origin.system)
                    && span.domain.as_ref().is_none_or(|it| *it == origin.domain)
            })
            .map(move |(at, origin, what)| {
                (period.map(|period| period.beginning(*at)), origin, what)
            })
    }

    fn account(&self, origin: &Origin) -> Option<String> {
        self.names.get(&origin.account).cloned()
    }

    fn user(&self, origin: &Origin) -> Option<String> {
        let id = UserId::try_from(origin.user.as_slice()).ok()?;
        let name = self.names.get(&origin.user).cloned();
        name.or_else(|| Some(id.to_string()))
    }

    fn system(&self, origin: &Origin) -> Option<String> {
        let id = SystemId::try_from(origin.system.as_slice()).ok()?;
        let name = self.names.get(&origin.system).cloned();
        name.or_else(|| Some(id.to_string()))
    }

    /// Sums, and the times to delivery in milliseconds.
    pub(crate) fn usage(
        &self,
        span: &Span,
        group: GroupBy,
        period: Option<Period>,
    ) -> BTreeMap<Piece, (Traffic, Vec<u64>)> {
        let mut sums: BTreeMap<Piece, (Traffic, Vec<u64>)> = BTreeMap::new();
        for (begins, origin, what) in self.within(span, period) {
            let who = match group {
                GroupBy::Nothing => None,
                GroupBy::User => self.user(origin),
                GroupBy::System => self.system(origin),
                GroupBy::Domain => Some(origin.domain.clone()).filter(|it| !it.is_empty()),
            };
            let account = match group {
                GroupBy::Nothing => None,
                _ => self.account(origin),
            };
            let (traffic, times) = sums.entry((begins, account, who)).or_default();
            let counts = &mut traffic.counts;
            match what {
                Happening::Accepted { bytes, is_notice } => {
                    counts.accepted += 1;
                    counts.bytes += bytes;
                    counts.notices += u64::from(*is_notice);
                }
                Happening::Recipient(_) => counts.recipients += 1,
                Happening::Delivered(_, millis) => {
                    counts.delivered += 1;
                    times.push(*millis);
                }
                Happening::Failed(..) => counts.failed += 1,
                Happening::Cancelled => counts.cancelled += 1,
                Happening::Deferred(..) => counts.deferred += 1,
                Happening::Refused(_) => traffic.refused += 1,
            }
        }
        sums
    }

    /// Errors by reason.
    pub(crate) fn errors(
        &self,
        span: &Span,
        period: Option<Period>,
    ) -> BTreeMap<(Who, ErrorKind, Reason), u64> {
        let mut sums = BTreeMap::new();
        for (begins, origin, what) in self.within(span, period) {
            let who = (
                begins,
                self.account(origin),
                self.user(origin),
                self.system(origin),
            );
            let (kind, reasons) = match what {
                Happening::Refused(reason) => (ErrorKind::Refused, BTreeSet::from([*reason])),
                Happening::Failed(_, reason) => (ErrorKind::Failed, BTreeSet::from([*reason])),
                Happening::Deferred(reasons, _) => (ErrorKind::Deferred, reasons.clone()),
                _ => continue,
            };
            for reason in reasons {
                *sums.entry((who.clone(), kind, reason)).or_default() += 1;
            }
        }
        sums
    }

    /// Recipients, delivered, failed and put off, by domain of the recipients.
    pub(crate) fn recipient_domains(
        &self,
        period: Option<Period>,
    ) -> BTreeMap<(Option<Timestamp>, String), [u64; 4]> {
        let mut sums: BTreeMap<_, [u64; 4]> = BTreeMap::new();
        let span = Span::of(Timestamp::UNIX_EPOCH, later(1000 * 86_400));
        for (begins, _, what) in self.within(&span, period) {
            let mut add = |to: &str, place: usize| {
                sums.entry((begins, to.to_owned())).or_default()[place] += 1;
            };
            match what {
                Happening::Recipient(to) => add(to, 0),
                Happening::Delivered(to, _) => add(to, 1),
                Happening::Failed(to, _) => add(to, 2),
                Happening::Deferred(_, whom) => {
                    for address in whom {
                        add(&domain(address), 3);
                    }
                }
                _ => {}
            }
        }
        sums
    }
}
