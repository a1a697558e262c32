//! How much a relay user may send from a system: the plan, what is set besides, and the route.

use crate::model::{
    Bound, LimitOrigin as Origin, LimitScope, Limits, Quota, Reason, Refusal, Standing, Subject,
    SystemId,
};

impl Bound<u64> {
    /// Whether a message of so many bytes fits.
    pub fn admit_size(&self, size: u64) -> Result<(), Refusal> {
        if size <= self.limit {
            return Ok(());
        }
        let detail = format!("limit {} bytes, {}", self.limit, self.origin);
        Err(Refusal::new(Reason::MessageTooLarge, detail))
    }
}

impl Bound<u32> {
    /// Whether a message of so many recipients fits.
    pub fn admit_recipients(&self, count: usize) -> Result<(), Refusal> {
        if count <= usize::try_from(self.limit).unwrap_or(usize::MAX) {
            return Ok(());
        }
        let detail = format!("limit {}, {}", self.limit, self.origin);
        Err(Refusal::new(Reason::TooManyRecipients, detail))
    }
}

/// How much may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// What messages are counted against: the relay user's limits first, then the system's and
    /// the account's, where some are set.
    pub quotas: Vec<Quota>,
    /// Recipients of one message.
    pub recipients: Bound<u32>,
    /// Size of one message, in bytes.
    pub size: Bound<u64>,
}

impl Allowance {
    /// What the relay user of `standing` may send from `system` under the limits of its plan.
    /// Without a system, what it may send from one that nothing is set for.
    pub fn of(standing: &Standing, plan: Limits, system: Option<SystemId>) -> Self {
        let overrides = &standing.overrides;
        let user = overrides.user.as_ref();
        let own = plan.under(user);
        let at_system = system.and_then(|id| {
            let set = overrides.systems.get(&id)?;
            Some((Subject::System(id), set.limits))
        });
        let account = Subject::Account(standing.user.account_id);
        let of_account = overrides.account.map(|set| (account, set.limits));
        let mut allowance = Self {
            quotas: vec![Quota {
                subject: Subject::User(standing.user.id),
                limits: own.into(),
            }],
            recipients: Bound {
                limit: own.recipients_per_message,
                origin: origin(user.is_some_and(|set| set.limits.recipients_per_message.is_some())),
            },
            size: Bound {
                limit: own.message_size,
                origin: origin(user.is_some_and(|set| set.limits.message_size.is_some())),
            },
        };
        for (subject, limits) in at_system.into_iter().chain(of_account) {
            let origin = Origin::Set(subject.scope());
            allowance.recipients = allowance
                .recipients
                .at_most(limits.recipients_per_message, origin);
            allowance.size = allowance.size.at_most(limits.message_size, origin);
            if limits.is_counted() {
                allowance.quotas.push(Quota { subject, limits });
            }
        }
        let route = standing.route.and_then(|route| route.offer?.size);
        allowance.size = allowance.size.at_most(route, Origin::Route);
        allowance
    }
}

const fn origin(is_set: bool) -> Origin {
    if is_set {
        Origin::Set(LimitScope::User)
    } else {
        Origin::Plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Authority, LimitSet, Override, Plan, RouteOffer},
        policy::access::tests::standing,
    };

    const PLAN: Limits = Plan::BUILT_IN[0].2;

    fn set(limits: LimitSet) -> Override {
        Override {
            limits,
            set_by: Authority::Operator,
        }
    }

    fn sizes(message_size: u64) -> Override {
        set(LimitSet {
            message_size: Some(message_size),
            ..LimitSet::default()
        })
    }

    #[test]
    fn the_smallest_size_counts_and_is_named() {
        let mut standing = standing(&[("203.0.113.10", crate::model::SystemState::Active)]);
        let system = standing.systems[0].id;
        let size = |standing: &Standing| {
            let size = Allowance::of(standing, PLAN, Some(system)).size;
            let size = size.at_most(Some(50_000_000), Origin::Ceiling);
            (size.limit, size.origin.as_str())
        };
        assert_eq!(size(&standing), (PLAN.message_size, "plan"));
        standing.overrides.user = Some(sizes(90_000_000));
        assert_eq!(size(&standing), (50_000_000, "ceiling"));
        standing.route.as_mut().unwrap().offer = Some(RouteOffer {
            size: Some(40_000_000),
            ..RouteOffer::ANYTHING
        });
        assert_eq!(size(&standing), (40_000_000, "route"));
        standing.overrides.account = Some(sizes(30_000_000));
        assert_eq!(size(&standing), (30_000_000, "account"));
        standing.overrides.systems.insert(system, sizes(20_000_000));
        assert_eq!(size(&standing), (20_000_000, "system"));
        standing.overrides.user = Some(sizes(10_000_000));
        assert_eq!(size(&standing), (10_000_000, "user"));
    }

    #[test]
    fn a_refusal_says_whose_limit_it_was() {
        let bound = Bound {
            limit: 1000_u64,
            origin: Origin::Route,
        };
        assert_eq!(bound.admit_size(1000), Ok(()));
        let refusal = bound.admit_size(1001).unwrap_err();
        assert_eq!(
            refusal.detail,
            "limit 1000 bytes, of the server of the route"
        );
        let bound = Bound {
            limit: 2_u32,
            origin: Origin::Set(LimitScope::System),
        };
        assert_eq!(bound.admit_recipients(2), Ok(()));
        let refusal = bound.admit_recipients(3).unwrap_err();
        assert_eq!(refusal.detail, "limit 2, for the system");
    }

    #[test]
    fn messages_are_counted_for_whatever_has_a_limit_on_counts() {
        let mut standing = standing(&[("203.0.113.10", crate::model::SystemState::Active)]);
        let system = standing.systems[0].id;
        let scopes = |standing: &Standing| -> Vec<_> {
            let allowance = Allowance::of(standing, PLAN, Some(system));
            let scope = |quota: &Quota| quota.subject.scope();
            allowance.quotas.iter().map(scope).collect()
        };
        assert_eq!(scopes(&standing), [LimitScope::User]);
        // The limits of a single message need no count.
        standing.overrides.account = Some(sizes(1000));
        assert_eq!(scopes(&standing), [LimitScope::User]);
        let counted = set(LimitSet {
            messages_per_day: Some(5),
            ..LimitSet::default()
        });
        standing.overrides.account = Some(counted);
        standing.overrides.systems.insert(system, counted);
        assert_eq!(
            scopes(&standing),
            [LimitScope::User, LimitScope::System, LimitScope::Account]
        );
    }
}
