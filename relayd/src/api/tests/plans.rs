//! Plans, subscriptions and the passwords of relay users.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, Sender, at, new_system, new_user, system_at, user_at};

fn plan_at(plan: &str) -> proto::PlanPath {
    proto::PlanPath {
        plan: plan.to_owned(),
    }
}

fn credential_at(user: &str, credential: &str) -> proto::CredentialPath {
    proto::CredentialPath {
        account: "acme".to_owned(),
        user: user.to_owned(),
        credential: credential.to_owned(),
    }
}

fn choice(plan: &str) -> proto::PlanChoice {
    proto::PlanChoice {
        plan: plan.to_owned(),
    }
}

fn school() -> proto::NewPlan {
    proto::NewPlan {
        name: "school".to_owned(),
        relay_users: 20,
        messages_per_minute: 60,
        messages_per_day: 3000,
        recipients_per_day: None,
        recipients_per_message: None,
        message_size: None,
    }
}

async fn owner_of(bench: &Bench, account: &str) -> String {
    let new = proto::NewToken {
        name: "script".to_owned(),
        account: Some(account.to_owned()),
        read_only: false,
        expires_at: None,
    };
    bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await
        .unwrap()
        .secret
}

async fn plan_names(bench: &Bench, sender: Sender<'_>) -> Vec<String> {
    let query = proto::PageQuery::default();
    let (_, plans) = bench
        .call_as::<proto::ListPlans>(sender, NOTHING, query, NOTHING, None)
        .await;
    plans
        .unwrap()
        .items
        .into_iter()
        .map(|plan| plan.name)
        .collect()
}

#[tokio::test]
async fn the_operator_makes_and_changes_plans() {
    let bench = Bench::new().await;
    let made = bench
        .call::<proto::CreatePlan>(NOTHING, NOTHING, school())
        .await
        .unwrap();
    assert_eq!(made.recipients_per_day, 3000);
    assert_eq!(
        (made.recipients_per_message, made.message_size),
        (500, 35 << 20)
    );
    assert_eq!(
        (made.state, made.subscribers),
        (proto::PlanState::Offered, Some(0))
    );
    let again = bench
        .call::<proto::CreatePlan>(NOTHING, NOTHING, school())
        .await;
    assert_eq!(again.unwrap_err().code, "name-taken");

    let (headers, shown) = bench
        .call_with::<proto::ShowPlan>(plan_at("school"), NOTHING, NOTHING, None)
        .await;
    assert_eq!(shown.unwrap(), made);
    let etag = headers["etag"].to_str().unwrap().to_owned();
    let change = || proto::PlanChange {
        messages_per_day: Some(4000),
        ..proto::PlanChange::default()
    };
    for (tag, code) in [
        (etag.as_str(), None),
        (etag.as_str(), Some("stale-version")),
    ] {
        let (_, changed) = bench
            .call_with::<proto::EditPlan>(plan_at("school"), NOTHING, change(), Some(tag))
            .await;
        assert_eq!(changed.err().map(|problem| problem.code).as_deref(), code);
    }
    let shown = bench
        .call::<proto::ShowPlan>(plan_at(&made.id), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        (shown.messages_per_day, shown.recipients_per_day),
        (4000, 3000)
    );

    bench
        .call::<proto::DeletePlan>(plan_at("school"), NOTHING, NOTHING)
        .await
        .unwrap();
    let gone = bench
        .call::<proto::ShowPlan>(plan_at("school"), NOTHING, NOTHING)
        .await;
    assert_eq!(gone.unwrap_err().status, 404);
}

#[tokio::test]
async fn a_plan_stays_below_the_ceilings_of_relayd() {
    let bench = Bench::new().await;
    let wrong = proto::NewPlan {
        name: "School".to_owned(),
        relay_users: 0,
        messages_per_minute: 1_000_001,
        messages_per_day: 0,
        recipients_per_day: Some(0),
        recipients_per_message: Some(10_001),
        message_size: Some((50 << 20) + 1),
    };
    let refused = bench
        .call::<proto::CreatePlan>(NOTHING, NOTHING, wrong)
        .await
        .unwrap_err();
    let fields: Vec<_> = refused.errors.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "name",
            "relay_users",
            "messages_per_minute",
            "messages_per_day",
            "recipients_per_day",
            "recipients_per_message",
            "message_size"
        ]
    );
    for (size, is_taken) in [(1023, false), (1024, true), (50 << 20, true)] {
        let change = proto::PlanChange {
            message_size: Some(size),
            ..proto::PlanChange::default()
        };
        let changed = bench
            .call::<proto::EditPlan>(plan_at("starter"), NOTHING, change)
            .await;
        assert_eq!(changed.is_ok(), is_taken, "{size}");
    }
    let nothing = bench
        .call::<proto::EditPlan>(plan_at("starter"), NOTHING, proto::PlanChange::default())
        .await;
    assert_eq!(nothing.unwrap_err().code, "invalid-value");
}

