//! How many connections there may be, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Caps;

/// Counts connections.
#[derive(Debug)]
pub(super) struct Admission {
    sessions: usize,
    sessions_per_address: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// The right to one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    admission: Arc<Admission>,
    address: IpAddr,
}

impl Admission {
    pub(super) fn new(caps: &Caps) -> Arc<Self> {
        Arc::new(Self {
            sessions: caps.sessions,
            sessions_per_address: caps.sessions_per_address,
            counts: Mutex::default(),
        })
    }

    /// One more connection from `address`, unless that would be too many.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Permit> {
        let mut counts = self.counts();
        let of_address = counts.by_address.get(&address).copied().unwrap_or(0);
        if counts.all >= self.sessions || of_address >= self.sessions_per_address {
            return None;
        }
        counts.all += 1;
        counts.by_address.insert(address, of_address + 1);
        Some(Permit {
            admission: Arc::clone(self),
            address,
        })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.all -= 1;
        if let Some(count) = counts.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_caps_hold_and_leave_nothing_behind() {
        let admission = Admission::new(&Caps {
            sessions: 3,
            sessions_per_address: 2,
            ..Caps::default()
        });
        let [one, two, three] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|a| a.parse().unwrap());
        let first = admission.admit(one).unwrap();
        let second = admission.admit(one).unwrap();
        assert!(admission.admit(one).is_none(), "cap of the address");
        let third = admission.admit(two).unwrap();
        assert!(admission.admit(three).is_none(), "cap in all");
        drop(first);
        assert!(admission.admit(three).is_some());
        drop((second, third));
        let counts = admission.counts();
        assert_eq!((counts.all, counts.by_address.len()), (0, 0));
    }
}
