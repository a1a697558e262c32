//! Promises to people who act on messages while lanes send them.

use relayd::{
    model::{MessageId, RecipientState},
    store::{Control, StoreError},
};

use super::world::{IDS, World, later, noon};

impl World {
    async fn control(&self, id: MessageId, control: Control) -> Result<(), StoreError> {
        let route = self
            .store
            .control(id, control, later(1), "operator")
            .await?;
        assert_eq!(route, self.route);
        Ok(())
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
    world.control(id, Control::Cancel).await.unwrap();
    assert_eq!(world.due(later(900)).await, []);
    assert_eq!(world.store.body_chunk(id, 0).await.unwrap(), None);

    for outcome in [Queued, Failed] {
        world.settle(id, &[(0, outcome)]).await;
        assert_eq!(states().await, ["cancelled cancelled"]);
    }
    assert_eq!(world.number("SELECT failed FROM usage").await, 0);

    world.settle(id, &[(0, Delivered)]).await;
    assert_eq!(states().await, ["delivered delivered"]);
    assert_eq!(world.number("SELECT delivered FROM usage").await, 1);
    let kinds = world.texts("SELECT kind FROM events ORDER BY id").await;
    assert_eq!(
        kinds,
        ["accepted", "cancelled", "deferred", "failed", "delivered"]
    );
}

pub(super) async fn a_held_message_stays_held_through_a_settlement(world: World) {
    use RecipientState::{Delivered, Queued};
    let id = world.accepted(2).await;
    world.control(id, Control::Hold).await.unwrap();
    assert_eq!(world.due(later(900)).await, []);
    world.settle(id, &[(0, Delivered), (1, Queued)]).await;
    assert_eq!(world.texts("SELECT state FROM messages").await, ["held"]);
    assert_eq!(world.due(later(900)).await, []);

    world.control(id, Control::Release).await.unwrap();
    let due = world.store.due(world.route, later(1), 10).await.unwrap();
    assert_eq!((due.len(), &due[0].positions), (1, &vec![1]));

    world.control(id, Control::Hold).await.unwrap();
    world.settle(id, &[(1, Delivered)]).await;
    assert_eq!(
        world.texts("SELECT state FROM messages").await,
        ["delivered"]
    );
}

pub(super) async fn a_person_acts_only_on_what_is_in_the_queue(world: World) {
    use Control::{Cancel, Hold, Release, Retry};
    let id = world.accepted(1).await;
    let refused = async |control| match world.control(id, control).await {
        Err(StoreError::Conflict(problem)) => problem,
        other => panic!("{control:?}: {other:?}"),
    };
    assert_eq!(refused(Release).await, "the message is queued");
    world.settle(id, &[(0, RecipientState::Queued)]).await;
    world.control(id, Retry).await.unwrap();
    assert_eq!(world.due(later(1)).await, [id]);
    world.control(id, Hold).await.unwrap();
    assert_eq!(refused(Hold).await, "the message is held");
    assert_eq!(refused(Retry).await, "the message is held");
    world.control(id, Cancel).await.unwrap();
    for control in [Hold, Release, Retry, Cancel] {
        assert_eq!(refused(control).await, "the message is cancelled");
    }
    let unknown = MessageId::new(&IDS, noon());
    let missing = world.control(unknown, Hold).await;
    assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
    let told = world
        .texts("SELECT kind || ' ' || detail FROM events WHERE detail <> '' ORDER BY id")
        .await;
    assert_eq!(
        told,
        ["retried operator", "held operator", "cancelled operator"]
    );
}

pub(super) async fn cancellation_and_settlement_at_once_agree_with_each_other(world: World) {
    for round in 0..20 {
        let id = world.accepted(2).await;
        let outcomes = [(0, RecipientState::Failed), (1, RecipientState::Failed)];
        let (cancelled, settled) = tokio::join!(
            world.control(id, Control::Cancel),
            world.journal.settle(world.settlement(id, &outcomes)),
        );
        settled.unwrap();
        let expected = match cancelled {
            Ok(()) => "cancelled cancelled",
            Err(StoreError::Conflict(_)) => "failed failed",
            Err(error) => panic!("round {round}: {error}"),
        };
        let states = world
            .texts(
                "SELECT messages.state || ' ' || recipients.state FROM messages
                 JOIN recipients ON message_id = id
                 WHERE id = (SELECT id FROM messages ORDER BY id DESC LIMIT 1)",
            )
            .await;
        assert_eq!(states, [expected, expected], "round {round}");
    }
}
