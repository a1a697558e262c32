//! Accounts, subscriptions, relay users and systems.

use relay_proto as proto;

use super::bench::{
    Bench, NOTHING, Sender, at, new_account, new_system, new_user, settings, system_at, user_at,
};
use crate::{accounts::Settings, model::Secret};

#[tokio::test]
async fn an_account_comes_to_life_step_by_step() {
    let bench = Bench::new().await;
    let new = proto::NewAccount {
        name: None,
        email_vouched: false,
        ..new_account("")
    };
    let account = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new)
        .await
        .unwrap()
        .account;
    assert_eq!(
        (account.name.as_str(), account.country.as_str()),
        ("acme", "DE")
    );
    assert_eq!(account.state, proto::AccountState::Registered);
    assert_eq!(
        account.missing,
        ["account-not-active", "no-subscription", "route-not-ready"]
    );

    // Activation alone is not enough, and suspending makes no sense yet.
    let activated = bench
        .call::<proto::ActivateAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(activated.state, proto::AccountState::Registered);
    let early = bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, proto::Suspending::default())
        .await;
    assert_eq!(early.unwrap_err().code, "state-conflict");
    let verified = bench
        .call::<proto::VerifyAccount>(at(&account.id), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(verified.state, proto::AccountState::Active);

    let suspended = bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, proto::Suspending::default())
        .await
        .unwrap();
    assert_eq!(suspended.state, proto::AccountState::Suspended);
    let resumed = bench
        .call::<proto::ResumeAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(resumed.state, proto::AccountState::Active);
    assert_eq!(resumed.missing, ["no-subscription", "route-not-ready"]);
}

/// What the test of the scanner finds.
async fn tested(bench: &Bench) -> proto::SystemTest {
    bench
        .call::<proto::TestSystem>(system_at("acme", "scanner-floor-3"), NOTHING, NOTHING)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_tour_ends_with_a_system_that_could_send() {
    let bench = Bench::new().await;
    let plans = bench
        .call::<proto::ListPlans>(NOTHING, proto::PageQuery::default(), NOTHING)
        .await
        .unwrap();
    let names: Vec<_> = plans.items.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(names, ["business", "enterprise", "starter"]);

    let account = bench.customer("acme").await;
    assert!(account.sends, "{:?}", account.missing);
    assert_eq!(account.plan.as_deref(), Some("starter"));
    let made = bench.user("acme", "scanner").await;
    let password = Secret::new(made.password.unwrap());
    let add = new_system("scanner-floor-3", "192.168.7.20", "scanner");
    let system = bench
        .call::<proto::AddSystem>(at("acme"), NOTHING, add)
        .await
        .unwrap();
    assert_eq!(system.address, "192.168.7.20/32");
    assert_eq!(system.user, "scanner");
    let test = tested(&bench).await;
    assert!(test.ok && test.accepted, "{:?}", test.steps);

    // Behind a held lane the device has its 250, and the mail waits.
    bench
        .call::<proto::HoldLane>(at("acme"), NOTHING, proto::LaneHold::default())
        .await
        .unwrap();
    let test = tested(&bench).await;
    assert!(!test.ok && test.accepted, "{:?}", test.steps);
    bench
        .call::<proto::ReleaseLane>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();

    // Every obstacle is named.
    bench
        .call::<proto::SuspendRelayUser>(user_at("acme", "scanner"), NOTHING, NOTHING)
        .await
        .unwrap();
    bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, proto::Suspending::default())
        .await
        .unwrap();
    let test = tested(&bench).await;
    let reasons: Vec<_> = test
        .steps
        .iter()
        .filter_map(|s| s.reason.as_deref())
        .collect();
    assert_eq!(reasons, ["account-not-active", "user-suspended"]);
    let remedies: Vec<_> = test
        .steps
        .iter()
        .filter_map(|s| s.remedy.as_deref())
        .collect();
    assert_eq!(
        remedies,
        [
            "relayctl account resume acme",
            "relayctl user resume scanner --account acme"
        ]
    );
    assert!(!test.accepted);

    // What the store keeps is the hash of the password that was shown.
    let database = std::fs::read(bench.folder().join("relay.db-wal")).unwrap();
    let holds = |text: &[u8]| database.windows(text.len()).any(|window| window == text);
    assert!(!holds(password.expose().as_bytes()));
    assert!(!holds(b"upstream secret"));
    assert!(holds(b"$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test]
async fn wrong_fields_are_all_named_at_once() {
    let bench = Bench::new().await;
    let wrong = proto::NewAccount {
        name: Some("Acme!".to_owned()),
        company: String::new(),
        email: "ops".to_owned(),
        country: "Germany".to_owned(),
        phone: "1\u{7}".to_owned(),
        ..new_account("")
    };
    let problem = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, wrong)
        .await
        .unwrap_err();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (422, "invalid-value")
    );
    let mut fields: Vec<_> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    fields.sort_unstable();
    fields.dedup();
    assert_eq!(fields, ["company", "country", "email", "name", "phone"]);
}

#[tokio::test]
async fn names_are_unique() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("other").await;
    let again = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await;
    assert_eq!(again.unwrap_err().code, "name-taken");

    // User names over all accounts, system names within one.
    bench.user("acme", "scanner").await;
    let again = bench
        .call::<proto::CreateRelayUser>(at("other"), NOTHING, new_user(Some("scanner")))
        .await
        .unwrap_err();
    assert_eq!((again.status, again.code.as_str()), (409, "name-taken"));
    bench.user("other", "scanner-2").await;
    for (account, user, taken) in [
        ("acme", "scanner", false),
        ("other", "scanner-2", false),
        ("acme", "scanner", true),
    ] {
        let add = new_system("printer", "203.0.113.10", user);
        let added = bench
            .call::<proto::AddSystem>(at(account), NOTHING, add)
            .await;
        assert_eq!(added.is_err(), taken, "{account}");
    }
}

