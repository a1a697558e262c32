//! Systems of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{NewSystem, SystemChange},
    model::{Priority, SystemAuth},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::AddSystem, _, _>(add)
        .add::<proto::ListSystems, _, _>(list)
        .add_versioned::<proto::ShowSystem, _, _>(|reply| reply.version, show)
        .add_versioned::<proto::EditSystem, _, _>(|reply| reply.version, edit)
        .add::<proto::RemoveSystem, _, _>(remove)
        .add::<proto::TestSystem, _, _>(test)
}

async fn add(api: Api, call: Call<proto::AddSystem>) -> Result<proto::System, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let body = call.body;
    let new = NewSystem {
        name: body.name,
        address: body.address,
        user: body.user,
        auth: body.auth.map_or(SystemAuth::Password, Into::into),
        priority: body.priority.map_or(Priority::Normal, Into::into),
    };
    let added = api
        .accounts
        .add_system(&account, new, call.authority)
        .await?;
    Ok(convert::system(added, &account.name))
}

async fn list(
    api: Api,
    call: Call<proto::ListSystems>,
) -> Result<proto::Page<proto::System>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let (after, limit) = cursor::by_name(&call.query)?;
    let systems = api.accounts.list_systems(&account, &after, limit).await?;
    Ok(cursor::page(systems, |system| {
        convert::system(system, &account.name)
    }))
}

async fn show(api: Api, call: Call<proto::ShowSystem>) -> Result<proto::System, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let system = api
        .accounts
        .find_system(&account, &call.path.system)
        .await?;
    Ok(convert::system(system, &account.name))
}

async fn edit(api: Api, call: Call<proto::EditSystem>) -> Result<proto::System, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let change = SystemChange {
        address: call.body.address,
        user: call.body.user,
        auth: call.body.auth.map(Into::into),
        state: call.body.state.map(Into::into),
        priority: call.body.priority.map(Into::into),
    };
    let system = api
        .accounts
        .edit_system(
            &account,
            &call.path.system,
            change,
            call.authority,
            call.if_match,
        )
        .await?;
    Ok(convert::system(system, &account.name))
}

async fn remove(api: Api, call: Call<proto::RemoveSystem>) -> Result<proto::Nothing, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    api.accounts
        .remove_system(&account, &call.path.system)
        .await?;
    Ok(proto::Nothing {})
}

async fn test(api: Api, call: Call<proto::TestSystem>) -> Result<proto::SystemTest, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let test = api
        .accounts
        .test_system(&account, &call.path.system, &api.bans, &(api.ready)())
        .await?;
    Ok(convert::system_test(test))
}
