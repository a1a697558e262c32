//! relay-bench: drives relayd and Postfix the same way and prints a table. See `scripts/bench`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use relay_tests::bench::{
    Case, Measured, Relay, Upstream, cases, handshake, measure,
    postfix::Postfix,
    relayd::RelaydUnderTest,
    table::{self, Row},
};
use rustls::crypto::aws_lc_rs;

/// Measures relayd against Postfix: accepted and end-to-end rates, time to 250, processor time
/// and memory, over STARTTLS and AUTH on both sides.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where queues and databases go; must be on a real disk.
    #[arg(long, required_unless_present = "handshakes")]
    folder: Option<PathBuf>,
    /// Which relays.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "relayd,postfix"
    )]
    relays: Vec<Which>,
    /// So many times the usual number of mails.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Only cases with these connections.
    #[arg(long, value_delimiter = ',')]
    connections: Vec<usize>,
    /// Only cases with mails up to this size in bytes.
    #[arg(long)]
    max_size: Option<usize>,
    /// Measure TLS handshakes instead: so many of each kind, in memory.
    #[arg(long, value_name = "COUNT")]
    handshakes: Option<u32>,
    /// Also print each figure as a line of JSON to stderr.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Relayd,
    Postfix,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(count) = arguments.handshakes {
        return measure_handshakes(count);
    }
    let wanted: Vec<Case> = cases(arguments.scale)
        .into_iter()
        .filter(|case| arguments.max_size.is_none_or(|size| case.size <= size))
        .filter(|case| {
            arguments.connections.is_empty() || arguments.connections.contains(&case.connections)
        })
        .collect();
    let relayd = run(&arguments, Which::Relayd, &wanted)?;
    let postfix = run(&arguments, Which::Postfix, &wanted)?;
    let rows: Vec<Row> = wanted
        .into_iter()
        .enumerate()
        .map(|(index, case)| {
            (
                case,
                relayd.get(index).cloned(),
                postfix.get(index).cloned(),
            )
        })
        .collect();
    print(&table::render(&rows));
    Ok(())
}

/// With the provider that relayd uses.
fn measure_handshakes(count: u32) -> Result<()> {
    for kind in handshake::kinds() {
        let provider = aws_lc_rs::default_provider();
        let tickets = aws_lc_rs::Ticketer::new()?;
        let rate = handshake::accepted_per_second(&provider, tickets, kind, count)?;
        print(&format!("{kind:<20}  {rate:>8.0} a second and core\n"));
    }
    Ok(())
}

/// All cases on one relay; none when it was not asked for.
fn run(arguments: &Arguments, which: Which, cases: &[Case]) -> Result<Vec<Measured>> {
    if !arguments.relays.contains(&which) {
        return Ok(Vec::new());
    }
    let name = match which {
        Which::Relayd => "relayd",
        Which::Postfix => "postfix",
    };
    let folder = arguments.folder.as_deref().context("--folder is missing")?;
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let upstream = Upstream::start(&folder)?;
    match which {
        Which::Relayd => {
            let running = RelaydUnderTest::start(&folder, &upstream)?;
            all_cases(&running.relay, &upstream, cases, arguments.json)
        }
        Which::Postfix => {
            allow_through(&folder)?;
            let running = Postfix::start(&folder, &upstream).context("starting Postfix")?;
            all_cases(&running.relay, &upstream, cases, arguments.json)
        }
    }
}

/// Postfix's processes run as another user: every folder above must let them through.
fn allow_through(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for above in folder.ancestors().filter(|above| above.parent().is_some()) {
        let mode = std::fs::metadata(above)?.permissions().mode();
        anyhow::ensure!(
            mode & 0o001 != 0 || above == folder,
            "{} is closed to other users, so Postfix cannot work below it",
            above.display()
        );
    }
    Ok(())
}

fn all_cases(
    relay: &Relay,
    upstream: &Upstream,
    cases: &[Case],
    json: bool,
) -> Result<Vec<Measured>> {
    let mut all = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let run = format!("{}-{}-{number}", relay.name, std::process::id());
        let measured = measure(relay, upstream, *case, &run)
            .with_context(|| format!("{} in case {case:?}", relay.name))?;
        progress(relay.name, *case, &measured, json)?;
        all.push(measured);
    }
    Ok(all)
}

#[expect(
    clippy::print_stderr,
    reason = "progress goes to stderr, the table to stdout"
)]
fn progress(name: &str, case: Case, measured: &Measured, json: bool) -> Result<()> {
    if json {
        let line = serde_json::json!({ "relay": name, "case": case, "measured": measured });
        eprintln!("{}", serde_json::to_string(&line)?);
    } else {
        eprintln!(
            "{name}: {} connections, {} bytes, {:?} per connection: {:.0} accepted/s",
            case.connections, case.size, case.per_connection, measured.accepted_per_second
        );
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table goes to stdout")]
fn print(text: &str) {
    print!("{text}");
}
