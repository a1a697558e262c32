//! What is added to a header, what stays in it, and what does not leave.

use super::{NOW, QUEUE_ID, repaired};
use crate::model::{OtherSender, Reason};

#[test]
fn what_is_missing_is_added_and_the_way_is_told() {
    let out = repaired(b"Subject: toner\r\n", OtherSender::Reject).unwrap();
    let expected = format!(
        "Received: from printer.example ([203.0.113.10])\r\n\tby relay.example.com (relayd) with \
         ESMTPSA\r\n\tid {QUEUE_ID}\r\n\t(using TLSv1.3) tls TLS_AES_128_GCM_SHA256; {NOW}\r\n\
         Subject: toner\r\nFrom: <scanner@acme.example>\r\nDate: {NOW}\r\n\
         Message-ID: <{QUEUE_ID}@relay.example.com>\r\n"
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn what_is_there_stays_byte_for_byte() {
    let header = b"DKIM-Signature: v=1; a=rsa-sha256;\r\n\tb=x=\r\nMIME-version : 1.0\r\n\
        Content-Type:text/plain;\r\n\tcharset=iso-8859-1\r\nSubject: \xe4 \r\nTo:\r\n\
        From:  Scanner\r\n <scanner@acme.example>\r\nReply-To: ceo@acme.example\r\n\
        X-Odd!: \x00\r\nReceived: from a by b; x\r\nDate: Sat, 21 Nov 2026 20:41:07 +0000 (CET)\r\n\
        message-id:<1@a>\r\n";
    let out = repaired(header, OtherSender::Reject).unwrap();
    assert!(out.ends_with(header), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn blind_copies_return_paths_and_the_inside_of_exchange_do_not_leave() {
    let header = b"From: scanner@acme.example\r\nBcc: a@b.example,\r\n c@d.example\r\nbcc : x\r\n\
        Resent-Bcc: a@b.example\r\nReturn-Path: <x@y.example>\r\n\
        x-ms-exchange-organization-scl: -1\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n";
    let out = repaired(header, OtherSender::Reject).unwrap();
    let out = String::from_utf8(out).unwrap().to_lowercase();
    for gone in [
        "bcc",
        "b.example",
        "d.example",
        "return-path",
        "organization",
    ] {
        assert!(!out.contains(gone), "{gone} is in {out}");
    }
}

#[test]
fn loops_end() {
    for (hops, expected) in [(30, None), (31, Some(Reason::MailLoop))] {
        let header = "Received: from a by b; x\r\n".repeat(hops);
        let refused = repaired(header.as_bytes(), OtherSender::Reject).err();
        assert_eq!(refused, expected, "{hops}");
    }
}
