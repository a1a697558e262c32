//! Operator tokens.

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
    let created = api
        .accounts
        .create_token(NewToken {
            name: call.body.name,
            read_only: call.body.read_only,
            expires_at: call.body.expires_at,
        })
        .await?;
    Ok(proto::TokenWithSecret {
        token: convert::token(created.token),
        secret: created.secret.expose().to_owned(),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListTokens>,
) -> Result<proto::Page<proto::Token>, Failure> {
    let (after, limit) = cursor::by_name(&call.query)?;
    let tokens = api.accounts.list_tokens(&after, limit).await?;
    Ok(cursor::page(tokens, convert::token))
}

async fn revoke(api: Api, call: Call<proto::RevokeToken>) -> Result<proto::Nothing, Failure> {
    api.accounts.revoke_token(&call.path.token).await?;
    Ok(proto::Nothing {})
}
