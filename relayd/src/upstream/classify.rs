//! Judges replies: one table from stage, basic code, enhanced code and text to what to do.
//!
//! The first digit of a code is not enough for Exchange Online: a missing mailbox permission is a
//! 430, a used-up daily limit a 554, and `5.2.252` is a throttle or a denied sender depending on
//! its text. Rows are tried from the top, so the special stand above the general. What no row
//! knows is judged by RFC 5321 §4.2.1: 4yz may succeed later, 5yz will not. Sources of the rows:
//! Microsoft, "Email non-delivery reports in Exchange Online".

use std::time::Duration;

use super::{Setback, Verdict};
use crate::model::{Reason, RemoteReply};

/// Where in the dialogue a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The greeting, EHLO or STARTTLS.
    Connect,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Recipient,
    /// DATA.
    Data,
    /// The end of the body.
    EndOfData,
}

impl Stage {
    /// The verb or event, for details.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Connect => "the greeting",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::EndOfData => "the end of the message",
        }
    }
}

/// One row. An empty pattern matches anything.
struct Rule {
    /// Basic code; 0 is any.
    basic: u16,
    /// Enhanced code; the last part may be a range: `5.7.606-649`.
    enhanced: &'static str,
    /// Part of what the text says by itself ([`own_words`]), in lower case.
    text: &'static str,
    verdict: Verdict,
    reason: Reason,
}

const fn rule(
    basic: u16,
    enhanced: &'static str,
    text: &'static str,
    verdict: Verdict,
    reason: Reason,
) -> Rule {
    Rule {
        basic,
        enhanced,
        text,
        verdict,
        reason,
    }
}

/// Exchange counts its limits over a sliding 24 hours, so room comes back bit by bit: an hour
/// asks seldom enough not to be barred for continuous errors.
const QUOTA_PAUSE: Duration = Duration::from_hours(1);

use Reason as R;
use Verdict::{FailMessage, FailRecipient, HoldCredentials, Retry, SlowDown};
const HOLD_QUOTA: Verdict = Verdict::HoldQuota(QUOTA_PAUSE);

