//! What is told of limits: their sources, what counts of them, and how much is used.

use super::{
    super::{Accounts, AdminError},
    Found, amount,
};
use crate::{
    model::{
        Account, Authority, Bound, LimitName, LimitOrigin as Origin, LimitScope, LimitSet,
        Override, Subject,
    },
    policy::Allowance,
};

/// One limit with its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitLine {
    /// What is limited.
    pub name: LimitName,
    /// What the plan gives; for relay users.
    pub plan: Option<u64>,
    /// What is set besides.
    pub set: Option<u64>,
    /// What counts, and where it comes from.
    pub in_force: Option<Bound<u64>>,
    /// How much is used.
    pub used: Option<u64>,
}

/// The limits of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsOverview {
    /// Name of the account.
    pub account: String,
    /// What kind of subject.
    pub scope: LimitScope,
    /// Its name.
    pub name: String,
    /// Who set limits, if anybody did.
    pub set_by: Option<Authority>,
    /// The limits.
    pub lines: Vec<LimitLine>,
}

impl Accounts {
    pub(super) async fn limits_overview(
        &self,
        account: &Account,
        found: Found,
        set: Option<Override>,
    ) -> Result<LimitsOverview, AdminError> {
        let now = self.clock.now();
        let subject = found.subject;
        let meter = self.store.meter(subject).await?;
        let plan = self.plan_of(account.id).await?.map(|plan| plan.limits);
        let of_message = match &found.username {
            Some(username) => self.limits_of_message(username, subject).await?,
            None => self.limits_of_any_message(account, set.as_ref()).await?,
        };
        let own = set.map(|set| set.limits).unwrap_or_default();
        let (plan, counted) = match (subject, plan) {
            (Subject::User(_), Some(plan)) => (
                LimitSet::from(plan),
                LimitSet::from(plan.under(set.as_ref())),
            ),
            _ => (LimitSet::default(), own),
        };
        let minute = counted
            .messages_per_minute
            .map(|rate| u64::from(meter.used_of_minute(rate, now)));
        let (messages, recipients) = meter.used_of_day(now);
        let used = |limit: Option<u32>, used: u32| limit.map(|_| u64::from(used));
        let lines = Lines {
            scope: subject.scope(),
            plan,
            set: own,
            counted,
            of_message,
        };
        let messages = used(counted.messages_per_day, messages);
        let recipients = used(counted.recipients_per_day, recipients);
        Ok(LimitsOverview {
            account: account.name.clone(),
            scope: subject.scope(),
            name: found.name,
            set_by: set.map(|set| set.set_by),
            lines: lines.write([minute, messages, recipients]),
        })
    }

    /// The limits of a single message of a relay user, or from a system.
    async fn limits_of_message(
        &self,
        username: &str,
        subject: Subject,
    ) -> Result<OfMessage, AdminError> {
        let login = self.store.login(username).await?;
        let standing = login.map(|login| login.standing);
        let system = match subject {
            Subject::System(id) => Some(id),
            Subject::User(_) | Subject::Account(_) => None,
        };
        let allowance =
            standing.and_then(|standing| Some(Allowance::of(&standing, standing.limits?, system)));
        let ceiling = Some(self.settings.message_size);
        Ok(OfMessage {
            recipients: allowance.as_ref().map(|allowance| Bound {
                limit: u64::from(allowance.recipients.limit),
                origin: allowance.recipients.origin,
            }),
            size: allowance.map(|allowance| allowance.size.at_most(ceiling, Origin::Ceiling)),
        })
    }

    /// The limits of a single message, whoever in the account sends it.
    async fn limits_of_any_message(
        &self,
        account: &Account,
        set: Option<&Override>,
    ) -> Result<OfMessage, AdminError> {
        let route = self.store.route_of(account.id).await?;
        let limits = set.map(|set| set.limits).unwrap_or_default();
        let origin = Origin::Set(LimitScope::Account);
        let ceiling = Bound {
            limit: self.settings.message_size,
            origin: Origin::Ceiling,
        };
        let route = route.and_then(|route| route.offer?.size);
        let recipients = limits.recipients_per_message;
        Ok(OfMessage {
            recipients: recipients.map(|limit| Bound {
                limit: u64::from(limit),
                origin,
            }),
            size: Some(
                ceiling
                    .at_most(route, Origin::Route)
                    .at_most(limits.message_size, origin),
            ),
        })
    }
}

/// What limits a single message.
#[derive(Debug, Clone, Copy)]
struct OfMessage {
    recipients: Option<Bound<u64>>,
    size: Option<Bound<u64>>,
}

/// The sources of the lines of an overview.
struct Lines {
    scope: LimitScope,
    plan: LimitSet,
    set: LimitSet,
    /// What counts of the limits that messages are counted against.
    counted: LimitSet,
    of_message: OfMessage,
}

impl Lines {
    /// `used` is of a minute's messages, of a day's messages, of a day's recipients.
    fn write(&self, used: [Option<u64>; 3]) -> Vec<LimitLine> {
        let [minute, messages, recipients] = used;
        let line = |name: &LimitName| {
            let name = *name;
            let (in_force, used) = match name {
                LimitName::MessagesPerMinute => (self.counted(name), minute),
                LimitName::MessagesPerDay => (self.counted(name), messages),
                LimitName::RecipientsPerDay => (self.counted(name), recipients),
                LimitName::RecipientsPerMessage => (self.of_message.recipients, None),
                LimitName::MessageSize => (self.of_message.size, None),
            };
            LimitLine {
                name,
                plan: amount(&self.plan, name),
                set: amount(&self.set, name),
                in_force,
                used,
            }
        };
        LimitName::ALL.iter().map(line).collect()
    }

    /// What counts of a limit that messages are counted against.
    fn counted(&self, name: LimitName) -> Option<Bound<u64>> {
        let origin = match amount(&self.set, name) {
            Some(_) => Origin::Set(self.scope),
            None => Origin::Plan,
        };
        amount(&self.counted, name).map(|limit| Bound { limit, origin })
    }
}
