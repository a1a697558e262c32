//! Where the token for a relayd is kept, and which one is used: environment, the file that it
//! names, the file of the context.

use std::fs::{DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::password;

/// The token to show, if there is one.
pub(crate) fn token(
    environment: &Environment,
    context: Option<&str>,
) -> Result<Option<SecretString>, Failure> {
    if let Some(token) = environment.text("RELAYCTL_TOKEN") {
        return Ok(Some(token.trim().into()));
    }
    if let Some(path) = environment.text("RELAYCTL_TOKEN_FILE") {
        return from_file(Path::new(path)).map(Some);
    }
    let path = context.and_then(|context| path(environment, context).ok());
    match path.filter(|path| path.exists()) {
        Some(path) => from_file(&path).map(Some),
        None => Ok(None),
    }
}

/// Reads a token from a file that is for its owner's eyes, by the rule of `ssh` for its keys: one of
/// one's own is for oneself alone; who owns another decides who may read it.
fn from_file(path: &Path) -> Result<SecretString, Failure> {
    if let Ok(found) = std::fs::metadata(path) {
        // Where the system does not tell who runs this, the stricter rule holds.
        let own = std::fs::metadata("/proc/self").map(|this| this.uid());
        let is_own = own.map_or(true, |own| own == found.uid());
        let mode = found.permissions().mode();
        if is_own && mode & 0o077 != 0 || mode & 0o002 != 0 {
            let shown = path.display();
            return Err(Failure::new(
                Exit::Forbidden,
                "token-file-open",
                format!("{shown} may be read or written by others"),
            )
            .hint(format!(
                "chmod 600 {shown}; if somebody could have read it, revoke the token"
            )));
        }
    }
    password::from_file(path, "token")
}

/// What wins over the token of the context, if anything does.
pub(crate) fn outranked(environment: &Environment) -> Option<&'static str> {
    ["RELAYCTL_TOKEN", "RELAYCTL_TOKEN_FILE"]
        .into_iter()
        .find(|name| environment.text(name).is_some())
}

/// The file that keeps the token of a context.
fn path(environment: &Environment, context: &str) -> Result<PathBuf, Failure> {
    let state = environment.xdg("XDG_STATE_HOME", ".local/state")?;
    Ok(state.join("tokens").join(context))
}

/// Keeps the token of a context, for its owner's eyes only. Gives the path of the file.
pub(crate) fn keep(
    environment: &Environment,
    context: &str,
    token: &SecretString,
) -> Result<PathBuf, Failure> {
    let path = path(environment, context)?;
    let failed =
        |error: std::io::Error| Failure::local(format!("cannot write {}", path.display()), &error);
    if let Some(folder) = path.parent() {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).map_err(failed)?;
    }
    let beside = path.with_file_name(format!(".{context}.{}", std::process::id()));
    let line = Zeroizing::new(format!("{}\n", token.expose_secret()));
    let written = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(line.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| std::fs::rename(&beside, &path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })?;
    Ok(path)
}

/// Forgets the token of a context. Whether there was one.
pub(crate) fn forget(environment: &Environment, context: &str) -> Result<bool, Failure> {
    let path = path(environment, context)?;
    match std::fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            let what = format!("cannot remove {}", path.display());
            Err(Failure::local(what, &error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_its_owner_and_refused_when_others_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().to_str().unwrap();
        let environment = Environment::from([("XDG_STATE_HOME", state)]);
        assert!(token(&environment, Some("prod")).unwrap().is_none());
        for text in ["first", "second"] {
            let path = keep(&environment, "prod", &text.into()).unwrap();
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let read = token(&environment, Some("prod")).unwrap().unwrap();
            assert_eq!(read.expose_secret(), text);
        }
        assert!(token(&environment, Some("lab")).unwrap().is_none());
        assert!(token(&environment, None).unwrap().is_none());

        let path = path(&environment, "prod").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = token(&environment, Some("prod")).unwrap_err();
        assert_eq!(refused.code(), "token-file-open");
        // One that is named is no other.
        let named = Environment::from([("RELAYCTL_TOKEN_FILE", path.to_str().unwrap())]);
        for (mode, fits) in [(0o666, false), (0o640, false), (0o600, true), (0o400, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            match token(&named, None) {
                Ok(_) => assert!(fits, "{mode:o}"),
                Err(refused) => {
                    assert!(!fits, "{mode:o}");
                    assert_eq!(refused.code(), "token-file-open");
                }
            }
        }
        assert!(forget(&environment, "prod").unwrap());
        assert!(!forget(&environment, "prod").unwrap());
    }

    #[test]
    fn the_environment_wins() {
        let environment = Environment::from([("RELAYCTL_TOKEN", " given "), ("HOME", "/nowhere")]);
        let read = token(&environment, Some("prod")).unwrap().unwrap();
        assert_eq!(read.expose_secret(), "given");
        assert_eq!(outranked(&environment), Some("RELAYCTL_TOKEN"));
    }
}
