//! Promises of limits that are set besides the plan's, and of systems known by their address.

use futures_util::future::join_all;
use relayd::{
    model::{
        AccountId, Authority, LimitSet, Override, Quota, Subject, SystemAuth, SystemId,
        SystemState, UserId,
    },
    queue::AcceptError,
    store::{StoreError, WriteSystemError},
};

use super::world::{IDS, LIMITS, World, a_credential, an_account, at, noon, quotas_of};

fn daily(messages_per_day: u32) -> LimitSet {
    LimitSet {
        messages_per_day: Some(messages_per_day),
        ..LimitSet::default()
    }
}

/// Sets limits and gives what was set before.
async fn set(world: &World, subject: Subject, limits: LimitSet) -> Option<Override> {
    let mut before = None;
    let decide = |old| {
        before = old;
        let set_by = Authority::Operator;
        Ok::<_, StoreError>(Override { limits, set_by })
    };
    let changing = world
        .store
        .change_limits(world.account, subject, noon(), decide);
    changing.await.unwrap();
    before
}

/// Submits a message of two recipients; gives the detail of a refusal.
async fn submit(world: &World, quotas: &[Quota], time: &str) -> Option<String> {
    let mut message = world.message(2);
    message.quotas = quotas.to_vec();
    message.accepted_at = at(time);
    match world.journal.accept(message).await {
        Ok(()) => None,
        Err(AcceptError::Refused(refusal)) => Some(refusal.detail),
        Err(error) => panic!("{error}"),
    }
}

pub(super) async fn overrides_come_back_with_a_sign_in_and_go_with_their_subject(world: World) {
    let account = Subject::Account(world.account);
    let (system, user) = (Subject::System(world.system), Subject::User(world.user));
    let all = LimitSet {
        messages_per_minute: Some(7),
        messages_per_day: Some(70),
        recipients_per_day: Some(700),
        recipients_per_message: Some(3),
        message_size: Some(5 << 30),
    };
    assert_eq!(set(&world, user, all).await, None);
    assert_eq!(set(&world, system, daily(50)).await, None);
    assert_eq!(set(&world, account, daily(500)).await, None);
    let found = world.store.login("scanner").await.unwrap().unwrap();
    let overrides = found.standing.overrides;
    assert_eq!(overrides.user.unwrap().limits, all);
    assert_eq!(overrides.account.unwrap().limits, daily(500));
    assert_eq!(overrides.systems[&world.system].limits, daily(50));
    assert_eq!(overrides.user, world.store.limits_of(user).await.unwrap());

    let before = set(&world, user, LimitSet::default()).await;
    assert_eq!(before, overrides.user);
    assert_eq!(world.store.limits_of(user).await.unwrap(), None);
    world.store.delete_system(world.system).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM limits").await, 1);

    // A decision against it leaves everything as it was.
    let refuse = |_| Err(StoreError::NotFound);
    let refused = world
        .store
        .change_limits(world.account, account, noon(), refuse);
    assert_eq!(refused.await, Err(StoreError::NotFound));
    assert_eq!(world.number("SELECT COUNT(*) FROM limits").await, 1);
}

