//! relayd's Graph client and the stand-in for Graph: who gets what, and what is known of it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use relay_tests::{
    sim::{
        graph::{Graph, Operation, RetryAfter, Rule, Settings, Then, Way},
        sha256,
    },
    tls::Authority,
};
use relayd::{
    model::{
        AccountId, BodyEncoding, IdSource, MessageId, Recipient, ReversePath, Route, RouteId,
        RouteKind, Secret,
    },
    upstream::{
        AccessToken, BodySource, BodyUnavailable, Outcome, Outgoing, Setback, TokenSource,
        Upstream, Upstreams, Verdict,
    },
};
use tempfile::TempDir;

const MAILBOX: &str = "relay@acme.example";

static IDS: IdSource = IdSource::new();

/// Gives numbered tokens; each rejection moves on.
#[derive(Debug, Default)]
struct Tokens(AtomicUsize);

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self) -> Result<AccessToken, Setback> {
        Ok(AccessToken {
            token: Secret::new(format!("token-{}", self.0.load(Ordering::SeqCst))),
            expires_at: Timestamp::MAX,
        })
    }

    fn reject(&self, _token: &AccessToken) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct World {
    graph: Graph,
    upstream: Box<dyn Upstream>,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let authority = Authority::new("graph authority").unwrap();
        let mut settings = Settings::in_folder(folder.path());
        change(&mut settings);
        let graph = Graph::start(settings, &authority).await.unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let route = Route {
            server: "localhost".to_owned(),
            port: graph.address().port(),
            mailbox: MAILBOX.to_owned(),
            ca_pem: Some(authority.pem().to_owned()),
            ..Route::new(
                RouteId::new(&IDS, now),
                AccountId::new(&IDS, now),
                RouteKind::Graph,
            )
        };
        let upstreams = Upstreams::new(relayd::upstream::Settings::named("relay.acme.example"));
        let tokens = Arc::new(Tokens::default());
        Self {
            graph,
            upstream: upstreams.open_graph(&route, tokens).unwrap(),
            _folder: folder,
        }
    }

    /// Hands a mail over; says what came of each recipient.
    async fn send(&self, to: &[&str], mail: &str) -> Vec<String> {
        let mail = mail.replace('\n', "\r\n").into_bytes();
        let recipients: Vec<_> = to
            .iter()
            .map(|address| Recipient {
                address: address.parse().unwrap(),
                notify: None,
                original: String::new(),
            })
            .collect();
        let reverse_path: ReversePath = "scanner@acme.example".parse().unwrap();
        let outgoing = Outgoing {
            id: MessageId::new(&IDS, Timestamp::UNIX_EPOCH),
            reverse_path: &reverse_path,
            recipients: &recipients,
            encoding: BodyEncoding::SevenBit,
            smtputf8: false,
            dsn_return: None,
            envelope_id: "",
            size: mail.len() as u64,
        };
        let mut body = Pieces(
            mail.chunks(256 * 1024)
                .map(Bytes::copy_from_slice)
                .collect(),
        );
        let mut connection = self.upstream.connect().await.unwrap();
        let outcomes = connection.send(&outgoing, &mut body).await;
        outcomes.iter().map(said).collect()
    }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Delivered(reply) => reply.to_string(),
        Outcome::Setback(setback) => match setback.verdict {
            Verdict::Wait(wait) => format!("wait {}s", wait.as_secs()),
            verdict => format!("{} {}", verdict.name(), setback.reason),
        },
    }
}

struct Pieces(VecDeque<Bytes>);

#[async_trait]
impl BodySource for Pieces {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
        Ok(self.0.pop_front())
    }
}

