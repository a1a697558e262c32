//! Statistics.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    cursor,
    failure::Failure,
};
use crate::{
    accounts::{Scope, StatsFilter, StatsSummary, UserStats},
    model::Histogram,
    store::{self, Counts, GroupBy, Period, Span, UsageRow},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::SummarizeStats, _, _>(summarize)
        .add::<proto::ListPeriodStats, _, _>(series)
        .add::<proto::ListUserStats, _, _>(users)
        .add::<proto::ListSystemStats, _, _>(systems)
        .add::<proto::ListDomainStats, _, _>(domains)
        .add::<proto::ListRecipientDomainStats, _, _>(recipient_domains)
        .add::<proto::ListErrorStats, _, _>(errors)
}

async fn summarize(
    api: Api,
    call: Call<proto::SummarizeStats>,
) -> Result<proto::StatsSummary, Failure> {
    if call.query.by.is_some() {
        return Err(Failure::field(
            "by",
            "pieces of a span are at /v1/stats/series",
        ));
    }
    let (span, _) = asked(&api, &call.scope, &call.query).await?;
    let summary = api.accounts.summarize_stats(span).await?;
    Ok(stats_summary(&summary))
}

async fn series(
    api: Api,
    call: Call<proto::ListPeriodStats>,
) -> Result<proto::Page<proto::PeriodStats>, Failure> {
    let query = call.query;
    let filter = StatsFilter {
        account: query.account.as_deref(),
        user: query.user.as_deref(),
        system: query.system.as_deref(),
        domain: query.domain.as_deref(),
        since: query.since,
        until: query.until,
    };
    let span = api.accounts.span(&call.scope, filter).await?;
    let series = api.accounts.series(span, period(query.by)).await?;
    Ok(cursor::whole(series, |row| period_stats(&row)))
}

