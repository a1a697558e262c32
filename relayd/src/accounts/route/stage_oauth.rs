//! Access by OAuth 2.0, and certificates: what a route signs in with beside a password.

use super::{
    GrantKind, RouteSettings, place,
    stage::{Ground, check_secret},
};
use crate::{
    accounts::field::Fields,
    model::{
        CertificateError, ClientCertificate, Cloud, Grant, OAuth, Route, RouteKind, Secret, Tenant,
        is_guid, is_host,
    },
};

const MAX_PEM: usize = 64 * 1024;

/// Fills in what the route signs in with.
pub(super) fn stage(
    fields: &mut Fields,
    route: &mut Route,
    settings: &mut RouteSettings,
    ground: &Ground<'_>,
) {
    match route.kind {
        RouteKind::SmtpOauth | RouteKind::Graph => {
            stage_access(fields, route, settings, ground);
        }
        RouteKind::Connector => {
            let had = ground.old.and_then(|old| old.client_certificate.as_ref());
            let stays = ground.old.is_some_and(|old| place::is_same(old, route));
            if had.is_some() && !stays && settings.certificate_pem.is_none() {
                fields.refuse(
                    "certificate_pem",
                    "the stored certificate was for another server: give one, or an empty text \
                     for none",
                );
            }
            let stored = had.filter(|_| stays);
            route.client_certificate = certificate(fields, settings, stored, ground).ok().flatten();
        }
        RouteKind::SmtpAuth | RouteKind::Smarthost | RouteKind::Capture => {}
    }
}

fn stage_access(
    fields: &mut Fields,
    route: &mut Route,
    settings: &mut RouteSettings,
    ground: &Ground<'_>,
) {
    let tenant = settings.tenant.as_deref().unwrap_or("");
    let tenant = fields.parse::<Tenant>("tenant", tenant);
    let client_id = client_id(fields, settings);
    let authority = settings.authority.as_deref().map(str::trim);
    let authority = authority
        .filter(|text| !text.is_empty())
        .and_then(|text| authority_of(fields, text));
    let scope = settings.scope.as_deref().map(|it| scope_of(fields, it));
    let Some(tenant) = tenant else {
        // Whether the secrets may stay cannot be told; what is given is looked at all the same.
        let _ = grant(fields, settings, None, ground);
        return;
    };
    route.oauth = Some(OAuth {
        cloud: settings.cloud.unwrap_or(Cloud::World),
        tenant,
        client_id,
        // In its place until it is known whether the stored one may stay.
        grant: Grant::DeviceCode,
        authority,
        scope: scope.filter(|scope| !scope.is_empty()),
    });
    let stored = ground.old.filter(|old| place::is_same(old, route));
    let stored = stored.and_then(|old| Some(&old.oauth.as_ref()?.grant));
    let grant = grant(fields, settings, stored, ground);
    if let (Some(oauth), Some(grant)) = (&mut route.oauth, grant) {
        oauth.grant = grant;
    }
}

fn client_id(fields: &mut Fields, settings: &RouteSettings) -> String {
    let text = settings.client_id.as_deref().unwrap_or("").trim();
    if !is_guid(text) {
        fields.refuse(
            "client_id",
            "the application (client) id of the app registration, a GUID such as \
             4b1d7c20-0000-4000-8000-000000000000",
        );
    }
    text.to_ascii_lowercase()
}

/// `https://` and a host, with or without a port. Everything that is sent there is a secret.
fn authority_of(fields: &mut Fields, text: &str) -> Option<String> {
    let read = || {
        let rest = text
            .get(..8)
            .filter(|it| it.eq_ignore_ascii_case("https://"))?;
        let rest = text.get(rest.len()..)?.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (
                host,
                Some(port.parse::<u16>().ok().filter(|port| *port > 0)?),
            ),
            _ => (rest, None),
        };
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let is_fit = is_host(bare.unwrap_or(host)) && (bare.is_some() || !host.contains(':'));
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        is_fit.then(|| format!("https://{}{port}", host.to_ascii_lowercase()))
    };
    let found = read();
    if found.is_none() {
        fields.refuse(
            "authority",
            "`https://` and a host name, such as https://login.microsoftonline.us, without a path",
        );
    }
    found
}

fn scope_of(fields: &mut Fields, text: &str) -> String {
    let scope = fields.line("scope", text, 500);
    if !scope.is_ascii() {
        fields.refuse("scope", "ASCII characters only");
    }
    scope
}

