//! s-nail, the mailx of many systems: it composes, and speaks SMTP itself.

use std::fs;

use super::{
    ENCRYPTIONS, door,
    letter::{BLIND, COPY},
    run,
};
use crate::world::{PATIENCE, RECIPIENT, SENDER, World};

#[tokio::test(flavor = "multi_thread")]
async fn s_nail_starttls_and_implicit_tls() {
    let world = World::new().await;
    let attachment = world.folder.path().join("scan.txt");
    fs::write(&attachment, "attached\n").unwrap();
    for (mechanism, (encryption, listener)) in ["plain", "login"].into_iter().zip(ENCRYPTIONS) {
        let (host, port) = door(&world, listener);
        let (scheme, starttls) = match encryption {
            "starttls" => ("smtp", "smtp-use-starttls"),
            _ => ("smtps", "nosmtp-use-starttls"),
        };
        let mta = format!(
            "mta={scheme}://{}:{}@{host}:{port}",
            world.user.username, world.user.password
        );
        let (from, auth) = (format!("from={SENDER}"), format!("smtp-auth={mechanism}"));
        let settings = [
            "v15-compat=yes",
            &mta,
            starttls,
            &auth,
            &from,
            "tls-verify=ignore",
            "hostname=device.example",
            "sendcharsets=utf-8",
            "ttycharset=utf-8",
            "sendwait",
        ];
        // No configuration but this.
        let mut arguments = vec!["-:/"];
        arguments.extend(settings.iter().flat_map(|setting| ["-S", setting]));
        arguments.extend(["-s", encryption, "-a", attachment.to_str().unwrap()]);
        arguments.extend(["-c", COPY, "-b", BLIND, RECIPIENT]);
        let body = format!("Äpfel\n.\n..\n.dot\n{}\n", "long ".repeat(300));
        run("s-nail", &arguments, body.as_bytes());
    }
    world.simulator.wait_for(2, PATIENCE).await.unwrap();
    let entries = world.simulator.messages();
    assert_eq!(entries.len(), 2);
    for (entry, (encryption, _)) in entries.iter().zip(ENCRYPTIONS) {
        let mut recipients = entry.recipients.clone();
        recipients.sort();
        assert_eq!(recipients, [RECIPIENT, BLIND, COPY]);
        let body = String::from_utf8(world.simulator.body(entry).unwrap()).unwrap();
        for part in [
            &format!("Subject: {encryption}\r\n"),
            "filename=\"scan.txt\"",
            "attached",
            "pfel",
        ] {
            assert!(body.contains(part), "{part} is missing in {body}");
        }
        assert!(!body.contains(BLIND), "{body}");
    }
}
