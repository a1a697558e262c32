//! Names that lead to this machine for one program, and to where they are for all others.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use anyhow::Result;

/// What a program is to be started under, so that it finds these names on this machine: a command
/// that becomes the program. `folder` keeps the file of hosts.
pub fn finding_here(names: &[String], folder: &Path) -> Result<Vec<String>> {
    let file = folder.join("hosts");
    fs::write(&file, format!("127.0.0.1 localhost {}\n", names.join(" ")))?;
    let is_root = fs::metadata("/proc/self")?.uid() == 0;
    let namespaces = if is_root { "-m" } else { "-rm" };
    let script = format!("mount --bind {} /etc/hosts && exec \"$@\"", file.display());
    let words = ["unshare", namespaces, "sh", "-c", &script, "sh"];
    Ok(words.map(str::to_owned).to_vec())
}
