//! Promises about the audit log: its chain grows in one line, and tampering is found.

use std::sync::Arc;

use relayd::{
    model::{AccountId, TokenId},
    store::{AuditFilter, Origin, Token},
};

use super::world::{IDS, World, an_account, later, noon};

pub(super) fn origin(seconds: i64, actor: &str) -> Arc<Origin> {
    let mut origin = Origin::new(
        later(seconds),
        actor.to_owned(),
        "test".to_owned(),
        "CreateToken",
    );
    origin.request_id = format!("req_{seconds}");
    Arc::new(origin)
}

/// Adds tokens, each an entry of the audit log.
async fn fill(world: &World, count: i64) {
    for number in 0..count {
        let store = world.store.on_behalf_of(origin(number, "operator"));
        store.insert_token(&token(number)).await.unwrap();
    }
}

fn token(number: i64) -> Token {
    Token {
        id: TokenId::new(&IDS, noon()),
        account_id: None,
        name: format!("token-{number}"),
        hash: number.to_be_bytes().to_vec(),
        read_only: true,
        created_at: noon(),
        expires_at: None,
        last_used_at: None,
        created_by: "operator".to_owned(),
    }
}

async fn run(world: &World, statement: &str) {
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&world.sql)
        .await
        .unwrap();
}

/// The first entry that is out of order.
async fn broken(world: &World) -> Option<u64> {
    let check = world.store.check_audit(None).await.unwrap();
    check.broken.map(|(entry, _)| entry)
}

/// How many entries are listed.
async fn shown(world: &World) -> usize {
    let filter = AuditFilter::default();
    let page = world.store.audit_entries(&filter, None, 9).await;
    page.unwrap().entries.len()
}

pub(super) async fn entries_of_writers_at_once_stand_in_one_line(world: World) {
    let empty = world.store.check_audit(None).await.unwrap();
    assert_eq!((empty.entries, empty.broken), (0, None));
    let writers: Vec<_> = (0..20)
        .map(|number| {
            let store = world.store.on_behalf_of(origin(number, "operator"));
            tokio::spawn(async move { store.insert_token(&token(number)).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let check = world.store.check_audit(None).await.unwrap();
    assert_eq!((check.entries, check.broken), (20, None));
    let entries = world
        .store
        .audit_entries(&AuditFilter::default(), None, 100)
        .await
        .unwrap()
        .entries;
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, (1..=20).rev().collect::<Vec<_>>());
    assert_eq!(entries[0].hash, check.hash);
    let found = world
        .store
        .check_audit(Some(entries[5].hash))
        .await
        .unwrap();
    assert_eq!(found.found, Some(15));
}

pub(super) async fn an_entry_is_written_with_its_change_or_not_at_all(world: World) {
    let store = world.store.on_behalf_of(origin(0, "operator"));
    let account = an_account(AccountId::new(&IDS, noon()), "globex");
    store.insert_account(&account).await.unwrap();
    store.record_unchanged().await.unwrap();
    let second = an_account(AccountId::new(&IDS, noon()), "globex");
    assert!(store.insert_account(&second).await.is_err());
    let filter = AuditFilter {
        account: Some(account.id),
        ..AuditFilter::default()
    };
    let page = world.store.audit_entries(&filter, None, 10).await.unwrap();
    let entries = page.entries;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0].account.as_deref(), Some("globex"));
    assert_eq!(entries[0].before, "");
    assert!(entries[0].after.contains("\"city\":\"Berlin\""));

    // What relayd does by itself is no entry.
    world.store.insert_token(&token(1)).await.unwrap();
    assert_eq!(world.store.check_audit(None).await.unwrap().entries, 1);

    // A request that changed nothing leaves one all the same.
    let store = world.store.on_behalf_of(origin(1, "operator"));
    store.record_unchanged().await.unwrap();
    assert_eq!(world.store.check_audit(None).await.unwrap().entries, 2);
}

pub(super) async fn an_altered_entry_is_named(world: World) {
    fill(&world, 6).await;
    run(&world, "UPDATE audit SET actor = 'nobody' WHERE id = 4").await;
    assert_eq!(broken(&world).await, Some(4));
    run(&world, "UPDATE audit SET actor = 'operator' WHERE id = 4").await;
    assert_eq!(broken(&world).await, None);
    run(
        &world,
        "UPDATE audit SET hash = (SELECT x.hash FROM audit x WHERE x.id = 1) WHERE id = 2",
    )
    .await;
    assert_eq!(broken(&world).await, Some(2));
}

pub(super) async fn a_removed_entry_is_named(world: World) {
    fill(&world, 6).await;
    run(&world, "DELETE FROM audit WHERE id = 6").await;
    assert_eq!(broken(&world).await, Some(6));
    run(&world, "DELETE FROM audit WHERE id = 3").await;
    assert_eq!(broken(&world).await, Some(3));
    run(&world, "DELETE FROM audit WHERE id = 1").await;
    assert_eq!(broken(&world).await, Some(1));
    run(&world, "DELETE FROM audit_chain").await;
    assert_eq!(broken(&world).await, Some(1));
}

pub(super) async fn a_chain_cut_off_with_its_end_is_shown_by_a_hash_noted_earlier(world: World) {
    fill(&world, 6).await;
    let noted = world.store.check_audit(None).await.unwrap().hash;
    run(&world, "DELETE FROM audit WHERE id > 4").await;
    run(
        &world,
        "UPDATE audit_chain SET last_id = 4,
            last_hash = (SELECT a.hash FROM audit a WHERE a.id = 4)",
    )
    .await;
    let check = world.store.check_audit(Some(noted)).await.unwrap();
    assert_eq!((check.entries, check.broken, check.found), (4, None, None));
    fill_more(&world).await;
    let check = world.store.check_audit(Some(noted)).await.unwrap();
    assert_eq!((check.broken, check.found), (None, None));
}

async fn fill_more(world: &World) {
    for number in 100..102 {
        let store = world.store.on_behalf_of(origin(number, "operator"));
        store.insert_token(&token(number)).await.unwrap();
    }
}

pub(super) async fn an_entry_slipped_in_before_the_beginning_is_named(world: World) {
    fill(&world, 3).await;
    for (id, named) in [(0, 0), (-1, 0)] {
        let copy = format!(
            "INSERT INTO audit (id, at, account_id, hash, actor, source, action, object,
                request_id, request, state_before, state_after)
             SELECT {id}, at, account_id, hash, actor, source, action, object, request_id,
                request, state_before, state_after FROM audit WHERE id = 1"
        );
        run(&world, &copy).await;
        assert_eq!(broken(&world).await, Some(named));
        assert_eq!(shown(&world).await, 3, "it is not shown");
        run(&world, "DELETE FROM audit WHERE id < 1").await;
        assert_eq!(broken(&world).await, None);
    }
}

