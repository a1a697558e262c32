//! The keyrings that can keep a token: the Secret Service of a desktop, and that of the kernel.
//!
//! Neither says in time whether it works. Without D-Bus the Secret Service fails at once; where it
//! runs but is locked it reads as if it were empty, or waits for somebody to unlock it. So it is
//! tried by writing, reading and deleting, and nobody waits for it longer than [`PATIENCE`].

use std::sync::mpsc;
use std::time::Duration;

use keyring_core::Error;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::chain;

/// How long a keyring may take. A person who is asked to unlock one needs some of it.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the entries belong to, as a keyring's own program shows it.
const SERVICE: &str = "relayctl";

/// A keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    /// That of the desktop, over D-Bus.
    SecretService,
    /// That of the Linux kernel: in memory, gone with a restart, or after three days without use.
    Keyutils,
}

impl Keyring {
    /// Whether it keeps what it is given: written, read and deleted.
    pub(super) fn probe(self) -> Result<(), String> {
        let text = format!("{:032x}", rand::random::<u128>());
        let user = format!("probe {text}");
        bounded(move || {
            let entry = self.entry(&user)?;
            entry.set_password(&text).map_err(|error| said(&error))?;
            let read = entry.get_password();
            let deleted = entry.delete_credential();
            if read.map_err(|error| said(&error))? != text {
                return Err("it gives back something else than it was given".to_owned());
            }
            deleted.map_err(|error| said(&error))
        })
    }

    /// Keeps a secret under a name.
    pub(super) fn write(self, user: &str, secret: &SecretString) -> Result<(), String> {
        let (user, secret) = (user.to_owned(), secret.clone());
        bounded(move || {
            self.entry(&user)?
                .set_password(secret.expose_secret())
                .map_err(|error| said(&error))
        })
    }

    /// The secret under a name. One that is not there may be behind a lock: it reads alike.
    pub(super) fn read(self, user: &str) -> Result<SecretString, String> {
        let user = user.to_owned();
        bounded(move || {
            let secret = self.entry(&user)?.get_password();
            secret.map(SecretString::from).map_err(|error| said(&error))
        })
    }

    /// Forgets the secret under a name, if it is there.
    pub(super) fn delete(self, user: &str) -> Result<(), String> {
        let user = user.to_owned();
        bounded(move || match self.entry(&user)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(&error)),
        })
    }

    fn entry(self, user: &str) -> Result<keyring_core::Entry, String> {
        match self {
            Self::SecretService => match keyring::Entry::store_status() {
                Ok(()) => keyring::Entry::new(SERVICE, user)
                    .map(|entry| entry.inner)
                    .map_err(|error| said(&error)),
                Err(error) => Err(said(error)),
            },
            Self::Keyutils => keyutils(user),
        }
    }
}

#[cfg(target_os = "linux")]
fn keyutils(user: &str) -> Result<keyring_core::Entry, String> {
    use keyring_core::api::CredentialStoreApi as _;

    let store = linux_keyutils_keyring_store::Store::new().map_err(|error| said(&error))?;
    store
        .build(SERVICE, user, None)
        .map_err(|error| said(&error))
}

#[cfg(not(target_os = "linux"))]
fn keyutils(_: &str) -> Result<keyring_core::Entry, String> {
    Err("only Linux has it".to_owned())
}

impl std::fmt::Display for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SecretService => "the keyring (Secret Service)",
            Self::Keyutils => "the keyring of the kernel",
        })
    }
}

fn said(error: &Error) -> String {
    match error {
        Error::NoEntry => "there is no such entry, or it is locked".to_owned(),
        error => chain(error),
    }
}

/// Does the work, and stops waiting for it when it takes too long. What it does later is lost with
/// the program.
fn bounded<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(format!("it did not answer within {} s", PATIENCE.as_secs()))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("it failed".to_owned()),
    }
}
