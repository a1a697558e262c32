//! A store with one account, route, relay user and system, on either engine.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use jiff::Timestamp;
use relayd::{
    model::{
        Account, AccountId, AccountKind, AccountState, BodyEncoding, Contact, CredentialId,
        DomainProof, DsnNotify, DsnReturn, Envelope, Event, EventKind, IdSource, Limits, MessageId,
        OtherSender, Pace, Quota, Recipient, RecipientState, RelayUser, ReversePath, Route,
        RouteId, RouteKind, Secret, Security, Subject, System, SystemAuth, SystemId, SystemState,
        UserId, UserState,
    },
    queue::{Accepted, Journal},
    store::{
        NewCredential, NewMessage, Notice, NoticeKind, QueuedMessage, RecipientOutcome, SealKey,
        Settlement, Store,
    },
};
use sqlx::{AnyPool, Row};
use tempfile::TempDir;
use tokio::task::JoinHandle;

pub(crate) static IDS: IdSource = IdSource::new();

pub(crate) const LIMITS: Limits = Limits {
    messages_per_minute: 100_000,
    messages_per_day: 100_000,
    recipients_per_day: 1_000_000,
    recipients_per_message: 500,
    message_size: 1 << 30,
};

/// What messages of a relay user with these limits are counted against.
pub(crate) fn quotas_of(user: UserId, limits: Limits) -> Vec<Quota> {
    vec![Quota {
        subject: Subject::User(user),
        limits: limits.into(),
    }]
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    /// What the journal handed to the lanes.
    pub(crate) offered: Arc<Mutex<Vec<QueuedMessage>>>,
    pub(crate) account: AccountId,
    pub(crate) route: RouteId,
    pub(crate) user: UserId,
    pub(crate) system: SystemId,
    pub(crate) url: String,
    pub(crate) sql: AnyPool,
    pub(crate) folder: TempDir,
    task: JoinHandle<()>,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn an_account(id: AccountId, name: &str) -> Account {
    Account {
        id,
        name: name.to_owned(),
        contact: Contact {
            kind: AccountKind::Company,
            company: "Acme GmbH".to_owned(),
            vat_id: "DE123456789".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Lovelace".to_owned(),
            email: "ada@acme.example".parse().unwrap(),
            phone: String::new(),
            street: "Hauptstraße 1".to_owned(),
            postal_code: "10115".to_owned(),
            city: "Berlin".to_owned(),
            country: "DE".to_owned(),
        },
        state: AccountState::Registered,
        verified_at: None,
        activated_at: None,
        created_at: noon(),
        self_registered: false,
        domain_proof: DomainProof::Waived,
        bounces_to: relayd::model::BouncesTo::Sender,
        note: String::new(),
        suspension: None,
        drain_until: None,
        closed_at: None,
        version: 1,
    }
}

pub(crate) fn a_credential() -> NewCredential {
    NewCredential {
        id: CredentialId::new(&IDS, noon()),
        name: "default".to_owned(),
        hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        created_at: noon(),
    }
}

/// The time of every test, unless it is about time.
pub(crate) fn noon() -> Timestamp {
    at("2026-11-21T12:00:00Z")
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(noon().as_second() + seconds).unwrap()
}

impl World {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        Self::open(url, folder).await
    }

    pub(crate) async fn on_postgres(url: String) -> Self {
        Self::open(url, tempfile::tempdir().unwrap()).await
    }

    async fn open(url: String, folder: TempDir) -> Self {
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let store = Store::open(&url, key).await.unwrap();
        let sql = AnyPool::connect(&url).await.unwrap();
        let (journal, task, offered) = start(&store);
        let world = Self {
            account: AccountId::new(&IDS, noon()),
            route: RouteId::new(&IDS, noon()),
            user: UserId::new(&IDS, noon()),
            system: SystemId::new(&IDS, noon()),
            store,
            journal,
            offered,
            url,
            sql,
            folder,
            task,
        };
        world.insert_account().await;
        let route = world.a_route();
        world.store.insert_route(&route, noon()).await.unwrap();
        world
    }

    /// What routes and messages point to.
    async fn insert_account(&self) {
        let account = an_account(self.account, "acme");
        self.store.insert_account(&account).await.unwrap();
        let user = self.a_relay_user(self.user, "scanner");
        self.store
            .insert_relay_user(&user, &a_credential(), 3)
            .await
            .unwrap();
        let system = self.a_system(self.system, "printer", "192.0.2.7");
        self.store.insert_system(&system).await.unwrap();
    }

    pub(crate) fn a_relay_user(&self, id: UserId, username: &str) -> RelayUser {
        RelayUser {
            id,
            account_id: self.account,
            username: username.to_owned(),
            sender: "scanner@acme.example".parse().unwrap(),
            allowed_senders: vec!["nas@acme.example".parse().unwrap()],
            other_sender: OtherSender::Reject,
            state: UserState::Active,
            created_at: noon(),
            version: 1,
        }
    }

    pub(crate) fn a_system(&self, id: SystemId, name: &str, network: &str) -> System {
        System {
            id,
            account_id: self.account,
            name: name.to_owned(),
            network: network.parse().unwrap(),
            user_id: self.user,
            auth: SystemAuth::Password,
            state: SystemState::Active,
            priority: relayd::model::Priority::Normal,
            last_seen_at: None,
            created_at: noon(),
            version: 1,
        }
    }

    pub(crate) fn a_route(&self) -> Route {
        Route {
            server: "smtp.office365.com".to_owned(),
            port: 587,
            security: Security::StartTls,
            mailbox: "scanner@acme.example".to_owned(),
            password: Some(Secret::new("correct horse")),
            pace: Pace::EXCHANGE_ONLINE,
            ..Route::new(self.route, self.account, RouteKind::SmtpAuth)
        }
    }

    /// Ends the journal, when it has written everything, and the store; begins both anew.
    pub(crate) async fn restart(&mut self) {
        let (idle, _) = Journal::start(self.store.clone(), Arc::new(|_| {}));
        drop(std::mem::replace(&mut self.journal, idle));
        (&mut self.task).await.unwrap();
        self.store.close().await;
        let key = SealKey::load_or_create(&self.folder.path().join("key")).unwrap();
        self.store = Store::open(&self.url, key).await.unwrap();
        (self.journal, self.task, self.offered) = start(&self.store);
    }

    /// A message to so many recipients.
    pub(crate) fn message(&self, recipients: usize) -> NewMessage {
        let recipient = |number: usize| Recipient {
            address: format!("r{number}@example.com").parse().unwrap(),
            notify: (number == 0).then_some(DsnNotify {
                success: true,
                ..DsnNotify::default()
            }),
            original: "rfc822;r@example.com".to_owned(),
        };
        NewMessage {
            id: MessageId::new(&IDS, noon()),
            account_id: self.account,
            route_id: self.route,
            user_id: self.user,
            system_id: self.system,
            envelope: Envelope {
                reverse_path: "scanner@acme.example".parse().unwrap(),
                recipients: (0..recipients).map(recipient).collect(),
                encoding: BodyEncoding::EightBit,
                smtputf8: true,
                dsn_return: Some(DsnReturn::Headers),
                envelope_id: "QQ314159".to_owned(),
            },
            header_from: "scanner@acme.example".to_owned(),
            subject: "Scan".to_owned(),
            header_id: "<1@acme.example>".to_owned(),
            size: 4,
            client: "192.0.2.7".parse().unwrap(),
            helo: "printer".to_owned(),
            story: String::new(),
            tls: "TLSv1.3 TLS_AES_256_GCM_SHA384".to_owned(),
            accepted_at: noon(),
            quotas: quotas_of(self.user, LIMITS),
            stored_chunks: 0,
            tail: Bytes::from_static(b"\0\xff\r\n"),
        }
    }

    /// Accepts a message to so many recipients and gives its id.
    pub(crate) async fn accepted(&self, recipients: usize) -> MessageId {
        let message = self.message(recipients);
        let id = message.id;
        self.journal.accept(message).await.unwrap();
        id
    }

    /// Records an attempt.
    pub(crate) async fn settle(&self, id: MessageId, outcomes: &[(u32, RecipientState)]) {
        self.journal
            .settle(self.settlement(id, outcomes))
            .await
            .unwrap();
    }

    pub(crate) fn settlement(
        &self,
        id: MessageId,
        outcomes: &[(u32, RecipientState)],
    ) -> Settlement {
        let reply = |state| match state {
            RecipientState::Delivered => "250 2.0.0 OK".to_owned(),
            RecipientState::Queued => "451 4.3.2 later".to_owned(),
            _ => "550 5.1.10 no such user".to_owned(),
        };
        let event = |(_, state): &(u32, RecipientState)| Event {
            at: noon(),
            message_id: id,
            kind: match state {
                RecipientState::Delivered => EventKind::Delivered,
                RecipientState::Queued => EventKind::Deferred,
                _ => EventKind::Failed,
            },
            recipients: Vec::new(),
            reason: None,
            reply: reply(*state),
            detail: String::new(),
            client: None,
        };
        Settlement {
            message_id: id,
            account_id: self.account,
            user_id: self.user,
            system_id: self.system,
            reverse_path: "scanner@acme.example".parse().unwrap(),
            accepted_at: noon(),
            recipients: outcomes
                .iter()
                .map(|(position, state)| RecipientOutcome {
                    position: *position,
                    state: *state,
                    reply: reply(*state),
                    reason: None,
                })
                .collect(),
            due_at: later(600),
            is_attempt: true,
            events: outcomes.iter().map(event).collect(),
            at: noon(),
            notices: Vec::new(),
        }
    }

    /// A settlement that has failures to tell of.
    pub(crate) fn settlement_with_bounce(
        &self,
        id: MessageId,
        outcomes: &[(u32, RecipientState)],
    ) -> Settlement {
        let mut settlement = self.settlement(id, outcomes);
        let mut bounce = self.message(1);
        bounce.envelope.reverse_path = ReversePath::Null;
        settlement
            .notices
            .push(notice(id, NoticeKind::Failed, bounce));
        settlement
    }

    /// Ids of the messages that are due at a time.
    pub(crate) async fn due(&self, now: Timestamp) -> Vec<MessageId> {
        let due = self
            .store
            .due(self.route, now, 10_000, noon())
            .await
            .unwrap();
        due.iter().map(|message| message.id).collect()
    }

    /// The one number that a statement gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let row = sqlx::query(sql).fetch_one(&self.sql).await.unwrap();
        row.get(0)
    }

    /// How many rows a table has.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.sql)
            .await
            .unwrap();
        row.get(0)
    }

    /// The byte strings that a statement gives.
    pub(crate) async fn bytes(&self, sql: &'static str) -> Vec<Vec<u8>> {
        let rows = sqlx::query(sql).fetch_all(&self.sql).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Runs a statement.
    pub(crate) async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.sql).await.unwrap();
    }

    /// The texts that a statement gives.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        let rows = sqlx::query(sql).fetch_all(&self.sql).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

fn start(store: &Store) -> (Journal, JoinHandle<()>, Arc<Mutex<Vec<QueuedMessage>>>) {
    let offered = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&offered);
    let accepted: Arc<Accepted> = Arc::new(move |message| sink.lock().unwrap().push(message));
    let (journal, task) = Journal::start(store.clone(), accepted);
    (journal, task, offered)
}

/// A notice with its line of history.
pub(crate) fn notice(id: MessageId, kind: NoticeKind, mail: NewMessage) -> Notice {
    let event = Event {
        at: noon(),
        message_id: id,
        kind: match kind {
            NoticeKind::Failed => EventKind::Bounced,
            NoticeKind::Delayed | NoticeKind::Relayed => EventKind::Notified,
        },
        recipients: Vec::new(),
        reason: None,
        reply: String::new(),
        detail: format!("told by {}", mail.id),
        client: None,
    };
    Notice {
        kind,
        mail: Box::new(mail),
        event,
    }
}
