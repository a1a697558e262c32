//! Postfix as a null client: it takes mail of its own machine only, and relays all of it through
//! relayd, with SASL.

use relay_tests::postfix::Instance;

use super::{door, feed, letter::Letter};
use crate::world::{SENDER, World};

/// Takes in a letter by `sendmail` and hands it to relayd.
async fn postfix(listener: &str, tls: &str) {
    let world = World::new().await;
    let (host, port) = door(&world, listener);
    let (username, password) = (&world.user.username, &world.user.password);
    let main_cf = format!(
        "myhostname = null-client.example
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
relayhost = [{host}]:{port}
smtp_host_lookup = native
smtp_dns_support_level = disabled
{tls}
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_tls_security_options = noanonymous
smtp_sasl_password_maps = inline:{{ {{ [{host}]:{port} = {username}:{password} }} }}
"
    );
    let folder = world.folder.path().join("postfix");
    std::fs::create_dir(&folder).unwrap();
    let instance = Instance::start(&folder, &main_cf, "").unwrap();

    let letter = Letter::new(&format!("postfix-{listener}"));
    // `-t` takes the recipients from the header; lines end as Unix has them; `-i` keeps the dots.
    let text = String::from_utf8(letter.sent.clone()).unwrap();
    let mut command = instance.sendmail(&["-t", "-i", "-f", SENDER]);
    let output = feed(&mut command, text.replace("\r\n", "\n").as_bytes());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let arrived = world.simulator.wait_for(1, crate::world::PATIENCE).await;
    arrived.unwrap_or_else(|error| panic!("{error}; the log of Postfix:\n{}", instance.log()));
    let entries = world.simulator.messages();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].from, SENDER);
    let mut recipients = entries[0].recipients.clone();
    recipients.sort();
    let mut expected = Letter::recipients();
    expected.sort_unstable();
    assert_eq!(recipients, expected);
    // Two trace fields on top, ours and that of Postfix, and then the letter as it was.
    let body = world.simulator.body(&entries[0]).unwrap();
    let text = String::from_utf8_lossy(&body);
    assert_eq!(text.matches("Received: ").count(), 2, "{text}");
    assert!(body.ends_with(&letter.mail.bytes), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_null_client_starttls() {
    postfix("submission", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_null_client_implicit_tls() {
    postfix("submissions", "smtp_tls_wrappermode = yes").await;
}
