//! Promises about plans, subscriptions and the passwords of relay users.

use std::sync::Arc;

use jiff::Timestamp;
use relayd::{
    model::{Credential, CredentialId, Plan, PlanId, PlanState, SubscriptionId, UserId},
    store::{
        CredentialUse, InsertUserError, NewCredential, NewSubscription, Origin, PutCredentialError,
        StartError, StoreError, UpdatePlanError,
    },
};

use super::world::{IDS, LIMITS, World, a_credential, later, noon};

fn a_plan(name: &str, relay_users: u32) -> Plan {
    Plan {
        id: PlanId::new(&IDS, noon()),
        name: name.to_owned(),
        state: PlanState::Offered,
        relay_users,
        limits: LIMITS,
        version: 1,
    }
}

impl World {
    async fn plan(&self, name: &str) -> Plan {
        self.store.plan_by_name(name).await.unwrap().unwrap()
    }

    fn subscription_to(&self, plan: &Plan, at: Timestamp) -> NewSubscription {
        NewSubscription {
            id: SubscriptionId::new(&IDS, at),
            account_id: self.account,
            plan_id: plan.id,
            started_at: at,
        }
    }

    async fn subscribe(&self, plan: &Plan) {
        let new = self.subscription_to(plan, noon());
        self.store.start_subscription(&new).await.unwrap();
    }
}

pub(super) async fn plans_keep_their_version_and_are_told_to_whom_they_concern(world: World) {
    let store = &world.store;
    let mut school = a_plan("school", 20);
    store.insert_plan(&school, noon()).await.unwrap();
    assert_eq!(world.plan("school").await, school);
    let taken = store.insert_plan(&a_plan("school", 1), noon()).await;
    assert_eq!(taken, Err(StoreError::Conflict("plans.name".to_owned())));

    let before = store.generation();
    school.limits.messages_per_day = 7;
    school.state = PlanState::Retired;
    store.update_plan(&school).await.unwrap();
    assert!(store.generation() > before, "the door must look again");
    let stale = store.update_plan(&school).await;
    assert!(
        matches!(stale, Err(UpdatePlanError::Store(StoreError::NotFound))),
        "{stale:?}"
    );
    school.version += 1;
    assert_eq!(store.plan(school.id).await.unwrap(), Some(school.clone()));

    let names = async |reader| {
        let plans = store.plans(reader, "business", 10).await.unwrap();
        plans
            .into_iter()
            .map(|(plan, subscribers)| format!("{} {subscribers}", plan.name))
            .collect::<Vec<_>>()
    };
    let all = ["enterprise 0", "school 0", "starter 0"];
    assert_eq!(names(None).await, all);
    assert_eq!(
        names(Some(world.account)).await,
        ["enterprise 0", "starter 0"]
    );
    world.subscribe(&school).await;
    let all = ["enterprise 0", "school 1", "starter 0"];
    assert_eq!(names(None).await, all);
    assert_eq!(names(Some(world.account)).await, all);
    assert_eq!(store.count_subscribers(school.id).await.unwrap(), 1);
}

pub(super) async fn a_plan_stays_large_enough_for_those_who_have_it(world: World) {
    let store = &world.store;
    let mut plan = world.plan("starter").await;
    world.subscribe(&plan).await;
    let nas = world.a_relay_user(UserId::new(&IDS, noon()), "nas");
    store
        .insert_relay_user(&nas, &a_credential(), 9)
        .await
        .unwrap();
    plan.relay_users = 1;
    match store.update_plan(&plan).await {
        Err(UpdatePlanError::TooSmall(accounts)) => {
            assert_eq!(accounts, [("acme".to_owned(), 2)]);
        }
        other => panic!("{other:?}"),
    }
    plan.relay_users = 2;
    store.update_plan(&plan).await.unwrap();
    // What the plan allows by now counts, whatever the caller read before.
    let fax = world.a_relay_user(UserId::new(&IDS, noon()), "fax");
    let over = store.insert_relay_user(&fax, &a_credential(), 9).await;
    assert!(
        matches!(
            over,
            Err(InsertUserError::OverLimit {
                used: 2,
                allowed: 2
            })
        ),
        "{over:?}"
    );
    let small = a_plan("small", 1);
    store.insert_plan(&small, noon()).await.unwrap();
    let start = store
        .start_subscription(&world.subscription_to(&small, later(1)))
        .await;
    assert!(
        matches!(
            start,
            Err(StartError::TooSmall {
                used: 2,
                allowed: 1
            })
        ),
        "{start:?}"
    );
    let running = store.subscription(world.account).await.unwrap().unwrap();
    assert_eq!(running.plan_name, "starter");
}

