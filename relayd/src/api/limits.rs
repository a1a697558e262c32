//! Limits of an account, its relay users and its systems.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert,
    failure::Failure,
};
use crate::{accounts::LimitTarget, model::LimitScope};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ShowLimits, _, _>(show)
        .add::<proto::SetLimits, _, _>(set)
        .add::<proto::ResetLimits, _, _>(reset)
}

async fn show(api: Api, call: Call<proto::ShowLimits>) -> Result<proto::Limits, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let target = target(call.query)?;
    let limits = api.accounts.show_limits(&account, &target).await?;
    Ok(convert::limits(limits))
}

async fn set(api: Api, call: Call<proto::SetLimits>) -> Result<proto::Limits, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let target = target(call.query)?;
    let change = convert::limit_set(call.body);
    let limits = api
        .accounts
        .set_limits(&account, &target, change, call.authority)
        .await?;
    Ok(convert::limits(limits))
}

async fn reset(api: Api, call: Call<proto::ResetLimits>) -> Result<proto::Limits, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let target = target(call.query)?;
    let limits = api
        .accounts
        .reset_limits(&account, &target, call.authority)
        .await?;
    Ok(convert::limits(limits))
}

fn target(query: proto::LimitsQuery) -> Result<LimitTarget, Failure> {
    let scope = query.scope.map_or(LimitScope::Account, Into::into);
    match (scope, query.name) {
        (LimitScope::Account, None) => Ok(LimitTarget {
            scope,
            name: String::new(),
        }),
        (LimitScope::Account, Some(_)) => {
            let why = "the path names the account; scope says `user` or `system` for another name";
            Err(Failure::field("name", why))
        }
        (LimitScope::User | LimitScope::System, Some(name)) => Ok(LimitTarget { scope, name }),
        (LimitScope::User | LimitScope::System, None) => {
            Err(Failure::field("name", "is required in this scope"))
        }
    }
}
