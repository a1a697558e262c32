//! `relayctl route set`

use relay_proto::{AccountPath, Nothing, Route, RouteKind, RouteSettings, SetRoute, ShowRoute};

use super::Settings;
use crate::args::words;
use crate::client::Answer;
use crate::commands::steps;
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::prompt::Form;
use crate::session::Session;

/// Set the route of an account: check the new settings against the server, then swap them in
///
/// When the check fails, the route stays as it is and relayctl ends with code 9. What is not given
/// keeps its value as long as the kind stays. Changing a route affects live mail: it asks for
/// confirmation, or takes --yes; setting the first one does not.
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
        let current = current(session, &account)?;
        let route = current.as_ref().map(|answer| &answer.value);
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
            session.confirm(&format!(
                "all mail of account {account} then leaves by {} instead of {}",
                way(kind, settings.server.as_deref().unwrap_or_default()),
                way(route.kind, &route.server),
            ))?;
        }
        apply(
            session,
            &account,
            &settings,
            current.and_then(|answer| answer.etag),
        )
    }
}

/// The route as it is; `None` when there is none yet.
fn current(session: &Session, account: &str) -> Result<Option<Answer<Route>>, Failure> {
    let path = AccountPath {
        account: account.to_owned(),
    };
    match session.client()?.call::<ShowRoute>(&path, &Nothing {}) {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.exit() == Exit::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn way(kind: RouteKind, server: &str) -> String {
    if server.is_empty() {
        kind.to_string()
    } else {
        format!("{kind} {server}")
    }
}

/// Sends the settings and shows what the check tried.
pub(crate) fn apply(
    session: &Session,
    account: &str,
    settings: &RouteSettings,
    if_match: Option<String>,
) -> Result<(), Failure> {
    let server = settings.server.as_deref().unwrap_or(match settings.kind {
        RouteKind::SmtpAuth => "Exchange Online",
        RouteKind::Smarthost | RouteKind::Capture => "the route",
    });
    session.out.note(&format!("Checking {server}"));
    let path = AccountPath {
        account: account.to_owned(),
    };
    let answer = session
        .client()?
        .call_with::<SetRoute>(&path, &Nothing {}, settings, if_match)?;
    let change = &answer.value;
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(&answer),
        Format::Tsv | Format::Name => session
            .out
            .rows(std::slice::from_ref(&change.route), &super::VIEW),
        Format::Table | Format::Wide => {
            if !session.out.quiet {
                session.out.block(&steps::lines(&change.steps))?;
            }
            session.out.sentence(&if change.applied {
                format!("The route of account {account} is set.")
            } else {
                format!("The settings work; the route of account {account} was not changed.")
            })
        }
    }
}
