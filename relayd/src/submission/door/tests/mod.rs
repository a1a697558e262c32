//! Sign-ins as an attacker and as a device see them, over a real store.

mod bodies;
mod records;
mod silence;
mod strangers;
mod tried;

use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use crate::{
    clock::{Clock, ManualClock},
    model::{
        Account, AccountId, AccountKind, AccountState, Contact, CredentialId, DomainProof,
        OtherSender, Protocol, RelayUser, Secret, System, SystemAuth, SystemId, SystemState,
        UserId, UserState,
    },
    policy::GuessSettings,
    smtp::Encryption,
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
                entrances: entrances(),
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

/// Two listeners: `test` for those who sign in, `lan` for those who are known by their address.
fn entrances() -> Vec<Entrance> {
    let entrance = |name: &str, encryption, address_auth| Entrance {
        name: name.into(),
        encryption,
        plaintext_auth_networks: Vec::new(),
        address_auth,
    };
    vec![
        entrance("test", Encryption::StartTls, false),
        entrance("lan", Encryption::None, true),
    ]
}

async fn insert_account(store: &Store, ids: &IdSource, now: Timestamp) -> AccountId {
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
