//! Names that lead to this machine for one program, and to where they are for all others; no other
//! name leads that program anywhere.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use anyhow::Result;

/// What a program is to be started under, so that it finds these names on this machine and asks nobody
/// for others: a command that becomes the program. `folder` keeps what it finds them by.
pub fn finding_here(names: &[String], folder: &Path) -> Result<Vec<String>> {
    let file = folder.join("hosts");
    fs::write(&file, format!("127.0.0.1 localhost {}\n", names.join(" ")))?;
    let is_root = fs::metadata("/proc/self")?.uid() == 0;
    let namespaces = if is_root { "-m" } else { "-rm" };
    // Without this, the name servers of the machine are asked for what the file does not have.
    let sources = folder.join("nsswitch.conf");
    fs::write(&sources, "passwd: files\ngroup: files\nhosts: files\n")?;
    let script = format!(
        "mount --bind {} /etc/hosts && mount --bind {} /etc/nsswitch.conf && exec \"$@\"",
        file.display(),
        sources.display()
    );
    let words = ["unshare", namespaces, "sh", "-c", &script, "sh"];
    Ok(words.map(str::to_owned).to_vec())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn only_these_names_are_found_and_nobody_is_asked_for_others() {
        let folder = tempfile::tempdir().unwrap();
        let wrapper = finding_here(&["here.example".to_owned()], folder.path()).unwrap();
        let script = "grep ^hosts: /etc/nsswitch.conf; getent ahostsv4 here.example | head -n 1 | \
                      cut -d ' ' -f 1; getent hosts elsewhere.example || echo none";
        let output = Command::new(&wrapper[0])
            .args(&wrapper[1..])
            .args(["sh", "-c", script])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(told, "hosts: files\n127.0.0.1\nnone\n", "{output:?}");
    }
}