#[tokio::test]
async fn the_plan_limits_relay_users() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    for _ in 0..3 {
        let made = bench
            .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new_user(None))
            .await
            .unwrap();
        assert_eq!(made.user.username.len(), 8);
    }
    let fourth = bench
        .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new_user(None))
        .await
        .unwrap_err();
    assert_eq!((fourth.status, fourth.code.as_str()), (409, "plan-limit"));
    assert_eq!(
        fourth.detail.as_deref(),
        Some("3 of 3 relay users are in use")
    );

    let plan = |name: &str| proto::PlanChoice {
        plan: name.to_owned(),
    };
    let larger = bench
        .call::<proto::StartSubscription>(at("acme"), NOTHING, plan("business"))
        .await
        .unwrap();
    assert_eq!((larger.plan.relay_users, larger.relay_users_used), (5, 3));
    bench.user("acme", "fourth").await;
    let smaller = bench
        .call::<proto::StartSubscription>(at("acme"), NOTHING, plan("starter"))
        .await;
    assert_eq!(smaller.unwrap_err().code, "plan-limit");
    let unknown = bench
        .call::<proto::StartSubscription>(at("acme"), NOTHING, plan("gold"))
        .await;
    assert_eq!(unknown.unwrap_err().code, "not-found");
}

#[tokio::test]
async fn passwords_are_judged_and_replaced() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let with = |password: &str| proto::NewRelayUser {
        password: Some(password.to_owned()),
        ..new_user(Some("scanner"))
    };
    for weak in ["short", "scannerscanner", &"x".repeat(101)] {
        let refused = bench
            .call::<proto::CreateRelayUser>(at("acme"), NOTHING, with(weak))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.status, refused.code.as_str()),
            (422, "weak-password")
        );
        assert!(!format!("{refused:?}").contains("scannerscanner"));
    }
    let chosen = "correct horse battery staple";
    let created = bench
        .call::<proto::CreateRelayUser>(at("acme"), NOTHING, with(chosen))
        .await
        .unwrap();
    assert_eq!(created.password, None, "a chosen password is not repeated");

    let before = bench.store.generation();
    let rotated = bench
        .call::<proto::RotatePassword>(
            user_at("acme", "scanner"),
            NOTHING,
            proto::PasswordChange::default(),
        )
        .await
        .unwrap();
    assert!(bench.store.generation() > before, "caches must notice");
    let password = rotated.password.unwrap();
    assert!(password.len() > 20 && password != chosen);
    assert_eq!(rotated.user.version, created.user.version + 1);
}

