//! What is told of limits: their sources, what counts of them, and how much is used.

use super::{
    super::{Accounts, AdminError},
    Found,
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
            recipients: allowance.as_ref().map(|allowance| allowance.recipients),
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
            recipients: recipients.map(|limit| Bound { limit, origin }),
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
    recipients: Option<Bound<u32>>,
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
        let Self {
            plan,
            set,
            counted,
            of_message,
            ..
        } = self;
        let [minute, messages, recipients] = used;
        let wide = |limit: Option<u32>| limit.map(u64::from);
        let count =
            |name, plan: Option<u32>, set: Option<u32>, limit: Option<u32>, used| LimitLine {
                name,
                plan: wide(plan),
                set: wide(set),
                in_force: wide(limit).map(|limit| Bound {
                    limit,
                    origin: match set {
                        Some(_) => Origin::Set(self.scope),
                        None => Origin::Plan,
                    },
                }),
                used,
            };
        vec![
            count(
                LimitName::MessagesPerMinute,
                plan.messages_per_minute,
                set.messages_per_minute,
                counted.messages_per_minute,
                minute,
            ),
            count(
                LimitName::MessagesPerDay,
                plan.messages_per_day,
                set.messages_per_day,
                counted.messages_per_day,
                messages,
            ),
            count(
                LimitName::RecipientsPerDay,
                plan.recipients_per_day,
                set.recipients_per_day,
                counted.recipients_per_day,
                recipients,
            ),
            LimitLine {
                name: LimitName::RecipientsPerMessage,
                plan: wide(plan.recipients_per_message),
                set: wide(set.recipients_per_message),
                in_force: of_message.recipients.map(|bound| Bound {
                    limit: u64::from(bound.limit),
                    origin: bound.origin,
                }),
                used: None,
            },
            LimitLine {
                name: LimitName::MessageSize,
                plan: plan.message_size,
                set: set.message_size,
                in_force: of_message.size,
                used: None,
            },
        ]
    }
}
