//! Follows a mail while it is on its way: its events as they come, and how it ends.

use std::time::{Duration, Instant};

use relay_proto::{Event, MessagePath, MessageState, Nothing, ShowQueued, Trace};
use serde::Serialize;

use super::MESSAGES;
use super::story::Teller;
use crate::client::{Answer, Client};
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::session::Session;

/// Between two looks: shorter at first, since most mail leaves at once.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// An event as a line of its own.
#[derive(Serialize)]
struct Line<'a> {
    queue_id: &'a str,
    #[serde(flatten)]
    event: &'a Event,
}

/// The last line: where the mail stands.
#[derive(Serialize)]
struct LastLine<'a> {
    queue_id: &'a str,
    state: MessageState,
    next: &'a Option<relay_proto::NextStep>,
}

/// Prints the story of a mail as it goes on, until it is final, held, or the time is over. Fails
/// unless the other side took it for everybody.
pub(in crate::commands) fn to_the_end(
    session: &Session,
    client: &Client,
    id: &str,
    patience: Duration,
) -> Result<(), Failure> {
    let begin = Instant::now();
    let (mut pause, mut told) = (FIRST_PAUSE, 0);
    loop {
        let path = MessagePath { id: id.to_owned() };
        let answer = client.call::<ShowQueued>(&path, &Nothing {})?;
        let trace = &answer.value;
        if trace.events.len() > told {
            tell(session, trace, told)?;
            (told, pause) = (trace.events.len(), FIRST_PAUSE);
        }
        let left = patience.saturating_sub(begin.elapsed());
        if is_over(trace) || left.is_zero() {
            conclude(session, &answer)?;
            return verdict(session, trace);
        }
        let progress = &session.progress;
        progress.sleep("Waiting for the mail to leave", pause, left);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether nothing more happens by itself soon.
fn is_over(trace: &Trace) -> bool {
    trace.next.as_ref().is_none_or(|next| next.held)
}

/// The events from that number on.
fn tell(session: &Session, trace: &Trace, from: usize) -> Result<(), Failure> {
    let out = &session.out;
    match out.format {
        Format::Table | Format::Wide => {
            let teller = Teller::of(out);
            if from == 0 {
                out.block(&teller.head(trace))?;
            }
            out.block(&teller.events(trace, from))
        }
        Format::Jsonl => trace.events.iter().skip(from).try_for_each(|event| {
            out.own_json(&Line {
                queue_id: &trace.message.id,
                event,
            })
        }),
        Format::Json | Format::Tsv | Format::Name => Ok(()),
    }
}

fn conclude(session: &Session, answer: &Answer<Trace>) -> Result<(), Failure> {
    let (out, trace) = (&session.out, &answer.value);
    match out.format {
        Format::Table | Format::Wide => out.block(&Teller::of(out).end(trace)),
        Format::Jsonl => out.own_json(&LastLine {
            queue_id: &trace.message.id,
            state: trace.message.state,
            next: &trace.next,
        }),
        Format::Json => out.item_as_sent(answer),
        Format::Tsv | Format::Name => out.rows(std::slice::from_ref(&trace.message), &MESSAGES),
    }
}

/// How it ended, as an exit code with cause and remedy.
fn verdict(session: &Session, trace: &Trace) -> Result<(), Failure> {
    let message = &trace.message;
    let (id, state) = (&message.id, message.state);
    let exit = match (state, &trace.next) {
        (MessageState::Delivered, _) => return Ok(()),
        (_, Some(next)) if !next.held => Exit::Pending,
        _ => Exit::CheckFailed,
    };
    // Under JSON the trace itself says everything.
    if session.out.format.is_json() {
        return Err(Failure::silent(exit));
    }
    let last = trace.events.iter().rfind(|event| event.reason.is_some());
    let reason = last.and_then(|event| event.reason.as_deref());
    let code = reason.unwrap_or("check-failed");
    let cause = last.map(|event| match event.reply.as_str() {
        "" => event.detail.clone(),
        reply => format!("{reply}\n{}", event.detail),
    });
    let (what, cause) = match &trace.next {
        Some(next) if next.held => (
            format!("{id} is held"),
            [Some(next.sentence.clone()), cause]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        Some(next) => (
            format!("{id} still waits: {}", next.sentence),
            cause.unwrap_or_default(),
        ),
        None => (
            format!("{id} was not delivered to everybody: {state}"),
            cause.unwrap_or_default(),
        ),
    };
    let mut failure = Failure::new(exit, code, what);
    if !cause.trim().is_empty() {
        failure = failure.cause(cause.trim_end());
    }
    if let Some(command) = trace.next.as_ref().and_then(|next| next.command.as_deref()) {
        failure = failure.hint(command);
    }
    if let Some(code) = reason {
        failure = failure.hint(format!("relayctl help error {code}"));
    }
    if exit == Exit::Pending {
        failure = failure.hint(format!("relayctl log trace {id} --follow"));
    }
    Err(failure)
}
