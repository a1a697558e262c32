//! Plans, subscriptions and limits.

use relay_proto as proto;

use crate::{
    accounts::{LimitLine, LimitsOverview, PlanOverview, SubscriptionOverview},
    model, store,
};

pub(in crate::api) fn plan(overview: PlanOverview) -> proto::Plan {
    let PlanOverview { plan, subscribers } = overview;
    let limits = plan.limits;
    proto::Plan {
        id: plan.id.to_string(),
        name: plan.name,
        state: plan.state.into(),
        relay_users: plan.relay_users,
        messages_per_minute: limits.messages_per_minute,
        messages_per_day: limits.messages_per_day,
        recipients_per_day: limits.recipients_per_day,
        recipients_per_message: limits.recipients_per_message,
        message_size: limits.message_size,
        subscribers,
        version: plan.version,
    }
}

pub(in crate::api) fn subscription(overview: SubscriptionOverview) -> proto::Subscription {
    let period = subscription_period(overview.subscription);
    proto::Subscription {
        id: period.id,
        account: overview.account,
        plan: plan(PlanOverview {
            plan: overview.plan,
            subscribers: None,
        }),
        state: period.state,
        relay_users_used: overview.relay_users_used,
        started_at: period.started_at,
        started_by: period.started_by,
        ended_at: period.ended_at,
        ended_by: period.ended_by,
    }
}

pub(in crate::api) fn subscription_period(
    subscription: store::Subscription,
) -> proto::SubscriptionPeriod {
    let known = |by: String| Some(by).filter(|by| !by.is_empty());
    let state = match &subscription.end {
        None => proto::SubscriptionState::Active,
        Some(end) if end.is_cancelled => proto::SubscriptionState::Cancelled,
        Some(_) => proto::SubscriptionState::Replaced,
    };
    let ended_at = subscription.end.as_ref().map(|end| end.at);
    proto::SubscriptionPeriod {
        id: subscription.id.to_string(),
        plan: subscription.plan_name,
        state,
        started_at: subscription.started_at,
        started_by: known(subscription.started_by),
        ended_at,
        ended_by: subscription.end.and_then(|end| known(end.by)),
    }
}

pub(in crate::api) fn limits(overview: LimitsOverview) -> proto::Limits {
    proto::Limits {
        account: overview.account,
        scope: overview.scope.into(),
        name: overview.name,
        set_by: overview.set_by.map(Into::into),
        limits: overview.lines.into_iter().map(limit).collect(),
    }
}

/// Limits as they are set, one by one.
pub(in crate::api) fn limit_settings(set: model::LimitSet) -> proto::LimitSettings {
    proto::LimitSettings {
        messages_per_minute: set.messages_per_minute,
        messages_per_day: set.messages_per_day,
        recipients_per_day: set.recipients_per_day,
        recipients_per_message: set.recipients_per_message,
        message_size: set.message_size,
    }
}

/// The same the other way.
pub(in crate::api) fn limit_set(settings: proto::LimitSettings) -> model::LimitSet {
    model::LimitSet {
        messages_per_minute: settings.messages_per_minute,
        messages_per_day: settings.messages_per_day,
        recipients_per_day: settings.recipients_per_day,
        recipients_per_message: settings.recipients_per_message,
        message_size: settings.message_size,
    }
}

fn limit(line: LimitLine) -> proto::Limit {
    proto::Limit {
        limit: line.name.into(),
        plan: line.plan,
        set: line.set,
        in_force: line.in_force.map(|bound| bound.limit),
        origin: line.in_force.map(|bound| match bound.origin {
            model::LimitOrigin::Plan => proto::LimitOrigin::Plan,
            model::LimitOrigin::Set(model::LimitScope::User) => proto::LimitOrigin::User,
            model::LimitOrigin::Set(model::LimitScope::System) => proto::LimitOrigin::System,
            model::LimitOrigin::Set(model::LimitScope::Account) => proto::LimitOrigin::Account,
            model::LimitOrigin::Route => proto::LimitOrigin::Route,
            model::LimitOrigin::Ceiling => proto::LimitOrigin::Ceiling,
        }),
        used: line.used,
    }
}
