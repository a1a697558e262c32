//! Relay users by name and by address, kept close: a device that reconnects for every mail costs
//! no query.
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
/// How long it is remembered whom a name stood for, for the log of refusals only: longer than any
/// refused sign-in is held back.
const KNOWN_FOR: Duration = Duration::from_mins(5);

/// Looks relay users up.
#[derive(Debug)]
pub(super) struct Directory {
    store: Store,
    entries: Cache<String, Entry>,
    /// As they were at the last look, however things stand now.
    last_known: Cache<String, Arc<Login>>,
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
        let last_known = Cache::builder()
            .max_capacity(20_000)
            .time_to_live(KNOWN_FOR)
            .build();
        let addresses = Cache::builder()
            .max_capacity(20_000)
            .time_to_live(GOOD_FOR)
            .build();
        Self {
            store,
            entries,
            last_known,
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
            self.last_known.invalidate(username);
            return Ok(None);
        };
        let login = Arc::new(login);
        let known = Arc::clone(&login);
        self.last_known.insert(username.to_owned(), known);
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

    /// The same as it is in the store, and nothing is kept: the address is none that knocks.
    pub(super) async fn look_up_at(
        &self,
        client: IpAddr,
    ) -> Result<Option<(SystemId, Arc<Login>)>, StoreError> {
        let found = self.store.system_at(client.to_canonical()).await?;
        let Some((system, username)) = found else {
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

    /// The relay user as it was at the last look, to say whose refusal it is; never waits. An
    /// attempt is answered late, so that the entry it was judged by may be gone.
    pub(super) fn last_known(&self, username: &str) -> Option<Arc<Login>> {
        self.last_known.get(username)
    }

    /// The system that the address stood for at the last look, and its relay user; never waits.
    pub(super) fn last_known_at(&self, client: IpAddr) -> Option<(SystemId, Arc<Login>)> {
        let place = self.addresses.get(&client.to_canonical())?;
        let (system, username) = place.system?;
        Some((system, self.last_known(&username)?))
    }
}
