//! Bans of clients that guessed passwords: what an operator sees and lifts.

use std::{net::IpAddr, sync::Arc};

use tokio::sync::Mutex;

use super::{AdminError, Listing};
use crate::{
    clock::SharedClock,
    model::{Ban, Network},
    policy::{BanChanges, Guesses},
    store::{Store, StoreError},
};

/// Rows that are written in one transaction.
const PART: usize = 200;

/// The bans in force, and their way into the store. Clones share everything.
#[derive(Debug, Clone)]
pub struct Bans {
    guesses: Arc<Guesses>,
    store: Store,
    clock: SharedClock,
    /// One write at a time: an older one that ends later would bring back a ban that was lifted.
    writing: Arc<Mutex<()>>,
}

/// Changes on their way to the store. What does not arrive is offered again.
struct Taken<'g> {
    guesses: &'g Guesses,
    changes: BanChanges,
}

impl Bans {
    /// The bans that `guesses` imposes, kept in `store`.
    pub fn new(guesses: Arc<Guesses>, store: Store, clock: SharedClock) -> Self {
        Self {
            guesses,
            store,
            clock,
            writing: Arc::default(),
        }
    }

    /// The bans in force whose networks stand behind `after`, by the text of the network.
    pub fn list(&self, after: &str, limit: u32) -> Listing<Ban> {
        let mut bans = self.guesses.bans(self.clock.now());
        bans.sort_by_cached_key(|ban| ban.network.to_string());
        let rest = bans
            .into_iter()
            .filter(|ban| *ban.network.to_string() > *after);
        let limit_with_one = usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let items = rest.take(limit_with_one).collect();
        Listing::cut(items, limit, |ban: &Ban| ban.network.to_string())
    }

    /// The bans in force that keep out an address of `network`, by network.
    pub fn within(&self, network: Network) -> Vec<Ban> {
        let mut bans = self.guesses.bans(self.clock.now());
        bans.retain(|ban| ban.network.overlaps(&network));
        bans
    }

    /// The ban that keeps a client out.
    pub fn find(&self, client: &str) -> Result<Ban, AdminError> {
        let site = Network::site_of(address(client)?);
        let found = self.within(site).into_iter().next();
        found.ok_or_else(|| AdminError::not_found("ban of", client))
    }

    /// Lifts the ban that keeps a client out, with the memory of earlier ones; or that memory alone,
    /// when the ban is over.
    pub async fn lift(&self, client: &str) -> Result<Ban, AdminError> {
        let now = self.clock.now();
        let lifted = self.guesses.lift(address(client)?, now);
        let lifted = lifted.ok_or_else(|| AdminError::not_found("ban of", client))?;
        if lifted.is_in_force(now) {
            tracing::info!(client = %lifted.network, "ban lifted");
        } else {
            tracing::info!(client = %lifted.network, "ban forgotten that was over");
        }
        if let Err(error) = self.write_change(lifted.network).await {
            // It is lifted all the same, and written with the next round.
            tracing::warn!(%error, "the store does not take that a ban was lifted");
        }
        Ok(lifted)
    }

    /// Takes in what the store kept over a restart.
    pub async fn restore(&self) -> Result<(), StoreError> {
        let bans = self.store.bans(crate::policy::MOST_BANS).await?;
        self.guesses.restore(bans, self.clock.now());
        Ok(())
    }

    /// Writes one part of what has changed. Bounded, and never on the way of a mail.
    pub async fn write(&self) -> Result<(), StoreError> {
        let _one = self.writing.lock().await;
        self.tell(self.guesses.take_changes(PART)).await.map(drop)
    }

    /// Writes all that has changed, part by part.
    pub async fn write_all(&self) -> Result<(), StoreError> {
        let _one = self.writing.lock().await;
        while self.tell(self.guesses.take_changes(PART)).await? {}
        Ok(())
    }

    /// Writes what has changed of one network, before all that waits.
    async fn write_change(&self, network: Network) -> Result<(), StoreError> {
        let _one = self.writing.lock().await;
        self.tell(self.guesses.take_change(network)).await.map(drop)
    }

    /// Tells the store. `false` when there was nothing to tell.
    async fn tell(&self, changes: BanChanges) -> Result<bool, StoreError> {
        if changes.is_empty() {
            return Ok(false);
        }
        let mut taken = Taken {
            guesses: &self.guesses,
            changes,
        };
        let BanChanges { written, dropped } = &taken.changes;
        self.store.write_bans(written, dropped).await?;
        taken.changes = BanChanges::default();
        Ok(true)
    }

    /// Forgets what is long over, in memory and in the store.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        self.guesses.sweep(now);
        self.store
            .sweep_bans(now - crate::policy::BANS_REMEMBERED)
            .await
    }

    /// How many are in force.
    pub fn count(&self) -> usize {
        self.guesses.bans(self.clock.now()).len()
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.guesses.put_back(&self.changes);
    }
}

