//! Literal replies of Exchange Online, as Microsoft documents them or as logs show them.

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
const NAMED: &[(&str, &str)] = &[
    (
        "smtp-auth-disabled",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is \
        disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.",
    ),
    (
        "basic-auth-off",
        "550 5.7.30 Basic authentication is not supported for Client Submission.",
    ),
    ("credentials", CREDENTIALS_WRONG),
    ("connections", TOO_MANY_CONNECTIONS),
    ("thread-limit", TOO_MANY_MESSAGES),
    ("daily-recipients", TOO_MANY_RECIPIENTS_TODAY),
    (
        "server-busy",
        "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)",
    ),
    (
        "temporary",
        "451 4.7.0 Temporary server error. Please try again later. PRX4",
    ),
    ("not-active", "421 4.3.2 Service not active"),
    (
        "send-as",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    ),
    (
        "send-as-denied",
        "554 5.2.252 SendAsDenied; relay@acme.example not allowed to send as \
        other@acme.example; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
    ),
    (
        "continuous-errors",
        "550 5.2.252 Sender throttled due to continuous send as denied errors.",
    ),
    (
        "recipient-unknown",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP \
        address lookup",
    ),
    ("relay-denied", RELAY_DENIED),
    (
        "logon-failed",
        "430 4.2.0 STOREDRV; mailbox logon failure; failure cause: \
        MapiExceptionLogonFailed",
    ),
    (
        "submission-quota",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    ),
    (
        "tenant-quota",
        "550 5.7.233 Your message can't be sent because your tenant exceeded its daily \
        limit for sending email to external recipients",
    ),
    (
        "mailbox-full",
        "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException",
    ),
    (
        "bare-linefeeds",
        "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds",
    ),
];

/// The reply of that name; see the table in this file.
pub fn named(name: &str) -> Option<&'static str> {
    let found = NAMED.iter().find(|(known, _)| *known == name);
    found.map(|(_, reply)| *reply)
}
