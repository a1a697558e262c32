//! Literal replies of Exchange Online, as Microsoft documents them or as logs show them.

use super::bars::Bar;

pub(super) const HOST: &str = "AM0PR05CA0001.outlook.office365.com";

pub(super) const STARTTLS_REQUIRED: &str = "451 5.7.3 STARTTLS is required to send mail";
pub(super) const NOT_AUTHENTICATED: &str = "530 5.7.57 Client not authenticated to send mail";
pub(super) const UNKNOWN_MECHANISM: &str = "504 5.7.4 Unrecognized authentication type";
pub(super) const CREDENTIALS_WRONG: &str = "535 5.7.3 Authentication unsuccessful";
pub(super) const SIGNED_IN: &str = "235 2.7.0 Authentication successful";
pub(super) const BAD_SEQUENCE: &str = "503 5.5.1 Bad sequence of commands";
pub(super) const BAD_ARGUMENTS: &str = "501 5.5.4 Invalid arguments";
pub(super) const UNKNOWN_COMMAND: &str = "500 5.3.3 Unrecognized command";
pub(super) const TOO_LARGE: &str = "552 5.3.4 Message size exceeds fixed maximum message size";
pub(super) const TOO_MANY_RECIPIENTS: &str = "452 4.5.3 Too many recipients";
pub(super) const TOO_MANY_CONNECTIONS: &str = "432 4.3.2 Concurrent connections limit exceeded. \
    Visit https://aka.ms/concurrent_sending for more information. [Hostname=SIM]";
pub(super) const TOO_MANY_MESSAGES: &str =
    "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded [Hostname=SIM]";
pub(super) const TOO_MANY_RECIPIENTS_TODAY: &str = "550 5.1.90 Your message can't be sent because \
    you've reached your daily limit for message recipients";

pub(super) const RELAY_DENIED: &str = "550 5.7.64 TenantAttribution; Relay Access Denied [ValidationStatus of '' is 'EmptyCertificate']";

