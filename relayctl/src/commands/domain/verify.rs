//! `relayctl domain verify`

use std::time::{Duration, Instant};

use relay_proto::{DomainCheck, DomainPath, DomainState, Nothing, VerifyDomain};

use super::{Name, hint_lines, hints};
use crate::client::{Answer, Client, NO_ANSWER};
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::session::Session;

/// How long --wait waits when --timeout does not say.
const PATIENCE: Duration = Duration::from_mins(10);
/// Between two looks: shorter at first, since most records are there at once.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Look for the TXT record of a domain now, at the servers of its zone
///
/// Exit code 8 while the record is not there. 9 when it was there and is missing: after seven days
/// mail from the domain is refused. With --wait it looks again until the record is there, for ten
/// minutes or as long as --timeout says.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl domain verify acme.example
  relayctl domain verify acme.example --wait --timeout 30m")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Look again until the record is there
    #[arg(long)]
    wait: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let wait = self.wait;
        let path = self.name.path(session)?;
        let answer = if wait {
            waited(session, &path)?
        } else {
            look(session.client()?, &path)?
        };
        let check = &answer.value;
        let out = &session.out;
        if matches!(out.format, Format::Json | Format::Jsonl) {
            out.item_as_sent(&answer)?;
        }
        if !check.proven {
            return Err(not_proven(session, check));
        }
        let name = &check.domain.name;
        out.sentence(&format!("Domain {name} is proven: {}.", check.domain.found))?;
        if out.format.is_for_people() && !out.quiet {
            out.block(&hint_lines(&hints(session, &path)?))?;
        }
        Ok(())
    }
}

fn look(client: &Client, path: &DomainPath) -> Result<Answer<DomainCheck>, Failure> {
    let _waiting = client.doing("Asking the name servers of the domain");
    client.call::<VerifyDomain>(path, &Nothing {})
}

/// Looks until the record is there or the time is over; the last look counts.
fn waited(session: &Session, path: &DomainPath) -> Result<Answer<DomainCheck>, Failure> {
    let patience = session.patience().unwrap_or(PATIENCE);
    let client = session.waiting_client(patience)?;
    let begin = Instant::now();
    let (mut pause, mut told) = (FIRST_PAUSE, String::new());
    let mut before = None;
    loop {
        let answer = match (look(&client, path), before.take()) {
            // The name servers took longer than the time that was left.
            (Err(failure), Some(before))
                if failure.code() == NO_ANSWER && begin.elapsed() >= patience =>
            {
                return Ok(before);
            }
            (answer, _) => answer?,
        };
        let left = patience.saturating_sub(begin.elapsed());
        if answer.value.proven || left.is_zero() {
            return Ok(answer);
        }
        let found = &answer.value.domain.found;
        if *found != told {
            session.out.note(&format!("Not yet: {found}"));
            told.clone_from(found);
        }
        let progress = &session.progress;
        progress.sleep("Waiting for the record", pause, left);
        before = Some(answer);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn not_proven(session: &Session, check: &DomainCheck) -> Failure {
    let domain = &check.domain;
    let (name, record) = (&domain.name, &domain.record);
    let was_proven = matches!(domain.state, DomainState::Verified | DomainState::Failing);
    let exit = match (was_proven, check.answered) {
        (false, _) => Exit::Pending,
        (true, true) => Exit::CheckFailed,
        (true, false) => Exit::Unavailable,
    };
    if session.out.format.is_json() {
        return Failure::silent(exit);
    }
    let what = match exit {
        Exit::Pending => format!("domain {name} is not proven yet"),
        Exit::CheckFailed => format!("the record of domain {name} is missing"),
        _ => format!(
            "domain {name} could not be looked at; it stays {}",
            domain.state
        ),
    };
    let found = std::iter::once(domain.found.clone())
        .chain(check.texts.iter().map(|text| format!("found: {text}")))
        .collect::<Vec<_>>();
    Failure::new(exit, "domain-not-verified", what)
        .cause(found.join("\n"))
        .hint(format!(
            "publish {} {} \"{}\"",
            record.name, record.r#type, record.value
        ))
        .hint(format!("then relayctl domain verify {name} --wait"))
}
