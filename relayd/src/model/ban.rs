//! A client that may not connect for a while.

use jiff::Timestamp;

use super::Network;

/// What guessing passwords has led to. Kept for some days beyond its end: the next one is longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// The client: an IPv4 address or the /64 of an IPv6 address.
    pub network: Network,
    /// When it began.
    pub since: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Which one in a row it is, from 1.
    pub times: u32,
    /// The user name that was tried last. Hostile text.
    pub username: String,
}

impl Ban {
    /// Whether it is in force.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// The client as people write it: an address, or the network where it is one.
    pub fn client(&self) -> String {
        if self.network.is_host() {
            self.network.address().to_string()
        } else {
            self.network.to_string()
        }
    }
}
