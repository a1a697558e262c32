//! `relayctl route set`

use relay_proto::{
    AccountPath, Nothing, Route, RouteChange, RouteKind, RouteRole, RouteSettings, SetRoute,
    ShowRoute,
};

use super::{Settings, Which, view};
use crate::args::words;
use crate::client::Answer;
use crate::commands::account::tell_next;
use crate::commands::steps;
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::output::cell::harmless;
use crate::prompt::Form;
use crate::session::Session;

/// Set the route of an account: check the new settings against the server, then swap them in
///
/// When the check fails, the route stays as it is and relayctl ends with code 9. What is not given
/// keeps its value as long as the kind stays, except passwords, client secrets and keys: they belong
/// to server, port, encryption, mailbox, tenant and client id, and are to be given again when one of
/// them changes. Changing a route affects live mail: it asks for confirmation, or takes --yes;
/// setting the first one does not. --fallback sets the way that is used only while the first one is
/// held or out of reach.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl route set --kind smtp-oauth --mailbox relay@acme.example \\
      --tenant acme.example --client-id 4b1d7c20-0000-4000-8000-000000000000 \\
      --client-secret-file relay.secret --client-secret-expires 2028-11-30
  relayctl route set --kind connector --mx-of acme.example \\
      --certificate relay.pem --key relay.key
  relayctl route set --kind smtp-auth --mailbox relay@acme.example \\
      --password-file relay.pw
  relayctl route set --preset hve --mailbox alerts@acme.example \\
      --password-file hve.pw
  relayctl route set --kind smarthost --server mail.example.net \\
      --port 465 --security implicit
  relayctl route set --fallback --kind connector --mx-of acme.example
  relayctl route set --password-stdin --dry-run < new.pw")]
pub(crate) struct Args {
    /// What kind of way [default: the kind it has]
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE_KIND", hide_env = true)]
    kind: Option<RouteKind>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    settings: Settings,
    /// Check only; change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.settings.is_device_code() {
            return self.by_sign_in(session);
        }
        let account = session.account()?;
        let which = self.which;
        let is_named = self.kind.is_some() || !self.settings.is_empty();
        let current = current(session, &account, which)?;
        let route = current.as_ref().map(|answer| &answer.value);
        if let (Some(route), false) = (route, is_named) {
            return Err(nothing_to_change(&account, route, which));
        }
        let mut form = Form::new(&session.prompts);
        let kind = chosen_kind(&mut form, self.kind, &self.settings, route)?;
        let mut settings = self.settings.fill(&mut form, kind, route)?;
        settings.dry_run = self.dry_run;
        form.finish(example(kind))?;
        if let (Some(route), false) = (route, self.dry_run) {
            session.confirm(&effect(&account, route, &settings))?;
        }
        let (noun, flag) = (which.noun(), which.flag());
        let again = if route.is_some() {
            format!(
                "correct the values and repeat relayctl route set{flag}; the old {noun} goes on"
            )
        } else {
            format!(
                "correct the values and repeat relayctl route set{flag}; there is no {noun} yet"
            )
        };
        let etag = current.as_ref().and_then(|answer| answer.etag.clone());
        apply(session, (&account, which), &settings, etag)
            .map_err(|failure| advise(failure, again))?;
        if route.is_none() && !which.fallback && !self.dry_run {
            tell_next(session, &account);
        }
        Ok(())
    }
}

impl Args {
    /// A person signs in, and the route is set by that.
    fn by_sign_in(self, session: &Session) -> Result<(), Failure> {
        if self.dry_run {
            return Err(Failure::usage("a sign-in cannot be tried without doing it")
                .hint("relayctl route authorize changes nothing when the check fails"));
        }
        super::authorize::Args {
            kind: self.kind,
            which: self.which,
            settings: self.settings,
        }
        .run(session)
    }
}

/// The kind that was named, or the one it has, or the one that the values tell.
pub(super) fn chosen_kind(
    form: &mut Form<'_>,
    named: Option<RouteKind>,
    settings: &Settings,
    route: Option<&Route>,
) -> Result<RouteKind, Failure> {
    if let Some(kind) = named {
        return Ok(kind);
    }
    // A preset is one kind only.
    let is_preset = settings.meant_kind() == RouteKind::Smarthost;
    if let Some(route) = route.filter(|_| !is_preset) {
        return Ok(route.kind);
    }
    if settings.meant_kind() != RouteKind::SmtpAuth {
        return Ok(settings.meant_kind());
    }
    let kinds: Vec<_> = RouteKind::ALL.iter().map(ToString::to_string).collect();
    let chosen = form.choice("--kind", "Kind of route", &kinds, None)?;
    Ok(RouteKind::ALL
        .get(chosen)
        .copied()
        .unwrap_or(RouteKind::SmtpAuth))
}

/// A command that would have worked.
pub(super) const fn example(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::SmtpAuth => {
            "relayctl route set --kind smtp-auth --mailbox ADDRESS --password-file FILE"
        }
        RouteKind::SmtpOauth => {
            "relayctl route set --kind smtp-oauth --mailbox ADDRESS --tenant TENANT --client-id GUID \
             --client-secret-file FILE"
        }
        RouteKind::Graph => {
            "relayctl route set --kind graph --mailbox ADDRESS --tenant TENANT --client-id GUID \
             --client-secret-file FILE"
        }
        RouteKind::Connector => "relayctl route set --kind connector --mx-of DOMAIN",
        RouteKind::Smarthost => "relayctl route set --kind smarthost --server HOST",
        RouteKind::Capture => "relayctl route set --kind capture",
    }
}

