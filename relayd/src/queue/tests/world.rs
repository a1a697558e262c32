//! A store and a server in memory, under a clock that tests move.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    clock::Clock,
    model::{
        AccountId, AccountState, BodyEncoding, BouncesTo, Envelope, EventKind, Hold, IdSource,
        MessageId, Pace, Reason, Recipient, RecipientState, RemoteReply, Route, RouteId, RouteKind,
        Security, SenderHold, SystemId, UserId,
    },
    queue::{
        Queue, Settings,
        context::Context,
        ledger::{Bounces, Ledger, Unanswered},
        schedule::later,
    },
    store::{
        Backlog, Due, NewMessage, Notice, NoticeKind, QueuedMessage, Rerouting, Room, Settlement,
        UnknownReply,
    },
    upstream::{BodySource, Connection, Outcome, Outgoing, Setback, Upstream, Verdict},
};

static IDS: IdSource = IdSource::new();

/// The wall clock of a test: tokio's, which stands still while anything can run.
#[derive(Debug)]
pub(super) struct TestClock(Instant);

impl TestClock {
    /// How long the test has lasted, in its time.
    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        later(start, self.0.elapsed())
    }
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) message: QueuedMessage,
    pub(super) states: Vec<RecipientState>,
    /// What the history tells, in order.
    pub(super) events: Vec<String>,
    /// The details of it.
    pub(super) details: Vec<String>,
    pub(super) is_held: bool,
}

/// The store.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) entries: BTreeMap<MessageId, Entry>,
    pub(super) routes: HashMap<RouteId, Route>,
    pub(super) holds: HashMap<RouteId, Hold>,
    pub(super) sender_holds: HashMap<RouteId, Vec<SenderHold>>,
    /// Routes with senders that were let go on, whose mail is not due yet.
    pub(super) released: HashSet<RouteId>,
    pub(super) unknown: Vec<UnknownReply>,
    /// Who is told of failures; the sender when it is not set.
    pub(super) bounces_to: Option<BouncesTo>,
    /// The second route of an account.
    pub(super) fallbacks: HashMap<AccountId, RouteId>,
    /// Systems whose mail goes first.
    pub(super) high: Vec<SystemId>,
    pub(super) bounces: Vec<NewMessage>,
    pub(super) chunks_read: usize,
    pub(super) handed_over: u64,
    /// Active unless it is set.
    pub(super) account_state: Option<AccountState>,
    /// What the store answers instead of messages.
    pub(super) failure: Option<&'static str>,
}

