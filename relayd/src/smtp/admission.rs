//! How many connections there may be: in all, of one address, of its neighbours, and of those who
//! have not signed in.
//!
//! Whoever has not signed in is a stranger, every device at first. Half of all places are open to
//! strangers. When those are taken, or all are, a newcomer is given the place of a stranger: of the
//! oldest in the network with the most of them, and among networks with as many, of the oldest of
//! all. So idle strangers never keep a device out, and a flood from one network pushes out itself.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Caps;
use crate::model::{Network, Reason};

/// How long a stranger whose place is needed may take over its last words.
const GRACE: Duration = Duration::from_secs(1);

/// Counts connections.
#[derive(Debug)]
pub(super) struct Admission {
    sessions: usize,
    sessions_per_address: usize,
    sessions_per_network: usize,
    crowd: Mutex<Crowd>,
}

#[derive(Debug, Default)]
struct Crowd {
    all: usize,
    strangers: usize,
    /// Strangers that were told to go and are still here.
    leaving: usize,
    by_address: HashMap<IpAddr, usize>,
    by_network: HashMap<Network, Neighbours>,
    /// The networks that have strangers. The last is the one whose oldest is to go first.
    ranking: BTreeSet<(Rank, Network)>,
    next: u64,
}

/// How many strangers a network has, and the number of its oldest one.
type Rank = (usize, Reverse<u64>);

#[derive(Debug, Default)]
struct Neighbours {
    sessions: usize,
    /// The oldest is the first.
    strangers: BTreeMap<u64, CancellationToken>,
}

/// The right to one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    admission: Arc<Admission>,
    address: IpAddr,
    number: u64,
    evicted: CancellationToken,
    signed_in: AtomicBool,
}

impl Admission {
    pub(super) fn new(caps: &Caps) -> Arc<Self> {
        Arc::new(Self {
            sessions: caps.sessions,
            sessions_per_address: caps.sessions_per_address,
            sessions_per_network: caps.sessions_per_network,
            crowd: Mutex::default(),
        })
    }

    /// One more connection from `address`, unless that would be too many.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Permit, Reason> {
        let network = Network::neighbours_of(address);
        let mut crowd = self.crowd();
        let of_address = crowd.by_address.get(&address).copied().unwrap_or(0);
        let of_network = crowd.by_network.get(&network);
        let of_network = of_network.map_or(0, |neighbours| neighbours.sessions);
        if of_address >= self.sessions_per_address || of_network >= self.sessions_per_network {
            return Err(Reason::TooManyConnections);
        }
        let is_full = crowd.all - crowd.leaving >= self.sessions;
        let is_crowded = crowd.strangers >= (self.sessions / 2).max(1);
        if (is_full || is_crowded) && !self.evict(&mut crowd) {
            return Err(Reason::TooManyConnections);
        }
        let (number, evicted) = (crowd.next, CancellationToken::new());
        crowd.next += 1;
        crowd.all += 1;
        crowd.strangers += 1;
        crowd.by_address.insert(address, of_address + 1);
        crowd.change(network, |neighbours| {
            neighbours.sessions += 1;
            neighbours.strangers.insert(number, evicted.clone());
        });
        Ok(Permit {
            admission: Arc::clone(self),
            address,
            number,
            evicted,
            signed_in: AtomicBool::new(false),
        })
    }

    /// Tells a stranger to go. `false` when there is none, or when too many are leaving already:
    /// those still take memory.
    fn evict(&self, crowd: &mut Crowd) -> bool {
        if crowd.leaving > self.sessions / 10 {
            return false;
        }
        let Some((_, fullest)) = crowd.ranking.last().copied() else {
            return false;
        };
        let oldest = crowd.change(fullest, |neighbours| neighbours.strangers.pop_first());
        let Some((_, oldest)) = oldest else {
            return false;
        };
        oldest.cancel();
        crowd.strangers -= 1;
        crowd.leaving += 1;
        metrics::counter!("relayd_sessions_evicted_total").increment(1);
        true
    }

    fn crowd(&self) -> MutexGuard<'_, Crowd> {
        self.crowd.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Crowd {
    /// Changes what is counted of a network, and its rank with it.
    fn change<T>(&mut self, network: Network, change: impl FnOnce(&mut Neighbours) -> T) -> T {
        let neighbours = self.by_network.entry(network).or_default();
        let before = neighbours.rank();
        let result = change(neighbours);
        let after = neighbours.rank();
        if neighbours.sessions == 0 {
            self.by_network.remove(&network);
        }
        if before != after {
            if let Some(rank) = before {
                self.ranking.remove(&(rank, network));
            }
            self.ranking.extend(after.map(|rank| (rank, network)));
        }
        result
    }
}

impl Neighbours {
    fn rank(&self) -> Option<Rank> {
        let (oldest, _) = self.strangers.first_key_value()?;
        Some((self.strangers.len(), Reverse(*oldest)))
    }
}

impl Permit {
    /// The client is no stranger any more. A session that was told to go meanwhile still goes.
    pub(super) fn sign_in(&self) {
        if self.signed_in.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut crowd = self.admission.crowd();
        if self.leave_strangers(&mut crowd) {
            crowd.strangers -= 1;
        } else {
            self.signed_in.store(false, Ordering::Relaxed);
        }
    }

