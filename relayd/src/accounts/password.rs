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
        self.hash_beside(password, Vec::new()).await
    }

    /// The same with the salt of hashes that it will stand beside, so that one run judges all of
    /// them, see [`Passwords::find`]. Equal passwords have equal hashes then.
    pub async fn hash_beside(
        &self,
        password: &Secret,
        neighbours: Vec<String>,
    ) -> Result<String, HashError> {
        let password = password.clone();
        self.run(move || {
            let hasher = hasher()?;
            let shared = neighbours.iter().find_map(|hash| current_salt(hash));
            let password = password.expose().as_bytes();
            match shared {
                Some(salt) => hasher.hash_password_with_salt(password, &salt),
                None => hasher.hash_password(password),
            }
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|error| HashError(error.to_string()))
        })
        .await?
    }

    /// Whether the password belongs to the hash. A hash that cannot be read fits none.
    pub async fn verify(&self, password: &Secret, hash: &str) -> Result<bool, HashError> {
        let found = self.find(password, std::iter::once(hash)).await?;
        Ok(found.is_some())
    }

    /// The place of the hash that the password belongs to. Hashes of one salt, which those of one
    /// relay user are, cost one run together, and no hash at all costs one, too: the time tells
    /// neither how many there are nor which of them it was.
    pub async fn find<'h>(
        &self,
        password: &Secret,
        hashes: impl IntoIterator<Item = &'h str>,
    ) -> Result<Option<usize>, HashError> {
        let groups = grouped(hashes);
        if groups.is_empty() {
            self.verify_nobody(password).await?;
            return Ok(None);
        }
        let mut found = None;
        for group in groups {
            let (password, workspaces) = (password.clone(), Arc::clone(&self.workspaces));
            let place = self.run(move || group.find(&password, &workspaces)).await?;
            found = found.or(place);
        }
        Ok(found)
    }

    /// Takes as long as [`Passwords::find`], for a user name that does not exist.
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

/// Hashes that one run can judge, each with its place in the list that it comes from.
struct Group {
    argon2: Argon2<'static>,
    /// Algorithm, version and cost.
    cost: String,
    salt: Vec<u8>,
    members: Vec<(usize, Vec<u8>)>,
}

impl Group {
    /// The member that the password belongs to. Looks at all of them.
    fn find(&self, password: &Secret, workspaces: &Workspaces) -> Option<usize> {
        let length = self.members.iter().map(|(_, hash)| hash.len()).max()?;
        let mut out = vec![0; length];
        workspaces
            .lend(self.argon2.params().block_count(), |memory| {
                let password = password.expose().as_bytes();
                self.argon2
                    .hash_password_into_with_memory(password, &self.salt, &mut out, memory)
            })
            .ok()?;
        let mut found = None;
        for (place, hash) in &self.members {
            if bool::from(out.ct_eq(hash)) {
                found = Some(*place);
            }
        }
        found
    }
}

/// The hashes by what a run takes of them; those that cannot be read are left out.
fn grouped<'h>(hashes: impl IntoIterator<Item = &'h str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, text) in hashes.into_iter().enumerate() {
        let Some((argon2, hash)) = read(text) else {
            continue;
        };
        let (Some(salt), Some(expected)) = (hash.salt.as_ref(), hash.hash.as_ref()) else {
            continue;
        };
        // The length of the hash is part of what is hashed.
        let cost = format!(
            "{} {:?} {} {}",
            hash.algorithm,
            hash.version,
            hash.params,
            expected.len()
        );
        let member = (place, expected.as_ref().to_vec());
        let salt: &[u8] = salt.as_ref();
        match groups
            .iter_mut()
            .find(|group| group.cost == cost && group.salt == salt)
        {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                argon2,
                cost,
                salt: salt.to_vec(),
                members: vec![member],
            }),
        }
    }
    groups
}

/// A hash, and what makes another of its kind; `None` when it is not one of Argon2.
fn read(text: &str) -> Option<(Argon2<'static>, PasswordHash)> {
    let hash = PasswordHash::new(text).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    Some((Argon2::new(algorithm, version, params), hash))
}

/// The salt of a hash that was made at the cost of today.
fn current_salt(text: &str) -> Option<Vec<u8>> {
    let (_, hash) = read(text)?;
    let params = Params::try_from(&hash).ok()?;
    let is_current = hash.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && hash.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
    let salt: &[u8] = hash.salt.as_ref()?.as_ref();
    is_current.then(|| salt.to_vec())
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

    #[tokio::test]
    async fn hashes_that_stand_beside_each_other_cost_one_run_together() {
        let passwords = Passwords::new(2);
        let mut hashes = Vec::new();
        for password in ["first", "second", "third"] {
            let beside = hashes.clone();
            let password = Secret::new(password);
            hashes.push(passwords.hash_beside(&password, beside).await.unwrap());
        }
        let foreign = passwords.hash(&Secret::new("foreign")).await.unwrap();
        hashes.push("$argon2id$".to_owned());
        let find = async |password: &str, hashes: &[String]| {
            let before = passwords.runs();
            let hashes = hashes.iter().map(String::as_str);
            let found = passwords.find(&Secret::new(password), hashes).await;
            (found.unwrap(), passwords.runs() - before)
        };
        for (password, place) in [
            ("first", Some(0)),
            ("second", Some(1)),
            ("third", Some(2)),
            ("fourth", None),
        ] {
            assert_eq!(find(password, &hashes).await, (place, 1), "{password}");
        }
        assert_eq!(find("first", &[]).await, (None, 1));
        assert_eq!(find("first", &hashes[3..]).await, (None, 1));
        let known = [hashes[0].clone(), foreign];
        assert_eq!(find("foreign", &known).await, (Some(1), 2));
        let again = Secret::new("second");
        let same = passwords.hash_beside(&again, hashes.clone()).await;
        assert_eq!(same.unwrap(), hashes[1]);
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