#[rustfmt::skip]
const RULES: &[Rule] = &[
    // Asks for fewer connections or a slower pace.
    rule(432, "", "", SlowDown, R::RouteThrottled),
    rule(0, "4.3.2", "concurrent connections", SlowDown, R::RouteThrottled),
    rule(0, "4.3.2", "thread limit exceeded", SlowDown, R::RouteThrottled),
    rule(0, "4.7.500-699", "", SlowDown, R::RouteThrottled),
    rule(0, "4.7.850-899", "", Retry, R::RouteThrottled),
    rule(0, "5.2.121-122", "", Retry, R::RouteThrottled), // the receiving mailbox; hourly limit

    // A limit of mailbox or tenant is used up. `5.2.252` alone would not tell it from a denied sender.
    rule(554, "", "submissionquotaexceeded", HOLD_QUOTA, R::RouteQuota),
    rule(0, "5.2.2", "submission quota exceeded", HOLD_QUOTA, R::RouteQuota),
    rule(554, "5.2.2", "storedrv", HOLD_QUOTA, R::RouteQuota), // the sending mailbox is full
    rule(0, "5.1.90", "", HOLD_QUOTA, R::RouteQuota),
    rule(0, "5.7.233", "", HOLD_QUOTA, R::RouteQuota),
    rule(0, "5.2.251-255", "throttled", HOLD_QUOTA, R::RouteQuota),

    // This sender or domain may not use the route; other mail of the route may pass.
    rule(554, "", "sendasdenied", FailMessage, R::SendAsDenied),
    rule(0, "5.7.60", "", FailMessage, R::SendAsDenied),
    rule(0, "5.7.64", "attr36", FailMessage, R::SendAsDenied),
    rule(0, "5.7.750", "", FailMessage, R::SendAsDenied),

    // Credentials or set-up: the queue waits for a person.
    rule(0, "5.7.139", "disabled", HoldCredentials, R::RouteBasicAuthDisabled),
    rule(0, "5.7.139", "security defaults", HoldCredentials, R::RouteBasicAuthDisabled),
    rule(0, "5.7.139", "", HoldCredentials, R::RouteCredentialsRejected),
    rule(0, "5.7.30", "", HoldCredentials, R::RouteBasicAuthDisabled),
    rule(0, "5.7.57", "", HoldCredentials, R::RouteCredentialsRejected),
    rule(501, "5.5.120-129", "", HoldCredentials, R::RouteCredentialsRejected),
    rule(535, "", "", HoldCredentials, R::RouteCredentialsRejected),
    rule(530, "", "", HoldCredentials, R::RouteCredentialsRejected),
    rule(430, "", "logon failure", HoldCredentials, R::RouteMisconfigured),
    rule(430, "", "logonfailed", HoldCredentials, R::RouteMisconfigured),
    rule(0, "4.4.62", "", HoldCredentials, R::RouteMisconfigured),
    rule(451, "", "attr35", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.64", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.711", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.68", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.1.8", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.705", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.708", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.606-649", "", HoldCredentials, R::RouteMisconfigured),
    rule(0, "5.7.501-503", "", HoldCredentials, R::RouteMisconfigured),

    // This message or recipient, for good.
    rule(0, "5.1.10", "", FailRecipient, R::RecipientRefused),
    rule(0, "5.4.1", "", FailRecipient, R::RecipientRefused),
    rule(0, "5.7.124", "", FailRecipient, R::RecipientRefused),
    rule(0, "5.7.133-136", "", FailRecipient, R::RecipientRefused),
    rule(0, "5.3.4", "", FailMessage, R::MessageTooLarge),
    rule(0, "5.6.11", "", FailMessage, R::RemoteRefused),
    rule(0, "5.7.512", "", FailMessage, R::RemoteRefused),
];

/// Judges a reply that is not the hoped-for one.
pub(super) fn judge(stage: Stage, reply: RemoteReply) -> Setback {
    let enhanced = enhanced_code(&reply.text);
    let text = own_words(&reply.text);
    // No mail is at stake yet: what speaks of a sender or recipient is meant for this machine.
    let is_opening = matches!(stage, Stage::Connect | Stage::Auth);
    let known = RULES.iter().find(|rule| {
        !(is_opening && matches!(rule.verdict, FailRecipient | FailMessage))
            && (rule.basic == 0 || rule.basic == reply.code)
            && (rule.enhanced.is_empty()
                || enhanced.is_some_and(|code| lies_in(code, rule.enhanced)))
            && text.contains(rule.text)
    });
    let (verdict, reason) = known.map_or_else(
        || by_first_digit(stage, reply.code),
        |rule| (rule.verdict, rule.reason),
    );
    Setback {
        verdict,
        reason,
        detail: format!("in answer to {}", stage.name()),
        reply: Some(reply),
        advice: None,
    }
}

/// The text in lower case without what the other side may have echoed, `<…>` and words that hold
/// `@`: a recipient can be called as an error is.
fn own_words(text: &str) -> String {
    let mut parts = text.split('<');
    let mut own = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        let behind = part.split_once('>').map_or(part, |(_, behind)| behind);
        own.push(' ');
        own.push_str(&behind.to_ascii_lowercase());
    }
    let words = own.split_whitespace().filter(|word| !word.contains('@'));
    words.collect::<Vec<_>>().join(" ")
}

/// A connection that could not be made, or ended or went silent without a reply.
pub(super) fn lost(stage: Stage, detail: impl Into<String>) -> Setback {
    let reason = match stage {
        Stage::Connect | Stage::Auth => Reason::RouteUnreachable,
        Stage::Mail | Stage::Recipient | Stage::Data | Stage::EndOfData => Reason::RemoteTemporary,
    };
    Setback::new(Retry, reason, detail.into())
}

