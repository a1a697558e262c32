//! Routes as they stand on the wire. No secret passes here.

use relay_proto as proto;

use super::convert::hold;
use crate::{
    accounts::{RouteOverview, SignIn},
    model::{CertificateFacts, Grant, OAuth, RouteOffer},
    store,
};

pub(super) fn route(overview: RouteOverview) -> proto::Route {
    let RouteOverview {
        account,
        route,
        certificate,
        sign_in,
        hold: held,
        fallback,
        warnings,
        setup,
    } = overview;
    proto::Route {
        id: route.id.to_string(),
        account,
        role: route.role.into(),
        kind: route.kind.into(),
        server: route.server,
        mx_of: route.mx_of.map(|domain| domain.to_string()),
        port: route.port,
        security: route.security.into(),
        mailbox: route.mailbox,
        has_password: route.password.is_some(),
        has_ca: route.ca_pem.is_some(),
        oauth: route.oauth.map(|it| oauth(&it, sign_in)),
        certificate: certificate.map(read),
        folder: route
            .folder
            .map(|folder| folder.to_string_lossy().into_owned()),
        connections: route.pace.connections,
        per_minute: route.pace.per_minute,
        recipients_per_day: route.pace.recipients_per_day,
        recipients_per_mail: route.handling.recipients,
        keep_open: route.handling.keep_open.as_secs(),
        unknown_outcome: route.handling.unknown_outcome.into(),
        size_limit: route.offer.and_then(|offer| offer.size),
        offers: route.offer.map(offers),
        checked_at: route.checked_at,
        ready: route.checked_at.is_some() && held.is_none(),
        hold: held.map(hold),
        fallback: fallback.map(|it| format!("{} {}", it.kind, it.host()).trim_end().to_owned()),
        warnings,
        setup,
        version: route.version,
    }
}

pub(super) fn version((kept, in_force): (store::RouteVersion, bool)) -> proto::RouteVersion {
    let route = kept.route;
    let facts = route.certificate().and_then(|it| it.facts().ok());
    let folder = route.folder;
    proto::RouteVersion {
        version: route.version,
        in_force,
        set_at: kept.set_at,
        actor: kept.actor,
        source: kept.source,
        changed: kept.changed,
        kind: route.kind.into(),
        server: route.server,
        mx_of: route.mx_of.map(|domain| domain.to_string()),
        port: route.port,
        security: route.security.into(),
        mailbox: route.mailbox,
        has_password: route.password.is_some(),
        has_ca: route.ca_pem.is_some(),
        oauth: route.oauth.map(|it| oauth(&it, None)),
        certificate: facts.map(read),
        folder: folder.map(|folder| folder.to_string_lossy().into_owned()),
        connections: route.pace.connections,
        per_minute: route.pace.per_minute,
        recipients_per_day: route.pace.recipients_per_day,
        recipients_per_mail: route.handling.recipients,
        keep_open: route.handling.keep_open.as_secs(),
        unknown_outcome: route.handling.unknown_outcome.into(),
    }
}

fn oauth(oauth: &OAuth, sign_in: Option<SignIn>) -> proto::RouteOAuth {
    proto::RouteOAuth {
        cloud: oauth.cloud.into(),
        tenant: oauth.tenant.to_string(),
        client_id: oauth.client_id.clone(),
        grant: grant(&oauth.grant),
        authority: oauth.authority.clone(),
        scope: oauth.scope.clone(),
        expires_at: oauth.grant.expires_at(),
        signed_in: sign_in.map(|it| proto::RouteSignIn {
            username: it.username,
            at: it.at,
            renewed_at: it.renewed_at,
            ends_at: it.ends_at,
        }),
    }
}

pub(super) const fn grant(grant: &Grant) -> proto::RouteGrant {
    match grant {
        Grant::ClientSecret { .. } => proto::RouteGrant::ClientSecret,
        Grant::Certificate(_) => proto::RouteGrant::Certificate,
        Grant::DeviceCode => proto::RouteGrant::DeviceCode,
    }
}

fn read(facts: CertificateFacts) -> proto::RouteCertificate {
    proto::RouteCertificate {
        subject: facts.subject,
        names: facts.names,
        expires_at: facts.not_after,
        thumbprint: facts.thumbprint,
    }
}

fn offers(offer: RouteOffer) -> Vec<String> {
    let words = offer.words().into_iter();
    words.map(str::to_uppercase).collect()
}
