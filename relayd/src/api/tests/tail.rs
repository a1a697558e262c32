//! The log as a stream of server-sent events.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use futures_util::StreamExt as _;
use proto::LogEventKind as K;
use relay_proto as proto;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{
    bench::{NOTHING, Sender, problem},
    mail::Customer,
};
use crate::api::serve_tcp;

/// Nothing in these tests takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of the stream.
struct Tail {
    body: BodyDataStream,
    text: String,
    /// The last id, with or without an event.
    place: String,
}

fn request(query: &str, last: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().uri(format!("/v1/log/events{query}"));
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    request.body(Body::empty()).unwrap()
}

impl Tail {
    async fn open(
        customer: &Customer,
        sender: Sender<'_>,
        query: &str,
        last: Option<&str>,
    ) -> Result<Self, proto::Problem> {
        let response = customer.bench.answer(request(query, last), sender).await;
        let (parts, body) = response.into_parts();
        if parts.status != 200 {
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            return Err(problem(parts.status, &parts.headers, &bytes));
        }
        assert_eq!(parts.headers[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
        let mut tail = Self {
            body: body.into_data_stream(),
            text: String::new(),
            place: String::new(),
        };
        // Where it begins is said at once.
        assert_eq!(tail.block().await.as_deref(), Some("retry: 2000\nid"));
        Ok(tail)
    }

    /// What stands before the next id, or the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let Some((before, id)) = block.split_once("id: ") else {
                    return Some(block);
                };
                let (id, after) = id.split_once('\n').unwrap_or((id, ""));
                id.clone_into(&mut self.place);
                return Some(if after.is_empty() {
                    format!("{before}id")
                } else {
                    after.to_owned()
                });
            }
            let piece = timeout(PATIENCE, self.body.next()).await.unwrap()?;
            self.text
                .push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    /// The next event.
    async fn next(&mut self) -> proto::LogEvent {
        let block = self.block().await.expect("an event");
        let (kind, data) = block.split_once('\n').unwrap();
        let data = data.strip_prefix("data: ").unwrap();
        let event: proto::LogEvent = serde_json::from_str(data).unwrap();
        assert_eq!(kind, format!("event: {}", event.kind));
        assert_eq!(event.id, self.place);
        event
    }
}

async fn owners_token(customer: &Customer, account: &str) -> String {
    let new = proto::NewToken {
        name: format!("watch-{account}"),
        account: Some(account.to_owned()),
        read_only: true,
        expires_at: None,
    };
    let made = customer
        .bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new);
    made.await.unwrap().secret
}

#[tokio::test]
async fn events_come_as_they_happen_and_go_on_where_they_broke_off() {
    let customer = Customer::new().await;
    customer.accept(&["before@customer.example"]).await;
    let mut tail = Tail::open(&customer, Sender::Operator, "", None)
        .await
        .unwrap();
    let ids = customer
        .accept(&["bob@customer.example", "ann@other.example"])
        .await;
    let first = tail.next().await;
    assert_eq!(first.queue_id.as_deref(), Some(ids[0].as_str()));
    assert_eq!(
        (first.kind, first.sender.as_str()),
        (K::Accepted, "scanner@acme.example")
    );
    assert_eq!(first.recipients, ["bob@customer.example"]);
    assert_eq!(first.account.as_deref(), Some("acme"));
    assert_eq!(first.user.as_deref(), Some("scanner"));
    assert_eq!(first.system.as_deref(), Some("printer"));
    assert_eq!(tail.next().await.queue_id.as_deref(), Some(ids[1].as_str()));
    drop(tail);
    // What happens meanwhile is told to whoever comes back.
    customer.refuse_one(true).await;
    let query = format!("?after={}", first.id);
    for (query, last) in [("", Some(first.id.as_str())), (query.as_str(), None)] {
        let mut tail = Tail::open(&customer, Sender::Operator, query, last)
            .await
            .unwrap();
        assert_eq!(tail.next().await.queue_id.as_deref(), Some(ids[1].as_str()));
        let refused = tail.next().await;
        assert_eq!(refused.kind, K::Refused);
        assert_eq!(refused.reason.as_deref(), Some("sender-not-allowed"));
        assert_eq!(
            (refused.queue_id, refused.reply.as_str()),
            (None, "550 5.7.1 no")
        );
        assert_eq!(refused.client.as_deref(), Some("203.0.113.10"));
    }
    // Whoever was told of nothing goes on from where it began.
    let mut idle = Tail::open(&customer, Sender::Operator, "", None)
        .await
        .unwrap();
    let place = idle.place.clone();
    drop(idle.body);
    idle.text.clear();
    let more = customer.accept(&["later@customer.example"]).await;
    let mut tail = Tail::open(&customer, Sender::Operator, "", Some(&place))
        .await
        .unwrap();
    assert_eq!(
        tail.next().await.queue_id.as_deref(),
        Some(more[0].as_str())
    );
}

