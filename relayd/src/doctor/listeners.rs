//! Listeners: what they allow, and whether the process may open as many connections.

use async_trait::async_trait;
use rustix::process::{Resource, getrlimit};

use super::Examination;
use crate::{
    config::Config,
    machine::files_needed,
    model::{Finding, FindingArea},
};

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
        findings.push(judge_open_files(limit, self.config.limits.connections));
        findings
    }
}

/// `None` is no limit.
fn judge_open_files(limit: Option<u64>, connections: u32) -> Finding {
    const CHECK: &str = "open-files";
    let area = FindingArea::Listeners;
    let wanted = files_needed(connections);
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
        let needed = files_needed(5000);
        for (limit, level) in [
            (Some(1024), Warning),
            (Some(needed - 1), Warning),
            (Some(needed), Ok),
            (None, Ok),
        ] {
            assert_eq!(judge_open_files(limit, 5000).level, level, "{limit:?}");
        }
    }
}
