//! Promises about what is deleted by age.

use std::sync::Arc;

use relayd::{
    model::{Reason, RecipientState, TokenId},
    store::{Origin, RefusalRecord, Token},
};

use super::world::{IDS, World, later, noon};

const DAY: i64 = 86_400;

pub(super) async fn finished_mail_goes_by_age_and_waiting_mail_never(world: World) {
    let (done, waiting) = (world.accepted(2).await, world.accepted(1).await);
    world
        .settle(
            done,
            &[(0, RecipientState::Delivered), (1, RecipientState::Failed)],
        )
        .await;
    let waiting_events = world.number("SELECT COUNT(*) FROM events").await;
    assert_eq!(world.store.sweep_messages(noon()).await.unwrap(), 0);
    assert_eq!(world.store.sweep_messages(later(DAY)).await.unwrap(), 1);
    assert_eq!(world.due(later(DAY)).await, [waiting]);
    assert_eq!(world.number("SELECT COUNT(*) FROM messages").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM recipients").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM bodies").await, 1);
    let events = world.number("SELECT COUNT(*) FROM events").await;
    assert!((1..waiting_events).contains(&events), "{events}");
    assert_eq!(world.store.sweep_messages(later(DAY)).await.unwrap(), 0);
    // The statistics know of both.
    assert_eq!(world.number("SELECT accepted FROM usage").await, 2);
}

pub(super) async fn many_messages_go_in_pieces(world: World) {
    for _ in 0..450 {
        let id = world.accepted(1).await;
        world.settle(id, &[(0, RecipientState::Delivered)]).await;
    }
    assert_eq!(world.store.sweep_messages(later(DAY)).await.unwrap(), 450);
    for table in [
        "SELECT COUNT(*) FROM messages",
        "SELECT COUNT(*) FROM recipients",
        "SELECT COUNT(*) FROM events",
    ] {
        assert_eq!(world.number(table).await, 0, "{table}");
    }
}

pub(super) async fn counters_and_refusals_go_by_age(world: World) {
    world.journal.record_refusal(RefusalRecord {
        at: noon(),
        account_id: Some(world.account),
        user_id: None,
        system_id: None,
        username: String::new(),
        client: "192.0.2.7".parse().unwrap(),
        listener: "submission".to_owned(),
        helo: String::new(),
        sender: String::new(),
        sender_domain: String::new(),
        recipient: String::new(),
        reason: Reason::SenderNotAllowed,
        reply: String::new(),
        is_listed: true,
    });
    // What is told later is written later, or together.
    world.accepted(1).await;
    let store = &world.store;
    assert_eq!(store.sweep_refusals_before(noon()).await.unwrap(), 0);
    assert_eq!(store.sweep_refusals_before(later(1)).await.unwrap(), 1);
    assert_eq!(store.sum_up_days(later(DAY)).await.unwrap(), 1);
    // The day goes as a whole, when it is over.
    assert_eq!(store.sweep_statistics(later(DAY / 2 - 1)).await.unwrap(), 0);
    assert_eq!(store.sweep_statistics(later(DAY / 2)).await.unwrap(), 2);
    for table in [
        "SELECT COUNT(*) FROM usage",
        "SELECT COUNT(*) FROM error_counts",
        "SELECT COUNT(*) FROM usage_days",
        "SELECT COUNT(*) FROM error_days",
        "SELECT COUNT(*) FROM summed_days",
        "SELECT COUNT(*) FROM recipient_domains",
    ] {
        assert_eq!(world.number(table).await, 0, "{table}");
    }
}

pub(super) async fn a_chain_that_was_cut_by_age_is_in_order_and_tells_of_it(world: World) {
    for day in 0..5 {
        let origin = Origin::new(
            later(day * DAY),
            "operator".to_owned(),
            "test".to_owned(),
            "CreateToken",
        );
        let store = world.store.on_behalf_of(Arc::new(origin));
        let token = Token {
            id: TokenId::new(&IDS, noon()),
            account_id: None,
            name: format!("token-{day}"),
            hash: day.to_be_bytes().to_vec(),
            read_only: true,
            created_at: noon(),
            expires_at: None,
            last_used_at: None,
            created_by: "operator".to_owned(),
        };
        store.insert_token(&token).await.unwrap();
    }
    let now = later(5 * DAY);
    let store = &world.store;
    assert_eq!(store.sweep_audit(noon(), now).await.unwrap(), 0);
    assert_eq!(store.sweep_audit(later(2 * DAY), now).await.unwrap(), 2);
    let check = store.check_audit(None).await.unwrap();
    assert_eq!((check.entries, check.broken), (4, None));
    let told = world
        .texts("SELECT actor || ' ' || action FROM audit WHERE id = 6")
        .await;
    assert_eq!(told, ["relayd SweepAudit"]);
    let first = world.number("SELECT MIN(id) FROM audit").await;
    assert_eq!(first, 3);
}
