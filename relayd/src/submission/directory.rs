//! Relay users by name and by address, kept close: a device that reconnects for every mail costs no query.
//!
//! An entry is good until the configuration changes in this process, and for five seconds at most,
//! which is how long another node's change may take to be seen here.

use std::{net::IpAddr, sync::Arc, time::Duration};

use moka::sync::Cache;

use crate::{
    model::SystemId,
    store::{Login, Store, StoreError},
};

/// How stale an entry may be.
const GOOD_FOR: Duration = Duration::from_secs(5);

/// Looks relay users up.
#[derive(Debug)]
pub(super) struct Directory {
    store: Store,
    entries: Cache<String, Entry>,
    /// Strangers are remembered, too: they knock again.
    addresses: Cache<IpAddr, Place>,
}

#[derive(Debug, Clone)]
struct Entry {
    generation: u64,
    login: Arc<Login>,
}

/// Whom an address stands for: a system, and the name of its relay user.
#[derive(Debug, Clone)]
struct Place {
    generation: u64,
    system: Option<(SystemId, Arc<str>)>,
}

impl Directory {
    pub(super) fn new(store: Store) -> Self {
        let entries = Cache::builder()
            .max_capacity(20_000)
            .time_to_live(GOOD_FOR)
            .build();
        let addresses = Cache::builder()
            .max_capacity(20_000)
            .time_to_live(GOOD_FOR)
            .build();
        Self {
            store,
            entries,
            addresses,
        }
    }

    /// The relay user called `username` (in lower case), as things stand.
    pub(super) async fn find(&self, username: &str) -> Result<Option<Arc<Login>>, StoreError> {
        if let Some(login) = self.cached(username) {
            return Ok(Some(login));
        }
        // Read before the query: a change that comes in between makes the entry stale, not wrong.
        let generation = self.store.generation();
        let Some(login) = self.store.login(username).await? else {
            return Ok(None);
        };
        let login = Arc::new(login);
        let entry = Entry {
            generation,
            login: Arc::clone(&login),
        };
        self.entries.insert(username.to_owned(), entry);
        Ok(Some(login))
    }

    /// The system that sends by the address `client` alone, and its relay user, as things stand.
    pub(super) async fn find_at(
        &self,
        client: IpAddr,
    ) -> Result<Option<(SystemId, Arc<Login>)>, StoreError> {
        let client = client.to_canonical();
        let generation = self.store.generation();
        let known = self.addresses.get(&client);
        let system = if let Some(place) = known.filter(|place| place.generation == generation) {
            place.system
        } else {
            let found = self.store.system_at(client).await?;
            let system = found.map(|(system, username)| (system, Arc::from(username)));
            let place = Place {
                generation,
                system: system.clone(),
            };
            self.addresses.insert(client, place);
            system
        };
        let Some((system, username)) = system else {
            return Ok(None);
        };
        let login = self.find(&username).await?;
        Ok(login.map(|login| (system, login)))
    }

    /// The relay user if it was looked up just before; never waits.
    pub(super) fn cached(&self, username: &str) -> Option<Arc<Login>> {
        let entry = self.entries.get(username)?;
        (entry.generation == self.store.generation()).then_some(entry.login)
    }
}
