//! The store: whether it answers, whether it can be written, and how much room its disk has.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::time::Instant;

use super::Examination;
use crate::{
    machine::free_space,
    model::{Finding, FindingArea, Reason, Refusal},
    queue::Condition,
    store::Store,
};

const MIB: u64 = 1 << 20;
/// A few large mails more, and the disk is full.
const SCARCE: u64 = 512 * MIB;
/// Room for a day of trouble upstream.
const COMFORTABLE: u64 = 4096 * MIB;

/// Asks the store, those who write to it, and the file system under it.
pub struct StoreHealth {
    /// The store.
    pub store: Store,
    /// Whether mail is taken.
    pub condition: Condition,
    /// The folder of the database, where it is on this machine.
    pub folder: Option<PathBuf>,
    /// Bytes that must be free there.
    pub reserve: u64,
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
        let disk = self.folder.as_deref().map(|folder| self.disk(folder));
        [answer, judge_condition(self.condition.check())]
            .into_iter()
            .chain(disk)
            .collect()
    }
}

impl StoreHealth {
    fn disk(&self, folder: &Path) -> Finding {
        let name = folder.display().to_string();
        match free_space(folder) {
            Ok(free) => judge_disk(&name, free, self.reserve),
            Err(error) => Finding::warning(
                FindingArea::Store,
                "disk-space",
                format!("how much room {name} has cannot be told: {error}"),
                "see df",
            ),
        }
    }
}

fn judge_condition(condition: Result<(), Refusal>) -> Finding {
    const CHECK: &str = "store-writable";
    let area = FindingArea::Store;
    let Err(refusal) = condition else {
        return Finding::ok(area, CHECK, "mail can be written to the store");
    };
    let reason = refusal.reason;
    let sentence = format!("no mail is taken: {} [{reason}]", reason.sentence());
    let remedy = match reason {
        Reason::DiskFull => "free space on the disk of the database, or give it a larger one",
        _ => "see the log of relayd for what the database says; mail is taken again by itself",
    };
    Finding::error(area, CHECK, sentence, remedy)
}

fn judge_disk(folder: &str, free: u64, reserve: u64) -> Finding {
    const CHECK: &str = "disk-space";
    let area = FindingArea::Store;
    let remedy = "free space, or give it a larger disk";
    let sentence = format!("{} MiB are free in {folder}", free / MIB);
    if free < reserve {
        let reserve = reserve / MIB;
        let sentence =
            format!("{sentence}; below limits.disk_reserve ({reserve} MiB) no mail is taken");
        Finding::error(area, CHECK, sentence, remedy)
    } else if free < SCARCE {
        Finding::error(area, CHECK, sentence, remedy)
    } else if free < COMFORTABLE.max(reserve.saturating_mul(2)) {
        Finding::warning(area, CHECK, sentence, remedy)
    } else {
        Finding::ok(area, CHECK, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::FindingLevel::{Error, Ok, Warning},
        store::StoreError,
    };

    #[test]
    fn a_disk_that_fills_up_is_told() {
        const RESERVE: u64 = 256 * MIB;
        const LARGE: u64 = 10 * COMFORTABLE;
        for (free, reserve, level, told) in [
            (0, 0, Error, ""),
            (RESERVE - 1, RESERVE, Error, "limits.disk_reserve (256 MiB)"),
            (RESERVE, RESERVE, Error, ""),
            (SCARCE, RESERVE, Warning, ""),
            (COMFORTABLE, RESERVE, Ok, ""),
            (LARGE - 1, LARGE, Error, "limits.disk_reserve (40960 MiB)"),
            (LARGE, LARGE, Warning, ""),
            (2 * LARGE, LARGE, Ok, ""),
        ] {
            let found = judge_disk("/var/lib/relayd", free, reserve);
            assert_eq!(found.level, level, "{free} {reserve}");
            assert!(found.sentence.contains(told), "{}", found.sentence);
            let is_reserve = found.sentence.contains("disk_reserve");
            assert_eq!(is_reserve, free < reserve, "{}", found.sentence);
        }
    }

    #[test]
    fn that_no_mail_is_taken_is_told_with_its_reason() {
        let condition = Condition::default();
        assert_eq!(judge_condition(condition.check()).level, Ok);
        condition.set_disk_low(true);
        let found = judge_condition(condition.check());
        assert_eq!((found.level, found.check), (Error, "store-writable"));
        assert!(found.sentence.contains("disk-full"), "{}", found.sentence);
        assert!(found.remedy.contains("free space"), "{}", found.remedy);
        condition.set_disk_low(false);
        condition.tried(&Err(StoreError::Unavailable("gone".to_owned())));
        let found = judge_condition(condition.check());
        assert_eq!(found.level, Error);
        assert!(found.sentence.contains("store-unavailable"));
        assert!(found.remedy.contains("log of relayd"), "{}", found.remedy);
    }
}
