//! The fields of a route, as flags and prompts; shared by `route set`, `route authorize` and
//! `account create`.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

mod access;
mod secrets;
mod way;

pub(crate) use self::access::SECRET_END;
pub(in crate::commands) use self::secrets::{certificate as certificate_file, key as key_file};
pub(crate) use self::way::USER_NAME;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use relay_proto::{
    Cloud, Route, RouteKind, RoutePreset, RouteSecurity, RouteSettings, UnknownOutcome,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::args::words;
use crate::commands::account::RouteFile;
use crate::error::Failure;
use crate::prompt::Form;
use crate::time::{parse_date, parse_duration};

/// What is not given keeps its value if the kind stays, and else takes the default of the kind.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Route")]
pub(crate) struct Settings {
    /// Host, port and limits of a known smarthost: Azure Communication Services, High Volume Email
    #[arg(long, value_name = "PRESET", value_parser = words!(RoutePreset), env = "RELAYCTL_PRESET", hide_env = true)]
    preset: Option<RoutePreset>,
    /// Host name of the server [default: that of the cloud, for Exchange Online and Graph]
    #[arg(long, value_name = "HOST", env = "RELAYCTL_SERVER", hide_env = true)]
    server: Option<String>,
    /// Domain of the tenant whose MX is the server of a connector
    #[arg(
        long,
        value_name = "DOMAIN",
        conflicts_with = "server",
        env = "RELAYCTL_MX_OF",
        hide_env = true
    )]
    mx_of: Option<String>,
    /// Port of the server [default: 587, or 465 with implicit TLS; connector 25, graph 443]
    #[arg(long, value_name = "PORT", env = "RELAYCTL_PORT", hide_env = true)]
    port: Option<u16>,
    /// How the connection is encrypted [default: starttls, graph implicit]
    #[arg(long, value_name = "HOW", value_parser = words!(RouteSecurity), env = "RELAYCTL_SECURITY", hide_env = true)]
    security: Option<RouteSecurity>,
    /// User name to sign in with: for Exchange Online and Graph the address of the mailbox
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "RELAYCTL_MAILBOX",
        hide_env = true
    )]
    mailbox: Option<String>,
    /// Read the mailbox's password from stdin [env: RELAYCTL_ROUTE_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the mailbox's password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The mailbox's password, from the environment only.
    #[arg(skip = secrets::from_environment("RELAYCTL_ROUTE_PASSWORD"))]
    password: Option<SecretString>,
    /// Cloud of the tenant [default: world]
    #[arg(long, value_name = "CLOUD", value_parser = words!(Cloud), env = "RELAYCTL_CLOUD", hide_env = true)]
    cloud: Option<Cloud>,
    /// Tenant, by its id or one of its domains
    #[arg(long, value_name = "TENANT", env = "RELAYCTL_TENANT", hide_env = true)]
    tenant: Option<String>,
    /// Application (client) id of the app registration, a GUID
    #[arg(long, value_name = "GUID", env = "RELAYCTL_CLIENT_ID", hide_env = true)]
    client_id: Option<String>,
    /// Read the client secret from stdin [env: RELAYCTL_CLIENT_SECRET]
    #[arg(long, conflicts_with_all = ["client_secret_file", "password_stdin"])]
    client_secret_stdin: bool,
    /// Read the client secret from this file
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// The client secret, from the environment only.
    #[arg(skip = secrets::from_environment("RELAYCTL_CLIENT_SECRET"))]
    client_secret: Option<SecretString>,
    /// Day on which the client secret ends: relayd warns 30, 7 and 1 days before
    #[arg(long, value_name = "DATE", value_parser = parse_date, env = "RELAYCTL_CLIENT_SECRET_EXPIRES", hide_env = true)]
    client_secret_expires: Option<Timestamp>,
    /// Certificate with its chain (PEM): to sign with, or what a connector shows to the server;
    /// `none` drops that of a connector
    #[arg(
        long,
        value_name = "FILE|none",
        env = "RELAYCTL_CERTIFICATE",
        hide_env = true
    )]
    certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM); may stand in the file of the certificate
    #[arg(long, value_name = "FILE", env = "RELAYCTL_KEY", hide_env = true)]
    key: Option<PathBuf>,
    /// A person signs in once, by a code, instead of a secret: see relayctl route authorize
    #[arg(long, conflicts_with_all = ["client_secret_file", "client_secret_stdin", "certificate"])]
    device_code: bool,
    /// Base of the token endpoints instead of the cloud's, with https
    #[arg(long, value_name = "URL", env = "RELAYCTL_AUTHORITY", hide_env = true)]
    authority: Option<String>,
    /// Scope to ask for instead of the one that the kind needs
    #[arg(long, value_name = "SCOPE", env = "RELAYCTL_SCOPE", hide_env = true)]
    scope: Option<String>,
    /// Trust the certificates of this PEM file for the server, instead of the relayd machine's;
    /// `system` goes back to those of the machine
    #[arg(
        long,
        value_name = "FILE|system",
        env = "RELAYCTL_SERVER_CA",
        hide_env = true
    )]
    server_ca: Option<PathBuf>,
    /// Folder on the relayd machine that a capture route writes to
    #[arg(long, value_name = "PATH", env = "RELAYCTL_FOLDER", hide_env = true)]
    folder: Option<String>,
    /// Connections at a time [default: 3 for a mailbox, 4 for graph, 10 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_CONNECTIONS", hide_env = true)]
    connections: Option<u32>,
    /// Messages in any minute, 0 for no limit [default: 30 for a mailbox, 0 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_PER_MINUTE", hide_env = true)]
    per_minute: Option<u32>,
    /// Recipients in any 24 hours, 0 for no limit [default: 10000 for a mailbox, 0 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_PER_DAY", hide_env = true)]
    per_day: Option<u32>,
    /// Recipients in one transaction; mail with more is handed over in several
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_RECIPIENTS_PER_MAIL",
        hide_env = true
    )]
    recipients_per_mail: Option<u32>,
    /// How long a connection without work is kept, such as 30s [default: 5s]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, env = "RELAYCTL_KEEP_OPEN", hide_env = true)]
    keep_open: Option<std::time::Duration>,
    /// What becomes of a mail of which nobody can tell whether it was taken [default: retry,
    /// graph hold]
    #[arg(long, value_name = "WHAT", value_parser = words!(UnknownOutcome), env = "RELAYCTL_UNKNOWN_OUTCOME", hide_env = true)]
    unknown_outcome: Option<UnknownOutcome>,
}

