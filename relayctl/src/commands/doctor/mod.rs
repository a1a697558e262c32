//! `relayctl doctor`

mod bundle;
mod redaction;

use std::path::PathBuf;

use relay_proto::{DoctorQuery, Examine, Finding, FindingArea, FindingLevel, Nothing};
use serde::Serialize;

use crate::args::words;
use crate::client::Part;
use crate::commands::{counted, steps};
use crate::complete;
use crate::error::{Exit, Failure};
use crate::output::cell::{Cell, harmless};
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

/// Examine relayd: certificates, listeners, clock, store, and the routes of accounts
///
/// Lists what is unsafe, will fail or has failed, and what mends it; good news come last. Exit
/// code 9 when there is an error; warnings alone end with 0. With --bundle, one file is written for
/// whoever helps: versions, findings, configuration, queue, errors and refusals of the last days,
/// figures; without subjects, passwords, tokens and the local parts of addresses.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl doctor
  relayctl doctor tls clock
  relayctl doctor exchange
  relayctl doctor --fix-hints
  relayctl doctor --bundle relayd-bundle.json
  relayctl doctor -o json")]
pub(crate) struct Args {
    /// Look at these only
    #[arg(value_name = "AREA", value_parser = words!(FindingArea))]
    areas: Vec<FindingArea>,
    /// Print what mends each finding and nothing else, one a line
    #[arg(long)]
    fix_hints: bool,
    /// Write everything that whoever helps needs into this new file (mode 0600), without secrets
    #[arg(long, value_name = "FILE", conflicts_with_all = ["areas", "fix_hints"])]
    bundle: Option<PathBuf>,
}

static VIEW: View<Finding> = View {
    columns: &[
        column("level", Rank::Key, |it| Cell::text(it.level.as_str())),
        column("area", Rank::Key, |it| Cell::text(it.area.as_str())),
        column("check", Rank::Column(1), |it| Cell::text(&it.check)),
        column("sentence", Rank::Text(9), |it| Cell::text(&it.sentence)),
        column("remedy", Rank::Text(8), |it| Cell::text(&it.remedy)),
    ],
    name: |it| &it.check,
    empty: "Nothing was looked at.",
};

impl Args {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        if let Some(path) = &self.bundle {
            return bundle::write(session, path);
        }
        // The API looks at one area or at all.
        let area = match self.areas.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let query = DoctorQuery { area };
        let list = |client: &crate::client::Client| {
            let _waiting = client.doing("Looking at relayd and all around it");
            client.list::<Examine, _>(&Nothing {}, &query, &Part::default())
        };
        let examined = session.client().and_then(list);
        if let (Err(failure), Format::Table) = (&examined, out.format)
            && failure.exit() == Exit::Unavailable
            && !self.fix_hints
        {
            out.block("error    relayd     it cannot be asked; this comes first\n")?;
        }
        let mut findings = examined?;
        if self.areas.len() > 1 {
            findings.items.retain(|it| self.areas.contains(&it.area));
        }
        if self.fix_hints {
            print_remedies(session, &findings.items)?;
        } else if out.format == Format::Table && out.columns.is_empty() {
            findings.items.sort_by_key(|it| std::cmp::Reverse(it.level));
            out.block(&lines(&findings.items, out.width))?;
        } else if self.areas.len() > 1 {
            out.own_rows(&findings.items, &VIEW)?;
        } else {
            out.list(&findings, &VIEW)?;
        }
        if self.fix_hints {
            return conclude_hints(&findings.items);
        }
        conclude(session, &findings.items)
    }
}

#[derive(Serialize)]
struct Remedy {
    remedy: String,
}

static REMEDIES: View<Remedy> = View {
    columns: &[column("remedy", Rank::Key, |it| Cell::text(&it.remedy))],
    name: |it| &it.remedy,
    empty: "",
};

fn print_remedies(session: &Session, findings: &[Finding]) -> Result<(), Failure> {
    let remedies = remedies(findings);
    if session.out.format.is_json() {
        return session.out.own_rows(&remedies, &REMEDIES);
    }
    let lines = remedies.iter().map(|it| harmless(&it.remedy) + "\n");
    session.out.block(&lines.collect::<String>())
}

/// What mends each finding, the worst first, each once.
fn remedies(findings: &[Finding]) -> Vec<Remedy> {
    let mut worst: Vec<_> = findings.iter().filter(|it| !it.remedy.is_empty()).collect();
    worst.sort_by_key(|it| std::cmp::Reverse(it.level));
    let mut remedies: Vec<Remedy> = Vec::new();
    for finding in worst {
        if !remedies.iter().any(|it| it.remedy == finding.remedy) {
            remedies.push(Remedy {
                remedy: finding.remedy.clone(),
            });
        }
    }
    remedies
}

/// The lines say everything; whether there was an error, the exit code says.
fn conclude_hints(findings: &[Finding]) -> Result<(), Failure> {
    if findings.iter().any(|it| it.level == FindingLevel::Error) {
        return Err(Failure::silent(Exit::CheckFailed));
    }
    Ok(())
}

fn conclude(session: &Session, findings: &[Finding]) -> Result<(), Failure> {
    let of = |level| findings.iter().filter(move |it| it.level == level);
    let warnings = of(FindingLevel::Warning).count();
    let errors = of(FindingLevel::Error).count();
    let Some(worst) = of(FindingLevel::Error).next() else {
        return match warnings {
            0 => session.out.sentence("All is well."),
            _ => session
                .out
                .sentence(&format!("{}, no errors.", counted(warnings, "warning"))),
        };
    };
    // Under JSON the findings themselves say everything.
    if session.out.format.is_json() {
        return Err(Failure::silent(Exit::CheckFailed));
    }
    let what = format!(
        "the doctor found {} and {}",
        counted(errors, "error"),
        counted(warnings, "warning")
    );
    let failure = Failure::new(Exit::CheckFailed, "check-failed", what);
    Err(failure
        .cause(worst.sentence.as_str())
        .hint(worst.remedy.as_str()))
}

/// Columns of level and area, with the space behind them.
const MARGIN: usize = 20;

/// A block for each finding, wrapped to the terminal.
fn lines(findings: &[Finding], width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(MARGIN).max(24));
    let mut text = String::new();
    for finding in findings {
        let (level, area) = (finding.level, finding.area);
        let head = format!("{level:<7}  {area:<9}  ");
        text += &steps::entry(&head, &finding.sentence, &finding.remedy, room);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fit_eighty_columns() {
        let findings = [
            Finding {
                area: FindingArea::Listeners,
                level: FindingLevel::Warning,
                check: "plaintext-auth".into(),
                sentence: "listener legacy takes passwords in the clear from 192.168.10.0/24, \
                           192.168.11.0/24"
                    .into(),
                remedy: "update those devices to TLS 1.2".into(),
            },
            Finding {
                area: FindingArea::Store,
                level: FindingLevel::Ok,
                check: "store-answers".into(),
                sentence: "the store answers within 1 ms\u{1b}[2J".into(),
                remedy: String::new(),
            },
        ];
        let text = lines(&findings, Some(80));
        assert_eq!(
            text,
            "warning  listeners  listener legacy takes passwords in the clear from\n\
             \x20                   192.168.10.0/24, 192.168.11.0/24\n\
             \x20                   try: update those devices to TLS 1.2\n\
             ok       store      the store answers within 1 ms\u{fffd}[2J\n"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 80));
    }
}
