//! Clocks: this machine's against that of the database server.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Examination;
use crate::{
    clock::SharedClock,
    model::{Finding, FindingArea},
    store::Store,
};

/// What a slow answer explains.
const NOTICEABLE: Duration = Duration::from_secs(5);
/// Retries, quotas and expiry go wrong by as much.
const HARMFUL: Duration = Duration::from_mins(1);
const CHECK: &str = "database-clock";

/// Compares the clocks.
pub struct DatabaseClock {
    /// The database.
    pub store: Store,
    /// This machine's clock.
    pub clock: SharedClock,
}

#[async_trait]
impl Examination for DatabaseClock {
    fn area(&self) -> FindingArea {
        FindingArea::Clock
    }

    async fn examine(&self) -> Vec<Finding> {
        let area = FindingArea::Clock;
        let finding = match self.store.clock().await {
            Ok(Some(theirs)) => compare(self.clock.now(), theirs),
            Ok(None) => Finding::ok(
                area,
                CHECK,
                "the database goes by the clock of this machine",
            ),
            Err(error) => Finding::error(
                area,
                CHECK,
                format!("the database does not tell its time: {error}"),
                "see relayctl doctor store",
            ),
        };
        vec![finding]
    }
}

fn compare(ours: Timestamp, theirs: Timestamp) -> Finding {
    let area = FindingArea::Clock;
    let apart = ours.duration_since(theirs).unsigned_abs();
    let sentence = format!(
        "the clocks of relayd and its database are {} s apart",
        apart.as_secs()
    );
    let remedy = "let both machines set their clocks by NTP";
    if apart >= HARMFUL {
        Finding::error(area, CHECK, sentence, remedy)
    } else if apart >= NOTICEABLE {
        Finding::warning(area, CHECK, sentence, remedy)
    } else {
        Finding::ok(area, CHECK, "the clocks of relayd and its database agree")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FindingLevel::{Error, Ok, Warning};

    #[test]
    fn clocks_that_differ_are_told() {
        let ours = "2026-11-21T20:41:07Z".parse().unwrap();
        for (theirs, level) in [
            ("2026-11-21T20:41:03Z", Ok),
            ("2026-11-21T20:41:12Z", Warning),
            ("2026-11-21T20:40:08Z", Warning),
            ("2026-11-21T20:42:07Z", Error),
            ("2020-01-01T00:00:00Z", Error),
        ] {
            assert_eq!(
                compare(ours, theirs.parse().unwrap()).level,
                level,
                "{theirs}"
            );
        }
    }
}
