//! Listeners: what they allow, and whether the process may open as many connections.

use async_trait::async_trait;
use rustix::process::{Resource, getrlimit};

use super::Examination;
use crate::{
    config::Config,
    model::{Finding, FindingArea},
};

/// Files that relayd opens beside the connections of devices: the database, the API, upstream.
const OTHER_FILES: u64 = 200;

/// Looks at the configuration of the listeners, and at the limits of the process.
pub struct Listeners {
    /// The configuration in force.
    pub config: Config,
}

#[async_trait]
impl Examination for Listeners {
    fn area(&self) -> FindingArea {
        FindingArea::Listeners
    }

    async fn examine(&self) -> Vec<Finding> {
        let mut findings = self.config.warnings();
        if findings.is_empty() {
            let names: Vec<_> = self.config.listeners.iter().map(|it| &*it.name).collect();
            findings.push(Finding::ok(
                FindingArea::Listeners,
                "listeners",
                format!("{} take no password in the clear", names.join(", ")),
            ));
        }
        let limit = getrlimit(Resource::Nofile).current;
        findings.push(judge_open_files(
            limit,
            self.config.limits.connections.into(),
        ));
        findings
    }
}

/// `None` is no limit.
fn judge_open_files(limit: Option<u64>, connections: u64) -> Finding {
    const CHECK: &str = "open-files";
    let area = FindingArea::Listeners;
    let wanted = connections + OTHER_FILES;
    match limit {
        Some(limit) if limit < wanted => Finding::warning(
            area,
            CHECK,
            format!("relayd may open {limit} files, and {connections} connections need {wanted}"),
            "raise LimitNOFILE in the unit, or lower limits.connections",
        ),
        Some(limit) => Finding::ok(area, CHECK, format!("relayd may open {limit} files")),
        None => Finding::ok(area, CHECK, "relayd may open any number of files"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FindingLevel::{Ok, Warning};

    #[test]
    fn connections_need_files() {
        for (limit, level) in [(Some(1024), Warning), (Some(5200), Ok), (None, Ok)] {
            assert_eq!(judge_open_files(limit, 5000).level, level, "{limit:?}");
        }
    }
}
