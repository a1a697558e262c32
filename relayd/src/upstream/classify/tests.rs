use super::{Stage as S, table::*, *};
use crate::{
    model::Reason as R,
    upstream::Verdict::{HoldSender, RetryElsewhere, SlowDown},
};

fn reply(line: &str) -> RemoteReply {
    let (code, text) = line.split_once(' ').unwrap();
    RemoteReply {
        code: code.parse().unwrap(),
        text: text.to_owned(),
    }
}

fn verdict(stage: Stage, line: &str) -> (Verdict, Reason) {
    let setback = judge(stage, reply(line));
    (setback.verdict, setback.reason)
}

#[test]
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table, a line for each reply")]
fn every_literal_reply_of_exchange_online_is_judged() {
    for (stage, line, expected, reason) in [
        (S::Mail, "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.", SlowDown, R::RouteThrottled),
        (S::EndOfData, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", SlowDown, R::RouteThrottled),
        (S::Connect, "421 4.3.2 The maximum number of concurrent connections per resource forest has exceeded a limit, closing transmission channel", SlowDown, R::RouteThrottled),
        (S::Connect, "421 4.3.2 Service not active", RetryElsewhere, R::RouteUnreachable),
        (S::EndOfData, "421 4.4.1 Connection timed out", Retry, R::RemoteTemporary),
        (S::Mail, "421 4.4.2 Connection dropped due to SocketError", Retry, R::RemoteTemporary),
        (S::EndOfData, "451 4.7.0 Temporary server error. Please try again later. PRX4", Retry, R::RemoteTemporary),
        (S::EndOfData, "451 4.3.111 Temporary server error. MRH1", Retry, R::RemoteTemporary),
        (S::Mail, "451 4.7.500 Server busy. Please try again later from [192.0.2.1].", RetryElsewhere, R::RouteThrottled),
        (S::Mail, "451 4.7.699 Access denied, please try again later", RetryElsewhere, R::RouteThrottled),
        (S::Mail, "451 4.7.850 Access denied, please try again later", RetryElsewhere, R::RouteThrottled),
        (S::Mail, "451 4.7.899 Access denied, please try again later", RetryElsewhere, R::RouteThrottled),
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
        (S::Recipient, "550 5.2.121 Recipient's per hour message receive limit exceeded", HOLD_RECIPIENT, R::RouteThrottled),
        (S::Recipient, "550 5.2.122 Recipient's per hour message receive limit from specific sender exceeded", HOLD_RECIPIENT, R::RouteThrottled),

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

        (S::Recipient, "550 5.7.64 TenantAttribution; Relay Access Denied [ValidationStatus of '' is EmptyCertificate] ATTR36", HoldSender, R::SenderDomainNotAccepted),
        (S::EndOfData, "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains", HoldSender, R::SenderDomainNotAccepted),
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

        // High Volume Email.
        (S::Recipient, "550 5.5.105 External recipients are not allowed", FailRecipient, R::RecipientRefused),
        (S::Auth, "501 5.5.127 Authentication unsuccessful. Token will expire soon", Retry, R::RouteCredentialsRejected),
        (S::Auth, "535 5.7.142 Authentication unsuccessful, token expired", Retry, R::RouteCredentialsRejected),
        (S::Auth, "535 5.7.143 Authentication unsuccessful, token expired", Retry, R::RouteCredentialsRejected),
        (S::Auth, "535 5.7.144 Authentication unsuccessful, token expired", Retry, R::RouteCredentialsRejected),
        // What else is offered or asked of a mechanism.
        (S::Auth, "504 5.7.4 Unrecognized authentication type", HoldCredentials, R::RouteMisconfigured),
        // Azure Communication Services says what Exchange says.
        (S::Auth, "535 5.7.3 Authentication unsuccessful [resource]", HoldCredentials, R::RouteCredentialsRejected),
        (S::Recipient, "452 4.5.3 Too many recipients (AZ)", Retry, R::RemoteTemporary),
    ] {
        assert_eq!(verdict(stage, line), (expected, reason), "{line}");
        let setback = judge(stage, reply(line));
        assert!(!setback.is_unknown_reply(), "{line}");
        let advice = setback.advice.unwrap();
        assert!(advice.cause.len() > 20 && advice.remedy.len() > 20, "{line}: {advice:?}");
    }
}

#[test]
fn what_switches_smtp_auth_on_is_told_for_the_mailbox() {
    for (line, remedy) in [
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
            "Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false",
        ),
        (
            "554 5.2.252 SendAsDenied; a not allowed to send as b; STOREDRV",
            "Add-RecipientPermission -Identity {sender} -Trustee {mailbox} -AccessRights SendAs",
        ),
        (
            "430 4.2.0 STOREDRV; mailbox logon failure; MapiExceptionLogonFailed",
            "Add-MailboxPermission -Identity {mailbox}",
        ),
        (
            "550 5.7.68 TenantInboundAttribution; Direct Send not allowed",
            "Set-OrganizationConfig -RejectDirectSend $false",
        ),
    ] {
        let advice = judge(S::EndOfData, reply(line)).advice.unwrap();
        assert!(advice.remedy.contains(remedy), "{line}: {}", advice.remedy);
    }
}

/// A row behind a more general one would never be reached.
#[test]
fn no_row_is_hidden_by_one_above_it() {
    for (place, row) in RULES.iter().enumerate() {
        let hides = |above: &&Rule| {
            (above.basic == 0 || above.basic == row.basic)
                && (above.enhanced.is_empty() || above.enhanced == row.enhanced)
                && row.text.contains(above.text)
        };
        let hidden = RULES[..place]
            .iter()
            .find(hides)
            .map(|above| above.enhanced);
        assert_eq!(hidden, None, "{} {} {}", row.basic, row.enhanced, row.text);
    }
}

#[test]
fn a_server_that_takes_no_more_recipients_is_known() {
    for (line, ends) in [
        ("452 4.5.3 Too many recipients", true),
        ("452 too many recipients", true),
        ("552 5.5.3 Too many recipients", true),
        ("452 4.3.1 Insufficient system storage", false),
        ("550 5.5.3 Too many recipients", false),
    ] {
        assert_eq!(
            judge(S::Recipient, reply(line)).ends_recipients(),
            ends,
            "{line}"
        );
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
        (S::Auth, "504 5.7.4 Unrecognized authentication type", HoldCredentials, R::RouteMisconfigured),
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
