//! The bans in force: bounded, each longer than the one before, robust against a clock that jumps.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;

use crate::model::{Ban, Network};

/// How long the first ban is, the second in a row, and so on; the last is repeated.
const LENGTHS: [Duration; 5] = [
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(24),
];
/// How long after its end a ban still makes the next one longer.
pub const REMEMBERED: Duration = Duration::from_hours(24 * 7);
/// Bans that are kept, those that are over included.
pub const MOST_BANS: u32 = 20_000;

/// What the store has not been told yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct BanChanges {
    /// Bans to write.
    pub written: Vec<Ban>,
    /// Networks whose ban is gone.
    pub dropped: Vec<Network>,
}

impl BanChanges {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.dropped.is_empty()
    }
}

#[derive(Debug)]
pub(super) struct Bans {
    known: HashMap<Network, Ban>,
    /// Networks whose row in the store is not what `known` says.
    untold: HashSet<Network>,
    capacity: usize,
}

impl Bans {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            known: HashMap::new(),
            untold: HashSet::new(),
            capacity,
        }
    }

    /// The ban in force for a network.
    pub(super) fn of(&mut self, network: Network, now: Timestamp) -> Option<&Ban> {
        let ban = self.known.get_mut(&network)?;
        settle(ban, now);
        ban.is_in_force(now).then_some(&*ban)
    }

    /// Bans a network, for longer than the last time.
    pub(super) fn impose(&mut self, network: Network, username: &str, now: Timestamp) -> Ban {
        let earlier = self.known.get(&network);
        let earlier = earlier.filter(|ban| now < ban.until + REMEMBERED);
        let times = earlier.map_or(0, |ban| ban.times).saturating_add(1);
        let place = usize::try_from(times - 1).unwrap_or(usize::MAX);
        let length = LENGTHS.get(place).unwrap_or(&LENGTHS[LENGTHS.len() - 1]);
        let ban = Ban {
            network,
            since: now,
            until: now + *length,
            times,
            username: username.to_owned(),
        };
        if !self.known.contains_key(&network) && self.known.len() >= self.capacity {
            self.make_room();
        }
        self.known.insert(network, ban.clone());
        self.untold.insert(network);
        ban
    }

    /// Forgets the tenth that ends first. To have its own ban forgotten, an attacker must earn as
    /// many others that last as long.
    fn make_room(&mut self) {
        let mut ends: Vec<_> = self.known.values().map(|ban| ban.until).collect();
        let place = ends.len() / 10;
        let (_, last_out, _) = ends.select_nth_unstable(place);
        let last_out = *last_out;
        let untold = &mut self.untold;
        self.known.retain(|network, ban| {
            let stays = ban.until > last_out;
            if !stays {
                untold.insert(*network);
            }
            stays
        });
    }

    /// Takes a ban back, with its memory.
    pub(super) fn lift(&mut self, network: Network) -> Option<Ban> {
        let ban = self.known.remove(&network)?;
        self.untold.insert(network);
        Some(ban)
    }

    /// Takes in what the store kept.
    pub(super) fn restore(&mut self, bans: Vec<Ban>, now: Timestamp) {
        for mut ban in bans.into_iter().take(self.capacity) {
            settle(&mut ban, now);
            self.known.entry(ban.network).or_insert(ban);
        }
    }

    pub(super) fn in_force(&mut self, now: Timestamp) -> Vec<Ban> {
        self.known.values_mut().for_each(|ban| settle(ban, now));
        let bans = self.known.values().filter(|ban| ban.is_in_force(now));
        bans.cloned().collect()
    }

    /// Forgets what is long over.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        self.known.retain(|_, ban| now < ban.until + REMEMBERED);
    }

    /// At most `limit` changes that the store has not seen; they count as told.
    pub(super) fn take_changes(&mut self, limit: usize) -> BanChanges {
        let networks: Vec<_> = self.untold.iter().copied().take(limit).collect();
        let mut changes = BanChanges::default();
        for network in networks {
            let BanChanges { written, dropped } = self.take_change(network);
            changes.written.extend(written);
            changes.dropped.extend(dropped);
        }
        changes
    }

    /// What the store has not seen of one network; it counts as told.
    pub(super) fn take_change(&mut self, network: Network) -> BanChanges {
        let mut changes = BanChanges::default();
        if self.untold.remove(&network) {
            match self.known.get(&network) {
                Some(ban) => changes.written.push(ban.clone()),
                None => changes.dropped.push(network),
            }
        }
        changes
    }

    /// The store could not take these changes.
    pub(super) fn put_back(&mut self, changes: &BanChanges) {
        let written = changes.written.iter().map(|ban| ban.network);
        self.untold
            .extend(written.chain(changes.dropped.iter().copied()));
    }
}

