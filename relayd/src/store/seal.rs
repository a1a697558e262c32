//! Seals secrets at rest with XChaCha20-Poly1305.
//!
//! A sealed secret is `version (1) ‖ key id (8) ‖ nonce (24) ‖ ciphertext and tag`. Account and
//! purpose are bound in as associated data, so that a row copied elsewhere does not open.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::{TryRng, rngs::SysRng};
use zeroize::Zeroizing;

use crate::model::{AccountId, Secret};

const VERSION: u8 = 1;
const KEY_LEN: usize = 32;
const KEY_ID_LEN: usize = 8;
const NONCE_LEN: usize = 24;
const HEADER_LEN: usize = 1 + KEY_ID_LEN + NONCE_LEN;

/// The key that secrets in the store are sealed with.
#[derive(Clone)]
pub struct SealKey {
    cipher: XChaCha20Poly1305,
    id: [u8; KEY_ID_LEN],
    fingerprinting: blake3::Hasher,
}

/// Why a key could not be had, or a secret not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The file cannot be read or made.
    #[error("key file {}", path.display())]
    File {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner can read it.
    #[error("key file {} can be read by others (mode {mode:o}): chmod 600 it, and replace the key if it may have been seen", path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It holds something else.
    #[error("key file {} must hold 32 bytes as 64 hexadecimal digits or as base64", path.display())]
    Malformed {
        /// The key file.
        path: PathBuf,
    },
    /// The machine has no randomness.
    #[error("the system gives no random bytes: {0}")]
    Randomness(String),
    /// Sealed with another key.
    #[error("sealed with key {sealed_with}, but the key file holds {loaded}")]
    OtherKey {
        /// Id of the key that is needed.
        sealed_with: String,
        /// Id of the key at hand.
        loaded: String,
    },
    /// Cut short, changed, or moved here from another account or column.
    #[error("the sealed secret is damaged")]
    Damaged,
}

impl SealKey {
    /// Reads the key of `path`, and makes one there (mode 0600) when there is none.
    pub fn load_or_create(path: &Path) -> Result<Self, SealError> {
        match File::open(path) {
            Ok(file) => Self::load(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(source) => Err(file_error(path, source)),
        }
    }

    /// Reads the key of `path`, a credential that the service manager hands over. The folder it is
    /// in is for this service alone, so its own mode may be wider (systemd.exec(5): 0440).
    pub fn load_credential(path: &Path) -> Result<Self, SealError> {
        let file = File::open(path).map_err(|error| file_error(path, error))?;
        Self::read(path, file)
    }

    fn load(path: &Path, file: File) -> Result<Self, SealError> {
        let metadata = file.metadata().map_err(|error| file_error(path, error))?;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SealError::Exposed {
                path: path.to_owned(),
                mode,
            });
        }
        Self::read(path, file)
    }

    fn read(path: &Path, mut file: File) -> Result<Self, SealError> {
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text)
            .map_err(|error| file_error(path, error))?;
        let key = parse_key(text.trim()).ok_or_else(|| SealError::Malformed {
            path: path.to_owned(),
        })?;
        Ok(Self::new(&key))
    }

    fn create(path: &Path) -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        fill_random(key.as_mut_slice())?;
        let text = Zeroizing::new(format!("{}\n", BASE64_STANDARD.encode(key.as_slice())));
        let write = || {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            // The name must last as well: secrets sealed with a lost key are lost.
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|error| file_error(path, error))?;
        Ok(Self::new(&key))
    }

    fn new(key: &[u8; KEY_LEN]) -> Self {
        let derived = Zeroizing::new(blake3::derive_key("relayd 2026 id of a sealing key", key));
        let mut id = [0; KEY_ID_LEN];
        id.copy_from_slice(&derived[..KEY_ID_LEN]);
        let derived = Zeroizing::new(blake3::derive_key(
            "relayd 2026 fingerprints of requests",
            key,
        ));
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            id,
            fingerprinting: blake3::Hasher::new_keyed(&derived),
        }
    }

    /// Makes fingerprints that tell nothing to whoever has not this key.
    pub(super) fn fingerprinting(&self) -> blake3::Hasher {
        self.fingerprinting.clone()
    }

    /// Names the key without giving it away.
    pub fn id(&self) -> String {
        hex(&self.id)
    }

    /// Seals a secret of an account; `purpose` says which, as `table.column`.
    pub fn seal(
        &self,
        account: AccountId,
        purpose: &str,
        secret: &Secret,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce)?;
        let data = self.associated_data(account, purpose);
        let payload = Payload {
            msg: secret.expose().as_bytes(),
            aad: &data,
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SealError::Damaged)?;
        Ok([&[VERSION], &self.id[..], &nonce, &sealed].concat())
    }

    /// Opens what [`SealKey::seal`] made for the same account and purpose.
    pub fn open(
        &self,
        account: AccountId,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Secret, SealError> {
        let (header, ciphertext) = sealed
            .split_at_checked(HEADER_LEN)
            .ok_or(SealError::Damaged)?;
        let (key_id, nonce) = header[1..].split_at(KEY_ID_LEN);
        if header[0] != VERSION {
            return Err(SealError::Damaged);
        }
        if key_id != self.id {
            return Err(SealError::OtherKey {
                sealed_with: hex(key_id),
                loaded: self.id(),
            });
        }
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::Damaged)?;
        let data = self.associated_data(account, purpose);
        let payload = Payload {
            msg: ciphertext,
            aad: &data,
        };
        let plain = self
            .cipher
            .decrypt(&nonce, payload)
            .map_err(|_| SealError::Damaged)?;
        let text = String::from_utf8(plain).map_err(|_| SealError::Damaged)?;
        Ok(Secret::new(text))
    }

    fn associated_data(&self, account: AccountId, purpose: &str) -> Vec<u8> {
        [
            &[VERSION],
            &self.id[..],
            account.as_bytes(),
            purpose.as_bytes(),
        ]
        .concat()
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealKey({})", self.id())
    }
}

