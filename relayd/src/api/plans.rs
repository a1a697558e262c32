//! Plans and subscriptions.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ListPlans, _, _>(list)
        .add::<proto::ShowPlan, _, _>(show)
        .add::<proto::StartSubscription, _, _>(subscribe)
        .add::<proto::ShowSubscription, _, _>(show_subscription)
}

async fn list(api: Api, call: Call<proto::ListPlans>) -> Result<proto::Page<proto::Plan>, Failure> {
    let (after, limit) = cursor::by_name(&call.query)?;
    let plans = api.accounts.list_plans(&after, limit).await?;
    Ok(cursor::page(plans, convert::plan))
}

async fn show(api: Api, call: Call<proto::ShowPlan>) -> Result<proto::Plan, Failure> {
    Ok(convert::plan(
        api.accounts.find_plan(&call.path.plan).await?,
    ))
}

async fn subscribe(
    api: Api,
    call: Call<proto::StartSubscription>,
) -> Result<proto::Subscription, Failure> {
    let started = api
        .accounts
        .start_subscription(&call.path.account, &call.body.plan)
        .await?;
    Ok(convert::subscription(started))
}

async fn show_subscription(
    api: Api,
    call: Call<proto::ShowSubscription>,
) -> Result<proto::Subscription, Failure> {
    let found = api.accounts.show_subscription(&call.path.account).await?;
    Ok(convert::subscription(found))
}
