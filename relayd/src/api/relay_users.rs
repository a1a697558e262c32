//! Relay users of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{NewRelayUser, NewTestMail, RelayUserChange, UserWithPassword},
    model::{OtherSender, Secret, UserState},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::CreateRelayUser, _, _>(create)
        .add::<proto::ListRelayUsers, _, _>(list)
        .add_versioned::<proto::ShowRelayUser, _, _>(|reply| reply.version, show)
        .add_versioned::<proto::EditRelayUser, _, _>(|reply| reply.version, edit)
        .add::<proto::RotatePassword, _, _>(rotate)
        .add::<proto::SuspendRelayUser, _, _>(suspend)
        .add::<proto::ResumeRelayUser, _, _>(resume)
        .add::<proto::DeleteRelayUser, _, _>(delete)
        .add::<proto::SendTestMail, _, _>(send_test)
}

async fn create(
    api: Api,
    call: Call<proto::CreateRelayUser>,
) -> Result<proto::RelayUserWithPassword, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let body = call.body;
    let new = NewRelayUser {
        username: body.username,
        password: body.password.map(Secret::new),
        sender: body.sender,
        allowed_senders: body.allowed_senders,
        other_sender: body.other_sender.map_or(OtherSender::Reject, Into::into),
    };
    let created = api.accounts.create_relay_user(&account, new).await?;
    Ok(with_password(created, &account.name))
}

async fn list(
    api: Api,
    call: Call<proto::ListRelayUsers>,
) -> Result<proto::Page<proto::RelayUser>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let (after, limit) = cursor::by_name(&call.query)?;
    let users = api
        .accounts
        .list_relay_users(&account, &after, limit)
        .await?;
    Ok(cursor::page(users, |user| {
        convert::relay_user(user, &account.name)
    }))
}

async fn show(api: Api, call: Call<proto::ShowRelayUser>) -> Result<proto::RelayUser, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let user = api
        .accounts
        .find_relay_user(&account, &call.path.user)
        .await?;
    Ok(convert::relay_user(user, &account.name))
}

async fn edit(api: Api, call: Call<proto::EditRelayUser>) -> Result<proto::RelayUser, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let change = RelayUserChange {
        sender: call.body.sender,
        allowed_senders: call.body.allowed_senders,
        other_sender: call.body.other_sender.map(Into::into),
    };
    let user = api
        .accounts
        .edit_relay_user(&account, &call.path.user, change, call.if_match)
        .await?;
    Ok(convert::relay_user(user, &account.name))
}

async fn rotate(
    api: Api,
    call: Call<proto::RotatePassword>,
) -> Result<proto::RelayUserWithPassword, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let password = call.body.password.map(Secret::new);
    let credential = call.body.credential.as_deref();
    let rotated = api
        .accounts
        .rotate_password(&account, &call.path.user, password, credential)
        .await?;
    Ok(with_password(rotated, &account.name))
}

async fn suspend(
    api: Api,
    call: Call<proto::SuspendRelayUser>,
) -> Result<proto::RelayUser, Failure> {
    set_state(api, call.path, UserState::Suspended).await
}

async fn resume(api: Api, call: Call<proto::ResumeRelayUser>) -> Result<proto::RelayUser, Failure> {
    set_state(api, call.path, UserState::Active).await
}

async fn delete(api: Api, call: Call<proto::DeleteRelayUser>) -> Result<proto::Nothing, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    api.accounts
        .delete_relay_user(&account, &call.path.user)
        .await?;
    Ok(proto::Nothing {})
}

async fn set_state(
    api: Api,
    path: proto::RelayUserPath,
    state: UserState,
) -> Result<proto::RelayUser, Failure> {
    let account = api.accounts.find_account(&path.account).await?;
    let user = api
        .accounts
        .set_relay_user_state(&account, &path.user, state)
        .await?;
    Ok(convert::relay_user(user, &account.name))
}

fn with_password(made: UserWithPassword, account: &str) -> proto::RelayUserWithPassword {
    proto::RelayUserWithPassword {
        user: convert::relay_user(made.user, account),
        password: made
            .made_password
            .map(|password| password.expose().to_owned()),
    }
}

async fn send_test(api: Api, call: Call<proto::SendTestMail>) -> Result<proto::TestMail, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let test = NewTestMail {
        to: call.body.to,
        from: call.body.from,
        subject: call.body.subject,
        system: call.body.system,
    };
    let by = call.caller.actor();
    let sent = api
        .accounts
        .send_test_mail(&account, &call.path.user, test, by)
        .await?;
    Ok(proto::TestMail {
        id: sent.id.to_string(),
        system: sent.system,
    })
}
