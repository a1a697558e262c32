//! Transactions that begin with a lock, so that what they judge holds until they end.
//!
//! On PostgreSQL several write at a time. So that no two of them wait for each other, locks are
//! taken in one order, whichever are needed: the log (`Engine::begin_log`: an advisory lock that
//! comes with BEGIN), the account before anything of it, what belongs to no account, then rows, and
//! last of all the end of the audit log. Whoever writes several messages at a time takes the lock
//! of the log, too, and has a few hundred at most; retention does not, whose messages nobody else
//! writes. A writer on SQLite is alone from its BEGIN on.

use sqlx::{Any, AnyConnection, AssertSqlSafe, Transaction};

use super::{Store, StoreError, engine::Engine, record::Record};
use crate::model::{AccountId, AccountState, MessageId};

impl Store {
    /// Begins a transaction that gives an account something which it must not get once it has
    /// ended: the end wipes once, and what came later would stay. `Ended` when it has.
    pub(super) async fn begin_open(
        &self,
        account: AccountId,
    ) -> Result<Transaction<'static, Any>, StoreError> {
        self.begin_unless(account, AccountState::has_ended).await
    }

    /// The same where an account may be closing: it still needs its way out, which goes with the
    /// last mail.
    pub(super) async fn begin_unclosed(
        &self,
        account: AccountId,
    ) -> Result<Transaction<'static, Any>, StoreError> {
        self.begin_unless(account, |state| state == AccountState::Closed)
            .await
    }

    /// The same for what belongs to an account or to the operator.
    pub(super) async fn begin_owned(
        &self,
        owner: Option<AccountId>,
    ) -> Result<Transaction<'static, Any>, StoreError> {
        let Some(account) = owner else {
            let mut tx = self.begin().await?;
            lock_house(&mut tx, self.engine()).await?;
            return Ok(tx);
        };
        self.begin_open(account).await
    }

    async fn begin_unless(
        &self,
        account: AccountId,
        is_over: impl FnOnce(AccountState) -> bool + Send,
    ) -> Result<Transaction<'static, Any>, StoreError> {
        let mut tx = self.begin().await?;
        let state = lock_account(&mut tx, self.engine(), account).await?;
        if is_over(state) {
            return Err(StoreError::Ended(state));
        }
        Ok(tx)
    }
}

/// Locks an account and gives its state. `NotFound` when there is none.
pub(super) async fn lock_account(
    connection: &mut AnyConnection,
    engine: Engine,
    account: AccountId,
) -> Result<AccountState, StoreError> {
    let lock = format!(
        "SELECT state FROM accounts WHERE id = $1{}",
        engine.for_update()
    );
    let row = sqlx::query(AssertSqlSafe(lock))
        .bind(account.as_bytes().as_slice())
        .fetch_one(connection)
        .await?;
    Record::new("accounts", &row).parse("state")
}

/// Locks what belongs to no account, against others who do so, too.
pub(super) async fn lock_house(
    connection: &mut AnyConnection,
    engine: Engine,
) -> Result<(), StoreError> {
    let lock = format!(
        "SELECT value FROM meta WHERE key = 'schema_version'{}",
        engine.for_update()
    );
    sqlx::query(AssertSqlSafe(lock))
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Locks messages by id, whatever the order in which they are given.
pub(super) async fn lock_messages(
    connection: &mut AnyConnection,
    engine: Engine,
    ids: &[MessageId],
) -> Result<(), StoreError> {
    let Some(lock) = engine.message_lock() else {
        return Ok(());
    };
    // The statement sorts what it is given, which may be a piece of them.
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    lock.execute(connection, &ids, |id, values| {
        values.bytes(id.as_bytes());
    })
    .await
}