const ACCEPTED: &str = "202 Accepted (request-id sim)";
const PLAIN: &str = "From: scanner@acme.example\nTo: a@x.example, B <b@x.example>\nMessage-ID: <1@acme.example>\nSubject: Scan\n\nhello\n";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_in_the_envelope_gets_a_mail_and_nobody_else() {
    let world = World::new().await;
    for envelope in [
        vec!["a@x.example", "b@x.example"],
        vec!["a@x.example", "b@x.example", "hidden@x.example"],
        // A retry, or a device that sends one mail for each recipient.
        vec!["b@x.example"],
        vec!["hidden@x.example"],
    ] {
        let said = world.send(&envelope, PLAIN).await;
        assert_eq!(said, vec![ACCEPTED; envelope.len()]);
        let mail = world.graph.mails().pop().unwrap();
        assert_eq!(mail.recipients(), envelope);
        assert_eq!((mail.way, mail.mailbox.as_str()), (Way::Mime, MAILBOX));
        assert_eq!(mail.body_sha256, sha256(b"hello\r\n"));
        assert_eq!(mail.message_id, "<1@acme.example>");
        let mime = String::from_utf8(world.graph.mime(&mail).unwrap()).unwrap();
        assert!(!mime.contains("hidden"), "{mime}");
    }
}