/// Replies that rules can name instead of writing them out.
#[rustfmt::skip]
const NAMED: &[(&str, &str)] = &[
    // Later.
    ("connections", TOO_MANY_CONNECTIONS),
    ("thread-limit", TOO_MANY_MESSAGES),
    ("forest-connections", "421 4.3.2 The maximum number of concurrent connections per resource forest has exceeded a limit, closing transmission channel"),
    ("not-active", "421 4.3.2 Service not active"),
    ("timed-out", "421 4.4.1 Connection timed out"),
    ("dropped", "421 4.4.2 Connection dropped due to SocketError"),
    ("temporary", "451 4.7.0 Temporary server error. Please try again later. PRX4"),
    ("mailbox-server", "451 4.3.111 Temporary server error. Please try again later. MRH1"),
    ("server-busy", "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)"),
    ("access-denied-later", "451 4.7.699 Access denied, please try again later"),
    ("access-denied-much-later", "451 4.7.850 Access denied, please try again later"),
    ("access-denied-latest", "451 4.7.899 Access denied, please try again later"),
    ("too-many-recipients", TOO_MANY_RECIPIENTS),
    ("auth-temporary", "454 4.7.0 Temporary authentication failure"),

    // A limit is used up.
    ("submission-quota", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception with message Cannot submit message."),
    ("submission-quota-short", "550 5.2.2 Submission quota exceeded"),
    ("daily-recipients", TOO_MANY_RECIPIENTS_TODAY),
    ("mailbox-full", "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException"),
    ("tenant-quota", "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients"),
    ("barred-mailbox-full", Bar::MailboxFull.reply()),
    ("barred-send-as", Bar::SendAs.reply()),
    ("barred-license", Bar::License.reply()),
    ("barred-too-many-recipients", Bar::TooManyRecipients.reply()),
    ("barred-invalid-recipients", Bar::InvalidRecipients.reply()),
    ("recipient-hourly", "550 5.2.121 Recipient's per hour message receive limit exceeded"),
    ("recipient-hourly-from-one", "550 5.2.122 Recipient's per hour message receive limit from specific sender exceeded"),

    // Credentials or set-up.
    ("credentials", CREDENTIALS_WRONG),
    ("smtp-auth-disabled", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."),
    ("smtp-auth-disabled-mailbox", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information."),
    ("basic-auth-disabled", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
    ("security-defaults", "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator."),
    ("criteria", "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator."),
    ("not-authenticated", NOT_AUTHENTICATED),
    ("not-authenticated-535", "535 5.7.57 Client not authenticated to send mail"),
    ("not-authenticated-550", "550 5.7.57 Client not authenticated to send mail"),
    ("basic-auth-off", "550 5.7.30 Basic authentication is not supported for Client Submission."),
    ("xoauth2-invalid", "501 5.5.121 Invalid XOAUTH2 argument"),
    ("token-expires", "501 5.5.127 Invalid XOAUTH2 argument. Token will expire soon"),
    ("hve-token-142", "535 5.7.142 Authentication unsuccessful"),
    ("hve-token-143", "535 5.7.143 Authentication unsuccessful"),
    ("hve-token-144", "535 5.7.144 Authentication unsuccessful"),
    ("logon-failed", "430 4.2.0 STOREDRV; mailbox logon failure; failure cause: MapiExceptionLogonFailed"),
    ("relay-denied", RELAY_DENIED),
    ("wrong-region", "451 4.4.62 Mail sent to the wrong Office 365 region. ATTR35. For more information please go to https://go.microsoft.com/fwlink/?linkid=865268"),
    ("bad-connector", "550 5.7.711 Access denied, bad inbound connector. AS(2204)"),
    ("direct-send", "550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources"),
    ("bad-outbound-sender", "550 5.1.8 Access denied, bad outbound sender"),
    ("tenant-threshold", "550 5.7.705 Access denied, tenant has exceeded threshold"),
    ("traffic-not-accepted", "550 5.7.708 Access denied, traffic not accepted from this IP"),
    ("banned-ip", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    ("banned-ip-649", "550 5.7.649 Access denied, banned sending IP [192.0.2.1]"),
    ("spam-abuse", "550 5.7.501 Access denied, spam abuse detected"),
    ("banned-sender", "550 5.7.502 Access denied, banned sender"),
    ("banned-sender-503", "550 5.7.503 Access denied, banned sender"),

    // A sender or its domain.
    ("domain-not-accepted", "550 5.7.64 TenantAttribution; Relay Access Denied ATTR36. For more details please refer to https://support.microsoft.com/kb/3169958"),
    ("unregistered-domain", "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains"),
    ("send-as", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    ("send-as-denied", "554 5.2.252 SendAsDenied; relay@acme.example not allowed to send as other@acme.example; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"),

    // This mail or recipient.
    ("recipient-unknown", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("recipient-rejected", "550 5.4.1 Recipient address rejected: Access denied"),
    ("bare-linefeeds", "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds"),
    ("no-valid-from", "550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant and include a valid From address"),
    ("not-allowed-sender", "550 5.7.124 Sender not in allowed-senders list"),
    ("group-needs-sign-in", "550 5.7.133 Sender not authenticated for group"),
    ("mailbox-needs-sign-in", "550 5.7.134 Sender was not authenticated for mailbox"),
    ("user-needs-sign-in", "550 5.7.136 Sender was not authenticated"),
    ("internal-only", "550 5.5.105 High Volume Email accounts can send to internal recipients only"),
    ("too-large", TOO_LARGE),

    // Out of step, or not offered.
    ("starttls-required", STARTTLS_REQUIRED),
    ("unknown-mechanism", UNKNOWN_MECHANISM),
];

/// The reply of that name; see the table in this file.
pub fn named(name: &str) -> Option<&'static str> {
    let found = NAMED.iter().find(|(known, _)| *known == name);
    found.map(|(_, reply)| *reply)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::NAMED;

    #[test]
    fn each_name_stands_for_one_refusal_with_an_enhanced_code() {
        let names: HashSet<_> = NAMED.iter().map(|(name, _)| name).collect();
        let replies: HashSet<_> = NAMED.iter().map(|(_, reply)| reply).collect();
        assert_eq!((names.len(), replies.len()), (NAMED.len(), NAMED.len()));
        for (name, reply) in NAMED {
            let words: Vec<_> = reply.split(' ').collect();
            let is_basic = words[0]
                .parse()
                .is_ok_and(|code: u16| (400..600).contains(&code));
            let parts: Vec<_> = words[1].split('.').map(str::parse::<u16>).collect();
            let is_enhanced = parts.len() == 3 && parts.iter().all(Result::is_ok);
            assert!(
                is_basic && is_enhanced && words.len() > 2,
                "{name}: {reply}"
            );
        }
    }
}
