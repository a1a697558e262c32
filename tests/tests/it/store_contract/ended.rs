//! Promises about accounts that have ended: what was judged while they were open, and is written
//! when they are not, comes too late and leaves nothing behind.

use relayd::{
    model::{
        AccountId, Authority, LimitSet, Override, RouteId, Secret, Subject, SubscriptionId,
        SystemId, TokenId, UserId,
    },
    store::{CodePurpose, NewSubscription, Store, StoreError, Token},
};

use super::{
    domains::a_domain,
    notifications::a_webhook,
    owners::code,
    plans::named,
    second_factors::factor,
    world::{IDS, World, a_credential, an_account, later, noon},
};

/// What an end wipes, and so nothing may write later.
const WIPED: [&str; 10] = [
    "sign_ins",
    "sessions",
    "tokens",
    "email_codes",
    "credentials",
    "webhooks",
    "second_factors",
    "recovery_codes",
    "domains",
    "limits",
];

fn a_token(account: AccountId) -> Token {
    Token {
        id: TokenId::new(&IDS, noon()),
        account_id: Some(account),
        name: "late".to_owned(),
        hash: account.as_bytes().to_vec(),
        read_only: false,
        created_at: noon(),
        expires_at: None,
        last_used_at: None,
        created_by: "operator".to_owned(),
    }
}

async fn close(store: &Store, account: AccountId) {
    let open = store.account(account).await.unwrap().unwrap();
    store.begin_closing(&open, noon(), noon()).await.unwrap();
}

fn told<T, E: std::fmt::Debug>(what: &'static str, result: Result<T, E>) -> (&'static str, String) {
    (what, format!("{:?}", result.err()))
}

/// Everything that would give the owner of an account something to sign in with, or to hear of it.
async fn what_an_owner_gets_late(world: &World) -> Vec<(&'static str, String)> {
    let (store, account) = (&world.store, world.account);
    let secret = Secret::new("whsec_eA==");
    let prepared = factor(account, "ONE", 1);
    let webhook = a_webhook(Some(account), "late");
    vec![
        told("token", store.insert_token(&a_token(account)).await),
        told("webhook", store.insert_webhook(&webhook, &secret, 9).await),
        told(
            "code",
            store.put_code(&code(account, CodePurpose::Reset, 1)).await,
        ),
        told(
            "sign-in",
            store.set_sign_in(account, "late", noon(), &[]).await,
        ),
        told("secret", store.put_second_factor(&prepared).await),
        told(
            "second factor",
            store
                .enable_second_factor(&prepared, noon(), 1, &[], &[])
                .await,
        ),
        told(
            "recovery codes",
            store.replace_recovery_codes(account, &[vec![1; 32]]).await,
        ),
    ]
}

/// Everything that would let an account send, or send more.
async fn what_mail_gets_late(world: &World) -> Vec<(&'static str, String)> {
    let (store, account) = (&world.store, world.account);
    let credential = named("late");
    let user = world.a_relay_user(UserId::new(&IDS, noon()), "late");
    let known = store.relay_user(world.user).await.unwrap().unwrap();
    let system = world.a_system(SystemId::new(&IDS, noon()), "late", "192.0.2.99");
    let plan = store.plan_by_name("starter").await.unwrap().unwrap();
    let subscription = NewSubscription {
        id: SubscriptionId::new(&IDS, noon()),
        account_id: account,
        plan_id: plan.id,
        started_at: noon(),
    };
    let limit = |_| {
        Ok::<_, StoreError>(Override {
            limits: LimitSet {
                messages_per_day: Some(5),
                ..LimitSet::default()
            },
            set_by: Authority::Operator,
        })
    };
    let limited = Subject::Account(account);
    vec![
        told(
            "domain",
            store
                .insert_domain(&a_domain(account, "late.example"), 9)
                .await,
        ),
        told(
            "relay user",
            store.insert_relay_user(&user, &a_credential(), 9).await,
        ),
        told("state", store.update_relay_user(&known).await),
        told(
            "credential",
            store.add_credential(world.user, &credential, 9).await,
        ),
        told(
            "password",
            store
                .replace_credential(world.user, None, &credential)
                .await,
        ),
        told("system", store.insert_system(&system).await),
        told("plan", store.start_subscription(&subscription).await),
        told(
            "limits",
            store.change_limits(account, limited, noon(), limit).await,
        ),
    ]
}

pub(super) async fn what_comes_after_the_end_is_refused_and_leaves_nothing(world: World) {
    let store = &world.store;
    let waiting = code(world.account, CodePurpose::Reset, 7);
    store.put_code(&waiting).await.unwrap();
    close(store, world.account).await;
    let mut late = what_an_owner_gets_late(&world).await;
    late.extend(what_mail_gets_late(&world).await);
    for (what, refusal) in late {
        assert!(refusal.contains("Ended(Closing)"), "{what}: {refusal}");
    }
    let reset = store.reset_sign_in(&waiting, "late", noon()).await;
    assert_eq!(reset, Ok(false), "the code went with the account");
    for table in WIPED {
        assert_eq!(world.rows(table).await, 0, "{table}");
    }

    // Its mail still leaves, if need be with another password.
    let mut route = store.route(world.route).await.unwrap().unwrap();
    route.password = Some(Secret::new("another"));
    store.update_route(&route, later(1)).await.unwrap();
    let done = store.finish_closing(world.account, later(2)).await;
    assert_eq!(done, Ok(true));
    route.version += 1;
    let late = store.update_route(&route, later(3)).await;
    assert!(format!("{late:?}").contains("Ended(Closed)"), "{late:?}");
    route.id = RouteId::new(&IDS, noon());
    let late = store.insert_route(&route, later(3)).await;
    assert!(format!("{late:?}").contains("Ended(Closed)"), "{late:?}");
    assert_eq!(world.rows("routes").await, 0);
    assert_eq!(world.rows("route_versions").await, 0);
}

/// Whoever comes first: what is written goes with the account, or is not written.
pub(super) async fn what_comes_with_the_end_leaves_nothing_either(world: World) {
    let store = &world.store;
    for round in 0..8 {
        let account = an_account(AccountId::new(&IDS, noon()), &format!("round-{round}"));
        store.insert_account(&account).await.unwrap();
        let (token, code) = (
            a_token(account.id),
            code(account.id, CodePurpose::Reset, round),
        );
        let (webhook, secret) = (
            a_webhook(Some(account.id), "late"),
            Secret::new("whsec_eA=="),
        );
        let (closed, ..) = tokio::join!(
            store.begin_closing(&account, noon(), noon()),
            store.insert_token(&token),
            store.put_code(&code),
            store.insert_webhook(&webhook, &secret, 9),
            store.set_sign_in(account.id, "late", noon(), &[]),
        );
        closed.unwrap();
        for table in ["tokens", "email_codes", "webhooks", "sign_ins"] {
            assert_eq!(world.rows(table).await, 0, "{table}, round {round}");
        }
    }
}
