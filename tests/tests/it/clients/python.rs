//! aiosmtplib, from the distribution's packages.

use std::fs;

use super::{ENCRYPTIONS, door, letter::Letter, python, run, script};
use crate::world::{SENDER, World};

#[tokio::test(flavor = "multi_thread")]
async fn aiosmtplib_starttls_and_implicit_tls() {
    let world = World::new().await;
    let mut mails = Vec::new();
    for (encryption, listener) in ENCRYPTIONS {
        let letter = Letter::new(&format!("aiosmtplib-{encryption}"));
        let file = world.folder.path().join("letter.eml");
        fs::write(&file, &letter.sent).unwrap();
        let (host, port) = door(&world, listener);
        let program = script("aiosmtplib_send.py");
        let mut arguments = vec![
            program.to_str().unwrap(),
            &host,
            &port,
            encryption,
            &world.user.username,
            &world.user.password,
            SENDER,
            file.to_str().unwrap(),
        ];
        arguments.extend(Letter::recipients());
        run(python(), &arguments, b"");
        mails.push(letter.mail);
    }
    for entry in world.arrived(&mails).await {
        assert_eq!(entry.from, SENDER);
        assert_eq!(entry.recipients, Letter::recipients());
    }
}