pub(super) async fn every_scope_is_counted_and_a_refusal_counts_nowhere(mut world: World) {
    let system = Quota {
        subject: Subject::System(world.system),
        limits: LimitSet {
            messages_per_minute: Some(2),
            ..LimitSet::default()
        },
    };
    let account = Quota {
        subject: Subject::Account(world.account),
        limits: LimitSet {
            recipients_per_day: Some(7),
            ..LimitSet::default()
        },
    };
    let own = quotas_of(world.user, LIMITS)[0];
    let all = [own, system, account];
    let time = "2026-11-21T12:00:00Z";
    assert_eq!(submit(&world, &all, time).await, None);
    assert_eq!(submit(&world, &all, time).await, None);
    let rates = "SELECT messages || ' ' || recipients || ' ' || arrival FROM rates ORDER BY 1";
    let before = world.texts(rates).await;
    let refused = submit(&world, &all, time).await.unwrap();
    assert!(refused.contains("for the system"), "{refused}");
    assert_eq!(world.texts(rates).await, before);

    world.restart().await;
    let refused = submit(&world, &all, "2026-11-21T12:00:20Z").await.unwrap();
    assert!(refused.contains("for the system; the next in"), "{refused}");
    assert_eq!(submit(&world, &all, "2026-11-21T12:01:00Z").await, None);
    // Another user of the account meets what the first one used.
    let other = quotas_of(UserId::new(&IDS, noon()), LIMITS)[0];
    let refused = submit(&world, &[other, account], "2026-11-21T12:02:00Z").await;
    let detail = "1 of 7 recipients a day are left for the account";
    assert_eq!(refused.as_deref(), Some(detail));
    assert_eq!(submit(&world, &[other], "2026-11-21T12:02:00Z").await, None);
    assert_eq!(submit(&world, &all, "2026-11-22T00:00:00Z").await, None);
}

pub(super) async fn a_limit_that_is_set_counts_what_was_sent_today(world: World) {
    let own = quotas_of(world.user, LIMITS);
    for time in [
        "2026-11-20T23:00:00Z",
        "2026-11-21T08:00:00Z",
        "2026-11-21T11:00:00Z",
    ] {
        assert_eq!(submit(&world, &own, time).await, None);
    }
    for subject in [
        Subject::System(world.system),
        Subject::Account(world.account),
    ] {
        set(&world, subject, daily(3)).await;
        let meter = world.store.meter(subject).await.unwrap();
        assert_eq!(meter.used_of_day(noon()), (2, 4));
    }
    let quotas = [
        own[0],
        Quota {
            subject: Subject::Account(world.account),
            limits: daily(3),
        },
    ];
    assert_eq!(submit(&world, &quotas, "2026-11-21T12:00:00Z").await, None);
    let refused = submit(&world, &quotas, "2026-11-21T12:00:01Z").await;
    assert_eq!(refused.as_deref(), Some("3 messages a day for the account"));
    // Neither a larger limit nor a reset and a new one renews what is used.
    set(&world, quotas[1].subject, LimitSet::default()).await;
    set(&world, quotas[1].subject, daily(3)).await;
    assert!(
        submit(&world, &quotas, "2026-11-21T12:00:02Z")
            .await
            .is_some()
    );
    let of_user = world.store.meter(Subject::User(world.user)).await.unwrap();
    assert_eq!(of_user.used_of_day(noon()).0, 3);
    let of_account = world.store.meter(quotas[1].subject).await.unwrap();
    assert_eq!(of_account.used_of_day(noon()).0, 3);
    let next_day = at("2026-11-22T01:00:00Z");
    assert_eq!(of_account.used_of_day(next_day), (0, 0));
}

pub(super) async fn an_address_stands_for_one_system(world: World) {
    let find = async |client: &str| {
        let found = world.store.system_at(client.parse().unwrap()).await;
        found.unwrap().map(|(system, username)| {
            assert_eq!(username, "scanner");
            system
        })
    };
    let system = world.store.system(world.system).await.unwrap().unwrap();
    let inside = system.network.address().to_string();
    assert_eq!(find(&inside).await, None, "it signs in by password");

    let mut known = Vec::new();
    for network in [
        "198.51.100.7",
        "198.51.100.128/25",
        "2001:db8:7::/64",
        "2001:db8::1",
    ] {
        let mut new = system.clone();
        new.id = SystemId::new(&IDS, noon());
        new.name = format!("at {network}");
        new.network = network.parse().unwrap();
        new.auth = SystemAuth::Address;
        world.store.insert_system(&new).await.unwrap();
        known.push(new);
    }
    for (client, expected) in [
        ("198.51.100.7", Some(0)),
        ("::ffff:198.51.100.7", Some(0)),
        ("198.51.100.8", None),
        ("198.51.100.128", Some(1)),
        ("198.51.100.255", Some(1)),
        ("198.51.101.0", None),
        ("2001:db8:7::abcd", Some(2)),
        ("2001:db8:7:1::1", None),
        ("2001:db8::1", Some(3)),
        ("2001:db8::2", None),
    ] {
        let expected = expected.map(|place: usize| known[place].id);
        assert_eq!(find(client).await, expected, "{client}");
    }
    // A suspended one is still the one: the refusal shall say so.
    let mut stopped = known[0].clone();
    stopped.state = SystemState::Suspended;
    world.store.update_system(&stopped).await.unwrap();
    assert_eq!(find("198.51.100.7").await, Some(stopped.id));
    // Of two that hold an address neither is it, however they came about.
    let widen = "UPDATE systems SET network = '198.51.100.0/24' WHERE network = '2001:db8::1/128'";
    sqlx::query(widen).execute(&world.sql).await.unwrap();
    assert_eq!(find("198.51.100.7").await, None);
}

