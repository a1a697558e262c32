//! The subscription of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::StartSubscription, _, _>(start)
        .add::<proto::ShowSubscription, _, _>(show)
        .add::<proto::CancelSubscription, _, _>(cancel)
        .add::<proto::ListSubscriptions, _, _>(list)
}

async fn start(
    api: Api,
    call: Call<proto::StartSubscription>,
) -> Result<proto::Subscription, Failure> {
    let started = api
        .accounts
        .start_subscription(&call.path.account, &call.body.plan, call.authority)
        .await?;
    Ok(convert::subscription(started))
}

async fn show(
    api: Api,
    call: Call<proto::ShowSubscription>,
) -> Result<proto::Subscription, Failure> {
    let found = api.accounts.show_subscription(&call.path.account).await?;
    Ok(convert::subscription(found))
}

async fn cancel(
    api: Api,
    call: Call<proto::CancelSubscription>,
) -> Result<proto::Subscription, Failure> {
    let cancelled = api.accounts.cancel_subscription(&call.path.account).await?;
    Ok(convert::subscription(cancelled))
}

async fn list(
    api: Api,
    call: Call<proto::ListSubscriptions>,
) -> Result<proto::Page<proto::SubscriptionPeriod>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let before = cursor::decode(call.query.cursor.as_deref())?;
    let limit = cursor::limit(call.query.limit)?;
    let periods = api
        .accounts
        .list_subscriptions(&account, before, limit)
        .await?;
    Ok(cursor::page(periods, convert::subscription_period))
}
