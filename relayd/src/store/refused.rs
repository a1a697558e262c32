//! Refusals at the door: the list for the owner of a silent printer.

use sqlx::AnyConnection;

use super::{RefusalRecord, Store, StoreError, error_counts::id, record::micros, rows::Rows};
use crate::model::{AccountId, SystemId, UserId};

impl Store {
    /// Deletes all but the `keep` newest refusals; their counts stay. Gives how many went.
    pub async fn sweep_refusals(&self, keep: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let swept =
            sqlx::query("DELETE FROM refusals WHERE id <= (SELECT MAX(id) - $1 FROM refusals)")
                .bind(i64::from(keep))
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(swept.rows_affected())
    }
}

/// Writes the refusals that are to be listed.
pub(super) async fn write(
    tx: &mut AnyConnection,
    refusals: &[RefusalRecord],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO refusals (at, account_id, user_id, system_id, username, client, listener,
                               helo, sender, recipient, reason, reply) VALUES ",
        12,
        "",
    );
    let listed: Vec<_> = refusals
        .iter()
        .filter(|refusal| refusal.is_listed)
        .collect();
    INSERT
        .execute(tx, &listed, |refusal, values| {
            values
                .number(micros(refusal.at))
                .bytes(id(refusal.account_id.as_ref().map(AccountId::as_bytes)))
                .bytes(id(refusal.user_id.as_ref().map(UserId::as_bytes)))
                .bytes(id(refusal.system_id.as_ref().map(SystemId::as_bytes)))
                .text(&refusal.username)
                .text(&refusal.client.to_string())
                .text(&refusal.listener)
                .text(&refusal.helo)
                .text(&refusal.sender)
                .text(&refusal.recipient)
                .text(refusal.reason.code())
                .text(&refusal.reply);
        })
        .await
}