#[tokio::test]
async fn a_relay_user_changes_and_ends() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let path = || user_at("acme", "scanner");
    let change = proto::RelayUserChange {
        allowed_senders: Some(vec![
            "fax@acme.example".to_owned(),
            "FAX@acme.example".to_owned(),
        ]),
        other_sender: Some(proto::OtherSender::Rewrite),
        ..proto::RelayUserChange::default()
    };
    let changed = bench
        .call::<proto::EditRelayUser>(path(), NOTHING, change)
        .await
        .unwrap();
    assert_eq!(changed.allowed_senders, ["fax@acme.example"]);
    let shown = bench
        .call::<proto::ShowRelayUser>(path(), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(shown, changed);

    let add = new_system("printer", "203.0.113.10", "scanner");
    bench
        .call::<proto::AddSystem>(at("acme"), NOTHING, add)
        .await
        .unwrap();
    let refused = bench
        .call::<proto::DeleteRelayUser>(path(), NOTHING, NOTHING)
        .await;
    assert_eq!(refused.unwrap_err().code, "state-conflict");
    bench
        .call::<proto::RemoveSystem>(system_at("acme", "printer"), NOTHING, NOTHING)
        .await
        .unwrap();
    bench
        .call::<proto::DeleteRelayUser>(path(), NOTHING, NOTHING)
        .await
        .unwrap();
    let gone = bench
        .call::<proto::ShowRelayUser>(path(), NOTHING, NOTHING)
        .await;
    assert_eq!(gone.unwrap_err().status, 404);
}

#[tokio::test]
async fn systems_that_sign_in_by_address_do_not_share_one() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("other").await;
    bench.user("acme", "scanner").await;
    bench.user("other", "printer").await;
    let by_address = |name, address, user| proto::NewSystem {
        auth: Some(proto::SystemAuth::Address),
        ..new_system(name, address, user)
    };
    bench
        .call::<proto::AddSystem>(
            at("acme"),
            NOTHING,
            by_address("a", "203.0.113.0/24", "scanner"),
        )
        .await
        .unwrap_err();
    bench
        .call::<proto::AddSystem>(
            at("acme"),
            NOTHING,
            by_address("nas", "203.0.113.0/24", "scanner"),
        )
        .await
        .unwrap();
    let overlap = bench
        .call::<proto::AddSystem>(
            at("other"),
            NOTHING,
            by_address("erp", "203.0.113.7", "printer"),
        )
        .await
        .unwrap_err();
    assert_eq!(
        (overlap.status, overlap.code.as_str()),
        (409, "network-overlap")
    );
    let named = overlap.detail.unwrap();
    assert!(named.contains(" of system "), "{named}");
    // With a password the same address is fine, until it is to count alone.
    let add = new_system("erp", "203.0.113.7", "printer");
    bench
        .call::<proto::AddSystem>(at("other"), NOTHING, add)
        .await
        .unwrap();
    let change = proto::SystemChange {
        auth: Some(proto::SystemAuth::Address),
        ..proto::SystemChange::default()
    };
    let overlap = bench
        .call::<proto::EditSystem>(system_at("other", "erp"), NOTHING, change)
        .await;
    assert_eq!(overlap.unwrap_err().code, "network-overlap");
    let change = proto::SystemChange {
        state: Some(proto::SystemState::Suspended),
        ..proto::SystemChange::default()
    };
    let suspended = bench
        .call::<proto::EditSystem>(system_at("other", "erp"), NOTHING, change)
        .await
        .unwrap();
    assert_eq!(suspended.state, proto::SystemState::Suspended);
}

