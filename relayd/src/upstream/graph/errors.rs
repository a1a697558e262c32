//! Judges replies of Graph: one table from status and error code to what to do.
//!
//! Rows are tried from the top, so the special stand above the general. Codes: Microsoft, "Microsoft
//! Graph error responses and resource types" and "Outlook mail API overview"; what no row knows is
//! judged by its status. A request that lets a mail go (`sendMail`, `send`) and ends in a 500, 502 or
//! 504 may have let it go: nobody can tell.

use std::time::Duration;

use super::http::{Lost, Reply, Silence};
use crate::{
    model::Reason,
    upstream::{Advice, Setback, Verdict},
};

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Prepares: repeated without harm.
    Light,
    /// Lets the mail go, and was wholly handed over.
    Decisive,
}

/// One row. An empty pattern matches anything.
struct Row {
    /// HTTP status; 0 is any.
    status: u16,
    /// Error code, without regard to case.
    code: &'static str,
    /// Part of the message, in lower case.
    text: &'static str,
    verdict: Verdict,
    reason: Reason,
    /// Cause and remedy, in words.
    advice: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    None,
    Token,
    Permission,
    Policy,
    NoMailbox,
    NoRest,
    SendAs,
    Recipients,
    Mime,
    Size,
    Full,
    Quota,
    Blocked,
    Throttled,
    Busy,
    Bad,
    Unclear,
}

impl Words {
    fn advice(self) -> Option<Box<Advice>> {
        let (cause, remedy) = self.text()?;
        Some(Box::new(Advice {
            cause: cause.to_owned(),
            remedy: remedy.to_owned(),
        }))
    }

    /// Cause and remedy; `{mailbox}` and `{sender}` are filled in.
    const fn text(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::None => return None,
            Self::Token => (
                "Graph does not take the access token, though it was fetched anew",
                "relayctl route check shows its audience and permissions; then relayctl route set with tenant, client id and secret or certificate of the application",
            ),
            Self::Permission => (
                "The application lacks the permission to send as this mailbox",
                "Entra admin center > App registrations > API permissions: add the application permission Mail.Send of Microsoft Graph and grant admin consent; or in Exchange Online PowerShell New-ManagementRoleAssignment -App <object id> -Role 'Application Mail.Send' -CustomResourceScope <scope>",
            ),
            Self::Policy => (
                "An application access policy of the tenant keeps the application out of this mailbox",
                "Exchange Online PowerShell: Test-ApplicationAccessPolicy -AppId <client id> -Identity {mailbox}; then add the mailbox to the group of the policy",
            ),
            Self::NoMailbox => (
                "The tenant knows no such mailbox",
                "give the mailbox by relayctl route set --mailbox; Get-EXOMailbox -Identity {mailbox} shows whether it exists",
            ),
            Self::NoRest => (
                "The mailbox is not reached by Graph: it has no Exchange Online licence, is on premises, or is inactive",
                "give it a licence in the Microsoft 365 admin center (Users > Licenses and apps), or name another by relayctl route set --mailbox",
            ),
            Self::SendAs => (
                "{mailbox} may not send as the From address of the mail",
                "Exchange Online PowerShell: Add-RecipientPermission -Identity {sender} -AccessRights SendAs -Trustee {mailbox}",
            ),
            Self::Recipients => (
                "Exchange takes one of the recipients for no address",
                "check the recipients; Graph does not say which of them it is",
            ),
            Self::Mime => (
                "Exchange cannot read the MIME of the mail",
                "let the device send another format, or use a route of the kind smtp-oauth",
            ),
            Self::Size => (
                "The mail is larger than Graph or the mailbox takes",
                "send smaller attachments, or raise the limit of the mailbox (Set-Mailbox -Identity {mailbox} -MaxSendSize 150MB)",
            ),
            Self::Full => (
                "The mailbox of the route is full, and Graph keeps a copy of each mail in its Sent Items",
                "empty Sent Items or give it an archive; a retention policy keeps it from filling up again",
            ),
            Self::Quota => (
                "The mailbox has used up a sending limit of Exchange Online",
                "wait until the limit is renewed (it counts over 24 hours), or spread the mail over several routes",
            ),
            Self::Throttled => (
                "Microsoft throttles the application or the mailbox",
                "delivery goes on by itself, as soon as Microsoft takes more; if it is often so, lower --per-minute or --connections by relayctl route set",
            ),
            Self::Busy => (
                "Exchange Online could not take the mail just now",
                "delivery is tried again by itself",
            ),
            Self::Bad => (
                "Graph does not take the mail as it is",
                "the literal reply says why; Microsoft's support finds more under its request-id",
            ),
            Self::Unclear => (
                "Graph did not say what became of the mail: it may have been sent",
                "look into Sent Items of {mailbox}; then relayctl queue release or relayctl queue cancel",
            ),
            Self::Blocked => (
                "Exchange Online has stopped the mailbox from sending, for too much mail or mail that looks like spam",
                "Microsoft Defender portal > Email & collaboration > Review > Restricted entities: unblock the mailbox once the cause is mended",
            ),
        })
    }
}