type Answer = dyn FnMut(&Outgoing<'_>) -> Outcome + Send;

/// One server for every route.
pub(super) struct Server {
    pub(super) sent: Vec<(Instant, MessageId)>,
    pub(super) connects: usize,
    pub(super) most_connections: usize,
    connections: usize,
    underway: HashSet<MessageId>,
    pub(super) latency: Duration,
    pub(super) refuses: Option<Setback>,
    /// The route that refuses; all when there is none.
    pub(super) refuses_only: Option<RouteId>,
    /// By which routes what was sent.
    pub(super) routes: Vec<RouteId>,
    /// So many deliveries and openings of a route panic.
    pub(super) panics: (usize, usize),
    pub(super) answer: Box<Answer>,
    /// What it says of DSN.
    pub(super) forwards_notifications: bool,
}

pub(super) struct World {
    pub(super) clock: Arc<TestClock>,
    pub(super) books: Arc<Mutex<Books>>,
    pub(super) server: Arc<Mutex<Server>>,
    /// Settlements wait for this much, as for a slow disk.
    pub(super) commit: Duration,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            clock: Arc::new(TestClock(Instant::now())),
            books: Arc::default(),
            server: Arc::new(Mutex::new(Server {
                sent: Vec::new(),
                connects: 0,
                most_connections: 0,
                connections: 0,
                underway: HashSet::new(),
                latency: Duration::from_millis(100),
                refuses: None,
                refuses_only: None,
                routes: Vec::new(),
                panics: (0, 0),
                answer: Box::new(|_| delivered()),
                forwards_notifications: false,
            })),
            commit: Duration::from_millis(5),
        }
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    pub(super) fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap()
    }

    /// What the server answers from now on.
    pub(super) fn answer(&self, answer: impl FnMut(&Outgoing<'_>) -> Outcome + Send + 'static) {
        self.server().answer = Box::new(answer);
    }

    pub(super) fn queue(&self, settings: Settings) -> Queue {
        let ledger = Arc::new(Memory {
            books: Arc::clone(&self.books),
            commit: self.commit,
            clock: Arc::clone(&self.clock),
        });
        let server = Arc::clone(&self.server);
        let opener = Arc::new(move |route: &Route| {
            let breaks = counted_down(&mut server.lock().unwrap().panics.1);
            assert!(!breaks, "as scripted");
            let upstream: Box<dyn Upstream> = Box::new(Fake(Arc::clone(&server), route.id));
            Ok(upstream)
        });
        let clock = Arc::clone(&self.clock);
        let ids = Arc::new(IdSource::new());
        let random = || 0.5;
        Queue::over(Context::new(ledger, opener, clock, ids, settings, random))
    }

    /// A route with this pace.
    pub(super) fn route(&self, pace: Pace) -> RouteId {
        let now = self.clock.now();
        let id = RouteId::new(&IDS, now);
        let route = Route {
            server: "upstream.example".to_owned(),
            port: 25,
            security: Security::None,
            pace,
            checked_at: Some(now),
            ..Route::new(id, AccountId::new(&IDS, now), RouteKind::Smarthost)
        };
        self.books().routes.insert(id, route);
        id
    }

    /// A message in the store, as the journal has just accepted it.
    pub(super) fn message(&self, route: RouteId, sender: &str) -> QueuedMessage {
        let now = self.clock.now();
        let message = QueuedMessage {
            id: MessageId::new(&IDS, now),
            account_id: AccountId::new(&IDS, now),
            route_id: route,
            user_id: UserId::NONE,
            system_id: SystemId::NONE,
            envelope: Envelope {
                reverse_path: sender.parse().unwrap(),
                recipients: vec![Recipient {
                    address: "a@b.example".parse().unwrap(),
                    notify: None,
                    original: String::new(),
                }],
                encoding: BodyEncoding::SevenBit,
                smtputf8: false,
                dsn_return: None,
                envelope_id: String::new(),
            },
            positions: vec![0],
            header_id: "<x@acme.example>".to_owned(),
            size: BODY.len() as u64,
            accepted_at: now,
            attempts: 0,
            due_at: now,
            delay_told: false,
            body: None,
        };
        let entry = Entry {
            message: message.clone(),
            states: vec![RecipientState::Queued],
            events: Vec::new(),
            details: Vec::new(),
            is_held: false,
        };
        self.books().entries.insert(message.id, entry);
        message
    }

    /// So many messages, stored and offered.
    pub(super) fn submit(&self, queue: &Queue, route: RouteId, count: usize) {
        for _ in 0..count {
            let mut message = self.message(route, "scanner@acme.example");
            message.body = Some(Bytes::from_static(BODY));
            queue.offer(message);
        }
    }

    pub(super) fn count(&self, state: RecipientState) -> usize {
        let books = self.books();
        books
            .entries
            .values()
            .filter(|entry| entry.states.contains(&state))
            .count()
    }

    /// Waits, in the test's time, until something holds; at most a week.
    pub(super) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(
                begun.elapsed() < Duration::from_hours(24 * 7),
                "never: {what}"
            );
            // Finely at first; a wait of days need not be looked at every moment.
            let pause = (begun.elapsed() / 100).max(Duration::from_millis(50));
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until so many messages are delivered and settled.
    pub(super) async fn until_delivered(&self, count: usize) {
        let what = format!("{count} delivered");
        self.until(&what, |world| {
            world.count(RecipientState::Delivered) == count
        })
        .await;
    }
}

pub(super) const BODY: &[u8] = b"From: scanner@acme.example\r\nSubject: x\r\n\r\nhello\r\n";

pub(super) fn delivered() -> Outcome {
    Outcome::Delivered(RemoteReply {
        code: 250,
        text: "2.0.0 ok".to_owned(),
    })
}

pub(super) fn setback(verdict: Verdict, reason: Reason, reply: &str) -> Setback {
    Setback {
        verdict,
        reason,
        reply: reply.split_once(' ').map(|(code, text)| RemoteReply {
            code: code.parse().unwrap(),
            text: text.to_owned(),
        }),
        detail: "as scripted".to_owned(),
        advice: None,
    }
}

