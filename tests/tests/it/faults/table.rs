//! The table: what the other side does, and what relayd must make of it.
//!
//! Replies are the literal ones of Exchange Online, by their names in the stand-in, each at the
//! points of the dialogue where it comes.

use std::time::Duration;

use relay_tests::sim::{
    Shown,
    Stage::{self, Auth, Body, Connect, Data, Ehlo, EndOfData, Mail, Rcpt, Starttls, TakenIn},
    entra::Trouble as TokenTrouble,
    graph::{RetryAfter, Then},
};

use super::row::{
    Row,
    Trouble::{Cuts, Graph, HasNoName, IsDown, Lacks, Says, SaysAndCuts, Shows, Token, Waits},
    Verdict::{
        self, Delivered, FailMessage, FailRecipient, HoldCredentials, HoldQuota, HoldRecipient,
        HoldSender, Retry, RetryElsewhere, SlowDown, Unknown,
    },
};
use super::way::Way;

/// Literal replies that mean the same wherever they come.
type Replies = (
    Verdict,
    &'static str,
    &'static [Stage],
    &'static [&'static str],
);

#[rustfmt::skip]
const REPLIES: &[Replies] = &[
    // Later, or slower.
    (SlowDown, "route-throttled", &[Mail, EndOfData], &["connections"]),
    (SlowDown, "route-throttled", &[EndOfData], &["thread-limit"]),
    (RetryElsewhere, "route-throttled", &[Connect, Mail, EndOfData], &[
        "server-busy", "access-denied-later", "access-denied-much-later", "access-denied-latest",
    ]),
    (Retry, "remote-temporary", &[Mail, Rcpt, Data, EndOfData], &["temporary"]),
    (Retry, "remote-temporary", &[EndOfData], &["mailbox-server"]),
    (Retry, "remote-temporary", &[Rcpt], &["too-many-recipients"]),
    (Retry, "remote-temporary", &[Auth], &["auth-temporary"]),
    (Retry, "remote-temporary", &[Ehlo, Starttls], &["454 4.7.0 TLS not available due to temporary reason"]),
    (HoldRecipient, "route-throttled", &[Rcpt, EndOfData], &["recipient-hourly", "recipient-hourly-from-one"]),

    // A limit is used up.
    (HoldQuota, "route-quota", &[EndOfData], &[
        "submission-quota", "submission-quota-short", "daily-recipients", "mailbox-full", "tenant-quota",
    ]),
    (HoldQuota, "route-quota", &[Mail], &[
        "barred-mailbox-full", "barred-send-as", "barred-license", "barred-too-many-recipients",
        "barred-invalid-recipients",
    ]),
    (HoldQuota, "route-quota", &[Rcpt, EndOfData], &["barred-send-as"]),

    // Credentials or set-up.
    (HoldCredentials, "route-credentials-rejected", &[Auth], &["credentials", "criteria"]),
    (HoldCredentials, "route-basic-auth-disabled", &[Auth], &[
        "smtp-auth-disabled", "smtp-auth-disabled-mailbox", "basic-auth-disabled", "security-defaults",
        "basic-auth-off",
    ]),
    (HoldCredentials, "route-basic-auth-disabled", &[EndOfData], &["basic-auth-off"]),
    (HoldCredentials, "route-credentials-rejected", &[Mail], &[
        "not-authenticated", "not-authenticated-535", "not-authenticated-550",
    ]),
    (HoldCredentials, "route-misconfigured", &[EndOfData], &[
        "logon-failed", "bad-connector", "direct-send", "bad-outbound-sender", "tenant-threshold",
        "traffic-not-accepted", "spam-abuse", "banned-sender", "banned-sender-503",
    ]),
    (HoldCredentials, "route-misconfigured", &[Mail, Rcpt], &["wrong-region"]),
    (HoldCredentials, "route-misconfigured", &[Rcpt], &["relay-denied"]),
    (HoldCredentials, "route-misconfigured", &[Connect, Mail], &["banned-ip", "banned-ip-649"]),

    (HoldCredentials, "route-misconfigured", &[Auth], &["unknown-mechanism"]),
    (HoldSender, "sender-domain-not-accepted", &[Rcpt], &["domain-not-accepted"]),
    (HoldSender, "sender-domain-not-accepted", &[Mail, EndOfData], &["unregistered-domain"]),

    // This mail, sender or recipient.
    (FailMessage, "send-as-denied", &[Mail, EndOfData], &["send-as"]),
    (FailMessage, "send-as-denied", &[EndOfData], &["send-as-denied"]),
    (FailMessage, "remote-refused", &[EndOfData], &["bare-linefeeds", "no-valid-from"]),
    (FailMessage, "message-too-large", &[Mail, EndOfData], &["too-large"]),
    (FailRecipient, "recipient-refused", &[Rcpt], &[
        "recipient-unknown", "recipient-rejected",
    ]),
    (FailRecipient, "recipient-refused", &[EndOfData], &[
        "not-allowed-sender", "group-needs-sign-in", "mailbox-needs-sign-in", "user-needs-sign-in",
    ]),

    // What no table knows: by its first digit.
    (Retry, "remote-temporary", &[Mail, Rcpt, Data, EndOfData], &["450 4.9.9 Never heard of"]),
    (FailMessage, "remote-refused", &[Mail, Data, EndOfData], &["550 5.9.9 Never heard of"]),
    (FailRecipient, "recipient-refused", &[Rcpt], &["550 5.9.9 Never heard of"]),
    (Retry, "route-unreachable", &[Connect], &["554 5.9.9 No SMTP service here"]),
    (HoldCredentials, "route-credentials-rejected", &[Auth], &["550 5.9.9 Never heard of"]),
];

