//! `relayctl test send`: one mail through the whole way, and what its story tells.

use relay_tests::sim::{Rule, Stage};

use crate::world::{PATIENCE, RECIPIENT, World};

impl World {
    fn send_test(&self, more: &str) -> String {
        let user = &self.user.username;
        format!("test send --user {user} --to {RECIPIENT} {more}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_goes_the_whole_way_and_its_story_tells_of_it() {
    let world = World::new().await;
    let told = world.ctl.ok(&world.send_test("--subject Hello")).unwrap();
    for part in [
        "test mail, asked for by",
        "listener test, ESMTP",
        "added Message-ID",
        "safe on disk",
        "delivered  250 ",
        "the other side has it",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    world.simulator.wait_for(1, PATIENCE).await.unwrap();
    let entry = world.simulator.messages().remove(0);
    let message = world.logged("delivered");
    assert_eq!(message["message_id"], entry.message_id.as_str());
    assert_eq!(message["client"], "127.0.0.1");
    assert_eq!(message["user"], world.user.username.as_str());
    // It counts like other mail.
    let limits = format!("limits show {} --scope user -o json", world.user.username);
    let limits = world.ctl.ok(&limits).unwrap();
    assert!(limits.contains("\"used\":1"), "{limits}");
    // The Message-ID names it, and so does the id that the other side gave.
    let id = message["id"].as_str().unwrap();
    let key = entry.message_id.trim_matches(['<', '>']).to_owned();
    let trace = world.ctl.json(&format!("log trace {key}")).unwrap();
    assert_eq!(trace["items"][0]["message"]["id"], id);
    let followed = world.ctl.ok(&format!("log trace {id} --follow"));
    assert!(followed.unwrap().contains("the other side has it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_that_does_not_arrive_says_why_and_what_mends_it() {
    let world = World::new().await;
    let at_recipient = Rule::at(Stage::Rcpt)
        .times(1)
        .reply("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found");
    world.simulator.add_rule(at_recipient);
    let failed = world.ctl.run(&world.send_test("")).unwrap();
    assert_eq!(failed.code, 9, "{}{}", failed.stdout, failed.stderr);
    assert!(failed.stderr.contains("550 5.1.10"), "{}", failed.stderr);

    let refused = world.send_test("--from stranger@elsewhere.example");
    let refused = world.ctl.run(&refused).unwrap();
    assert_eq!(refused.code, 9, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("sender-not-allowed"),
        "{}",
        refused.stderr
    );

    let hold = "queue hold --lane --reason moving --yes";
    world.ctl.ok(hold).unwrap();
    let waiting = world.ctl.run(&world.send_test("")).unwrap();
    assert_eq!(waiting.code, 9, "{}{}", waiting.stdout, waiting.stderr);
    assert!(
        waiting.stderr.contains("relayctl queue release --lane"),
        "{}",
        waiting.stderr
    );
}
