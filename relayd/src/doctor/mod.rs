//! The doctor: looks at this relayd from inside and tells what an administrator should know.
//!
//! Each [`Examination`] looks at one thing. Another one is a type of its own and a line where the
//! doctor is made.

mod clock;
mod listeners;
mod routes;
mod store;
mod tls;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::model::{Finding, FindingArea};

pub use clock::DatabaseClock;
pub use listeners::Listeners;
pub use routes::RouteEnds;
pub use store::StoreHealth;
pub use tls::Certificates;

/// For one examination; one that takes longer is a finding itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at one thing.
#[async_trait]
pub trait Examination: Send + Sync {
    /// What it is about.
    fn area(&self) -> FindingArea;

    /// What was found, good news included.
    async fn examine(&self) -> Vec<Finding>;
}

/// All examinations. Clones share them.
#[derive(Clone)]
pub struct Doctor(Arc<[Box<dyn Examination>]>);

impl Doctor {
    /// A doctor who knows these examinations.
    pub fn new(examinations: Vec<Box<dyn Examination>>) -> Self {
        Self(examinations.into())
    }

    /// What is found in `area`, or everywhere; each finding once.
    pub async fn examine(&self, area: Option<FindingArea>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for examination in self.0.iter() {
            let about = examination.area();
            if area.is_some_and(|area| area != about) {
                continue;
            }
            let found = tokio::time::timeout(PATIENCE, examination.examine()).await;
            for finding in found.unwrap_or_else(|_| vec![no_answer(about)]) {
                // Listeners share certificates.
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
        findings
    }
}

fn no_answer(area: FindingArea) -> Finding {
    let sentence = format!("nothing was heard within {} s", PATIENCE.as_secs());
    Finding::error(area, "answer", sentence, "see the log of relayd")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(FindingArea, &'static str);

    #[async_trait]
    impl Examination for Fixed {
        fn area(&self) -> FindingArea {
            self.0
        }

        async fn examine(&self) -> Vec<Finding> {
            if self.1 == "stuck" {
                std::future::pending::<()>().await;
            }
            vec![Finding::ok(self.0, "check", self.1)]
        }
    }

    #[tokio::test(start_paused = true)]
    async fn areas_are_chosen_repetitions_go_and_silence_is_told() {
        let doctor = Doctor::new(vec![
            Box::new(Fixed(FindingArea::Tls, "one")),
            Box::new(Fixed(FindingArea::Tls, "one")),
            Box::new(Fixed(FindingArea::Tls, "other")),
            Box::new(Fixed(FindingArea::Store, "stuck")),
        ]);
        let said = async |area| {
            let found = doctor.examine(area).await;
            found.into_iter().map(|it| it.sentence).collect::<Vec<_>>()
        };
        let silence = "nothing was heard within 20 s";
        assert_eq!(said(None).await, ["one", "other", silence]);
        assert_eq!(said(Some(FindingArea::Tls)).await, ["one", "other"]);
        assert_eq!(said(Some(FindingArea::Clock)).await, [""; 0]);
    }
}
