//! Settings of a route as they stand in a row, of the route itself or of its history: secrets
//! sealed, and what only some kinds have as JSON.

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Any, query::Query};

use super::{Store, StoreError, record::Record};
use crate::model::{
    AccountId, ClientCertificate, Grant, Handling, OAuth, Pace, Route, RouteId, RouteKind, Secret,
    Security,
};

/// Bound into every sealed password of a route.
const PASSWORD: &str = "routes.password";
/// Bound into every sealed client secret or private key of a route.
const SECRET: &str = "routes.secret";

/// The secrets of a route, sealed once for both tables: another sealing would look like another
/// secret.
#[derive(Clone)]
pub(super) struct Sealed {
    password: Option<Vec<u8>>,
    secret: Option<Vec<u8>>,
}

/// What only some kinds have. Without it, the defaults of the kind hold.
#[derive(Debug, Serialize, Deserialize)]
struct Details {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mx_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oauth: Option<Access>,
    /// PEM of the certificate and its chain, whoever it is shown to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    handling: Manner,
}

#[derive(Debug, Serialize, Deserialize)]
struct Access {
    cloud: String,
    tenant: String,
    client_id: String,
    grant: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Manner {
    recipients: u32,
    keep_open_seconds: u64,
    unknown_outcome: String,
}

pub(super) type AnyQuery<'q> = Query<'q, Any, sqlx::any::AnyArguments>;

/// The columns of both tables that [`bind`] fills, in its order.
macro_rules! settings_columns {
    () => {
        "kind, server, port, security, mailbox, password, secret, ca_pem, folder, details, \
         connections, per_minute, recipients_per_day"
    };
}
pub(super) use settings_columns;

/// Binds the settings: `$1` to `$13`.
pub(super) fn bind<'q>(query: AnyQuery<'q>, route: &Route, sealed: Sealed) -> AnyQuery<'q> {
    let folder = route.folder.as_ref();
    query
        .bind(route.kind.as_str())
        .bind(route.server.clone())
        .bind(i64::from(route.port))
        .bind(route.security.as_str())
        .bind(route.mailbox.clone())
        .bind(sealed.password)
        .bind(sealed.secret)
        .bind(route.ca_pem.clone().unwrap_or_default())
        .bind(folder.map_or_else(String::new, |path| path.to_string_lossy().into_owned()))
        .bind(details(route))
        .bind(i64::from(route.pace.connections))
        .bind(i64::from(route.pace.per_minute.unwrap_or(0)))
        .bind(i64::from(route.pace.recipients_per_day.unwrap_or(0)))
}

fn details(route: &Route) -> String {
    let access = route.oauth.as_ref().map(|oauth| Access {
        cloud: oauth.cloud.to_string(),
        tenant: oauth.tenant.to_string(),
        client_id: oauth.client_id.clone(),
        grant: oauth.grant.as_str().to_owned(),
        expires_at: oauth.grant.expires_at(),
        authority: oauth.authority.clone(),
        scope: oauth.scope.clone(),
    });
    let details = Details {
        mx_of: route.mx_of.as_ref().map(ToString::to_string),
        oauth: access,
        certificate: route.certificate().map(|it| it.chain_pem.clone()),
        handling: Manner {
            recipients: route.handling.recipients,
            keep_open_seconds: route.handling.keep_open.as_secs(),
            unknown_outcome: route.handling.unknown_outcome.to_string(),
        },
    };
    serde_json::to_string(&details).unwrap_or_default()
}

impl Store {
    /// Seals the secrets of a route.
    pub(super) fn seal_route(&self, route: &Route) -> Result<Sealed, StoreError> {
        let seal = |purpose, secret: Option<&Secret>| {
            secret
                .map(|secret| self.key().seal(route.account_id, purpose, secret))
                .transpose()
                .map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        let key = route.certificate().map(|certificate| &certificate.key);
        Ok(Sealed {
            password: seal(PASSWORD, route.password.as_ref())?,
            secret: seal(SECRET, route.client_secret().or(key))?,
        })
    }

    /// Reads the settings that both tables have. What the history lacks is as in a new route.
    pub(super) fn read_settings(
        &self,
        record: &Record<'_>,
        id: RouteId,
    ) -> Result<Route, StoreError> {
        let account: AccountId = record.id("account_id")?;
        let optional = |column| {
            record
                .text(column)
                .map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()))
        };
        let open = |column, purpose| {
            record
                .bytes_optional(column)?
                .map(|sealed| self.key().open(account, purpose, sealed))
                .transpose()
                .map_err(|error| record.corrupt(column, &error))
        };
        let kind = record.parse::<RouteKind>("kind")?;
        let mut route = Route {
            role: record.parse("role")?,
            server: record.text("server")?.to_owned(),
            port: record.number("port")?,
            security: record.parse::<Security>("security")?,
            mailbox: record.text("mailbox")?.to_owned(),
            password: open("password", PASSWORD)?,
            ca_pem: optional("ca_pem")?,
            folder: optional("folder")?.map(PathBuf::from),
            pace: Pace {
                connections: record.number("connections")?,
                per_minute: record.limit("per_minute")?,
                recipients_per_day: record.limit("recipients_per_day")?,
            },
            version: record.number("version")?,
            ..Route::new(id, account, kind)
        };
        if let Some(text) = optional("details")? {
            let details: Details =
                serde_json::from_str(&text).map_err(|error| record.corrupt("details", &error))?;
            let secret = open("secret", SECRET)?;
            details
                .apply(&mut route, secret)
                .map_err(|error| record.corrupt("details", &error))?;
        }
        Ok(route)
    }
}

impl Details {
    fn apply(self, route: &mut Route, secret: Option<Secret>) -> Result<(), String> {
        let certificate = self.certificate.map(|chain_pem| {
            let key = secret.clone().ok_or("a certificate without its key")?;
            Ok::<_, String>(ClientCertificate { chain_pem, key })
        });
        let certificate = certificate.transpose()?;
        route.mx_of = self.mx_of.as_deref().map(parsed).transpose()?;
        route.handling = Handling {
            recipients: self.handling.recipients,
            keep_open: Duration::from_secs(self.handling.keep_open_seconds),
            unknown_outcome: parsed(&self.handling.unknown_outcome)?,
        };
        match self.oauth {
            Some(access) => route.oauth = Some(access.open(certificate, secret)?),
            None => route.client_certificate = certificate,
        }
        Ok(())
    }
}

impl Access {
    fn open(
        self,
        certificate: Option<ClientCertificate>,
        secret: Option<Secret>,
    ) -> Result<OAuth, String> {
        let grant = match (self.grant.as_str(), certificate, secret) {
            ("client-secret", None, Some(secret)) => Grant::ClientSecret {
                secret,
                expires_at: self.expires_at,
            },
            ("certificate", Some(certificate), _) => Grant::Certificate(certificate),
            ("device-code", None, _) => Grant::DeviceCode,
            (other, ..) => return Err(format!("the grant {other} lacks its secret")),
        };
        Ok(OAuth {
            cloud: parsed(&self.cloud)?,
            tenant: parsed(&self.tenant)?,
            client_id: self.client_id,
            grant,
            authority: self.authority,
            scope: self.scope,
        })
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}