#[tokio::test]
async fn a_stream_begins_earlier_when_asked_to_and_takes_filters() {
    let customer = Customer::new().await;
    let ids = customer
        .accept(&[
            "bob@customer.example",
            "ann@other.example",
            "eve@other.example",
        ])
        .await;
    customer.refuse_one(true).await;
    for (query, expected) in [
        ("?lines=2", vec![Some(&ids[2]), None]),
        ("?lines=1&refusals=false", vec![Some(&ids[2])]),
        (
            "?since=2026-01-01T00:00:00Z&to=@OTHER.example",
            vec![Some(&ids[1]), Some(&ids[2])],
        ),
        ("?since=2026-01-01T00:00:00Z&kind=refused", vec![None]),
        (
            "?after=0-0&kind=accepted,failed&to=bob@customer.example",
            vec![Some(&ids[0])],
        ),
        ("?after=0-0&reason=sender-not-allowed", vec![None]),
    ] {
        let mut tail = Tail::open(&customer, Sender::Operator, query, None)
            .await
            .unwrap();
        for id in expected {
            assert_eq!(tail.next().await.queue_id.as_ref(), id, "{query}");
        }
    }
    for (query, field) in [
        ("?kind=lost", "kind"),
        ("?lines=0", "lines"),
        ("?lines=1001", "lines"),
        ("?after=x", "after"),
        ("?reason=x", "reason"),
        ("?refusals=perhaps", "refusals"),
        ("?since=x", "since"),
    ] {
        let failed = Tail::open(&customer, Sender::Operator, query, None).await;
        let problem = failed.err().unwrap();
        assert_eq!(problem.status, 422, "{query}");
        if field != "since" && field != "refusals" {
            assert_eq!(problem.errors[0].field, field);
        }
    }
    let failed = Tail::open(&customer, Sender::Operator, "", Some("x")).await;
    assert_eq!(failed.err().unwrap().errors[0].field, "Last-Event-ID");
}

#[tokio::test]
async fn owners_see_what_is_their_own_until_their_token_ends() {
    let customer = Customer::new().await;
    customer.bench.customer("office").await;
    let (own, other) = (
        owners_token(&customer, "acme").await,
        owners_token(&customer, "office").await,
    );
    let mut tail = Tail::open(&customer, Sender::Tcp(Some(&own)), "", None)
        .await
        .unwrap();
    let mut strange = Tail::open(&customer, Sender::Tcp(Some(&other)), "?after=0-0", None)
        .await
        .unwrap();
    let foreign = Tail::open(&customer, Sender::Tcp(Some(&other)), "?account=acme", None).await;
    assert_eq!(foreign.err().unwrap().status, 404);
    let nobody = Tail::open(&customer, Sender::Tcp(None), "", None).await;
    assert_eq!(nobody.err().unwrap().status, 401);
    customer.refuse_one(false).await;
    customer.refuse_one(true).await;
    customer.accept(&["bob@customer.example"]).await;
    // The refusal of a stranger is the operator's.
    assert_eq!(tail.next().await.kind, K::Refused);
    assert_eq!(tail.next().await.kind, K::Accepted);
    for account in ["acme", "office"] {
        let path = proto::TokenPath {
            token: format!("watch-{account}"),
        };
        let owner = proto::TokenOwner {
            account: Some(account.to_owned()),
        };
        customer
            .bench
            .call::<proto::RevokeToken>(path, owner, NOTHING)
            .await
            .unwrap();
    }
    assert_eq!(tail.block().await, None);
    // Nothing of another account came before the end, either.
    assert_eq!(strange.block().await, None);
}