struct Memory {
    books: Arc<Mutex<Books>>,
    commit: Duration,
    clock: Arc<TestClock>,
}

impl Memory {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

#[async_trait]
impl Ledger for Memory {
    async fn due(&self, route: RouteId, room: Room) -> Result<Due, Unanswered> {
        let now = self.clock.now();
        let mut found: Vec<_> = self
            .books()
            .entries
            .values()
            .filter(|entry| entry.states.contains(&RecipientState::Queued))
            .filter(|entry| !entry.is_held && entry.message.route_id == route)
            .map(remaining)
            .collect();
        found.sort_by_key(|message| (message.due_at, message.id));
        let later = found.iter().find(|message| message.due_at > now);
        let mut due = Due {
            next_due: later.map(|message| message.due_at),
            ..Due::default()
        };
        found.retain(|message| message.due_at <= now);
        let owner = |message: &QueuedMessage| (message.user_id, message.system_id);
        let owners: HashSet<_> = found.iter().map(owner).collect();
        let share = (room.shared / owners.len().max(1)).max(1);
        let mut counts = HashMap::new();
        for message in found {
            let count = counts.entry(owner(&message)).or_insert(0);
            *count += 1;
            let known = room.known.get(&owner(&message)).copied().unwrap_or(0);
            if *count <= known + share {
                due.messages.push(message);
            } else {
                due.has_more = true;
            }
        }
        // The answer is as old as this when it arrives.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let failure = self.books().failure;
        failure.map_or(Ok(due), |why| Err(Unanswered(why.to_owned())))
    }

    async fn high_systems(&self, _: AccountId) -> Result<Vec<SystemId>, Unanswered> {
        Ok(self.books().high.clone())
    }

    async fn next_due(&self) -> Result<Vec<(RouteId, Timestamp)>, Unanswered> {
        let mut first: HashMap<RouteId, Timestamp> = HashMap::new();
        for entry in self.books().entries.values() {
            if !entry.is_held && entry.states.contains(&RecipientState::Queued) {
                let due = entry.message.due_at;
                let slot = first.entry(entry.message.route_id).or_insert(due);
                *slot = due.min(*slot);
            }
        }
        Ok(first.into_iter().collect())
    }

    async fn backlogs(&self) -> Result<Vec<Backlog>, Unanswered> {
        let mut found: HashMap<RouteId, Backlog> = HashMap::new();
        for entry in self.books().entries.values() {
            if entry.states.contains(&RecipientState::Queued) {
                let (route_id, at) = (entry.message.route_id, entry.message.accepted_at);
                let backlog = found.entry(route_id).or_insert(Backlog {
                    route_id,
                    messages: 0,
                    oldest_at: at,
                });
                backlog.messages += 1;
                backlog.oldest_at = backlog.oldest_at.min(at);
            }
        }
        Ok(found.into_values().collect())
    }

    async fn body_chunk(&self, _: MessageId, position: u32) -> Result<Option<Bytes>, Unanswered> {
        self.books().chunks_read += 1;
        Ok((position == 0).then_some(Bytes::from_static(BODY)))
    }

    async fn route(&self, id: RouteId) -> Result<Option<Route>, Unanswered> {
        Ok(self.books().routes.get(&id).cloned())
    }

    async fn account_state(&self, _: AccountId) -> Result<Option<AccountState>, Unanswered> {
        Ok(Some(
            self.books().account_state.unwrap_or(AccountState::Active),
        ))
    }

    async fn hold(&self, id: RouteId) -> Result<Option<Hold>, Unanswered> {
        Ok(self.books().holds.get(&id).cloned())
    }

    async fn set_hold(&self, id: RouteId, hold: &Hold) -> Result<(), Unanswered> {
        tokio::time::sleep(self.commit).await;
        self.books().holds.insert(id, hold.clone());
        Ok(())
    }

    async fn clear_hold(&self, id: RouteId) -> Result<(), Unanswered> {
        let mut books = self.books();
        books.holds.remove(&id);
        if books.sender_holds.remove(&id).is_some() {
            books.released.insert(id);
        }
        Ok(())
    }

