//! The second factor of owners.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    failure::Failure,
};
use crate::model::Secret;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ShowSecondFactor, _, _>(show)
        .add::<proto::PrepareTotp, _, _>(prepare)
        .add::<proto::EnableTotp, _, _>(enable)
        .add::<proto::DisableTotp, _, _>(disable)
        .add::<proto::RenewRecoveryCodes, _, _>(renew)
}

async fn show(
    api: Api,
    call: Call<proto::ShowSecondFactor>,
) -> Result<proto::SecondFactor, Failure> {
    let factor = api.accounts.second_factor(&call.path.account).await?;
    Ok(proto::SecondFactor {
        enabled: factor.enabled_at.is_some(),
        enabled_at: factor.enabled_at,
        recovery_codes_left: factor.recovery_codes_left,
    })
}

async fn prepare(api: Api, call: Call<proto::PrepareTotp>) -> Result<proto::TotpSecret, Failure> {
    let current = Secret::new(call.body.current_password);
    let account = &call.path.account;
    let made = api.accounts.prepare_totp(account, &current).await?;
    Ok(proto::TotpSecret {
        secret: made.secret.expose().to_owned(),
        uri: made.uri.expose().to_owned(),
    })
}

async fn enable(api: Api, call: Call<proto::EnableTotp>) -> Result<proto::RecoveryCodes, Failure> {
    let (account, code) = (&call.path.account, &call.body.code);
    let session = call.caller.session().map_or(&[][..], |(_, hash)| hash);
    let codes = api.accounts.enable_totp(account, code, session).await?;
    Ok(shown(codes))
}

async fn disable(api: Api, call: Call<proto::DisableTotp>) -> Result<proto::Nothing, Failure> {
    let by_operator = call.caller.is_operator();
    let code = call.body.code.as_deref();
    api.accounts
        .disable_totp(&call.path.account, by_operator, code)
        .await?;
    Ok(proto::Nothing {})
}

async fn renew(
    api: Api,
    call: Call<proto::RenewRecoveryCodes>,
) -> Result<proto::RecoveryCodes, Failure> {
    let (account, code) = (&call.path.account, &call.body.code);
    Ok(shown(
        api.accounts.renew_recovery_codes(account, code).await?,
    ))
}

fn shown(codes: Vec<Secret>) -> proto::RecoveryCodes {
    let shown = |code: Secret| code.expose().to_owned();
    proto::RecoveryCodes {
        recovery_codes: codes.into_iter().map(shown).collect(),
    }
}
