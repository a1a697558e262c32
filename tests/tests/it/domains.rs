//! Sender domains from the first refusal to the proof, with the real relayctl and a DNS server of
//! our own.

use relay_tests::{
    dns::DnsServer,
    harness::{Device, Outcome, Relayctl, UserAccess, eventually},
};
use serde_json::Value;

use crate::world::{RECIPIENT, SENDER, World};

const CHALLENGE: &str = "_relayd-challenge.acme.example";

struct Town {
    world: World,
    dns: DnsServer,
    /// The operator, acting for the account.
    ctl: Relayctl,
}

impl Town {
    /// A world whose account has to prove its domains, after its relay user was made.
    async fn new() -> Self {
        let dns = DnsServer::start().unwrap();
        let address = dns.address();
        let world = World::builder()
            .config(move |config| config.dns(address))
            .build()
            .await;
        let ctl = world.relayd.ctl().unwrap().account("acme");
        ctl.ok("account edit acme --domain-proof required --yes")
            .unwrap();
        Self { world, dns, ctl }
    }

    fn run(&self, arguments: &str) -> Outcome {
        self.ctl.run(arguments).unwrap()
    }

    /// Adds the domain; gives the value that its record must have.
    fn add(&self) -> String {
        let added = self.ctl.json("domain add acme.example").unwrap();
        assert_eq!(added["state"], "pending");
        assert_eq!(added["record"]["name"], CHALLENGE);
        assert_eq!(added["record"]["type"], "TXT");
        added["record"]["value"].as_str().unwrap().to_owned()
    }

