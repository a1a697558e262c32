//! Bounds what devices and strangers can write into the log of refusals.
//!
//! Every refusal is counted; but each also becomes a row of the store. Whoever reaches the port can
//! be refused thousands of times a second, and so can a device that tries again in a loop.

use std::{
    hash::Hash,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;

use crate::model::{Network, UserId};

/// Rows that one address may cause in a window. A device with wrong settings needs a few.
const ROWS_OF_STRANGER: u32 = 30;
/// Rows that a relay user may cause at each address: a device in a loop does not hide the others.
const ROWS_OF_DEVICE: u32 = 120;
const WINDOW: Duration = Duration::from_mins(1);
/// Those who are remembered, of each sort; the least used one is forgotten first.
const REMEMBERED: u64 = 50_000;

/// Says which refusals are listed, not only counted.
#[derive(Debug)]
pub(super) struct Listing {
    /// By address, IPv6 by its /64, which is one site.
    strangers: Rows<Network>,
    devices: Rows<(UserId, Network)>,
}

impl Listing {
    pub(super) fn new() -> Self {
        Self {
            strangers: Rows::new(ROWS_OF_STRANGER),
            devices: Rows::new(ROWS_OF_DEVICE),
        }
    }

    /// Whether one more refusal of somebody at this address who has not signed in is listed.
    pub(super) fn takes_stranger(&self, client: IpAddr) -> bool {
        self.strangers.take(Network::site_of(client))
    }

    /// Whether the next refusal of a stranger at this address would still be listed.
    pub(super) fn has_room_for_stranger(&self, client: IpAddr) -> bool {
        self.strangers.has_room(&Network::site_of(client))
    }

    /// Whether one more refusal of this relay user at this address is listed.
    pub(super) fn takes_device(&self, user: UserId, client: IpAddr) -> bool {
        self.devices.take((user, Network::site_of(client)))
    }
}

/// Counts the rows of each in a window.
#[derive(Debug)]
struct Rows<K: Eq + Hash + Send + Sync + 'static> {
    counts: Cache<K, Arc<AtomicU32>>,
    most: u32,
}

impl<K: Eq + Hash + Send + Sync + 'static> Rows<K> {
    fn new(most: u32) -> Self {
        let counts = Cache::builder()
            .max_capacity(REMEMBERED)
            .time_to_live(WINDOW)
            .build();
        Self { counts, most }
    }

    fn take(&self, whose: K) -> bool {
        let count = self.counts.get_with(whose, Arc::default);
        count.fetch_add(1, Ordering::Relaxed) < self.most
    }

    fn has_room(&self, whose: &K) -> bool {
        let count = self.counts.get(whose);
        count.is_none_or(|count| count.load(Ordering::Relaxed) < self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdSource;

    #[test]
    fn a_flood_from_one_site_is_listed_up_to_a_bound() {
        let listing = Listing::new();
        for (flood, other) in [
            (["192.0.2.1", "192.0.2.1"], "192.0.2.2"),
            (["2001:db8::1", "2001:db8::2"], "2001:db8:0:1::1"),
        ] {
            let listed = (0..1000)
                .filter(|n| listing.takes_stranger(flood[n % 2].parse().unwrap()))
                .count();
            assert_eq!(listed, 30);
            let room = [flood[0], other].map(|client| {
                let client = client.parse().unwrap();
                listing.has_room_for_stranger(client)
            });
            assert_eq!(room, [false, true]);
            assert!(listing.takes_stranger(other.parse().unwrap()));
        }
    }

    #[test]
    fn a_device_that_tries_in_a_loop_is_listed_up_to_a_bound_and_the_others_still_are() {
        let listing = Listing::new();
        let (ids, now) = (IdSource::new(), jiff::Timestamp::UNIX_EPOCH);
        let (user, other) = (UserId::new(&ids, now), UserId::new(&ids, now));
        let [device, neighbour] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().unwrap());
        let listed = (0..1000)
            .filter(|_| listing.takes_device(user, device))
            .count();
        assert_eq!(listed, 120);
        assert!(listing.takes_device(user, neighbour));
        assert!(listing.takes_device(other, device));
        assert!(listing.takes_stranger(device));
    }
}
