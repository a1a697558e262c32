//! Values of the product as they stand on the wire.

use jiff::Timestamp;
use relay_proto as proto;

use crate::{
    accounts::{
        self, AccountOverview, DomainCheck, DomainHint, FoundBy, GrantKind, Lane, LanePhase,
        LimitLine, LimitsOverview, PlanOverview, QueueEnd, SubscriptionOverview, SystemOverview,
        SystemTest, Trace,
    },
    model,
    store::{self, LogEntry},
};

/// Two enumerations with the same values. Matches are exhaustive on both sides, so a value that
/// is added to one of them does not compile until it is here.
macro_rules! same_words {
    ($($ours:path = $theirs:path { $($variant:ident),+ })+) => { $(
        impl From<$ours> for $theirs {
            fn from(value: $ours) -> Self {
                match value { $(<$ours>::$variant => Self::$variant),+ }
            }
        }

        impl From<$theirs> for $ours {
            fn from(value: $theirs) -> Self {
                match value { $(<$theirs>::$variant => Self::$variant),+ }
            }
        }
    )+ };
}

same_words! {
    model::AccountState = proto::AccountState { Registered, Active, Suspended, Closing, Closed }
    QueueEnd = proto::QueueEnd { Drain, Cancel }
    model::AccountKind = proto::AccountKind { Company, Person }
    model::PlanState = proto::PlanState { Offered, Retired }
    model::RouteKind = proto::RouteKind { SmtpAuth, SmtpOauth, Connector, Graph, Smarthost, Capture }
    model::Security = proto::RouteSecurity { StartTls, Implicit, None }
    model::RouteRole = proto::RouteRole { Primary, Fallback }
    model::Cloud = proto::Cloud { World, Gcc, GccHigh, Dod, China }
    model::Preset = proto::RoutePreset { Acs, Hve }
    model::UnknownOutcome = proto::UnknownOutcome { Retry, Hold }
    GrantKind = proto::RouteGrant { ClientSecret, Certificate, DeviceCode }
    model::HoldKind = proto::HoldKind { Quota, Credentials, Manual }
    model::OtherSender = proto::OtherSender { Reject, Rewrite }
    model::UserState = proto::UserState { Active, Suspended }
    model::FindingArea = proto::FindingArea { Listeners, Tls, Clock, Store, Exchange }
    model::FindingLevel = proto::FindingLevel { Ok, Warning, Error }
    model::NotificationKind = proto::EventType {
        AccountWaiting, AccountActivated, AccountRejected, AccountSuspended, AccountResumed,
        AccountClosed, LaneHeld, LaneReleased, CredentialsRejected, QuotaWarning, QuotaReached,
        CertificateExpiring, TokenExpiring, RouteExpiring, DomainFailing, WebhookDisabled
    }
    model::WebhookState = proto::WebhookState { Active, Disabled }
    model::DeliveryState = proto::DeliveryState { Waiting, Delivered, Failed }
    model::SystemAuth = proto::SystemAuth { Password, Address }
    model::SystemState = proto::SystemState { Active, Suspended }
    accounts::Action = proto::ConfigurationAction { Add, Change, Remove }
    accounts::Part = proto::ConfigurationPart {
        Account, Plan, Route, Fallback, Domain, User, System, Limits, UserLimits, SystemLimits
    }
    model::Priority = proto::Priority { High, Normal }
    model::DomainState = proto::DomainState { Pending, Verified, Failing, Lapsed }
    model::DomainProof = proto::DomainProof { Required, Waived }
    model::BouncesTo = proto::BouncesTo { Sender, Contact, None }
    model::MessageState = proto::MessageState { Queued, Held, Delivered, Partial, Failed, Cancelled }
    model::RecipientState = proto::RecipientState { Queued, Delivered, Failed, Cancelled }
    model::LimitScope = proto::LimitScope { User, System, Account }
    model::LimitName = proto::LimitName {
        MessagesPerMinute, MessagesPerDay, RecipientsPerDay, RecipientsPerMessage, MessageSize
    }
    model::Authority = proto::LimitAuthority { Operator, Owner }
    model::EventKind = proto::EventKind {
        Accepted, Deferred, Delivered, Failed, Bounced, Notified, Held, Released, Retried, Rerouted, Cancelled
    }
    FoundBy = proto::FoundBy { QueueId, QueueIdPrefix, MessageId, Reply }
    LanePhase = proto::LaneState { Idle, Sending, Waiting, Paced, Held }
}