/// The route as it is; `None` when there is none yet.
pub(in crate::commands) fn current(
    session: &Session,
    account: &str,
    which: Which,
) -> Result<Option<Answer<Route>>, Failure> {
    let path = AccountPath {
        account: account.to_owned(),
    };
    let (client, query) = (session.client()?, which.query());
    match client.call_with::<ShowRoute>(&path, &query, &Nothing {}, None) {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.exit() == Exit::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn nothing_to_change(account: &str, route: &Route, which: Which) -> Failure {
    let server = view::server(&route.server, route.mx_of.as_deref());
    let (noun, flag) = (which.noun(), which.flag());
    Failure::usage("nothing to change")
        .cause(format!(
            "the {noun} of account {account} is {}, and no other value is given",
            way(route.kind, &server)
        ))
        .hint("give --kind, --server, --mailbox, --password-file, --per-minute or others")
        .hint(format!(
            "relayctl route check{flag} tries the {noun} as it is"
        ))
}

/// What the change does to the mail of the account, as a sentence without full stop.
pub(super) fn effect(account: &str, route: &Route, settings: &RouteSettings) -> String {
    let old = view::server(&route.server, route.mx_of.as_deref());
    let new = settings.server.as_deref().unwrap_or_default();
    let new = view::server(new, settings.mx_of.as_deref());
    // Without a name it is that of the cloud or the preset, which relayd knows.
    let moves = !new.is_empty() && !new.eq_ignore_ascii_case(&old);
    let is_fallback = route.role == RouteRole::Fallback;
    let mail = if is_fallback {
        format!("mail of account {account} that its route cannot take")
    } else {
        format!("all mail of account {account}")
    };
    if settings.kind != route.kind || moves {
        return format!(
            "{mail} then leaves by {} instead of {}",
            way(settings.kind, &new),
            way(route.kind, &old),
        );
    }
    let changes = changes(route, settings);
    let way = way(route.kind, &old);
    if changes.is_empty() {
        let noun = if is_fallback { "fallback" } else { "route" };
        return format!("the {noun} of account {account} by {way} is set again as it is");
    }
    format!(
        "{mail} still leaves by {way}, with another {}",
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
    if let Some(oauth) = &route.oauth {
        let name = |grant: &str| grant.replace('-', " ");
        note("tenant", oauth.tenant.clone(), settings.tenant.clone());
        note(
            "client id",
            oauth.client_id.clone(),
            settings.client_id.clone(),
        );
        note(
            "grant",
            name(oauth.grant.as_str()),
            settings.grant.map(|grant| name(grant.as_str())),
        );
    }
    note(
        "number of recipients a mail",
        route.recipients_per_mail.to_string(),
        text(settings.recipients_per_mail),
    );
    for (is_given, what) in [
        (settings.password.is_some(), "password"),
        (settings.client_secret.is_some(), "client secret"),
        (settings.certificate_pem.is_some(), "certificate"),
    ] {
        if is_given {
            changes.push(what.to_owned());
        }
    }
    if settings.ca_pem.is_some() {
        changes.push("authority to trust".to_owned());
    }
    changes
}

pub(in crate::commands) fn way(kind: RouteKind, server: &str) -> String {
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
        // So does what is known of the reply.
        code if code.starts_with("route-") && !failure.has_remedy_of_its_reason() => {
            failure.hint(again)
        }
        code if code.starts_with("route-") => failure.only_hint(again),
        _ => failure,
    }
}

/// Says what is waited for.
pub(crate) fn checking(session: &Session, settings: &RouteSettings) {
    let exchanger = settings.mx_of.as_ref().map(|it| format!("the MX of {it}"));
    let server = settings.server.as_deref().or(exchanger.as_deref());
    let server = server.unwrap_or(match settings.kind {
        RouteKind::SmtpAuth | RouteKind::SmtpOauth | RouteKind::Connector => "Exchange Online",
        RouteKind::Graph => "Microsoft Graph",
        RouteKind::Smarthost | RouteKind::Capture => "the route",
    });
    session.out.note(&format!("Checking {server}"));
}

/// Sends the settings and shows what the check tried.
fn apply(
    session: &Session,
    (account, which): (&str, Which),
    settings: &RouteSettings,
    if_match: Option<String>,
) -> Result<(), Failure> {
    checking(session, settings);
    let path = AccountPath {
        account: account.to_owned(),
    };
    let (client, noun) = (session.client()?, which.noun());
    let waiting = client.doing("Waiting for the check");
    let answer = client.call_with::<SetRoute>(&path, &which.query(), settings, if_match)?;
    drop(waiting);
    let sentence = if answer.value.applied {
        format!("The {noun} of account {account} is set.")
    } else {
        format!("The settings work; the {noun} of account {account} was not changed.")
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
            session.out.sentence(sentence)?;
            for warning in &change.route.warnings {
                session.out.note(&format!("Warning: {}", harmless(warning)));
            }
            Ok(())
        }
    }
}
