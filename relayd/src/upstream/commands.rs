//! MAIL and RCPT as they go over the wire, with the parameters that the server offers.
//!
//! Everything in them was parsed when it came in. No line leaves with a control byte all the same:
//! with CR or LF in it, it would be two commands.

use std::fmt::Write as _;

use super::{Outgoing, Setback, Verdict, capabilities::Capabilities};
use crate::model::{BodyEncoding, DsnNotify, DsnReturn, Reason, Recipient, ascii_original};

/// MAIL for a message.
pub(super) fn mail(message: &Outgoing<'_>, offered: &Capabilities) -> Result<String, Setback> {
    let mut command = format!("MAIL FROM:{}", message.reverse_path);
    if offered.size {
        // Writing to a String cannot fail.
        let _ = write!(command, " SIZE={}", message.size);
    }
    match message.encoding {
        BodyEncoding::SevenBit => {}
        BodyEncoding::EightBit => command.push_str(" BODY=8BITMIME"),
        BodyEncoding::Binary => command.push_str(" BODY=BINARYMIME"),
    }
    if message.smtputf8 {
        command.push_str(" SMTPUTF8");
    }
    if offered.dsn {
        match message.dsn_return {
            Some(DsnReturn::Full) => command.push_str(" RET=FULL"),
            Some(DsnReturn::Headers) => command.push_str(" RET=HDRS"),
            None => {}
        }
        if !message.envelope_id.is_empty() {
            let _ = write!(command, " ENVID={}", message.envelope_id);
        }
    }
    line(command)
}

/// RCPT for one recipient of a message.
pub(super) fn recipient(
    recipient: &Recipient,
    smtputf8: bool,
    offered: &Capabilities,
) -> Result<String, Setback> {
    let mut command = format!("RCPT TO:<{}>", recipient.address);
    if offered.dsn {
        if let Some(notify) = recipient.notify {
            let _ = write!(command, " NOTIFY={}", notify_value(notify));
        }
        if !recipient.original.is_empty() && smtputf8 {
            let _ = write!(command, " ORCPT={}", recipient.original);
        } else if !recipient.original.is_empty() {
            let _ = write!(command, " ORCPT={}", ascii_original(&recipient.original));
        }
    }
    line(command)
}

fn notify_value(notify: DsnNotify) -> String {
    let wishes = [
        (notify.success, "SUCCESS"),
        (notify.failure, "FAILURE"),
        (notify.delay, "DELAY"),
    ];
    let chosen: Vec<_> = wishes
        .iter()
        .filter_map(|(wish, name)| wish.then_some(*name))
        .collect();
    if notify.never || chosen.is_empty() {
        "NEVER".to_owned()
    } else {
        chosen.join(",")
    }
}

/// The command with its CRLF, and with none inside.
fn line(mut command: String) -> Result<String, Setback> {
    if command.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Setback::new(
            Verdict::FailMessage,
            Reason::Internal,
            "the envelope holds a control character",
        ));
    }
    command.push_str("\r\n");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IdSource, MessageId, ReversePath};

    fn offered() -> Capabilities {
        Capabilities {
            size: true,
            dsn: true,
            ..Capabilities::default()
        }
    }

    fn of(original: &str, notify: Option<DsnNotify>) -> Recipient {
        Recipient {
            address: "b@acme.example".parse().unwrap(),
            notify,
            original: original.to_owned(),
        }
    }

    #[test]
    fn notifications_are_asked_for_as_the_device_did() {
        let wish = |never, success, failure, delay| {
            Some(DsnNotify {
                never,
                success,
                failure,
                delay,
            })
        };
        for (notify, original, smtputf8, expected) in [
            (None, "", false, ""),
            (wish(true, false, false, false), "", false, " NOTIFY=NEVER"),
            (
                wish(false, true, true, true),
                "rfc822;a+2Bb@c.example",
                false,
                " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a+2Bb@c.example",
            ),
            (
                None,
                "utf-8;j\u{fc}@c.example",
                true,
                " ORCPT=utf-8;j\u{fc}@c.example",
            ),
            (
                None,
                "utf-8;j\u{fc}@c.example",
                false,
                " ORCPT=utf-8;j\\x{FC}@c.example",
            ),
        ] {
            let command = recipient(&of(original, notify), smtputf8, &offered()).unwrap();
            assert_eq!(command, format!("RCPT TO:<b@acme.example>{expected}\r\n"));
        }
    }

    #[test]
    fn no_line_can_be_read_as_two() {
        for hostile in [
            "rfc822;a\r\nDATA",
            "rfc822;a\nDATA",
            "rfc822;a\rb",
            "rfc822;\0",
        ] {
            let refused = recipient(&of(hostile, None), true, &offered());
            assert_eq!(refused.unwrap_err().reason, Reason::Internal, "{hostile:?}");
        }
        let sender: ReversePath = "a@acme.example".parse().unwrap();
        let message = Outgoing {
            id: MessageId::new(&IdSource::new(), jiff::Timestamp::UNIX_EPOCH),
            reverse_path: &sender,
            recipients: &[],
            encoding: BodyEncoding::Binary,
            smtputf8: false,
            dsn_return: Some(DsnReturn::Full),
            envelope_id: "Q\r\nRCPT TO:<evil@c.example>",
            size: 3,
        };
        assert_eq!(
            mail(&message, &offered()).unwrap_err().reason,
            Reason::Internal
        );
        let message = Outgoing {
            envelope_id: "Q+2B",
            ..message
        };
        assert_eq!(
            mail(&message, &offered()).unwrap(),
            "MAIL FROM:<a@acme.example> SIZE=3 BODY=BINARYMIME RET=FULL ENVID=Q+2B\r\n"
        );
    }
}
