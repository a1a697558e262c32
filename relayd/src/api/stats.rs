//! Statistics.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    cursor,
    failure::Failure,
};
use crate::{
    accounts::{Period, Scope, StatsSummary, UserStats},
    store::{self, Counts, Span, Traffic},
};
use jiff::Timestamp;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::SummarizeStats, _, _>(summarize)
        .add::<proto::ListPeriodStats, _, _>(series)
        .add::<proto::ListUserStats, _, _>(users)
        .add::<proto::ListSystemStats, _, _>(systems)
        .add::<proto::ListErrorStats, _, _>(errors)
}

async fn summarize(
    api: Api,
    call: Call<proto::SummarizeStats>,
) -> Result<proto::StatsSummary, Failure> {
    let span = span(&api, &call.scope, &call.query).await?;
    let summary = api.accounts.summarize_stats(span).await?;
    Ok(stats_summary(summary))
}

async fn series(
    api: Api,
    call: Call<proto::ListPeriodStats>,
) -> Result<proto::Page<proto::PeriodStats>, Failure> {
    let query = call.query;
    let account = query.account.as_deref();
    let span = api
        .accounts
        .span(&call.scope, account, query.since, query.until);
    let span = span.await?;
    let period = match query.by {
        proto::Period::Hour => Period::Hour,
        proto::Period::Day => Period::Day,
        proto::Period::Month => Period::Month,
    };
    let series = api.accounts.series(span, period).await?;
    Ok(cursor::whole(series, period_stats))
}

async fn users(
    api: Api,
    call: Call<proto::ListUserStats>,
) -> Result<proto::Page<proto::UserStats>, Failure> {
    let span = span(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.user_stats(span).await?;
    Ok(cursor::whole(stats, user_stats))
}

async fn systems(
    api: Api,
    call: Call<proto::ListSystemStats>,
) -> Result<proto::Page<proto::SystemStats>, Failure> {
    let span = span(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.system_stats(span).await?;
    Ok(cursor::whole(stats, system_stats))
}

async fn errors(
    api: Api,
    call: Call<proto::ListErrorStats>,
) -> Result<proto::Page<proto::ErrorStats>, Failure> {
    let span = span(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.error_stats(span).await?;
    Ok(cursor::whole(stats, error_stats))
}

async fn span(api: &Api, scope: &Scope, query: &proto::StatsQuery) -> Result<Span, Failure> {
    let account = query.account.as_deref();
    let span = api.accounts.span(scope, account, query.since, query.until);
    Ok(span.await?)
}

pub(super) fn counts(counts: Counts) -> proto::Counts {
    proto::Counts {
        accepted: counts.accepted,
        recipients: counts.recipients,
        bytes: counts.bytes,
        delivered: counts.delivered,
        failed: counts.failed,
        deferred: counts.deferred,
    }
}

fn stats_summary(summary: StatsSummary) -> proto::StatsSummary {
    proto::StatsSummary {
        since: summary.since,
        until: summary.until,
        counts: counts(summary.counts),
        refused: summary.refused,
        queued: summary.queued,
        held: summary.held,
    }
}

fn period_stats((begins_at, traffic): (Timestamp, Traffic)) -> proto::PeriodStats {
    proto::PeriodStats {
        begins_at,
        counts: counts(traffic.counts),
        refused: traffic.refused,
    }
}

fn user_stats(stats: UserStats) -> proto::UserStats {
    proto::UserStats {
        account: stats.counts.account,
        user: stats.counts.user,
        counts: counts(stats.counts.counts),
        messages_per_day: stats.messages_per_day,
        messages_today: stats.counts.messages_today,
    }
}

fn system_stats(stats: store::SystemCounts) -> proto::SystemStats {
    proto::SystemStats {
        account: stats.account,
        system: stats.system,
        counts: counts(stats.counts),
    }
}

fn error_stats(stats: store::RefusalCount) -> proto::ErrorStats {
    proto::ErrorStats {
        account: stats.account,
        system: stats.system,
        reason: stats.reason.to_string(),
        count: stats.count,
    }
}
