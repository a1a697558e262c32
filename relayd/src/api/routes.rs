//! The route of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    cursor,
    failure::{Failure, check_step},
    route_view,
};
use crate::{
    accounts::{ProbeStep, Remark, RouteChange, RouteSettings, SignInProgress},
    model::{FindingLevel, Reason, Secret},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add_versioned::<proto::SetRoute, _, _>(|reply| reply.route.version, set)
        .add_versioned::<proto::ShowRoute, _, _>(|reply| reply.version, show)
        .add::<proto::RemoveRoute, _, _>(remove)
        .add::<proto::ListRouteVersions, _, _>(history)
        .add_versioned::<proto::RollRouteBack, _, _>(|reply| reply.route.version, roll_back)
        .add::<proto::CheckRoute, _, _>(check)
        .add::<proto::AuthorizeRoute, _, _>(authorize)
        .add::<proto::ContinueSignIn, _, _>(continue_sign_in)
}

async fn set(api: Api, call: Call<proto::SetRoute>) -> Result<proto::RouteChange, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let settings = settings(call.body);
    call.scope.admit_settings(&settings)?;
    let change = api
        .accounts
        .set_route(&account, call.query.role().into(), settings, call.if_match)
        .await?;
    Ok(changed(change))
}

/// Settings as they were asked for.
pub(super) fn settings(body: proto::RouteSettings) -> RouteSettings {
    RouteSettings {
        kind: body.kind.into(),
        preset: body.preset.map(Into::into),
        server: body.server,
        mx_of: body.mx_of,
        port: body.port,
        security: body.security.map(Into::into),
        mailbox: body.mailbox,
        password: body.password.map(Secret::new),
        cloud: body.cloud.map(Into::into),
        tenant: body.tenant,
        client_id: body.client_id,
        grant: body.grant.map(Into::into),
        client_secret: body.client_secret.map(Secret::new),
        client_secret_expires_at: body.client_secret_expires_at,
        certificate_pem: body.certificate_pem,
        key_pem: body.key_pem.map(Secret::new),
        authority: body.authority,
        scope: body.scope,
        ca_pem: body.ca_pem,
        folder: body.folder,
        connections: body.connections,
        per_minute: body.per_minute,
        recipients_per_day: body.recipients_per_day,
        recipients_per_mail: body.recipients_per_mail,
        keep_open: body.keep_open,
        unknown_outcome: body.unknown_outcome.map(Into::into),
        dry_run: body.dry_run,
    }
}

fn changed(change: RouteChange) -> proto::RouteChange {
    proto::RouteChange {
        applied: change.applied,
        route: route_view::route(change.overview),
        steps: steps(change.steps, None),
    }
}

async fn authorize(
    api: Api,
    call: Call<proto::AuthorizeRoute>,
) -> Result<proto::SignInCode, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let settings = call.body.settings.map(settings);
    if let Some(settings) = &settings {
        if settings.dry_run {
            let why = "a sign-in cannot be tried without doing it; the route stays as it is when its \
                       check fails";
            return Err(Failure::field("settings.dry_run", why));
        }
        call.scope.admit_settings(settings)?;
    }
    let role = call.query.role().into();
    let begun = api
        .accounts
        .begin_sign_in(&account, role, settings, call.if_match)
        .await?;
    Ok(proto::SignInCode {
        id: begun.id,
        user_code: begun.user_code,
        verification_uri: begun.verification_uri,
        expires_at: begun.expires_at,
        interval: begun.interval.as_secs(),
    })
}

async fn continue_sign_in(
    api: Api,
    call: Call<proto::ContinueSignIn>,
) -> Result<proto::SignInProgress, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let progress = api.accounts.continue_sign_in(&account, &call.path.id);
    Ok(match progress.await? {
        SignInProgress::Pending {
            expires_at,
            interval,
        } => proto::SignInProgress {
            state: proto::SignInState::Pending,
            expires_at: Some(expires_at),
            interval: interval.as_secs(),
            username: None,
            note: None,
            change: None,
        },
        SignInProgress::Done {
            username,
            note,
            change,
        } => proto::SignInProgress {
            state: proto::SignInState::Done,
            expires_at: None,
            interval: 0,
            username: Some(username).filter(|name| !name.is_empty()),
            note,
            change: Some(changed(*change)),
        },
    })
}

async fn history(
    api: Api,
    call: Call<proto::ListRouteVersions>,
) -> Result<proto::Page<proto::RouteVersion>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let before: Option<i64> = cursor::decode(call.query.cursor.as_deref())?;
    let limit = cursor::limit(call.query.limit)?;
    let role = call.query.role.unwrap_or(proto::RouteRole::Primary).into();
    let versions = api
        .accounts
        .route_history(&account, role, before, limit)
        .await?;
    Ok(cursor::page(versions, route_view::version))
}

async fn roll_back(
    api: Api,
    call: Call<proto::RollRouteBack>,
) -> Result<proto::RouteChange, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let proto::RouteRollback { version, dry_run } = call.body;
    let change = api
        .accounts
        .roll_route_back(
            &call.scope,
            (&account, call.query.role().into()),
            version,
            call.if_match,
            dry_run,
        )
        .await?;
    Ok(changed(change))
}

async fn show(api: Api, call: Call<proto::ShowRoute>) -> Result<proto::Route, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let role = call.query.role().into();
    let overview = api.accounts.show_route(&account, role).await?;
    Ok(route_view::route(overview))
}

async fn remove(api: Api, call: Call<proto::RemoveRoute>) -> Result<proto::Nothing, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let role = call.query.role().into();
    api.accounts
        .remove_route(&account, role, call.if_match)
        .await?;
    Ok(proto::Nothing {})
}

async fn check(api: Api, call: Call<proto::CheckRoute>) -> Result<proto::RouteCheck, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let check = api
        .accounts
        .check_route(&account, call.query.role().into())
        .await?;
    let has_failed = |remark: &Remark| remark.level == FindingLevel::Error;
    let ok = check.probe.failure.is_none() && !check.remarks.iter().any(has_failed);
    let reason = check.probe.failure.map(|(reason, _)| reason);
    let mut told = steps(check.probe.steps, reason);
    told.extend(check.remarks.into_iter().map(remark));
    Ok(proto::RouteCheck {
        ok,
        steps: told,
        route: route_view::route(check.overview),
    })
}

fn remark(remark: Remark) -> proto::CheckStep {
    proto::CheckStep {
        name: remark.name,
        ok: remark.level != FindingLevel::Error,
        warning: remark.level == FindingLevel::Warning,
        detail: remark.detail,
        ms: u64::try_from(remark.elapsed.as_millis()).unwrap_or(u64::MAX),
        reason: remark.reason.map(|reason| reason.code().to_owned()),
        remedy: Some(remark.remedy).filter(|remedy| !remedy.is_empty()),
    }
}

pub(super) fn steps(steps: Vec<ProbeStep>, reason: Option<Reason>) -> Vec<proto::CheckStep> {
    let reason = reason.unwrap_or(Reason::Internal);
    steps
        .into_iter()
        .map(|step| check_step(step, reason))
        .collect()
}
