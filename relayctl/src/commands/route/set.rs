//! `relayctl route set`

use relay_proto::{
    AccountPath, Nothing, Route, RouteChange, RouteKind, RouteSettings, SetRoute, ShowRoute,
};

use super::Settings;
use crate::args::words;
use crate::client::Answer;
use crate::commands::account::tell_next;
use crate::commands::steps;
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::prompt::Form;
use crate::session::Session;

/// Set the route of an account: check the new settings against the server, then swap them in
///
/// When the check fails, the route stays as it is and relayctl ends with code 9. What is not given
/// keeps its value as long as the kind stays, except the password: it belongs to server, port,
/// encryption and mailbox, and is to be given again when one of them changes. Changing a route
/// affects live mail: it asks for confirmation, or takes --yes; setting the first one does not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl route set --kind smtp-auth --mailbox relay@acme.example --password-file relay.pw
  relayctl route set --kind smarthost --server mail.example.net --port 465 --security implicit
  relayctl route set --kind capture
  relayctl route set --password-stdin --dry-run < new.pw")]
pub(crate) struct Args {
    /// What kind of way [default: the kind it has]
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE_KIND", hide_env = true)]
    kind: Option<RouteKind>,
    #[command(flatten)]
    settings: Settings,
    /// Check only; change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let is_named = self.kind.is_some() || !self.settings.is_empty();
        let current = current(session, &account)?;
        let route = current.as_ref().map(|answer| &answer.value);
        if let (Some(route), false) = (route, is_named) {
            return Err(nothing_to_change(&account, route));
        }
        let mut form = Form::new(&session.prompts);
        let kind = if let Some(kind) = self.kind.or(route.map(|route| route.kind)) {
            kind
        } else {
            let kinds: Vec<_> = RouteKind::ALL.iter().map(ToString::to_string).collect();
            let chosen = form.choice("--kind", "Kind of route", &kinds, None)?;
            RouteKind::ALL
                .get(chosen)
                .copied()
                .unwrap_or(RouteKind::SmtpAuth)
        };
        let mut settings = self.settings.fill(&mut form, kind, route)?;
        settings.dry_run = self.dry_run;
        form.finish("relayctl route set --kind smtp-auth --mailbox ADDRESS --password-file FILE")?;
        if let (Some(route), false) = (route, self.dry_run) {
            session.confirm(&effect(&account, route, &settings))?;
        }
        let again = if route.is_some() {
            "correct the values and repeat relayctl route set; the old route goes on"
        } else {
            "correct the values and repeat relayctl route set; there is no route yet"
        };
        let etag = current.as_ref().and_then(|answer| answer.etag.clone());
        apply(session, &account, &settings, etag).map_err(|failure| advise(failure, again))?;
        if route.is_none() && !self.dry_run {
            tell_next(session, &account);
        }
        Ok(())
    }
}

