//! What a device signs in as.

use jiff::Timestamp;

use super::{AccountId, Address, UserId, text_enum};

text_enum! {
    /// What happens to mail from a sender that the relay user may not use.
    OtherSender {
        /// Refused with `sender-not-allowed`.
        Reject = "reject",
        /// Sent as the relay user's own sender.
        Rewrite = "rewrite",
    }
}

text_enum! {
    /// Whether a relay user may sign in.
    UserState {
        /// It may.
        Active = "active",
        /// Stopped for now.
        Suspended = "suspended",
    }
}

/// A name that devices sign in with, and the senders it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayUser {
    /// Identifier.
    pub id: UserId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// User name, unique over all accounts, in lower case.
    pub username: String,
    /// The address it sends as.
    pub sender: Address,
    /// Further addresses it may send as.
    pub allowed_senders: Vec<Address>,
    /// What to do with any other sender.
    pub other_sender: OtherSender,
    /// Whether it may sign in.
    pub state: UserState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

impl RelayUser {
    /// Every address that it may send as.
    pub fn senders(&self) -> impl Iterator<Item = &Address> {
        std::iter::once(&self.sender).chain(&self.allowed_senders)
    }

    /// The addresses that it may send as and `other` may not.
    pub fn senders_beside(&self, other: &Self) -> impl Iterator<Item = &Address> {
        self.senders()
            .filter(|sender| !other.senders().any(|known| known.matches(sender)))
    }
}

#[cfg(any(test, fuzzing))]
impl RelayUser {
    /// The scanner of the tests, which may send as the ERP system, too.
    pub(crate) fn scanner(other_sender: OtherSender) -> Self {
        let (ids, now) = (super::IdSource::new(), Timestamp::UNIX_EPOCH);
        let address = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}"));
        Self {
            id: UserId::new(&ids, now),
            account_id: AccountId::new(&ids, now),
            username: "scanner".to_owned(),
            sender: address("scanner@acme.example"),
            allowed_senders: vec![address("erp@acme.example")],
            other_sender,
            state: UserState::Active,
            created_at: now,
            version: 1,
        }
    }
}
