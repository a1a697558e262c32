//! Sign-in of owners: sessions and passwords.

use relay_proto as proto;

use super::{
    Api,
    access::Caller,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{BearerKind, ChangedBy, Credentials},
    model::{Reason, Refusal, Secret},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::SignIn, _, _>(sign_in)
        .add::<proto::ShowCaller, _, _>(show)
        .add::<proto::SignOut, _, _>(sign_out)
        .add::<proto::ListOwnerSessions, _, _>(list_sessions)
        .add::<proto::EndOwnerSession, _, _>(end_session)
        .add::<proto::EndOwnerSessions, _, _>(end_sessions)
        .add::<proto::ChangeSignInPassword, _, _>(change_password)
        .add::<proto::RequestPasswordReset, _, _>(request_reset)
        .add::<proto::ResetPassword, _, _>(reset)
}

async fn sign_in(api: Api, call: Call<proto::SignIn>) -> Result<proto::Session, Failure> {
    let given = Credentials {
        email: call.body.email,
        password: Secret::new(call.body.password),
        account: call.body.account,
        code: call.body.code.map(Secret::new),
    };
    let session = api.accounts.sign_in(given, call.client).await?;
    Ok(proto::Session {
        account: session.account.name,
        secret: session.secret.expose().to_owned(),
        expires_at: session.expires_at,
    })
}

async fn show(_: Api, call: Call<proto::ShowCaller>) -> Result<proto::Caller, Failure> {
    let Caller::Bearer(bearer) = call.caller else {
        return Ok(proto::Caller {
            role: proto::Role::Operator,
            account: None,
            token: None,
            read_only: false,
            expires_at: None,
        });
    };
    let (token, read_only) = match bearer.kind {
        BearerKind::Session { .. } => (None, false),
        BearerKind::Token { name, read_only } => (Some(name), read_only),
    };
    Ok(proto::Caller {
        role: match bearer.account {
            None => proto::Role::Operator,
            Some(_) => proto::Role::Owner,
        },
        account: bearer.account.map(|account| account.name),
        token,
        read_only,
        expires_at: bearer.expires_at,
    })
}

async fn sign_out(api: Api, call: Call<proto::SignOut>) -> Result<proto::Nothing, Failure> {
    let Some((session, _)) = call.caller.session() else {
        return Err(Failure::new(Refusal::new(
            Reason::StateConflict,
            "this is no session; a token ends by relayctl token revoke",
        )));
    };
    api.accounts.sign_out(session).await?;
    Ok(proto::Nothing {})
}

async fn list_sessions(
    api: Api,
    call: Call<proto::ListOwnerSessions>,
) -> Result<proto::Page<proto::OwnerSession>, Failure> {
    let after = cursor::decode(call.query.cursor.as_deref())?;
    let limit = cursor::limit(call.query.limit)?;
    let current = call.caller.session().map(|(id, _)| id);
    let sessions = api
        .accounts
        .list_sessions(&call.path.account, current, after, limit)
        .await?;
    Ok(cursor::page(sessions, convert::session))
}

async fn end_session(
    api: Api,
    call: Call<proto::EndOwnerSession>,
) -> Result<proto::Nothing, Failure> {
    let path = &call.path;
    api.accounts
        .end_session(&path.account, &path.session)
        .await?;
    Ok(proto::Nothing {})
}

async fn end_sessions(
    api: Api,
    call: Call<proto::EndOwnerSessions>,
) -> Result<proto::EndedSessions, Failure> {
    let kept = call.caller.session().filter(|_| call.query.keep_current);
    let kept = kept.map_or(&[][..], |(_, hash)| hash);
    let ended = api.accounts.end_sessions(&call.path.account, kept).await?;
    Ok(proto::EndedSessions { ended })
}

async fn change_password(
    api: Api,
    call: Call<proto::ChangeSignInPassword>,
) -> Result<proto::Nothing, Failure> {
    let current = call.body.current_password.map(Secret::new);
    let new = Secret::new(call.body.new_password);
    let session = call.caller.session().map_or(&[][..], |(_, hash)| hash);
    let by = if call.caller.is_operator() {
        ChangedBy::Operator
    } else {
        ChangedBy::Owner {
            current: current.as_ref(),
            session,
        }
    };
    let key = &call.path.account;
    api.accounts.change_sign_in_password(key, &new, by).await?;
    Ok(proto::Nothing {})
}

async fn request_reset(
    api: Api,
    call: Call<proto::RequestPasswordReset>,
) -> Result<proto::Nothing, Failure> {
    let (email, account) = (&call.body.email, call.body.account.as_deref());
    api.accounts
        .request_password_reset(email, account, call.client)?;
    Ok(proto::Nothing {})
}

async fn reset(api: Api, call: Call<proto::ResetPassword>) -> Result<proto::Nothing, Failure> {
    let given = Credentials {
        email: call.body.email,
        password: Secret::new(call.body.password),
        account: call.body.account,
        code: None,
    };
    api.accounts.reset_password(given, &call.body.code).await?;
    Ok(proto::Nothing {})
}