pub(super) async fn an_address_is_not_taken_from_a_device_with_a_password(world: World) {
    let store = &world.store;
    let mut claim = world.a_system(SystemId::new(&IDS, noon()), "claim", "198.51.100.0/24");
    claim.auth = SystemAuth::Address;
    store.insert_system(&claim).await.unwrap();

    let other = an_account(AccountId::new(&IDS, noon()), "globex");
    store.insert_account(&other).await.unwrap();
    let mut user = world.a_relay_user(UserId::new(&IDS, noon()), "copier");
    user.account_id = other.id;
    let inserted = store.insert_relay_user(&user, &a_credential(), 9).await;
    inserted.unwrap();
    let mut systems = Vec::new();
    for (name, network) in [("host", "198.51.100.9"), ("wide", "198.51.0.0/16")] {
        let mut system = world.a_system(SystemId::new(&IDS, noon()), name, network);
        (system.account_id, system.user_id) = (other.id, user.id);
        store.insert_system(&system).await.unwrap();
        systems.push(system);
    }
    let is_known = async |client: &str| {
        let found = store.system_at(client.parse().unwrap()).await.unwrap();
        found.is_some()
    };
    assert!(
        is_known("198.51.100.9").await,
        "a claim alone blocks nobody"
    );
    let seen = "UPDATE systems SET last_seen_at = 1 WHERE name IN ('host', 'wide')";
    sqlx::query(seen).execute(&world.sql).await.unwrap();
    assert!(
        !is_known("198.51.100.9").await,
        "it has signed in from there"
    );
    assert!(is_known("198.51.100.10").await, "nor does a wider one");

    // What was seen in one network was not seen in another.
    let host = &mut systems[0];
    host.network = "198.51.100.10".parse().unwrap();
    store.update_system(host).await.unwrap();
    for client in ["198.51.100.9", "198.51.100.10"] {
        assert!(is_known(client).await, "{client}");
    }
}

pub(super) async fn of_overlapping_registrations_at_once_one_wins(world: World) {
    let networks = [
        "198.51.100.0/24",
        "198.51.100.0/25",
        "198.51.100.7",
        "198.51.0.0/16",
    ];
    let systems = networks.map(|network| {
        let name = network.replace(['.', '/'], "-");
        let mut system = world.a_system(SystemId::new(&IDS, noon()), &name, network);
        system.auth = SystemAuth::Address;
        system
    });
    let results = join_all(
        systems
            .iter()
            .map(|system| world.store.insert_system(system)),
    )
    .await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(won, 1, "{results:?}");
    let lost = |result: &&Result<(), WriteSystemError>| {
        matches!(result, Err(WriteSystemError::Overlap { .. }))
    };
    assert_eq!(results.iter().filter(lost).count(), 3, "{results:?}");

    // A password keeps two apart; without it they would meet.
    let mut other = world.a_system(SystemId::new(&IDS, noon()), "other", "198.51.100.7");
    world.store.insert_system(&other).await.unwrap();
    other.auth = SystemAuth::Address;
    let met = world.store.update_system(&other).await;
    assert!(
        matches!(met, Err(WriteSystemError::Overlap { .. })),
        "{met:?}"
    );
}
