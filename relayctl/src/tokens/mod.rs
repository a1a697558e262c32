//! Which token is shown to a relayd, and where it is kept.
//!
//! `RELAYCTL_TOKEN` wins, then the file that `RELAYCTL_TOKEN_FILE` names, then what is kept for the
//! context. The file of the context holds the token itself or says which keyring has it, so that
//! no command has to look everywhere.

mod file;
mod keyring;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

pub(crate) use self::keyring::Keyring;
use crate::context::Target;
use crate::environment::Environment;
use crate::error::{Exit, Failure};

const TOKEN: &str = "RELAYCTL_TOKEN";
const TOKEN_FILE: &str = "RELAYCTL_TOKEN_FILE";
/// Stand in the file of a context in place of a token, which never begins with `@`.
const IN_SECRET_SERVICE: &str = "@keyring";
const IN_KEYUTILS: &str = "@keyutils";

/// Where a token is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Store {
    /// In the keyring of the desktop where there is one, else in a file
    #[default]
    Auto,
    /// In the keyring of the desktop (Secret Service)
    Keyring,
    /// In the keyring of the Linux kernel, until a restart, or three days without use
    Keyutils,
    /// In a file that only you may read
    File,
}

/// Where a token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A variable of the environment.
    Variable(&'static str),
    /// A keyring.
    Keyring(Keyring),
    /// The file of the context.
    File(PathBuf),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Keyring(keyring) => keyring.fmt(f),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The token to show, if there is one.
pub(crate) fn token(
    environment: &Environment,
    target: &Target,
) -> Result<Option<SecretString>, Failure> {
    if let Some(token) = environment.text(TOKEN) {
        return Ok(Some(token.trim().into()));
    }
    if let Some(path) = environment.text(TOKEN_FILE) {
        return file::read_secret(Path::new(path)).map(Some);
    }
    let Some((place, line)) = kept(environment, target)? else {
        return Ok(None);
    };
    let Place::Keyring(keyring) = place else {
        return Ok(Some(line));
    };
    keyring
        .read(&entry_name(target))
        .map(Some)
        .map_err(|cause| {
            Failure::new(
                Exit::Forbidden,
                "keyring-closed",
                format!("{keyring} does not give the token that it keeps"),
            )
            .cause(cause)
            .hint("unlock it, or sign in anew: relayctl auth login")
        })
}

/// Where the token to show comes from, if there is one.
pub(crate) fn place(environment: &Environment, target: &Target) -> Result<Option<Place>, Failure> {
    match outranked(environment) {
        Some(name) => Ok(Some(Place::Variable(name))),
        None => Ok(kept(environment, target)?.map(|(place, _)| place)),
    }
}

/// What wins over the token of the context, if anything does.
pub(crate) fn outranked(environment: &Environment) -> Option<&'static str> {
    [TOKEN, TOKEN_FILE]
        .into_iter()
        .find(|name| environment.text(name).is_some())
}

/// Finds a place for a token: a keyring is tried before anything depends on it. Says, too, why it
/// is the file where a keyring was looked for.
pub(crate) fn choose(
    environment: &Environment,
    context: &str,
    store: Store,
) -> Result<(Place, Option<String>), Failure> {
    let file = || file::path(environment, context).map(Place::File);
    let asked = |keyring: Keyring| match keyring.probe() {
        Ok(()) => Ok((Place::Keyring(keyring), None)),
        Err(cause) => Err(cannot_keep(keyring, cause)),
    };
    match store {
        Store::File => Ok((file()?, None)),
        Store::Keyring => asked(Keyring::SecretService),
        Store::Keyutils => asked(Keyring::Keyutils),
        Store::Auto => match Keyring::SecretService.probe() {
            Ok(()) => Ok((Place::Keyring(Keyring::SecretService), None)),
            Err(cause) => Ok((file()?, Some(cause))),
        },
    }
}

/// Keeps the token of a context where [`choose`] found a place for it. The one before it is
/// forgotten.
pub(crate) fn keep(
    environment: &Environment,
    target: &Target,
    place: &Place,
    token: &SecretString,
) -> Result<(), Failure> {
    let path = file::path(environment, context(target))?;
    // A file that others may read is replaced, not trusted.
    let before = kept(environment, target).ok().flatten();
    let marker = match place {
        Place::Keyring(keyring) => {
            keyring
                .write(&entry_name(target), token)
                .map_err(|cause| cannot_keep(*keyring, cause))?;
            Some(SecretString::from(match keyring {
                Keyring::SecretService => IN_SECRET_SERVICE,
                Keyring::Keyutils => IN_KEYUTILS,
            }))
        }
        Place::File(_) | Place::Variable(_) => None,
    };
    file::write(&path, marker.as_ref().unwrap_or(token))?;
    if let Some((Place::Keyring(old), _)) = before
        && *place != Place::Keyring(old)
    {
        // Locked away or gone: there is nobody to tell.
        let _ = old.delete(&entry_name(target));
    }
    Ok(())
}