const fn row(
    status: u16,
    code: &'static str,
    text: &'static str,
    verdict: Verdict,
    reason: Reason,
    advice: Words,
) -> Row {
    Row {
        status,
        code,
        text,
        verdict,
        reason,
        advice,
    }
}

use Reason as R;
use Verdict::{FailMessage, HoldCredentials, Retry, SlowDown, Unknown};
use Words as W;

/// Limits of a mailbox count over a sliding 24 hours, so room comes back bit by bit.
const HOLD_QUOTA: Verdict = Verdict::HoldQuota(Duration::from_hours(1));

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Asks for patience. With Retry-After it says how much.
    row(429, "", "", SlowDown, R::RouteThrottled, W::Throttled),
    row(0, "ApplicationThrottled", "", SlowDown, R::RouteThrottled, W::Throttled),
    row(0, "TooManyRequests", "", SlowDown, R::RouteThrottled, W::Throttled),
    row(0, "CommandConcurrencyLimitReached", "", SlowDown, R::RouteThrottled, W::Throttled),
    row(0, "ErrorServerBusy", "", SlowDown, R::RouteThrottled, W::Throttled),

    // A limit of mailbox or tenant is used up.
    row(0, "ErrorExceededMessageLimit", "", HOLD_QUOTA, R::RouteQuota, W::Quota),
    row(0, "ErrorSubmissionQuotaExceeded", "", HOLD_QUOTA, R::RouteQuota, W::Quota),
    row(0, "SubmissionQuotaExceeded", "", HOLD_QUOTA, R::RouteQuota, W::Quota),
    row(0, "", "submissionquotaexceeded", HOLD_QUOTA, R::RouteQuota, W::Quota),
    row(0, "ErrorMessageSubmissionBlocked", "", HOLD_QUOTA, R::RouteQuota, W::Blocked),
    row(0, "ErrorAccountSuspend", "", HoldCredentials, R::RouteMisconfigured, W::Blocked),
    row(0, "ErrorQuotaExceeded", "", HOLD_QUOTA, R::RouteQuota, W::Full),
    row(507, "", "", HOLD_QUOTA, R::RouteQuota, W::Full),

    // This mail, for good.
    row(0, "ErrorSendAsDenied", "", FailMessage, R::SendAsDenied, W::SendAs),
    row(0, "ErrorInvalidRecipients", "", FailMessage, R::RecipientRefused, W::Recipients),
    row(0, "ErrorInvalidSmtpAddress", "", FailMessage, R::RecipientRefused, W::Recipients),
    row(0, "ErrorRecipientNotFound", "", FailMessage, R::RecipientRefused, W::Recipients),
    row(0, "ErrorMimeContentInvalid", "", FailMessage, R::UnsupportedContent, W::Mime),
    row(0, "ErrorMimeContentInvalidBase64String", "", FailMessage, R::UnsupportedContent, W::Mime),
    row(0, "ErrorMimeContentConversionFailed", "", FailMessage, R::UnsupportedContent, W::Mime),
    row(413, "", "", FailMessage, R::MessageTooLarge, W::Size),
    row(0, "ErrorMessageSizeExceeded", "", FailMessage, R::MessageTooLarge, W::Size),
    row(0, "RequestEntityTooLarge", "", FailMessage, R::MessageTooLarge, W::Size),

    // Credentials or set-up: the queue waits for a person.
    row(0, "InvalidAuthenticationToken", "", HoldCredentials, R::RouteCredentialsRejected, W::Token),
    row(401, "", "", HoldCredentials, R::RouteCredentialsRejected, W::Token),
    row(0, "ErrorAccessDenied", "[raop]", HoldCredentials, R::RouteMisconfigured, W::Policy),
    row(403, "", "[raop]", HoldCredentials, R::RouteMisconfigured, W::Policy),
    row(0, "ErrorAccessDenied", "", HoldCredentials, R::RouteMisconfigured, W::Permission),
    row(0, "MailboxNotEnabledForRESTAPI", "", HoldCredentials, R::RouteMisconfigured, W::NoRest),
    row(0, "MailboxNotSupportedForRESTAPI", "", HoldCredentials, R::RouteMisconfigured, W::NoRest),
    row(0, "ErrorMailboxMoveInProgress", "", Retry, R::RemoteTemporary, W::Busy),
    row(0, "ErrorMailboxStoreUnavailable", "", Retry, R::RemoteTemporary, W::Busy),
    row(0, "ErrorInternalServerTransientError", "", Retry, R::RemoteTemporary, W::Busy),
    row(403, "", "", HoldCredentials, R::RouteMisconfigured, W::Permission),
    row(0, "ErrorInvalidUser", "", HoldCredentials, R::RouteMisconfigured, W::NoMailbox),
    row(0, "ErrorNonExistentMailbox", "", HoldCredentials, R::RouteMisconfigured, W::NoMailbox),
    row(0, "ResourceNotFound", "", HoldCredentials, R::RouteMisconfigured, W::NoMailbox),
    row(0, "Request_ResourceNotFound", "", HoldCredentials, R::RouteMisconfigured, W::NoMailbox),
    row(404, "", "", HoldCredentials, R::RouteMisconfigured, W::NoMailbox),

    // By status.
    row(400, "", "", FailMessage, R::RemoteRefused, W::Bad),
    row(503, "", "", Retry, R::RemoteTemporary, W::Busy),
];

