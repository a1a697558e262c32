//! The log: messages, traces, refusals.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::store::{AddressFilter, LogFilter, Order, RejectFilter};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::SearchLog, _, _>(search)
        .add::<proto::TraceMessages, _, _>(trace)
        .add::<proto::ListRejects, _, _>(rejects)
        .add::<proto::ListUnknownReplies, _, _>(unknown_replies)
}

async fn search(
    api: Api,
    call: Call<proto::SearchLog>,
) -> Result<proto::Page<proto::Message>, Failure> {
    let query = call.query;
    let account = query.account.as_deref();
    let filter = LogFilter {
        account: api.accounts.account_filter(&call.scope, account).await?,
        from: query.from.as_deref().map(AddressFilter::of),
        to: query.to.as_deref().map(AddressFilter::of),
        user: query.user,
        system: query.system,
        states: query.status.into_iter().map(Into::into).collect(),
        since: query.since,
        until: query.until,
    };
    let order = Order::NewestFirst(cursor::decode(query.cursor.as_deref())?);
    let found = api
        .accounts
        .search_log(&filter, order, cursor::limit(query.limit)?)
        .await?;
    Ok(cursor::page(found, convert::message))
}

async fn trace(
    api: Api,
    call: Call<proto::TraceMessages>,
) -> Result<proto::Page<proto::Trace>, Failure> {
    let account = call.query.account.as_deref();
    let account = api.accounts.account_filter(&call.scope, account).await?;
    let traces = api.accounts.trace(&call.query.key, account).await?;
    Ok(cursor::whole(traces, convert::trace))
}

async fn rejects(
    api: Api,
    call: Call<proto::ListRejects>,
) -> Result<proto::Page<proto::Reject>, Failure> {
    let query = call.query;
    let reason = query
        .reason
        .map(|code| code.parse())
        .transpose()
        .map_err(|_| Failure::field("reason", "is no code of a reason"))?;
    let account = query.account.as_deref();
    let filter = RejectFilter {
        account: api.accounts.account_filter(&call.scope, account).await?,
        user: query.user,
        system: query.system,
        reason,
        since: query.since,
        until: query.until,
    };
    let before = cursor::decode(query.cursor.as_deref())?;
    let found = api
        .accounts
        .list_rejects(&filter, before, cursor::limit(query.limit)?)
        .await?;
    Ok(cursor::page(found, convert::reject))
}

async fn unknown_replies(
    api: Api,
    _call: Call<proto::ListUnknownReplies>,
) -> Result<proto::Page<proto::UnknownReply>, Failure> {
    let replies = api.accounts.unknown_replies().await?;
    Ok(cursor::whole(replies, |it| proto::UnknownReply {
        reply: it.reply,
        verdict: it.verdict,
        count: it.count,
        first_at: it.first_at,
        last_at: it.last_at,
        message: it.message_id.to_string(),
    }))
}
