//! The store: whether it answers, and how much room its disk has.

use std::path::PathBuf;

use async_trait::async_trait;
use rustix::fs::statvfs;
use tokio::time::Instant;

use super::Examination;
use crate::{
    model::{Finding, FindingArea},
    store::Store,
};

const MIB: u64 = 1 << 20;
/// A few large mails more, and the disk is full.
const SCARCE: u64 = 512 * MIB;
/// Room for a day of trouble upstream.
const COMFORTABLE: u64 = 4096 * MIB;

/// Asks the store, and the file system that relayd keeps its state on.
pub struct StoreHealth {
    /// The store.
    pub store: Store,
    /// Where relayd keeps its state.
    pub state_dir: PathBuf,
}

#[async_trait]
impl Examination for StoreHealth {
    fn area(&self) -> FindingArea {
        FindingArea::Store
    }

    async fn examine(&self) -> Vec<Finding> {
        const CHECK: &str = "store-answers";
        let area = FindingArea::Store;
        let begun = Instant::now();
        let answer = match self.store.ping().await {
            Ok(()) => {
                let ms = begun.elapsed().as_millis();
                Finding::ok(
                    area,
                    CHECK,
                    format!("the store answers within {} ms", ms.max(1)),
                )
            }
            Err(error) => Finding::error(
                area,
                CHECK,
                format!("the store does not answer: {error}"),
                "no mail is taken until it does; see the log of relayd",
            ),
        };
        vec![answer, self.disk()]
    }
}

impl StoreHealth {
    fn disk(&self) -> Finding {
        let folder = self.state_dir.display().to_string();
        match statvfs(&self.state_dir) {
            Ok(disk) => judge_disk(&folder, disk.f_bavail.saturating_mul(disk.f_frsize)),
            Err(error) => Finding::warning(
                FindingArea::Store,
                "disk-space",
                format!("how much room {folder} has cannot be told: {error}"),
                "see df",
            ),
        }
    }
}

fn judge_disk(folder: &str, free: u64) -> Finding {
    const CHECK: &str = "disk-space";
    let area = FindingArea::Store;
    let sentence = format!("{} MiB are free in {folder}", free / MIB);
    let remedy = "free space, or give it a larger disk";
    if free < SCARCE {
        Finding::error(area, CHECK, sentence, remedy)
    } else if free < COMFORTABLE {
        Finding::warning(area, CHECK, sentence, remedy)
    } else {
        Finding::ok(area, CHECK, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FindingLevel::{Error, Ok, Warning};

    #[test]
    fn a_disk_that_fills_up_is_told() {
        for (free, level) in [(0, Error), (SCARCE, Warning), (COMFORTABLE, Ok)] {
            assert_eq!(judge_disk("/var/lib/relayd", free).level, level, "{free}");
        }
    }
}