/// Judges a reply that is not the hoped-for one.
pub(super) fn judge(reply: &Reply, weight: Weight) -> Setback {
    let message = reply.message.to_ascii_lowercase();
    let known = ROWS.iter().find(|row| {
        (row.status == 0 || row.status == reply.status)
            && (row.code.is_empty() || row.code.eq_ignore_ascii_case(&reply.code))
            && message.contains(row.text)
    });
    let (verdict, reason, advice) = known.map_or_else(
        || by_status(reply.status, weight),
        |row| (row.verdict, row.reason, row.advice),
    );
    let verdict = match (verdict, reply.retry_after) {
        (SlowDown, Some(wait)) => Verdict::Wait(wait),
        (Retry, Some(wait)) if reply.status == 503 => Verdict::Wait(wait),
        (verdict, _) => verdict,
    };
    Setback {
        verdict,
        reason,
        reply: Some(reply.literal()),
        detail: match verdict {
            Unknown => "the mail may have been sent".to_owned(),
            _ => "in answer to the request".to_owned(),
        },
        advice: advice.advice(),
    }
}

fn by_status(status: u16, weight: Weight) -> (Verdict, Reason, Words) {
    match status {
        // Neither Graph's way to say yes nor an error: something else answers at this address.
        200..=399 => (HoldCredentials, Reason::RouteMisconfigured, Words::None),
        500 | 502 | 504 if weight == Weight::Decisive => {
            (Unknown, Reason::OutcomeUnknown, Words::Unclear)
        }
        _ => (Retry, Reason::RemoteTemporary, Words::None),
    }
}

