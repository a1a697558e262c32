//! A running API in a folder of its own, with a probe and a queue that tests look into.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use bytes::Bytes;
use jiff::Timestamp;
use proto::{Endpoint, Problem, path_of};
use relay_proto as proto;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    accounts::{
        Accounts, Bans, DeviceCode, DeviceSignIn, DomainLookup, Explained, ExplainedStep,
        LaneActivity, LanePhase, MailQuestion, Notifications, Outbox, Passwords, Poll, Ports,
        Probe, ProbeStep, QueueControl, RegistrationPolicy, Remark, RouteProbe, Setback, Settings,
        StepVerdict, TestDoor, TestSubmission, TxtLookup, WebhookAnswer, WebhookRequest,
        WebhookSender,
    },
    api::{Api, Info, access::Connection, router},
    clock::ManualClock,
    doctor::{Doctor, Examination},
    model::{
        Address, DomainProof, Finding, FindingArea, FindingLevel, IdSource, MessageId,
        NotificationKind, Reason, Refusal, Route, RouteId, RouteOffer, Secret,
    },
    policy::{GuessSettings, Guesses},
    store::{Batch, NewMessage, SealKey, Store},
};

/// Who reads what concerns the operator.
pub(super) const OPERATOR: &str = "ops@office.example";

/// Finds something in each area but one.
struct Ailing(FindingArea);

#[async_trait]
impl Examination for Ailing {
    fn area(&self) -> FindingArea {
        self.0
    }

    async fn examine(&self) -> Vec<Finding> {
        let fine = Finding::ok(self.0, "first-check", "all is well");
        let wrong = Finding::error(self.0, "second-check", "it is not", "mend it");
        vec![fine, wrong]
    }
}

/// Fails when it is told to; keeps the routes it was asked about.
#[derive(Default)]
pub(super) struct FakeProbe {
    pub(super) failure: Mutex<Option<(Reason, String)>>,
    pub(super) seen: Mutex<Vec<Route>>,
    /// Senders that the other side refuses.
    pub(super) refused: Mutex<Vec<String>>,
}

/// Microsoft Entra as sign-ins see it: what it answers next, and what it was asked.
#[derive(Default)]
pub(super) struct FakeSignIn {
    /// Answers to the next looks; pending when there is none.
    pub(super) polls: Mutex<Vec<Result<Poll, Setback>>>,
    /// The candidates that a code was asked for, and how often was looked.
    pub(super) begun: Mutex<Vec<Route>>,
    pub(super) looks: Mutex<u32>,
    /// Why the probe fails.
    pub(super) failure: Mutex<Option<(Reason, String)>>,
    pub(super) probed: Mutex<Vec<(Route, String)>>,
    pub(super) forgotten: Mutex<Vec<RouteId>>,
}

#[async_trait]
impl DeviceSignIn for FakeSignIn {
    async fn begin(&self, route: &Route) -> Result<DeviceCode, Setback> {
        self.begun.lock().unwrap().push(route.clone());
        Ok(DeviceCode {
            user_code: "ABCD-EFGH".to_owned(),
            verification_uri: "https://login.example/device".to_owned(),
            device_code: Secret::new("planted-device-code"),
            expires_at: "2026-11-21T21:00:00Z".parse().unwrap(),
            interval: Duration::from_secs(5),
        })
    }

    async fn poll(&self, _route: &Route, device_code: &Secret) -> Result<Poll, Setback> {
        assert_eq!(device_code.expose(), "planted-device-code");
        *self.looks.lock().unwrap() += 1;
        self.polls
            .lock()
            .unwrap()
            .pop()
            .unwrap_or(Ok(Poll::Pending))
    }

    async fn probe(&self, route: &Route, refresh_token: Secret) -> (Probe, Secret) {
        let token = refresh_token.expose().to_owned();
        self.probed.lock().unwrap().push((route.clone(), token));
        let failure = self.failure.lock().unwrap().clone();
        let probe = Probe {
            steps: vec![ProbeStep {
                name: "Sign-in".to_owned(),
                ok: failure.is_none(),
                detail: route.mailbox.clone(),
                remedy: String::new(),
                elapsed: Duration::from_millis(41),
            }],
            failure,
            offer: None,
        };
        (probe, Secret::new("planted-rotated"))
    }

