//! Exchange Online bars a mailbox that repeats permanent errors, and nobody can lift that. So relayd
//! stops a sender before: after a few refusals in a row its mail waits for a person.

use std::collections::{BTreeMap, BTreeSet};

use relay_tests::{
    harness::eventually,
    sim::{Limits, Rule, Stage},
};
use serde_json::Value;

use crate::world::{SENDER, World};

/// Errors in a row that bar a mailbox of this stand-in: what relayd lets happen, what is on its way
/// by then, and a little.
const BARRED_AFTER: usize = 10;
const MAILS: usize = 25;

/// The mails of the scanner by their state, notices left out.
fn by_state(world: &World) -> anyhow::Result<BTreeMap<String, Vec<Value>>> {
    let mut states: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for message in world.ctl.items("log search --limit 1000")? {
        if message["sender"] == SENDER {
            let state = message["state"].as_str().unwrap_or_default().to_owned();
            states.entry(state).or_default().push(message);
        }
    }
    Ok(states)
}

async fn is_stopped_before_the_mailbox_is_barred(stage: Stage, reply: &str) {
    let world = World::builder()
        .sim(|settings| {
            settings.limits = Limits {
                continuous_errors: Some(BARRED_AFTER),
                ..Limits::unlimited()
            };
        })
        .build()
        .await;
    // The notices have another sender, and pass.
    world
        .simulator
        .add_rule(Rule::at(stage).from(SENDER).reply(reply));
    for number in 0..MAILS {
        world.submit(&format!("refused-{number}")).await;
    }
    let stopped = eventually("a sender that waits", || {
        let mut states = by_state(&world)?;
        let Some(queued) = states.remove("queued") else {
            return Ok(None);
        };
        let id = queued[0]["id"].as_str().unwrap_or_default();
        let trace = world.ctl.ok(&format!("log trace {id} -o json"))?;
        Ok(trace.contains("sender-breaker").then_some(queued.len()))
    });
    assert!(stopped.unwrap() > MAILS - BARRED_AFTER);
    assert_eq!(world.simulator.bar("relay@acme.example"), None);

    // A person mends it: what waited goes, and what was refused has told its sender.
    world.simulator.clear_rules();
    world.ctl.ok("queue release --lane --yes").unwrap();
    let states = eventually("an empty queue", || {
        let states = by_state(&world)?;
        Ok((!states.contains_key("queued")).then_some(states))
    });
    let states = states.unwrap();
    let count = |state: &str| states.get(state).map_or(0, Vec::len);
    assert_eq!(count("failed") + count("delivered"), MAILS, "{states:?}");
    assert!((5..BARRED_AFTER).contains(&count("failed")), "{states:?}");
    let entries = world.simulator.messages();
    let notices = entries.iter().filter(|entry| entry.recipients == [SENDER]);
    assert_eq!(notices.count(), count("failed"));
    let own = entries.iter().filter(|entry| entry.from == SENDER);
    let ids: Vec<_> = own.map(|entry| entry.message_id.as_str()).collect();
    let different: BTreeSet<_> = ids.iter().collect();
    let delivered = count("delivered");
    assert_eq!(
        (ids.len(), different.len()),
        (delivered, delivered),
        "once each"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_may_not_send_is_stopped_before_its_mailbox_is_barred() {
    is_stopped_before_the_mailbox_is_barred(Stage::EndOfData, "send-as-denied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_to_nobody_is_stopped_before_its_mailbox_is_barred() {
    is_stopped_before_the_mailbox_is_barred(Stage::Rcpt, "recipient-unknown").await;
}
