//! `--watch`: the same again and again, in place on a terminal, or a line each time for scripts.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::report::{Report, present};
use super::{Show, Span};
use crate::error::{Exit, Failure};
use crate::output::cell::to_the_second;
use crate::output::{Format, Output, write_stdout};
use crate::session::{Session, now, terminal_width};
use crate::signals::{self, SignalKind};

/// After the first failure relayd is asked again so soon, then each time after twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// An answer has so long, unless --timeout says otherwise.
const ANSWER: Duration = Duration::from_mins(1);

/// How the samples are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// A line of JSON for each.
    Lines,
    /// Each over the one before.
    InPlace,
}

/// Goes on until the reader goes away, a signal comes, or relayd refuses. While relayd is away it
/// is asked again, but only once it has answered: a wrong address is no reason to wait.
pub(super) fn run<R: Report>(
    report: &R,
    span: &Span,
    show: &Show,
    session: &Session,
    every: Duration,
) -> Result<(), Failure> {
    let manner = manner(session)?;
    signals::on(
        &[SignalKind::interrupt(), SignalKind::terminate()],
        move |kind| leave(kind, manner),
    );
    // Waits are not shown: they would stand in the picture.
    let client = session.silent_client(ANSWER)?;
    let mut watch = Watch {
        session,
        every,
        manner,
        away: None,
        shown: None,
    };
    loop {
        let at = now();
        let query = show.query(span, session, at)?;
        let pause = match report.ask(&client, &query) {
            Ok(answer) => {
                watch.back();
                if manner == Manner::Lines {
                    line(at, &report.sample(&answer)?)?;
                } else {
                    let frame = Rc::new(RefCell::new(String::new()));
                    let out = Output {
                        width: terminal_width(),
                        now: at,
                        frame: Some(Rc::clone(&frame)),
                        ..session.out.clone()
                    };
                    present(report, show, session, &out, &query, &answer)?;
                    watch.draw(at, &frame.borrow())?;
                }
                watch.shown.get_or_insert_default();
                every
            }
            Err(failure) if failure.exit() == Exit::Unavailable && watch.shown.is_some() => {
                watch.trouble(&failure)?
            }
            Err(failure) => return Err(failure),
        };
        std::thread::sleep(pause);
    }
}

/// On a terminal it is drawn; elsewhere it is lines of JSON, and nothing else can be.
fn manner(session: &Session) -> Result<Manner, Failure> {
    let out = &session.out;
    let why = match out.format {
        Format::Jsonl => return Ok(Manner::Lines),
        Format::Table | Format::Wide if out.width.is_none() => "stdout is not a terminal",
        Format::Table | Format::Wide if session.environment.is_dumb() => {
            "this terminal cannot move its cursor"
        }
        Format::Table | Format::Wide => return Ok(Manner::InPlace),
        Format::Json | Format::Tsv | Format::Name => "this format has one answer",
    };
    Err(Failure::usage("--watch draws on a terminal")
        .cause(why)
        .hint("-o jsonl prints a line each time"))
}

/// What was shown, and since when relayd is away.
struct Watch<'a> {
    session: &'a Session,
    every: Duration,
    manner: Manner,
    /// The next pause, while it is away.
    away: Option<Duration>,
    /// The last picture.
    shown: Option<String>,
}

impl Watch<'_> {
    /// relayd answered.
    fn back(&mut self) {
        if self.away.take().is_some() && self.manner == Manner::Lines {
            self.session.out.note("relayd answers again");
        }
    }

    /// relayd did not answer: says so once, and gives how long to wait.
    fn trouble(&mut self, failure: &Failure) -> Result<Duration, Failure> {
        let pause = self.away.unwrap_or(FIRST_PAUSE);
        if self.away.is_none() {
            let text = format!("{failure}; trying again");
            match (self.manner, &self.shown) {
                (Manner::InPlace, Some(shown)) => paint(&format!("{shown}{text}\n"), false)?,
                _ => self.session.out.note(&text),
            }
        }
        self.away = Some((pause * 2).min(LONGEST_PAUSE.max(self.every)));
        Ok(pause)
    }

    fn draw(&mut self, at: Timestamp, picture: &str) -> Result<(), Failure> {
        let seconds = self.every.as_secs();
        let text = format!(
            "{}, every {seconds} s; Ctrl-C ends\n\n{picture}",
            to_the_second(at)
        );
        paint(&text, self.shown.is_none())?;
        self.shown = Some(text);
        Ok(())
    }
}

fn line(at: Timestamp, sample: &Value) -> Result<(), Failure> {
    let mut line = serde_json::Map::new();
    line.insert("sampled_at".into(), at.to_string().into());
    if let Value::Object(fields) = sample {
        line.extend(fields.clone());
    }
    Ok(write_stdout(&format!("{}\n", Value::Object(line)))?)
}

/// Writes over what stands on the screen, at once and without wiping it first, so that nothing
/// flickers. What has no room is left out: a screen that moves cannot be written over.
fn paint(text: &str, is_first: bool) -> Result<(), Failure> {
    let size = console::Term::stdout().size_checked().unwrap_or((24, 80));
    let (rows, columns) = (usize::from(size.0).max(2), usize::from(size.1));
    let mut out = String::new();
    if is_first {
        // What stood there moves up, to be read later.
        out.extend(std::iter::repeat_n('\n', rows));
    }
    // To the corner; lines that are too long are cut by the terminal.
    out += "\x1b[H\x1b[?7l";
    for line in text.lines().take(rows - 1) {
        out += line;
        // After a full line the cursor stands on its last character, which would be wiped.
        if console::measure_text_width(line) < columns {
            out += "\x1b[K";
        }
        out += "\r\n";
    }
    out += "\x1b[J\x1b[?7h";
    Ok(write_stdout(&out)?)
}

/// Ends the program between two pictures: the cursor stands below the last one.
fn leave(kind: SignalKind, manner: Manner) {
    if manner == Manner::InPlace {
        let _ = write_stdout("\n");
    }
    signals::end(kind);
}
