//! `relayctl log tail`

use std::time::{Duration, Instant};

use relay_proto::{LogEvent, LogEventKind, LogEventQuery, Nothing, TailLog};

use super::Envelope;
use super::line::{Painter, VIEW};
use crate::args::words;
use crate::client::{Follower, NO_ANSWER};
use crate::complete;
use crate::error::{Exit, Failure, json_fault};
use crate::output::{Format, Output};
use crate::session::Session;
use crate::time::Moment;

/// Between two tries to come back: shorter at first, since a restart takes a second or two.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A stream that ends sooner and told nothing was no stream: relayd cannot read its store, or
/// something before it hangs up.
const SHORTEST_STREAM: Duration = Duration::from_secs(1);

/// Follow the log live: what happens to mail, and what is refused at the door
///
/// Goes on until Ctrl-C. When relayd restarts or the connection breaks, it comes back and goes on
/// where it was: no event is missed, none is told twice. With --timeout it gives up when relayd
/// stays away for so long (exit code 6); without it, never. What cannot be reached at the start is
/// an error at once. A log that nobody sits at needs a token, of relayctl token create NAME
/// --read-only: the session of an owner ends after twelve hours, and following is no use of it.
/// Times are UTC.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log tail
  relayctl log tail --kind failed,deferred,refused --since 1h
  relayctl log tail --user scanner --to @example.net --lines 20
  relayctl log tail -o jsonl --no-refusals")]
pub(crate) struct Args {
    #[command(flatten)]
    envelope: Envelope,
    /// Relay user; of refusals the user name that was tried
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// System
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// What happened; several with commas between
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = words!(LogEventKind))]
    kind: Vec<LogEventKind>,
    /// Code of the reason; relayctl help error CODE explains it
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Leave out what was refused at the door
    #[arg(long)]
    no_refusals: bool,
    /// Begin with what happened since then: 1h, 2026-11-21 or a full time
    #[arg(long, value_name = "TIME", conflicts_with = "lines")]
    since: Option<Moment>,
    /// Begin with so many of the latest events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    lines: Option<u32>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        if out.format.is_for_people() && !out.columns.is_empty() {
            return Err(
                Failure::usage("a live log in a table has no columns to choose").hint("add -o tsv"),
            );
        }
        let kinds: Vec<_> = self.kind.iter().map(|kind| kind.as_str()).collect();
        let query = LogEventQuery {
            account: session.named_account()?,
            user: self.user,
            system: self.system,
            from: self.envelope.from,
            to: self.envelope.to,
            kind: (!kinds.is_empty()).then(|| kinds.join(",")),
            reason: self.reason,
            refusals: self.no_refusals.then_some(false),
            since: self.since.map(|since| since.seen_from(out.now)),
            lines: self.lines,
            after: None,
        };
        let client = session.following_client()?;
        let mut stream = client.follow::<TailLog>(&Nothing {}, &query)?;
        let mut printer = Printer::new(out);
        let told = follow(session, &mut stream, &mut printer);
        told.map_err(|failure| client.of_token(failure))
    }
}

/// Prints what comes, and comes back when the stream breaks.
fn follow(
    session: &Session,
    stream: &mut Follower<'_>,
    printer: &mut Printer,
) -> Result<(), Failure> {
    stream.open()?;
    let mut away = None;
    loop {
        let opened = Instant::now();
        let mut is_alive = false;
        let broke = loop {
            match stream.next() {
                Ok(Some(event)) => {
                    if !is_alive {
                        is_alive = true;
                        away.take().inspect(|away: &Away| away.is_over(session));
                    }
                    printer.print(&event.data)?;
                }
                Ok(None) => break None,
                Err(failure) if failure.exit() == Exit::Unavailable => break Some(failure),
                Err(failure) => return Err(failure),
            }
        };
        let is_vain = !is_alive && opened.elapsed() < SHORTEST_STREAM;
        if !is_vain {
            away = None;
        }
        away.get_or_insert_with(Away::begin)
            .come_back(session, stream, broke, is_vain)?;
    }
}

/// The time without a stream that tells something.
struct Away {
    since: Instant,
    /// The next pause between two tries.
    pause: Duration,
    is_told: bool,
    /// A stream was opened since, and ended at once.
    is_vain: bool,
}

impl Away {
    fn begin() -> Self {
        Self {
            since: Instant::now(),
            pause: FIRST_PAUSE,
            is_told: false,
            is_vain: false,
        }
    }

    /// Opens the stream again, sooner or later. Says so once, and once that it is there. After a
    /// stream in vain, that counts as a try that failed.
    fn come_back(
        &mut self,
        session: &Session,
        stream: &mut Follower<'_>,
        broke: Option<Failure>,
        is_vain: bool,
    ) -> Result<(), Failure> {
        let mut failed = None;
        let mut why = broke.as_ref().map(ToString::to_string);
        if is_vain {
            self.is_vain = true;
            failed = Some(broke.unwrap_or_else(in_vain));
        }
        loop {
            if let Some(failure) = failed.take() {
                let patience = session.patience().unwrap_or(Duration::MAX);
                let left = patience.saturating_sub(self.since.elapsed());
                if left.is_zero() {
                    return Err(failure);
                }
                if !self.is_told {
                    self.is_told = true;
                    let why = why.take().unwrap_or_else(|| failure.to_string());
                    session.out.note(&format!("{why}; trying again …"));
                }
                stream.pause(self.pause.min(left))?;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
            match stream.open() {
                Ok(()) => {
                    // One that ended at once is believed when it tells something.
                    if !self.is_vain {
                        self.is_over(session);
                        self.is_told = false;
                    }
                    return Ok(());
                }
                Err(failure) if failure.exit() == Exit::Unavailable => failed = Some(failure),
                Err(failure) => return Err(failure),
            }
        }
    }

    fn is_over(&self, session: &Session) {
        if self.is_told {
            session.out.note("relayd is back; the log goes on.");
        }
    }
}

fn in_vain() -> Failure {
    Failure::new(
        Exit::Unavailable,
        NO_ANSWER,
        "the log ended as soon as it began",
    )
    .cause("relayd cannot read it now, or something before relayd hangs up")
    .hint("repeat it; relayctl doctor looks at relayd")
}

/// Prints one event after the other.
struct Printer {
    out: Output,
    painter: Painter,
}

impl Printer {
    fn new(out: &Output) -> Self {
        Self {
            painter: Painter::of(out),
            out: out.clone(),
        }
    }

    fn print(&mut self, data: &str) -> Result<(), Failure> {
        match self.out.format {
            // An array would never be closed.
            Format::Json | Format::Jsonl => return self.out.json_as_sent(data),
            _ => {}
        }
        let event: LogEvent = serde_json::from_str(data)
            .map_err(|error| Failure::not_understood(json_fault(&error)))?;
        if self.out.format.is_for_people() {
            return self.out.block(&self.painter.lines(&event));
        }
        let printed = self.out.rows(std::slice::from_ref(&event), &VIEW);
        // The titles stand above the first one.
        self.out.header = false;
        printed
    }
}