/// Nothing shows that an address is the owner's.
#[tokio::test]
async fn an_owner_claims_an_address_only_where_the_operator_allows_it() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let new = proto::NewToken {
        name: "erp".to_owned(),
        account: Some("acme".to_owned()),
        read_only: false,
        expires_at: None,
    };
    let created = bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await;
    let secret = created.unwrap().secret;
    let owner = || Sender::Tcp(Some(&secret));
    let add = async |name: &str, address: &str, auth, sender| {
        let new = proto::NewSystem {
            auth: Some(auth),
            ..new_system(name, address, "scanner")
        };
        let added = bench.call_as::<proto::AddSystem>(sender, at("acme"), NOTHING, new, None);
        added.await.1.map_err(|problem| problem.code)
    };
    let edit = async |name: &str, change| {
        let path = system_at("acme", name);
        let edited = bench.call_as::<proto::EditSystem>(owner(), path, NOTHING, change, None);
        edited.await.1.map_err(|problem| problem.code)
    };
    let (alone, password) = (proto::SystemAuth::Address, proto::SystemAuth::Password);
    for address in ["203.0.113.9", "203.0.113.0/24", "192.0.0.0/16", "10.0.0.7"] {
        let refused = add("nas", address, alone, owner()).await;
        assert_eq!(refused.unwrap_err(), "forbidden", "{address}");
    }
    add("nas", "192.0.2.9", alone, owner()).await.unwrap();
    add("erp", "203.0.113.9", password, owner()).await.unwrap();
    add("old", "203.0.113.10", alone, Sender::Operator)
        .await
        .unwrap();

    let change = |address: Option<&str>, auth, state| proto::SystemChange {
        address: address.map(str::to_owned),
        auth,
        state,
        ..proto::SystemChange::default()
    };
    let suspended = Some(proto::SystemState::Suspended);
    for (name, change, fits) in [
        ("nas", change(Some("203.0.113.9"), None, None), false),
        ("erp", change(None, Some(alone), None), false),
        ("old", change(Some("203.0.113.11"), None, None), false),
        // What the operator registered stays the owner's to stop.
        (
            "old",
            change(Some("203.0.113.10"), Some(alone), suspended),
            true,
        ),
    ] {
        let code = edit(name, change).await.err();
        assert_eq!(code.as_deref(), (!fits).then_some("forbidden"), "{name}");
    }
}

#[tokio::test]
async fn addresses_are_those_that_the_operator_allows() {
    let bench = Bench::with(Settings {
        private_networks: false,
        loopback_networks: false,
        ..settings()
    })
    .await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    for (address, is_taken) in [
        ("203.0.113.10", true),
        ("2001:db8::/48", true),
        ("192.168.1.0/24", false),
        ("fd00::1", false),
        ("127.0.0.1", false),
        ("::1", false),
        ("0.0.0.0/0", false),
        ("::/0", false),
        ("224.0.0.1", false),
        ("printer", false),
    ] {
        let name = format!("s{}", address.len());
        let add = new_system(&name, address, "scanner");
        let added = bench
            .call::<proto::AddSystem>(at("acme"), NOTHING, add)
            .await;
        assert_eq!(added.is_ok(), is_taken, "{address}: {added:?}");
        if let Err(problem) = added {
            assert_eq!(problem.errors[0].field, "address");
        }
    }
}

#[tokio::test]
async fn another_accounts_objects_do_not_exist() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("other").await;
    let user = bench.user("acme", "scanner").await.user;
    let add = new_system("printer", "203.0.113.10", "scanner");
    let system = bench
        .call::<proto::AddSystem>(at("acme"), NOTHING, add)
        .await
        .unwrap();
    for key in ["scanner", user.id.as_str()] {
        let hidden = bench
            .call::<proto::ShowRelayUser>(user_at("other", key), NOTHING, NOTHING)
            .await;
        assert_eq!(hidden.unwrap_err().status, 404, "{key}");
    }
    for key in ["printer", system.id.as_str()] {
        let hidden = bench
            .call::<proto::RemoveSystem>(system_at("other", key), NOTHING, NOTHING)
            .await;
        assert_eq!(hidden.unwrap_err().status, 404, "{key}");
    }
    let borrowed = new_system("printer", "203.0.113.11", "scanner");
    let refused = bench
        .call::<proto::AddSystem>(at("other"), NOTHING, borrowed)
        .await
        .unwrap_err();
    assert_eq!(refused.errors[0].field, "user");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let bench = Bench::new().await;
    for name in ["b1", "a1", "c1"] {
        bench
            .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account(name))
            .await
            .unwrap();
    }
    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let query = proto::AccountQuery {
            state: None,
            cursor: cursor.take(),
            limit: Some(2),
        };
        let page = bench
            .call::<proto::ListAccounts>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        assert!(page.items.len() <= 2);
        names.extend(page.items.into_iter().map(|account| account.name));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(names, ["a1", "b1", "c1"]);
}
