//! Limits besides those of the plan: for an account, a relay user or a system.
//!
//! The operator sets what it likes. An account's owner may narrow what the plan gives to its relay
//! users and systems, and undo that, but not what the operator set.

mod overview;

use super::{Accounts, AdminError, field::Fields};
use crate::model::{
    Account, Authority, LimitName, LimitScope, LimitSet, Limits, Override, Reason, Subject,
};

pub use overview::{LimitLine, LimitsOverview};

/// Highest rate that can be told apart from none.
pub(super) const FASTEST: u32 = 1_000_000;
/// Smaller messages are not worth a limit, and a header alone may be as large.
pub(super) const SMALLEST: u64 = 1024;

/// Whose limits are meant.
#[derive(Debug, Clone)]
pub struct LimitTarget {
    /// What kind of subject.
    pub scope: LimitScope,
    /// Name or id of the relay user or system; of no meaning for an account.
    pub name: String,
}

/// Limits to set: those that are not given stay, and 0 goes back to the plan.
pub type LimitChange = LimitSet;

/// A target that was found.
struct Found {
    subject: Subject,
    name: String,
    /// Of the relay user that is meant, or that the system sends as.
    username: Option<String>,
}

impl Accounts {
    /// The limits of a subject, and how much of them is used.
    pub async fn show_limits(
        &self,
        account: &Account,
        target: &LimitTarget,
    ) -> Result<LimitsOverview, AdminError> {
        let found = self.find_target(account, target).await?;
        let set = self.store.limits_of(found.subject).await?;
        self.limits_overview(account, found, set).await
    }

    /// Sets limits of a subject, as far as `authority` may.
    pub async fn set_limits(
        &self,
        account: &Account,
        target: &LimitTarget,
        change: LimitChange,
        authority: Authority,
    ) -> Result<LimitsOverview, AdminError> {
        let found = self.find_target(account, target).await?;
        self.check_values(&change)?;
        let plan = self.plan_of(account.id).await?.map(|plan| plan.limits);
        keep_within_plan(found.subject, &change, plan, authority)?;
        let decide = |old: Option<Override>| {
            keep_from_owner(old.as_ref(), authority)?;
            let old = old.map(|old| old.limits).unwrap_or_default();
            Ok::<_, AdminError>(Override {
                limits: merge(change, old),
                set_by: authority,
            })
        };
        self.change_limits(account, found, decide).await
    }

    /// Goes back to the limits of the plan, as far as `authority` may.
    pub async fn reset_limits(
        &self,
        account: &Account,
        target: &LimitTarget,
        authority: Authority,
    ) -> Result<LimitsOverview, AdminError> {
        let found = self.find_target(account, target).await?;
        let decide = |old: Option<Override>| {
            keep_from_owner(old.as_ref(), authority)?;
            Ok::<_, AdminError>(Override {
                limits: LimitSet::default(),
                set_by: authority,
            })
        };
        self.change_limits(account, found, decide).await
    }

    async fn change_limits(
        &self,
        account: &Account,
        found: Found,
        decide: impl FnOnce(Option<Override>) -> Result<Override, AdminError> + Send,
    ) -> Result<LimitsOverview, AdminError> {
        let now = self.clock.now();
        let subject = found.subject;
        let changing = self.store.change_limits(account.id, subject, now, decide);
        let set = changing.await?;
        tracing::info!(
            account = %account.name, scope = %subject.scope(), name = found.name,
            by = %set.set_by, limits = ?set.limits, "limits set"
        );
        let set = Some(set).filter(|set| !set.limits.is_empty());
        self.limits_overview(account, found, set).await
    }

    async fn find_target(
        &self,
        account: &Account,
        target: &LimitTarget,
    ) -> Result<Found, AdminError> {
        match target.scope {
            LimitScope::Account => Ok(Found {
                subject: Subject::Account(account.id),
                name: account.name.clone(),
                username: None,
            }),
            LimitScope::User => {
                let user = self.find_relay_user(account, &target.name).await?;
                Ok(Found {
                    subject: Subject::User(user.id),
                    name: user.username.clone(),
                    username: Some(user.username),
                })
            }
            LimitScope::System => {
                let found = self.find_system(account, &target.name).await?;
                Ok(Found {
                    subject: Subject::System(found.system.id),
                    name: found.system.name,
                    username: Some(found.user),
                })
            }
        }
    }

    /// Refuses values that no limit can have.
    pub(super) fn check_values(&self, change: &LimitChange) -> Result<(), AdminError> {
        let mut fields = Fields::default();
        if change.is_empty() {
            fields.refuse("limits", "there is nothing to set");
        }
        if change
            .messages_per_minute
            .is_some_and(|rate| rate > FASTEST)
        {
            fields.refuse("messages_per_minute", format!("1 to {FASTEST}"));
        }
        let ceiling = self.settings.message_size;
        let fits = |size: u64| size == 0 || (SMALLEST..=ceiling).contains(&size);
        if change.message_size.is_some_and(|size| !fits(size)) {
            let why = format!(
                "{SMALLEST} to {ceiling} bytes, which is message_size in the configuration of \
                 relayd"
            );
            fields.refuse("message_size", why);
        }
        fields.check()
    }
}

