//! Attempts to have one mail, or one command, read as two.

use super::*;

const MAIL: &str = "MAIL FROM:<a@acme.example>";

/// What an attacker puts into a body so that it is carried out as commands.
const EVIL: &str =
    "MAIL FROM:<a@acme.example>\r\nRCPT TO:<victim@c.example>\r\nDATA\r\nevil\r\n.\r\n";

/// Every end of data but CRLF.CRLF is part of the body, and the body is refused for it.
#[tokio::test(start_paused = true)]
async fn no_other_end_of_data_ends_the_data() {
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r",
        "\r.\r\n",
        "\r\n.\r",
        "\r\n.\r\r\n",
        "\n\n.\r\n",
    ] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.begin("a@acme.example").await;
        client.expect("DATA", "354").await;
        client.send(format!("x{end}")).await;
        client.send(EVIL.replace("\r\n.\r\n", "\r\n")).await;
        let reply = client.ask("\r\n.").await;
        assert!(reply.starts_with("550 5.6.11"), "{end:?}: {reply}");
        client.mail("a@acme.example", "next").await;
        let taken = session.fake.accepted();
        assert_eq!(taken.len(), 1, "{end:?}");
        assert_eq!(taken[0].body(), b"next\r\n", "{end:?}");
    }
}

/// Servers that drop NUL would read an end of data where there is none.
#[tokio::test(start_paused = true)]
async fn text_that_holds_nul_is_refused_as_a_whole() {
    let binary = "MAIL FROM:<a@acme.example> BODY=BINARYMIME";
    for end in ["\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\0\r\n", "a\0b\r\n"] {
        let mail = format!(
            "Subject: x\r\n\r\nx{end}{}",
            EVIL.replace("\r\n.\r\n", "\r\n")
        );
        let header = format!("Subject: x{}\r\n\r\nx\r\n", end.trim_end());
        for text in [&mail, &header] {
            let chunk = format!("BDAT {} LAST\r\n{text}", text.len());
            let (mut client, session) = Start::encrypted().talk().await;
            client.begin("a@acme.example").await;
            client.expect("DATA", "354").await;
            client.send(text).await;
            let reply = client.ask(".").await;
            assert!(is_refused(&reply), "{text:?}: {reply}");
            client.expect(MAIL, "250").await;
            client.expect("RCPT TO:<b@acme.example>", "250").await;
            client.send(&chunk).await;
            let reply = client.reply().await;
            assert!(is_refused(&reply), "{text:?}: {reply}");
            client.mail("a@acme.example", "next").await;
            assert_eq!(session.fake.accepted().len(), 1, "{text:?}");

            // Its length alone says where it ends.
            client.expect(binary, "250").await;
            client.expect("RCPT TO:<b@acme.example>", "250").await;
            client.send(&chunk).await;
            assert!(client.reply().await.starts_with("250 2.0.0"));
            let taken = session.fake.accepted();
            assert_eq!(taken[1].body(), text.as_bytes());
        }
    }
}

fn is_refused(reply: &str) -> bool {
    let is_bare = reply.starts_with("550 5.6.11");
    reply.starts_with("554 5.6.1 ") || is_bare
}

/// A client that overlooks the refusal of DATA sends its body as lines. None is carried out.
#[tokio::test(start_paused = true)]
async fn a_body_behind_a_refused_data_is_never_read_as_commands() {
    // In one segment with DATA: the session ends with the refusal.
    for (before, code) in [
        (&[][..], "503 5.5.1"),
        (&["MAIL FROM:<boss@acme.example>"][..], "503 5.5.1"),
        (&[MAIL, "RCPT TO:<nobody>"][..], "503 5.5.1"),
        (
            &["MAIL FROM:<full@acme.example>", "RCPT TO:<b@acme.example>"][..],
            "452 4.3.1",
        ),
    ] {
        for alone in [false, true] {
            let (mut client, session) = Start::encrypted().talk().await;
            client.sign_in().await;
            for line in before {
                client.ask(line).await;
            }
            let body = format!("Subject: x\r\n\r\n{EVIL}");
            if alone {
                client.expect("DATA", code).await;
                client.send(body).await;
                assert!(client.reply().await.starts_with("500 5.5.2"), "{before:?}");
            } else {
                client.send(format!("DATA\r\n{body}")).await;
                assert!(client.reply().await.starts_with(code), "{before:?}");
            }
            client.expect_closed().await;
            assert!(session.fake.accepted().is_empty(), "{before:?}");
        }
    }
}