fn file_error(path: &Path, source: io::Error) -> SealError {
    SealError::File {
        path: path.to_owned(),
        source,
    }
}

fn fill_random(bytes: &mut [u8]) -> Result<(), SealError> {
    SysRng
        .try_fill_bytes(bytes)
        .map_err(|error| SealError::Randomness(error.to_string()))
}

fn parse_key(text: &str) -> Option<Zeroizing<[u8; KEY_LEN]>> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    if text.len() == 2 * KEY_LEN && text.is_ascii() {
        for (place, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
    } else {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).ok()?);
        *key = bytes.as_slice().try_into().ok()?;
    }
    Some(key)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use jiff::Timestamp;

    use super::*;
    use crate::model::IdSource;

    const KEY: [u8; KEY_LEN] = [7; KEY_LEN];

    fn account() -> AccountId {
        static IDS: IdSource = IdSource::new();
        AccountId::new(&IDS, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_secret_opens_for_its_account_and_purpose_only() {
        let (key, account, secret) = (SealKey::new(&KEY), account(), Secret::new("hunter2"));
        let sealed = key.seal(account, "routes.password", &secret).unwrap();
        let opened = key.open(account, "routes.password", &sealed).unwrap();
        assert_eq!(opened.expose(), "hunter2");
        assert_ne!(
            key.seal(account, "routes.password", &secret).unwrap(),
            sealed,
            "every nonce is new"
        );

        let is_damaged = |result| matches!(result, Err(SealError::Damaged));
        assert!(is_damaged(key.open(account, "routes.token", &sealed)));
        assert!(is_damaged(key.open(
            self::account(),
            "routes.password",
            &sealed
        )));
        for place in (0..sealed.len()).filter(|place| !(1..=KEY_ID_LEN).contains(place)) {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(is_damaged(key.open(account, "routes.password", &changed)));
            assert!(is_damaged(key.open(
                account,
                "routes.password",
                &sealed[..place]
            )));
        }
    }

    #[test]
    fn another_key_is_named() {
        let (one, two) = (SealKey::new(&KEY), SealKey::new(&[8; KEY_LEN]));
        let sealed = one.seal(account(), "p", &Secret::new("x")).unwrap();
        let refused = two.open(account(), "p", &sealed).unwrap_err().to_string();
        assert!(
            refused.contains(&one.id()) && refused.contains(&two.id()),
            "{refused}"
        );
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_and_read_in_both_forms() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = SealKey::load_or_create(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(SealKey::load_or_create(&path).unwrap().id(), made.id());

        let expected = SealKey::new(&KEY).id();
        for text in [
            hex(&KEY),
            hex(&KEY).to_uppercase() + "\n",
            BASE64_STANDARD.encode(KEY),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(SealKey::load_or_create(&path).unwrap().id(), expected);
        }
        for text in ["", "secret", &hex(&KEY[..31]), &"zz".repeat(KEY_LEN)] {
            fs::write(&path, text).unwrap();
            let refused = SealKey::load_or_create(&path);
            assert!(
                matches!(refused, Err(SealError::Malformed { .. })),
                "{text}: {refused:?}"
            );
        }
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = SealKey::load_or_create(&path);
            assert!(
                matches!(refused, Err(SealError::Exposed { mode: seen, .. }) if seen == mode),
                "{refused:?}"
            );
        }
        fs::write(&path, hex(&KEY)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o440)).unwrap();
        assert_eq!(SealKey::load_credential(&path).unwrap().id(), expected);
        let missing = SealKey::load_credential(&folder.path().join("none"));
        assert!(
            matches!(missing, Err(SealError::File { .. })),
            "{missing:?}"
        );
    }
}
