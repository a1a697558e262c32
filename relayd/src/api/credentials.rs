//! The passwords of a relay user.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{accounts::NewCredential, model::Secret};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::AddCredential, _, _>(add)
        .add::<proto::ListCredentials, _, _>(list)
        .add::<proto::RemoveCredential, _, _>(remove)
}

async fn add(
    api: Api,
    call: Call<proto::AddCredential>,
) -> Result<proto::CredentialWithPassword, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let new = NewCredential {
        name: call.body.name,
        password: call.body.password.map(Secret::new),
    };
    let added = api
        .accounts
        .add_credential(&account, &call.path.user, new)
        .await?;
    Ok(proto::CredentialWithPassword {
        user: added.user,
        credential: convert::credential(added.credential),
        password: added
            .made_password
            .map(|password| password.expose().to_owned()),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListCredentials>,
) -> Result<proto::Page<proto::Credential>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let credentials = api
        .accounts
        .list_credentials(&account, &call.path.user)
        .await?;
    Ok(cursor::whole(credentials, convert::credential))
}

async fn remove(api: Api, call: Call<proto::RemoveCredential>) -> Result<proto::Nothing, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    api.accounts
        .remove_credential(&account, &call.path.user, &call.path.credential)
        .await?;
    Ok(proto::Nothing {})
}
