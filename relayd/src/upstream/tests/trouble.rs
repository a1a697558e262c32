//! Servers that throttle, hang up, say strange things, or nothing.

use super::{
    script::{Act, Body, Expect, Server, say},
    *,
};

const HELLO: &str = "EHLO relay.acme.example";
const OFFER: &str = "250-localhost\r\n250 PIPELINING\r\n";

/// Sends one mail to a server that plays `acts` after its EHLO reply.
async fn send(acts: Vec<Act>) -> (Vec<Outcome>, bool) {
    let mut script = vec![say("220 localhost\r\n"), Expect(HELLO), say(OFFER)];
    script.extend(acts);
    let server = Server::follow(vec![script]).await;
    let mut connection = connect(&route(server.port, Security::None)).await.unwrap();
    let outcomes = Mail::to(&["a@b.example"]).over(&mut *connection).await;
    let is_usable = connection.is_usable();
    drop(connection);
    server.bodies().await;
    (outcomes, is_usable)
}

fn envelope() -> Vec<Act> {
    vec![
        Expect("MAIL FROM:<scanner@acme.example>"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
    ]
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() {
    let mut acts = envelope();
    acts.push(say(
        "432 4.3.2 Concurrent connections limit exceeded.\r\n503 5.5.2 no\r\n503 5.5.2 no\r\n",
    ));
    let (outcomes, is_usable) = send(acts).await;
    assert_eq!(verdicts(&outcomes), ["SlowDown route-throttled"]);
    assert!(is_usable);
}

#[tokio::test]
async fn a_421_in_the_middle_ends_the_connection_with_its_own_words() {
    let mut acts = envelope();
    acts.push(say(
        "421 4.3.2 The maximum number of concurrent connections exceeded\r\n",
    ));
    let (outcomes, is_usable) = send(acts).await;
    assert_eq!(verdicts(&outcomes), ["SlowDown route-throttled"]);
    assert!(!is_usable);
}

#[tokio::test]
async fn a_connection_that_ends_is_tried_again_wherever_it_ended() {
    let full = [
        say("250 ok\r\n"),
        say("250 ok\r\n"),
        say("354 go\r\n"),
        Body,
    ];
    for stage in 0..=full.len() {
        let acts = envelope()
            .into_iter()
            .chain(full.iter().take(stage).cloned());
        let (outcomes, is_usable) = send(acts.collect()).await;
        let verdicts = verdicts(&outcomes);
        let is_retry = verdicts == ["Retry remote-temporary"];
        let is_unknown = verdicts == ["Unknown outcome-unknown"];
        // From the go-ahead on the whole mail is on its way, unless the end came before it.
        assert!(
            match stage {
                0..=2 => is_retry,
                3 => is_retry || is_unknown,
                _ => is_unknown,
            },
            "stage {stage}: {verdicts:?}"
        );
        assert!(!is_usable, "stage {stage}");
    }
}

#[tokio::test]
async fn a_reply_in_latin_1_is_read() {
    let mut acts = envelope();
    acts.push(Act::Say(b"250 ok\r\n550 bo\xeete pleine\r\n503 no\r\n"));
    let (outcomes, is_usable) = send(acts).await;
    let [Outcome::Setback(setback)] = outcomes.as_slice() else {
        panic!("{outcomes:?}");
    };
    let reply = setback.reply.as_ref().unwrap();
    assert_eq!(reply.to_string(), "550 bo?te pleine");
    assert!(is_usable);
}

#[tokio::test]
async fn a_line_without_end_does_not_fill_the_memory() {
    let mut acts = envelope();
    acts.push(Act::Say(&[b'2'; 10_000]));
    let (outcomes, is_usable) = send(acts).await;
    assert_eq!(verdicts(&outcomes), ["Retry remote-temporary"]);
    assert!(!is_usable);
}

#[tokio::test]
async fn greetings_that_refuse_or_fail_to_come_are_no_fault_of_the_mail() {
    for (greeting, expected) in [
        (
            vec![say("421 4.3.2 Service not active\r\n")],
            (Verdict::RetryElsewhere, Reason::RouteUnreachable),
        ),
        (
            vec![say("554 go away\r\n")],
            (Verdict::Retry, Reason::RouteUnreachable),
        ),
        (vec![], (Verdict::Retry, Reason::RouteUnreachable)),
        (
            vec![say("HTTP/1.1 400 Bad Request\r\n")],
            (Verdict::Retry, Reason::RouteUnreachable),
        ),
    ] {
        for security in [Security::None, Security::StartTls] {
            let server = Server::follow(vec![greeting.clone()]).await;
            let setback = connect(&route(server.port, security)).await.err().unwrap();
            assert_eq!((setback.verdict, setback.reason), expected, "{setback}");
        }
    }
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for_longer_than_allowed() {
    let mut settings = Settings::named("relay.acme.example");
    settings.greeting = Duration::from_millis(20);
    let upstreams = Upstreams::new(settings);
    for security in [Security::None, Security::StartTls] {
        // It waits for a line that does not come.
        let server = Server::follow(vec![vec![Expect("")]]).await;
        let upstream = upstreams.open(&route(server.port, security)).unwrap();
        let setback = upstream.connect().await.err().unwrap();
        assert_eq!(setback.reason, Reason::RouteUnreachable);
        assert!(setback.detail.contains("no answer in time"), "{setback}");
    }
}

#[tokio::test]
async fn nobody_there_is_told_with_name_and_port() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let setback = connect(&route(port, Security::StartTls))
        .await
        .err()
        .unwrap();
    assert_eq!(
        (setback.verdict, setback.reason),
        (Verdict::Retry, Reason::RouteUnreachable)
    );
    assert!(
        setback.detail.contains(&format!("localhost:{port}")),
        "{setback}"
    );
}
