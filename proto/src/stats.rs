//! Counts over a span of time. Spans are widened to whole hours, those of recipient domains to whole
//! days; hours, days and months are those of UTC.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints, words::words};

/// Which span, and whose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatsQuery {
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Beginning; 24 hours ago when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// End; now when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Name or id of a relay user: its mail only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name or id of a system: mail from it only. The name needs the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// A domain: mail of senders in it only; of recipients in it where these are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// One row for each piece of the span in which there is something; one for the whole span when
    /// not given. Of no meaning for the summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Period>,
}

words! {
    /// A piece of a span, in UTC.
    Period {
        /// 60 minutes.
        Hour = "hour",
        /// From midnight to midnight.
        Day = "day",
        /// A calendar month.
        Month = "month",
    }
}

/// Which span, whose, and in which pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesQuery {
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Beginning; 24 hours ago when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// End; now when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Name or id of a relay user: its mail only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name or id of a system: mail from it only. The name needs the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// A domain: mail of senders in it only; of recipients in it where these are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The pieces.
    pub by: Period,
}

/// What went through in one piece of a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodStats {
    /// When the piece begins; the first one counts from the beginning of the span only.
    pub begins_at: Timestamp,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
}

/// From acceptance to the reply of the other side, of the recipients that were delivered in the
/// time, in milliseconds. Exact to 6 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryTime {
    /// Half of them took at most this.
    pub p50_ms: u64,
    /// 95 of 100 of them took at most this.
    pub p95_ms: u64,
}

/// What went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Messages accepted.
    pub accepted: u64,
    /// Those of them that relayd itself wrote: notices of what became of others, codes. They use up
    /// no limit.
    pub notices: u64,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Bytes of accepted messages.
    pub bytes: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Recipients cancelled.
    pub cancelled: u64,
    /// Times that a message was put off.
    pub deferred: u64,
}

/// The summary of a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsSummary {
    /// Beginning of the first hour counted.
    pub since: Timestamp,
    /// End of the span.
    pub until: Timestamp,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
    /// Messages that wait now.
    pub queued: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// The same hours before: of the day before, or of as many days before as the span has.
    pub before: StatsBefore,
    /// Today (UTC) against the limit; `null` for all accounts together.
    pub today: Option<StatsToday>,
}

/// What went through in the span before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsBefore {
    /// Beginning of the first hour counted.
    pub since: Timestamp,
    /// End of the span.
    pub until: Timestamp,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
}

/// What devices submitted today (UTC), and what they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsToday {
    /// Messages accepted.
    pub messages: u64,
    /// Messages that are allowed: of the relay user or system; of an account, those of its active
    /// relay users together, or its own limit when that is lower. `null` when there is no limit.
    pub messages_limit: Option<u64>,
    /// Recipients of these messages.
    pub recipients: u64,
    /// Recipients that are allowed.
    pub recipients_limit: Option<u64>,
}

/// What one relay user sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserStats {
    /// When the piece of the span begins; `null` for the whole span.
    pub begins_at: Option<Timestamp>,
    /// Name of the account; `null` for refusals of whom nobody knows.
    pub account: Option<String>,
    /// User name, or the id of one that was deleted; `null` for mail of relayd itself and for
    /// refusals of whom nobody knows.
    pub user: Option<String>,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
    /// Messages it may submit in a day, by plan and limits; `null` without a subscription, and in
    /// pieces of a span.
    pub messages_per_day: Option<u32>,
    /// Messages it submitted today (UTC); `null` in pieces of a span.
    pub messages_today: Option<u64>,
}

/// What one system sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemStats {
    /// When the piece of the span begins; `null` for the whole span.
    pub begins_at: Option<Timestamp>,
    /// Name of the account; `null` for refusals of whom nobody knows.
    pub account: Option<String>,
    /// Name of the system, or the id of one that was removed; `null` for mail of relayd itself and
    /// for refusals where it is not known.
    pub system: Option<String>,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
}

/// What was sent from one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DomainStats {
    /// When the piece of the span begins; `null` for the whole span.
    pub begins_at: Option<Timestamp>,
    /// Name of the account; `null` for refusals of whom nobody knows.
    pub account: Option<String>,
    /// Domain of the envelope's sender; `null` for mail without one, and for refusals of a sender
    /// in no domain of the relay user.
    pub domain: Option<String>,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long delivery took; `null` when nothing was delivered.
    pub delivery_time: Option<DeliveryTime>,
}

/// What was sent to one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecipientDomainStats {
    /// When the piece of the span begins; `null` for the whole span.
    pub begins_at: Option<Timestamp>,
    /// Name of the account.
    pub account: Option<String>,
    /// The domain; `(others)` for all beyond the 200 of an account and day that are counted one by
    /// one.
    pub domain: String,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Times that a recipient was put off.
    pub deferred: u64,
}

words! {
    /// What an error came to.
    ErrorKind {
        /// Not taken at the door.
        Refused = "refused",
        /// A recipient failed.
        Failed = "failed",
        /// A message was put off.
        Deferred = "deferred",
    }
}

/// How often mail was refused, failed or was put off for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorStats {
    /// When the piece of the span begins; `null` for the whole span.
    pub begins_at: Option<Timestamp>,
    /// Name of the account; `null` where it was not known.
    pub account: Option<String>,
    /// Name of the relay user; `null` where it was not known.
    pub user: Option<String>,
    /// Name of the system; `null` where it was not known.
    pub system: Option<String>,
    /// What it came to.
    pub kind: ErrorKind,
    /// Code of the reason.
    pub reason: String,
    /// How often.
    pub count: u64,
}

endpoints! {
    /// Sums up what went through, and what waits.
    SummarizeStats: Owner Get "/v1/stats/summary" (Nothing, StatsQuery, Nothing) -> 200 StatsSummary;
    /// Sums up each hour, day or month of a span in which something went through, oldest first.
    ListPeriodStats: Owner Get "/v1/stats/series" (Nothing, SeriesQuery, Nothing) -> 200 Page<PeriodStats>;
    /// What each relay user sent, most first.
    ListUserStats: Owner Get "/v1/stats/users" (Nothing, StatsQuery, Nothing) -> 200 Page<UserStats>;
    /// What each system sent, most first.
    ListSystemStats: Owner Get "/v1/stats/systems" (Nothing, StatsQuery, Nothing) -> 200 Page<SystemStats>;
    /// What was sent from each domain of senders, most first.
    ListDomainStats: Owner Get "/v1/stats/domains" (Nothing, StatsQuery, Nothing) -> 200 Page<DomainStats>;
    /// What was sent to each domain of recipients, most first. Counted by account and day.
    ListRecipientDomainStats: Owner Get "/v1/stats/recipient-domains" (Nothing, StatsQuery, Nothing) -> 200 Page<RecipientDomainStats>;
    /// What was refused, failed or was put off, by reason, most first.
    ListErrorStats: Owner Get "/v1/stats/errors" (Nothing, StatsQuery, Nothing) -> 200 Page<ErrorStats>;
}