#[tokio::test]
async fn a_plan_does_not_shrink_below_its_use_and_names_who_has_more() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    for user in ["scanner", "nas", "erp"] {
        bench.user("acme", user).await;
    }
    let shrink = |relay_users| proto::PlanChange {
        relay_users: Some(relay_users),
        ..proto::PlanChange::default()
    };
    let refused = bench
        .call::<proto::EditPlan>(plan_at("starter"), NOTHING, shrink(2))
        .await
        .unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (409, "plan-limit"));
    let detail = refused.detail.unwrap();
    assert!(detail.contains("acme has 3"), "{detail}");
    let before = bench.store.generation();
    let grown = bench
        .call::<proto::EditPlan>(plan_at("starter"), NOTHING, shrink(4))
        .await
        .unwrap();
    assert_eq!((grown.relay_users, grown.subscribers), (4, Some(1)));
    assert!(
        bench.store.generation() > before,
        "the door must look again"
    );
    bench
        .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new_user(Some("fax")))
        .await
        .unwrap();

    let had = bench
        .call::<proto::DeletePlan>(plan_at("starter"), NOTHING, NOTHING)
        .await
        .unwrap_err();
    assert_eq!(had.code, "state-conflict");
    assert!(had.detail.unwrap().contains("relayctl plan retire starter"));
}

#[tokio::test]
async fn a_retired_plan_is_kept_and_given_by_the_operator_only() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("shop").await;
    let owner = owner_of(&bench, "acme").await;
    let stranger = owner_of(&bench, "shop").await;
    let to_business = async |sender: Sender<'_>, account: &str| {
        bench
            .call_as::<proto::StartSubscription>(
                sender,
                at(account),
                NOTHING,
                choice("business"),
                None,
            )
            .await
            .1
    };
    to_business(Sender::Tcp(Some(&owner)), "acme")
        .await
        .unwrap();
    let retired = bench
        .call::<proto::RetirePlan>(plan_at("business"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        (retired.state, retired.subscribers),
        (proto::PlanState::Retired, Some(1))
    );

    // Who has it sees it and may say so again; others do not know of it.
    assert_eq!(
        plan_names(&bench, Sender::Tcp(Some(&owner))).await,
        ["business", "enterprise", "starter"]
    );
    assert_eq!(
        plan_names(&bench, Sender::Tcp(Some(&stranger))).await,
        ["enterprise", "starter"]
    );
    to_business(Sender::Tcp(Some(&owner)), "acme")
        .await
        .unwrap();
    let refused = to_business(Sender::Tcp(Some(&stranger)), "shop").await;
    assert_eq!(refused.unwrap_err().status, 404);
    let (_, hidden) = bench
        .call_as::<proto::ShowPlan>(
            Sender::Tcp(Some(&stranger)),
            plan_at("business"),
            NOTHING,
            NOTHING,
            None,
        )
        .await;
    assert_eq!(hidden.unwrap_err().status, 404);
    let given = to_business(Sender::Operator, "shop").await.unwrap();
    assert_eq!(
        (given.plan.name.as_str(), given.plan.subscribers),
        ("business", None)
    );

    bench
        .call::<proto::OfferPlan>(plan_at("business"), NOTHING, NOTHING)
        .await
        .unwrap();
    let (_, shown) = bench
        .call_as::<proto::ShowPlan>(
            Sender::Tcp(Some(&stranger)),
            plan_at("business"),
            NOTHING,
            NOTHING,
            None,
        )
        .await;
    assert_eq!(shown.unwrap().subscribers, None, "that is for the operator");
}

