//! The file of a context: its token, or where else that is kept. Nobody else may read it.

use std::fs::{DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
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
    match std::fs::metadata(path) {
        Err(_) => Ok(None),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => Err(Failure::new(
            Exit::Forbidden,
            "token-file-open",
            format!("{} may be read by others", path.display()),
        )
        .hint(format!(
            "chmod 600 {}; if somebody could have read it, revoke the token",
            path.display()
        ))),
        Ok(_) => password::from_file(path, "token").map(Some),
    }
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