    async fn lift_hold(&self, id: RouteId, hold: &Hold) -> Result<bool, Unanswered> {
        let mut books = self.books();
        let stands = books.holds.get(&id) == Some(hold);
        if stands {
            books.holds.remove(&id);
        }
        Ok(stands)
    }

    async fn fallback(&self, account: AccountId) -> Result<Option<(RouteId, String)>, Unanswered> {
        let books = self.books();
        let found = books.fallbacks.get(&account);
        let found = found.filter(|route| !books.holds.contains_key(route));
        Ok(found.map(|route| (*route, "second.example".to_owned())))
    }

    async fn bounces(&self, _: AccountId) -> Result<Option<Bounces>, Unanswered> {
        Ok(self.books().bounces_to.map(|to| Bounces {
            to,
            contact: "office@acme.example".parse().unwrap(),
        }))
    }

    async fn reroute(&self, rerouting: Rerouting) -> Result<usize, Unanswered> {
        tokio::time::sleep(self.commit).await;
        let mut moved = 0;
        for (id, entry) in &mut self.books().entries {
            let waits = entry.states.contains(&RecipientState::Queued) && !entry.is_held;
            let stays = rerouting.skip.contains(id) || entry.message.route_id != rerouting.from;
            let sender = entry.message.envelope.reverse_path.as_str();
            let is_held = rerouting
                .senders
                .iter()
                .any(|held| sender.ends_with(held.as_str()));
            if waits && !stays && !is_held && moved < rerouting.most as usize {
                entry.message.route_id = rerouting.to;
                entry.message.due_at = rerouting.at;
                entry
                    .events
                    .push(format!("rerouted {}", rerouting.reason.code()));
                entry.details.push(rerouting.why.clone());
                moved += 1;
            }
        }
        Ok(moved)
    }

    async fn sender_holds(&self, id: RouteId) -> Result<Vec<SenderHold>, Unanswered> {
        Ok(self
            .books()
            .sender_holds
            .get(&id)
            .cloned()
            .unwrap_or_default())
    }

    async fn hold_sender(&self, id: RouteId, hold: &SenderHold) -> Result<(), Unanswered> {
        tokio::time::sleep(self.commit).await;
        let mut books = self.books();
        books.sender_holds.entry(id).or_default().push(hold.clone());
        Ok(())
    }

    async fn lift_sender_hold(&self, id: RouteId, hold: &SenderHold) -> Result<bool, Unanswered> {
        let mut books = self.books();
        let holds = books.sender_holds.entry(id).or_default();
        let before = holds.len();
        holds.retain(|held| held != hold);
        let stood = holds.len() < before;
        if stood {
            books.released.insert(id);
        }
        Ok(stood)
    }

    async fn release_mail(&self, id: RouteId) -> Result<(), Unanswered> {
        if !self.books().released.contains(&id) {
            return Ok(());
        }
        tokio::time::sleep(self.commit).await;
        let mut books = self.books();
        books.released.remove(&id);
        for entry in books.entries.values_mut() {
            entry.message.due_at = entry.message.accepted_at;
        }
        Ok(())
    }

    fn note_unknown(&self, reply: UnknownReply) {
        self.books().unknown.push(reply);
    }

    async fn recipients_handed_over(&self, _: RouteId, _: Timestamp) -> Result<u64, Unanswered> {
        Ok(self.books().handed_over)
    }

