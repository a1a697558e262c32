//! What the device signed still verifies when it leaves: the body is never touched, and fields that
//! need no repair are not either. dkimpy signs and verifies.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use relay_tests::harness::Device;

use super::{feed, letter::Letter, python, run, script};
use crate::world::{RECIPIENT, SENDER, World};

/// A key of its own, in two files.
struct Key {
    algorithm: &'static str,
    private: PathBuf,
    public: PathBuf,
}

impl Key {
    fn new(folder: &Path, algorithm: &'static str) -> Self {
        let kind = algorithm.split('-').next().unwrap();
        let key = Self {
            algorithm,
            private: folder.join(format!("{kind}.key")),
            public: folder.join(format!("{kind}.pub")),
        };
        let (private, public) = (key.private.to_str().unwrap(), key.public.to_str().unwrap());
        let make = [
            "genpkey",
            "-algorithm",
            kind,
            "-outform",
            "DER",
            "-out",
            private,
        ];
        run("openssl", &make, b"");
        let derive = [
            "pkey", "-in", private, "-inform", "DER", "-pubout", "-outform", "DER",
        ];
        run("openssl", &[&derive[..], &["-out", public]].concat(), b"");
        key
    }

    fn sign(&self, mail: &[u8], canonicalization: &str) -> Vec<u8> {
        let mut command = Command::new(python());
        command.arg(script("dkim_mail.py"));
        command.args(["sign", self.algorithm, canonicalization]);
        let output = feed(command.arg(&self.private), mail);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "signing: {errors}");
        output.stdout
    }

    fn verifies(&self, mail: &[u8]) -> bool {
        let mut command = Command::new(python());
        command.arg(script("dkim_mail.py"));
        command.args(["verify", self.algorithm]);
        let output = feed(command.arg(&self.public), mail);
        output.status.success()
    }
}

async fn submit_by_bdat(device: &mut Device, mail: &[u8]) {
    device
        .begin_mail(SENDER, "BODY=8BITMIME", RECIPIENT)
        .await
        .unwrap();
    // The first chunk ends within the header, the second in the middle of a line.
    let (head, rest) = mail.split_at(100);
    let (middle, tail) = rest.split_at(rest.len() / 2);
    for (chunk, last) in [(head, ""), (middle, ""), (tail, " LAST")] {
        let command = format!("BDAT {}{last}\r\n", chunk.len());
        device
            .raw(&[command.as_bytes(), chunk].concat())
            .await
            .unwrap();
        let reply = device.reply().await.unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_of_the_device_still_verifies() {
    let world = World::capturing().await;
    let (rsa, ed25519) = (
        Key::new(world.folder.path(), "rsa-sha256"),
        Key::new(world.folder.path(), "ed25519-sha256"),
    );
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mut sent = Vec::new();
    for (number, (key, canonicalization)) in [
        (&rsa, "relaxed/simple"),
        (&rsa, "simple/simple"),
        (&rsa, "relaxed/relaxed"),
        (&ed25519, "relaxed/simple"),
    ]
    .into_iter()
    .enumerate()
    {
        let letter = Letter::new(&format!("signed-{number}"));
        // Bcc is not signed, and goes.
        let signed = key.sign(&letter.sent, canonicalization);
        assert!(key.verifies(&signed), "{canonicalization} as it was signed");
        let reply = device.send(SENDER, &[RECIPIENT], &signed).await.unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
        submit_by_bdat(&mut device, &signed).await;
        sent.push((key, letter));
    }

    let captured = world.captured(sent.len() * 2);
    for (key, letter) in &sent {
        let is_it = |mail: &&Vec<u8>| {
            let text = String::from_utf8_lossy(mail);
            text.contains(&letter.mail.message_id)
        };
        let arrived: Vec<_> = captured.iter().filter(is_it).collect();
        assert_eq!(arrived.len(), 2, "by DATA and by BDAT");
        for mail in arrived {
            assert!(mail.starts_with(b"Received: from "));
            assert!(mail.ends_with(&letter.mail.bytes), "something was altered");
            assert!(key.verifies(mail), "{}", String::from_utf8_lossy(mail));
            let mut altered = mail.clone();
            let last = altered.iter_mut().rfind(|byte| **byte == b'v').unwrap();
            *last = b'w';
            assert!(!key.verifies(&altered), "everything verifies");
        }
    }
}
