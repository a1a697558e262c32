//! The route of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert,
    failure::{Failure, check_step},
};
use crate::{
    accounts::{ProbeStep, RouteSettings},
    model::{Reason, Secret},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add_versioned::<proto::SetRoute, _, _>(|reply| reply.route.version, set)
        .add_versioned::<proto::ShowRoute, _, _>(|reply| reply.version, show)
        .add::<proto::CheckRoute, _, _>(check)
}

async fn set(api: Api, call: Call<proto::SetRoute>) -> Result<proto::RouteChange, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let body = call.body;
    call.scope.admit_route(body.kind.into())?;
    let settings = RouteSettings {
        kind: body.kind.into(),
        server: body.server,
        port: body.port,
        security: body.security.map(Into::into),
        mailbox: body.mailbox,
        password: body.password.map(Secret::new),
        ca_pem: body.ca_pem,
        folder: body.folder,
        connections: body.connections,
        per_minute: body.per_minute,
        recipients_per_day: body.recipients_per_day,
        dry_run: body.dry_run,
    };
    let change = api
        .accounts
        .set_route(&account, settings, call.if_match)
        .await?;
    Ok(proto::RouteChange {
        applied: change.applied,
        route: convert::route(change.overview),
        steps: steps(change.steps, None),
    })
}

async fn show(api: Api, call: Call<proto::ShowRoute>) -> Result<proto::Route, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    Ok(convert::route(api.accounts.show_route(&account).await?))
}

async fn check(api: Api, call: Call<proto::CheckRoute>) -> Result<proto::RouteCheck, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let check = api.accounts.check_route(&account).await?;
    Ok(proto::RouteCheck {
        ok: check.probe.failure.is_none(),
        steps: steps(
            check.probe.steps,
            check.probe.failure.map(|(reason, _)| reason),
        ),
        route: convert::route(check.overview),
    })
}

fn steps(steps: Vec<ProbeStep>, reason: Option<Reason>) -> Vec<proto::CheckStep> {
    let reason = reason.unwrap_or(Reason::Internal);
    steps
        .into_iter()
        .map(|step| check_step(step, reason))
        .collect()
}