async fn users(
    api: Api,
    call: Call<proto::ListUserStats>,
) -> Result<proto::Page<proto::UserStats>, Failure> {
    let (span, period) = asked(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.user_stats(span, period).await?;
    Ok(cursor::whole(stats, user_stats))
}

async fn systems(
    api: Api,
    call: Call<proto::ListSystemStats>,
) -> Result<proto::Page<proto::SystemStats>, Failure> {
    let (span, period) = asked(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.usage(&span, GroupBy::System, period).await?;
    Ok(cursor::whole(stats, system_stats))
}

async fn domains(
    api: Api,
    call: Call<proto::ListDomainStats>,
) -> Result<proto::Page<proto::DomainStats>, Failure> {
    let (span, period) = asked(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.usage(&span, GroupBy::Domain, period).await?;
    Ok(cursor::whole(stats, domain_stats))
}

async fn recipient_domains(
    api: Api,
    call: Call<proto::ListRecipientDomainStats>,
) -> Result<proto::Page<proto::RecipientDomainStats>, Failure> {
    let (span, period) = asked(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.recipient_domain_stats(span, period).await?;
    Ok(cursor::whole(stats, recipient_domain_stats))
}

async fn errors(
    api: Api,
    call: Call<proto::ListErrorStats>,
) -> Result<proto::Page<proto::ErrorStats>, Failure> {
    let (span, period) = asked(&api, &call.scope, &call.query).await?;
    let stats = api.accounts.error_stats(span, period).await?;
    Ok(cursor::whole(stats, error_stats))
}

/// The span that a query names, and its pieces.
async fn asked(
    api: &Api,
    scope: &Scope,
    query: &proto::StatsQuery,
) -> Result<(Span, Option<Period>), Failure> {
    let filter = StatsFilter {
        account: query.account.as_deref(),
        user: query.user.as_deref(),
        system: query.system.as_deref(),
        domain: query.domain.as_deref(),
        since: query.since,
        until: query.until,
    };
    let span = api.accounts.span(scope, filter).await?;
    Ok((span, query.by.map(period)))
}

const fn period(period: proto::Period) -> Period {
    match period {
        proto::Period::Hour => Period::Hour,
        proto::Period::Day => Period::Day,
        proto::Period::Month => Period::Month,
    }
}

pub(super) const fn counts(counts: &Counts) -> proto::Counts {
    proto::Counts {
        accepted: counts.accepted,
        notices: counts.notices,
        recipients: counts.recipients,
        bytes: counts.bytes,
        delivered: counts.delivered,
        failed: counts.failed,
        cancelled: counts.cancelled,
        deferred: counts.deferred,
    }
}

fn delivery_time(times: &Histogram) -> Option<proto::DeliveryTime> {
    let millis = |percent| {
        let duration = times.percentile(percent)?;
        Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    };
    Some(proto::DeliveryTime {
        p50_ms: millis(50)?,
        p95_ms: millis(95)?,
    })
}

fn stats_summary(summary: &StatsSummary) -> proto::StatsSummary {
    let (now, before) = (&summary.traffic, &summary.traffic_before);
    proto::StatsSummary {
        since: summary.since,
        until: summary.until,
        counts: counts(&now.counts),
        refused: now.refused,
        delivery_time: delivery_time(&now.times),
        queued: summary.queued,
        held: summary.held,
        before: proto::StatsBefore {
            since: summary.before.0,
            until: summary.before.1,
            counts: counts(&before.counts),
            refused: before.refused,
            delivery_time: delivery_time(&before.times),
        },
        today: summary.today.map(|today| proto::StatsToday {
            messages: today.messages,
            messages_limit: today.messages_limit,
            recipients: today.recipients,
            recipients_limit: today.recipients_limit,
        }),
    }
}

fn period_stats(row: &UsageRow) -> proto::PeriodStats {
    proto::PeriodStats {
        begins_at: row.begins_at.unwrap_or_default(),
        counts: counts(&row.traffic.counts),
        refused: row.traffic.refused,
        delivery_time: delivery_time(&row.traffic.times),
    }
}

fn user_stats(stats: UserStats) -> proto::UserStats {
    let row = stats.row;
    proto::UserStats {
        begins_at: row.begins_at,
        account: row.account,
        user: row.user,
        counts: counts(&row.traffic.counts),
        refused: row.traffic.refused,
        delivery_time: delivery_time(&row.traffic.times),
        messages_per_day: stats.messages_per_day,
        messages_today: stats.messages_today,
    }
}

fn system_stats(row: UsageRow) -> proto::SystemStats {
    proto::SystemStats {
        begins_at: row.begins_at,
        account: row.account,
        system: row.system,
        counts: counts(&row.traffic.counts),
        refused: row.traffic.refused,
        delivery_time: delivery_time(&row.traffic.times),
    }
}

fn domain_stats(row: UsageRow) -> proto::DomainStats {
    proto::DomainStats {
        begins_at: row.begins_at,
        account: row.account,
        domain: row.domain,
        counts: counts(&row.traffic.counts),
        refused: row.traffic.refused,
        delivery_time: delivery_time(&row.traffic.times),
    }
}

fn recipient_domain_stats(flow: store::DomainFlow) -> proto::RecipientDomainStats {
    proto::RecipientDomainStats {
        begins_at: flow.begins_at,
        account: flow.account,
        domain: flow.domain,
        recipients: flow.recipients,
        delivered: flow.delivered,
        failed: flow.failed,
        deferred: flow.deferred,
    }
}

pub(super) const fn error_kind(kind: store::ErrorKind) -> proto::ErrorKind {
    match kind {
        store::ErrorKind::Refused => proto::ErrorKind::Refused,
        store::ErrorKind::Failed => proto::ErrorKind::Failed,
        store::ErrorKind::Deferred => proto::ErrorKind::Deferred,
    }
}

fn error_stats(stats: store::ErrorCount) -> proto::ErrorStats {
    proto::ErrorStats {
        begins_at: stats.begins_at,
        account: stats.account,
        user: stats.user,
        system: stats.system,
        kind: error_kind(stats.kind),
        reason: stats.reason.to_string(),
        count: stats.count,
    }
}
