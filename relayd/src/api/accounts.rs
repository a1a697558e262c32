//! Accounts.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::accounts::NewAccount;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::CreateAccount, _, _>(create)
        .add::<proto::ListAccounts, _, _>(list)
        .add::<proto::ShowAccount, _, _>(show)
        .add::<proto::VerifyAccount, _, _>(verify)
        .add::<proto::ActivateAccount, _, _>(activate)
        .add::<proto::SuspendAccount, _, _>(suspend)
        .add::<proto::ResumeAccount, _, _>(resume)
}

async fn create(api: Api, call: Call<proto::CreateAccount>) -> Result<proto::Account, Failure> {
    let body = call.body;
    let created = api
        .accounts
        .create_account(NewAccount {
            name: body.name,
            kind: body.kind.into(),
            company: body.company,
            vat_id: body.vat_id,
            first_name: body.first_name,
            last_name: body.last_name,
            email: body.email,
            phone: body.phone,
            street: body.street,
            postal_code: body.postal_code,
            city: body.city,
            country: body.country,
            email_vouched: body.email_vouched,
        })
        .await?;
    Ok(convert::account(created))
}

async fn list(
    api: Api,
    call: Call<proto::ListAccounts>,
) -> Result<proto::Page<proto::Account>, Failure> {
    let (after, limit) = cursor::by_name(&call.query)?;
    let accounts = api.accounts.list_accounts(&after, limit).await?;
    Ok(cursor::page(accounts, convert::account))
}

async fn show(api: Api, call: Call<proto::ShowAccount>) -> Result<proto::Account, Failure> {
    let account = api.accounts.show_account(&call.path.account).await?;
    Ok(convert::account(account))
}

async fn verify(api: Api, call: Call<proto::VerifyAccount>) -> Result<proto::Account, Failure> {
    let account = api.accounts.verify_account(&call.path.account).await?;
    Ok(convert::account(account))
}

async fn activate(api: Api, call: Call<proto::ActivateAccount>) -> Result<proto::Account, Failure> {
    let account = api.accounts.activate_account(&call.path.account).await?;
    Ok(convert::account(account))
}

async fn suspend(api: Api, call: Call<proto::SuspendAccount>) -> Result<proto::Account, Failure> {
    let account = api.accounts.suspend_account(&call.path.account).await?;
    Ok(convert::account(account))
}

async fn resume(api: Api, call: Call<proto::ResumeAccount>) -> Result<proto::Account, Failure> {
    let account = api.accounts.resume_account(&call.path.account).await?;
    Ok(convert::account(account))
}