/// How tokens are had: as asked for, or as what is given means, or as it was.
fn grant(
    fields: &mut Fields,
    settings: &mut RouteSettings,
    stored: Option<&Grant>,
    ground: &Ground<'_>,
) -> Option<Grant> {
    let has_certificate = settings.certificate_pem.is_some() || settings.key_pem.is_some();
    let has_secret = settings.client_secret.is_some();
    if has_certificate && has_secret {
        fields.refuse(
            "client_secret",
            "is given instead of a certificate, not beside it",
        );
    }
    let was = stored.map(|grant| match grant {
        Grant::ClientSecret { .. } => GrantKind::ClientSecret,
        Grant::Certificate(_) => GrantKind::Certificate,
        Grant::DeviceCode => GrantKind::DeviceCode,
    });
    let meant = match settings.grant {
        Some(grant) => grant,
        None if has_certificate => GrantKind::Certificate,
        None if has_secret => GrantKind::ClientSecret,
        None => was.unwrap_or(GrantKind::ClientSecret),
    };
    for (field, given, fits) in [
        ("client_secret", has_secret, GrantKind::ClientSecret),
        (
            "client_secret_expires_at",
            settings.client_secret_expires_at.is_some(),
            GrantKind::ClientSecret,
        ),
        ("certificate_pem", has_certificate, GrantKind::Certificate),
    ] {
        if given && meant != fits {
            fields.refuse(field, "is for another grant");
        }
    }
    match meant {
        GrantKind::ClientSecret => client_secret(fields, settings, stored, ground),
        GrantKind::Certificate => signing(fields, settings, stored, ground),
        GrantKind::DeviceCode => {
            if !ground.signs_in && was != Some(GrantKind::DeviceCode) {
                fields.refuse(
                    "grant",
                    "somebody has to sign in first: relayctl route authorize takes the same \
                     settings, and sets the route",
                );
            }
            Some(Grant::DeviceCode)
        }
    }
}

fn client_secret(
    fields: &mut Fields,
    settings: &mut RouteSettings,
    stored: Option<&Grant>,
    ground: &Ground<'_>,
) -> Option<Grant> {
    let ends = settings.client_secret_expires_at;
    if ends.is_some_and(|end| end <= ground.now) {
        fields.refuse("client_secret_expires_at", "has passed already");
    }
    match (settings.client_secret.take(), stored) {
        (Some(secret), _) => {
            check_secret(fields, "client_secret", &secret);
            refuse_secret_id(fields, &secret);
            Some(Grant::ClientSecret {
                secret,
                expires_at: ends,
            })
        }
        (None, Some(Grant::ClientSecret { secret, expires_at })) => Some(Grant::ClientSecret {
            secret: secret.clone(),
            expires_at: ends.or(*expires_at),
        }),
        (None, _) => {
            fields.refuse(
                "client_secret",
                "is required for this tenant, client id, server and mailbox, or a certificate",
            );
            None
        }
    }
}

/// The page of the secrets shows an id and a value side by side; the id is a GUID, the value never.
fn refuse_secret_id(fields: &mut Fields, secret: &Secret) {
    if is_guid(secret.expose()) {
        fields.refuse(
            "client_secret",
            "is the id of a secret; its value stands in the column beside it, once",
        );
    }
}

fn signing(
    fields: &mut Fields,
    settings: &mut RouteSettings,
    stored: Option<&Grant>,
    ground: &Ground<'_>,
) -> Option<Grant> {
    let stored = match stored {
        Some(Grant::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    match certificate(fields, settings, stored, ground) {
        Ok(Some(certificate)) => {
            // Assertions are signed by PS256, which is for RSA.
            if certificate.facts().is_ok_and(|facts| !facts.is_rsa) {
                fields.refuse("certificate_pem", "Microsoft Entra takes RSA keys only");
            }
            Some(Grant::Certificate(certificate))
        }
        Ok(None) => {
            fields.refuse(
                "certificate_pem",
                "is required, with its key, for this tenant, client id, server and mailbox",
            );
            None
        }
        Err(Refused) => None,
    }
}

/// What was given is of no use, and the fields say why.
struct Refused;

/// The certificate that is given, or the stored one. A renewed one may have the stored key.
fn certificate(
    fields: &mut Fields,
    settings: &mut RouteSettings,
    stored: Option<&ClientCertificate>,
    ground: &Ground<'_>,
) -> Result<Option<ClientCertificate>, Refused> {
    let key = settings.key_pem.take();
    let chain = match settings.certificate_pem.take() {
        None if key.is_some() => {
            fields.refuse("certificate_pem", "is required with its key");
            return Err(Refused);
        }
        None => return Ok(stored.cloned()),
        Some(pem) if pem.trim().is_empty() => return Ok(None),
        Some(pem) => pem,
    };
    if chain.len() > MAX_PEM || key.as_ref().is_some_and(|key| key.expose().len() > MAX_PEM) {
        fields.refuse("certificate_pem", "64 KiB at most, as its key");
        return Err(Refused);
    }
    let Some(key) = key.or_else(|| stored.map(|stored| stored.key.clone())) else {
        fields.refuse("key_pem", "is required with a new certificate");
        return Err(Refused);
    };
    match ClientCertificate::new(&chain, key) {
        Ok((certificate, facts)) => {
            if facts.not_after <= ground.now {
                fields.refuse(
                    "certificate_pem",
                    format!("has ended on {}", facts.not_after),
                );
            }
            Ok(Some(certificate))
        }
        Err(error @ CertificateError::Chain(_)) => {
            fields.refuse("certificate_pem", error.to_string());
            Err(Refused)
        }
        Err(error) => {
            fields.refuse("key_pem", error.to_string());
            Err(Refused)
        }
    }
}
