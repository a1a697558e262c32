//! Who is it? Passwords against their hashes, without an oracle and without wasting a core.
//!
//! Devices sign in anew for every mail, and one Argon2id verification costs some 35 ms; so what
//! was verified is remembered for five minutes. Only successes are, under a key that lives as long
//! as the process, over hash and password together: a changed password misses by itself.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use moka::sync::Cache;

use crate::{
    accounts::{Passwords, password::HashError},
    model::{Reason, Refusal, Secret},
};

/// How long a verified password is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);
/// Sign-ins that may wait for a verification; 512 are about nine seconds of two cores. Half of
/// them is what one address may have.
const MAX_WAITING: usize = 512;
/// Longest password that is looked at; longer ones are never made.
const MAX_PASSWORD: usize = 1024;

/// Verifies what devices sign in with.
#[derive(Debug)]
pub(super) struct Identity {
    passwords: Passwords,
    remembered: Cache<[u8; 32], ()>,
    key: [u8; 32],
    waiting: AtomicUsize,
}

impl Identity {
    /// Nothing remembered yet. `key` must be random.
    pub(super) fn new(passwords: Passwords, key: [u8; 32]) -> Self {
        Self {
            passwords,
            remembered: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(REMEMBERED)
                .build(),
            key,
            waiting: AtomicUsize::new(0),
        }
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
        let _place = Place::take(&self.waiting).ok_or(Reason::AuthThrottled)?;
        let found = self
            .verify_slowly(hashes, password)
            .await
            .map_err(|error| {
                tracing::error!(%error, "a password could not be verified");
                Refusal::from(Reason::Internal)
            })?;
        if let Some(hash) = &found {
            self.remembered.insert(self.fingerprint(hash, password), ());
        }
        Ok(found)
    }

    async fn verify_slowly(
        &self,
        hashes: &[String],
        password: &Secret,
    ) -> Result<Option<String>, HashError> {
        if hashes.is_empty() {
            self.passwords.verify_nobody(password).await?;
        }
        for hash in hashes {
            if self.passwords.verify(password, hash).await? {
                return Ok(Some(hash.clone()));
            }
        }
        Ok(None)
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

    fn identity() -> (Identity, Passwords) {
        let passwords = Passwords::new(2);
        (Identity::new(passwords.clone(), [7; 32]), passwords)
    }

    #[tokio::test]
    async fn good_passwords_are_remembered_until_they_change() {
        let (identity, passwords) = identity();
        let good = Secret::new("correct horse");
        let old = [passwords.hash(&good).await.unwrap()];
        assert_eq!(identity.verify(&old, &good).await, Ok(Some(old[0].clone())));
        assert!(
            identity
                .remembered
                .contains_key(&identity.fingerprint(&old[0], &good))
        );

        let new = [passwords
            .hash(&Secret::new("battery staple"))
            .await
            .unwrap()];
        assert_eq!(identity.verify(&new, &good).await, Ok(None));
    }

    #[tokio::test]
    async fn wrong_passwords_and_unknown_names_are_refused_and_not_remembered() {
        let (identity, passwords) = identity();
        let hashes = [passwords.hash(&Secret::new("correct horse")).await.unwrap()];
        assert_eq!(
            identity.verify(&hashes, &Secret::new("wrong")).await,
            Ok(None)
        );
        assert_eq!(
            identity.verify(&[], &Secret::new("correct horse")).await,
            Ok(None)
        );
        identity.remembered.run_pending_tasks();
        assert_eq!(identity.remembered.entry_count(), 0);
    }

    #[tokio::test]
    async fn the_queue_for_verification_is_bounded() {
        let (identity, _) = identity();
        let places: Vec<_> = (0..MAX_WAITING)
            .filter_map(|_| Place::take(&identity.waiting))
            .collect();
        let refused = identity.verify(&[], &Secret::new("x")).await.unwrap_err();
        assert_eq!(
            (places.len(), refused.reason),
            (MAX_WAITING, Reason::AuthThrottled)
        );
        drop(places);
        assert_eq!(identity.verify(&[], &Secret::new("x")).await, Ok(None));
    }
}
