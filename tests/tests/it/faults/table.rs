//! The table: what the other side does, and what relayd must make of it.
//!
//! Replies are the literal ones of Exchange Online, by their names in the stand-in, each at the
//! points of the dialogue where it comes.

use relay_tests::sim::{
    Shown,
    Stage::{self, Auth, Body, Connect, Data, Ehlo, EndOfData, Mail, Rcpt, Starttls, TakenIn},
};

use super::row::{
    Row,
    Trouble::{Cuts, HasNoName, IsDown, Lacks, Says, SaysAndCuts, Shows, Waits},
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

/// All rows.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![Row::new(Waits(Mail), Delivered, "")];
    for (verdict, reason, stages, replies) in REPLIES {
        for stage in *stages {
            rows.extend(
                replies
                    .iter()
                    .map(|reply| Row::new(Says(*stage, reply), *verdict, reason)),
            );
        }
    }
    rows.extend(closing());
    rows.extend(cuts());
    rows.extend(slow());
    rows.extend(encryption());
    rows.extend(unreachable());
    // High Volume Email, which is a smarthost to us.
    let internal_only = Row::new(
        Says(Rcpt, "internal-only"),
        FailRecipient,
        "recipient-refused",
    );
    rows.push(internal_only.only(&[Way::Smarthost]));
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
        row(Shows(Shown::OtherName)).says(&["not valid for name"]),
        row(Shows(Shown::Expired)).says(&["certificate expired"]),
        row(Shows(Shown::Untrusted)).says(&["invalid peer certificate"]),
        row(Lacks("STARTTLS")).says(&["does not offer STARTTLS"]),
    ]
    .into_iter()
}

fn unreachable() -> impl Iterator<Item = Row> {
    let row = |trouble| Row::new(trouble, Retry, "route-unreachable");
    [
        row(IsDown).says(&["refused"]),
        row(HasNoName).says(&["cannot be resolved"]),
        Row::new(
            Lacks("AUTH LOGIN XOAUTH2"),
            HoldCredentials,
            "route-misconfigured",
        )
        .says(&["the server offers no AUTH"]),
    ]
    .into_iter()
}
