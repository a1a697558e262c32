//! Limits that are set for one account, system or relay user, besides those of the plan.

use std::fmt;

use super::{AccountId, Limits, SystemId, UserId, text_enum};

text_enum! {
    /// Whose messages a limit counts.
    LimitScope {
        /// Those of one relay user.
        User = "user",
        /// Those that come from one system.
        System = "system",
        /// Those of a whole account.
        Account = "account",
    }
}

impl LimitScope {
    /// Whom a limit is for, as the end of a sentence.
    pub const fn whose(self) -> &'static str {
        match self {
            Self::User => "for the relay user",
            Self::System => "for the system",
            Self::Account => "for the account",
        }
    }
}

text_enum! {
    /// What is limited.
    LimitName {
        /// Messages in any minute.
        MessagesPerMinute = "messages_per_minute",
        /// Messages in a day (UTC).
        MessagesPerDay = "messages_per_day",
        /// Recipients in a day (UTC).
        RecipientsPerDay = "recipients_per_day",
        /// Recipients of one message.
        RecipientsPerMessage = "recipients_per_message",
        /// Size of one message, in bytes.
        MessageSize = "message_size",
    }
}

text_enum! {
    /// Who asks for a change, or made it.
    Authority {
        /// Who runs relayd; may set anything.
        Operator = "operator",
        /// Who owns the account; stays within the plan.
        Owner = "owner",
    }
}

impl Authority {
    /// The limit in force where the plan has one and this authority may have set another.
    fn choose<T: Ord>(self, plan: T, set: Option<T>) -> T {
        match (set, self) {
            (None, _) => plan,
            (Some(set), Self::Operator) => set,
            (Some(set), Self::Owner) => set.min(plan),
        }
    }
}

/// What a limit is set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An account as a whole.
    Account(AccountId),
    /// A system, whoever signs in from it.
    System(SystemId),
    /// A relay user, wherever it signs in.
    User(UserId),
}

impl Subject {
    /// What kind of subject.
    pub const fn scope(self) -> LimitScope {
        match self {
            Self::Account(_) => LimitScope::Account,
            Self::System(_) => LimitScope::System,
            Self::User(_) => LimitScope::User,
        }
    }

    /// The bytes of its id; no two subjects share them.
    pub const fn as_bytes(&self) -> &[u8; 12] {
        match self {
            Self::Account(id) => id.as_bytes(),
            Self::System(id) => id.as_bytes(),
            Self::User(id) => id.as_bytes(),
        }
    }
}

/// Limits of which any may be missing. The words are those of [`Limits`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitSet {
    /// Messages in any minute.
    pub messages_per_minute: Option<u32>,
    /// Messages in a day (UTC).
    pub messages_per_day: Option<u32>,
    /// Recipients in a day (UTC).
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message.
    pub recipients_per_message: Option<u32>,
    /// Size of one message, in bytes as submitted.
    pub message_size: Option<u64>,
}

impl LimitSet {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether messages have to be counted for these limits.
    pub const fn is_counted(&self) -> bool {
        self.messages_per_minute.is_some()
            || self.messages_per_day.is_some()
            || self.recipients_per_day.is_some()
    }

    /// These limits, and where one is missing that of `others`.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            messages_per_minute: self.messages_per_minute.or(others.messages_per_minute),
            messages_per_day: self.messages_per_day.or(others.messages_per_day),
            recipients_per_day: self.recipients_per_day.or(others.recipients_per_day),
            recipients_per_message: self
                .recipients_per_message
                .or(others.recipients_per_message),
            message_size: self.message_size.or(others.message_size),
        }
    }
}

impl From<Limits> for LimitSet {
    fn from(limits: Limits) -> Self {
        Self {
            messages_per_minute: Some(limits.messages_per_minute),
            messages_per_day: Some(limits.messages_per_day),
            recipients_per_day: Some(limits.recipients_per_day),
            recipients_per_message: Some(limits.recipients_per_message),
            message_size: Some(limits.message_size),
        }
    }
}

/// What was set for one subject, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    /// The limits.
    pub limits: LimitSet,
    /// Who set them. What an owner set never goes beyond the plan, even after the plan shrank.
    pub set_by: Authority,
}

impl Limits {
    /// The limits of a relay user for whom `over` is set.
    #[must_use]
    pub fn under(self, over: Option<&Override>) -> Self {
        let Some(Override { limits, set_by }) = over else {
            return self;
        };
        let by = *set_by;
        Self {
            messages_per_minute: by.choose(self.messages_per_minute, limits.messages_per_minute),
            messages_per_day: by.choose(self.messages_per_day, limits.messages_per_day),
            recipients_per_day: by.choose(self.recipients_per_day, limits.recipients_per_day),
            recipients_per_message: by
                .choose(self.recipients_per_message, limits.recipients_per_message),
            message_size: by.choose(self.message_size, limits.message_size),
        }
    }
}

/// Limits that a message is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Whose count it is.
    pub subject: Subject,
    /// The limits; those of a single message are judged before.
    pub limits: LimitSet,
}

/// Where a limit of a single message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitOrigin {
    /// The plan of the account.
    Plan,
    /// Set for the relay user, the system or the account.
    Set(LimitScope),
    /// The server of the route takes no more.
    Route,
    /// The configuration of relayd.
    Ceiling,
}

impl LimitOrigin {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Set(scope) => scope.as_str(),
            Self::Route => "route",
            Self::Ceiling => "ceiling",
        }
    }
}

/// As the end of a sentence about a limit.
impl fmt::Display for LimitOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plan => "of the plan",
            Self::Set(scope) => scope.whose(),
            Self::Route => "of the server of the route",
            Self::Ceiling => "of this relay for all mail",
        })
    }
}

/// A limit of a single message, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound<T> {
    /// The limit.
    pub limit: T,
    /// Where it comes from.
    pub origin: LimitOrigin,
}

impl<T: Ord + Copy> Bound<T> {
    /// This limit, or another one that is smaller.
    #[must_use]
    pub fn at_most(self, limit: Option<T>, origin: LimitOrigin) -> Self {
        match limit {
            Some(limit) if limit < self.limit => Self { limit, origin },
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Plan;

    #[test]
    fn an_operator_may_go_beyond_the_plan_and_an_owner_may_not() {
        let plan = Plan::BUILT_IN[0].2;
        let limits = LimitSet {
            messages_per_minute: Some(plan.messages_per_minute + 1),
            message_size: Some(plan.message_size + 1),
            messages_per_day: Some(7),
            ..LimitSet::default()
        };
        let by = |set_by| plan.under(Some(&Override { limits, set_by }));
        let operator = by(Authority::Operator);
        assert_eq!(operator.messages_per_minute, plan.messages_per_minute + 1);
        assert_eq!(operator.message_size, plan.message_size + 1);
        let owner = by(Authority::Owner);
        assert_eq!(owner.messages_per_minute, plan.messages_per_minute);
        assert_eq!(owner.message_size, plan.message_size);
        for limits in [operator, owner] {
            assert_eq!(limits.messages_per_day, 7);
            assert_eq!(limits.recipients_per_day, plan.recipients_per_day);
        }
        assert_eq!(plan.under(None), plan);
    }
}
