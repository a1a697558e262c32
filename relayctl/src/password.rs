//! Passwords: making them, taking them from where a process list cannot see them, and handing a
//! made one over exactly once.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rand::seq::IndexedRandom as _;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::error::{Exit, Failure};
use crate::output::file::create_named;

/// Letters and digits that are told apart in any font: no `0 O o 1 l I`.
const ALPHABET: &[u8; 56] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
const GROUPS: usize = 4;
const GROUP: usize = 6;
/// Nothing longer is a password; a wrong file is noticed.
const LONGEST: u64 = 4096;

/// A fresh password.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that takes randomness from the machine"
)]
pub(crate) fn fresh() -> SecretString {
    generate(&mut rand::rng())
}

/// Four groups of six: 139 bits, short enough for the keypad of a printer.
fn generate(rng: &mut impl rand::Rng) -> SecretString {
    let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP + 1)));
    for place in 0..GROUPS * GROUP {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        // The alphabet is not empty, so there is always a choice.
        text.push(char::from(ALPHABET.choose(rng).copied().unwrap_or(b'x')));
    }
    SecretString::from(text.as_str())
}

/// A secret from a file, without its last line end; `noun` says what it is.
pub(crate) fn from_file(path: &Path, noun: &str) -> Result<SecretString, Failure> {
    let file = File::open(path).map_err(|error| {
        let what = format!("cannot read the {noun} from {}", path.display());
        Failure::unreadable(what, &error)
    })?;
    one_line(file, &path.display().to_string(), noun)
}

/// A secret from stdin, without its last line end; `noun` says what it is.
pub(crate) fn from_stdin(noun: &str) -> Result<SecretString, Failure> {
    one_line(std::io::stdin().lock(), "stdin", noun)
}

fn one_line(source: impl std::io::Read, name: &str, noun: &str) -> Result<SecretString, Failure> {
    let mut text = Zeroizing::new(String::new());
    source
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Failure::local(format!("cannot read the {noun} from {name}"), &error))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let wrong = match line {
        "" => "it is empty",
        _ if text.len() as u64 > LONGEST => "it is too long for one line",
        _ if line.contains(['\n', '\r', '\0']) => "it has more than one line",
        _ => return Ok(SecretString::from(line)),
    };
    Err(Failure::usage(format!("there is no {noun} in {name}")).cause(wrong))
}

/// A new file for a password, made before the request so that a full disk or a taken name is
/// known before anything is changed.
#[derive(Debug)]
pub(crate) struct PasswordFile {
    path: PathBuf,
    file: File,
}

impl PasswordFile {
    /// Makes the file; it must not exist, and only its owner may read it.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            path: path.to_owned(),
            file: create_named(path)?,
        })
    }

    /// Writes the password and makes it safe on disk.
    pub(crate) fn write(mut self, password: &SecretString) -> Result<PathBuf, Failure> {
        let line = Zeroizing::new(format!("{}\n", password.expose_secret()));
        self.file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_all())
            .map_err(|error| {
                Failure::local(format!("cannot write {}", self.path.display()), &error)
            })?;
        Ok(self.path)
    }

    /// Removes the empty file after a request that failed.
    pub(crate) fn discard(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The password was set, but could not be shown: it is lost, and the way out is another one.
pub(crate) fn lost(failure: &Failure, remedy: &str) -> Failure {
    Failure::new(
        Exit::Unexpected,
        "password-not-shown",
        "the password was set, but could not be shown",
    )
    .cause(failure.to_string())
    .hint(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_are_four_groups_of_clear_characters() {
        use rand::SeedableRng as _;
        let mut rng = rand::rngs::StdRng::seed_from_u64(7);
        let first = generate(&mut rng);
        let groups: Vec<_> = first.expose_secret().split('-').collect();
        assert_eq!(groups.len(), GROUPS);
        for group in groups {
            assert_eq!(group.len(), GROUP);
            assert!(!group.contains(['0', 'O', 'o', '1', 'l', 'I']), "{group}");
        }
        assert_ne!(first.expose_secret(), generate(&mut rng).expose_secret());
        assert!((f64::from(56).log2() * 24.0) > 128.0);
    }

    #[test]
    fn one_line_end_is_not_part_of_the_password() {
        for (text, password) in [("a b\n", "a b"), ("a\r\n", "a"), ("a", "a"), (" a ", " a ")] {
            assert_eq!(
                one_line(text.as_bytes(), "x", "password")
                    .unwrap()
                    .expose_secret(),
                password
            );
        }
        for bad in ["", "\n", "a\nb\n", "a\n\n", "a\0b"] {
            assert_eq!(
                one_line(bad.as_bytes(), "x", "password")
                    .unwrap_err()
                    .exit(),
                Exit::Usage,
                "{bad:?}"
            );
        }
        let folder = from_file(Path::new("/"), "token").unwrap_err();
        assert_eq!(folder.to_string(), "cannot read the token from /");
        assert!(one_line("x".repeat(5000).as_bytes(), "x", "password").is_err());
    }

    #[test]
    fn a_password_file_is_private_and_never_overwrites() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scanner.pw");
        PasswordFile::create(&path)
            .unwrap()
            .write(&"secret".into())
            .unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "secret\n");
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(PasswordFile::create(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "secret\n");
    }
}
