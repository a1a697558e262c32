//! Where the binaries under test are.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Finds a binary of the workspace: in `RELAY_BIN_DIR`, or beside the running executable, or in
/// the folder above (tests run from `target/PROFILE/deps`).
pub fn binary(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("where is this executable?")?;
    let chosen = std::env::var_os("RELAY_BIN_DIR").map(PathBuf::from);
    let folders: Vec<PathBuf> = match chosen {
        Some(folder) => vec![folder],
        None => own.ancestors().skip(1).take(2).map(PathBuf::from).collect(),
    };
    let candidates = folders.iter().map(|folder| folder.join(name));
    match candidates.clone().find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => bail!(
            "{name} is not built; looked for {:?}: run `cargo build --workspace --bins` first",
            candidates.collect::<Vec<_>>()
        ),
    }
}