#[tokio::test]
async fn the_owner_books_changes_and_cancels() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let owner = owner_of(&bench, "acme").await;
    for user in ["scanner", "nas", "erp"] {
        bench.user("acme", user).await;
    }
    let start = async |plan: &str| {
        bench
            .call_as::<proto::StartSubscription>(
                Sender::Tcp(Some(&owner)),
                at("acme"),
                NOTHING,
                choice(plan),
                None,
            )
            .await
            .1
    };
    start("business").await.unwrap();
    bench.user("acme", "fax").await;
    let down = start("starter").await.unwrap_err();
    assert_eq!(
        down.detail.as_deref(),
        Some(
            "the account has 4 relay users, starter allows 3: delete 1 by relayctl user delete \
             NAME, or choose a larger plan"
        )
    );
    let cancelled = bench
        .call_as::<proto::CancelSubscription>(
            Sender::Tcp(Some(&owner)),
            at("acme"),
            NOTHING,
            NOTHING,
            None,
        )
        .await
        .1
        .unwrap();
    assert_eq!(cancelled.state, proto::SubscriptionState::Cancelled);
    assert_eq!(cancelled.ended_by.as_deref(), Some("token script of acme"));
    let shown = bench
        .call::<proto::ShowSubscription>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(shown, cancelled);
    let account = bench
        .call::<proto::ShowAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        (account.plan, account.missing),
        (None, vec!["no-subscription".to_owned()])
    );
    let twice = bench
        .call::<proto::CancelSubscription>(at("acme"), NOTHING, NOTHING)
        .await;
    assert_eq!(twice.unwrap_err().status, 404);
    start("enterprise").await.unwrap();
    assert_eq!(
        history(&bench).await,
        [
            "enterprise active token script of acme -",
            "business cancelled token script of acme token script of acme",
            "starter replaced operator token script of acme",
        ]
    );
}

/// Every period, read in pages of two.
async fn history(bench: &Bench) -> Vec<String> {
    let (mut told, mut cursor) = (Vec::new(), None);
    loop {
        let query = proto::PageQuery {
            cursor: cursor.take(),
            limit: Some(2),
        };
        let page = bench
            .call::<proto::ListSubscriptions>(at("acme"), query, NOTHING)
            .await
            .unwrap();
        assert!(page.items.len() <= 2);
        told.extend(page.items.into_iter().map(|period| {
            let by = |who: Option<String>| who.unwrap_or_else(|| "-".to_owned());
            let (started, ended) = (by(period.started_by), by(period.ended_by));
            format!("{} {} {started} {ended}", period.plan, period.state)
        }));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return told,
        }
    }
}

async fn credentials(bench: &Bench, user: &str) -> Vec<String> {
    let all = bench
        .call::<proto::ListCredentials>(user_at("acme", user), NOTHING, NOTHING)
        .await
        .unwrap();
    all.items.into_iter().map(|one| one.name).collect()
}

async fn add(
    bench: &Bench,
    name: &str,
    password: Option<&str>,
) -> Result<proto::CredentialWithPassword, proto::Problem> {
    let new = proto::NewCredential {
        name: name.to_owned(),
        password: password.map(str::to_owned),
    };
    bench
        .call::<proto::AddCredential>(user_at("acme", "scanner"), NOTHING, new)
        .await
}

#[tokio::test]
async fn a_relay_user_has_up_to_five_passwords_that_differ() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let first = bench.user("acme", "scanner").await.password.unwrap();
    let made = add(&bench, "summer", None).await.unwrap();
    assert_eq!(
        (made.user.as_str(), made.credential.name.as_str()),
        ("scanner", "summer")
    );
    assert_eq!(made.credential.last_used_at, None);
    assert_ne!(made.password.as_deref(), Some(first.as_str()));
    assert!(!format!("{made:?}").contains(made.password.as_deref().unwrap()));

    let chosen = "correct horse battery staple";
    let given = add(&bench, "floor-3", Some(chosen)).await.unwrap();
    assert_eq!(given.password, None, "a chosen password is not repeated");
    for (name, password, code) in [
        ("summer", None, "name-taken"),
        ("Summer", None, "invalid-value"),
        ("other", Some("scannerscanner"), "weak-password"),
        // Removing one of two that are the same would end nothing.
        ("other", Some(chosen), "invalid-value"),
        ("other", Some(first.as_str()), "invalid-value"),
    ] {
        let refused = add(&bench, name, password).await.unwrap_err();
        assert_eq!(refused.code, code, "{name}");
        assert!(!format!("{refused:?}").contains(chosen));
    }
    for name in ["four", "five"] {
        add(&bench, name, None).await.unwrap();
    }
    let sixth = add(&bench, "six", None).await.unwrap_err();
    assert_eq!((sixth.status, sixth.code.as_str()), (409, "state-conflict"));
    assert!(sixth.detail.unwrap().contains("has 5 passwords"));
    assert_eq!(
        credentials(&bench, "scanner").await,
        ["default", "five", "floor-3", "four", "summer"]
    );
}

