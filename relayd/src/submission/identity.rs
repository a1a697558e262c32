//! Who is it? Passwords against their hashes, without an oracle and without wasting a core.
//!
//! Devices sign in anew for every mail, and one Argon2id verification costs some 35 ms; so what
//! was verified is remembered for five minutes. Only successes are, under a key that lives as long
//! as the process, over hash and password together: a changed password misses by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use tokio::sync::Semaphore;

use crate::{
    accounts::password,
    model::{Reason, Refusal, Secret},
};

/// How long a verified password is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);
/// Verifications at a time: each takes a core and 19 MiB.
const AT_ONCE: usize = 2;
/// Verifications that may wait; 64 are about a second of two cores.
const MAX_WAITING: usize = 64;
/// Longest password that is looked at.
const MAX_PASSWORD: usize = 1024;

/// Verifies passwords.
#[derive(Debug)]
pub(super) struct Passwords {
    remembered: Cache<[u8; 32], ()>,
    key: [u8; 32],
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// A hash that no password matches, so that unknown names take as long as known ones.
    decoy: String,
}

impl Passwords {
    /// Nothing remembered yet. `key` must be random.
    pub(super) fn new(key: [u8; 32]) -> Result<Self, password::HashError> {
        let nobody = blake3::keyed_hash(&key, b"decoy").to_hex();
        Ok(Self {
            remembered: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(REMEMBERED)
                .build(),
            key,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            decoy: password::hash(&Secret::new(nobody.as_str()))?,
        })
    }

    /// The hash among `hashes` that `password` belongs to. Unknown names come with no hashes and
    /// take as long.
    pub(super) async fn verify(
        &self,
        hashes: &[String],
        password: &Secret,
    ) -> Result<Option<String>, Refusal> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(None);
        }
        for hash in hashes {
            if self
                .remembered
                .contains_key(&self.fingerprint(hash, password))
            {
                return Ok(Some(hash.clone()));
            }
        }
        let found = self.verify_slowly(hashes, password).await?;
        if let Some(hash) = &found {
            self.remembered.insert(self.fingerprint(hash, password), ());
        }
        Ok(found)
    }

    async fn verify_slowly(
        &self,
        hashes: &[String],
        password: &Secret,
    ) -> Result<Option<String>, Refusal> {
        let _place = Place::take(&self.waiting).ok_or(Reason::AuthThrottled)?;
        let closed = |_| Refusal::from(Reason::ShuttingDown);
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(closed)?;
        let candidates = if hashes.is_empty() {
            vec![self.decoy.clone()]
        } else {
            hashes.to_vec()
        };
        let is_known = !hashes.is_empty();
        let password = password.clone();
        let verified = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            candidates
                .into_iter()
                .find(|hash| password::verify(hash, &password))
        });
        let found = verified
            .await
            .map_err(|_| Refusal::from(Reason::Internal))?;
        Ok(found.filter(|_| is_known))
    }

    fn fingerprint(&self, hash: &str, password: &Secret) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&hash.len().to_le_bytes());
        hasher.update(hash.as_bytes());
        hasher.update(password.expose().as_bytes());
        hasher.finalize().into()
    }
}

/// A place in the bounded queue for verification; given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < MAX_WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[tokio::test]
    async fn good_passwords_are_remembered_until_they_change() {
        let passwords = Passwords::new([7; 32]).unwrap();
        let old = password::hash(&secret("correct horse")).unwrap();
        let hashes = [old.clone()];
        let good = secret("correct horse");
        assert_eq!(
            passwords.verify(&hashes, &good).await,
            Ok(Some(old.clone()))
        );
        assert!(
            passwords
                .remembered
                .contains_key(&passwords.fingerprint(&old, &good))
        );

        let new = [password::hash(&secret("battery staple")).unwrap()];
        assert_eq!(passwords.verify(&new, &good).await, Ok(None));
    }

    #[tokio::test]
    async fn wrong_passwords_and_unknown_names_are_refused_and_not_remembered() {
        let passwords = Passwords::new([7; 32]).unwrap();
        let hashes = [password::hash(&secret("correct horse")).unwrap()];
        assert_eq!(passwords.verify(&hashes, &secret("wrong")).await, Ok(None));
        assert_eq!(
            passwords.verify(&[], &secret("correct horse")).await,
            Ok(None)
        );
        passwords.remembered.run_pending_tasks();
        assert_eq!(passwords.remembered.entry_count(), 0);
    }

    #[tokio::test]
    async fn the_queue_for_verification_is_bounded() {
        let passwords = Passwords::new([7; 32]).unwrap();
        let places: Vec<_> = (0..MAX_WAITING)
            .filter_map(|_| Place::take(&passwords.waiting))
            .collect();
        let refused = passwords.verify(&[], &secret("x")).await.unwrap_err();
        assert_eq!(
            (places.len(), refused.reason),
            (MAX_WAITING, Reason::AuthThrottled)
        );
        drop(places);
        assert_eq!(passwords.verify(&[], &secret("x")).await, Ok(None));
    }
}
