//! One Date and one Message-ID, which readers can read.

use super::{NOW, QUEUE_ID, outcome};
use crate::model::OtherSender;

#[test]
fn date_and_message_id_are_there_once_and_can_be_read() {
    let id = format!("<{QUEUE_ID}@relay.example.com>");
    let is_of_interest: fn(&str) -> bool = |name| {
        let name = name.to_ascii_lowercase();
        name.ends_with("date") || name.ends_with("message-id")
    };
    let fine = "Date: Thu, 1 Jan 1970 00:00:00 +0000 | Message-ID: <1@a>";
    for (input, expected) in [
        ("Subject: x", format!("Date: {NOW} | Message-ID: {id}")),
        (
            "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1@a>",
            fine.to_owned(),
        ),
        ("Date:\r\nMessage-ID: <>", {
            format!("X-Original-Message-ID: <> | Date: {NOW} | Message-ID: {id}")
        }),
        (
            "Date:Sat, 21 Nov 26 20:41 GMT\r\nMessage-Id:\r\n <no-at-sign>",
            { "Date:Sat, 21 Nov 26 20:41 GMT | Message-Id:↵ <no-at-sign>".to_owned() },
        ),
        ("Date: yesterday\r\nMessage-ID: 4711", {
            format!(
                "X-Original-Date: yesterday | X-Original-Message-ID: 4711 | Date: {NOW} | \
                 Message-ID: {id}"
            )
        }),
        ("Date: Sat Nov 21 20:41:07 2026\r\nMessage-ID: <1@a>", {
            "Date: Sat Nov 21 20:41:07 2026 | Message-ID: <1@a>".to_owned()
        }),
        (
            "Date: 99 Foo\r\nMessage-ID: <a b> <c>\r\nX-Original-Date: x",
            {
                format!(
                    "X-Original-Date: 99 Foo | X-Original-Message-ID: <a b> <c> | Date: {NOW} | \
                 Message-ID: {id}"
                )
            },
        ),
        (
            "Message-ID: 4711\r\nMessage-ID: <1@a>\r\nMessage-ID: <2@a>\r\n\
             Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nDate: x",
            "Message-ID: <1@a> | Date: Thu, 1 Jan 1970 00:00:00 +0000".to_owned(),
        ),
    ] {
        let found = outcome(input, OtherSender::Reject, is_of_interest);
        assert_eq!(found, expected, "{input:?}");
    }
}
