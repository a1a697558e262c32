//! Bans of clients that guessed passwords: what an operator sees and lifts.

use std::{net::IpAddr, sync::Arc};

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
}

impl Bans {
    /// The bans that `guesses` imposes, kept in `store`.
    pub fn new(guesses: Arc<Guesses>, store: Store, clock: SharedClock) -> Self {
        Self {
            guesses,
            store,
            clock,
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

    /// Lifts the ban that keeps a client out, with the memory of earlier ones.
    pub async fn lift(&self, client: &str) -> Result<Ban, AdminError> {
        let lifted = self.guesses.lift(address(client)?, self.clock.now());
        let lifted = lifted.ok_or_else(|| AdminError::not_found("ban of", client))?;
        tracing::info!(client = %lifted.network, "ban lifted");
        if let Err(error) = self.write().await {
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
        let changes = self.guesses.take_changes(PART);
        if changes.is_empty() {
            return Ok(());
        }
        let BanChanges { written, dropped } = &changes;
        let result = self.store.write_bans(written, dropped).await;
        if result.is_err() {
            self.guesses.put_back(&changes);
        }
        result
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
}