/// What an owner may not touch.
pub(super) fn keep_from_owner(
    old: Option<&Override>,
    authority: Authority,
) -> Result<(), AdminError> {
    let is_operators = old.is_some_and(|old| old.set_by == Authority::Operator);
    if authority == Authority::Owner && is_operators {
        let detail = "the operator set these limits, and only the operator changes them";
        return Err(AdminError::refused(Reason::Forbidden, detail));
    }
    Ok(())
}

/// What an owner may not ask for: limits of the whole account, and more than the plan gives.
pub(super) fn keep_within_plan(
    subject: Subject,
    change: &LimitSet,
    plan: Option<Limits>,
    authority: Authority,
) -> Result<(), AdminError> {
    if authority == Authority::Operator {
        return Ok(());
    }
    if subject.scope() == LimitScope::Account {
        let detail = "the operator sets the limits of accounts";
        return Err(AdminError::refused(Reason::Forbidden, detail));
    }
    let plan = plan.ok_or_else(|| AdminError::Refused(Reason::NoSubscription.into()))?;
    let plan = LimitSet::from(plan);
    for name in LimitName::ALL {
        if let (Some(asked), Some(given)) = (amount(change, *name), amount(&plan, *name))
            && asked > given
        {
            let detail = format!("{name} of {asked}; the plan gives {given}");
            return Err(AdminError::refused(Reason::PlanLimit, detail));
        }
    }
    Ok(())
}

/// The limit of this name, if there is one.
fn amount(limits: &LimitSet, name: LimitName) -> Option<u64> {
    match name {
        LimitName::MessagesPerMinute => limits.messages_per_minute.map(u64::from),
        LimitName::MessagesPerDay => limits.messages_per_day.map(u64::from),
        LimitName::RecipientsPerDay => limits.recipients_per_day.map(u64::from),
        LimitName::RecipientsPerMessage => limits.recipients_per_message.map(u64::from),
        LimitName::MessageSize => limits.message_size,
    }
}

/// The old limits after a change, in which 0 takes one away.
pub(super) fn merge(change: LimitChange, old: LimitSet) -> LimitSet {
    let merged = change.or(old);
    LimitSet {
        messages_per_minute: merged.messages_per_minute.filter(|limit| *limit > 0),
        messages_per_day: merged.messages_per_day.filter(|limit| *limit > 0),
        recipients_per_day: merged.recipients_per_day.filter(|limit| *limit > 0),
        recipients_per_message: merged.recipients_per_message.filter(|limit| *limit > 0),
        message_size: merged.message_size.filter(|limit| *limit > 0),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{AccountId, IdSource, Plan, UserId};

    const PLAN: Limits = Plan::BUILT_IN[0].2;

    fn user() -> Subject {
        Subject::User(UserId::new(&IdSource::new(), Timestamp::UNIX_EPOCH))
    }

    fn reason(result: Result<(), AdminError>) -> Option<Reason> {
        match result {
            Ok(()) => None,
            Err(AdminError::Refused(refusal)) => Some(refusal.reason),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn an_owner_stays_within_the_plan_and_the_operator_need_not() {
        let small = |messages_per_day| LimitSet {
            messages_per_day: Some(messages_per_day),
            ..LimitSet::default()
        };
        let large = LimitSet {
            message_size: Some(PLAN.message_size + 1),
            ..LimitSet::default()
        };
        let account = Subject::Account(AccountId::new(&IdSource::new(), Timestamp::UNIX_EPOCH));
        let most = PLAN.messages_per_day;
        for (subject, change, plan, refused) in [
            (user(), small(most), Some(PLAN), None),
            (user(), small(0), Some(PLAN), None),
            (user(), small(most + 1), Some(PLAN), Some(Reason::PlanLimit)),
            (user(), large, Some(PLAN), Some(Reason::PlanLimit)),
            (user(), small(1), None, Some(Reason::NoSubscription)),
            (account, small(1), Some(PLAN), Some(Reason::Forbidden)),
        ] {
            let by = |authority| reason(keep_within_plan(subject, &change, plan, authority));
            assert_eq!(by(Authority::Owner), refused, "{change:?}");
            assert_eq!(by(Authority::Operator), None, "{change:?}");
        }
    }

    #[test]
    fn what_the_operator_set_is_not_the_owners_to_change() {
        for (set_by, authority, refused) in [
            (
                Some(Authority::Operator),
                Authority::Owner,
                Some(Reason::Forbidden),
            ),
            (Some(Authority::Owner), Authority::Owner, None),
            (Some(Authority::Operator), Authority::Operator, None),
            (None, Authority::Owner, None),
        ] {
            let old = set_by.map(|set_by| Override {
                limits: LimitSet::default(),
                set_by,
            });
            let judged = reason(keep_from_owner(old.as_ref(), authority));
            assert_eq!(judged, refused, "{set_by:?} {authority}");
        }
    }

    #[test]
    fn a_change_keeps_the_rest_and_zero_takes_back() {
        let old = LimitSet {
            messages_per_minute: Some(5),
            messages_per_day: Some(50),
            ..LimitSet::default()
        };
        let change = LimitSet {
            messages_per_minute: Some(0),
            message_size: Some(2048),
            ..LimitSet::default()
        };
        let expected = LimitSet {
            messages_per_day: Some(50),
            message_size: Some(2048),
            ..LimitSet::default()
        };
        assert_eq!(merge(change, old), expected);
    }
}