/// The address of a client that is named by it or by a network that [`Bans::list`] shows.
fn address(client: &str) -> Result<IpAddr, AdminError> {
    match client.parse::<Network>() {
        Ok(network) => Ok(network.address()),
        Err(_) => Err(AdminError::not_found("ban of", client)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt;

    use super::*;
    use crate::{clock::ManualClock, model::Secret, policy::GuessSettings, store::SealKey};

    async fn bans(folder: &tempfile::TempDir, clock: &Arc<ManualClock>) -> Bans {
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let settings = GuessSettings {
            ban_after: 3,
            exempt: Vec::new(),
        };
        let guesses = Arc::new(Guesses::new(settings, [7; 32]));
        Bans::new(guesses, store, Arc::<ManualClock>::clone(clock))
    }

    fn guess(bans: &Bans, client: &str, count: usize) {
        let client = client.parse().unwrap();
        for number in 0..count {
            let password = Secret::new(number.to_string());
            let now = bans.clock.now();
            let attempt = bans.guesses.begin(client, ("scan", &password), now);
            attempt.unwrap().failed("scan", now);
        }
    }

    #[tokio::test]
    async fn bans_outlive_a_restart_until_they_end_or_are_lifted() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let before = bans(&folder, &clock).await;
        for client in ["192.0.2.1", "192.0.2.2", "2001:db8::7"] {
            guess(&before, client, 3);
        }
        before.write().await.unwrap();

        let after = bans(&folder, &clock).await;
        after.restore().await.unwrap();
        let page = after.list("", 2);
        let networks = |bans: &[Ban]| {
            bans.iter()
                .map(|ban| ban.network.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(networks(&page.items), ["192.0.2.1/32", "192.0.2.2/32"]);
        assert_eq!((page.items[0].times, &*page.items[0].username), (1, "scan"));
        let rest = after.list(&page.next.unwrap(), 2);
        assert_eq!(
            (networks(&rest.items), rest.next),
            (vec!["2001:db8::/64".to_owned()], None)
        );

        let text = |found: Ban| found.network.to_string();
        assert_eq!(text(after.find("192.0.2.1").unwrap()), "192.0.2.1/32");
        assert_eq!(text(after.find("2001:db8::99").unwrap()), "2001:db8::/64");
        assert!(after.find("192.0.2.3").is_err() && after.find("nowhere").is_err());
        let within = |network: &str| networks(&after.within(network.parse().unwrap()));
        assert_eq!(within("192.0.2.0/24"), ["192.0.2.1/32", "192.0.2.2/32"]);
        assert_eq!(within("2001:db8::7"), ["2001:db8::/64"]);
        assert_eq!(within("192.0.2.3"), [""; 0]);

        after.lift("192.0.2.1").await.unwrap();
        after.lift("2001:db8::/64").await.unwrap();
        assert!(after.lift("192.0.2.1").await.is_err());
        assert!(after.lift("nowhere").await.is_err());
        let again = bans(&folder, &clock).await;
        again.restore().await.unwrap();
        assert_eq!(networks(&again.list("", 10).items), ["192.0.2.2/32"]);

        clock.advance(Duration::from_mins(5));
        assert_eq!(again.count(), 0);
        guess(&again, "192.0.2.2", 3);
        assert_eq!(
            again.list("", 10).items[0].times,
            2,
            "the next one is longer"
        );
        clock.advance(Duration::from_hours(24 * 8));
        assert_eq!(again.sweep().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn all_that_waits_is_written_part_by_part() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let before = bans(&folder, &clock).await;
        let count = 2 * PART + 1;
        for number in 0..count {
            let client = format!("198.51.{}.{}", 100 + number / 256, number % 256);
            guess(&before, &client, 3);
        }
        before.write_all().await.unwrap();
        let after = bans(&folder, &clock).await;
        after.restore().await.unwrap();
        assert_eq!(after.count(), count);
    }

    #[tokio::test]
    async fn a_ban_that_is_lifted_while_others_are_written_stays_lifted() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let before = bans(&folder, &clock).await;
        guess(&before, "192.0.2.1", 3);
        before.write().await.unwrap();
        // Many others wait, and a write is on its way: the lifted one is told after it, at once.
        for number in 0..=PART {
            guess(
                &before,
                &format!("198.51.{}.{}", 100 + number / 256, number % 256),
                3,
            );
        }
        let on_its_way = before.writing.lock().await;
        let lift = before.lift("192.0.2.1");
        tokio::pin!(lift);
        assert!(lift.as_mut().now_or_never().is_none());
        assert_eq!(before.store.bans(10).await.unwrap().len(), 1);
        drop(on_its_way);
        lift.await.unwrap();
        assert_eq!(before.store.bans(10).await.unwrap(), []);
        before.write_all().await.unwrap();
        assert_eq!(before.store.bans(1000).await.unwrap().len(), PART + 1);
    }

    #[tokio::test]
    async fn what_the_store_does_not_take_is_offered_again() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let bans = bans(&folder, &clock).await;
        guess(&bans, "192.0.2.1", 3);
        // Whoever asked is gone before the store has answered.
        drop(Taken {
            guesses: &bans.guesses,
            changes: bans.guesses.take_changes(PART),
        });
        bans.write().await.unwrap();
        assert_eq!(bans.store.bans(10).await.unwrap().len(), 1);
        bans.store.close().await;
        guess(&bans, "192.0.2.2", 3);
        assert!(bans.write_all().await.is_err());
        assert_eq!(bans.guesses.take_changes(PART).written.len(), 1);
    }

    #[tokio::test]
    async fn the_memory_of_a_ban_that_is_over_can_be_lifted() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let bans = bans(&folder, &clock).await;
        guess(&bans, "192.0.2.1", 3);
        bans.write().await.unwrap();
        clock.advance(Duration::from_mins(6));
        assert_eq!(bans.count(), 0);
        assert_eq!(bans.lift("192.0.2.1").await.unwrap().times, 1);
        assert_eq!(bans.store.bans(10).await.unwrap(), []);
        assert!(bans.lift("192.0.2.1").await.is_err());
    }
}
