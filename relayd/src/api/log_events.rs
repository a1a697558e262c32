//! Which part of the log a stream tells.

use axum::http::HeaderMap;
use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    failure::Failure,
};
use crate::{
    accounts::{LogTail, MOST_LINES, TailStart},
    store::{AddressFilter, LogPlace, TailFilter},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.add_stream::<proto::TailLog, _, _>(tail)
}

async fn tail(
    api: Api,
    call: Call<proto::TailLog>,
    headers: HeaderMap,
) -> Result<LogTail, Failure> {
    let query = call.query;
    let start = start(&query, &headers)?;
    let account = query.account.as_deref();
    let mut filter = TailFilter {
        account: api.accounts.account_filter(&call.scope, account).await?,
        user: query.user,
        system: query.system,
        from: query.from.as_deref().map(AddressFilter::of),
        to: query.to.as_deref().map(AddressFilter::of),
        kinds: Vec::new(),
        no_events: false,
        no_refusals: query.refusals == Some(false),
        reason: query
            .reason
            .map(|code| code.parse())
            .transpose()
            .map_err(|_| Failure::field("reason", "is no code of a reason"))?,
        since: query.since,
    };
    if let Some(kinds) = &query.kind {
        only(&mut filter, kinds)?;
    }
    Ok(api.accounts.tail_log(filter, start).await?)
}

/// A client that comes back says by the header where it was; the query is that of its first call.
fn start(query: &proto::LogEventQuery, headers: &HeaderMap) -> Result<TailStart, Failure> {
    let place = |field: &str, text: &str| {
        let place: Result<LogPlace, _> = text.parse();
        place
            .map(TailStart::After)
            .map_err(|error| Failure::field(field, error.to_string()))
    };
    if let Some(last) = headers.get(proto::LAST_EVENT_ID) {
        let last = last.to_str().unwrap_or_default();
        if !last.is_empty() {
            return place("Last-Event-ID", last);
        }
    }
    match (&query.after, query.lines, query.since) {
        (Some(after), _, _) => place("after", after),
        (None, Some(lines), _) if (1..=MOST_LINES).contains(&lines) => Ok(TailStart::Lines(lines)),
        (None, Some(_), _) => Err(Failure::field("lines", format!("1 to {MOST_LINES}"))),
        (None, None, Some(_)) => Ok(TailStart::Since),
        (None, None, None) => Ok(TailStart::Now),
    }
}

/// Leaves the kinds that are named.
fn only(filter: &mut TailFilter, kinds: &str) -> Result<(), Failure> {
    let mut refused = false;
    for kind in kinds.split(',').map(str::trim) {
        let kind: proto::LogEventKind = kind
            .parse()
            .map_err(|error: proto::UnknownWord| Failure::field("kind", error.to_string()))?;
        match kind.event() {
            Some(event) => filter.kinds.push(event.into()),
            None => refused = true,
        }
    }
    filter.no_refusals |= !refused;
    filter.no_events = filter.kinds.is_empty();
    Ok(())
}