/// Keeps a ban within its length when the clock jumps: one that has not begun yet begins now.
fn settle(ban: &mut Ban, now: Timestamp) {
    if now < ban.since {
        let longest = LENGTHS[LENGTHS.len() - 1];
        let length = ban.until.duration_since(ban.since).unsigned_abs();
        ban.since = now;
        ban.until = now + length.min(longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-05-04T12:00:00Z".parse().unwrap()
    }

    fn network(number: usize) -> Network {
        format!("198.51.{}.{}", 100 + number / 256, number % 256)
            .parse()
            .unwrap()
    }

    #[test]
    fn each_ban_is_longer_and_the_memory_of_it_ends() {
        let mut bans = Bans::new(10);
        let mut now = noon();
        let mut minutes = Vec::new();
        for _ in 0..6 {
            let ban = bans.impose(network(1), "scan", now);
            assert!(
                bans.of(network(1), ban.until - Duration::from_secs(1))
                    .is_some()
            );
            assert!(bans.of(network(1), ban.until).is_none());
            minutes.push((ban.until.as_second() - ban.since.as_second()) / 60);
            now = ban.until;
        }
        assert_eq!(minutes, [5, 15, 60, 240, 1440, 1440]);
        let ban = bans.impose(network(1), "scan", now + REMEMBERED);
        assert_eq!(ban.times, 1);
    }

    #[test]
    fn a_clock_that_jumps_makes_no_ban_longer_than_it_was() {
        let mut bans = Bans::new(10);
        let ban = bans.impose(network(1), "scan", noon());
        let past = noon() - Duration::from_hours(24 * 365);
        assert!(bans.of(network(1), past).is_some());
        assert!(bans.of(network(1), past + Duration::from_mins(5)).is_none());

        let mut restored = Bans::new(10);
        restored.restore(vec![ban], past);
        assert!(restored.of(network(1), past).is_some());
        assert!(
            restored
                .of(network(1), past + Duration::from_mins(5))
                .is_none()
        );
    }

    #[test]
    fn short_bans_give_way_to_others_and_long_ones_stay() {
        let mut bans = Bans::new(100);
        for _ in 0..5 {
            bans.impose(network(999), "scan", noon());
        }
        for number in 0..500 {
            bans.impose(network(number), "scan", noon() + Duration::from_secs(1));
        }
        assert!(bans.known.len() <= 100);
        assert!(
            bans.of(network(999), noon() + Duration::from_hours(23))
                .is_some()
        );
        let changes = bans.take_changes(usize::MAX);
        assert!(changes.written.len() <= 100 && changes.dropped.len() >= 400);
    }

    #[test]
    fn the_store_is_told_each_change_once_in_parts() {
        let mut bans = Bans::new(10);
        for number in 0..3 {
            bans.impose(network(number), "scan", noon());
        }
        let first = bans.take_changes(2);
        assert_eq!((first.written.len(), first.dropped.len()), (2, 0));
        bans.put_back(&first);
        assert_eq!(bans.take_changes(10).written.len(), 3);
        assert!(bans.take_changes(10).is_empty());
        assert!(bans.lift(network(1)).is_some() && bans.lift(network(1)).is_none());
        assert_eq!(bans.take_changes(10).dropped, [network(1)]);
    }
}
