//! Promises to people who act on messages while lanes send them.

use relayd::{
    model::{AccountId, MessageId, RecipientState},
    store::{LogFilter, PartlyLeft, QueueAction},
};

use super::world::{IDS, World, later, noon};

impl World {
    /// Whether the message was in a state that the action applies to.
    async fn act(&self, id: MessageId, action: QueueAction) -> bool {
        let acted = self
            .store
            .act_on_messages(&[id], action, "operator", later(1))
            .await
            .unwrap();
        for selected in &acted {
            assert_eq!((selected.id, selected.route_id), (id, self.route));
        }
        !acted.is_empty()
    }
}

pub(super) async fn a_cancelled_message_stays_cancelled_unless_it_was_delivered(world: World) {
    use RecipientState::{Delivered, Failed, Queued};
    let states = async || {
        world
            .texts(
                "SELECT messages.state || ' ' || recipients.state FROM messages
                 JOIN recipients ON message_id = id",
            )
            .await
    };
    let id = world.accepted(1).await;
    assert!(world.act(id, QueueAction::Cancel).await);
    assert_eq!(world.due(later(900)).await, []);
    assert_eq!(world.store.body_chunk(id, 0).await.unwrap(), None);

    for outcome in [Queued, Failed] {
        world.settle(id, &[(0, outcome)]).await;
        assert_eq!(states().await, ["cancelled cancelled"]);
    }
    assert_eq!(world.number("SELECT failed FROM usage").await, 0);
    assert_eq!(world.number("SELECT cancelled FROM usage").await, 1);

    world.settle(id, &[(0, Delivered)]).await;
    assert_eq!(states().await, ["delivered delivered"]);
    assert_eq!(world.number("SELECT delivered FROM usage").await, 1);
    assert_eq!(world.number("SELECT cancelled FROM usage").await, 0);
    // It never failed: the history does not say so.
    let kinds = world.texts("SELECT kind FROM events ORDER BY id").await;
    assert_eq!(kinds, ["accepted", "cancelled", "deferred", "delivered"]);
}