    fn forget(&self, route: RouteId) {
        self.forgotten.lock().unwrap().push(route);
    }
}

#[async_trait]
impl RouteProbe for FakeProbe {
    async fn probe(&self, route: &Route) -> Probe {
        self.seen.lock().unwrap().push(route.clone());
        let failure = self.failure.lock().unwrap().clone();
        let step = |name: &str, ok, detail: &str| ProbeStep {
            name: name.to_owned(),
            ok,
            detail: detail.to_owned(),
            remedy: String::new(),
            elapsed: Duration::from_millis(41),
        };
        let mut steps = vec![step("Connect", true, &route.server)];
        match &failure {
            None => steps.push(step("Sign-in", true, &route.mailbox)),
            Some((_, cause)) => steps.push(step("Sign-in", false, cause)),
        }
        Probe {
            steps,
            failure,
            offer: Some(RouteOffer {
                size: Some(150 << 20),
                ..RouteOffer::ANYTHING
            }),
        }
    }

    async fn examine(&self, route: &Route, senders: &[Address]) -> (Probe, Vec<Remark>) {
        looked_at(self, route, senders).await
    }
}

/// Refuses the senders it was told to.
async fn looked_at(probe: &FakeProbe, route: &Route, senders: &[Address]) -> (Probe, Vec<Remark>) {
    let found = probe.probe(route).await;
    let refused = probe.refused.lock().unwrap().clone();
    let remark = |sender: &Address| {
        let name = format!("MAIL FROM {sender}");
        if !refused.contains(&sender.to_string()) {
            return Remark::ok(name, "250 2.1.0 Sender OK");
        }
        Remark {
            level: FindingLevel::Error,
            reason: Some(Reason::SendAsDenied),
            ..Remark::warning(name, "550 5.7.60 no", "Add-RecipientPermission")
        }
    };
    let remarks = match &found.failure {
        None => senders.iter().map(remark).collect(),
        Some(_) => Vec::new(),
    };
    (found, remarks)
}

/// Keeps the lanes it was told to wake.
#[derive(Default)]
pub(super) struct FakeQueue {
    pub(super) woken: Mutex<Vec<RouteId>>,
    pub(super) paced: Mutex<Vec<RouteId>>,
    /// Lanes that were let go of.
    pub(super) forgotten: Mutex<Vec<RouteId>>,
    /// Messages on their way in each lane.
    pub(super) in_flight: Mutex<u32>,
    /// Which those are.
    pub(super) under_way: Mutex<Vec<MessageId>>,
}

impl QueueControl for FakeQueue {
    fn wake(&self, route: RouteId) {
        self.woken.lock().unwrap().push(route);
    }

    fn forget(&self, route: RouteId) {
        self.forgotten.lock().unwrap().push(route);
    }

    fn lanes(&self) -> Vec<LaneActivity> {
        let paced = self.paced.lock().unwrap();
        paced
            .iter()
            .map(|route_id| LaneActivity {
                route_id: *route_id,
                phase: LanePhase::Paced,
                why: "30 messages a minute".to_owned(),
                connections: 2,
                in_flight: *self.in_flight.lock().unwrap(),
            })
            .collect()
    }

    fn under_way(&self) -> Vec<MessageId> {
        self.under_way.lock().unwrap().clone()
    }
}

/// Keeps the mail that relayd wrote.
#[derive(Default)]
pub(super) struct FakeOutbox(Mutex<Vec<NewMessage>>);

impl FakeOutbox {
    /// The latest mail to an address, once.
    fn take(&self, address: &str) -> Option<String> {
        let mut mails = self.0.lock().unwrap();
        let place = mails
            .iter()
            .rposition(|mail| mail.envelope.recipients[0].address.as_str() == address)?;
        Some(String::from_utf8(mails.remove(place).tail.to_vec()).unwrap())
    }
}