/// No reply came.
pub(super) fn lost(silence: &Silence, server: &str, weight: Weight) -> Setback {
    let (verdict, reason) = match (silence.lost, weight) {
        (Lost::Unconnected, _) => (Retry, Reason::RouteUnreachable),
        (Lost::Unencrypted, _) => (Retry, Reason::RouteTlsFailed),
        (Lost::Underway, Weight::Light) => (Retry, Reason::RemoteTemporary),
        (Lost::Underway, Weight::Decisive) => (Unknown, Reason::OutcomeUnknown),
    };
    let detail = match verdict {
        Unknown => format!("{server}: {}; the mail may have been sent", silence.detail),
        _ => format!("{server}: {}", silence.detail),
    };
    let words = match verdict {
        Unknown => Words::Unclear,
        _ => Words::None,
    };
    Setback {
        advice: words.advice(),
        ..Setback::new(verdict, reason, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, code: &str, message: &str, retry_after: Option<u64>) -> Reply {
        Reply {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            retry_after: retry_after.map(Duration::from_secs),
            ..Reply::default()
        }
    }

    #[test]
    #[rustfmt::skip]
    fn every_known_error_has_a_verdict() {
        use Weight::{Decisive, Light};
        const MINUTE: Verdict = Verdict::Wait(Duration::from_mins(1));
        for (status, code, message, wait, weight, verdict, reason, advised) in [
            (401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.", None, Decisive, HoldCredentials, R::RouteCredentialsRejected, true),
            (401, "", "", None, Light, HoldCredentials, R::RouteCredentialsRejected, true),
            (403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (403, "ErrorSendAsDenied", "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.", None, Decisive, FailMessage, R::SendAsDenied, true),
            (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (403, "ErrorQuotaExceeded", "The mailbox is full.", None, Decisive, HOLD_QUOTA, R::RouteQuota, true),
            (404, "ErrorInvalidUser", "The requested user 'x' is invalid.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (404, "MailboxNotEnabledForRESTAPI", "REST API is not yet supported for this mailbox.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (404, "ResourceNotFound", "Resource could not be discovered.", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (404, "", "", None, Decisive, HoldCredentials, R::RouteMisconfigured, true),
            (400, "ErrorInvalidRecipients", "At least one recipient isn't valid.", None, Decisive, FailMessage, R::RecipientRefused, true),
            (400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.", None, Decisive, FailMessage, R::UnsupportedContent, true),
            (400, "ErrorMimeContentInvalid", "", None, Decisive, FailMessage, R::UnsupportedContent, true),
            (400, "RequestBodyRead", "", None, Decisive, FailMessage, R::RemoteRefused, true),
            (413, "RequestEntityTooLarge", "", None, Decisive, FailMessage, R::MessageTooLarge, true),
            (400, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.", None, Decisive, FailMessage, R::MessageTooLarge, true),
            (429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.", None, Decisive, SlowDown, R::RouteThrottled, true),
            (429, "ApplicationThrottled", "", Some(60), Decisive, MINUTE, R::RouteThrottled, true),
            (429, "", "", Some(60), Light, MINUTE, R::RouteThrottled, true),
            (503, "ErrorServerBusy", "", Some(60), Decisive, MINUTE, R::RouteThrottled, true),
            (503, "ServiceUnavailable", "", Some(60), Decisive, MINUTE, R::RemoteTemporary, true),
            (503, "ServiceUnavailable", "", None, Decisive, Retry, R::RemoteTemporary, true),
            (507, "", "", None, Decisive, HOLD_QUOTA, R::RouteQuota, true),
            (429, "ErrorExceededMessageLimit", "", None, Decisive, SlowDown, R::RouteThrottled, true),
            (400, "ErrorExceededMessageLimit", "The message recipients limit was exceeded.", None, Decisive, HOLD_QUOTA, R::RouteQuota, true),
            (403, "ErrorMessageSubmissionBlocked", "", None, Decisive, HOLD_QUOTA, R::RouteQuota, true),
            (500, "x", "STOREDRV; SubmissionQuotaExceededException", None, Decisive, HOLD_QUOTA, R::RouteQuota, true),
            (504, "UnknownError", "", None, Decisive, Unknown, R::OutcomeUnknown, true),
            (504, "UnknownError", "", None, Light, Retry, R::RemoteTemporary, false),
            (502, "", "<html>", None, Decisive, Unknown, R::OutcomeUnknown, true),
            (500, "ErrorInternalServerError", "", None, Decisive, Unknown, R::OutcomeUnknown, true),
            (500, "ErrorInternalServerTransientError", "", None, Decisive, Retry, R::RemoteTemporary, true),
            (408, "", "", None, Decisive, Retry, R::RemoteTemporary, false),
            (302, "", "", None, Decisive, HoldCredentials, R::RouteMisconfigured, false),
            (200, "", "", None, Decisive, HoldCredentials, R::RouteMisconfigured, false),
        ] {
            let setback = judge(&reply(status, code, message, wait), weight);
            let got = (setback.verdict, setback.reason, setback.advice.is_some());
            assert_eq!(got, (verdict, reason, advised), "{status} {code} {message}");
            assert_eq!(setback.reply.unwrap().code, status);
        }
    }

    #[test]
    fn silence_is_an_unknown_outcome_only_once_all_was_handed_over() {
        for (lost_at, weight, verdict, reason) in [
            (
                Lost::Unconnected,
                Weight::Decisive,
                Retry,
                R::RouteUnreachable,
            ),
            (
                Lost::Unencrypted,
                Weight::Decisive,
                Retry,
                R::RouteTlsFailed,
            ),
            (Lost::Underway, Weight::Light, Retry, R::RemoteTemporary),
            (Lost::Underway, Weight::Decisive, Unknown, R::OutcomeUnknown),
        ] {
            let silence = Silence {
                lost: lost_at,
                detail: "cut".to_owned(),
            };
            let setback = lost(&silence, "graph.example", weight);
            assert_eq!((setback.verdict, setback.reason), (verdict, reason));
        }
    }
}
