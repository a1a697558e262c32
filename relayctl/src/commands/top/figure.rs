//! What is counted.

use relay_proto::StatsSummary;

/// One of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Accepted,
    Delivered,
    Deferred,
    Failed,
    Refused,
}

impl Figure {
    pub(super) const ALL: [Self; 5] = [
        Self::Accepted,
        Self::Delivered,
        Self::Deferred,
        Self::Failed,
        Self::Refused,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    pub(super) const fn of(self, stats: &StatsSummary) -> u64 {
        match self {
            Self::Accepted => stats.counts.accepted,
            Self::Delivered => stats.counts.delivered,
            Self::Deferred => stats.counts.deferred,
            Self::Failed => stats.counts.failed,
            Self::Refused => stats.refused,
        }
    }
}