/// Ten megabytes in a file, and a small one; and that file.
static LARGE: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
    let scan: Vec<u8> = (0..10_000_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0])
        .collect();
    let encoded = BASE64_STANDARD.encode(&scan);
    let lines: Vec<_> = encoded.as_bytes().chunks(76).collect();
    let lines = String::from_utf8(lines.join(&b"\n"[..])).unwrap();
    let mail = format!(
        "From: scanner@acme.example\nTo: a@x.example\nMessage-ID: <2@acme.example>\nSubject: Scan\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: text/csv; name=small.csv\n\n1,2\n--b\nContent-Type: application/pdf; name=scan.pdf\nContent-Transfer-Encoding: base64\n\n{lines}\n--b--\n"
    );
    (mail, scan)
});

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_ten_megabytes_arrives_with_its_files() {
    let world = World::new().await;
    let (mail, scan) = &*LARGE;
    let said = world.send(&["a@x.example", "b@x.example"], mail).await;
    assert_eq!(said, [ACCEPTED; 2]);
    let mails = world.graph.mails();
    let [mail] = &mails[..] else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.way, Way::Draft);
    assert_eq!(mail.recipients(), ["a@x.example", "b@x.example"]);
    assert_eq!(mail.message_id, "<2@acme.example>");
    assert_eq!(mail.body_sha256, sha256(b"hello"));
    let files: Vec<_> = mail
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.sha256.clone(), file.by_session))
        .collect();
    assert_eq!(
        files,
        [
            ("small.csv", sha256(b"1,2"), false),
            ("scan.pdf", sha256(scan), true),
        ]
    );
    assert_eq!(world.graph.drafts(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_leaves_no_draft_and_sends_nothing() {
    let (mail, _) = &*LARGE;
    let busy = || Then::Refuse {
        status: 503,
        code: "ServiceUnavailable".to_owned(),
        retry_after: None,
    };
    for (operation, skip, then) in [
        (Operation::Draft, 0, busy()),
        (Operation::Attach, 0, Then::CutUndone),
        (Operation::Session, 0, Then::CutUnread),
        (Operation::Upload, 0, busy()),
        (Operation::Upload, 2, Then::CutUndone),
    ] {
        let world = World::new().await;
        let rule = Rule::on(operation, then).times(1).skip(skip);
        world.graph.add_rule(rule);
        let said = world.send(&["a@x.example"], mail).await;
        assert_eq!(said, ["retry remote-temporary"], "{operation:?}");
        assert_eq!((world.graph.drafts(), world.graph.mails().len()), (0, 0));
        let said = world.send(&["a@x.example"], mail).await;
        assert_eq!(said, [ACCEPTED], "{operation:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_sent_is_an_unknown_outcome() {
    let (big, _) = &*LARGE;
    let gateway = Then::DoAndRefuse {
        status: 504,
        code: "UnknownError".to_owned(),
    };
    for (operation, mail) in [
        (Operation::SendMail, PLAIN),
        (Operation::Send, big.as_str()),
    ] {
        for (then, sent) in [
            (gateway.clone(), 1),
            (Then::CutDone, 1),
            (Then::CutUndone, 0),
        ] {
            let world = World::new().await;
            world
                .graph
                .add_rule(Rule::on(operation, then.clone()).times(1));
            let said = world.send(&["a@x.example", "b@x.example"], mail).await;
            assert_eq!(
                said, ["unknown-outcome outcome-unknown"; 2],
                "{operation:?} {then:?}"
            );
            assert_eq!(world.graph.mails().len(), sent, "{operation:?} {then:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_apart() {
    for (rule, expected) in [
        (
            Rule::throttle(Operation::SendMail, RetryAfter::Seconds(42)),
            "wait 42s",
        ),
        (
            Rule::refuse(Operation::SendMail, 401, "InvalidAuthenticationToken"),
            "slow-down route-credentials-rejected",
        ),
        (
            Rule::refuse(Operation::SendMail, 403, "ErrorAccessDenied"),
            "hold-credentials route-misconfigured",
        ),
        (
            Rule::refuse(Operation::SendMail, 403, "ErrorSendAsDenied"),
            "fail-message send-as-denied",
        ),
        (
            Rule::refuse(Operation::SendMail, 400, "ErrorInvalidRecipients"),
            "fail-message recipient-refused",
        ),
        (
            Rule::refuse(Operation::SendMail, 400, "ErrorExceededMessageLimit"),
            "hold-quota route-quota",
        ),
        (
            Rule::refuse(Operation::SendMail, 507, "ErrorQuotaExceeded"),
            "hold-quota route-quota",
        ),
    ] {
        let world = World::new().await;
        world.graph.add_rule(rule.times(1));
        let said = world.send(&["a@x.example"], "To: a@x.example\n\nx\n").await;
        assert_eq!(said, [expected]);
        assert_eq!(world.graph.mails().len(), 0);
        let said = world.send(&["a@x.example"], "To: a@x.example\n\nx\n").await;
        assert_eq!(said, [ACCEPTED]);
    }
    let world = World::new().await;
    world
        .graph
        .add_rule(Rule::throttle(Operation::SendMail, RetryAfter::Date(60)));
    let said = world.send(&["a@x.example"], "To: a@x.example\n\nx\n").await;
    assert!(
        ["wait 60s", "wait 59s", "wait 61s"].contains(&said[0].as_str()),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn graph_itself_says_no() {
    let world = World::with(|settings| {
        settings.mailboxes = vec!["other@acme.example".to_owned()];
    })
    .await;
    let mail = "From: scanner@acme.example\nTo: a@x.example\n\nx\n";
    let said = world.send(&["a@x.example"], mail).await;
    assert_eq!(said, ["hold-credentials route-misconfigured"]);

    let world = World::with(|settings| settings.send_as = Some(Vec::new())).await;
    let said = world.send(&["a@x.example"], mail).await;
    assert_eq!(said, ["fail-message send-as-denied"]);

    // The first token is not good, and only sending is allowed.
    let world = World::with(|settings| {
        settings.bearer =
            Arc::new(|token| (token == "token-1").then(|| vec!["Mail.Send".to_owned()]));
    })
    .await;
    let said = world.send(&["a@x.example"], mail).await;
    assert_eq!(said, ["slow-down route-credentials-rejected"]);
    assert_eq!(world.send(&["a@x.example"], mail).await, [ACCEPTED]);
    let (big, _) = &*LARGE;
    let said = world.send(&["a@x.example"], big).await;
    assert_eq!(said, ["fail-message message-too-large"]);
}

/// Microsoft takes four requests at a time for an application and mailbox.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_too_many_is_throttled() {
    let world = World::with(|settings| settings.concurrency = 0).await;
    let said = world.send(&["a@x.example"], PLAIN).await;
    assert_eq!(said, ["wait 1s"]);
    assert_eq!(world.graph.peak(), 0);
}