#[tokio::test]
async fn streams_are_bounded_and_give_their_place_back() {
    let customer = Customer::new().await;
    let token = owners_token(&customer, "acme").await;
    let open = || Tail::open(&customer, Sender::Tcp(Some(&token)), "", None);
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(open().await.unwrap());
    }
    let problem = open().await.err().unwrap();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (429, "requests-throttled")
    );
    // The operator has room all the same, up to a bound.
    let mut others = Vec::new();
    let refused = loop {
        match Tail::open(&customer, Sender::Operator, "", None).await {
            Ok(tail) => others.push(tail),
            Err(problem) => break problem,
        }
    };
    assert_eq!((others.len(), refused.status), (64 - 8, 503));
    drop((streams, others));
    let again = async {
        while open().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn a_newcomer_gets_a_place_of_whoever_has_the_most_and_nothing_is_lost() {
    let customer = Customer::new().await;
    let mut tokens = vec![owners_token(&customer, "acme").await];
    for name in ["one", "two", "three", "four", "five", "newcomer"] {
        customer.bench.customer(name).await;
        tokens.push(owners_token(&customer, name).await);
    }
    // Acme comes last, so that the newest stream is its own.
    tokens[..6].rotate_left(1);
    let sender = |number: usize| Sender::Tcp(Some(tokens[number].as_str()));
    let mut streams = Vec::new();
    for number in 0..48 {
        let opened = Tail::open(&customer, sender(number / 8), "", None).await;
        streams.push(opened.unwrap());
    }
    let mut pushed = streams.pop().unwrap();
    let seen = customer.accept(&["bob@customer.example"]).await;
    assert_eq!(pushed.next().await.queue_id.as_ref(), Some(&seen[0]));
    let newcomer = Tail::open(&customer, sender(6), "", None).await.unwrap();
    let said = pushed.block().await.unwrap();
    assert!(said.starts_with(": ends here"), "{said}");
    assert_eq!(pushed.block().await, None);
    // It is not given the place back, nor another's.
    let come_back = || Tail::open(&customer, sender(5), "", Some(&pushed.place));
    let problem = come_back().await.err().unwrap();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (503, "too-many-connections")
    );
    let missed = customer.accept(&["ann@other.example"]).await;
    drop(newcomer);
    let again = async {
        loop {
            match come_back().await {
                Ok(tail) => break tail,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let mut again = timeout(PATIENCE, again).await.unwrap();
    assert_eq!(again.next().await.queue_id.as_ref(), Some(&missed[0]));
}

#[tokio::test]
async fn streams_end_when_relayd_stops_whether_or_not_they_are_read() {
    let customer = Customer::new().await;
    let token = owners_token(&customer, "acme").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bench = &customer.bench;
    let served = tokio::spawn(serve_tcp(
        listener,
        bench.router.clone(),
        bench.stop.clone(),
    ));
    let head = format!(
        "GET /v1/log/events?after=0-0 HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    );
    let mut reader = TcpStream::connect(address).await.unwrap();
    reader.write_all(head.as_bytes()).await.unwrap();
    // One that asks and reads nothing; more stands in the log than sockets hold.
    let mut sleeper = TcpStream::connect(address).await.unwrap();
    sleeper.write_all(head.as_bytes()).await.unwrap();
    let recipients = vec!["bob@customer.example"; 300];
    customer.accept(&recipients).await;
    let mut read = String::new();
    let mut buffer = [0; 4096];
    while read.matches("event: accepted").count() < recipients.len() {
        let length = timeout(PATIENCE, reader.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        assert_ne!(length, 0, "{read}");
        read.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    bench.stop.cancel();
    timeout(PATIENCE, served).await.unwrap().unwrap();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "a stream ends in good order");
    let problem = Tail::open(&customer, Sender::Operator, "", None).await;
    assert_eq!(problem.err().unwrap().code, "shutting-down");
}