/// What the token endpoint says or does in place of a token.
fn tokens() -> impl Iterator<Item = Row> {
    let refused = [
        (
            7_000_215,
            "route-credentials-rejected",
            "The client secret is wrong",
        ),
        (
            7_000_222,
            "route-credentials-rejected",
            "The client secret has expired",
        ),
        (
            700_016,
            "route-misconfigured",
            "does not know this application",
        ),
        (
            7_000_229,
            "route-misconfigured",
            "no enterprise application",
        ),
        (90_002, "route-misconfigured", "no such tenant"),
        (65_001, "route-misconfigured", "consented"),
        (53_003, "route-misconfigured", "Conditional Access"),
    ];
    let refused = refused.into_iter().map(|(code, reason, cause)| {
        let trouble = Token(TokenTrouble::Aadsts(code));
        Row::new(trouble, HoldCredentials, reason).telling(cause)
    });
    let others = [
        Row::new(Token(TokenTrouble::Status(503)), Retry, "route-unreachable"),
        Row::new(Token(TokenTrouble::Throttled(1)), Retry, "route-throttled"),
        Row::new(
            Token(TokenTrouble::Redirect("https://login.example/".to_owned())),
            HoldCredentials,
            "route-misconfigured",
        ),
        Row::new(
            Token(TokenTrouble::Slow(Duration::from_secs(1))),
            Delivered,
            "",
        ),
    ];
    refused.chain(others).map(|row| row.only(Way::TOKEN))
}

/// What Graph answers to `sendMail`, or does not.
fn graph() -> impl Iterator<Item = Row> {
    let refusals = [
        (429, "ApplicationThrottled", SlowDown, "route-throttled"),
        (503, "ServiceUnavailable", Retry, "remote-temporary"),
        (
            500,
            "ErrorInternalServerTransientError",
            Retry,
            "remote-temporary",
        ),
        (400, "ErrorExceededMessageLimit", HoldQuota, "route-quota"),
        (403, "ErrorQuotaExceeded", HoldQuota, "route-quota"),
        (
            401,
            "InvalidAuthenticationToken",
            // A fresh token may mend it.
            SlowDown,
            "route-credentials-rejected",
        ),
        (
            403,
            "ErrorAccessDenied",
            HoldCredentials,
            "route-misconfigured",
        ),
        (
            404,
            "ErrorInvalidUser",
            HoldCredentials,
            "route-misconfigured",
        ),
        (403, "ErrorSendAsDenied", FailMessage, "send-as-denied"),
        (
            400,
            "ErrorInvalidRecipients",
            FailMessage,
            "recipient-refused",
        ),
        (
            400,
            "ErrorMimeContentInvalidBase64String",
            FailMessage,
            "unsupported-content",
        ),
        (
            413,
            "RequestEntityTooLarge",
            FailMessage,
            "message-too-large",
        ),
        (400, "RequestBodyRead", FailMessage, "remote-refused"),
    ];
    let refusals = refusals.into_iter().map(|(status, code, verdict, reason)| {
        let retry_after = (status == 429).then_some(RetryAfter::Seconds(1));
        let then = Then::Refuse {
            status,
            code: code.to_owned(),
            retry_after,
        };
        Row::new(Graph(then), verdict, reason).telling(code)
    });
    let gateway = |status| Then::DoAndRefuse {
        status,
        code: "UnknownError".to_owned(),
    };
    let unknown = [gateway(504), gateway(502), Then::CutUndone, Then::CutDone];
    let row = |then| Row::new(Graph(then), Unknown, "outcome-unknown");
    let unknown = unknown.into_iter();
    let unknown = unknown.flat_map(move |then| [row(then.clone()), row(then).left_to_a_person()]);
    refusals.chain(unknown).map(|row| row.only(&[Way::Graph]))
}

