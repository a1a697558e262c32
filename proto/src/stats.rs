//! Counts over a span of time, from the hourly usage. Spans are widened to whole hours.

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
}

/// What went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Messages accepted.
    pub accepted: u64,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Bytes of accepted messages.
    pub bytes: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Attempts put off.
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
    /// Messages that wait now.
    pub queued: u64,
    /// Messages that a person stopped.
    pub held: u64,
}

/// What one relay user sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserStats {
    /// Name of the account.
    pub account: String,
    /// User name.
    pub user: String,
    /// What went through.
    pub counts: Counts,
    /// Messages it may submit in a day, by the plan; `null` without a subscription.
    pub messages_per_day: Option<u32>,
    /// Messages it submitted today (UTC).
    pub messages_today: u64,
}

/// What one system sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemStats {
    /// Name of the account.
    pub account: String,
    /// Name of the system.
    pub system: String,
    /// What went through.
    pub counts: Counts,
}

/// How often one reason turned mail away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorStats {
    /// Name of the account; `null` where it was not known.
    pub account: Option<String>,
    /// Name of the system; `null` where it was not known.
    pub system: Option<String>,
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
    /// Refusals by reason, most first.
    ListErrorStats: Owner Get "/v1/stats/errors" (Nothing, StatsQuery, Nothing) -> 200 Page<ErrorStats>;
}
