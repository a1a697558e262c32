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
    accounts::Passwords,
    model::{CredentialId, Reason, Refusal, Secret},
    store::KnownHash,
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

    /// The credential among `known` that `password` belongs to. Unknown names come with none and
    /// take as long. One that was removed is not among them, whatever is remembered of it.
    pub(super) async fn verify(
        &self,
        known: &[KnownHash],
        password: &Secret,
    ) -> Result<Option<CredentialId>, Refusal> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(None);
        }
        for one in known {
            let fingerprint = self.fingerprint(&one.hash, password);
            if self.remembered.contains_key(&fingerprint) {
                return Ok(Some(one.id));
            }
        }
        let _place = Place::take(&self.waiting).ok_or(Reason::AuthThrottled)?;
        let hashes = known.iter().map(|one| one.hash.as_str());
        let place = self
            .passwords
            .find(password, hashes)
            .await
            .map_err(|error| {
                tracing::error!(%error, "a password could not be verified");
                Refusal::from(Reason::Internal)
            })?;
        let found = place.and_then(|place| known.get(place));
        if let Some(one) = found {
            self.remembered
                .insert(self.fingerprint(&one.hash, password), ());
        }
        Ok(found.map(|one| one.id))
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
    use jiff::Timestamp;

    use super::*;
    use crate::model::IdSource;

    fn identity() -> (Identity, Passwords) {
        let passwords = Passwords::new(2);
        (Identity::new(passwords.clone(), [7; 32]), passwords)
    }

    async fn known(passwords: &Passwords, password: &str) -> KnownHash {
        KnownHash {
            id: CredentialId::new(&IdSource::new(), Timestamp::UNIX_EPOCH),
            hash: passwords.hash(&Secret::new(password)).await.unwrap(),
        }
    }

    #[tokio::test]
    async fn good_passwords_are_remembered_until_they_change() {
        let (identity, passwords) = identity();
        let good = Secret::new("correct horse");
        let old = known(&passwords, "correct horse").await;
        let new = known(&passwords, "battery staple").await;
        let both = [new.clone(), old.clone()];
        assert_eq!(identity.verify(&both, &good).await, Ok(Some(old.id)));
        let runs = passwords.runs();
        assert_eq!(identity.verify(&both, &good).await, Ok(Some(old.id)));
        assert_eq!(passwords.runs(), runs, "it was remembered");
        assert_eq!(identity.verify(&[new], &good).await, Ok(None));
    }

    #[tokio::test]
    async fn wrong_passwords_and_unknown_names_are_refused_and_not_remembered() {
        let (identity, passwords) = identity();
        let right = [known(&passwords, "correct horse").await];
        assert_eq!(
            identity.verify(&right, &Secret::new("wrong")).await,
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
