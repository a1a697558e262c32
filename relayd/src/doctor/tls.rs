//! Certificates: their end, their names, and the files they came from.

use std::sync::Arc;

use async_trait::async_trait;

use super::Examination;
use crate::{
    certificate::CertificateSet,
    clock::SharedClock,
    model::{Finding, FindingArea},
};

/// Looks at the certificates of all listeners.
pub struct Certificates {
    /// Those of each listener.
    pub sets: Vec<Arc<CertificateSet>>,
    /// What the relay calls itself.
    pub hostname: String,
    /// What time it is.
    pub clock: SharedClock,
}

#[async_trait]
impl Examination for Certificates {
    fn area(&self) -> FindingArea {
        FindingArea::Tls
    }

    async fn examine(&self) -> Vec<Finding> {
        let now = self.clock.now();
        let all = self.sets.iter();
        all.flat_map(|set| set.findings(&self.hostname, now))
            .collect()
    }
}
