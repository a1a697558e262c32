//! Accounts that are stopped for a while, by the operator or by their owners.

use super::{
    AccountOverview, Accounts, AdminError,
    account::{does_not_fit, refuse_ended},
    field::Fields,
};
use crate::model::{Account, AccountState, Authority, Reason, Suspension};

/// Characters of a reason: with what surrounds it, it fits a line of an SMTP reply.
const MAX_REASON: usize = 160;

impl Accounts {
    /// Stops an account: its devices are refused and told `reason`, and its queue waits. What the
    /// operator suspends is the operator's, be it suspended by its owner already.
    pub async fn suspend_account(
        &self,
        key: &str,
        by: Authority,
        reason: &str,
    ) -> Result<AccountOverview, AdminError> {
        let mut fields = Fields::default();
        let reason = fields.line("reason", reason, MAX_REASON);
        fields.check()?;
        self.change_account(key, |account| {
            refuse_ended(account)?;
            refuse_foreign(account, by)?;
            if account.state == AccountState::Registered {
                return Err(does_not_fit(account));
            }
            account.state = AccountState::Suspended;
            account.suspension = Some(Suspension { by, reason });
            Ok(())
        })
        .await
    }

    /// Lets a suspended account go on. Only the operator ends what the operator began.
    pub async fn resume_account(
        &self,
        key: &str,
        by: Authority,
    ) -> Result<AccountOverview, AdminError> {
        self.change_account(key, |account| {
            refuse_ended(account)?;
            refuse_foreign(account, by)?;
            if account.state == AccountState::Registered {
                return Err(does_not_fit(account));
            }
            account.state = AccountState::Active;
            account.suspension = None;
            Ok(())
        })
        .await
    }
}

/// Whether the owner may sign in: an account that the owner suspended can be resumed.
pub(super) fn admits_owner(account: &Account) -> bool {
    match account.state {
        AccountState::Active => true,
        AccountState::Suspended => refuse_foreign(account, Authority::Owner).is_ok(),
        AccountState::Registered | AccountState::Closing | AccountState::Closed => false,
    }
}

fn refuse_foreign(account: &Account, by: Authority) -> Result<(), AdminError> {
    let set_by = account.suspension.as_ref().map(|suspension| suspension.by);
    if by == Authority::Owner && set_by == Some(Authority::Operator) {
        return Err(AdminError::refused(
            Reason::Forbidden,
            format!("the operator suspended account {}", account.name),
        ));
    }
    Ok(())
}
