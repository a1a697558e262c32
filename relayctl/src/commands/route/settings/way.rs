//! Where a route leads to, and as whom.

use relay_proto::{Route, RouteKind, RouteSecurity};
use secrecy::SecretString;

use super::Settings;
use crate::error::Failure;
use crate::prompt::{Form, check};

/// Asked of a server that may want nobody to sign in.
pub(crate) const USER_NAME: &str = "User name (empty for none)";

#[derive(Debug, Default)]
pub(super) struct Way {
    pub(super) server: Option<String>,
    pub(super) mx_of: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) security: Option<RouteSecurity>,
    pub(super) mailbox: Option<String>,
    pub(super) folder: Option<String>,
    /// The server takes nobody without a password.
    pub(super) takes_nobody_else: bool,
}

impl Way {
    /// A stored secret stays only with the server and mailbox that it belongs to.
    pub(super) fn is_that_of(&self, route: &Route) -> bool {
        let server = self.server.as_deref().unwrap_or_default();
        server.eq_ignore_ascii_case(&route.server)
            && self.mx_of == route.mx_of
            && self.mailbox.as_deref().unwrap_or_default() == route.mailbox
            && self.port == Some(route.port)
            && self.security == Some(route.security)
    }
}

impl Settings {
    pub(super) fn way(
        &self,
        form: &mut Form<'_>,
        kind: RouteKind,
        current: Option<&Route>,
    ) -> Result<Way, Failure> {
        // Another cloud or preset has another server.
        let moves = self.cloud.is_some() || self.preset.is_some() || self.mx_of.is_some();
        let place = current.filter(|_| !moves);
        let kept = |route: Option<&Route>, text: fn(&Route) -> &str| {
            route
                .map(|route| text(route).to_owned())
                .filter(|text| !text.is_empty())
        };
        let server = self.server.clone().or_else(|| kept(place, |it| &it.server));
        let mailbox = self.mailbox.clone();
        let mailbox = mailbox.or_else(|| kept(current, |it| &it.mailbox));
        let security = self.security.or_else(|| place.map(|route| route.security));
        // Another encryption usually has another port.
        let same_security = place.filter(|route| Some(route.security) == security);
        let port = self.port.or_else(|| same_security.map(|route| route.port));
        let way = Way {
            port,
            security,
            ..Way::default()
        };
        Ok(match kind {
            RouteKind::SmtpAuth | RouteKind::SmtpOauth | RouteKind::Graph => {
                let question = match kind {
                    RouteKind::Graph => "Mailbox to send from",
                    _ => "Mailbox to sign in with",
                };
                let mailbox = form.required("--mailbox", question, mailbox, check::address)?;
                Way {
                    server,
                    mailbox: Some(mailbox).filter(|name| !name.is_empty()),
                    ..way
                }
            }
            RouteKind::Connector => self.connector(form, server, way, place)?,
            RouteKind::Smarthost => {
                let server = if self.preset.is_some() {
                    server
                } else {
                    Some(form.required("--server", "Mail server", server, check::anything)?)
                };
                let way = if self.preset.is_none() && current.is_none() {
                    by_question(form, way)?
                } else {
                    way
                };
                // A route that signs in nowhere keeps to that.
                let mailbox = match current {
                    Some(_) => mailbox.unwrap_or_default(),
                    None if self.preset.is_some() => {
                        form.required("--mailbox", "User name", mailbox, check::anything)?
                    }
                    None => form.optional(USER_NAME, mailbox)?,
                };
                Way {
                    server,
                    mailbox: Some(mailbox).filter(|name| !name.is_empty()),
                    takes_nobody_else: self.preset.is_some(),
                    ..way
                }
            }
            RouteKind::Capture => {
                let folder = self.folder.clone();
                // Without one, relayd keeps the mail in a folder of its own.
                Way {
                    folder: folder.or_else(|| current.and_then(|route| route.folder.clone())),
                    ..Way::default()
                }
            }
        })
    }

    /// A server by its name, or by the tenant's domain, which is asked for.
    fn connector(
        &self,
        form: &mut Form<'_>,
        server: Option<String>,
        way: Way,
        place: Option<&Route>,
    ) -> Result<Way, Failure> {
        let kept = place.filter(|_| self.server.is_none());
        let mx_of = self.mx_of.clone();
        let mx_of = mx_of.or_else(|| kept.and_then(|route| route.mx_of.clone()));
        let mx_of = match (&server, mx_of) {
            (Some(_), None) => None,
            (_, mx_of) => Some(form.required(
                "--mx-of (or --server)",
                "Domain of the tenant, whose MX is looked up",
                mx_of,
                check::anything,
            )?),
        };
        let server = server.filter(|_| mx_of.is_none());
        // It signs in as nobody: what was given is for relayd to refuse.
        let mailbox = self.mailbox.clone();
        Ok(Way {
            server,
            mx_of,
            mailbox,
            ..way
        })
    }
}

/// Encryption and port of a server that nobody knows yet, where a person is asked for all.
fn by_question(form: &mut Form<'_>, way: Way) -> Result<Way, Failure> {
    if !form.is_thorough() {
        return Ok(way);
    }
    let kinds = [
        (RouteSecurity::StartTls, "STARTTLS, mostly port 587", "587"),
        (
            RouteSecurity::Implicit,
            "TLS from the start, port 465",
            "465",
        ),
        (RouteSecurity::None, "none: a server on the relay", "25"),
    ];
    let items = kinds.map(|(_, item, _)| item.to_owned());
    let chosen = match way.security {
        Some(security) => kinds.iter().position(|(kind, _, _)| *kind == security),
        None => Some(form.choice("--security", "Encryption", &items, Some(0))?),
    };
    let (security, usual) = chosen
        .and_then(|chosen| kinds.get(chosen))
        .map_or((RouteSecurity::StartTls, "587"), |it| (it.0, it.2));
    let port = if let Some(port) = way.port {
        port
    } else {
        if form.suggestion("--port").is_none() {
            form.suggest("--port", usual);
        }
        let text = form.required("--port", "Port", None, check::port)?;
        text.trim().parse().unwrap_or_default()
    };
    Ok(Way {
        port: Some(port),
        security: Some(security),
        ..way
    })
}

/// The password to send; none where the stored one stays, or none is needed.
pub(super) fn password_for(
    form: &mut Form<'_>,
    kind: RouteKind,
    (way, current): (&Way, Option<&Route>),
    given: Option<SecretString>,
) -> Result<Option<SecretString>, Failure> {
    if given.is_some() {
        return Ok(given);
    }
    let signs_in = match kind {
        RouteKind::SmtpAuth => true,
        RouteKind::Smarthost => way.mailbox.is_some() || way.takes_nobody_else,
        _ => false,
    };
    let stored = current.filter(|route| route.has_password);
    if !signs_in || stored.is_some_and(|route| way.is_that_of(route)) {
        return Ok(None);
    }
    let question = if stored.is_some() {
        form.because(
            "the stored password stays only with its server, port, encryption and mailbox",
        );
        "Password of the mailbox (the stored one was for other settings)"
    } else {
        "Password of the mailbox"
    };
    form.secret("--password-file (or --password-stdin)", question)
}