/// The route as it is; `None` when there is none yet.
pub(super) fn current(session: &Session, account: &str) -> Result<Option<Answer<Route>>, Failure> {
    let path = AccountPath {
        account: account.to_owned(),
    };
    match session.client()?.call::<ShowRoute>(&path, &Nothing {}) {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.exit() == Exit::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn nothing_to_change(account: &str, route: &Route) -> Failure {
    Failure::usage("nothing to change")
        .cause(format!(
            "the route of account {account} is {}, and no other value is given",
            way(route.kind, &route.server)
        ))
        .hint("give --kind, --server, --mailbox, --password-file, --per-minute or others")
        .hint("relayctl route check tries the route as it is")
}

/// What the change does to the mail of the account, as a sentence without full stop.
fn effect(account: &str, route: &Route, settings: &RouteSettings) -> String {
    let server = settings.server.as_deref().unwrap_or_default();
    if settings.kind != route.kind || !server.eq_ignore_ascii_case(&route.server) {
        return format!(
            "all mail of account {account} then leaves by {} instead of {}",
            way(settings.kind, server),
            way(route.kind, &route.server),
        );
    }
    let changes = changes(route, settings);
    let way = way(route.kind, &route.server);
    if changes.is_empty() {
        return format!("the route of account {account} by {way} is set again as it is");
    }
    format!(
        "all mail of account {account} still leaves by {way}, with another {}",
        changes.join(", another ")
    )
}

/// What differs beside kind and server, in words.
fn changes(route: &Route, settings: &RouteSettings) -> Vec<String> {
    let mut changes = Vec::new();
    let mut note = |what: &str, old: String, new: Option<String>| {
        if let Some(new) = new.filter(|new| *new != old) {
            changes.push(format!("{what} ({new} instead of {old})"));
        }
    };
    let limit = |limit: Option<u32>| limit.unwrap_or(0).to_string();
    let text = |number: Option<u32>| number.map(|number| number.to_string());
    note(
        "port",
        route.port.to_string(),
        settings.port.map(|port| port.to_string()),
    );
    note(
        "encryption",
        route.security.to_string(),
        settings.security.map(|security| security.to_string()),
    );
    note("mailbox", route.mailbox.clone(), settings.mailbox.clone());
    let folder = route.folder.clone().unwrap_or_default();
    note("folder", folder, settings.folder.clone());
    note(
        "number of connections",
        route.connections.to_string(),
        text(settings.connections),
    );
    note(
        "limit a minute",
        limit(route.per_minute),
        text(settings.per_minute),
    );
    note(
        "limit of recipients a day",
        limit(route.recipients_per_day),
        text(settings.recipients_per_day),
    );
    if settings.password.is_some() {
        changes.push("password".to_owned());
    }
    if settings.ca_pem.is_some() {
        changes.push("authority to trust".to_owned());
    }
    changes
}

pub(super) fn way(kind: RouteKind, server: &str) -> String {
    if server.is_empty() {
        kind.to_string()
    } else {
        format!("{kind} {server}")
    }
}

/// Names the next step after a check that failed. What the table says of the reason would lead to
/// `route check`, which tries the old route, and that one works.
pub(crate) fn advise(failure: Failure, again: impl Into<String>) -> Failure {
    match failure.code() {
        // These name a switch on the other side or a flag.
        "route-basic-auth-disabled" | "route-tls-failed" => failure.hint(again),
        code if code.starts_with("route-") => failure.only_hint(again),
        _ => failure,
    }
}

/// Says what is waited for.
pub(crate) fn checking(session: &Session, settings: &RouteSettings) {
    let server = settings.server.as_deref().unwrap_or(match settings.kind {
        RouteKind::SmtpAuth | RouteKind::SmtpOauth | RouteKind::Connector => "Exchange Online",
        RouteKind::Graph => "Microsoft Graph",
        RouteKind::Smarthost | RouteKind::Capture => "the route",
    });
    session.out.note(&format!("Checking {server}"));
}

/// Sends the settings and shows what the check tried.
fn apply(
    session: &Session,
    account: &str,
    settings: &RouteSettings,
    if_match: Option<String>,
) -> Result<(), Failure> {
    checking(session, settings);
    let path = AccountPath {
        account: account.to_owned(),
    };
    let answer = session
        .client()?
        .call_with::<SetRoute>(&path, &Nothing {}, settings, if_match)?;
    let sentence = if answer.value.applied {
        format!("The route of account {account} is set.")
    } else {
        format!("The settings work; the route of account {account} was not changed.")
    };
    report(session, &answer, &sentence)
}

/// Shows what the check tried, and what came of it.
pub(super) fn report(
    session: &Session,
    answer: &Answer<RouteChange>,
    sentence: &str,
) -> Result<(), Failure> {
    let change = &answer.value;
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(answer),
        Format::Tsv | Format::Name => session
            .out
            .rows(std::slice::from_ref(&change.route), &super::VIEW),
        Format::Table | Format::Wide => {
            if !session.out.quiet {
                session.out.block(&steps::lines(&change.steps))?;
            }
            session.out.sentence(sentence)
        }
    }
}
