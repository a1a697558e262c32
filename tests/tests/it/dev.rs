//! `relayd dev --once`: the smoke test of the README.

use std::process::{Command, Stdio};

use relay_tests::harness::binary;
use tempfile::TempDir;

#[test]
fn one_mail_goes_all_the_way_through_the_sandbox() {
    let folder = TempDir::new().unwrap();
    let output = Command::new(binary("relayd").unwrap())
        .args(["dev", "--once"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{stdout}\n{stderr}",
        output.status
    );
    for word in ["accepted", "delivered"] {
        assert!(
            stdout.contains(word),
            "no {word} in the trace:\n{stdout}\n{stderr}"
        );
    }
}
