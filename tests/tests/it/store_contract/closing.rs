//! Promises about the end of an account, the versions of its route, and what it takes along.

use relayd::{
    model::{
        Account, AccountId, AccountState, EventKind, RecipientState, RouteId, Secret, SessionId,
        SubscriptionId, TokenId,
    },
    store::{
        CodePurpose, EmailCode, NewSubscription, OwnerSession, QueueAction, Registration,
        SignedInBy, Store, StoreError, Token,
    },
};

use super::world::{IDS, World, an_account, at, later, noon};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$b3duZXJwYXNzd29yZA";

/// Everything that signs in.
async fn give_secrets(world: &World) {
    let (store, account_id) = (&world.store, world.account);
    store
        .set_sign_in(account_id, HASH, noon(), &[])
        .await
        .unwrap();
    let session = OwnerSession {
        id: SessionId::new(&IDS, noon()),
        account_id,
        hash: vec![0xa1; 32],
        created_at: noon(),
        created_from: String::new(),
        used_at: noon(),
        used_from: String::new(),
        expires_at: later(60),
    };
    let email = store
        .account(account_id)
        .await
        .unwrap()
        .unwrap()
        .contact
        .email;
    let by = SignedInBy {
        email: &email,
        hash: HASH,
    };
    let begun = store.insert_session(&session, &by, noon()).await;
    begun.unwrap();
    let token = Token {
        id: TokenId::new(&IDS, noon()),
        account_id: Some(account_id),
        name: "ci".to_owned(),
        hash: vec![0xb2; 32],
        read_only: false,
        created_at: noon(),
        expires_at: None,
        last_used_at: None,
        created_by: "operator".to_owned(),
    };
    store.insert_token(&token).await.unwrap();
    let code = EmailCode {
        account_id,
        purpose: CodePurpose::Reset,
        hash: vec![0xc3; 32],
        email: "ada@acme.example".parse().unwrap(),
        sent_at: noon(),
        expires_at: later(60),
    };
    store.put_code(&code).await.unwrap();
}

async fn account_of(store: &Store, id: AccountId) -> Account {
    store.account(id).await.unwrap().unwrap()
}

async fn counted(world: &World, tables: &[&str]) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in tables {
        counts.push(world.rows(table).await);
    }
    counts
}

const SIGNS_IN: [&str; 5] = [
    "sign_ins",
    "sessions",
    "tokens",
    "email_codes",
    "credentials",
];

pub(super) async fn an_account_closes_in_two_steps_that_can_be_repeated(world: World) {
    let store = &world.store;
    give_secrets(&world).await;
    let waiting = world.accepted(1).await;
    let account = account_of(store, world.account).await;
    assert_eq!(counted(&world, &SIGNS_IN).await, [1; 5]);
    store
        .begin_closing(&account, later(60), noon())
        .await
        .unwrap();
    assert_eq!(counted(&world, &SIGNS_IN).await, [0; 5]);
    let stale = store.begin_closing(&account, later(60), noon()).await;
    assert_eq!(stale, Err(StoreError::NotFound));
    let closing = store.closing_accounts().await.unwrap();
    assert_eq!(closing.len(), 1);
    assert_eq!(closing[0].drain_until, Some(later(60)));
    let off = "SELECT COUNT(*) FROM relay_users WHERE state <> 'suspended'";
    assert_eq!(world.number(off).await, 0);

    let refused = world.journal.accept(world.message(1)).await;
    assert!(
        format!("{refused:?}").contains("AccountNotActive"),
        "{refused:?}"
    );
    assert_eq!(store.count_waiting(world.route).await, Ok(1));
    assert_eq!(
        store.finish_closing(world.account, later(1)).await,
        Ok(false)
    );
    world
        .settle(waiting, &[(0, RecipientState::Delivered)])
        .await;
    assert_eq!(
        store.finish_closing(world.account, later(2)).await,
        Ok(true)
    );
    assert_eq!(
        store.finish_closing(world.account, later(3)).await,
        Ok(false)
    );
    let closed = account_of(store, world.account).await;
    assert_eq!(closed.state, AccountState::Closed);
    assert_eq!(
        (closed.closed_at, closed.drain_until),
        (Some(later(2)), None)
    );
    assert_eq!(
        counted(&world, &["routes", "route_versions", "holds"]).await,
        [0; 3]
    );
    assert!(store.closing_accounts().await.unwrap().is_empty());
    let again = store.begin_closing(&closed, later(60), noon()).await;
    assert_eq!(again, Err(StoreError::NotFound));
}

/// Whether the bytes stand anywhere in the files of an embedded store.
fn is_on_disk(world: &World, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(world.folder.path()).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("relay.db")
        })
        .any(|path| {
            let text = std::fs::read(path).unwrap();
            text.windows(bytes.len()).any(|window| window == bytes)
        })
}

pub(super) async fn what_is_wiped_is_overwritten_in_the_file(mut world: World) {
    if !world.url.starts_with("sqlite:") {
        // A server keeps old rows until it vacuums; that is documented.
        return;
    }
    give_secrets(&world).await;
    let sealed = world
        .bytes("SELECT password FROM route_versions")
        .await
        .remove(0);
    let secrets = [sealed.as_slice(), HASH.as_bytes(), &[0xa1; 32], &[0xb2; 32]];
    // A checkpoint brings everything into the file itself.
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    world.execute(checkpoint).await;
    for secret in secrets {
        assert!(is_on_disk(&world, secret));
    }
    let account = account_of(&world.store, world.account).await;
    world
        .store
        .begin_closing(&account, noon(), noon())
        .await
        .unwrap();
    let done = world.store.finish_closing(world.account, noon()).await;
    assert_eq!(done, Ok(true));
    world.restart().await;
    world.execute(checkpoint).await;
    for secret in secrets {
        assert!(!is_on_disk(&world, secret));
    }
}