impl Settings {
    /// What was not given is taken from a file.
    pub(crate) fn or(self, file: RouteFile) -> Self {
        let has_password =
            self.password_stdin || self.password_file.is_some() || self.password.is_some();
        let has_secret = self.client_secret_stdin
            || self.client_secret_file.is_some()
            || self.client_secret.is_some();
        Self {
            preset: self.preset.or(file.preset),
            server: self.server.or(file.server),
            mx_of: self.mx_of.or(file.mx_of),
            port: self.port.or(file.port),
            security: self.security.or(file.security),
            mailbox: self.mailbox.or(file.mailbox),
            password_file: self
                .password_file
                .or_else(|| file.password_file.filter(|_| !has_password)),
            cloud: self.cloud.or(file.cloud),
            tenant: self.tenant.or(file.tenant),
            client_id: self.client_id.or(file.client_id),
            client_secret_file: self
                .client_secret_file
                .or_else(|| file.client_secret_file.filter(|_| !has_secret)),
            client_secret_expires: self.client_secret_expires.or(file.client_secret_expires),
            certificate: self.certificate.or(file.certificate),
            key: self.key.or(file.key),
            authority: self.authority.or(file.authority),
            scope: self.scope.or(file.scope),
            server_ca: self.server_ca.or(file.server_ca),
            folder: self.folder.or(file.folder),
            connections: self.connections.or(file.connections),
            per_minute: self.per_minute.or(file.per_minute),
            per_day: self.per_day.or(file.per_day),
            recipients_per_mail: self.recipients_per_mail.or(file.recipients_per_mail),
            keep_open: self.keep_open.or(file.keep_open),
            unknown_outcome: self.unknown_outcome.or(file.unknown_outcome),
            ..self
        }
    }