    /// What the door says to MAIL.
    async fn mail(&self) -> String {
        let mut device = Device::signed_in(self.world.submission(), &self.world.user)
            .await
            .unwrap();
        let mail = format!("MAIL FROM:<{SENDER}>");
        device.command(&mail).await.unwrap().line
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_refused_until_the_domain_is_proven_and_after_it_was_removed() {
    let town = Town::new().await;
    let refused = town.mail().await;
    assert!(refused.starts_with("550 5.7.1"), "{refused}");
    for part in ["[domain-not-verified]", SENDER, "relayctl domain add"] {
        assert!(refused.contains(part), "{refused}");
    }
    town.world.rejected("domain-not-verified");
    let test = town.run("system test scanner-device");
    assert_eq!(test.code, 9);
    let remedy = "relayctl domain add acme.example --account acme";
    assert!(test.stderr.contains(remedy), "{}", test.stderr);

    let value = town.add();
    let pending = town.run("domain verify acme.example");
    assert_eq!(pending.code, 8, "{}", pending.stderr);
    for part in ["no TXT record of that name", CHALLENGE, &value] {
        assert!(pending.stderr.contains(part), "{}", pending.stderr);
    }
    town.dns.publish(CHALLENGE, &["something-else=1"]);
    let wrong = town.run("domain verify acme.example -o json");
    assert_eq!(wrong.code, 8);
    let wrong: Value = serde_json::from_str(&wrong.stdout).unwrap();
    assert_eq!(wrong["texts"][0], "something-else=1");
    assert_eq!(wrong["asked"][0], town.dns.address().to_string());
    assert!(town.mail().await.contains("[domain-not-verified]"));

    town.dns.publish(CHALLENGE, &["something-else=1", &value]);
    let proven = town.ctl.ok("domain verify acme.example").unwrap();
    assert!(proven.contains("acme.example is proven"), "{proven}");
    assert!(town.ctl.ok("system test scanner-device").is_ok());
    let mail = town.world.submit("proven").await;
    town.world.arrived(&[mail]).await;

    let kept = town.run("domain remove acme.example --yes");
    assert_eq!(kept.code, 2, "{}", kept.stderr);
    assert!(
        kept.stderr.contains("1 relay user may send from it"),
        "{}",
        kept.stderr
    );
    town.ctl
        .ok("domain remove acme.example --confirm acme.example")
        .unwrap();
    assert!(town.mail().await.contains("[domain-not-verified]"));
    town.ctl
        .ok("account edit acme --domain-proof waived")
        .unwrap();
    assert!(town.mail().await.starts_with("250"));
}

#[tokio::test(flavor = "multi_thread")]
async fn relay_users_send_from_proven_domains_in_envelope_and_header() {
    let town = Town::new().await;
    let value = town.add();
    town.dns.publish(CHALLENGE, &[&value]);
    town.ctl.ok("domain verify acme.example").unwrap();

    let refused = town.run("user create shop --sender shop@shop.example --generate -o json");
    assert_eq!(refused.code, 8, "{}", refused.stderr);
    for part in [
        "domain-not-verified",
        "shop@shop.example",
        "relayctl domain add",
    ] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
    let refused = town.run("user edit scanner --allow-sender erp@shop.example");
    assert_eq!(refused.code, 8, "{}", refused.stderr);
    let user = UserAccess::with_system(&town.ctl, "erp", "erp@mail.acme.example").unwrap();

    // The operator lets another sender in, and takes that back: the door judges every mail anew.
    town.ctl
        .ok("account edit acme --domain-proof waived")
        .unwrap();
    town.ctl
        .ok("user edit erp --allow-sender news@shop.example")
        .unwrap();
    town.ctl
        .ok("account edit acme --domain-proof required --yes")
        .unwrap();
    let mut device = Device::signed_in(town.world.submission(), &user)
        .await
        .unwrap();
    let reply = device.command("MAIL FROM:<news@shop.example>").await;
    let line = reply.unwrap().line;
    assert!(line.contains("[domain-not-verified]"), "{line}");
    let mail = b"From: news@shop.example\r\nSubject: x\r\n\r\nhello\r\n";
    let reply = device
        .send("erp@mail.acme.example", &[RECIPIENT], mail)
        .await
        .unwrap();
    assert!(
        reply.line.contains("[domain-not-verified]"),
        "{}",
        reply.line
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_can_be_waited_for() {
    let town = Town::new().await;
    let value = town.add();
    let late = town.run("domain verify acme.example --wait --timeout 1s");
    assert_eq!(late.code, 8, "{}", late.stderr);

    let (ctl, answered) = (town.ctl.clone(), town.dns.answered());
    let waiting =
        std::thread::spawn(move || ctl.run("domain verify acme.example --wait --timeout 60s"));
    // It is published after a look that did not find it.
    let has_looked = || Ok((town.dns.answered() > answered).then_some(()));
    eventually("a first look", has_looked).unwrap();
    town.dns.publish(CHALLENGE, &[&value]);
    let proven = waiting.join().unwrap().unwrap();
    assert_eq!(proven.code, 0, "{}", proven.stderr);

    // Trouble of DNS changes nothing; a record that is gone is told, and forgiven for a while.
    town.dns.fail(true);
    let trouble = town.run("domain verify acme.example");
    assert_eq!(trouble.code, 6, "{}", trouble.stderr);
    assert_eq!(
        town.ctl.items("domain list").unwrap()[0]["state"],
        "verified"
    );
    town.dns.fail(false);
    town.dns.publish(CHALLENGE, &[]);
    let gone = town.run("domain verify acme.example");
    assert_eq!(gone.code, 9, "{}", gone.stderr);
    let listed = town.ctl.items("domain list").unwrap().remove(0);
    assert_eq!(listed["state"], "failing");
    assert!(listed["lapses_at"].is_string());
    assert!(town.mail().await.starts_with("250"));
}

#[tokio::test(flavor = "multi_thread")]
async fn spf_and_dmarc_are_explained_and_fail_nothing() {
    let town = Town::new().await;
    town.add();
    let shown = town.ctl.ok("domain show acme.example").unwrap();
    for part in ["no SPF record", "no DMARC policy", "IN TXT"] {
        assert!(shown.contains(part), "{shown}");
    }
    town.dns
        .publish("acme.example", &["v=spf1 ip4:192.0.2.1 -all", "MS=ms1"]);
    town.dns
        .publish("_dmarc.acme.example", &["v=DMARC1; p=reject"]);
    let shown = town.ctl.json("domain show acme.example").unwrap();
    let hints = shown["hints"].as_array().unwrap();
    assert_eq!(hints.len(), 2);
    assert_eq!(hints[0]["record"], "v=spf1 ip4:192.0.2.1 -all");
    let dmarc = hints[1]["sentence"].as_str().unwrap();
    assert!(dmarc.contains("receivers reject"), "{dmarc}");
    town.dns.fail(true);
    let shown = town.ctl.ok("domain show acme.example").unwrap();
    assert!(shown.contains("could not be looked up"), "{shown}");
}