pub(super) async fn who_had_a_cancelled_message_already_is_told(world: World) {
    let store = &world.store;
    let partly = world.accepted(2).await;
    world
        .settle(
            partly,
            &[(0, RecipientState::Delivered), (1, RecipientState::Queued)],
        )
        .await;
    let unsent = world.accepted(1).await;
    let ids = store.waiting_messages(world.route, 10).await.unwrap();
    assert_eq!(ids.len(), 2);
    let done = store
        .act_on_messages(&ids, QueueAction::Cancel, "closed", later(9))
        .await
        .unwrap();
    assert_eq!(done.len(), 2);
    for (id, expected) in [
        (partly, "closed; 1 of 2 recipients had it already"),
        (unsent, "closed"),
    ] {
        let last = store.events_of(id).await.unwrap().pop().unwrap();
        assert_eq!(
            (last.kind, last.detail.as_str()),
            (EventKind::Cancelled, expected)
        );
    }
    assert!(
        store
            .waiting_messages(world.route, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

pub(super) async fn versions_of_a_route_are_kept_with_their_secrets(world: World) {
    let store = &world.store;
    for number in 1..=11 {
        let mut route = store.route(world.route).await.unwrap().unwrap();
        route.password = Some(Secret::new(format!("secret {number}")));
        route.server = format!("mx{number}.acme.example");
        store.update_route(&route, later(number)).await.unwrap();
    }
    let route = store.route(world.route).await.unwrap().unwrap();
    let kept = store.route_versions(&route).await.unwrap();
    let numbers: Vec<_> = kept.iter().map(|kept| kept.route.version).collect();
    assert_eq!(numbers, (3..=12).rev().collect::<Vec<_>>());
    assert_eq!(counted(&world, &["route_versions"]).await, [10]);
    let newest = &kept[0];
    assert!(newest.route.differences(&route).is_empty());
    assert_eq!(newest.changed, ["server", "password"]);
    assert_eq!(
        (newest.actor.as_str(), newest.set_at),
        ("relayd", later(11))
    );
    let oldest = kept.last().unwrap();
    let password = oldest.route.password.as_ref().unwrap();
    assert_eq!(password.expose(), "secret 2");
}

pub(super) async fn a_registration_with_its_route_is_whole_or_nothing_and_swept(world: World) {
    let store = &world.store;
    let register = async |name: &str| {
        let mut account = an_account(AccountId::new(&IDS, noon()), name);
        account.self_registered = true;
        let mut route = world.a_route();
        (route.id, route.account_id) = (RouteId::new(&IDS, noon()), account.id);
        let new = Registration {
            account: &account,
            hash: Some(HASH),
            invitation: None,
            route: Some(&route),
        };
        let done = store.register(&new).await;
        (account.id, done)
    };
    let (nobody, taken) = register("acme").await;
    assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
    assert!(store.route_of(nobody).await.unwrap().is_none());
    let (beta, done) = register("beta").await;
    done.unwrap();
    let route = store.route_of(beta).await.unwrap().unwrap();
    assert_eq!(route.version, 1);
    assert_eq!(store.route_versions(&route).await.unwrap().len(), 1);
    // Nobody confirms it; its credentials go with it.
    assert_eq!(
        store.sweep_registrations(at("2026-12-01T00:00:00Z")).await,
        Ok(1)
    );
    assert!(store.route_of(beta).await.unwrap().is_none());
    assert_eq!(
        counted(&world, &["routes", "route_versions", "accounts"]).await,
        [1; 3]
    );
}

pub(super) async fn an_export_reads_along_its_keys(world: World) {
    let store = &world.store;
    let plan = store.plan_by_name("starter").await.unwrap().unwrap();
    for second in 1..=3 {
        let subscription = NewSubscription {
            id: SubscriptionId::new(&IDS, later(second)),
            account_id: world.account,
            plan_id: plan.id,
            started_at: later(second),
        };
        store.start_subscription(&subscription).await.unwrap();
    }
    let first = store
        .past_subscriptions(world.account, &[], 2)
        .await
        .unwrap();
    assert_eq!(first[0].ended_at, Some(later(2)));
    let key = first[1].id;
    let rest = store
        .past_subscriptions(world.account, key.as_bytes(), 2)
        .await
        .unwrap();
    assert_eq!((rest.len(), rest[0].ended_at), (1, None));

    world.accepted(1).await;
    let start = (i64::MIN, vec![], vec![], String::new());
    let hours = store.hours_of_use(world.account, &start, 9).await.unwrap();
    assert_eq!((hours.len(), hours[0].counts.accepted), (1, 1));
    assert_eq!(hours[0].user.as_deref(), Some("scanner"));
    let behind = store.hours_of_use(world.account, &hours[0].key, 9).await;
    assert!(behind.unwrap().is_empty());
    let none = String::new;
    let start = (i64::MIN, vec![], vec![], none(), none(), none());
    let errors = store.hours_of_errors(world.account, &start, 9).await;
    assert!(errors.unwrap().is_empty());
    let limits = store.set_limits_of(world.account, &[], 9).await;
    assert!(limits.unwrap().is_empty());
}