/// Both promises at once: whoever comes second is refused.
pub(super) async fn a_plan_does_not_shrink_while_relay_users_are_created(world: World) {
    let store = &world.store;
    for round in 0..8 {
        let mut plan = a_plan(&format!("round-{round}"), 2);
        store.insert_plan(&plan, noon()).await.unwrap();
        world.subscribe(&plan).await;
        let nas = world.a_relay_user(UserId::new(&IDS, noon()), "nas");
        plan.relay_users = 1;
        let credential = a_credential();
        let (made, shrunk) = tokio::join!(
            store.insert_relay_user(&nas, &credential, 2),
            store.update_plan(&plan),
        );
        assert!(made.is_ok() != shrunk.is_ok(), "{made:?} {shrunk:?}");
        if made.is_ok() {
            store.delete_relay_user(nas.id).await.unwrap();
        }
    }
}

pub(super) async fn a_plan_that_was_ever_had_is_not_deleted(world: World) {
    let store = &world.store;
    let (never, once) = (world.plan("enterprise").await, world.plan("starter").await);
    world.subscribe(&once).await;
    store
        .cancel_subscription(world.account, later(1))
        .await
        .unwrap();
    let had = store.delete_plan(once.id).await;
    assert!(matches!(had, Err(StoreError::Conflict(_))), "{had:?}");
    store.delete_plan(never.id).await.unwrap();
    assert_eq!(store.delete_plan(never.id).await, Err(StoreError::NotFound));
    assert_eq!(store.plan(never.id).await.unwrap(), None);
    let gone = store
        .start_subscription(&world.subscription_to(&never, later(2)))
        .await;
    assert!(
        matches!(gone, Err(StartError::Store(StoreError::NotFound))),
        "{gone:?}"
    );
}

/// A built-in plan that the operator deleted does not come back.
pub(super) async fn deleted_plans_stay_deleted_over_a_restart(mut world: World) {
    for name in ["starter", "business", "enterprise"] {
        let plan = world.plan(name).await;
        world.store.delete_plan(plan.id).await.unwrap();
    }
    world.restart().await;
    assert_eq!(world.store.plans(None, "", 10).await.unwrap(), []);
}

pub(super) async fn subscriptions_have_a_history(world: World) {
    let store = &world.store;
    assert_eq!(store.subscription(world.account).await.unwrap(), None);
    let none = store.cancel_subscription(world.account, noon()).await;
    assert_eq!(none, Err(StoreError::NotFound));
    let by = |actor: &str| {
        let origin = Origin::new(noon(), actor.to_owned(), String::new(), "Test");
        store.on_behalf_of(Arc::new(origin))
    };
    for (seconds, name, actor) in [(1, "starter", "operator"), (2, "business", "ada")] {
        let plan = world.plan(name).await;
        let new = world.subscription_to(&plan, later(seconds));
        by(actor).start_subscription(&new).await.unwrap();
        let running = store.subscription(world.account).await.unwrap().unwrap();
        assert_eq!(
            (running.id, running.plan_id, running.started_at),
            (new.id, plan.id, later(seconds))
        );
        assert_eq!((&*running.started_by, running.end), (actor, None));
    }
    by("eve")
        .cancel_subscription(world.account, later(3))
        .await
        .unwrap();
    assert_eq!(store.subscription(world.account).await.unwrap(), None);
    let all = store.subscriptions(world.account, None, 10).await.unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|one| {
            let end = one.end.clone().unwrap();
            (
                one.plan_name.as_str(),
                end.at,
                end.by.clone(),
                end.is_cancelled,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("business", later(3), "eve".to_owned(), true),
            ("starter", later(2), "ada".to_owned(), false),
        ]
    );
    let rest = store.subscriptions(world.account, Some(all[0].id), 10);
    assert_eq!(rest.await.unwrap(), all[1..]);
    let page = store.subscriptions(world.account, None, 1);
    assert_eq!(page.await.unwrap(), all[..1]);
}

pub(super) fn named(name: &str) -> NewCredential {
    NewCredential {
        name: name.to_owned(),
        hash: format!("hash of {name}"),
        ..a_credential()
    }
}