    /// Waits until the place is needed for another.
    pub(super) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }

    /// Waits until the session must be over, whatever it is doing.
    pub(super) async fn overstayed(&self) {
        self.evicted().await;
        sleep(GRACE).await;
    }

    #[cfg(test)]
    pub(super) fn give_way(&self) {
        self.evicted.cancel();
    }

    fn leave_strangers(&self, crowd: &mut Crowd) -> bool {
        let network = Network::neighbours_of(self.address);
        crowd.change(network, |neighbours| {
            neighbours.strangers.remove(&self.number).is_some()
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut crowd = self.admission.crowd();
        crowd.all -= 1;
        if self.leave_strangers(&mut crowd) {
            crowd.strangers -= 1;
        } else if !self.signed_in.load(Ordering::Relaxed) {
            crowd.leaving -= 1;
        }
        if let Some(count) = crowd.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                crowd.by_address.remove(&self.address);
            }
        }
        let network = Network::neighbours_of(self.address);
        crowd.change(network, |neighbours| neighbours.sessions -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(all: usize, address: usize, network: usize) -> Arc<Admission> {
        Admission::new(&Caps {
            sessions: all,
            sessions_per_address: address,
            sessions_per_network: network,
            ..Caps::default()
        })
    }

    /// A connection that has signed in.
    fn known(admission: &Arc<Admission>, address: &str) -> Option<Permit> {
        let permit = admission.admit(address.parse().unwrap()).ok()?;
        permit.sign_in();
        Some(permit)
    }

    fn stranger(admission: &Arc<Admission>, address: &str) -> Permit {
        admission.admit(address.parse().unwrap()).unwrap()
    }

    #[test]
    fn each_cap_holds_and_leaves_nothing_behind() {
        let admission = admission(5, 2, 3);
        let known = |address| known(&admission, address);
        let first = [known("192.0.2.1"), known("192.0.2.1")];
        assert!(known("192.0.2.1").is_none(), "cap of the address");
        let second = known("192.0.2.2").unwrap();
        assert!(known("192.0.2.3").is_none(), "cap of the network");
        let others = [known("198.51.100.1"), known("2001:db8::1")];
        assert!(others.iter().all(Option::is_some));
        assert!(known("203.0.113.1").is_none(), "cap in all");
        drop(first);
        assert!(known("203.0.113.1").is_some());
        drop((second, others));
        let crowd = admission.crowd();
        let sums = (crowd.all, crowd.strangers, crowd.leaving);
        assert_eq!(sums, (0, 0, 0));
        assert_eq!((crowd.by_address.len(), crowd.by_network.len()), (0, 0));
        assert!(crowd.ranking.is_empty());
    }

    #[test]
    fn neighbours_share_a_24_or_a_64() {
        let admission = admission(100, 1, 2);
        let known = |address| known(&admission, address);
        for neighbours in [
            ["192.0.2.1", "192.0.2.2", "192.0.2.254"],
            ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"],
        ] {
            let taken = neighbours.map(known);
            assert_eq!(taken.map(|permit| permit.is_some()), [true, true, false]);
        }
    }

    #[test]
    fn strangers_take_half_and_the_oldest_of_the_largest_group_gives_way() {
        let admission = admission(20, 20, 20);
        let alone = stranger(&admission, "203.0.113.1");
        let group: Vec<_> = (0..9).map(|_| stranger(&admission, "192.0.2.1")).collect();
        assert!(!group[0].evicted.is_cancelled());
        let device = stranger(&admission, "198.51.100.7");
        assert!(group[0].evicted.is_cancelled());
        assert!(!alone.evicted.is_cancelled() && !group[1].evicted.is_cancelled());
        device.sign_in();
        let more: Vec<_> = (0..8).map(|_| known(&admission, "198.51.100.7")).collect();
        assert!(more.iter().all(Option::is_some));
        assert!(!device.evicted.is_cancelled());
        drop((device, more, alone, group));
        assert_eq!(admission.crowd().leaving, 0);
    }

    #[test]
    fn among_networks_with_as_many_strangers_the_oldest_gives_way() {
        let admission = admission(2000, 10, 10);
        let address = |number: usize| format!("198.{}.{}.1", 18 + number / 256, number % 256);
        let mut strangers: Vec<_> = (0..1000)
            .map(|number| stranger(&admission, &address(number)))
            .collect();
        // One in the middle signs in, and one is gone: neither gives way.
        strangers[1].sign_in();
        drop(strangers.remove(2));
        let gone = |strangers: &[Permit]| -> Vec<_> {
            let numbered = strangers.iter().enumerate();
            let gone = numbered.filter(|(_, permit)| permit.evicted.is_cancelled());
            gone.map(|(place, _)| place).collect()
        };
        for number in 1000..1002 {
            strangers.push(stranger(&admission, &address(number)));
        }
        assert!(gone(&strangers).is_empty(), "there was room");
        for number in 1002..1006 {
            strangers.push(stranger(&admission, &address(number)));
        }
        assert_eq!(gone(&strangers), [0, 2, 3, 4]);
        drop(strangers);
        assert!(admission.crowd().ranking.is_empty());
    }

    #[test]
    fn strangers_that_do_not_leave_bound_who_is_let_in() {
        let admission = admission(20, 100, 100);
        let group: Vec<_> = (0..100)
            .filter_map(|_| admission.admit("192.0.2.1".parse().unwrap()).ok())
            .collect();
        assert_eq!(group.len(), 13, "half of all, and a tenth that leaves");
        let late = group.first().unwrap();
        late.sign_in();
        assert!(late.evicted.is_cancelled(), "signing in comes too late");
        drop(group);
        assert_eq!(admission.crowd().all, 0);
        assert_eq!(admission.crowd().leaving, 0);
    }
}