    /// Whether a field was given that only makes sense with a route.
    pub(crate) fn is_given(&self) -> bool {
        self.mailbox.is_some()
            || self.server.is_some()
            || self.password_stdin
            || self.password_file.is_some()
            || self.preset.is_some()
            || self.mx_of.is_some()
            || self.tenant.is_some()
            || self.client_id.is_some()
            || self.client_secret_stdin
            || self.client_secret_file.is_some()
            || self.certificate.is_some()
    }

    /// Whether no field was given at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_given()
            && self.password.is_none()
            && self.client_secret.is_none()
            && self.client_secret_expires.is_none()
            && self.key.is_none()
            && self.cloud.is_none()
            && self.authority.is_none()
            && self.scope.is_none()
            && self.port.is_none()
            && self.security.is_none()
            && self.server_ca.is_none()
            && self.folder.is_none()
            && self.connections.is_none()
            && self.per_minute.is_none()
            && self.per_day.is_none()
            && self.recipients_per_mail.is_none()
            && self.keep_open.is_none()
            && self.unknown_outcome.is_none()
    }

    /// The kind that the fields alone tell, where no kind was named.
    pub(crate) fn meant_kind(&self) -> RouteKind {
        if self.preset.is_some() {
            RouteKind::Smarthost
        } else if self.mx_of.is_some() {
            RouteKind::Connector
        } else if self.client_id.is_some() || self.tenant.is_some() {
            RouteKind::SmtpOauth
        } else {
            RouteKind::SmtpAuth
        }
    }

    /// Whether a person is to sign in.
    pub(crate) const fn is_device_code(&self) -> bool {
        self.device_code
    }

    /// What the environment gives, as for `route set`.
    pub(crate) fn of_environment() -> Result<Self, Failure> {
        use clap::{Args as _, FromArgMatches as _};
        let command = Self::augment_args(clap::Command::new("relayctl"));
        let read = command.try_get_matches_from(["relayctl"]);
        read.and_then(|matches| Self::from_arg_matches(&matches))
            .map_err(|error| {
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                Failure::usage(first.trim_start_matches("error: "))
            })
    }

    /// The certificates of a file, and the key where it stands there, too.
    pub(crate) fn certificate_in(path: &Path) -> Result<(String, Option<SecretString>), Failure> {
        secrets::certificate(path)
    }

    /// The private key of a file.
    pub(crate) fn key_in(path: &Path) -> Result<SecretString, Failure> {
        secrets::key(path)
    }

    /// The certificates of a file, to trust.
    pub(crate) fn authority_in(path: &Path) -> Result<String, Failure> {
        secrets::authority(path)
    }

    /// The same, for a smarthost that is known.
    pub(crate) fn of_preset(self, preset: Option<RoutePreset>) -> Self {
        Self {
            preset: preset.or(self.preset),
            ..self
        }
    }

    /// The same, so that a person signs in.
    pub(crate) fn by_device_code(self) -> Self {
        Self {
            device_code: true,
            ..self
        }
    }

    /// The same without what a kind has no use for: variables are set before anybody has chosen.
    pub(crate) fn fitting(self, kind: RouteKind) -> Self {
        use RouteKind::{Capture, Connector, Graph, Smarthost, SmtpAuth, SmtpOauth};
        let is_app = matches!(kind, SmtpOauth | Graph) && !self.device_code;
        let takes = |kinds: &[RouteKind]| kinds.contains(&kind);
        let (oauth, signs) = (takes(&[SmtpOauth, Graph]), is_app || takes(&[Connector]));
        let signs_in = !takes(&[Connector, Capture]);
        // A certificate says itself when it ends.
        let has_end = is_app && self.certificate.is_none();
        // Elsewhere there is one way only, or none.
        let encrypts = |how: &RouteSecurity| match kind {
            Smarthost => true,
            SmtpAuth | SmtpOauth => *how != RouteSecurity::None,
            Connector | Graph | Capture => false,
        };
        Self {
            preset: self.preset.filter(|_| takes(&[Smarthost])),
            mx_of: self.mx_of.filter(|_| takes(&[Connector])),
            security: self.security.filter(encrypts),
            mailbox: self.mailbox.filter(|_| signs_in),
            password: self.password.filter(|_| takes(&[SmtpAuth, Smarthost])),
            cloud: self.cloud.filter(|_| oauth || takes(&[SmtpAuth])),
            tenant: self.tenant.filter(|_| oauth),
            client_id: self.client_id.filter(|_| oauth),
            authority: self.authority.filter(|_| oauth),
            scope: self.scope.filter(|_| oauth),
            client_secret: self.client_secret.filter(|_| is_app),
            client_secret_expires: self.client_secret_expires.filter(|_| has_end),
            certificate: self.certificate.filter(|_| signs),
            key: self.key.filter(|_| signs),
            ..self
        }
    }

    /// The whole settings: flags first, then what the route has, then prompts.
    pub(crate) fn fill(
        self,
        form: &mut Form<'_>,
        kind: RouteKind,
        current: Option<&Route>,
    ) -> Result<RouteSettings, Failure> {
        let current = current.filter(|route| route.kind == kind);
        let given_password = self.given_password()?;
        let given_secret = self.given_client_secret()?;
        let way = self.way(form, kind, current)?;
        let access = self.access(form, kind, current)?;
        let password = way::password_for(form, kind, (&way, current), given_password)?;
        let proof = self.proof(form, kind, (&way, &access, current), given_secret)?;
        // A preset brings limits of its own.
        let current = current.filter(|_| self.preset.is_none());
        let kept = |value: fn(&Route) -> u32| current.map(value);
        Ok(RouteSettings {
            preset: self.preset,
            server: way.server,
            mx_of: way.mx_of,
            port: way.port,
            security: way.security,
            mailbox: way.mailbox,
            password: password.map(|it| it.expose_secret().to_owned()),
            cloud: access.cloud,
            tenant: access.tenant,
            client_id: access.client_id,
            grant: proof.grant,
            client_secret: proof.secret.map(|it| it.expose_secret().to_owned()),
            client_secret_expires_at: proof.expires_at,
            certificate_pem: proof.certificate,
            key_pem: proof.key.map(|it| it.expose_secret().to_owned()),
            authority: access.authority,
            scope: access.scope,
            ca_pem: self
                .server_ca
                .as_deref()
                .map(secrets::authority)
                .transpose()?,
            folder: way.folder,
            connections: self.connections.or_else(|| kept(|route| route.connections)),
            per_minute: self
                .per_minute
                .or_else(|| kept(|route| route.per_minute.unwrap_or(0))),
            recipients_per_day: self
                .per_day
                .or_else(|| kept(|route| route.recipients_per_day.unwrap_or(0))),
            // An older relayd knows none of these.
            recipients_per_mail: self
                .recipients_per_mail
                .or_else(|| kept(|route| route.recipients_per_mail).filter(|kept| *kept > 0)),
            keep_open: self.keep_open.map(|it| it.as_secs()).or_else(|| {
                let known = current.filter(|route| route.recipients_per_mail > 0);
                known.map(|route| route.keep_open)
            }),
            unknown_outcome: self.unknown_outcome.or_else(|| {
                let known = current.filter(|route| route.recipients_per_mail > 0);
                known.map(|route| route.unknown_outcome)
            }),
            ..RouteSettings::new(kind)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encryption_fits_where_the_kind_leaves_a_choice() {
        use RouteSecurity::{Implicit, None, StartTls};
        for (kind, fits) in [
            (RouteKind::Smarthost, vec![StartTls, Implicit, None]),
            (RouteKind::SmtpAuth, vec![StartTls, Implicit]),
            (RouteKind::SmtpOauth, vec![StartTls, Implicit]),
            (RouteKind::Graph, vec![]),
            (RouteKind::Connector, vec![]),
        ] {
            let kept = [StartTls, Implicit, None].into_iter().filter_map(|how| {
                let settings = Settings {
                    security: Some(how),
                    ..Settings::default()
                };
                settings.fitting(kind).security
            });
            assert_eq!(kept.collect::<Vec<_>>(), fits, "{kind}");
        }
    }
}