/// All rows.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::new(Waits(Mail), Delivered, ""),
        // High Volume Email, which is a smarthost to us.
        Row::new(
            Says(Rcpt, "internal-only"),
            FailRecipient,
            "recipient-refused",
        )
        .only(&[Way::Smarthost]),
        Row::new(
            Says(Auth, "xoauth2-invalid"),
            HoldCredentials,
            "route-credentials-rejected",
        )
        .only(&[Way::SmtpOauth]),
    ];
    for (verdict, reason, stages, replies) in REPLIES {
        for stage in *stages {
            // That one reply means the same as the next is shown by one way; that it comes through
            // at this stage, by all of them.
            let says = replies.iter().enumerate().map(|(place, reply)| {
                let row = Row::new(Says(*stage, reply), *verdict, reason);
                if place == 0 {
                    row
                } else {
                    row.only(&[Way::SmtpAuth])
                }
            });
            rows.extend(says);
        }
    }
    rows.extend(closing());
    rows.extend(cuts());
    rows.extend(slow());
    rows.extend(encryption());
    rows.extend(unreachable());
    for row in &mut rows {
        let is_sign_in = matches!(
            row.trouble,
            Says(Auth, _) | Cuts(Auth) | Waits(Auth) | Lacks("AUTH LOGIN XOAUTH2")
        );
        if is_sign_in && row.ways == Way::SMTP {
            row.ways = Way::SIGNED_IN;
        }
    }
    rows.extend(tokens());
    rows.extend(graph());
    rows
}

/// 421: the server closes the connection with its reply.
fn closing() -> impl Iterator<Item = Row> {
    let replies = [
        ("not-active", RetryElsewhere, "route-unreachable"),
        ("timed-out", Retry, "remote-temporary"),
        ("dropped", Retry, "remote-temporary"),
        ("forest-connections", SlowDown, "route-throttled"),
    ];
    replies.into_iter().flat_map(|(reply, verdict, reason)| {
        [Connect, Mail, EndOfData].map(|stage| Row::new(SaysAndCuts(stage, reply), verdict, reason))
    })
}

/// The connection ends without a word. Once the end of the mail is written, nobody knows whether it
/// was taken.
fn cuts() -> impl Iterator<Item = Row> {
    let opening = [Connect, Ehlo, Starttls, Auth];
    let envelope = [Mail, Rcpt, Data];
    let row = |verdict, reason| move |stage| Row::new(Cuts(stage), verdict, reason);
    let inside = Row::new(Cuts(Body), Retry, "remote-temporary").large();
    opening
        .map(row(Retry, "route-unreachable"))
        .into_iter()
        .chain(envelope.map(row(Retry, "remote-temporary")))
        .chain([inside])
        .chain([EndOfData, TakenIn].map(row(Unknown, "outcome-unknown")))
        .chain(
            [EndOfData, TakenIn]
                .map(|stage| Row::new(Cuts(stage), Unknown, "outcome-unknown").left_to_a_person()),
        )
}

/// Waiting is no fault.
fn slow() -> impl Iterator<Item = Row> {
    let stages = [
        Connect, Ehlo, Starttls, Auth, Rcpt, Data, Body, EndOfData, TakenIn,
    ];
    stages
        .map(|stage| Row::new(Waits(stage), Delivered, ""))
        .into_iter()
}

fn encryption() -> impl Iterator<Item = Row> {
    let row = |trouble| Row::new(trouble, Retry, "route-tls-failed");
    [
        row(Shows(Shown::OtherName)).telling("not valid for name"),
        row(Shows(Shown::Expired)).telling("certificate expired"),
        row(Shows(Shown::Untrusted)).telling("invalid peer certificate"),
        row(Lacks("STARTTLS")).telling("does not offer STARTTLS"),
    ]
    .into_iter()
}

fn unreachable() -> impl Iterator<Item = Row> {
    let row = |trouble| Row::new(trouble, Retry, "route-unreachable");
    [
        row(IsDown).telling("refused"),
        row(HasNoName).telling("cannot be resolved"),
        Row::new(
            Lacks("AUTH LOGIN XOAUTH2"),
            HoldCredentials,
            "route-misconfigured",
        )
        .telling("the server offers no AUTH"),
    ]
    .into_iter()
}
