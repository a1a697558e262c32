//! The table: what a reply means, what to do, and what to tell whom.
//!
//! Rows are tried from the top, so the special stand above the general. Sources: Microsoft, "Email
//! non-delivery reports in Exchange Online", "Continuous error throttling", "Manage high volume
//! emails for Microsoft 365"; RFC 3463 for what every server says.

use std::time::Duration;

use super::words::{self as w, Words};
use crate::{
    model::Reason as R,
    upstream::Verdict::{
        self, FailMessage, FailRecipient, HoldCredentials, HoldSender, Retry, RetryElsewhere,
        SlowDown,
    },
};

/// One row. An empty pattern matches anything.
pub(super) struct Rule {
    /// Basic code; 0 is any.
    pub(super) basic: u16,
    /// Enhanced code; the last part may be a range: `5.7.606-649`.
    pub(super) enhanced: &'static str,
    /// Part of what the text says by itself ([`super::own_words`]), in lower case.
    pub(super) text: &'static str,
    pub(super) verdict: Verdict,
    pub(super) reason: R,
    /// Cause and remedy, for people.
    pub(super) words: &'static Words,
}

const fn rule(
    basic: u16,
    enhanced: &'static str,
    text: &'static str,
    verdict: Verdict,
    reason: R,
    words: &'static Words,
) -> Rule {
    Rule {
        basic,
        enhanced,
        text,
        verdict,
        reason,
        words,
    }
}

