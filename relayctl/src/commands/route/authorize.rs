//! `relayctl route authorize`

use std::time::{Duration, Instant};

use relay_proto::{
    AccountPath, AuthorizeRoute, ContinueSignIn, NewSignIn, Nothing, Route, RouteKind, SignInCode,
    SignInPath, SignInProgress, SignInState,
};

use super::set::{chosen_kind, current, effect};
use super::{Settings, Which, advise};
use crate::args::words;
use crate::client::Answer;
use crate::commands::steps;
use crate::error::{Exit, Failure};
use crate::output::cell::harmless;
use crate::output::{Format, note};
use crate::prompt::Form;
use crate::session::Session;

/// Let a person sign in for a route, by a code in a browser
///
/// Prints a code and the page of Microsoft where it is entered, on whatever machine, and waits. The
/// route is then checked by what the person allowed, and set; when that fails, or nobody signs in,
/// nothing changes. Ctrl-C ends it, and nothing is changed. Without settings the present route is
/// signed in for anew. Whoever signs in is the mailbox, or has full access to it where it is a shared
/// one. With -o json the code is the first line, and the route the second.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl route authorize --kind smtp-oauth --mailbox relay@acme.example \\
      --tenant acme.example --client-id 4b1d7c20-0000-4000-8000-000000000000
  relayctl route authorize --account acme
  relayctl route authorize --account acme --fallback")]
pub(crate) struct Args {
    /// What kind of way: smtp-oauth or graph [default: the kind it has, or smtp-oauth]
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE_KIND", hide_env = true)]
    pub(super) kind: Option<RouteKind>,
    #[command(flatten)]
    pub(super) which: Which,
    #[command(flatten)]
    pub(super) settings: Settings,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let which = self.which;
        let current = current(session, &account, which)?;
        let route = current.as_ref().map(|answer| &answer.value);
        let new = self.sign_in(session, &account, route)?;
        let path = AccountPath {
            account: account.clone(),
        };
        let etag = current.as_ref().and_then(|answer| answer.etag.clone());
        let done = sign_in_for(session, (&path, which), &new, etag).map_err(|failure| {
            if failure.code() == PENDING {
                failure.hint(format!("relayctl route authorize{}", which.flag()))
            } else {
                advise(failure, again(which))
            }
        })?;
        report(session, (&account, which), &done)
    }

    /// What is signed in for: the settings, or nothing where the route stays as it is.
    fn sign_in(
        self,
        session: &Session,
        account: &str,
        route: Option<&Route>,
    ) -> Result<NewSignIn, Failure> {
        let is_signed_in = route.is_some_and(|it| it.oauth.as_ref().is_some_and(signs_in));
        if is_signed_in && self.kind.is_none() && self.settings.is_empty() {
            return Ok(NewSignIn::default());
        }
        let settings = self.settings.by_device_code();
        let takes = |kind: &RouteKind| matches!(kind, RouteKind::SmtpOauth | RouteKind::Graph);
        let had = route.map(|route| route.kind).filter(takes);
        let kind = self.kind.or(had).unwrap_or(RouteKind::SmtpOauth);
        if !takes(&kind) {
            return Err(
                Failure::usage(format!("nobody signs in for a route of kind {kind}"))
                    .hint("--kind smtp-oauth or --kind graph"),
            );
        }
        let mut form = Form::new(&session.prompts);
        let kind = chosen_kind(&mut form, Some(kind), &settings, route)?;
        let settings = settings.fill(&mut form, kind, route)?;
        form.finish("relayctl route authorize --mailbox ADDRESS --tenant TENANT --client-id GUID")?;
        if let Some(route) = route {
            session.confirm(&effect(account, route, &settings))?;
        }
        Ok(NewSignIn {
            settings: Some(settings),
        })
    }
}

/// Lets a person sign in, and waits until that is done and the route is set by it.
pub(in crate::commands) fn sign_in_for(
    session: &Session,
    (path, which): (&AccountPath, Which),
    new: &NewSignIn,
    etag: Option<String>,
) -> Result<Answer<SignInProgress>, Failure> {
    let client = session.client()?;
    let begun = client
        .call_with::<AuthorizeRoute>(path, &which.query(), new, etag)?
        .value;
    show(session, &begun)?;
    wait(session, &path.account, &begun)
}

fn signs_in(oauth: &relay_proto::RouteOAuth) -> bool {
    oauth.grant == relay_proto::RouteGrant::DeviceCode
}

fn again(which: Which) -> String {
    format!(
        "correct the values and repeat relayctl route authorize{}; nothing was changed",
        which.flag()
    )
}

/// The code is what scripts wait for, too.
fn show(session: &Session, begun: &SignInCode) -> Result<(), Failure> {
    let out = &session.out;
    if out.format.is_json() {
        return out.own_json(begun);
    }
    let (code, page) = (
        harmless(&begun.user_code),
        harmless(&begun.verification_uri),
    );
    note(&format!("Open   {page}\nEnter  {code}"));
    Ok(())
}

/// Looks until the person has signed in, or the code has ended.
fn wait(
    session: &Session,
    account: &str,
    begun: &SignInCode,
) -> Result<Answer<SignInProgress>, Failure> {
    let path = SignInPath {
        account: account.to_owned(),
        id: begun.id.clone(),
    };
    let since = Instant::now();
    let life = begun.expires_at.duration_since(session.out.now);
    let life = Duration::try_from(life).unwrap_or_default();
    let life = session
        .patience()
        .map_or(life, |patience| patience.min(life));
    let client = session.waiting_client(life)?;
    let mut pause = Duration::from_secs(begun.interval.max(1));
    loop {
        let left = life.saturating_sub(since.elapsed());
        let progress = &session.progress;
        progress.sleep("Waiting for the sign-in", pause, left);
        match client.call::<ContinueSignIn>(&path, &Nothing {}) {
            Ok(answer) if answer.value.state == SignInState::Done => return Ok(answer),
            Ok(answer) => pause = Duration::from_secs(answer.value.interval.max(1)),
            // It may come back before the code ends.
            Err(failure) if failure.exit() == Exit::Unavailable && since.elapsed() < life => {}
            Err(failure) if failure.exit() == Exit::NotFound => return Err(too_late()),
            Err(failure) => return Err(failure),
        }
        if since.elapsed() >= life {
            return Err(too_late());
        }
    }
}

/// Nobody signed in.
const PENDING: &str = "sign-in-pending";

fn too_late() -> Failure {
    Failure::new(Exit::Pending, PENDING, "nobody signed in in time")
        .cause("the code has ended; nothing was changed")
}

fn report(
    session: &Session,
    (account, which): (&str, Which),
    done: &Answer<SignInProgress>,
) -> Result<(), Failure> {
    let (out, progress) = (&session.out, &done.value);
    let Some(change) = &progress.change else {
        return out.sentence("The person has signed in.");
    };
    match out.format {
        Format::Json | Format::Jsonl => return out.item_as_sent(done),
        Format::Tsv | Format::Name => {
            return out.rows(std::slice::from_ref(&change.route), &super::VIEW);
        }
        Format::Table | Format::Wide => {}
    }
    if !out.quiet {
        out.block(&steps::lines(&change.steps))?;
    }
    let by = progress.username.as_deref();
    let by = by.map_or_else(String::new, |by| format!(" {by} signed in."));
    let noun = which.noun();
    out.sentence(&format!("The {noun} of account {account} is set.{by}"))?;
    let notes = progress.note.iter().chain(&change.route.warnings);
    for text in notes {
        out.note(&format!("Warning: {}", harmless(text)));
    }
    Ok(())
}
