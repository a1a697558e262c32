//! How two plans, or two states of one, differ.

use relay_proto::Plan;

/// A limit that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) struct Difference {
    what: &'static str,
    old: u64,
    new: u64,
}

impl Difference {
    /// Whether less is allowed than before.
    pub(in crate::commands) const fn is_less(&self) -> bool {
        self.new < self.old
    }
}

/// Every limit in which `new` differs from `old`.
pub(in crate::commands) fn differences(old: &Plan, new: &Plan) -> Vec<Difference> {
    let of = |plan: &Plan| -> [(&'static str, u64); 6] {
        [
            ("relay users", plan.relay_users.into()),
            ("messages a minute", plan.messages_per_minute.into()),
            ("messages a day", plan.messages_per_day.into()),
            ("recipients a day", plan.recipients_per_day.into()),
            ("recipients a message", plan.recipients_per_message.into()),
            ("bytes a message", plan.message_size),
        ]
    };
    of(old)
        .into_iter()
        .zip(of(new))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((what, old), (_, new))| Difference { what, old, new })
        .collect()
}

/// `relay users 5 → 3, messages a day 5000 → 2000`.
pub(in crate::commands) fn told(differences: &[Difference]) -> String {
    differences
        .iter()
        .map(|it| format!("{} {} → {}", it.what, it.old, it.new))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use relay_proto::PlanState;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let old = Plan {
            id: "1".into(),
            name: "business".into(),
            state: PlanState::Offered,
            relay_users: 5,
            messages_per_minute: 60,
            messages_per_day: 5000,
            recipients_per_day: 5000,
            recipients_per_message: 500,
            message_size: 1024,
            subscribers: None,
            version: 1,
        };
        let new = Plan {
            name: "starter".into(),
            relay_users: 3,
            message_size: 2048,
            ..old.clone()
        };
        let found = differences(&old, &new);
        assert_eq!(
            told(&found),
            "relay users 5 → 3, bytes a message 1024 → 2048"
        );
        let less: Vec<_> = found.iter().map(Difference::is_less).collect();
        assert_eq!(less, [true, false]);
        assert_eq!(differences(&old, &old), []);
    }
}