pub(super) fn account(overview: AccountOverview) -> proto::Account {
    let AccountOverview {
        account,
        plan,
        missing,
        new_email,
        queued,
    } = overview;
    let suspension = account.suspension;
    let contact = account.contact;
    proto::Account {
        id: account.id.to_string(),
        name: account.name,
        state: account.state.into(),
        kind: contact.kind.into(),
        company: contact.company,
        vat_id: contact.vat_id,
        first_name: contact.first_name,
        last_name: contact.last_name,
        email: contact.email.to_string(),
        phone: contact.phone,
        street: contact.street,
        postal_code: contact.postal_code,
        city: contact.city,
        country: contact.country,
        verified_at: account.verified_at,
        activated_at: account.activated_at,
        created_at: account.created_at,
        domain_proof: account.domain_proof.into(),
        bounces_to: account.bounces_to.into(),
        new_email: new_email.map(|email| email.to_string()),
        note: account.note,
        suspended_by: suspension.as_ref().map(|it| match it.by {
            model::Authority::Operator => proto::SuspendedBy::Operator,
            model::Authority::Owner => proto::SuspendedBy::Owner,
        }),
        suspended_for: suspension.map_or_else(String::new, |it| it.reason),
        drain_until: account.drain_until,
        closed_at: account.closed_at,
        queued,
        plan,
        sends: missing.is_empty(),
        missing: missing.iter().map(ToString::to_string).collect(),
        version: account.version,
    }
}

