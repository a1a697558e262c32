//! nodemailer, pinned by `tests/clients/nodemailer/package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::{
    ENCRYPTIONS, door, feed,
    letter::{BLIND, COPY, Letter},
    script,
};
use crate::world::{PATIENCE, RECIPIENT, SENDER, World};

/// Where `scripts/test` installs it.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients/nodemailer");
    let remedy = "run scripts/test once: it installs nodemailer into target/clients";
    assert!(folder.join("node_modules/nodemailer").is_dir(), "{remedy}");
    folder.canonicalize().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nodemailer_starttls_and_implicit_tls() {
    for (encryption, listener) in ENCRYPTIONS {
        let world = World::new().await;
        let letter = Letter::new("nodemailer-raw");
        let file = world.folder.path().join("letter.eml");
        fs::write(&file, &letter.sent).unwrap();
        let (host, port) = door(&world, listener);
        let mut command = Command::new("node");
        command
            .arg(script("nodemailer/send.js"))
            .args([&host, &port, encryption])
            .args([&world.user.username, &world.user.password, SENDER])
            .arg(&file)
            .args(Letter::recipients())
            .env("NODE_CLIENTS", installed());
        let output = feed(&mut command, b"");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{encryption}: {errors}");

        world.simulator.wait_for(2, PATIENCE).await.unwrap();
        let entries = world.simulator.messages();
        assert_eq!(entries.len(), 2, "{entries:#?}");
        for entry in &entries {
            assert_eq!(entry.recipients, Letter::recipients());
        }
        let raw = entries
            .iter()
            .find(|entry| entry.message_id == letter.mail.message_id);
        assert_eq!(raw.unwrap().content_sha256, letter.mail.sha256);
        let composed = entries
            .iter()
            .find(|entry| entry.message_id == "<composed@nodemailer.example>");
        composed_is_whole(&world.simulator.body(composed.unwrap()).unwrap());
    }
}

fn composed_is_whole(body: &[u8]) {
    let text = String::from_utf8(body.to_vec()).unwrap();
    let attachment: Vec<u8> = (0..=255).cycle().take(1024).collect();
    let unfolded = text.replace("\r\n", "");
    for part in [
        &format!("From: \"Scanner @ floor 3\" <{SENDER}>\r\n"),
        &format!("To: {RECIPIENT}\r\n"),
        &format!("Cc: {COPY}\r\n"),
        "Subject: =?UTF-8?",
        "=C3=84pfel",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(unfolded.contains(&BASE64.encode(attachment)), "{text}");
    assert!(!text.contains(BLIND), "{text}");
}
