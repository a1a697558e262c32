//! Sign-ins as an attacker and as a device see them, over a real store.

use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use crate::{
    clock::{Clock, ManualClock},
    model::{
        Account, AccountId, AccountKind, AccountState, BodyEncoding, Contact, CredentialId,
        DomainProof, OtherSender, Protocol, RelayUser, Secret, System, SystemAuth, SystemId,
        SystemState, UserId, UserState,
    },
    policy::GuessSettings,
    smtp::Stage,
    store::{NewCredential, SealKey},
};

const DEVICE: &str = "192.0.2.10";
const STRANGER: &str = "198.51.100.66";
const RIGHT: &str = "correct horse battery staple";

/// A door with two relay users, `scan` and the suspended `stopped`, whose systems are at
/// [`DEVICE`].
struct House {
    door: Door,
    guesses: Arc<Guesses>,
    passwords: Passwords,
    clock: Arc<ManualClock>,
    store: Store,
    account: AccountId,
    _journal: JoinHandle<()>,
    _folder: TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let clock = ManualClock::at("2026-05-04T12:00:00Z".parse().unwrap());
        let (passwords, ids) = (Passwords::new(2), Arc::new(IdSource::new()));
        let account = insert_account(&store, &ids, clock.now()).await;
        for (name, state) in [
            ("scan", UserState::Active),
            ("stopped", UserState::Suspended),
        ] {
            insert_user(&store, (&ids, &passwords), account, (name, state)).await;
        }
        let settings = GuessSettings {
            ban_after: 15,
            exempt: Vec::new(),
        };
        let guesses = Arc::new(Guesses::new(settings, [7; 32]));
        let (journal, task) = Journal::start(store.clone(), Arc::new(|_| {}));
        let door = Door::new(
            Settings {
                hostname: "relay.example".to_owned(),
                message_size: 1 << 20,
                address_listeners: vec!["lan".to_owned()],
            },
            store.clone(),
            journal,
            clock.clone(),
            ids,
            (passwords.clone(), [7; 32]),
            Arc::clone(&guesses),
        );
        Self {
            door,
            guesses,
            passwords,
            clock,
            store,
            account,
            _journal: task,
            _folder: folder,
        }
    }

    /// What a sign-in from there gets, how late, and how many runs of Argon2id it cost.
    async fn sign_in(
        &self,
        client: &str,
        username: &str,
        password: &str,
    ) -> (Result<Principal, (Refusal, Duration)>, u64) {
        let credentials = Credentials {
            username: username.to_owned(),
            password: Secret::new(password),
        };
        let client = client.parse().unwrap();
        let said = (username, &credentials.password);
        let before = self.passwords.runs();
        let attempt = self.guesses.begin(client, said, self.clock.now()).unwrap();
        let found = self.door.identify(client, username, &credentials, attempt);
        (found.await, self.passwords.runs() - before)
    }

    /// Guesses at a name from many addresses until it is under attack.
    fn attack(&self, username: &str) {
        for number in 0..50 {
            let client = format!("203.0.113.{number}").parse().unwrap();
            let password = Secret::new(number.to_string());
            let now = self.clock.now();
            let attempt = self.guesses.begin(client, (username, &password), now);
            attempt.unwrap().failed(username, now);
        }
    }
}

async fn insert_account(store: &Store, ids: &IdSource, now: jiff::Timestamp) -> AccountId {
    let account = Account {
        id: AccountId::new(ids, now),
        name: "acme".to_owned(),
        contact: Contact {
            kind: AccountKind::Company,
            company: "Acme GmbH".to_owned(),
            vat_id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: "ops@acme.example".parse().unwrap(),
            phone: String::new(),
            street: String::new(),
            postal_code: String::new(),
            city: String::new(),
            country: String::new(),
        },
        state: AccountState::Active,
        verified_at: Some(now),
        activated_at: Some(now),
        created_at: now,
        self_registered: false,
        domain_proof: DomainProof::Waived,
        bounces_to: crate::model::BouncesTo::Sender,
        note: String::new(),
        suspension: None,
        drain_until: None,
        closed_at: None,
        version: 1,
    };
    store.insert_account(&account).await.unwrap();
    account.id
}

async fn insert_user(
    store: &Store,
    (ids, passwords): (&IdSource, &Passwords),
    account_id: AccountId,
    (name, state): (&str, UserState),
) {
    let now = "2026-05-04T12:00:00Z".parse().unwrap();
    let user = RelayUser {
        id: UserId::new(ids, now),
        account_id,
        username: name.to_owned(),
        state,
        ..RelayUser::scanner(OtherSender::Reject)
    };
    let credential = NewCredential {
        id: CredentialId::new(ids, now),
        name: "default".to_owned(),
        hash: passwords.hash(&Secret::new(RIGHT)).await.unwrap(),
        created_at: now,
    };
    store
        .insert_relay_user(&user, &credential, 9)
        .await
        .unwrap();
    let system = System {
        id: SystemId::new(ids, now),
        account_id,
        name: name.to_owned(),
        network: DEVICE.parse().unwrap(),
        user_id: user.id,
        auth: SystemAuth::Password,
        state: SystemState::Active,
        priority: crate::model::Priority::Normal,
        last_seen_at: None,
        created_at: now,
        version: 1,
    };
    store.insert_system(&system).await.unwrap();
}

