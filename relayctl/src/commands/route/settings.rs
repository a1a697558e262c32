//! The fields of a route, as flags and prompts; shared by `route set` and `account create`.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::{Path, PathBuf};

use relay_proto::{Route, RouteKind, RouteSecurity, RouteSettings};
use secrecy::{ExposeSecret as _, SecretString};

use crate::args::words;
use crate::commands::account::RouteFile;
use crate::error::Failure;
use crate::password;
use crate::prompt::{Form, check};

/// What is not given keeps its value if the kind stays, and else takes the default of the kind.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Route")]
pub(crate) struct Settings {
    /// Host name of the server [default for smtp-auth: smtp.office365.com]
    #[arg(long, value_name = "HOST", env = "RELAYCTL_SERVER", hide_env = true)]
    server: Option<String>,
    /// Port of the server [default: 587, or 465 with implicit TLS]
    #[arg(long, value_name = "PORT", env = "RELAYCTL_PORT", hide_env = true)]
    port: Option<u16>,
    /// How the connection is encrypted [default: starttls]
    #[arg(long, value_name = "HOW", value_parser = words!(RouteSecurity), env = "RELAYCTL_SECURITY", hide_env = true)]
    security: Option<RouteSecurity>,
    /// User name to sign in with: for Exchange Online the address of the mailbox
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
    #[arg(skip = password_from_environment())]
    password: Option<SecretString>,
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
    /// Connections at a time [default: 3 for smtp-auth, 10 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_CONNECTIONS", hide_env = true)]
    connections: Option<u32>,
    /// Messages in any minute, 0 for no limit [default: 30 for smtp-auth, 0 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_PER_MINUTE", hide_env = true)]
    per_minute: Option<u32>,
    /// Recipients in any 24 hours, 0 for no limit [default: 10000 for smtp-auth, 0 else]
    #[arg(long, value_name = "N", env = "RELAYCTL_PER_DAY", hide_env = true)]
    per_day: Option<u32>,
}

/// Not a clap argument, so that it never shows in help, completion or a process list.
fn password_from_environment() -> Option<SecretString> {
    std::env::var("RELAYCTL_ROUTE_PASSWORD")
        .ok()
        .filter(|text| !text.is_empty())
        .map(SecretString::from)
}

impl Settings {
    /// What was not given is taken from a file.
    pub(crate) fn or(self, file: RouteFile) -> Self {
        let is_given =
            self.password_stdin || self.password_file.is_some() || self.password.is_some();
        Self {
            server: self.server.or(file.server),
            port: self.port.or(file.port),
            security: self.security.or(file.security),
            mailbox: self.mailbox.or(file.mailbox),
            password_stdin: self.password_stdin,
            password_file: self
                .password_file
                .or_else(|| file.password_file.filter(|_| !is_given)),
            password: self.password,
            server_ca: self.server_ca.or(file.server_ca),
            folder: self.folder.or(file.folder),
            connections: self.connections.or(file.connections),
            per_minute: self.per_minute.or(file.per_minute),
            per_day: self.per_day.or(file.per_day),
        }
    }

    /// Whether a field was given that only makes sense with a route.
    pub(crate) fn is_given(&self) -> bool {
        self.mailbox.is_some()
            || self.server.is_some()
            || self.password_stdin
            || self.password_file.is_some()
    }

