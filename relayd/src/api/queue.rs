//! The queue and its lanes.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{AlreadyLeft, QueueSelection, Scope},
    model::MessageState,
    store::{AddressFilter, LogFilter, Order, QueueAction},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::SummarizeQueue, _, _>(summarize)
        .add::<proto::ListQueue, _, _>(list)
        .add::<proto::ShowQueued, _, _>(show)
        .add::<proto::RetryQueued, _, _>(retry)
        .add::<proto::HoldQueued, _, _>(hold)
        .add::<proto::ReleaseQueued, _, _>(release)
        .add::<proto::CancelQueued, _, _>(cancel)
        .add::<proto::HoldLane, _, _>(hold_lane)
        .add::<proto::ReleaseLane, _, _>(release_lane)
}

async fn summarize(
    api: Api,
    call: Call<proto::SummarizeQueue>,
) -> Result<proto::QueueSummary, Failure> {
    let account = call.query.account.as_deref();
    let summary = api.accounts.summarize_queue(&call.scope, account).await?;
    Ok(proto::QueueSummary {
        depth: summary.depth,
        held: summary.held,
        oldest_at: summary.oldest_at,
        lanes: summary.lanes.into_iter().map(convert::lane).collect(),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListQueue>,
) -> Result<proto::Page<proto::Message>, Failure> {
    let query = call.query;
    let account = query.account.as_deref();
    let states = match query.state {
        Some(proto::QueueState::Queued) => vec![MessageState::Queued],
        Some(proto::QueueState::Held) => vec![MessageState::Held],
        None => vec![MessageState::Queued, MessageState::Held],
    };
    let filter = LogFilter {
        account: api.accounts.account_filter(&call.scope, account).await?,
        from: query.from_domain.map(AddressFilter::Domain),
        to: query.to_domain.map(AddressFilter::Domain),
        user: query.user,
        system: query.system,
        states,
        until: query
            .older_than
            .map(|seconds| api.accounts.accepted_before(seconds)),
        ..LogFilter::default()
    };
    let order = Order::OldestFirst(cursor::decode(query.cursor.as_deref())?);
    let found = api
        .accounts
        .search_log(&filter, order, cursor::limit(query.limit)?)
        .await?;
    Ok(cursor::page(found, convert::message))
}

async fn show(api: Api, call: Call<proto::ShowQueued>) -> Result<proto::Trace, Failure> {
    Ok(convert::trace(
        api.accounts
            .show_message(&call.scope, &call.path.id)
            .await?,
    ))
}

async fn retry(api: Api, call: Call<proto::RetryQueued>) -> Result<proto::QueueChange, Failure> {
    act(api, QueueAction::Retry, &call.scope, call.body).await
}

async fn hold(api: Api, call: Call<proto::HoldQueued>) -> Result<proto::QueueChange, Failure> {
    act(api, QueueAction::Hold, &call.scope, call.body).await
}

async fn release(
    api: Api,
    call: Call<proto::ReleaseQueued>,
) -> Result<proto::QueueChange, Failure> {
    act(api, QueueAction::Release, &call.scope, call.body).await
}

async fn cancel(api: Api, call: Call<proto::CancelQueued>) -> Result<proto::QueueChange, Failure> {
    act(api, QueueAction::Cancel, &call.scope, call.body).await
}

async fn act(
    api: Api,
    action: QueueAction,
    scope: &Scope,
    body: proto::QueueSelection,
) -> Result<proto::QueueChange, Failure> {
    let selection = QueueSelection {
        ids: body.ids,
        account: body.account,
        user: body.user,
        system: body.system,
        from_domain: body.from_domain,
        to_domain: body.to_domain,
        older_than: body.older_than,
        all: body.all,
        max: body.max,
        reason: body.reason,
        dry_run: body.dry_run,
    };
    let change = api.accounts.act_on_queue(scope, action, selection).await?;
    Ok(proto::QueueChange {
        matched: change.matched,
        changed: change.changed,
        skipped: change.skipped,
        left: change.left.map(left),
    })
}

fn left(left: AlreadyLeft) -> proto::AlreadyLeft {
    let details = left.details.into_iter().map(|it| proto::PartlyLeft {
        id: it.id.to_string(),
        delivered: it.delivered,
        recipient_count: it.recipient_count,
        first_at: it.first_at,
        last_at: it.last_at,
    });
    proto::AlreadyLeft {
        messages: left.messages,
        recipients: left.recipients,
        details: details.collect(),
        in_flight: left.in_flight.iter().map(ToString::to_string).collect(),
    }
}

async fn hold_lane(api: Api, call: Call<proto::HoldLane>) -> Result<proto::Lane, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let lane = api.accounts.hold_lane(&account, &call.body.reason).await?;
    Ok(convert::lane(lane))
}

async fn release_lane(api: Api, call: Call<proto::ReleaseLane>) -> Result<proto::Lane, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    Ok(convert::lane(api.accounts.release_lane(&account).await?))
}