pub(super) fn plan(overview: PlanOverview) -> proto::Plan {
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

pub(super) fn limits(overview: LimitsOverview) -> proto::Limits {
    proto::Limits {
        account: overview.account,
        scope: overview.scope.into(),
        name: overview.name,
        set_by: overview.set_by.map(Into::into),
        limits: overview.lines.into_iter().map(limit).collect(),
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

pub(super) fn subscription(overview: SubscriptionOverview) -> proto::Subscription {
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

pub(super) fn subscription_period(subscription: store::Subscription) -> proto::SubscriptionPeriod {
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

pub(super) fn hold(hold: model::Hold) -> proto::Hold {
    proto::Hold {
        kind: hold.kind.into(),
        reason: hold.reason.to_string(),
        detail: hold.detail,
        since: hold.since,
        until: hold.until,
    }
}

pub(super) fn relay_user(user: model::RelayUser, account: &str) -> proto::RelayUser {
    proto::RelayUser {
        id: user.id.to_string(),
        account: account.to_owned(),
        username: user.username,
        sender: user.sender.to_string(),
        allowed_senders: user
            .allowed_senders
            .iter()
            .map(ToString::to_string)
            .collect(),
        other_sender: user.other_sender.into(),
        state: user.state.into(),
        created_at: user.created_at,
        version: user.version,
    }
}

pub(super) fn credential(credential: model::Credential) -> proto::Credential {
    let last_use = credential.last_use;
    proto::Credential {
        id: credential.id.to_string(),
        name: credential.name,
        created_at: credential.created_at,
        last_used_at: last_use.as_ref().map(|last| last.at),
        last_used_from: last_use.as_ref().map(|last| last.client.to_string()),
        last_used_system: last_use.and_then(|last| last.system),
    }
}

pub(super) fn system(overview: SystemOverview, account: &str) -> proto::System {
    let SystemOverview { system, user } = overview;
    proto::System {
        id: system.id.to_string(),
        account: account.to_owned(),
        name: system.name,
        address: system.network.to_string(),
        user,
        auth: system.auth.into(),
        state: system.state.into(),
        priority: system.priority.into(),
        last_seen_at: system.last_seen_at,
        created_at: system.created_at,
        version: system.version,
    }
}

pub(super) fn domain(domain: model::Domain, account: &str) -> proto::Domain {
    proto::Domain {
        id: domain.id.to_string(),
        account: account.to_owned(),
        state: domain.state.into(),
        record: proto::DnsRecord {
            name: domain.record_name(),
            r#type: "TXT".to_owned(),
            value: domain.record_value(),
        },
        created_at: domain.created_at,
        verified_at: domain.verified_at,
        checked_at: domain.checked_at,
        failing_since: domain.failing_since,
        lapses_at: domain.lapses_at(),
        name: domain.name.to_string(),
        found: domain.found,
        version: domain.version,
    }
}

pub(super) fn domain_check(check: DomainCheck, account: &str) -> proto::DomainCheck {
    proto::DomainCheck {
        domain: domain(check.domain, account),
        proven: check.sight == model::Sight::Seen,
        answered: check.sight != model::Sight::Unclear,
        texts: check.texts,
        asked: check.asked,
    }
}

pub(super) fn domain_hint(hint: DomainHint) -> proto::DomainHint {
    proto::DomainHint {
        check: hint.check.to_owned(),
        level: hint.level.into(),
        sentence: hint.sentence,
        remedy: hint.remedy,
        record: hint.record,
    }
}

pub(super) fn system_test(test: SystemTest) -> proto::SystemTest {
    proto::SystemTest {
        ok: test.is_ok(),
        accepted: test.takes_mail(),
        steps: test
            .steps
            .into_iter()
            .map(|step| proto::CheckStep {
                name: step.name.to_owned(),
                ok: step.reason.is_none(),
                warning: false,
                detail: step.detail,
                ms: 0,
                reason: step.reason.map(|reason| reason.to_string()),
                remedy: step.reason.is_some().then_some(step.remedy),
            })
            .collect(),
    }
}

pub(super) fn message(entry: LogEntry) -> proto::Message {
    let is_queued = entry.state == model::MessageState::Queued;
    proto::Message {
        id: entry.id.to_string(),
        account: entry.account,
        user: entry.user,
        system: entry.system,
        state: entry.state.into(),
        sender: entry.sender,
        recipient: entry.recipient,
        recipient_count: entry.recipient_count,
        header_from: entry.header_from,
        subject: entry.subject,
        message_id: entry.header_id,
        size: entry.size,
        client: entry.client,
        helo: entry.helo,
        tls: entry.tls,
        accepted_at: entry.accepted_at,
        due_at: is_queued.then_some(entry.due_at),
        finished_at: entry.finished_at,
        attempts: entry.attempts,
        last_reply: entry.last_reply,
    }
}

pub(super) fn trace(trace: Trace) -> proto::Trace {
    proto::Trace {
        message: message(trace.message),
        recipients: trace
            .recipients
            .into_iter()
            .map(|recipient| proto::TraceRecipient {
                address: recipient.address,
                state: recipient.state.into(),
                reply: recipient.reply,
            })
            .collect(),
        events: trace
            .events
            .into_iter()
            .map(|event| proto::Event {
                at: event.at,
                kind: event.kind.into(),
                recipients: event.recipients,
                reason: event.reason.map(|reason| reason.to_string()),
                reply: event.reply,
                detail: event.detail,
            })
            .collect(),
        waiting_for: trace.waiting_for,
        next: trace.next.map(|next| proto::NextStep {
            sentence: next.sentence,
            at: next.at,
            held: next.held,
            command: next.command,
        }),
        found_by: Some(trace.found_by.into()),
    }
}

pub(super) fn log_event(entry: store::TailEntry) -> proto::LogEvent {
    proto::LogEvent {
        id: entry.place.to_string(),
        at: entry.at,
        queue_id: entry.message_id.map(|id| id.to_string()),
        account: entry.account,
        user: entry.user,
        system: entry.system,
        sender: entry.sender,
        recipients: entry.recipients,
        recipient_count: entry.recipient_count,
        kind: match entry.kind {
            store::TailKind::Event(kind) => proto::EventKind::from(kind).into(),
            store::TailKind::Refused => proto::LogEventKind::Refused,
        },
        reason: entry.reason.map(|reason| reason.to_string()),
        reply: entry.reply,
        detail: entry.detail,
        client: entry.client,
    }
}

pub(super) fn reject(entry: store::RejectEntry) -> proto::Reject {
    proto::Reject {
        at: entry.at,
        account: entry.account,
        system: entry.system,
        username: entry.username,
        client: entry.client,
        listener: entry.listener,
        helo: entry.helo,
        sender: entry.sender,
        recipient: entry.recipient,
        reason: entry.reason.to_string(),
        reply: entry.reply,
    }
}

pub(super) fn lane(lane: Lane) -> proto::Lane {
    let row = lane.row;
    proto::Lane {
        route: row.route_id.to_string(),
        account: row.account,
        role: row.role.into(),
        kind: row.kind.into(),
        server: row.server,
        state: lane.phase.into(),
        why: lane.why,
        hold: row.hold.map(hold),
        depth: row.depth,
        held: row.held,
        oldest_at: row.oldest_at,
        next_due_at: row.next_due_at,
        connections: lane.connections,
    }
}

pub(super) fn token(token: store::Token, account: Option<String>) -> proto::Token {
    proto::Token {
        id: token.id.to_string(),
        name: token.name,
        account,
        read_only: token.read_only,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
        created_by: token.created_by,
    }
}

pub(super) fn session(live: accounts::LiveSession) -> proto::OwnerSession {
    let known = |address: String| Some(address).filter(|address| !address.is_empty());
    let session = live.session;
    proto::OwnerSession {
        id: session.id.to_string(),
        created_at: session.created_at,
        created_from: known(session.created_from),
        used_at: session.used_at,
        used_from: known(session.used_from),
        expires_at: session.expires_at,
        current: live.is_current,
    }
}

pub(super) fn finding(finding: model::Finding) -> proto::Finding {
    proto::Finding {
        area: finding.area.into(),
        level: finding.level.into(),
        check: finding.check.to_owned(),
        sentence: finding.sentence,
        remedy: finding.remedy,
    }
}

pub(super) fn reason(reason: model::Reason) -> proto::ReasonInfo {
    proto::ReasonInfo {
        code: reason.code().to_owned(),
        sentence: reason.sentence().to_owned(),
        remedy: reason.remedy().to_owned(),
        smtp: reason.smtp().map(|code| code.to_string()),
        http: reason.http(),
    }
}

pub(super) fn invitation(it: store::Invitation, now: Timestamp) -> proto::SentInvitation {
    let state = match it.used_at {
        Some(_) => proto::InvitationState::Used,
        None if it.expires_at <= now => proto::InvitationState::Expired,
        None => proto::InvitationState::Open,
    };
    proto::SentInvitation {
        id: it.id.to_string(),
        email: it.email.map(|email| email.to_string()),
        state,
        created_at: it.created_at,
        expires_at: it.expires_at,
        used_at: it.used_at,
    }
}

pub(super) fn webhook(webhook: model::Webhook, account: Option<String>) -> proto::Webhook {
    proto::Webhook {
        id: webhook.id.to_string(),
        name: webhook.name,
        account,
        url: webhook.url.to_string(),
        events: webhook.events.into_iter().map(Into::into).collect(),
        state: webhook.state.into(),
        note: webhook.note,
        failing_since: webhook.failing_since,
        created_at: webhook.created_at,
        version: webhook.version,
    }
}

pub(super) fn delivery(
    (delivery, kind): (model::WebhookDelivery, model::NotificationKind),
) -> proto::WebhookDelivery {
    let is_waiting = delivery.state == model::DeliveryState::Waiting;
    proto::WebhookDelivery {
        id: delivery.id.to_string(),
        event: delivery.notification_id.to_string(),
        kind: kind.into(),
        state: delivery.state.into(),
        attempts: delivery.attempts,
        status: delivery.status,
        detail: delivery.detail,
        due_at: is_waiting.then_some(delivery.due_at),
        created_at: delivery.created_at,
        finished_at: delivery.finished_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variants agree by construction; their texts must, too.
    #[test]
    fn words_read_the_same_on_both_sides() {
        macro_rules! assert_same {
            ($($ours:ty => $theirs:ty),+ $(,)?) => { $(
                for ours in <$ours>::ALL {
                    assert_eq!(ours.as_str(), <$theirs>::from(*ours).as_str());
                }
            )+ };
        }
        assert_same!(
            model::AccountState => proto::AccountState,
            model::AccountKind => proto::AccountKind,
            model::PlanState => proto::PlanState,
            model::RouteKind => proto::RouteKind,
            model::Security => proto::RouteSecurity,
            model::RouteRole => proto::RouteRole,
            model::Cloud => proto::Cloud,
            model::Preset => proto::RoutePreset,
            model::UnknownOutcome => proto::UnknownOutcome,
            model::HoldKind => proto::HoldKind,
            model::OtherSender => proto::OtherSender,
            model::UserState => proto::UserState,
            model::FindingArea => proto::FindingArea,
            model::FindingLevel => proto::FindingLevel,
            model::SystemAuth => proto::SystemAuth,
            model::SystemState => proto::SystemState,
            model::DomainState => proto::DomainState,
            model::DomainProof => proto::DomainProof,
            model::MessageState => proto::MessageState,
            model::RecipientState => proto::RecipientState,
            model::LimitScope => proto::LimitScope,
            model::LimitName => proto::LimitName,
            model::Authority => proto::LimitAuthority,
            model::EventKind => proto::EventKind,
        );
    }
}
