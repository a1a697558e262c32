//! The file of a context: its token, or where else that is kept. Nobody else may read it.

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

/// Where it is.
pub(super) fn path(environment: &Environment, context: &str) -> Result<PathBuf, Failure> {
    let state = environment.xdg("XDG_STATE_HOME", ".local/state")?;
    Ok(state.join("tokens").join(context))
}

/// Its line, if there is such a file.
pub(super) fn read(path: &Path) -> Result<Option<SecretString>, Failure> {
    if path.exists() {
        read_secret(path).map(Some)
    } else {
        Ok(None)
    }
}

/// Reads a token from a file that is for its owner's eyes, by the rule of `ssh` for its keys: one of
/// one's own is for oneself alone; who owns another decides who may read it.
pub(super) fn read_secret(path: &Path) -> Result<SecretString, Failure> {
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

/// Replaces it in one step, so that a crash leaves the old or the new one.
pub(super) fn write(path: &Path, line: &SecretString) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::local(format!("cannot write {}", path.display()), &error);
    if let Some(folder) = path.parent() {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).map_err(failed)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let line = Zeroizing::new(format!("{}\n", line.expose_secret()));
    let written = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(line.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

/// Removes it. Whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool, Failure> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            let what = format!("cannot remove {}", path.display());
            Err(Failure::local(what, &error))
        }
    }
}
