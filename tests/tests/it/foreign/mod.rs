//! Servers that others have written, as the way out: what they take must be what the device sent,
//! byte for byte, and what they refuse must be understood.

mod aiosmtpd;
mod postfix;

use std::path::Path;

use relay_tests::harness::{Device, Mail, Reply};
use serde_json::Value;

use crate::world::{SENDER, World};

/// What relayd signs in with at the other side.
const USER: &str = "relay@foreign.example";
const PASSWORD: &str = "Gf3eYW-nWHF8L-iPX434-CbrGut";

/// Sets the route of the world to a server; relayd probes it first. Gives the route.
fn set_route(world: &World, port: u16, ca_file: &Path, password: &str) -> Value {
    let arguments = format!(
        "route set --kind smarthost --server localhost --port {port} --mailbox {USER} \
         --password-stdin --server-ca {} --yes",
        ca_file.display()
    );
    let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
    let outcome = world.ctl.run_with(&words, password).unwrap();
    outcome.succeeded(&arguments).unwrap();
    world.ctl.json("route show").unwrap()
}

/// Sends as the scanner, with these parameters of MAIL.
async fn send(world: &World, parameters: &str, to: &[&str], mail: &[u8]) -> Reply {
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let sent = device.send_with(SENDER, parameters, to, mail).await;
    sent.unwrap()
}

/// The mail stands at the end of what arrived, unchanged, behind trace fields only.
fn assert_unchanged(arrived: &[u8], mail: &Mail) {
    let text = String::from_utf8_lossy(arrived);
    let head = arrived.strip_suffix(mail.bytes.as_slice());
    let head = head.unwrap_or_else(|| panic!("altered: {text}"));
    let head = String::from_utf8_lossy(head);
    let is_trace = |line: &str| line.starts_with("Received: ") || line.starts_with(['\t', ' ']);
    assert!(head.lines().all(is_trace), "more than trace fields: {head}");
}

/// The queue id of the mail with this Message-ID, once it is in this state.
fn reaches(world: &World, mail: &Mail, state: &str) -> String {
    let found = relay_tests::harness::eventually(&format!("a mail that is {state}"), || {
        let items = world.ctl.items("log search")?;
        let mut items = items.into_iter();
        Ok(items.find(|it| it["message_id"] == mail.message_id.as_str() && it["state"] == state))
    });
    found.unwrap()["id"].as_str().unwrap().to_owned()
}