/// A client that does notice may go on.
#[tokio::test(start_paused = true)]
async fn a_refused_data_leaves_an_honest_session_in_step() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    client.expect("DATA", "503").await;
    client.expect(MAIL, "250").await;
    client.expect("DATA", "503").await;
    client.expect("RCPT TO:<nobody>", "501").await;
    client.expect("RCPT TO:<b@acme.example>", "250").await;
    client.expect("DATA", "354").await;
    client.expect("x\r\n.", "250").await;
    client.expect("FROBNICATE", "500").await;
    client.mail("a@acme.example", "next").await;
    assert_eq!(session.fake.accepted().len(), 2);
}

/// The bytes of a chunk are data, whatever they look like and whether or not it is welcome.
#[tokio::test(start_paused = true)]
async fn the_bytes_of_a_chunk_are_never_commands() {
    let chunk = format!("BDAT {}\r\n{EVIL}", EVIL.len());
    let last = format!("BDAT {} LAST\r\n{EVIL}", EVIL.len());
    for (before, codes) in [
        (&[][..], ["503", "503"]),
        (&[MAIL][..], ["503", "503"]),
        (&["MAIL FROM:<boss@acme.example>"][..], ["503", "503"]),
        (
            &["MAIL FROM:<full@acme.example>", "RCPT TO:<b@acme.example>"][..],
            ["452", "503"],
        ),
        (
            &["MAIL FROM:<loop@acme.example>", "RCPT TO:<b@acme.example>"][..],
            ["250", "554"],
        ),
    ] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.sign_in().await;
        for line in before {
            client.ask(line).await;
        }
        client.send(format!("{chunk}{last}NOOP\r\n")).await;
        for code in codes {
            let reply = client.reply().await;
            assert!(reply.starts_with(code), "{before:?}: {reply}");
        }
        assert_eq!(client.reply().await, "250 2.0.0 Ok");
        client.expect("RSET", "250").await;
        client.mail("a@acme.example", "next").await;
        assert_eq!(session.fake.accepted().len(), 1, "{before:?}");
    }
}

/// A page in a browser can be made to talk to the port.
#[tokio::test(start_paused = true)]
async fn a_request_of_the_web_is_not_read_as_mail() {
    let (mut client, session) = Start::encrypted().talk().await;
    client
        .send(format!(
            "POST / HTTP/1.1\r\nHost: relay.example\r\n\r\nEHLO x\r\n{EVIL}"
        ))
        .await;
    assert!(client.reply().await.starts_with("500 5.5.2"));
    client.expect_closed().await;
    assert_eq!(session.fake.reasons(), [Reason::SyntaxError]);
}

/// One line, one command: whatever might end a line for somebody else.
#[tokio::test(start_paused = true)]
async fn no_command_hides_in_another() {
    for inner in ["\r", "\0", "\u{b}", "\u{c}", "\u{1b}", "\r\r"] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.sign_in().await;
        let hidden = format!("NOOP {inner}MAIL FROM:<a@acme.example>");
        client.expect(&hidden, "500 5.5.2").await;
        let hidden = format!("MAIL FROM:<a@acme.example{inner}>");
        client.expect(&hidden, "500 5.5.2").await;
        let hidden = format!("{MAIL} ENVID=x{inner}y");
        client.expect(&hidden, "500 5.5.2").await;
        client.expect("DATA", "503").await;
        assert!(session.fake.accepted().is_empty());
    }
}

/// Parameters that would be written on a line of their own one day.
#[tokio::test(start_paused = true)]
async fn no_parameter_decodes_to_a_line_ending() {
    for line in [
        "MAIL FROM:<a@acme.example> ENVID=x+0D+0ABcc:+20v@c.example",
        "MAIL FROM:<a@acme.example> ENVID=x+0A",
        "MAIL FROM:<a@acme.example> ENVID=x+00",
        "MAIL FROM:<a@acme.example> AUTH=x+0D+0A",
    ] {
        let (mut client, _session) = Start::encrypted().talk().await;
        client.sign_in().await;
        client.expect(line, "501 5.5.4").await;
        client.expect(MAIL, "250").await;
        let recipient = "RCPT TO:<b@acme.example> ORCPT=rfc822;x+0D+0ABcc:v@c.example";
        client.expect(recipient, "501 5.5.4").await;
    }
}
