//! Accounts, and invitations to register one.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
    routes,
};
use crate::{
    accounts::{AccountChange, NewAccount},
    model::{AccountState, Secret},
};

pub(super) fn routes(all: Routes) -> Routes {
    all.add::<proto::CreateAccount, _, _>(create)
        .add::<proto::ListAccounts, _, _>(list)
        .add_versioned::<proto::ShowAccount, _, _>(|reply| reply.version, show)
        .add_versioned::<proto::EditAccount, _, _>(|reply| reply.version, edit)
        .add::<proto::VerifyAccount, _, _>(verify)
        .add::<proto::ConfirmEmail, _, _>(confirm_email)
        .add::<proto::ResendCode, _, _>(resend_code)
        .add::<proto::ActivateAccount, _, _>(activate)
        .add::<proto::RejectAccount, _, _>(reject)
        .add::<proto::SuspendAccount, _, _>(suspend)
        .add::<proto::ResumeAccount, _, _>(resume)
        .add::<proto::CloseAccount, _, _>(close)
        .add::<proto::CreateInvitation, _, _>(invite)
        .add::<proto::ListInvitations, _, _>(list_invitations)
        .add::<proto::RevokeInvitation, _, _>(revoke_invitation)
}

async fn create(
    api: Api,
    call: Call<proto::CreateAccount>,
) -> Result<proto::CreatedAccount, Failure> {
    let body = call.body;
    let new = NewAccount {
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
        password: body.password.map(Secret::new),
        invitation: body.invitation,
        domain_proof: body.domain_proof.map(Into::into),
        route: body.route.map(routes::settings),
    };
    let created = if call.caller.is_operator() {
        api.accounts.create_account(new).await?
    } else {
        api.accounts.register(new, call.client).await?
    };
    Ok(proto::CreatedAccount {
        account: convert::account(created.overview),
        steps: routes::steps(created.steps, None),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListAccounts>,
) -> Result<proto::Page<proto::Account>, Failure> {
    let query = call.query;
    let after: String = cursor::decode(query.cursor.as_deref())?.unwrap_or_default();
    let limit = cursor::limit(query.limit)?;
    let state = query.state.map(|state| match state {
        proto::AccountFilter::Waiting => AccountState::Registered,
        proto::AccountFilter::Active => AccountState::Active,
        proto::AccountFilter::Suspended => AccountState::Suspended,
        proto::AccountFilter::Closing => AccountState::Closing,
        proto::AccountFilter::Closed => AccountState::Closed,
    });
    let accounts = api
        .accounts
        .list_accounts(&call.scope, state, &after, limit);
    Ok(cursor::page(accounts.await?, convert::account))
}

async fn edit(api: Api, call: Call<proto::EditAccount>) -> Result<proto::Account, Failure> {
    let body = call.body;
    let change = AccountChange {
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
        domain_proof: body.domain_proof.map(Into::into),
        bounces_to: body.bounces_to.map(Into::into),
        current_password: body.current_password.map(Secret::new),
    };
    let account = api
        .accounts
        .edit_account(&call.path.account, change, call.authority, call.if_match)
        .await?;
    Ok(convert::account(account))
}

/// Tells neither whether there is such an account nor what became of it: that is for those who
/// may see it.
async fn confirm_email(
    api: Api,
    call: Call<proto::ConfirmEmail>,
) -> Result<proto::Nothing, Failure> {
    let code = call.body.code;
    api.accounts
        .confirm_email(&call.path.account, &code, call.client)
        .await?;
    Ok(proto::Nothing {})
}

async fn resend_code(api: Api, call: Call<proto::ResendCode>) -> Result<proto::Nothing, Failure> {
    let key = &call.path.account;
    if call.scope.admit(key).is_ok() {
        api.accounts.resend_code(key).await?;
    } else {
        api.accounts.request_code(key, call.client)?;
    }
    Ok(proto::Nothing {})
}

async fn reject(api: Api, call: Call<proto::RejectAccount>) -> Result<proto::Account, Failure> {
    let (key, reason) = (&call.path.account, &call.body.reason);
    let account = api.accounts.reject_account(key, reason).await?;
    Ok(convert::account(account))
}

async fn invite(
    api: Api,
    call: Call<proto::CreateInvitation>,
) -> Result<proto::Invitation, Failure> {
    let (email, expires_at) = (call.body.email.as_deref(), call.body.expires_at);
    let invitation = api.accounts.invite(email, expires_at).await?;
    Ok(proto::Invitation {
        id: invitation.id.to_string(),
        code: invitation.code,
        email: invitation.email.map(|email| email.to_string()),
        expires_at: invitation.expires_at,
    })
}

async fn list_invitations(
    api: Api,
    call: Call<proto::ListInvitations>,
) -> Result<proto::Page<proto::SentInvitation>, Failure> {
    let query = call.query;
    let before = cursor::decode(query.cursor.as_deref())?;
    let limit = cursor::limit(query.limit)?;
    let all = query.all.unwrap_or_default();
    let found = api.accounts.list_invitations(all, before, limit).await?;
    let now = api.accounts.now();
    Ok(cursor::page(found, |it| convert::invitation(it, now)))
}

async fn revoke_invitation(
    api: Api,
    call: Call<proto::RevokeInvitation>,
) -> Result<proto::Nothing, Failure> {
    api.accounts.revoke_invitation(&call.path.id).await?;
    Ok(proto::Nothing {})
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
    let (key, reason) = (&call.path.account, &call.body.reason);
    let suspended = api.accounts.suspend_account(key, call.authority, reason);
    Ok(convert::account(suspended.await?))
}

async fn resume(api: Api, call: Call<proto::ResumeAccount>) -> Result<proto::Account, Failure> {
    let key = &call.path.account;
    let resumed = api.accounts.resume_account(key, call.authority);
    Ok(convert::account(resumed.await?))
}

async fn close(api: Api, call: Call<proto::CloseAccount>) -> Result<proto::Account, Failure> {
    let (key, end) = (&call.path.account, call.body.queue.into());
    let closed = api.accounts.close_account(key, end).await?;
    Ok(convert::account(closed))
}
