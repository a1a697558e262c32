//! Passwords of relay users: made, judged, hashed, verified.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP's first choice of equal strength) takes
//! some 35 ms and its memory for each run, so it runs outside the async threads and only a few at
//! a time: a flood of wrong passwords waits in line instead of taking all memory.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use rand::{TryRng, rngs::SysRng};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::model::Secret;

/// Memory of one run, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Longest password that is judged and hashed; bounds the work of the strength test.
pub const MAX_LENGTH: usize = 100;
/// Shortest password that a person may choose.
pub const MIN_LENGTH: usize = 12;

/// Letters and digits that cannot be taken for one another: no 0 O o, 1 l I i.
const ALPHABET: &[u8; 55] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";
/// 24 of 55 characters are 138 bits.
const GENERATED_LENGTH: usize = 24;
const GROUP: usize = 6;

/// A password could not be hashed or checked; says nothing about whether it is right.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashError(String);

/// Hashes and verifies, a few at a time. Clones share the permits.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    workspaces: Arc<Workspaces>,
    runs: Arc<AtomicU64>,
}

/// The memory of runs, kept for the next one: an allocator that gets 19 MiB back from ever other
/// threads keeps them in every one of its arenas (480 MiB were seen after a hundred sign-ins).
#[derive(Debug, Default)]
struct Workspaces(Mutex<Vec<Vec<Block>>>);

impl Workspaces {
    /// Lends a workspace of at least `blocks` to `work`.
    fn lend<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut workspace = self.shelf().pop().unwrap_or_default();
        if workspace.len() < blocks {
            workspace.resize(blocks, Block::default());
        }
        let result = work(&mut workspace);
        self.shelf().push(workspace);
        result
    }

    fn shelf(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passwords {
    /// At most `parallel` runs at a time, 19 MiB each.
    pub fn new(parallel: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(parallel.max(1))),
            workspaces: Arc::default(),
            runs: Arc::default(),
        }
    }

    /// How many runs there were.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The hash of a password in PHC form.
    pub async fn hash(&self, password: &Secret) -> Result<String, HashError> {
        let password = password.clone();
        self.run(move || {
            hasher()?
                .hash_password(password.expose().as_bytes())
                .map(|hash: PasswordHash| hash.to_string())
                .map_err(|error| HashError(error.to_string()))
        })
        .await?
    }

    /// Whether the password belongs to the hash. A hash that cannot be read fits none.
    pub async fn verify(&self, password: &Secret, hash: &str) -> Result<bool, HashError> {
        let (password, hash) = (password.clone(), hash.to_owned());
        let workspaces = Arc::clone(&self.workspaces);
        self.run(move || {
            let Ok(hash) = PasswordHash::new(&hash) else {
                return false;
            };
            fits(&password, &hash, &workspaces).unwrap_or(false)
        })
        .await
    }

    /// Takes as long as [`Passwords::verify`], for a user name that does not exist.
    pub async fn verify_nobody(&self, password: &Secret) -> Result<(), HashError> {
        let password = password.clone();
        let workspaces = Arc::clone(&self.workspaces);
        self.run(move || {
            let (hasher, salt) = (hasher()?, b"nobody's salt 16");
            let blocks = hasher.params().block_count();
            let mut out = [0; 32];
            workspaces
                .lend(blocks, |memory| {
                    let password = password.expose().as_bytes();
                    hasher.hash_password_into_with_memory(password, salt, &mut out, memory)
                })
                .map_err(|error| HashError(error.to_string()))
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|error| HashError(error.to_string()))?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            // Held by the work, not by the caller, who may have gone away.
            let _permit = permit;
            work()
        })
        .await
        .map_err(|error| HashError(error.to_string()))
    }
}

/// Whether the password makes the same hash at the hash's own cost; `None` when that hash is not
/// one of Argon2.
fn fits(password: &Secret, hash: &PasswordHash, workspaces: &Workspaces) -> Option<bool> {
    let params = Params::try_from(hash).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let (salt, expected) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
    let blocks = params.block_count();
    let argon2 = Argon2::new(algorithm, version, params);
    let mut out = vec![0; expected.len()];
    workspaces
        .lend(blocks, |memory| {
            let password = password.expose().as_bytes();
            argon2.hash_password_into_with_memory(password, salt, &mut out, memory)
        })
        .ok()?;
    Some(out.ct_eq(expected.as_ref()).into())
}

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| HashError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A new password of 138 bits, in four groups of six characters.
pub fn generate() -> Result<Secret, HashError> {
    let characters = random_characters(ALPHABET, GENERATED_LENGTH)?;
    let groups: Vec<_> = characters
        .as_bytes()
        .chunks(GROUP)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    Ok(Secret::new(groups.join("-")))
}

/// So many characters of the alphabet, each equally likely.
pub(super) fn random_characters(alphabet: &[u8], count: usize) -> Result<String, HashError> {
    let mut text = String::with_capacity(count);
    // Bytes at or above the last whole multiple of the alphabet would favour its beginning.
    let fair = 256 - 256 % alphabet.len();
    while text.len() < count {
        let mut bytes = [0u8; 32];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| HashError(error.to_string()))?;
        text.extend(
            bytes
                .iter()
                .map(|byte| usize::from(*byte))
                .filter(|byte| *byte < fair)
                .filter_map(|byte| alphabet.get(byte % alphabet.len()))
                .take(count - text.len())
                .map(|byte| char::from(*byte)),
        );
    }
    Ok(text)
}

/// What is wrong with a chosen password, if anything; `related` are words an attacker tries first.
pub fn weakness(password: &Secret, related: &[&str]) -> Option<String> {
    let text = password.expose();
    let length = text.chars().count();
    if length < MIN_LENGTH {
        return Some(format!("at least {MIN_LENGTH} characters"));
    }
    if length > MAX_LENGTH {
        return Some(format!("at most {MAX_LENGTH} characters"));
    }
    if text.chars().any(char::is_control) {
        return Some("no control characters: devices cannot send them".to_owned());
    }
    let entropy = zxcvbn::zxcvbn(text, related);
    if entropy.score() >= zxcvbn::Score::Three {
        return None;
    }
    let warning = entropy
        .feedback()
        .and_then(zxcvbn::feedback::Feedback::warning);
    Some(warning.map_or_else(
        || "too easy to guess".to_owned(),
        |warning| format!("too easy to guess: {warning}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash(&Secret::new("open sesame")).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (password, fits) in [("open sesame", true), ("open sesami", false), ("", false)] {
            let verified = passwords.verify(&Secret::new(password), &hash).await;
            assert_eq!(verified.unwrap(), fits, "{password}");
        }
        let garbled = passwords
            .verify(&Secret::new("open sesame"), "$argon2id$")
            .await;
        assert!(!garbled.unwrap());
    }

    #[test]
    fn weak_passwords_are_named_and_good_ones_pass() {
        for (password, is_weak) in [
            ("", true),
            ("short", true),
            ("aaaaaaaaaaaaaaaa", true),
            ("password12345", true),
            ("scannerscanner", true),
            ("correct horse battery staple", false),
            ("x7$kQ9!pLm2@vB", false),
            (&"long".repeat(26), true),
            ("x7$kQ9!pL\tm2@vB", true),
        ] {
            let weakness = weakness(&Secret::new(password), &["scanner", "acme"]);
            assert_eq!(weakness.is_some(), is_weak, "{password}: {weakness:?}");
        }
    }

    #[test]
    fn generated_passwords_are_strong_and_differ() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), GENERATED_LENGTH + 3);
        assert_eq!(weakness(&one, &[]), None);
    }
}
