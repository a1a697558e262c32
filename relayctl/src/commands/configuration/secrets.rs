//! Secrets of routes: not in the file, but in files of their own, on stdin or in the environment.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{RouteGrant, RouteKind, RouteSettings};
use secrecy::{ExposeSecret as _, SecretString};

use crate::commands::route::{certificate_file, key_file};
use crate::environment::Environment;
use crate::error::Failure;
use crate::password::{from_file, from_stdin};

/// Where the secrets of a route are.
#[derive(Debug, Default)]
pub(super) struct SecretFiles {
    pub(super) password: Option<PathBuf>,
    pub(super) client_secret: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// The flags. What is not given stays what it is in relayd.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Secrets of routes")]
pub(super) struct SecretFlags {
    /// Read the password of the route's mailbox from this file [env: RELAYCTL_ROUTE_PASSWORD]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Read it from stdin
    #[arg(long, conflicts_with_all = ["password_file", "client_secret_stdin"])]
    password_stdin: bool,
    /// Read the client secret of the route from this file [env: RELAYCTL_CLIENT_SECRET]
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// Read it from stdin
    #[arg(long, conflicts_with = "client_secret_file")]
    client_secret_stdin: bool,
    /// Certificate of the route with its chain (PEM); `none` drops that of a connector
    #[arg(long, value_name = "FILE|none")]
    certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM); may stand in the file of the certificate
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The same for the fallback
    #[arg(long, value_name = "FILE")]
    fallback_password_file: Option<PathBuf>,
    /// The same for the fallback
    #[arg(long, value_name = "FILE")]
    fallback_client_secret_file: Option<PathBuf>,
    /// The same for the fallback
    #[arg(long, value_name = "FILE|none")]
    fallback_certificate: Option<PathBuf>,
    /// The same for the fallback
    #[arg(long, value_name = "FILE")]
    fallback_key: Option<PathBuf>,
}

impl SecretFlags {
    /// Whether stdin is taken.
    pub(super) const fn takes_stdin(&self) -> bool {
        self.password_stdin || self.client_secret_stdin
    }

    /// Puts the secrets into the routes. Flags win over what the file names.
    pub(super) fn fill(
        self,
        environment: &Environment,
        (route, files): (Option<&mut RouteSettings>, SecretFiles),
        (fallback, of_fallback): (Option<&mut RouteSettings>, SecretFiles),
    ) -> Result<(), Failure> {
        let first = SecretFiles {
            password: self.password_file.or(files.password),
            client_secret: self.client_secret_file.or(files.client_secret),
            certificate: self.certificate.or(files.certificate),
            key: self.key.or(files.key),
        };
        let second = SecretFiles {
            password: self.fallback_password_file.or(of_fallback.password),
            client_secret: self
                .fallback_client_secret_file
                .or(of_fallback.client_secret),
            certificate: self.fallback_certificate.or(of_fallback.certificate),
            key: self.fallback_key.or(of_fallback.key),
        };
        let is_given = self.password_stdin || self.client_secret_stdin || !first.is_empty();
        match (route, is_given) {
            (None, true) => return Err(no_route("route")),
            (None, false) => {}
            (Some(route), _) => {
                if self.password_stdin {
                    route.password = Some(exposed(&from_stdin("password")?));
                } else if first.password.is_none() && takes_password(route) {
                    let name = "RELAYCTL_ROUTE_PASSWORD";
                    route.password = environment.text(name).map(str::to_owned);
                }
                if self.client_secret_stdin {
                    route.client_secret = Some(exposed(&from_stdin("client secret")?));
                } else if first.client_secret.is_none() && takes_client_secret(route) {
                    let name = "RELAYCTL_CLIENT_SECRET";
                    route.client_secret = environment.text(name).map(str::to_owned);
                }
                first.fill(route)?;
            }
        }
        match fallback {
            None if !second.is_empty() => Err(no_route("fallback")),
            None => Ok(()),
            Some(route) => second.fill(route),
        }
    }
}

impl SecretFiles {
    const fn is_empty(&self) -> bool {
        self.password.is_none()
            && self.client_secret.is_none()
            && self.certificate.is_none()
            && self.key.is_none()
    }

    fn fill(self, route: &mut RouteSettings) -> Result<(), Failure> {
        if let Some(path) = &self.password {
            route.password = Some(exposed(&from_file(path, "password")?));
        }
        if let Some(path) = &self.client_secret {
            route.client_secret = Some(exposed(&from_file(path, "client secret")?));
        }
        if let Some(path) = &self.certificate {
            let (chain, within) = certificate_file(path)?;
            route.certificate_pem = Some(chain);
            route.key_pem = within.as_ref().map(exposed);
        }
        if let Some(path) = &self.key {
            route.key_pem = Some(exposed(&key_file(path)?));
        }
        Ok(())
    }
}

fn takes_password(route: &RouteSettings) -> bool {
    let kinds = [RouteKind::SmtpAuth, RouteKind::Smarthost];
    kinds.contains(&route.kind) && route.mailbox.is_some()
}

fn takes_client_secret(route: &RouteSettings) -> bool {
    let kinds = [RouteKind::SmtpOauth, RouteKind::Graph];
    kinds.contains(&route.kind) && matches!(route.grant, None | Some(RouteGrant::ClientSecret))
}

fn exposed(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}

fn no_route(table: &str) -> Failure {
    Failure::usage(format!(
        "a secret is given, and the file has no table [{table}] that it is for"
    ))
    .hint(format!("add [{table}], or leave the flag out"))
}