/// RFC 5321 §4.2.1, except that a route that does not open must never fail the mail behind it.
fn by_first_digit(stage: Stage, code: u16) -> (Verdict, Reason) {
    match (stage, code / 100) {
        (Stage::Auth, 5) => (HoldCredentials, Reason::RouteCredentialsRejected),
        (Stage::Connect, 5) => (Retry, Reason::RouteUnreachable),
        (Stage::Recipient, 5) => (FailRecipient, Reason::RecipientRefused),
        (Stage::Mail | Stage::Data | Stage::EndOfData, 5) => (FailMessage, Reason::RemoteRefused),
        _ => (Retry, Reason::RemoteTemporary),
    }
}

type EnhancedCode = (u16, u16, u16);

/// The enhanced code at the start of a reply's text (RFC 2034 §4).
pub(crate) fn enhanced_code(text: &str) -> Option<EnhancedCode> {
    let word = text.split([' ', ';']).next()?;
    let mut parts = word.split('.').map(|part| {
        let short = (1..=3).contains(&part.len());
        short.then(|| part.parse::<u16>().ok()).flatten()
    });
    let code = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

fn lies_in(code: EnhancedCode, pattern: &str) -> bool {
    let Some((head, detail)) = pattern.rsplit_once('.') else {
        return false;
    };
    let (first, last) = detail.split_once('-').unwrap_or((detail, detail));
    head == format!("{}.{}", code.0, code.1)
        && first.parse().is_ok_and(|first: u16| first <= code.2)
        && last.parse().is_ok_and(|last: u16| code.2 <= last)
}

#[cfg(test)]
mod tests {
    use super::{Stage as S, *};

    fn verdict(stage: Stage, line: &str) -> (Verdict, Reason) {
        let (code, text) = line.split_once(' ').unwrap();
        let setback = judge(
            stage,
            RemoteReply {
                code: code.parse().unwrap(),
                text: text.to_owned(),
            },
        );
        (setback.verdict, setback.reason)
    }

    #[test]
    #[rustfmt::skip]
    fn every_literal_reply_of_exchange_online_is_judged() {
        for (stage, line, expected, reason) in [
            (S::Mail, "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.", SlowDown, R::RouteThrottled),
            (S::EndOfData, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", SlowDown, R::RouteThrottled),
            (S::Connect, "421 4.3.2 The maximum number of concurrent connections per resource forest has exceeded a limit, closing transmission channel", SlowDown, R::RouteThrottled),
            (S::Connect, "421 4.3.2 Service not active", Retry, R::RemoteTemporary),
            (S::EndOfData, "421 4.4.1 Connection timed out", Retry, R::RemoteTemporary),
            (S::Mail, "421 4.4.2 Connection dropped due to SocketError", Retry, R::RemoteTemporary),
            (S::EndOfData, "451 4.7.0 Temporary server error. Please try again later. PRX4", Retry, R::RemoteTemporary),
            (S::EndOfData, "451 4.3.111 Temporary server error. MRH1", Retry, R::RemoteTemporary),
            (S::Mail, "451 4.7.500 Server busy. Please try again later from [192.0.2.1].", SlowDown, R::RouteThrottled),
            (S::Mail, "451 4.7.699 Access denied, please try again later", SlowDown, R::RouteThrottled),
            (S::Mail, "451 4.7.850 Access denied, please try again later", Retry, R::RouteThrottled),
            (S::Mail, "451 4.7.899 Access denied, please try again later", Retry, R::RouteThrottled),
            (S::Recipient, "452 4.5.3 Too many recipients", Retry, R::RemoteTemporary),
            (S::Auth, "454 4.7.0 Temporary authentication failure", Retry, R::RemoteTemporary),

            (S::EndOfData, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception", HOLD_QUOTA, R::RouteQuota),
            (S::EndOfData, "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients", HOLD_QUOTA, R::RouteQuota),
            (S::EndOfData, "550 5.2.2 Submission quota exceeded", HOLD_QUOTA, R::RouteQuota),
            (S::EndOfData, "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException", HOLD_QUOTA, R::RouteQuota),
            (S::EndOfData, "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients", HOLD_QUOTA, R::RouteQuota),
            (S::Mail, "550 5.2.251 Sender throttled due to continuous mailbox full errors.", HOLD_QUOTA, R::RouteQuota),
            (S::Mail, "550 5.2.252 Sender throttled due to continuous send as denied errors.", HOLD_QUOTA, R::RouteQuota),
            (S::Mail, "550 5.2.253 Sender throttled due to continuous license errors.", HOLD_QUOTA, R::RouteQuota),
            (S::Mail, "550 5.2.254 Sender throttled due to continuous too many recipients errors.", HOLD_QUOTA, R::RouteQuota),
            (S::Mail, "550 5.2.255 Sender throttled due to continuous invalid recipients errors.", HOLD_QUOTA, R::RouteQuota),
            (S::Recipient, "550 5.2.121 Recipient's per hour message receive limit exceeded", Retry, R::RouteThrottled),
            (S::Recipient, "550 5.2.122 Recipient's per hour message receive limit from specific sender exceeded", Retry, R::RouteThrottled),

            (S::Auth, "535 5.7.3 Authentication unsuccessful", HoldCredentials, R::RouteCredentialsRejected),
            (S::Auth, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.", HoldCredentials, R::RouteBasicAuthDisabled),
            (S::Auth, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.", HoldCredentials, R::RouteBasicAuthDisabled),
            (S::Auth, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", HoldCredentials, R::RouteBasicAuthDisabled),
            (S::Auth, "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", HoldCredentials, R::RouteBasicAuthDisabled),
            (S::Auth, "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.", HoldCredentials, R::RouteCredentialsRejected),
            (S::Mail, "530 5.7.57 Client not authenticated to send mail", HoldCredentials, R::RouteCredentialsRejected),
            (S::Mail, "535 5.7.57 Client not authenticated to send mail", HoldCredentials, R::RouteCredentialsRejected),
            (S::EndOfData, "550 5.7.57 Client not authenticated to send mail", HoldCredentials, R::RouteCredentialsRejected),
            (S::EndOfData, "550 5.7.30 Basic authentication is not supported for Client Submission", HoldCredentials, R::RouteBasicAuthDisabled),
            (S::Auth, "501 5.5.121 Invalid XOAUTH2 argument", HoldCredentials, R::RouteCredentialsRejected),
            (S::EndOfData, "430 4.2.0 STOREDRV; mailbox logon failure; MapiExceptionLogonFailed", HoldCredentials, R::RouteMisconfigured),
            (S::Recipient, "550 5.7.64 TenantAttribution; Relay Access Denied", HoldCredentials, R::RouteMisconfigured),
            (S::Mail, "451 4.4.62 Mail sent to the wrong Office 365 region. ATTR35", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.711 Access denied, bad inbound connector. AS(2204)", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.1.8 Access denied, bad outbound sender", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.705 Access denied, tenant has exceeded threshold", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.708 Access denied, traffic not accepted from this IP", HoldCredentials, R::RouteMisconfigured),
            (S::Mail, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", HoldCredentials, R::RouteMisconfigured),
            (S::Mail, "550 5.7.649 Access denied, banned sending IP [192.0.2.1]", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.501 Access denied, spam abuse detected", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.502 Access denied, banned sender", HoldCredentials, R::RouteMisconfigured),
            (S::EndOfData, "550 5.7.503 Access denied, banned sender", HoldCredentials, R::RouteMisconfigured),

            (S::Recipient, "550 5.7.64 TenantAttribution; Relay Access Denied [ValidationStatus of '' is EmptyCertificate] ATTR36", FailMessage, R::SendAsDenied),
            (S::EndOfData, "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains", FailMessage, R::SendAsDenied),
            (S::EndOfData, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", FailMessage, R::SendAsDenied),
            (S::EndOfData, "554 5.2.252 SendAsDenied; relay@acme.example not allowed to send as x@acme.example; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", FailMessage, R::SendAsDenied),
            (S::Recipient, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", FailRecipient, R::RecipientRefused),
            (S::Recipient, "550 5.4.1 Recipient address rejected: Access denied", FailRecipient, R::RecipientRefused),
            (S::EndOfData, "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal", FailMessage, R::RemoteRefused),
            (S::EndOfData, "550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant", FailMessage, R::RemoteRefused),
            (S::EndOfData, "550 5.7.124 Sender not in allowed-senders list", FailRecipient, R::RecipientRefused),
            (S::EndOfData, "550 5.7.133 Sender not authenticated for group", FailRecipient, R::RecipientRefused),
            (S::EndOfData, "550 5.7.134 Sender was not authenticated for mailbox", FailRecipient, R::RecipientRefused),
            (S::EndOfData, "550 5.7.136 Sender was not authenticated", FailRecipient, R::RecipientRefused),
        ] {
            assert_eq!(verdict(stage, line), (expected, reason), "{line}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn unknown_replies_are_judged_by_their_first_digit() {
        for (stage, line, expected, reason) in [
            (S::Mail, "450 try later", Retry, R::RemoteTemporary),
            (S::Mail, "550 no", FailMessage, R::RemoteRefused),
            (S::Recipient, "553 5.1.3 what?", FailRecipient, R::RecipientRefused),
            (S::Recipient, "452 4.2.2 mailbox full", Retry, R::RemoteTemporary),
            (S::Recipient, "552 5.2.2 mailbox full", FailRecipient, R::RecipientRefused),
            (S::EndOfData, "554 spam", FailMessage, R::RemoteRefused),
            (S::EndOfData, "552 5.3.4 too big", FailMessage, R::MessageTooLarge),
            (S::Data, "250 what?", Retry, R::RemoteTemporary),
            (S::Connect, "554 No SMTP service here", Retry, R::RouteUnreachable),
            // Codes that fail a mail fail none before there is one.
            (S::Connect, "554 5.4.1 Access denied", Retry, R::RouteUnreachable),
            (S::Connect, "550 5.7.750 Service unavailable", Retry, R::RouteUnreachable),
            (S::Connect, "554 5.2.252 SendAsDenied", Retry, R::RouteUnreachable),
            (S::Auth, "550 5.7.60 no permission", HoldCredentials, R::RouteCredentialsRejected),
            (S::Auth, "535 5.1.10 no such mailbox", HoldCredentials, R::RouteCredentialsRejected),
            (S::Auth, "504 5.7.4 Unrecognized authentication type", HoldCredentials, R::RouteCredentialsRejected),
        ] {
            assert_eq!(verdict(stage, line), (expected, reason), "{line}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn what_a_server_echoes_is_not_taken_for_its_words() {
        for (line, expected) in [
            ("550 5.1.1 <attr35@b.example>: User unknown", FailRecipient),
            ("451 4.2.1 attr35@b.example: try later", Retry),
            ("451 4.4.62 Mail sent to the wrong region. ATTR35", HoldCredentials),
            ("451 Mail sent to the wrong region. ATTR35", HoldCredentials),
            ("550 5.1.1 attr35 is unknown here", FailRecipient),
            ("554 5.1.1 <submissionquotaexceeded@b.example> unknown", FailRecipient),
            ("550 5.1.1 submissionquotaexceeded... User unknown", FailRecipient),
            ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", HOLD_QUOTA),
            ("432 too many <sendasdenied", SlowDown),
        ] {
            assert_eq!(verdict(S::Recipient, line).0, expected, "{line}");
        }
        let denied = "550 5.1.1 <sendasdenied@b.example> unknown";
        assert_eq!(verdict(S::Recipient, denied), (FailRecipient, R::RecipientRefused));
        assert_eq!(own_words("a <b@c> D e@f <g"), "a d g");
    }

    #[test]
    fn enhanced_codes_are_read_at_the_start_only() {
        for (text, code) in [
            ("5.7.139 Authentication", Some((5, 7, 139))),
            ("4.3.2; text", Some((4, 3, 2))),
            ("5.7.1", Some((5, 7, 1))),
            ("", None),
            ("see 5.7.1", None),
            ("3.0.0 x", None),
            ("5.7 x", None),
            ("5.7.1.1 x", None),
            ("192.0.2.1 x", None),
            ("5.7.1000 x", None),
        ] {
            assert_eq!(enhanced_code(text), code, "{text}");
        }
    }
}
