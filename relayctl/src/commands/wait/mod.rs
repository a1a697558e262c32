//! `relayctl wait`: until something is as a script needs it.

mod account;
mod domain;
mod message;
mod queue_empty;

use std::time::{Duration, Instant};

use relay_proto::Endpoint;

use crate::client::{Answer, CERTIFICATE_REFUSED, Client, UNREACHABLE};
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::session::Session;

super::verbs! {
    /// Waiting.
    Verb { Account(account::Args), Domain(domain::Args), Message(message::Args), QueueEmpty(queue_empty::Args) }
}

/// How long is waited when --timeout does not say.
const PATIENCE: Duration = Duration::from_mins(10);
/// Between two looks: shorter at first, longer when nothing happens.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What a look came to.
enum Look {
    /// It is so.
    Reached,
    /// Not yet; how it stands, without full stop.
    NotYet(String),
    /// It will never be so any more; why, without full stop.
    Never(String),
}

/// A client that has as long as the wait.
fn client(session: &Session) -> Result<Client, Failure> {
    session.waiting_client(session.patience().unwrap_or(PATIENCE))
}

/// Looks until it is so, or will not be, or the time is over. A relayd that goes away meanwhile is
/// waited for, too; one that is not there at first may be another than the one that was meant.
/// `goal` completes "until …".
fn until<E: Endpoint>(
    session: &Session,
    goal: &str,
    ask: impl Fn() -> Result<Answer<E::Reply>, Failure>,
    judge: impl Fn(&E::Reply) -> Look,
) -> Result<Answer<E::Reply>, Failure> {
    let patience = session.patience().unwrap_or(PATIENCE);
    let begin = Instant::now();
    let (mut pause, mut told) = (FIRST_PAUSE, None);
    loop {
        let state = match ask() {
            Ok(answer) => match judge(&answer.value) {
                Look::Reached => return Ok(answer),
                Look::Never(why) => return Err(never(goal, why)),
                Look::NotYet(state) => state,
            },
            Err(failure) if may_pass(&failure, told.is_none()) => failure.to_string(),
            Err(failure) => return Err(failure),
        };
        let left = patience.saturating_sub(begin.elapsed());
        if left.is_zero() {
            return Err(too_late(goal, state, patience));
        }
        if told.as_ref() != Some(&state) {
            session.out.note(&format!("Not yet: {state}."));
            (told, pause) = (Some(state), FIRST_PAUSE);
        }
        let waiting = format!("Waiting until {goal}");
        session.progress.sleep(&waiting, pause, left);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether time alone may mend it.
fn may_pass(failure: &Failure, is_first: bool) -> bool {
    let is_wrong_place =
        failure.code() == CERTIFICATE_REFUSED || (is_first && failure.code() == UNREACHABLE);
    failure.exit() == Exit::Unavailable && !is_wrong_place
}

fn never(goal: &str, why: String) -> Failure {
    Failure::new(
        Exit::CheckFailed,
        "never-reached",
        format!("waited in vain until {goal}"),
    )
    .cause(why)
}

fn too_late(goal: &str, state: String, patience: Duration) -> Failure {
    Failure::new(
        Exit::Pending,
        "still-waiting",
        format!("waited for {} s until {goal}", patience.as_secs_f64()),
    )
    .cause(state)
    .hint("wait again, or longer: --timeout 30m")
}

/// Prints what was waited for.
fn show<T>(session: &Session, answer: &Answer<T>, sentence: &str) -> Result<(), Failure> {
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(answer),
        _ => session.out.sentence(sentence),
    }
}
