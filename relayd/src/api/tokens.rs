//! Tokens.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::accounts::NewToken;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::CreateToken, _, _>(create)
        .add::<proto::ListTokens, _, _>(list)
        .add::<proto::RevokeToken, _, _>(revoke)
}

async fn create(
    api: Api,
    call: Call<proto::CreateToken>,
) -> Result<proto::TokenWithSecret, Failure> {
    let account = call.body.account.as_deref();
    let account = api.accounts.account_named(&call.scope, account).await?;
    let (account_id, name) = account.map(|account| (account.id, account.name)).unzip();
    let new = NewToken {
        name: call.body.name,
        account_id,
        read_only: call.body.read_only,
        expires_at: call.body.expires_at,
        created_by: call.caller.actor(),
        no_later_than: call.caller.token_ends(),
    };
    let created = api.accounts.create_token(new).await?;
    Ok(proto::TokenWithSecret {
        token: convert::token(created.token, name),
        secret: created.secret.expose().to_owned(),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListTokens>,
) -> Result<proto::Page<proto::Token>, Failure> {
    let query = call.query;
    let account = query.account.as_deref();
    let account = api.accounts.account_named(&call.scope, account).await?;
    let (id, name) = account.map(|account| (account.id, account.name)).unzip();
    let after: String = cursor::decode(query.cursor.as_deref())?.unwrap_or_default();
    let limit = cursor::limit(query.limit)?;
    let tokens = api.accounts.list_tokens(id, &after, limit).await?;
    Ok(cursor::page(tokens, |token| {
        convert::token(token, name.clone())
    }))
}

async fn revoke(api: Api, call: Call<proto::RevokeToken>) -> Result<proto::Nothing, Failure> {
    let account = call.query.account.as_deref();
    let owner = api.accounts.account_filter(&call.scope, account).await?;
    api.accounts.revoke_token(owner, &call.path.token).await?;
    Ok(proto::Nothing {})
}
