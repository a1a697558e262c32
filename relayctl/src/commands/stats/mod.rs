//! `relayctl stats`: counts of mail.

mod domains;
mod errors;
mod lines;
mod picture;
mod report;
mod sent;
mod series;
mod summary;
mod systems;
mod users;
mod watch;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use relay_proto::{Counts, DeliveryTime, Period, StatsQuery};

use crate::args::words;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::session::Session;
use crate::time::{Moment, parse_interval};

super::verbs! {
    /// Statistics. Hours, days and months are those of UTC.
    Verb {
        Summary(summary::Args),
        Users(users::Args),
        Systems(systems::Args),
        Domains(domains::Args),
        Errors(errors::Args),
    }
}

/// Which span, and whose mail in it. Spans are widened to whole hours.
#[derive(Debug, clap::Args)]
struct Span {
    /// Beginning: 24h, 7d, 2026-11-21 or a full time
    #[arg(long, value_name = "TIME", default_value = "24h")]
    since: Moment,
    /// End [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// One line for each hour, day or month (UTC) in which there is something
    #[arg(long, value_name = "PERIOD", value_parser = words!(Period))]
    by: Option<Period>,
    /// Mail of this relay user only
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Mail from this system only
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Mail of senders in this domain only
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
}

impl Span {
    fn query(&self, session: &Session, now: Timestamp) -> Result<StatsQuery, Failure> {
        Ok(StatsQuery {
            account: session.named_account()?,
            since: Some(self.since.seen_from(now)),
            until: self.until.map(|until| until.seen_from(now)),
            user: self.user.clone(),
            system: self.system.clone(),
            domain: self.domain.clone(),
            by: self.by,
        })
    }
}

/// As a picture, and again and again.
#[derive(Debug, clap::Args)]
struct Show {
    /// Draw it: bars and lines that fit the terminal
    #[arg(long)]
    chart: bool,
    /// Draw with plain ASCII characters; so does a locale that is not UTF-8
    #[arg(long, requires = "chart")]
    ascii: bool,
    /// Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "2", value_parser = parse_interval)]
    watch: Option<Duration>,
}

impl Show {
    /// What is asked. A picture has to know where its span ends.
    fn query(&self, span: &Span, session: &Session, now: Timestamp) -> Result<StatsQuery, Failure> {
        let mut query = span.query(session, now)?;
        if self.chart {
            query.until.get_or_insert(now);
        }
        Ok(query)
    }
}

const fn number(count: u64) -> Cell {
    Cell::Count(count.cast_signed())
}

const fn accepted(counts: &Counts) -> Cell {
    number(counts.accepted)
}

/// Half of the recipients took at most this.
fn half(time: Option<DeliveryTime>) -> Cell {
    Cell::maybe(time, |time| Cell::Millis(time.p50_ms))
}

/// 95 of 100 recipients took at most this.
fn most(time: Option<DeliveryTime>) -> Cell {
    Cell::maybe(time, |time| Cell::Millis(time.p95_ms))
}

fn begin(at: Option<Timestamp>) -> Cell {
    Cell::maybe(at, Cell::Begin)
}

fn name(name: Option<&String>) -> Cell {
    Cell::maybe(name, Cell::text)
}