/// Forgets the token of a context, wherever it is. Whether there was one.
pub(crate) fn forget(environment: &Environment, target: &Target) -> Result<bool, Failure> {
    let path = file::path(environment, context(target))?;
    if let Ok(Some((Place::Keyring(keyring), _))) = kept(environment, target) {
        keyring.delete(&entry_name(target)).map_err(|cause| {
            Failure::new(
                Exit::Forbidden,
                "keyring-closed",
                format!("{keyring} does not let go of the token that it keeps"),
            )
            .cause(cause)
            .hint("unlock it and try again")
        })?;
    }
    file::remove(&path)
}

/// What is kept for a context, and the line that its file holds.
fn kept(
    environment: &Environment,
    target: &Target,
) -> Result<Option<(Place, SecretString)>, Failure> {
    let named = target.context.as_deref();
    let Some(path) = named.and_then(|context| file::path(environment, context).ok()) else {
        return Ok(None);
    };
    let line = file::read(&path)?;
    Ok(line.map(|line| {
        let place = match line.expose_secret() {
            IN_SECRET_SERVICE => Place::Keyring(Keyring::SecretService),
            IN_KEYUTILS => Place::Keyring(Keyring::Keyutils),
            _ => Place::File(path),
        };
        (place, line)
    }))
}

/// A target without a context has no file; its name is none that a context may have.
fn context(target: &Target) -> &str {
    target.context.as_deref().unwrap_or(".none")
}

/// The name of the entry in a keyring. With the address, so that a context of another relayd that
/// has the same name does not get the token.
fn entry_name(target: &Target) -> String {
    format!("{} at {}", context(target), target.endpoint)
}

fn cannot_keep(keyring: Keyring, cause: String) -> Failure {
    Failure::new(
        Exit::Unexpected,
        "keyring-closed",
        format!("{keyring} cannot keep the token"),
    )
    .cause(cause)
    .hint("unlock it, or choose another place: --store file")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::context::Endpoint;

    fn target(context: Option<&str>) -> Target {
        Target {
            context: context.map(str::to_owned),
            endpoint: Endpoint::Url("https://relay.example.com".to_owned()),
            ca_file: None,
            account: None,
        }
    }

    #[test]
    fn a_token_is_kept_for_its_owner_and_refused_when_others_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().to_str().unwrap();
        let environment = Environment::from([("XDG_STATE_HOME", state)]);
        let prod = target(Some("prod"));
        assert!(token(&environment, &prod).unwrap().is_none());
        let (found, why) = choose(&environment, "prod", Store::File).unwrap();
        assert_eq!(why, None);
        let Place::File(path) = &found else {
            panic!("{found:?}");
        };
        for text in ["first", "second"] {
            keep(&environment, &prod, &found, &text.into()).unwrap();
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let read = token(&environment, &prod).unwrap().unwrap();
            assert_eq!(read.expose_secret(), text);
            assert_eq!(place(&environment, &prod).unwrap().as_ref(), Some(&found));
        }
        assert!(token(&environment, &target(Some("lab"))).unwrap().is_none());
        assert!(token(&environment, &target(None)).unwrap().is_none());

        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = token(&environment, &prod).unwrap_err();
        assert_eq!(refused.code(), "token-file-open");
        assert!(forget(&environment, &prod).unwrap());
        assert!(!forget(&environment, &prod).unwrap());
    }

    #[test]
    fn the_environment_wins() {
        let environment = Environment::from([("RELAYCTL_TOKEN", " given "), ("HOME", "/nowhere")]);
        let prod = target(Some("prod"));
        let read = token(&environment, &prod).unwrap().unwrap();
        assert_eq!(read.expose_secret(), "given");
        assert_eq!(outranked(&environment), Some("RELAYCTL_TOKEN"));
        let from = place(&environment, &prod).unwrap();
        assert_eq!(from, Some(Place::Variable("RELAYCTL_TOKEN")));
    }

    #[test]
    fn a_marker_is_never_shown_as_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().to_str().unwrap();
        let environment = Environment::from([("XDG_STATE_HOME", state)]);
        let prod = target(Some("prod"));
        let path = file::path(&environment, "prod").unwrap();
        for (line, keyring) in [
            (IN_SECRET_SERVICE, Keyring::SecretService),
            (IN_KEYUTILS, Keyring::Keyutils),
        ] {
            file::write(&path, &line.into()).unwrap();
            let from = place(&environment, &prod).unwrap();
            assert_eq!(from, Some(Place::Keyring(keyring)));
        }
    }
}