/// Exchange counts its limits over a sliding 24 hours, so room comes back bit by bit: an hour
/// asks seldom enough not to be barred for continuous errors.
pub(super) const HOLD_QUOTA: Verdict = Verdict::HoldQuota(Duration::from_hours(1));
/// The limits of a receiving mailbox are counted by the hour.
pub(super) const HOLD_RECIPIENT: Verdict = Verdict::HoldRecipient(Duration::from_hours(1));

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // Asks for fewer connections or a slower pace.
    rule(432, "", "", SlowDown, R::RouteThrottled, &w::CONCURRENCY),
    rule(0, "4.3.2", "concurrent connections", SlowDown, R::RouteThrottled, &w::CONCURRENCY),
    rule(0, "4.3.2", "thread limit exceeded", SlowDown, R::RouteThrottled, &w::CONCURRENCY),

    // This server or this address of ours, whatever the mail.
    rule(421, "4.3.2", "not active", RetryElsewhere, R::RouteUnreachable, &w::NOT_ACTIVE),
    rule(0, "4.7.500-699", "", RetryElsewhere, R::RouteThrottled, &w::ADDRESS_THROTTLED),
    rule(0, "4.7.850-899", "", RetryElsewhere, R::RouteThrottled, &w::ADDRESS_THROTTLED),

    // The receiving mailbox has had its share of the hour.
    rule(0, "5.2.121-122", "", HOLD_RECIPIENT, R::RouteThrottled, &w::RECIPIENT_THROTTLED),

    // A limit of mailbox or tenant is used up. `5.2.252` alone would not tell it from a denied sender.
    rule(554, "", "submissionquotaexceeded", HOLD_QUOTA, R::RouteQuota, &w::RECIPIENTS_A_DAY),
    rule(0, "5.2.2", "submission quota exceeded", HOLD_QUOTA, R::RouteQuota, &w::RECIPIENTS_A_DAY),
    rule(554, "5.2.2", "storedrv", HOLD_QUOTA, R::RouteQuota, &w::SENT_ITEMS_FULL),
    rule(0, "5.1.90", "", HOLD_QUOTA, R::RouteQuota, &w::RECIPIENTS_A_DAY),
    rule(0, "5.7.233", "", HOLD_QUOTA, R::RouteQuota, &w::TENANT_A_DAY),
    rule(0, "5.2.251", "throttled", HOLD_QUOTA, R::RouteQuota, &w::BARRED_FULL),
    rule(0, "5.2.252", "throttled", HOLD_QUOTA, R::RouteQuota, &w::BARRED_SEND_AS),
    rule(0, "5.2.253", "throttled", HOLD_QUOTA, R::RouteQuota, &w::BARRED_LICENCE),
    rule(0, "5.2.254", "throttled", HOLD_QUOTA, R::RouteQuota, &w::BARRED_TOO_MANY),
    rule(0, "5.2.255", "throttled", HOLD_QUOTA, R::RouteQuota, &w::BARRED_INVALID),

    // This sender or domain may not use the route; other mail of the route may pass.
    rule(554, "", "sendasdenied", FailMessage, R::SendAsDenied, &w::SEND_AS_DENIED),
    rule(0, "5.7.60", "", FailMessage, R::SendAsDenied, &w::SEND_AS_DENIED),
    rule(0, "5.7.64", "attr36", HoldSender, R::SenderDomainNotAccepted, &w::DOMAIN_NOT_ACCEPTED),
    rule(0, "5.7.750", "", HoldSender, R::SenderDomainNotAccepted, &w::DOMAIN_NOT_ACCEPTED),

    // A token that is about to end or has: the next one mends it.
    rule(501, "5.5.127", "", Retry, R::RouteCredentialsRejected, &w::TOKEN_ENDS),
    rule(535, "5.7.142-144", "", Retry, R::RouteCredentialsRejected, &w::TOKEN_ENDS),

    // Credentials or set-up: the queue waits for a person.
    rule(0, "5.7.139", "disabled for the tenant", HoldCredentials, R::RouteBasicAuthDisabled, &w::SMTP_AUTH_TENANT),
    rule(0, "5.7.139", "disabled for the mailbox", HoldCredentials, R::RouteBasicAuthDisabled, &w::SMTP_AUTH_MAILBOX),
    rule(0, "5.7.139", "basic authentication is disabled", HoldCredentials, R::RouteBasicAuthDisabled, &w::BASIC_AUTH),
    rule(0, "5.7.139", "disabled", HoldCredentials, R::RouteBasicAuthDisabled, &w::SMTP_AUTH_MAILBOX),
    rule(0, "5.7.139", "security defaults", HoldCredentials, R::RouteBasicAuthDisabled, &w::SECURITY_DEFAULTS),
    rule(0, "5.7.139", "", HoldCredentials, R::RouteCredentialsRejected, &w::CRITERIA),
    rule(0, "5.7.30", "", HoldCredentials, R::RouteBasicAuthDisabled, &w::BASIC_AUTH),
    rule(0, "5.7.57", "", HoldCredentials, R::RouteCredentialsRejected, &w::NOT_SIGNED_IN),
    rule(501, "5.5.120-129", "", HoldCredentials, R::RouteCredentialsRejected, &w::XOAUTH2),
    rule(504, "5.7.4", "", HoldCredentials, R::RouteMisconfigured, &w::MECHANISM),
    rule(535, "", "", HoldCredentials, R::RouteCredentialsRejected, &w::SIGN_IN),
    rule(530, "", "", HoldCredentials, R::RouteCredentialsRejected, &w::NOT_SIGNED_IN),
    rule(430, "", "logon failure", HoldCredentials, R::RouteMisconfigured, &w::MAILBOX_PERMISSION),
    rule(430, "", "logonfailed", HoldCredentials, R::RouteMisconfigured, &w::MAILBOX_PERMISSION),
    rule(0, "4.4.62", "", HoldCredentials, R::RouteMisconfigured, &w::REGION),
    rule(451, "", "attr35", HoldCredentials, R::RouteMisconfigured, &w::REGION),
    rule(0, "5.7.64", "", HoldCredentials, R::RouteMisconfigured, &w::CONNECTOR_UNKNOWN),
    rule(0, "5.7.711", "", HoldCredentials, R::RouteMisconfigured, &w::CONNECTOR_BAD),
    rule(0, "5.7.68", "", HoldCredentials, R::RouteMisconfigured, &w::DIRECT_SEND),
    rule(0, "5.1.8", "", HoldCredentials, R::RouteMisconfigured, &w::SENDER_BLOCKED),
    rule(0, "5.7.705", "", HoldCredentials, R::RouteMisconfigured, &w::TENANT_BLOCKED),
    rule(0, "5.7.708", "", HoldCredentials, R::RouteMisconfigured, &w::ADDRESS_REFUSED),
    rule(0, "5.7.606-649", "", HoldCredentials, R::RouteMisconfigured, &w::ADDRESS_BANNED),
    rule(0, "5.7.501-503", "", HoldCredentials, R::RouteMisconfigured, &w::SENDER_BANNED),

    // This message or recipient, for good.
    rule(0, "5.1.10", "", FailRecipient, R::RecipientRefused, &w::NO_SUCH_RECIPIENT),
    rule(0, "5.4.1", "", FailRecipient, R::RecipientRefused, &w::RECIPIENT_DENIED),
    rule(0, "5.5.105", "", FailRecipient, R::RecipientRefused, &w::INTERNAL_ONLY),
    rule(0, "5.7.124", "", FailRecipient, R::RecipientRefused, &w::RECIPIENT_RESTRICTED),
    rule(0, "5.7.133-136", "", FailRecipient, R::RecipientRefused, &w::RECIPIENT_RESTRICTED),
    rule(0, "5.3.4", "", FailMessage, R::MessageTooLarge, &w::TOO_LARGE),
    rule(0, "5.6.11", "", FailMessage, R::RemoteRefused, &w::BARE_LINE_FEED),
    rule(0, "5.7.512", "", FailMessage, R::RemoteRefused, &w::NO_FROM),

    // Try again.
    rule(452, "4.5.3", "", Retry, R::RemoteTemporary, &w::TOO_MANY_RECIPIENTS),
    rule(0, "4.3.111", "", Retry, R::RemoteTemporary, &w::SERVER_FAULT),
    rule(451, "4.7.0", "temporary server error", Retry, R::RemoteTemporary, &w::SERVER_FAULT),
    rule(454, "4.7.0", "", Retry, R::RemoteTemporary, &w::SIGN_IN_FAULT),
    rule(0, "4.4.1-99", "", Retry, R::RemoteTemporary, &w::TIMED_OUT),

    // What every server says alike (RFC 3463).
    rule(0, "5.1.1-3", "", FailRecipient, R::RecipientRefused, &w::NO_SUCH_RECIPIENT),
    rule(0, "5.1.6", "", FailRecipient, R::RecipientRefused, &w::NO_SUCH_RECIPIENT),
    rule(0, "5.2.1", "", FailRecipient, R::RecipientRefused, &w::RECIPIENT_DISABLED),
    rule(0, "5.2.2", "", FailRecipient, R::RecipientRefused, &w::RECIPIENT_FULL),
    rule(0, "4.2.2", "", Retry, R::RemoteTemporary, &w::RECIPIENT_FULL),
    rule(0, "5.5.3", "", FailMessage, R::RemoteRefused, &w::TOO_MANY_RECIPIENTS),
];