fn peer(client: &str) -> Peer {
    Peer {
        remote: format!("{client}:40000").parse().unwrap(),
        listener: "test".into(),
        helo: String::new(),
        tls: None,
        protocol: Protocol::Esmtpsa,
    }
}

/// The names are tried from addresses of their own, so that each attempt is a first one.
#[tokio::test]
async fn a_refused_sign_in_tells_nothing_of_the_name() {
    let house = House::open().await;
    for name in ["scan", "ghost"] {
        house.attack(name);
    }
    let names = [
        ("plain", ["stopped", "nobody"]),
        ("under attack", ["scan", "ghost"]),
    ];
    for (group, (what, [known, unknown])) in names.into_iter().enumerate() {
        let mut seen = Vec::new();
        for (number, name) in [known, known, unknown, unknown].into_iter().enumerate() {
            let client = format!("198.51.100.{}", 10 * group + number);
            let (refused, runs) = house.sign_in(&client, name, "wrong").await;
            seen.push((refused.unwrap_err(), runs));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{what}: {seen:?}");
        assert_eq!(
            (seen[0].0.1, seen[0].1),
            (Duration::from_secs(1), 1),
            "{what}"
        );
    }
    let long = "x".repeat(5000);
    for odd in ["", "a\0b", "a\nb", &long] {
        let (refused, runs) = house.sign_in("203.0.113.200", odd, "wrong").await;
        let (refusal, _) = refused.unwrap_err();
        assert_eq!((refusal.reason, runs), (Reason::CredentialsRejected, 1));
    }
}

/// The relay user has as many passwords as it may; all of them cost one run, as does one that
/// nobody has.
#[tokio::test]
async fn how_many_passwords_there_are_shows_in_nothing() {
    let house = House::open().await;
    let user = house.store.relay_user_by_name("scan").await.unwrap();
    let (user, ids) = (user.unwrap().id, IdSource::new());
    for number in 1..5 {
        let others = house.store.password_hashes(user).await.unwrap();
        let beside = others.into_iter().map(|one| one.hash).collect();
        let password = Secret::new(format!("{RIGHT} {number}"));
        let hash = house.passwords.hash_beside(&password, beside).await;
        let credential = NewCredential {
            id: CredentialId::new(&ids, house.clock.now()),
            name: format!("number-{number}"),
            hash: hash.unwrap(),
            created_at: house.clock.now(),
        };
        house
            .store
            .add_credential(user, &credential, 5)
            .await
            .unwrap();
    }
    let mut costs = Vec::new();
    for (number, name) in ["scan", "stopped", "nobody"].into_iter().enumerate() {
        let client = format!("198.51.100.{number}");
        let (refused, runs) = house.sign_in(&client, name, "wrong").await;
        costs.push((refused.unwrap_err(), runs));
    }
    assert!(costs.iter().all(|one| *one == costs[0]), "{costs:?}");
    assert_eq!(costs[0].1, 1);
    // Each of them is known at once from then on, and by its own name.
    for password in [RIGHT.to_owned(), format!("{RIGHT} 4")] {
        let mut seen = Vec::new();
        for runs in [1, 0] {
            let (signed_in, cost) = house.sign_in(DEVICE, "scan", &password).await;
            assert_eq!(cost, runs, "{password}");
            seen.push(signed_in.unwrap().credential);
        }
        assert!(seen[0].is_some() && seen[0] == seen[1]);
    }
}

/// Whoever behind a registered address tries names learns as little.
#[tokio::test]
async fn at_a_registered_address_a_wrong_password_tells_as_little() {
    let house = House::open().await;
    for name in ["scan", "ghost"] {
        house.attack(name);
    }
    let mut seen = Vec::new();
    for name in ["scan", "ghost"] {
        let (refused, runs) = house.sign_in(DEVICE, name, "wrong").await;
        seen.push((refused.unwrap_err().0, runs));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_device_at_its_address_signs_in_while_strangers_guess_at_its_name() {
    let house = House::open().await;
    house.attack("scan");
    let (refused, runs) = house.sign_in(STRANGER, "scan", RIGHT).await;
    assert_eq!(refused.unwrap_err().0.reason, Reason::AuthThrottled);
    assert_eq!(runs, 1);
    assert!(house.sign_in(DEVICE, "scan", RIGHT).await.0.is_ok());
}

#[tokio::test]
async fn that_a_user_is_suspended_is_told_to_those_with_its_password() {
    let house = House::open().await;
    let (refused, _) = house.sign_in(DEVICE, "stopped", "wrong").await;
    assert_eq!(refused.unwrap_err().0.reason, Reason::CredentialsRejected);
    let principal = house.sign_in(DEVICE, "stopped", RIGHT).await.0.unwrap();
    let mail = MailParameters {
        reverse_path: "scan@acme.example"
            .parse()
            .map(ReversePath::Address)
            .unwrap(),
        size: None,
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: String::new(),
    };
    let refused = house
        .door
        .check_sender(&peer(DEVICE), &principal, &mail)
        .await;
    assert_eq!(refused.unwrap_err().reason, Reason::UserSuspended);
}

#[tokio::test]
async fn who_guesses_is_not_welcome_for_a_while_and_the_others_are() {
    let house = House::open().await;
    for number in 0..15 {
        assert!(house.door.welcome(&peer(STRANGER)).is_ok());
        let password = number.to_string();
        house
            .sign_in(STRANGER, "scan", &password)
            .await
            .0
            .unwrap_err();
    }
    let refused = house.door.welcome(&peer(STRANGER)).unwrap_err();
    assert_eq!(refused.reason, Reason::AddressBanned);
    let credentials = Credentials {
        username: "scan".to_owned(),
        password: Secret::new(RIGHT),
    };
    let refused = house.door.authenticate(&peer(STRANGER), credentials).await;
    assert_eq!(refused.unwrap_err().reason, Reason::AddressBanned);
    assert!(house.door.welcome(&peer(DEVICE)).is_ok());
    assert!(house.sign_in(DEVICE, "scan", RIGHT).await.0.is_ok());
    house.clock.advance(Duration::from_mins(5));
    assert!(house.door.welcome(&peer(STRANGER)).is_ok());
}

#[tokio::test]
async fn what_the_log_shows_of_a_name_that_was_tried_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let file = std::fs::File::create(&path).unwrap();
    let log = tracing_subscriber::fmt().with_writer(Arc::new(file));
    let _log = tracing::subscriber::set_default(log.finish());
    let house = House::open().await;
    let username = "x".repeat(50_000);
    for number in 0..15 {
        let password = number.to_string();
        let signed_in = house.sign_in(STRANGER, &username, &password).await;
        signed_in.0.unwrap_err();
    }
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.contains("banned for guessing passwords"), "{log}");
    assert!(log.contains(&"x".repeat(254)) && !log.contains(&"x".repeat(255)));
}

#[tokio::test]
async fn no_body_is_asked_for_that_could_not_be_kept() {
    let house = House::open().await;
    let principal = house.sign_in(DEVICE, "scan", RIGHT).await.0.unwrap();
    let condition = house.door.0.journal.condition();
    let envelope = || Envelope {
        reverse_path: ReversePath::Null,
        recipients: Vec::new(),
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: String::new(),
    };
    let open = async || {
        let opened = house.door.open(&peer(DEVICE), &principal, envelope()).await;
        opened.err().map(|refusal| refusal.reason)
    };
    // The account has no subscription: that is what stops it when the store is well.
    assert_eq!(open().await, Some(Reason::NoSubscription));
    condition.set_disk_low(true);
    assert_eq!(open().await, Some(Reason::DiskFull));
    condition.set_disk_low(false);
    condition.ended(&Err(StoreError::Unavailable(String::new())));
    assert_eq!(open().await, Some(Reason::StoreUnavailable));
    condition.ended(&Ok(()));
    assert_eq!(open().await, Some(Reason::NoSubscription));
}

#[tokio::test]
async fn a_refusal_is_told_of_the_user_however_late_it_is() {
    let house = House::open().await;
    let tried = async |username: &str| {
        let (refused, _) = house.sign_in(STRANGER, username, "wrong").await;
        assert!(refused.is_err());
    };
    tried("scan").await;
    tried("nobody").await;
    // Held back for so long that the entry is stale.
    let ids = IdSource::new();
    let other = (&ids, &house.passwords);
    let account = house.account;
    insert_user(
        &house.store,
        other,
        account,
        ("other", UserState::Suspended),
    )
    .await;
    assert!(house.door.0.directory.cached("scan").is_none());
    let peer = peer(STRANGER);
    let whose = |username| {
        let context = RefusalContext {
            peer: &peer,
            principal: None,
            username,
            stage: Stage::Auth,
            sender: "",
            recipient: "",
        };
        let (login, _) = house.door.whose(&context, username);
        login.map(|login| login.standing.user.username.clone())
    };
    assert_eq!(whose("scan").as_deref(), Some("scan"));
    assert_eq!(whose("nobody"), None);
    assert_eq!(whose(""), None);
}
