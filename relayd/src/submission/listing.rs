//! Bounds what those who have not signed in can write into the log of refusals.
//!
//! Every refusal is counted; but each also becomes a row of the store, and whoever reaches the
//! port can be refused thousands of times a second.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;

/// Rows that one address may cause in a window. A device with wrong settings needs a few.
const ROWS: u32 = 30;
const WINDOW: Duration = Duration::from_mins(1);
/// Addresses that are remembered; the least used one is forgotten first.
const ADDRESSES: u64 = 50_000;

/// Counts refusals of strangers by address, IPv6 by its /64, which is one site.
#[derive(Debug)]
pub(super) struct Strangers(Cache<IpAddr, Arc<AtomicU32>>);

impl Strangers {
    pub(super) fn new() -> Self {
        let counts = Cache::builder()
            .max_capacity(ADDRESSES)
            .time_to_live(WINDOW)
            .build();
        Self(counts)
    }

    /// Whether one more refusal of this address may be listed, not only counted.
    pub(super) fn may_be_listed(&self, client: IpAddr) -> bool {
        let count = self.0.get_with(site(client), Arc::default);
        count.fetch_add(1, Ordering::Relaxed) < ROWS
    }
}

fn site(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            Ipv6Addr::from(prefix).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_from_one_site_is_listed_up_to_a_bound() {
        let strangers = Strangers::new();
        for (flood, other) in [
            (["192.0.2.1", "192.0.2.1"], "192.0.2.2"),
            (["2001:db8::1", "2001:db8::2"], "2001:db8:0:1::1"),
        ] {
            let listed = (0..1000)
                .filter(|n| strangers.may_be_listed(flood[n % 2].parse().unwrap()))
                .count();
            assert_eq!(listed, 30);
            assert!(strangers.may_be_listed(other.parse().unwrap()));
        }
    }
}