pub(super) async fn a_relay_user_has_several_passwords_by_name(world: World) {
    let store = &world.store;
    let names = async || {
        let all = store.credentials(world.user).await.unwrap();
        all.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    let (summer, nobody) = (named("summer"), UserId::new(&IDS, noon()));
    let before = store.generation();
    store.add_credential(world.user, &summer, 2).await.unwrap();
    assert!(store.generation() > before, "the door must look again");
    assert_eq!(names().await, ["default", "summer"]);
    let same = store.add_credential(world.user, &named("summer"), 9).await;
    assert!(matches!(same, Err(PutCredentialError::Same)), "{same:?}");
    let other = NewCredential {
        hash: "hash of another".to_owned(),
        ..named("summer")
    };
    let taken = store.add_credential(world.user, &other, 9).await;
    let Err(PutCredentialError::Store(StoreError::Conflict(columns))) = taken else {
        panic!("{taken:?}")
    };
    assert_eq!(columns, "credentials.user_id, credentials.name");
    let third = store.add_credential(world.user, &named("third"), 2).await;
    assert!(
        matches!(third, Err(PutCredentialError::TooMany(2))),
        "{third:?}"
    );
    let unknown = store.add_credential(nobody, &named("third"), 2).await;
    assert!(
        matches!(
            unknown,
            Err(PutCredentialError::Store(StoreError::NotFound))
        ),
        "{unknown:?}"
    );

    // One is replaced under its name, then all of them.
    let user = world.user;
    let again = named("summer");
    store
        .replace_credential(user, Some(summer.id), &again)
        .await
        .unwrap();
    assert_eq!(names().await, ["default", "summer"]);
    let gone = store.replace_credential(user, Some(summer.id), &again);
    let gone = gone.await;
    assert!(
        matches!(gone, Err(PutCredentialError::Store(StoreError::NotFound))),
        "{gone:?}"
    );
    let hashes = store.password_hashes(user).await.unwrap();
    assert!(
        hashes.iter().any(|one| one.id == again.id),
        "the failed one changed nothing"
    );
    let only = a_credential();
    store.replace_credential(user, None, &only).await.unwrap();
    let hashes = store.password_hashes(user).await.unwrap();
    assert_eq!((hashes.len(), hashes[0].id), (1, only.id));

    let stranger = CredentialId::new(&IDS, noon());
    let missing = store.remove_credential(user, stranger).await;
    assert_eq!(missing, Err(StoreError::NotFound));
    store.remove_credential(user, only.id).await.unwrap();
    assert_eq!(names().await, Vec::<String>::new());
    let login = store.login("scanner").await.unwrap().unwrap();
    assert_eq!(login.hashes, []);
}

pub(super) async fn of_credentials_added_at_once_no_more_than_allowed_stay(world: World) {
    let store = &world.store;
    let (one, two, three) = (named("one"), named("two"), named("three"));
    let (first, second, third) = tokio::join!(
        store.add_credential(world.user, &one, 3),
        store.add_credential(world.user, &two, 3),
        store.add_credential(world.user, &three, 3),
    );
    let added = [first, second, third].into_iter().flatten().count();
    assert_eq!(added, 2);
    assert_eq!(world.number("SELECT COUNT(*) FROM credentials").await, 3);
}

pub(super) async fn of_equal_passwords_added_at_once_one_stays(world: World) {
    let store = &world.store;
    let equal = |name: &str| NewCredential {
        hash: "hash of all".to_owned(),
        ..named(name)
    };
    let (one, two, three) = (equal("one"), equal("two"), equal("three"));
    let (first, second, third) = tokio::join!(
        store.add_credential(world.user, &one, 9),
        store.add_credential(world.user, &two, 9),
        store.add_credential(world.user, &three, 9),
    );
    let refused: Vec<_> = [first, second, third]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    assert!(
        matches!(
            refused[..],
            [PutCredentialError::Same, PutCredentialError::Same]
        ),
        "{refused:?}"
    );
    let found = store.credentials(world.user).await.unwrap();
    let kept = found.iter().find(|one| one.name != "default").unwrap();
    let (user, again) = (world.user, equal("again"));
    let done = store.replace_credential(user, Some(kept.id), &again).await;
    done.unwrap();
    let default = found.iter().find(|one| one.name == "default").unwrap();
    let same = store
        .replace_credential(user, Some(default.id), &again)
        .await;
    assert!(matches!(same, Err(PutCredentialError::Same)), "{same:?}");
}

pub(super) async fn the_last_use_of_a_password_is_kept_and_moves_nothing_else(world: World) {
    let store = &world.store;
    let summer = named("summer");
    store.add_credential(world.user, &summer, 5).await.unwrap();
    let generation = store.generation();
    let system = Some(world.system);
    for (id, seconds, client, system) in [
        (summer.id, 1, "192.0.2.7", system),
        (summer.id, 2, "2001:db8::7", None),
        (CredentialId::new(&IDS, noon()), 3, "192.0.2.9", system),
    ] {
        let noted = world.journal.record_use(CredentialUse {
            id,
            at: later(seconds),
            client: client.parse().unwrap(),
            system,
        });
        assert!(noted);
    }
    // The journal writes in order: what was said before this is on disk after it.
    world.accepted(1).await;
    let all = store.credentials(world.user).await.unwrap();
    let [default, used] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!(default.last_use, None);
    let last = used.last_use.clone().unwrap();
    assert_eq!(
        (last.at, last.client.to_string(), last.system),
        (later(2), "2001:db8::7".to_owned(), None)
    );
    assert_eq!(store.generation(), generation, "no cache has to know");

    let noted = world.journal.record_use(CredentialUse {
        id: summer.id,
        at: later(60),
        client: "192.0.2.7".parse().unwrap(),
        system,
    });
    assert!(noted);
    world.accepted(1).await;
    let seen = async || {
        let all = store.credentials(world.user).await.unwrap();
        let one = all.into_iter().find(|one| one.name == "summer");
        one.and_then(|one: Credential| one.last_use).unwrap().system
    };
    assert_eq!(seen().await.as_deref(), Some("printer"));
    // The name goes with the system.
    store.delete_system(world.system).await.unwrap();
    assert_eq!(seen().await, None);
}
