//! `relayctl stats`: counts of mail.

mod errors;
mod summary;
mod systems;
mod users;

use relay_proto::{Counts, StatsQuery};

use crate::error::Failure;
use crate::output::cell::Cell;
use crate::session::Session;
use crate::time::Moment;

super::verbs! {
    /// Statistics.
    Verb { Summary(summary::Args), Users(users::Args), Systems(systems::Args), Errors(errors::Args) }
}

/// Which span. Spans are widened to whole hours.
#[derive(Debug, clap::Args)]
struct Span {
    /// Beginning: 24h, 7d, 2026-11-21 or a full time
    #[arg(long, value_name = "TIME", default_value = "24h")]
    since: Moment,
    /// End [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
}

impl Span {
    fn query(&self, session: &Session) -> Result<StatsQuery, Failure> {
        let now = session.out.now;
        Ok(StatsQuery {
            account: session.named_account()?,
            since: Some(self.since.seen_from(now)),
            until: self.until.map(|until| until.seen_from(now)),
        })
    }
}

const fn number(count: u64) -> Cell {
    Cell::Count(count.cast_signed())
}

const fn accepted(counts: &Counts) -> Cell {
    number(counts.accepted)
}