pub(super) async fn a_cancelled_message_is_not_told_of_as_failed(world: World) {
    let id = world.accepted(2).await;
    assert!(world.act(id, QueueAction::Cancel).await);
    let outcomes = [(0, RecipientState::Failed), (1, RecipientState::Failed)];
    let settlement = world.settlement_with_bounce(id, &outcomes);
    world.journal.settle(settlement).await.unwrap();
    assert_eq!(world.due(later(900)).await, []);
    assert_eq!(world.number("SELECT COUNT(*) FROM messages").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM bodies").await, 0);
    let kinds = world.texts("SELECT kind FROM events ORDER BY id").await;
    assert_eq!(kinds, ["accepted", "cancelled"]);
    assert_eq!(world.offered.lock().unwrap().len(), 1);
}

pub(super) async fn a_held_message_stays_held_through_a_settlement(world: World) {
    use RecipientState::{Delivered, Queued};
    let id = world.accepted(2).await;
    assert!(world.act(id, QueueAction::Hold).await);
    assert_eq!(world.due(later(900)).await, []);
    world.settle(id, &[(0, Delivered), (1, Queued)]).await;
    assert_eq!(world.texts("SELECT state FROM messages").await, ["held"]);
    assert_eq!(world.due(later(900)).await, []);

    assert!(world.act(id, QueueAction::Release).await);
    let due = world
        .store
        .due(world.route, later(1), 10, noon())
        .await
        .unwrap();
    assert_eq!((due.len(), &due[0].positions), (1, &vec![1]));

    assert!(world.act(id, QueueAction::Hold).await);
    world.settle(id, &[(1, Delivered)]).await;
    assert_eq!(
        world.texts("SELECT state FROM messages").await,
        ["delivered"]
    );
}

pub(super) async fn a_person_acts_only_on_what_is_in_the_queue(world: World) {
    use QueueAction::{Cancel, Hold, Release, Retry};
    let id = world.accepted(1).await;
    assert!(!world.act(id, Release).await);
    world.settle(id, &[(0, RecipientState::Queued)]).await;
    assert!(world.act(id, Retry).await);
    assert_eq!(world.due(later(1)).await, [id]);
    assert!(world.act(id, Hold).await);
    assert!(!world.act(id, Hold).await);
    assert!(!world.act(id, Retry).await);
    assert!(world.act(id, Cancel).await);
    for action in [Hold, Release, Retry, Cancel] {
        assert!(!world.act(id, action).await, "{action:?}");
    }
    assert!(!world.act(MessageId::new(&IDS, noon()), Hold).await);
    let told = world
        .texts("SELECT kind || ' ' || detail FROM events WHERE detail <> '' ORDER BY id")
        .await;
    assert_eq!(
        told,
        ["retried operator", "held operator", "cancelled operator"]
    );
}

pub(super) async fn many_messages_are_acted_on_at_once_and_told_apart(world: World) {
    let (mut queued, mut finished) = (Vec::new(), Vec::new());
    for number in 0..10 {
        let id = world.accepted(1).await;
        if number % 3 == 0 {
            world.settle(id, &[(0, RecipientState::Delivered)]).await;
            finished.push(id);
        } else {
            queued.push(id);
        }
    }
    let all: Vec<_> = queued.iter().chain(&finished).copied().collect();
    let found = world
        .store
        .find_queued(&all, QueueAction::Cancel, Some(world.account))
        .await
        .unwrap();
    assert_eq!(found.len(), queued.len());
    let acted = world
        .store
        .act_on_messages(&all, QueueAction::Cancel, "operator", later(1))
        .await
        .unwrap();
    let mut acted: Vec<_> = acted.iter().map(|selected| selected.id).collect();
    acted.sort_unstable();
    assert_eq!(acted, queued);
    assert_eq!(world.number("SELECT COUNT(*) FROM bodies").await, 0);
    assert_eq!(world.due(later(900)).await, []);
}

pub(super) async fn cancellation_and_settlement_at_once_agree_with_each_other(world: World) {
    for round in 0..20 {
        let id = world.accepted(2).await;
        let outcomes = [(0, RecipientState::Failed), (1, RecipientState::Failed)];
        let (cancelled, settled) = tokio::join!(
            world.act(id, QueueAction::Cancel),
            world.journal.settle(world.settlement(id, &outcomes)),
        );
        settled.unwrap();
        let expected = if cancelled { "cancelled" } else { "failed" };
        let recipients = world.store.recipients_of(id).await.unwrap();
        for recipient in recipients {
            assert_eq!(recipient.state.as_str(), expected, "round {round}");
        }
        let [message] = &world
            .store
            .trace_messages(&id.to_string(), None, 9)
            .await
            .unwrap()[..]
        else {
            panic!("round {round}: {id} is not found")
        };
        assert_eq!(message.state.as_str(), expected, "round {round}");
    }
}

pub(super) async fn what_left_before_a_cancellation_is_told(world: World) {
    use RecipientState::{Delivered, Queued};
    let partly = world.accepted(3).await;
    let waiting = world.accepted(1).await;
    let whole = world.accepted(1).await;
    world
        .settle(partly, &[(0, Delivered), (1, Queued), (2, Delivered)])
        .await;
    world.settle(whole, &[(0, Delivered)]).await;
    let of_partly = PartlyLeft {
        id: partly,
        delivered: 2,
        recipient_count: 3,
        first_at: Some(noon()),
        last_at: Some(noon()),
    };
    let of_whole = PartlyLeft {
        id: whole,
        delivered: 1,
        recipient_count: 1,
        ..of_partly
    };
    let store = &world.store;
    let ids = [partly, waiting, whole];
    let left = store.partly_left_of(&ids, None).await.unwrap();
    assert_eq!(left, [of_partly, of_whole]);
    let own = store.partly_left_of(&ids, Some(world.account)).await;
    assert_eq!(own.unwrap(), left);
    let foreign = AccountId::new(&IDS, noon());
    let others = store.partly_left_of(&ids, Some(foreign)).await.unwrap();
    assert_eq!(others, []);

    let filter = LogFilter {
        states: QueueAction::Cancel.applies_to().to_vec(),
        ..LogFilter::default()
    };
    let count = store.count_left(&filter).await.unwrap();
    assert_eq!((count.messages, count.recipients), (1, 2));
    assert_eq!(store.partly_left(&filter, 9).await.unwrap(), [of_partly]);
    assert_eq!(store.partly_left(&filter, 0).await.unwrap(), []);
    let named = store.named_among(&filter, &ids).await.unwrap();
    assert_eq!(named, [partly, waiting]);
    assert_eq!(store.named_among(&filter, &[]).await.unwrap(), []);

    assert!(world.act(partly, QueueAction::Cancel).await);
    let left = store.partly_left_of(&[partly], None).await.unwrap();
    assert_eq!(left, [of_partly]);
}
