//! The clients that people use, each with its own idea of SMTP.
//!
//! Their scripts are in `tests/clients/`; `scripts/test` installs what they need.

mod classic;
mod dkim;
pub(crate) mod letter;
mod nodemailer;
mod null_client;
mod python;
mod s_nail;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::world::World;

/// Runs a client to its end; anything but success fails the test.
fn run(program: &str, arguments: &[&str], stdin: &[u8]) -> String {
    let output = feed(Command::new(program).args(arguments), stdin);
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?} ended with {}:\n{text}",
        output.status
    );
    text
}

/// Runs a command with this input, whatever comes of it.
fn feed(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; scripts/test installs it"));
    let mut input = child.stdin.take().unwrap();
    // A client that gives up early does not read it; its exit code says why.
    let _written = input.write_all(stdin);
    drop(input);
    child.wait_with_output().unwrap()
}

/// A script that comes with the tests.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}

/// The distribution's Python, since the modules come from its packages.
fn python() -> &'static str {
    let own = "/usr/bin/python3";
    if Path::new(own).exists() {
        own
    } else {
        "python3"
    }
}

/// How a client encrypts, and the door it goes to.
const ENCRYPTIONS: [(&str, &str); 2] = [("starttls", "submission"), ("implicit", "submissions")];

/// Host and port of a door.
fn door(world: &World, listener: &str) -> (String, String) {
    let address = world.relayd.listener(listener).unwrap();
    (address.ip().to_string(), address.port().to_string())
}
