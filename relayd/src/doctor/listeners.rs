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
        findings.extend(self.by_address_alone());
        let limit = getrlimit(Resource::Nofile).current;
        findings.push(judge_open_files(limit, self.config.limits.connections));
        findings
    }
}

impl Listeners {
    /// Where no password is needed; of listeners on every address the warnings tell.
    fn by_address_alone(&self) -> impl Iterator<Item = Finding> {
        let listeners = self.config.listeners.iter();
        let narrow = listeners.filter(|it| it.address_auth && !it.address.ip().is_unspecified());
        narrow.map(|listener| {
            Finding::ok(
                FindingArea::Listeners,
                "address-auth",
                format!(
                    "listener {} takes mail of registered addresses without a password, on {} only",
                    listener.name,
                    listener.address.ip()
                ),
            )
        })
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
    use std::path::Path;

    use super::*;
    use crate::model::FindingLevel::{Ok, Warning};

    #[tokio::test]
    async fn listeners_that_take_mail_by_address_are_named_wherever_they_listen() {
        for (address, level) in [
            ("192.0.2.1:25", Ok),
            ("[::1]:25", Ok),
            ("0.0.0.0:25", Warning),
            ("[::]:25", Warning),
        ] {
            let text = format!(
                "hostname = \"relay.example.com\"\n[[listener]]\nname = \"lan\"\n\
                 address = \"{address}\"\ntls = \"starttls\"\naddress_auth = true"
            );
            let config = Config::parse(&text, "relayd.toml", Path::new("/")).unwrap();
            let found = Listeners { config }.examine().await;
            let named: Vec<_> = found
                .iter()
                .filter(|it| it.check == "address-auth")
                .collect();
            let [finding] = named.as_slice() else {
                panic!("{address}: {found:?}")
            };
            assert_eq!(finding.level, level, "{address}");
            assert!(finding.sentence.contains("listener lan takes mail"));
        }
    }

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
