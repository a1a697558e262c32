//! The tour of the README, word for word: its commands run in a shell beside `relayd dev`.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use relay_tests::harness::{binary, eventually};
use tempfile::TempDir;

/// Ends relayd with the test.
struct Sandbox(Child);

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// The shell blocks of the section "A five-minute tour", without what builds the binaries.
fn commands_of_the_tour() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, tour) = readme.split_once("## A five-minute tour").unwrap();
    // What follows needs a mailbox of Exchange Online.
    let (tour, _) = tour.split_once("For Exchange Online the route is").unwrap();
    let blocks = tour
        .split("```sh")
        .skip(1)
        .map(|block| block.split("```").next().unwrap());
    let lines: Vec<&str> = blocks
        .flat_map(str::lines)
        .filter(|line| !line.starts_with("cargo ") && !line.starts_with("alias "))
        .collect();
    lines.join("\n")
}

#[test]
fn the_tour_of_the_readme_works() {
    let folder = TempDir::new().unwrap();
    let relayctl = binary("relayctl").unwrap();
    let child = Command::new(binary("relayd").unwrap())
        .arg("dev")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path().join("dev.log")).unwrap())
        .spawn()
        .unwrap();
    let _sandbox = Sandbox(child);
    let socket = folder.path().join(".relayd-dev/admin.sock");
    eventually("the sandbox", || Ok(socket.exists().then_some(()))).unwrap();

    let script = format!(
        "set -euo pipefail\nrelayctl() {{ '{}' \"$@\"; }}\n{}\n",
        relayctl.display(),
        // The mail needs a moment to get through, which a person at a keyboard gives it.
        commands_of_the_tour()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("HOME", folder.path())
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
    assert!(stdout.contains("accepted"), "{stdout}\n{stderr}");
}
