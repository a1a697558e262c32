//! `relayctl log tail`

use std::time::{Duration, Instant};

use relay_proto::{LogEvent, LogEventKind, LogEventQuery, Nothing, TailLog};

use super::line::{Painter, VIEW};
use crate::args::words;
use crate::client::Follower;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::output::{Format, Output};
use crate::session::Session;
use crate::time::Moment;

/// Between two tries to come back: shorter at first, since a restart takes a second or two.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Follow the log live: what happens to mail, and what is refused at the door
///
/// Goes on until Ctrl-C. When relayd restarts or the connection breaks, it comes back and goes on
/// where it was: no event is missed, none is told twice. With --timeout it gives up when relayd
/// stays away for so long (exit code 6); without it, never. What cannot be reached at the start is
/// an error at once. Times are UTC.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log tail
  relayctl log tail --kind failed,deferred,refused --since 1h
  relayctl log tail --user scanner --to @example.net --lines 20
  relayctl log tail -o jsonl --no-refusals")]
pub(crate) struct Args {
    /// Envelope sender: an address, or @domain
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// An envelope recipient: an address, or @domain
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
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
            from: self.from,
            to: self.to,
            kind: (!kinds.is_empty()).then(|| kinds.join(",")),
            reason: self.reason,
            refusals: self.no_refusals.then_some(false),
            since: self.since.map(|since| since.seen_from(out.now)),
            lines: self.lines,
            after: None,
        };
        let client = session.waiting_client()?;
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
    loop {
        let broke = loop {
            match stream.next() {
                Ok(Some(event)) => printer.print(&event.data)?,
                Ok(None) => break None,
                Err(failure) if failure.exit() == Exit::Unavailable => break Some(failure),
                Err(failure) => return Err(failure),
            }
        };
        come_back(session, stream, broke.as_ref())?;
    }
}

/// Opens the stream again, sooner or later. Says so once, and once that it is there.
fn come_back(
    session: &Session,
    stream: &mut Follower<'_>,
    broke: Option<&Failure>,
) -> Result<(), Failure> {
    let begin = Instant::now();
    let mut pause = FIRST_PAUSE;
    let mut is_told = false;
    loop {
        let failure = match stream.open() {
            Ok(()) => {
                if is_told {
                    session.out.note("relayd is back; the log goes on.");
                }
                return Ok(());
            }
            Err(failure) if failure.exit() == Exit::Unavailable => failure,
            Err(failure) => return Err(failure),
        };
        let patience = session.patience().unwrap_or(Duration::MAX);
        if begin.elapsed() >= patience {
            return Err(failure);
        }
        if !is_told {
            is_told = true;
            let why = broke.unwrap_or(&failure);
            session.out.note(&format!("{why}; trying again …"));
        }
        stream.pause(pause)?;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
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
        let event: LogEvent = serde_json::from_str(data).map_err(|error| {
            Failure::new(
                Exit::Unexpected,
                "unknown-answer",
                "an event is not understood",
            )
            .cause(error.to_string())
            .hint("compare the versions: relayctl version")
        })?;
        if self.out.format.is_for_people() {
            return self.out.block(&self.painter.lines(&event));
        }
        let printed = self.out.rows(std::slice::from_ref(&event), &VIEW);
        // The titles stand above the first one.
        self.out.header = false;
        printed
    }
}
