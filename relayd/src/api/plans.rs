//! Plans.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{NewPlan, PlanChange},
    model::PlanState,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ListPlans, _, _>(list)
        .add_versioned::<proto::ShowPlan, _, _>(|reply| reply.version, show)
        .add_versioned::<proto::CreatePlan, _, _>(|reply| reply.version, create)
        .add_versioned::<proto::EditPlan, _, _>(|reply| reply.version, edit)
        .add_versioned::<proto::RetirePlan, _, _>(|reply| reply.version, retire)
        .add_versioned::<proto::OfferPlan, _, _>(|reply| reply.version, offer)
        .add::<proto::DeletePlan, _, _>(delete)
}

async fn list(api: Api, call: Call<proto::ListPlans>) -> Result<proto::Page<proto::Plan>, Failure> {
    let (after, limit) = cursor::by_name(&call.query)?;
    let plans = api.accounts.list_plans(&call.scope, &after, limit).await?;
    Ok(cursor::page(plans, convert::plan))
}

async fn show(api: Api, call: Call<proto::ShowPlan>) -> Result<proto::Plan, Failure> {
    let found = api.accounts.show_plan(&call.scope, &call.path.plan).await?;
    Ok(convert::plan(found))
}

async fn create(api: Api, call: Call<proto::CreatePlan>) -> Result<proto::Plan, Failure> {
    let body = call.body;
    let new = NewPlan {
        name: body.name,
        relay_users: body.relay_users,
        messages_per_minute: body.messages_per_minute,
        messages_per_day: body.messages_per_day,
        recipients_per_day: body.recipients_per_day,
        recipients_per_message: body.recipients_per_message,
        message_size: body.message_size,
    };
    Ok(convert::plan(api.accounts.create_plan(new).await?))
}

async fn edit(api: Api, call: Call<proto::EditPlan>) -> Result<proto::Plan, Failure> {
    let body = call.body;
    let change = PlanChange {
        relay_users: body.relay_users,
        messages_per_minute: body.messages_per_minute,
        messages_per_day: body.messages_per_day,
        recipients_per_day: body.recipients_per_day,
        recipients_per_message: body.recipients_per_message,
        message_size: body.message_size,
    };
    let changed = api
        .accounts
        .edit_plan(&call.path.plan, change, call.if_match)
        .await?;
    Ok(convert::plan(changed))
}

async fn retire(api: Api, call: Call<proto::RetirePlan>) -> Result<proto::Plan, Failure> {
    let accounts = api.accounts;
    let retired = accounts.set_plan_state(&call.path.plan, PlanState::Retired);
    Ok(convert::plan(retired.await?))
}

async fn offer(api: Api, call: Call<proto::OfferPlan>) -> Result<proto::Plan, Failure> {
    let accounts = api.accounts;
    let offered = accounts.set_plan_state(&call.path.plan, PlanState::Offered);
    Ok(convert::plan(offered.await?))
}

async fn delete(api: Api, call: Call<proto::DeletePlan>) -> Result<proto::Nothing, Failure> {
    api.accounts.delete_plan(&call.path.plan).await?;
    Ok(proto::Nothing {})
}
