//! The route of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::{Failure, check_step},
};
use crate::{
    accounts::{ProbeStep, RouteChange, RouteSettings},
    model::{Reason, Secret},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add_versioned::<proto::SetRoute, _, _>(|reply| reply.route.version, set)
        .add_versioned::<proto::ShowRoute, _, _>(|reply| reply.version, show)
        .add::<proto::ListRouteVersions, _, _>(history)
        .add_versioned::<proto::RollRouteBack, _, _>(|reply| reply.route.version, roll_back)
        .add::<proto::CheckRoute, _, _>(check)
}

async fn set(api: Api, call: Call<proto::SetRoute>) -> Result<proto::RouteChange, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let settings = settings(call.body);
    call.scope.admit_route(settings.kind)?;
    let change = api
        .accounts
        .set_route(&account, settings, call.if_match)
        .await?;
    Ok(changed(change))
}

/// Settings as they were asked for.
pub(super) fn settings(body: proto::RouteSettings) -> RouteSettings {
    RouteSettings {
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
    }
}

fn changed(change: RouteChange) -> proto::RouteChange {
    proto::RouteChange {
        applied: change.applied,
        route: convert::route(change.overview),
        steps: steps(change.steps, None),
    }
}

async fn history(
    api: Api,
    call: Call<proto::ListRouteVersions>,
) -> Result<proto::Page<proto::RouteVersion>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let before: Option<i64> = cursor::decode(call.query.cursor.as_deref())?;
    let limit = cursor::limit(call.query.limit)?;
    let versions = api.accounts.route_history(&account, before, limit).await?;
    Ok(cursor::page(versions, convert::route_version))
}

async fn roll_back(
    api: Api,
    call: Call<proto::RollRouteBack>,
) -> Result<proto::RouteChange, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let proto::RouteRollback { version, dry_run } = call.body;
    let change = api
        .accounts
        .roll_route_back(&call.scope, &account, version, call.if_match, dry_run)
        .await?;
    Ok(changed(change))
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

pub(super) fn steps(steps: Vec<ProbeStep>, reason: Option<Reason>) -> Vec<proto::CheckStep> {
    let reason = reason.unwrap_or(Reason::Internal);
    steps
        .into_iter()
        .map(|step| check_step(step, reason))
        .collect()
}
