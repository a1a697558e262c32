//! Why a lane stands still.

use jiff::Timestamp;

use crate::model::{Reason, ReversePath, text_enum};

text_enum! {
    /// What kind of trouble stopped a lane.
    HoldKind {
        /// A limit of the other side; ends at a time.
        Quota = "quota",
        /// Credentials or configuration; ends when a person acts or a check succeeds.
        Credentials = "credentials",
        /// A person stopped it.
        Manual = "manual",
    }
}

/// Why a lane stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What kind of trouble.
    pub kind: HoldKind,
    /// The reason as a stable code.
    pub reason: Reason,
    /// The literal reply, or what the person said.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` is until somebody releases it.
    pub until: Option<Timestamp>,
}

/// A sender whose mail waits while that of others on the same route goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderHold {
    /// The address, or the domain behind `@`.
    pub sender: String,
    /// The reason as a stable code.
    pub reason: Reason,
    /// The literal reply, its cause and its remedy.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; then the next mail tries again.
    pub until: Timestamp,
}

impl SenderHold {
    /// Whether it is one of this sender, by address or domain.
    pub fn is_of(&self, sender: &ReversePath) -> bool {
        let Some(address) = sender.address() else {
            return false;
        };
        match self.sender.strip_prefix('@') {
            Some(domain) => domain.eq_ignore_ascii_case(address.domain()),
            None => self.sender.eq_ignore_ascii_case(address.as_str()),
        }
    }
}