    /// Whether no field was given at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_given()
            && self.password.is_none()
            && self.port.is_none()
            && self.security.is_none()
            && self.server_ca.is_none()
            && self.folder.is_none()
            && self.connections.is_none()
            && self.per_minute.is_none()
            && self.per_day.is_none()
    }

    /// The whole settings: flags first, then what the route has, then prompts.
    pub(crate) fn fill(
        self,
        form: &mut Form<'_>,
        kind: RouteKind,
        current: Option<&Route>,
    ) -> Result<RouteSettings, Failure> {
        let current = current.filter(|route| route.kind == kind);
        let given = self.given_password()?;
        let way = self.way(form, kind, current)?;
        let signs_in = kind == RouteKind::SmtpAuth || way.mailbox.is_some();
        let password = match given {
            Some(password) => Some(password),
            None if !signs_in || way.keeps_password(current) => None,
            None => {
                let is_stored = current.is_some_and(|route| route.has_password);
                if is_stored {
                    form.because(
                        "the stored password stays only with its server, port, encryption and mailbox",
                    );
                }
                let question = if is_stored {
                    "Password of the mailbox (the stored one was for other settings)"
                } else {
                    "Password of the mailbox"
                };
                form.secret("--password-file (or --password-stdin)", question)?
            }
        };
        let kept = |value: fn(&Route) -> u32| current.map(value);
        Ok(RouteSettings {
            kind,
            server: way.server,
            port: way.port,
            security: way.security,
            mailbox: way.mailbox,
            password: password.map(|password| password.expose_secret().to_owned()),
            ca_pem: self.server_ca.map(|path| authority(&path)).transpose()?,
            folder: way.folder,
            connections: self.connections.or_else(|| kept(|route| route.connections)),
            per_minute: self
                .per_minute
                .or_else(|| kept(|route| route.per_minute.unwrap_or(0))),
            recipients_per_day: self
                .per_day
                .or_else(|| kept(|route| route.recipients_per_day.unwrap_or(0))),
            dry_run: false,
        })
    }

    fn way(
        &self,
        form: &mut Form<'_>,
        kind: RouteKind,
        current: Option<&Route>,
    ) -> Result<Way, Failure> {
        let kept = |text: fn(&Route) -> &str| {
            current
                .map(|route| text(route).to_owned())
                .filter(|text| !text.is_empty())
        };
        let server = self.server.clone().or_else(|| kept(|route| &route.server));
        let mailbox = self
            .mailbox
            .clone()
            .or_else(|| kept(|route| &route.mailbox));
        let security = self
            .security
            .or_else(|| current.map(|route| route.security));
        // Another encryption usually has another port.
        let same_security = current.filter(|route| Some(route.security) == security);
        let port = self.port.or_else(|| same_security.map(|route| route.port));
        let (server, mailbox) = match kind {
            RouteKind::SmtpAuth
            | RouteKind::SmtpOauth
            | RouteKind::Connector
            | RouteKind::Graph => {
                let mailbox = form.required(
                    "--mailbox",
                    "Mailbox to sign in with",
                    mailbox,
                    check::address,
                )?;
                (server, mailbox)
            }
            RouteKind::Smarthost => {
                let server = form.required("--server", "Mail server", server, check::anything)?;
                // A route that signs in nowhere keeps to that.
                let mailbox = match current {
                    Some(_) => mailbox.unwrap_or_default(),
                    None => form.optional("User name (empty for none)", mailbox)?,
                };
                (Some(server), mailbox)
            }
            RouteKind::Capture => {
                let folder = self
                    .folder
                    .clone()
                    .or_else(|| current.and_then(|route| route.folder.clone()));
                // Without one, relayd keeps the mail in a folder of its own.
                return Ok(Way {
                    folder,
                    ..Way::default()
                });
            }
        };
        let mailbox = Some(mailbox).filter(|name| !name.is_empty());
        Ok(Way {
            server,
            port,
            security,
            mailbox,
            folder: None,
        })
    }

    fn given_password(&self) -> Result<Option<SecretString>, Failure> {
        if self.password_stdin {
            return password::from_stdin().map(Some);
        }
        match &self.password_file {
            Some(path) => password::from_file(path, "password").map(Some),
            None => Ok(self.password.clone()),
        }
    }
}

/// Where a route leads to, and as whom.
#[derive(Debug, Default)]
struct Way {
    server: Option<String>,
    port: Option<u16>,
    security: Option<RouteSecurity>,
    mailbox: Option<String>,
    folder: Option<String>,
}

impl Way {
    /// A stored password stays only with the server and mailbox that it belongs to.
    fn keeps_password(&self, current: Option<&Route>) -> bool {
        current.is_some_and(|route| {
            route.has_password
                && self
                    .server
                    .as_ref()
                    .is_some_and(|server| server.eq_ignore_ascii_case(&route.server))
                && self.mailbox.as_ref() == Some(&route.mailbox)
                && self.port == Some(route.port)
                && self.security == Some(route.security)
        })
    }
}

/// The certificates to send; none at all makes relayd drop those it has.
fn authority(path: &Path) -> Result<String, Failure> {
    if path == Path::new("system") {
        return Ok(String::new());
    }
    std::fs::read_to_string(path)
        .map_err(|error| Failure::unreadable(format!("cannot read {}", path.display()), &error))
}
