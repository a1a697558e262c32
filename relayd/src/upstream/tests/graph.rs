//! The Graph client against a server that answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::server::TlsStream;

use super::{door::Door, *};
use crate::upstream::{
    AccessToken, Check, TokenSource, Upstream,
    exchangers::NoExchangers,
    graph::{Graph, Room, check},
    smtp::Way,
    tls::Trust,
};

/// What the server does with a request.
#[derive(Debug, Clone)]
enum Act {
    /// Reads it and answers: status, further header lines, body.
    Reply(u16, &'static str, String),
    /// Answers once it has seen the head, and hangs up.
    Early(u16, &'static str),
    /// Hangs up once it has seen the head.
    CutUnread,
    /// Reads it and hangs up.
    CutRead,
}

fn reply(status: u16, body: &str) -> Act {
    Act::Reply(status, "", body.to_owned())
}

fn error(status: u16, code: &str) -> Act {
    reply(
        status,
        &format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#),
    )
}

#[derive(Debug, Clone)]
struct Asked {
    /// Method and target.
    line: String,
    head: String,
    body: Vec<u8>,
}

impl Asked {
    fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn mime(&self) -> String {
        String::from_utf8(BASE64_STANDARD.decode(&self.body).unwrap()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

struct Server {
    port: u16,
    pem: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    acts: Arc<Mutex<VecDeque<Act>>>,
}

impl Server {
    async fn start(acts: Vec<Act>) -> Self {
        let door = Door::open().await;
        let (port, pem) = (door.port, door.pem.clone());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let acts = Arc::new(Mutex::new(VecDeque::from(acts)));
        let (log, todo) = (Arc::clone(&asked), Arc::clone(&acts));
        door.serve(move |stream| {
            let (log, todo) = (Arc::clone(&log), Arc::clone(&todo));
            async move { serve(stream, &log, &todo, port).await }
        });
        Self {
            port,
            pem,
            asked,
            acts,
        }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

async fn serve(
    stream: TlsStream<TcpStream>,
    log: &Mutex<Vec<Asked>>,
    acts: &Mutex<VecDeque<Act>>,
    port: u16,
) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.unwrap_or_default() == 0 {
                return;
            }
        }
        let line = head.split(" HTTP/").next().unwrap().to_owned();
        let mut asked = Asked {
            line,
            head,
            body: Vec::new(),
        };
        let act = acts.lock().unwrap().pop_front().unwrap();
        if !matches!(act, Act::CutUnread | Act::Early(..)) {
            let length = asked
                .field("content-length")
                .map_or(0, |it| it.parse().unwrap());
            asked.body.resize(length, 0);
            stream.read_exact(&mut asked.body).await.unwrap();
        }
        log.lock().unwrap().push(asked);
        let (status, fields, body) = match act {
            Act::CutRead | Act::CutUnread => return,
            Act::Early(status, body) => (status, "Connection: close\r\n", body.to_owned()),
            Act::Reply(status, fields, body) => (status, fields, body),
        };
        let body = body.replace("PORT", &port.to_string());
        let text = format!(
            "HTTP/1.1 {status} X\r\nrequest-id: r-1\r\n{fields}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        if fields.contains("close") {
            return;
        }
    }
}

/// Gives tokens one after the other; each rejection moves on.
#[derive(Debug, Default)]
struct Tokens {
    permissions: &'static str,
    rejected: Mutex<Vec<String>>,
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self) -> Result<AccessToken, Setback> {
        let number = self.rejected.lock().unwrap().len();
        let claims = format!(r#"{{"n":{number},"roles":[{}]}}"#, self.permissions);
        let token = format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims));
        Ok(AccessToken {
            token: Secret::new(token),
            expires_at: Timestamp::UNIX_EPOCH,
        })
    }

    fn reject(&self, token: &AccessToken) {
        self.rejected
            .lock()
            .unwrap()
            .push(token.token.expose().to_owned());
    }
}

fn graph_of(server: &Server, permissions: &'static str) -> (Graph, Arc<Tokens>) {
    let mut route = with_mailbox(route(server.port, Security::Implicit));
    route.kind = RouteKind::Graph;
    route.ca_pem = Some(server.pem.clone());
    graph_over(route, permissions)
}

fn graph_over(route: Route, permissions: &'static str) -> (Graph, Arc<Tokens>) {
    let tls = Trust::new().client_config(route.ca_pem.as_deref()).unwrap();
    let way = Way {
        tls,
        tokens: None,
        exchangers: Arc::new(NoExchangers),
    };
    let settings = Arc::new(Settings {
        command: Duration::from_secs(20),
        end_of_data: Duration::from_secs(20),
        ..Settings::named("relay.acme.example")
    });
    let tokens = Arc::new(Tokens {
        permissions,
        ..Tokens::default()
    });
    let source: Arc<dyn TokenSource> = tokens.clone();
    (
        Graph::new(route, settings, way, source, Room::new()).unwrap(),
        tokens,
    )
}

const SENDING: &str = r#""Mail.Send""#;
const WRITING: &str = r#""Mail.Send","Mail.ReadWrite""#;

async fn sent(graph: &Graph, mail: &Mail) -> Vec<Outcome> {
    let mut connection = graph.connect().await.unwrap();
    mail.over(connection.as_mut()).await
}

fn mail(to: &[&str], body: &str) -> Mail {
    Mail {
        body: body.replace('\n', "\r\n").into_bytes(),
        piece: 100_000,
        ..Mail::to(to)
    }
}

#[tokio::test]
async fn a_mail_goes_as_mime_to_the_envelope() {
    let server = Server::start(vec![reply(202, ""); 2]).await;
    let (graph, _) = graph_of(&server, SENDING);
    let to_both = mail(
        &["a@x.example", "b@x.example"],
        "To: a@x.example\nSubject: s\n\nhello\n",
    );
    let outcomes = sent(&graph, &to_both).await;
    assert_eq!(
        verdicts(&outcomes),
        ["delivered 202 Accepted (request-id r-1)"; 2]
    );
    let to_one = mail(&["b@x.example"], "To: a@x.example, b@x.example\n\nhello\n");
    sent(&graph, &to_one).await;
    let asked = server.asked();
    assert_eq!(
        asked[0].line,
        "POST /v1.0/users/relay@acme.example/sendMail"
    );
    assert_eq!(asked[0].field("content-type"), Some("text/plain"));
    assert!(
        asked[0]
            .field("authorization")
            .unwrap()
            .starts_with("Bearer e30.")
    );
    assert_eq!(
        asked[0].mime(),
        "To: a@x.example\r\nSubject: s\r\nBcc: <b@x.example>\r\n\r\nhello\r\n"
    );
    assert_eq!(
        asked[1].mime(),
        "X-Original-To: a@x.example, b@x.example\r\nTo: <b@x.example>\r\n\r\nhello\r\n"
    );
}

/// What was wholly handed over and not answered may have been sent; the rest was not.
#[tokio::test]
async fn an_outcome_is_unknown_only_when_the_whole_mail_was_handed_over() {
    let small = "To: a@x.example\n\nhello\n".to_owned();
    let big = format!("{small}{}", "0123456789abcde\n".repeat(180_000));
    for (act, body, expected) in [
        (
            error(504, "UnknownError"),
            &small,
            "Unknown outcome-unknown",
        ),
        (Act::CutRead, &small, "Unknown outcome-unknown"),
        (Act::CutUnread, &big, "Retry remote-temporary"),
        (Act::Early(413, ""), &big, "FailMessage message-too-large"),
        (Act::Early(504, ""), &big, "Retry remote-temporary"),
        (
            error(503, "ServiceUnavailable"),
            &small,
            "Retry remote-temporary",
        ),
        (
            Act::Reply(429, "Retry-After: 7\r\n", String::new()),
            &small,
            "Wait(7s) route-throttled",
        ),
        (
            error(403, "ErrorSendAsDenied"),
            &small,
            "FailMessage send-as-denied",
        ),
        (
            Act::Reply(
                302,
                "Location: https://elsewhere.example/\r\n",
                String::new(),
            ),
            &small,
            "HoldCredentials route-misconfigured",
        ),
    ] {
        let server = Server::start(vec![act.clone()]).await;
        let (graph, _) = graph_of(&server, SENDING);
        let outcomes = sent(&graph, &mail(&["a@x.example"], body)).await;
        assert_eq!(verdicts(&outcomes), [expected], "{act:?}");
    }
}

#[tokio::test]
async fn a_refused_token_is_fetched_anew_once() {
    let refused = || error(401, "InvalidAuthenticationToken");
    let acts = vec![refused(), reply(202, ""), refused(), refused()];
    let server = Server::start(acts).await;
    let (graph, tokens) = graph_of(&server, SENDING);
    let mail = mail(&["a@x.example"], "To: a@x.example\n\nhello\n");
    let mut said = Vec::new();
    for _ in 0..4 {
        said.extend(verdicts(&sent(&graph, &mail).await));
    }
    assert_eq!(
        said,
        [
            "SlowDown route-credentials-rejected",
            "delivered 202 Accepted (request-id r-1)",
            "SlowDown route-credentials-rejected",
            "HoldCredentials route-credentials-rejected",
        ]
    );
    let mut rejected = tokens.rejected.lock().unwrap().clone();
    rejected.dedup();
    assert_eq!(rejected.len(), 3);
}

#[tokio::test]
async fn a_server_out_of_reach_rests_the_lane() {
    let server = Server::start(vec![]).await;
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut away = with_mailbox(route(gone, Security::Implicit));
    away.ca_pem = Some(server.pem.clone());
    let mut stranger = with_mailbox(route(server.port, Security::Implicit));
    stranger.ca_pem = Some(Server::start(vec![]).await.pem);
    for (route, expected) in [
        (away, "Retry route-unreachable"),
        (stranger, "Retry route-tls-failed"),
    ] {
        let (graph, _) = graph_over(route, SENDING);
        let mut connection = graph.connect().await.unwrap();
        let mail = mail(&["a@x.example"], "To: a@x.example\n\nhello\n");
        let outcomes = mail.over(connection.as_mut()).await;
        assert_eq!(verdicts(&outcomes), [expected]);
        assert!(!connection.is_usable());
    }
}

/// A text, a small file, and one of so many lines of 57 bytes.
fn large(lines: usize) -> String {
    let line = format!("{}\n", BASE64_STANDARD.encode([b'x'; 57]));
    format!(
        "From: Scanner <scanner@acme.example>\nTo: A <a@x.example>\nSubject: Scan\nMessage-ID: <1@acme.example>\nX-Priority: 1\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: text/csv; name=small.csv\n\n1,2\n--b\nContent-Type: application/pdf; name=scan.pdf\nContent-Transfer-Encoding: base64\n\n{}--b--\n",
        line.repeat(lines)
    )
}

const SESSION: &str =
    r#"{"uploadUrl":"https://localhost:PORT/upload?authtoken=k","nextExpectedRanges":["0-"]}"#;

fn is_the_draft_of_a_scan(draft: &Value) {
    assert_eq!(draft["subject"], "Scan");
    assert_eq!(draft["body"]["content"], "hello");
    assert_eq!(
        draft["from"]["emailAddress"]["address"],
        "scanner@acme.example"
    );
    assert_eq!(draft["toRecipients"][0]["emailAddress"]["name"], "A");
    assert_eq!(
        draft["bccRecipients"][0]["emailAddress"]["address"],
        "b@x.example"
    );
    assert_eq!(draft["importance"], "high");
    assert_eq!(draft["internetMessageId"], "<1@acme.example>");
}

#[tokio::test]
async fn a_large_mail_goes_as_a_draft_with_uploaded_files() {
    let server = Server::start(vec![
        reply(201, r#"{"id":"AAM="}"#),
        error(401, "InvalidAuthenticationToken"),
        reply(201, "{}"),
        reply(201, SESSION),
        reply(200, "{}"),
        reply(200, "{}"),
        reply(201, ""),
        reply(202, ""),
    ])
    .await;
    let (graph, _) = graph_of(&server, WRITING);
    let outcomes = sent(
        &graph,
        &mail(&["a@x.example", "b@x.example"], &large(131_580)),
    )
    .await;
    assert_eq!(
        verdicts(&outcomes),
        ["delivered 202 Accepted (request-id r-1)"; 2]
    );
    let asked = server.asked();
    let path = "/v1.0/users/relay@acme.example/messages";
    assert_eq!(
        server.lines(),
        [
            format!("POST {path}"),
            format!("POST {path}/AAM=/attachments"),
            format!("POST {path}/AAM=/attachments"),
            format!("POST {path}/AAM=/attachments/createUploadSession"),
            "PUT /upload?authtoken=k".to_owned(),
            "PUT /upload?authtoken=k".to_owned(),
            "PUT /upload?authtoken=k".to_owned(),
            format!("POST {path}/AAM=/send"),
        ]
    );
    is_the_draft_of_a_scan(&asked[0].json());
    assert_eq!(
        asked[2].json()["contentBytes"],
        BASE64_STANDARD.encode("1,2")
    );
    assert_eq!(asked[3].json()["AttachmentItem"]["size"], 7_500_060);
    let ranges: Vec<_> = asked[4..7]
        .iter()
        .map(|it| it.field("content-range").unwrap())
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-3276799/7500060",
            "bytes 3276800-6553599/7500060",
            "bytes 6553600-7500059/7500060"
        ]
    );
    assert!(
        asked[4..7]
            .iter()
            .all(|it| it.field("authorization").is_none())
    );
    let uploaded: Vec<u8> = asked[4..7].iter().flat_map(|it| it.body.clone()).collect();
    assert_eq!(uploaded, vec![b'x'; 7_500_060]);
}

#[tokio::test]
async fn a_draft_that_comes_to_nothing_is_deleted_and_one_that_may_have_gone_is_not() {
    let made = || reply(201, r#"{"id":"AAM="}"#);
    for (acts, expected, is_deleted) in [
        (
            vec![made(), reply(201, "{}"), error(503, "x")],
            "Retry remote-temporary",
            true,
        ),
        (
            vec![made(), reply(201, "{}"), reply(201, SESSION), Act::CutRead],
            "Retry remote-temporary",
            true,
        ),
        (
            vec![
                made(),
                reply(201, "{}"),
                reply(201, &SESSION.replace("localhost", "elsewhere.example")),
            ],
            "Retry remote-temporary",
            true,
        ),
        (
            vec![made(), Act::Reply(429, "Retry-After: 5\r\n", String::new())],
            "Wait(5s) route-throttled",
            true,
        ),
        (
            vec![
                made(),
                reply(201, "{}"),
                reply(201, SESSION),
                reply(200, ""),
                reply(201, ""),
                error(504, "x"),
            ],
            "Unknown outcome-unknown",
            false,
        ),
        (
            vec![
                made(),
                reply(201, "{}"),
                reply(201, SESSION),
                reply(200, ""),
                reply(201, ""),
                error(403, "ErrorSendAsDenied"),
            ],
            "FailMessage send-as-denied",
            true,
        ),
        (
            vec![error(403, "ErrorAccessDenied")],
            "FailMessage message-too-large",
            false,
        ),
    ] {
        let server = Server::start(acts).await;
        server.acts.lock().unwrap().push_back(reply(204, ""));
        let (graph, _) = graph_of(&server, "");
        let outcomes = sent(&graph, &mail(&["a@x.example"], &large(60_000))).await;
        assert_eq!(verdicts(&outcomes), [expected]);
        let last = server.lines().pop().unwrap();
        assert_eq!(last.starts_with("DELETE"), is_deleted, "{last}");
    }
}

#[tokio::test]
async fn what_graph_cannot_carry_fails_before_anything_is_sent() {
    let signed = large(60_000).replace("multipart/mixed", "multipart/signed");
    let huge = format!(
        "To: a@x.example\n\n{}",
        "0123456789abcde\n".repeat(2_400_000)
    );
    for (permissions, body, part) in [
        (SENDING, large(60_000), "no permission Mail.ReadWrite"),
        (WRITING, signed, "it is signed"),
        (WRITING, huge, "Graph is given 36700160 at most"),
    ] {
        let server = Server::start(vec![]).await;
        let (graph, _) = graph_of(&server, permissions);
        let outcomes = sent(&graph, &mail(&["a@x.example"], &body)).await;
        assert_eq!(verdicts(&outcomes), ["FailMessage message-too-large"]);
        let Outcome::Setback(setback) = &outcomes[0] else {
            panic!("{outcomes:?}")
        };
        assert!(setback.detail.contains(part), "{setback}");
        assert!(setback.advice.is_some());
        assert!(server.lines().is_empty());
    }
}

async fn checked(act: Act, permissions: &'static str) -> Check {
    let server = Server::start(vec![act]).await;
    let (graph, _) = graph_of(&server, permissions);
    let check = check(&graph).await;
    assert_eq!(
        server.lines(),
        ["GET /v1.0/users/relay@acme.example?%24select=mail"]
    );
    check
}

#[tokio::test]
async fn a_check_tells_what_the_token_allows_and_that_the_mailbox_is_there() {
    let found = reply(200, r#"{"mail":"relay@acme.example"}"#);
    let denied = error(403, "Authorization_RequestDenied");
    for (act, permissions, size) in [
        (found.clone(), SENDING, 3_000_000),
        (denied, WRITING, 35 * 1024 * 1024),
        (found, "", 35 * 1024 * 1024),
    ] {
        let check = checked(act, permissions).await;
        assert_eq!(check.setback, None);
        let names: Vec<_> = check
            .steps
            .iter()
            .map(|step| (step.name, step.ok))
            .collect();
        assert_eq!(
            names,
            ["dns", "connect", "tls", "token", "mailbox"].map(|name| (name, true))
        );
        assert!(
            check.steps[2].detail.starts_with("TLSv1_3"),
            "{:?}",
            check.steps[2]
        );
        assert!(!check.steps.iter().any(|step| step.detail.contains("e30.")));
        assert_eq!(check.offer.unwrap().size, Some(size));
    }
    for (act, reason) in [
        (
            error(404, "Request_ResourceNotFound"),
            Reason::RouteMisconfigured,
        ),
        (
            error(401, "InvalidAuthenticationToken"),
            Reason::RouteCredentialsRejected,
        ),
    ] {
        let check = checked(act, WRITING).await;
        assert_eq!(check.setback.unwrap().reason, reason);
        assert_eq!(check.offer, None);
    }
}