#[async_trait]
impl Outbox for FakeOutbox {
    async fn send(&self, message: NewMessage) -> Result<(), String> {
        self.0.lock().unwrap().push(message);
        Ok(())
    }
}

/// Keeps the test mails, and refuses them when it is told to.
#[derive(Default)]
pub(super) struct FakeDoor {
    pub(super) refusal: Mutex<Option<Refusal>>,
    pub(super) seen: Mutex<Vec<TestSubmission>>,
    pub(super) asked: Mutex<Vec<MailQuestion>>,
}

#[async_trait]
impl TestDoor for FakeDoor {
    async fn submit(&self, test: TestSubmission) -> Result<MessageId, Refusal> {
        self.seen.lock().unwrap().push(test);
        match self.refusal.lock().unwrap().clone() {
            Some(refusal) => Err(refusal),
            None => Ok(MessageId::new(&IdSource::new(), Timestamp::UNIX_EPOCH)),
        }
    }

    async fn explain(&self, question: MailQuestion) -> Result<Explained, Refusal> {
        let refusal = self.refusal.lock().unwrap().clone();
        let explained = Explained {
            listener: "submission".to_owned(),
            is_encrypted: true,
            username: question.username.clone(),
            system: None,
            route: None,
            sender: question.sender.parse().ok(),
            steps: vec![ExplainedStep {
                name: "Account",
                stage: "MAIL",
                verdict: match refusal {
                    Some(_) => StepVerdict::Refused,
                    None => StepVerdict::Ok,
                },
                detail: question.account_name.clone(),
                reason: refusal.as_ref().map(|refusal| refusal.reason),
                remedy: String::new(),
                reply: refusal.map(|refusal| refusal.to_string()),
            }],
        };
        self.asked.lock().unwrap().push(question);
        Ok(explained)
    }
}

/// Keeps what it was to send, and answers as it is told to: 204 until then.
#[derive(Default)]
pub(super) struct FakeWebhooks {
    pub(super) answers: Mutex<Vec<WebhookAnswer>>,
    pub(super) seen: Mutex<Vec<WebhookRequest>>,
}

#[async_trait]
impl WebhookSender for FakeWebhooks {
    async fn send(&self, request: WebhookRequest) -> WebhookAnswer {
        self.seen.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop();
        next.unwrap_or(WebhookAnswer::Status(204))
    }
}

/// Knows TXT records; a name that it was told of without any makes trouble.
#[derive(Default)]
pub(super) struct FakeDns(pub(super) Mutex<BTreeMap<String, Option<Vec<String>>>>);

impl FakeDns {
    /// Publishes records at a name, in place of those before.
    pub(super) fn publish(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.0.lock().unwrap().insert(name.to_owned(), Some(texts));
    }

    /// Nobody answers for a name.
    pub(super) fn fail(&self, name: &str) {
        self.0.lock().unwrap().insert(name.to_owned(), None);
    }
}

#[async_trait]
impl DomainLookup for FakeDns {
    async fn last_word(&self, name: &str) -> TxtLookup {
        let known = self.0.lock().unwrap().get(name).cloned();
        match known.unwrap_or(Some(Vec::new())) {
            Some(texts) => TxtLookup {
                found: Ok(texts),
                asked: vec!["ns1.acme.example (192.0.2.53)".to_owned()],
            },
            None => TxtLookup {
                found: Err("ns1.acme.example (192.0.2.53): no answer".to_owned()),
                asked: Vec::new(),
            },
        }
    }

    async fn texts(&self, name: &str) -> TxtLookup {
        self.last_word(name).await
    }
}

/// Who sends a request.
#[derive(Clone, Copy)]
pub(super) enum Sender<'a> {
    /// The operator, on the Unix socket.
    Operator,
    /// Somebody on TCP, with this token if any.
    Tcp(Option<&'a str>),
}

pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) accounts: Accounts,
    pub(super) clock: Arc<ManualClock>,
    pub(super) probe: Arc<FakeProbe>,
    pub(super) sign_in: Arc<FakeSignIn>,
    pub(super) queue: Arc<FakeQueue>,
    outbox: Arc<FakeOutbox>,
    pub(super) door: Arc<FakeDoor>,
    pub(super) dns: Arc<FakeDns>,
    pub(super) webhooks: Arc<FakeWebhooks>,
    pub(super) guesses: Arc<Guesses>,
    pub(super) router: Router,
    pub(super) ids: Arc<IdSource>,
    /// Ends the streams.
    pub(super) stop: CancellationToken,
    folder: TempDir,
}

fn info() -> Info {
    Info {
        hostname: "relay.acme.example".to_owned(),
        listeners: Vec::new(),
        message_size: 35 * 1024 * 1024,
        started_at: "2026-11-21T20:00:00Z".parse().unwrap(),
        api_hosts: vec!["relay.acme.example".to_owned()],
        behind_proxy: true,
        configuration: vec![("hostname".to_owned(), "relay.example".to_owned())],
    }
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(settings()).await
    }

    /// One where anybody may register, and `office` carries the mail of relayd.
    pub(super) async fn open() -> Self {
        Self::registering(RegistrationPolicy::Open).await
    }

    /// One where `office` carries the mail of relayd, and those may register.
    pub(super) async fn registering(registration: RegistrationPolicy) -> Self {
        let bench = Self::with(Settings {
            registration,
            notifications: Some(Notifications {
                account: "office".to_owned(),
                sender: Some("relay@office.example".parse().unwrap()),
                operator: Some(OPERATOR.parse().unwrap()),
                events: NotificationKind::ALL.to_vec(),
            }),
            ..settings()
        })
        .await;
        bench.customer("office").await;
        bench.outbox.0.lock().unwrap().clear();
        bench
    }

    /// Waits for mail to an address and takes the latest: background work ends soon.
    pub(super) async fn mail_to(&self, address: &str) -> String {
        for _ in 0..10_000 {
            if let Some(mail) = self.outbox.take(address) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("no mail to {address}");
    }

    /// Puts the mail that relayd wrote into the store, and gives the queue ids.
    pub(super) async fn accept_mail(&self) -> Vec<String> {
        let messages: Vec<_> = self.outbox.0.lock().unwrap().drain(..).collect();
        let ids = messages.iter().map(|mail| mail.id.to_string()).collect();
        let batch = Batch {
            messages,
            ..Batch::default()
        };
        self.store.commit(&batch).await.unwrap();
        ids
    }

    /// Mails that were not looked at.
    pub(super) fn mails(&self) -> usize {
        self.outbox.0.lock().unwrap().len()
    }

    pub(super) async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let clock = ManualClock::at("2026-11-21T20:41:07Z".parse().unwrap());
        let ids = Arc::new(IdSource::new());
        let sign_in = Arc::new(FakeSignIn::default());
        let (probe, queue, outbox, door, dns, webhooks) = (
            Arc::new(FakeProbe::default()),
            Arc::new(FakeQueue::default()),
            Arc::new(FakeOutbox::default()),
            Arc::new(FakeDoor::default()),
            Arc::new(FakeDns::default()),
            Arc::new(FakeWebhooks::default()),
        );
        let accounts = Accounts::new(
            store.clone(),
            clock.clone(),
            Arc::clone(&ids),
            settings,
            Passwords::new(2),
            Ports {
                probe: probe.clone(),
                sign_in: sign_in.clone(),
                queue: queue.clone(),
                outbox: outbox.clone(),
                door: door.clone(),
                dns: dns.clone(),
                webhooks: webhooks.clone(),
            },
        );
        let strict = GuessSettings {
            ban_after: 3,
            exempt: Vec::new(),
        };
        let guesses = Arc::new(Guesses::new(strict, [7; 32]));
        let bans = Bans::new(Arc::clone(&guesses), store.clone(), clock.clone());
        let doctor = Doctor::new(vec![
            Box::new(Ailing(FindingArea::Tls)),
            Box::new(Ailing(FindingArea::Store)),
        ]);
        let stop = CancellationToken::new();
        let api = Api::new(
            accounts.clone(),
            bans,
            doctor,
            info(),
            || "relay_up 1\n".to_owned(),
            || Ok(()),
        )
        .until(stop.clone());
        Self {
            store,
            accounts,
            clock,
            probe,
            sign_in,
            queue,
            outbox,
            door,
            dns,
            webhooks,
            guesses,
            router: router(api),
            ids,
            stop,
            folder,
        }
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Calls an endpoint as the operator.
    pub(super) async fn call<E: Endpoint>(
        &self,
        path: E::Path,
        query: impl Into<E::Query>,
        body: E::Body,
    ) -> Result<E::Reply, Problem> {
        self.call_with::<E>(path, query, body, None).await.1
    }

    /// The same, with `If-Match`, and the headers of the reply.
    pub(super) async fn call_with<E: Endpoint>(
        &self,
        path: E::Path,
        query: impl Into<E::Query>,
        body: E::Body,
        if_match: Option<&str>,
    ) -> (HeaderMap, Result<E::Reply, Problem>) {
        self.call_as::<E>(Sender::Operator, path, query, body, if_match)
            .await
    }

    /// The same as anybody.
    pub(super) async fn call_as<E: Endpoint>(
        &self,
        sender: Sender<'_>,
        path: E::Path,
        query: impl Into<E::Query>,
        body: E::Body,
        if_match: Option<&str>,
    ) -> (HeaderMap, Result<E::Reply, Problem>) {
        let mut uri = path_of::<E>(&path).unwrap();
        let query: E::Query = query.into();
        let query = serde_json::to_value(query).unwrap();
        for (name, value) in query.as_object().unwrap() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let separator = if uri.contains('?') { '&' } else { '?' };
            uri.push(separator);
            uri.extend([name, "=", &encoded(&text)]);
        }
        let mut request = Request::builder().method(E::METHOD.as_str()).uri(uri);
        if let Some(tag) = if_match {
            request = request.header(header::IF_MATCH, tag);
        }
        let body = if E::has_body() {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(serde_json::to_vec(&body).unwrap())
        } else {
            Body::empty()
        };
        let request = request.body(body).unwrap();
        let (status, headers, bytes) = self.send(request, sender).await;
        let result = if status.is_success() {
            assert_eq!(status.as_u16(), E::STATUS);
            let json: &[u8] = if E::has_reply() { &bytes } else { b"{}" };
            Ok(serde_json::from_slice(json).unwrap())
        } else {
            Err(problem(status, &headers, &bytes))
        };
        (headers, result)
    }

    /// Sends any request.
    pub(super) async fn send(
        &self,
        request: Request<Body>,
        sender: Sender<'_>,
    ) -> (StatusCode, HeaderMap, Bytes) {
        let response = self.answer(request, sender).await;
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        if kind.is_some_and(|kind| kind == "text/event-stream") {
            // It would not end.
            return (parts.status, parts.headers, Bytes::new());
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, bytes)
    }

    /// The answer to a request, before its body is read.
    pub(super) async fn answer(
        &self,
        mut request: Request<Body>,
        sender: Sender<'_>,
    ) -> axum::response::Response {
        match sender {
            Sender::Operator => {
                request.extensions_mut().insert(Connection::Operator);
            }
            Sender::Tcp(token) => {
                request
                    .extensions_mut()
                    .insert(Connection::Anybody(Some([127, 0, 0, 1].into())));
                let headers = request.headers_mut();
                if !headers.contains_key(header::HOST) {
                    headers.insert(header::HOST, "127.0.0.1:8443".parse().unwrap());
                }
                if let Some(token) = token {
                    let value = format!("Bearer {token}").parse().unwrap();
                    headers.insert(header::AUTHORIZATION, value);
                }
            }
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// An active account on `starter` with a checked smarthost.
    pub(super) async fn customer(&self, name: &str) -> proto::Account {
        self.call::<proto::CreateAccount>(proto::Nothing {}, proto::Nothing {}, new_account(name))
            .await
            .unwrap();
        let account = || proto::AccountPath {
            account: name.to_owned(),
        };
        let nothing = proto::Nothing {};
        self.call::<proto::ActivateAccount>(account(), nothing, nothing)
            .await
            .unwrap();
        let plan = proto::PlanChoice {
            plan: "starter".to_owned(),
        };
        self.call::<proto::StartSubscription>(account(), nothing, plan)
            .await
            .unwrap();
        self.call::<proto::SetRoute>(account(), nothing, smarthost())
            .await
            .unwrap();
        self.call::<proto::ShowAccount>(account(), nothing, nothing)
            .await
            .unwrap()
    }

    /// A relay user with a made password.
    pub(super) async fn user(&self, account: &str, username: &str) -> proto::RelayUserWithPassword {
        self.call::<proto::CreateRelayUser>(
            at(account),
            proto::Nothing {},
            new_user(Some(username)),
        )
        .await
        .unwrap()
    }
}

/// The usual configuration: the operator creates the accounts.
pub(super) fn settings() -> Settings {
    Settings {
        private_networks: true,
        loopback_networks: true,
        address_auth_networks: vec!["192.0.2.0/24".parse().unwrap()],
        message_size: 50 * 1024 * 1024,
        address_listeners: Vec::new(),
        capture_folder: "/var/lib/relayd/capture".into(),
        hostname: "relay.acme.example".to_owned(),
        drain: Duration::from_hours(5 * 24),
        registration: RegistrationPolicy::Closed,
        domain_proof: DomainProof::Waived,
        registration_servers: vec!["smtp.office365.com".parse().unwrap()],
        notifications: None,
        webhook_networks: Vec::new(),
    }
}

/// Reads a problem and checks what every problem must have.
pub(super) fn problem(status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> Problem {
    assert_eq!(headers[header::CONTENT_TYPE], Problem::MEDIA_TYPE);
    let problem: Problem = serde_json::from_slice(bytes).unwrap();
    assert_eq!(problem.status, status.as_u16());
    assert_eq!(headers["x-request-id"], problem.request_id.as_str());
    assert!(problem.code.parse::<Reason>().is_ok(), "{problem:?}");
    assert!(!problem.title.is_empty() && !problem.remedy.is_empty());
    problem
}

/// A value of a query, percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

pub(super) const NOTHING: proto::Nothing = proto::Nothing {};

pub(super) fn at(account: &str) -> proto::AccountPath {
    proto::AccountPath {
        account: account.to_owned(),
    }
}

pub(super) fn user_at(account: &str, user: &str) -> proto::RelayUserPath {
    proto::RelayUserPath {
        account: account.to_owned(),
        user: user.to_owned(),
    }
}

pub(super) fn system_at(account: &str, system: &str) -> proto::SystemPath {
    proto::SystemPath {
        account: account.to_owned(),
        system: system.to_owned(),
    }
}

pub(super) fn new_account(name: &str) -> proto::NewAccount {
    proto::NewAccount {
        name: Some(name.to_owned()),
        kind: proto::AccountKind::Company,
        company: "Acme GmbH".to_owned(),
        vat_id: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        email: "ops@acme.example".to_owned(),
        phone: String::new(),
        street: String::new(),
        postal_code: String::new(),
        city: String::new(),
        country: "de".to_owned(),
        email_vouched: true,
        password: None,
        invitation: None,
        domain_proof: None,
        route: None,
    }
}

pub(super) fn new_user(username: Option<&str>) -> proto::NewRelayUser {
    proto::NewRelayUser {
        username: username.map(str::to_owned),
        password: None,
        sender: "scanner@acme.example".to_owned(),
        allowed_senders: Vec::new(),
        other_sender: None,
    }
}

pub(super) fn new_system(name: &str, address: &str, user: &str) -> proto::NewSystem {
    proto::NewSystem {
        name: name.to_owned(),
        address: address.to_owned(),
        user: user.to_owned(),
        auth: None,
        priority: None,
    }
}

pub(super) fn smarthost() -> proto::RouteSettings {
    proto::RouteSettings {
        server: Some("mx.acme.example".to_owned()),
        mailbox: Some("relay@acme.example".to_owned()),
        password: Some("upstream secret".to_owned()),
        ..proto::RouteSettings::new(proto::RouteKind::Smarthost)
    }
}
