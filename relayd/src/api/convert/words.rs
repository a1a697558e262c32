//! Enumerations that stand on the wire as they are.

use relay_proto as proto;

use crate::{
    accounts::{self, FoundBy, GrantKind, LanePhase, QueueEnd},
    model,
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
            accounts::Action => proto::ConfigurationAction,
            accounts::Part => proto::ConfigurationPart,
            model::NotificationKind => proto::EventType,
            model::WebhookState => proto::WebhookState,
            model::DeliveryState => proto::DeliveryState,
            model::Priority => proto::Priority,
            model::DomainProof => proto::DomainProof,
            model::BouncesTo => proto::BouncesTo,
        );
    }
}
