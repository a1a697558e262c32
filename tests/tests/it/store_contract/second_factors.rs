//! Promises about the second factor of owners.

use relayd::{
    model::{AccountId, Secret},
    store::{AuditFilter, SecondFactor, Store, StoreError},
};

use super::{
    audit::origin,
    world::{World, later},
};

pub(super) fn factor(account_id: AccountId, secret: &str, seconds: i64) -> SecondFactor {
    SecondFactor {
        account_id,
        secret: Secret::new(secret),
        created_at: later(seconds),
        enabled_at: None,
        last_step: 0,
    }
}

fn hashes(numbers: &[u8]) -> Vec<Vec<u8>> {
    numbers.iter().map(|number| vec![*number; 32]).collect()
}

async fn read(store: &Store, account: AccountId) -> Option<(String, bool, i64)> {
    let found = store.second_factor(account).await.unwrap()?;
    let secret = found.secret.expose().to_owned();
    Some((secret, found.enabled_at.is_some(), found.last_step))
}

pub(super) async fn one_that_is_enabled_gives_no_way_to_another(world: World) {
    let store = &world.store.on_behalf_of(origin(0, "operator"));
    let account = world.account;
    assert_eq!(read(store, account).await, None);
    let (void, proved) = (factor(account, "ONE", 1), factor(account, "TWO", 2));
    store.put_second_factor(&void).await.unwrap();
    store.put_second_factor(&proved).await.unwrap();
    assert_eq!(read(store, account).await, Some(("TWO".into(), false, 0)));
    assert_eq!(
        world.number("SELECT COUNT(*) FROM second_factors").await,
        1,
        "the one before is void"
    );

    let late = store
        .enable_second_factor(&void, later(3), 7, &[], &[])
        .await;
    assert_eq!(late, Err(StoreError::NotFound));
    store
        .enable_second_factor(&proved, later(3), 7, &hashes(&[1, 2]), &[])
        .await
        .unwrap();
    assert_eq!(read(store, account).await, Some(("TWO".into(), true, 7)));
    let twice = store
        .enable_second_factor(&proved, later(4), 8, &[], &[])
        .await;
    assert_eq!(twice, Err(StoreError::NotFound));
    let another = store.put_second_factor(&factor(account, "SIX", 5)).await;
    assert_eq!(another, Err(StoreError::NotFound));
    assert_eq!(store.recovery_codes_left(account).await, Ok(2));

    assert_eq!(store.delete_second_factor(account).await, Ok(true));
    assert_eq!(store.delete_second_factor(account).await, Ok(false));
    assert_eq!(read(store, account).await, None);
    assert_eq!(store.recovery_codes_left(account).await, Ok(0));

    let entries = store.audit_entries(&AuditFilter::default(), None, 9).await;
    let entries = entries.unwrap().entries;
    assert_eq!(entries.len(), 4, "{entries:?}");
    assert!(entries[0].before.contains("\"recovery_codes_left\":2"));
    assert_eq!(entries[0].after, "");
    let all = format!("{entries:?}");
    assert!(!all.contains("TWO"), "{all}");
}

pub(super) async fn the_code_of_a_step_is_taken_once_by_one(world: World) {
    let store = &world.store;
    let account = world.account;
    assert_eq!(
        store.take_step(account, 1).await,
        Ok(false),
        "there is none"
    );
    let proved = factor(account, "ONE", 1);
    store.put_second_factor(&proved).await.unwrap();
    store
        .enable_second_factor(&proved, later(2), 10, &[], &[])
        .await
        .unwrap();
    for (step, taken) in [(10, false), (9, false), (12, true), (11, false), (13, true)] {
        assert_eq!(store.take_step(account, step).await, Ok(taken), "{step}");
    }
    let at_once = futures_util::future::join_all((0..8).map(|_| store.take_step(account, 14)));
    let taken = at_once.await;
    let taken = taken.iter().filter(|taken| **taken == Ok(true));
    assert_eq!(taken.count(), 1);
}

pub(super) async fn recovery_codes_are_taken_once_each_and_replaced_together(world: World) {
    let store = &world.store;
    let account = world.account;
    store
        .replace_recovery_codes(account, &hashes(&[1, 2, 3]))
        .await
        .unwrap();
    let take = async |number: u8| store.take_recovery_code(account, &[number; 32]).await;
    assert_eq!(take(4).await, Ok(false));
    assert_eq!(take(1).await, Ok(true));
    assert_eq!(take(1).await, Ok(false));
    let hash = vec![2; 32];
    let at_once =
        futures_util::future::join_all((0..8).map(|_| store.take_recovery_code(account, &hash)));
    let taken = at_once.await;
    let taken = taken.iter().filter(|taken| **taken == Ok(true));
    assert_eq!(taken.count(), 1);
    assert_eq!(store.recovery_codes_left(account).await, Ok(1));

    store
        .replace_recovery_codes(account, &hashes(&[5, 6]))
        .await
        .unwrap();
    assert_eq!(take(3).await, Ok(false));
    assert_eq!(take(5).await, Ok(true));
    assert_eq!(store.recovery_codes_left(account).await, Ok(1));
}