#[tokio::test]
async fn a_password_is_rotated_alone_or_with_all_others() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    add(&bench, "summer", None).await.unwrap();
    let user = bench.store.relay_user_by_name("scanner").await.unwrap();
    let user = user.unwrap().id;
    let rotate = async |credential: Option<&str>| {
        let change = proto::PasswordChange {
            password: None,
            credential: credential.map(str::to_owned),
        };
        bench
            .call::<proto::RotatePassword>(user_at("acme", "scanner"), NOTHING, change)
            .await
    };
    let before = bench.store.password_hashes(user).await.unwrap();
    assert!(rotate(Some("summer")).await.unwrap().password.is_some());
    let after = bench.store.password_hashes(user).await.unwrap();
    let stayed: Vec<_> = before.iter().filter(|one| after.contains(one)).collect();
    assert_eq!((after.len(), stayed), (2, vec![&before[0]]));
    assert_eq!(rotate(Some("winter")).await.unwrap_err().status, 404);

    rotate(None).await.unwrap();
    assert_eq!(credentials(&bench, "scanner").await, ["default"]);
    bench
        .call::<proto::RemoveCredential>(credential_at("scanner", "default"), NOTHING, NOTHING)
        .await
        .unwrap();
    let gone = bench
        .call::<proto::RemoveCredential>(credential_at("scanner", "default"), NOTHING, NOTHING)
        .await;
    assert_eq!(gone.unwrap_err().status, 404);
    assert_eq!(credentials(&bench, "scanner").await, Vec::<String>::new());
}

/// The steps of the test of a system that are not right: name, reason, remedy.
async fn obstacles(bench: &Bench) -> Vec<(String, String, String)> {
    let test = bench
        .call::<proto::TestSystem>(system_at("acme", "floor-3"), NOTHING, NOTHING)
        .await
        .unwrap();
    test.steps
        .into_iter()
        .filter_map(|step| Some((step.name, step.reason?, step.remedy.unwrap())))
        .collect()
}

#[tokio::test]
async fn the_test_of_a_system_names_what_is_missing_and_what_mends_it() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let add = new_system("floor-3", "203.0.113.10", "scanner");
    bench
        .call::<proto::AddSystem>(at("acme"), NOTHING, add)
        .await
        .unwrap();
    assert_eq!(obstacles(&bench).await, []);

    bench
        .call::<proto::RemoveCredential>(credential_at("scanner", "default"), NOTHING, NOTHING)
        .await
        .unwrap();
    bench
        .call::<proto::CancelSubscription>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    let expected = [
        (
            "Subscription",
            "no-subscription",
            "relayctl subscription start --account acme --plan starter",
        ),
        (
            "Password",
            "credentials-rejected",
            "relayctl user credential add scanner default --generate --account acme, and set it \
             in the device",
        ),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(obstacles(&bench).await, expected);
}

#[tokio::test]
async fn relay_users_and_systems_are_not_overwritten() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let add = new_system("floor-3", "203.0.113.10", "scanner");
    bench
        .call::<proto::AddSystem>(at("acme"), NOTHING, add)
        .await
        .unwrap();
    let (user, _) = bench
        .call_with::<proto::ShowRelayUser>(user_at("acme", "scanner"), NOTHING, NOTHING, None)
        .await;
    let (system, _) = bench
        .call_with::<proto::ShowSystem>(system_at("acme", "floor-3"), NOTHING, NOTHING, None)
        .await;
    for code in [None, Some("stale-version")] {
        let change = proto::RelayUserChange {
            other_sender: Some(proto::OtherSender::Rewrite),
            ..proto::RelayUserChange::default()
        };
        let tag = user["etag"].to_str().ok();
        let path = user_at("acme", "scanner");
        let (_, changed) = bench
            .call_with::<proto::EditRelayUser>(path, NOTHING, change, tag)
            .await;
        assert_eq!(changed.err().map(|problem| problem.code).as_deref(), code);
        let change = proto::SystemChange {
            address: Some("203.0.113.11".to_owned()),
            ..proto::SystemChange::default()
        };
        let tag = system["etag"].to_str().ok();
        let path = system_at("acme", "floor-3");
        let (_, changed) = bench
            .call_with::<proto::EditSystem>(path, NOTHING, change, tag)
            .await;
        assert_eq!(changed.err().map(|problem| problem.code).as_deref(), code);
    }
}