pub(super) async fn a_beginning_cut_off_by_hand_is_named(world: World) {
    fill(&world, 6).await;
    let expected = world.store.check_audit(None).await.unwrap().hash;
    run(
        &world,
        "UPDATE audit_chain SET base_id = 4,
            base_hash = (SELECT a.hash FROM audit a WHERE a.id = 4)",
    )
    .await;
    run(&world, "DELETE FROM audit WHERE id <= 4").await;
    let check = world.store.check_audit(Some(expected)).await.unwrap();
    assert_eq!(check.broken.map(|(entry, _)| entry), Some(4));

    // What was deleted by its age is told of, and no earlier word of it counts for a later cut.
    world.store.sweep_audit(later(5), later(9)).await.unwrap();
    assert_eq!(broken(&world).await, None);
    fill_more(&world).await;
    run(
        &world,
        "UPDATE audit_chain SET base_id = 6,
            base_hash = (SELECT a.hash FROM audit a WHERE a.id = 6)",
    )
    .await;
    run(&world, "DELETE FROM audit WHERE id <= 6").await;
    assert_eq!(broken(&world).await, Some(6));
}

pub(super) async fn what_cannot_be_read_is_damage(world: World) {
    fill(&world, 3).await;
    run(&world, "UPDATE audit SET hash = account_id WHERE id = 2").await;
    assert_eq!(broken(&world).await, Some(2));
    assert_eq!(shown(&world).await, 3, "all are shown");
    run(&world, "UPDATE audit_chain SET last_id = -5").await;
    assert_eq!(broken(&world).await, Some(1));
}

/// `SQLite` keeps anything in any column.
#[tokio::test]
async fn values_of_other_types_are_damage() {
    for damage in [
        "UPDATE audit SET hash = x'00' WHERE id = 2",
        "UPDATE audit SET at = 'yesterday' WHERE id = 2",
        "UPDATE audit SET actor = x'ff00' WHERE id = 2",
        "UPDATE audit SET actor = CAST(x'ff00' AS TEXT) WHERE id = 2",
    ] {
        let world = World::on_sqlite().await;
        fill(&world, 3).await;
        run(&world, damage).await;
        assert_eq!(broken(&world).await, Some(2), "{damage}");
    }
}

pub(super) async fn a_page_is_bounded_by_its_length_too(world: World) {
    for number in 0..4 {
        let mut origin = Arc::into_inner(origin(number, "operator")).unwrap();
        origin.request = "x".repeat(1_500_000);
        let store = world.store.on_behalf_of(Arc::new(origin));
        store.insert_token(&token(number)).await.unwrap();
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let page = world
            .store
            .audit_entries(&AuditFilter::default(), before, 100)
            .await
            .unwrap();
        assert!(page.entries.len() <= 2);
        seen.extend(page.entries.iter().map(|entry| entry.id));
        before = seen.last().copied();
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seen, [4, 3, 2, 1]);
}