    async fn settle(&self, settlement: Settlement) -> Result<(), Unanswered> {
        tokio::time::sleep(self.commit).await;
        let mut books = self.books();
        let entry = books.entries.get_mut(&settlement.message_id).unwrap();
        let mut changed = Vec::new();
        for outcome in &settlement.recipients {
            let slot = &mut entry.states[outcome.position as usize];
            if *slot == RecipientState::Queued {
                *slot = outcome.state;
                changed.push(outcome.state);
            }
        }
        entry.message.attempts += u32::from(settlement.is_attempt);
        entry.message.due_at = settlement.due_at;
        let untold = !entry.message.delay_told;
        let called_for = |notice: &Notice| match notice.kind {
            NoticeKind::Failed => changed.contains(&RecipientState::Failed),
            NoticeKind::Relayed => changed.contains(&RecipientState::Delivered),
            NoticeKind::Delayed => changed.contains(&RecipientState::Queued) && untold,
        };
        let notices = settlement.notices.into_iter().filter(called_for);
        let mut events = settlement.events;
        let mut mails = Vec::new();
        for notice in notices {
            entry.message.delay_told |= notice.kind == NoticeKind::Delayed;
            events.push(notice.event);
            mails.push(*notice.mail);
        }
        entry.is_held |= events.iter().any(|event| event.kind == EventKind::Held);
        let details = events.iter().map(|event| event.detail.clone());
        entry.details.extend(details);
        entry.events.extend(events.iter().map(|event| {
            let reason = event.reason.map_or("", Reason::code);
            format!("{} {reason}", event.kind).trim_end().to_owned()
        }));
        books.bounces.extend(mails);
        Ok(())
    }
}

/// The message with the recipients that still wait.
fn remaining(entry: &Entry) -> QueuedMessage {
    let mut message = entry.message.clone();
    let waits = |position: &u32| entry.states[*position as usize] == RecipientState::Queued;
    let recipients = std::mem::take(&mut message.envelope.recipients);
    let kept = recipients.into_iter().zip(&message.positions);
    let kept = kept.filter(|(_, position)| waits(position));
    message.envelope.recipients = kept.map(|(recipient, _)| recipient).collect();
    message.positions.retain(waits);
    message
}

#[derive(Clone)]
struct Fake(Arc<Mutex<Server>>, RouteId);

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fake")
    }
}

#[async_trait]
impl Upstream for Fake {
    async fn connect(&self) -> Result<Box<dyn Connection>, Setback> {
        let latency = {
            let mut server = self.0.lock().unwrap();
            server.connects += 1;
            let refuses = server.refuses_only.is_none_or(|route| route == self.1);
            if let Some(setback) = server.refuses.as_ref().filter(|_| refuses) {
                return Err(setback.clone());
            }
            server.connections += 1;
            server.most_connections = server.most_connections.max(server.connections);
            server.latency
        };
        tokio::time::sleep(latency).await;
        Ok(Box::new(FakeConnection {
            server: self.clone(),
            is_usable: true,
        }))
    }
}

struct FakeConnection {
    server: Fake,
    is_usable: bool,
}

impl Drop for FakeConnection {
    fn drop(&mut self) {
        self.server.0.lock().unwrap().connections -= 1;
    }
}

#[async_trait]
impl Connection for FakeConnection {
    async fn send(&mut self, message: &Outgoing<'_>, body: &mut dyn BodySource) -> Vec<Outcome> {
        let latency = {
            let mut server = self.server.0.lock().unwrap();
            assert!(server.underway.insert(message.id), "twice at a time");
            server.latency
        };
        let mut read = 0;
        while let Some(piece) = body.next().await.unwrap() {
            read += piece.len() as u64;
        }
        assert_eq!(read, message.size);
        tokio::time::sleep(latency).await;
        let mut server = self.server.0.lock().unwrap();
        server.underway.remove(&message.id);
        if counted_down(&mut server.panics.0) {
            drop(server);
            panic!("as scripted");
        }
        server.sent.push((Instant::now(), message.id));
        server.routes.push(self.server.1);
        let outcome = (server.answer)(message);
        if let Outcome::Setback(setback) = &outcome {
            self.is_usable = setback.reply.is_some();
        }
        vec![outcome; message.recipients.len()]
    }

    fn is_usable(&self) -> bool {
        self.is_usable
    }

    fn forwards_notifications(&self) -> bool {
        self.server.0.lock().unwrap().forwards_notifications
    }

    async fn close(self: Box<Self>) {}
}

/// Whether there was something left to count down.
fn counted_down(count: &mut usize) -> bool {
    let left = *count > 0;
    *count = count.saturating_sub(1);
    left
}

/// A counter that answers can share.
pub(super) fn counter() -> (Arc<AtomicUsize>, impl FnMut() -> usize + Send + 'static) {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    (count, move || shared.fetch_add(1, Ordering::SeqCst))
}

/// Whether so many messages of the first lane are on their way.
pub(super) fn in_flight(queue: &Queue, count: usize) -> impl FnMut(&World) -> bool {
    let queue = queue.clone();
    move |_| {
        let lanes = queue.lanes();
        lanes.first().is_some_and(|lane| lane.in_flight == count)
    }
}
