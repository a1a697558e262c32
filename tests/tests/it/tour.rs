//! The tour of the README, word for word: its commands run in a shell beside `relayd dev`.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use relay_tests::harness::{Running, binary, eventually};
use tempfile::TempDir;

use crate::page;

/// The shell blocks of the section "A five-minute tour", without what builds the binaries.
fn commands_of_the_tour() -> String {
    let readme = page::read("README.md");
    let (_, tour) = readme.split_once("## A five-minute tour").unwrap();
    // What follows needs a mailbox of Exchange Online.
    let (tour, _) = tour.split_once("For Exchange Online the route is").unwrap();
    let blocks = page::blocks(tour, "sh");
    let lines: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.text.lines())
        .filter(|line| !line.starts_with("cargo ") && !line.starts_with("alias "))
        .collect();
    lines.join("\n") + "\n"
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// What `relayd dev` would write, on another port: the usual one may be taken on this machine.
fn write_config(folder: &Path, port: u16) {
    fs::create_dir(folder).unwrap();
    let text = format!(
        "hostname = \"localhost\"\nstate_dir = \".\"\n[api]\nsocket = \"admin.sock\"\n\
         [accounts]\ndomain_proof = \"waived\"\n\
         [[listener]]\nname = \"submission\"\naddress = \"127.0.0.1:{port}\"\ntls = \"starttls\"\n"
    );
    fs::write(folder.join("relayd.toml"), text).unwrap();
}

#[test]
fn the_tour_of_the_readme_works() {
    let folder = TempDir::new().unwrap();
    let port = free_port();
    write_config(&folder.path().join(".relayd-dev"), port);
    let relayctl = binary("relayctl").unwrap();
    let child = Command::new(binary("relayd").unwrap())
        .arg("dev")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path().join("dev.log")).unwrap())
        .spawn()
        .unwrap();
    let _sandbox = Running(child);
    let socket = folder.path().join(".relayd-dev/admin.sock");
    eventually("the sandbox", || Ok(socket.exists().then_some(()))).unwrap();

    let commands = commands_of_the_tour().replace(":2587", &format!(":{port}"));
    let output = page::run(&commands, &relayctl, folder.path(), &[]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{stdout}\n{stderr}",
        output.status
    );
    assert!(stdout.contains("accepted"), "{stdout}\n{stderr}");
}
