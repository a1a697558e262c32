//! Brings a store to the version this program knows, and refuses one that is newer.

use sqlx::AnyConnection;

use super::{
    StoreError,
    engine::{Engine, Pools},
    record::Record,
};
use crate::model::{Limits, Plan};

/// Applies what is missing, all in one transaction.
pub(super) async fn migrate(pools: &Pools) -> Result<(), StoreError> {
    let mut tx = pools.writes.begin_with(pools.engine.begin()).await?;
    if let Some(lock) = pools.engine.migration_lock() {
        sqlx::raw_sql(lock).execute(&mut *tx).await?;
    }
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    )
    .execute(&mut *tx)
    .await?;
    if apply_missing(&mut tx, pools.engine).await? == 0 {
        insert_built_in_plans(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives the version that the store had before.
async fn apply_missing(tx: &mut AnyConnection, engine: Engine) -> Result<i64, StoreError> {
    let migrations = engine.migrations();
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let row = sqlx::query("SELECT value FROM meta WHERE key = 'schema_version'")
        .fetch_optional(&mut *tx)
        .await?;
    let found: i64 = match &row {
        Some(row) => Record::new("meta", row).parse("value")?,
        None => 0,
    };
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let seen = usize::try_from(found).unwrap_or(0);
    for script in &migrations[seen..] {
        sqlx::raw_sql(*script).execute(&mut *tx).await?;
    }
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('schema_version', $1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(known.to_string())
    .execute(&mut *tx)
    .await?;
    Ok(found)
}

/// A new store gets the built-in plans. They are like all others from then on: those that the
/// operator changed or deleted stay so.
async fn insert_built_in_plans(tx: &mut AnyConnection) -> Result<(), StoreError> {
    for (number, (name, relay_users, limits)) in (1u8..).zip(Plan::BUILT_IN) {
        insert_plan(tx, number, name, relay_users, &limits).await?;
    }
    Ok(())
}

async fn insert_plan(
    tx: &mut AnyConnection,
    number: u8,
    name: &str,
    relay_users: u32,
    limits: &Limits,
) -> Result<(), StoreError> {
    let mut id = [0; 12];
    id[11] = number;
    sqlx::query(
        "INSERT INTO plans (id, name, relay_users, messages_per_minute, messages_per_day,
                            recipients_per_day, recipients_per_message, message_size, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    )
    .bind(id.as_slice())
    .bind(name)
    .bind(i64::from(relay_users))
    .bind(i64::from(limits.messages_per_minute))
    .bind(i64::from(limits.messages_per_day))
    .bind(i64::from(limits.recipients_per_day))
    .bind(i64::from(limits.recipients_per_message))
    .bind(i64::try_from(limits.message_size).unwrap_or(i64::MAX))
    .execute(&mut *tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{SealKey, Store};

    #[tokio::test]
    async fn a_store_opens_twice_and_a_newer_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key.clone()).await.unwrap();
        store.ping().await.unwrap();
        store.close().await;

        let store = Store::open(&url, key.clone()).await.unwrap();
        let topic = crate::store::topic::Topic::Messages;
        let mut change = store.change(topic).await.unwrap();
        sqlx::query("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
            .execute(change.connection())
            .await
            .unwrap();
        change.commit().await.unwrap();
        assert_eq!(store.generation(), 1);
        store.close().await;

        let refused = Store::open(&url, key).await;
        assert!(
            matches!(refused, Err(StoreError::Newer { found: 99, .. })),
            "{refused:?}"
        );
    }
}
