//! The configuration of an account as a whole: what is refused before anything is done.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, Sender, at, smarthost};

type Answer = Result<proto::ConfigurationResult, proto::Problem>;

async fn compare(bench: &Bench, sender: Sender<'_>, it: proto::Configuration) -> Answer {
    ask(bench, sender, it, true).await
}

async fn ask(bench: &Bench, sender: Sender<'_>, it: proto::Configuration, dry_run: bool) -> Answer {
    let wanted = proto::WantedConfiguration {
        configuration: it,
        prune: false,
        dry_run,
    };
    bench
        .call_as::<proto::ApplyConfiguration>(sender, at("acme"), NOTHING, wanted, None)
        .await
        .1
}

async fn bench() -> Bench {
    let bench = Bench::new().await;
    for account in ["acme", "other"] {
        bench.customer(account).await;
        bench.user(account, &format!("scanner-{account}")).await;
    }
    bench
}

fn with_system(it: proto::ConfiguredSystem) -> proto::Configuration {
    proto::Configuration {
        systems: vec![it],
        ..proto::Configuration::default()
    }
}

fn system(name: &str, address: &str) -> proto::ConfiguredSystem {
    proto::ConfiguredSystem {
        name: name.to_owned(),
        address: address.to_owned(),
        user: "scanner-acme".to_owned(),
        auth: Some(proto::SystemAuth::Address),
        priority: None,
        state: None,
        limits: None,
        limits_set_by: None,
    }
}

/// Place and words of the one objection.
fn objection(answer: Answer) -> (String, String) {
    let mut errors = answer.unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    (error.field, error.message)
}

#[tokio::test]
async fn what_could_not_be_written_is_told_by_a_comparison() {
    let bench = bench().await;
    let of_other = proto::NewSystem {
        name: "mfp".to_owned(),
        address: "192.0.2.7/32".to_owned(),
        user: "scanner-other".to_owned(),
        auth: Some(proto::SystemAuth::Address),
        priority: None,
    };
    bench
        .call::<proto::AddSystem>(at("other"), NOTHING, of_other)
        .await
        .unwrap();
    let nas = || with_system(system("nas", "192.0.2.0/28"));
    let (field, message) = objection(compare(&bench, Sender::Operator, nas()).await);
    assert_eq!(field, "systems.nas");
    assert!(message.contains("system mfp of account other"), "{message}");

    let mut both = with_system(system("one", "192.0.2.32/30"));
    both.systems.push(system("two", "192.0.2.33"));
    let (field, _) = objection(compare(&bench, Sender::Operator, both).await);
    assert_eq!(field, "systems.two");

    let domains = (0..201).map(|number| proto::ConfiguredDomain {
        name: format!("d{number}.example"),
        state: None,
    });
    let many = proto::Configuration {
        domains: domains.collect(),
        ..proto::Configuration::default()
    };
    let (field, message) = objection(compare(&bench, Sender::Operator, many).await);
    assert_eq!(field, "domains");
    assert!(message.contains("201 domains"), "{message}");
}

/// So many systems, in a file as large as they come.
fn systems(letter: char, limits: Option<proto::LimitSettings>) -> Vec<proto::ConfiguredSystem> {
    let one = |number| proto::ConfiguredSystem {
        auth: None,
        limits,
        ..system(
            &format!("{letter}{number}"),
            &format!("2001:db8::{number:x}"),
        )
    };
    (0..5000).map(one).collect()
}

#[tokio::test]
async fn all_that_a_file_can_name_is_applied_at_once() {
    let bench = bench().await;
    let token = token_of(&bench, false).await;
    let owner = Sender::Tcp(Some(&token));
    let apply = async |configuration, prune, dry_run| {
        let wanted = proto::WantedConfiguration {
            configuration,
            prune,
            dry_run,
        };
        bench
            .call_as::<proto::ApplyConfiguration>(owner, at("acme"), NOTHING, wanted, None)
            .await
            .1
    };
    let shown = async || {
        bench
            .call::<proto::ShowConfiguration>(at("acme"), NOTHING, NOTHING)
            .await
            .unwrap()
    };
    let before = proto::Configuration {
        systems: systems('a', None),
        ..shown().await
    };
    let done = apply(before, false, false).await.unwrap();
    assert_eq!((done.applied, done.changes.len()), (true, 5000));
    let own = apply(shown().await, true, false).await.unwrap();
    assert_eq!((own.applied, own.changes.len()), (false, 0));

    // Others in their place, each with a limit.
    let limits = proto::LimitSettings {
        messages_per_day: Some(9),
        ..proto::LimitSettings::default()
    };
    let others = proto::Configuration {
        systems: systems('b', Some(limits)),
        ..shown().await
    };
    let mut too_many = others.clone();
    too_many.domains.push(proto::ConfiguredDomain {
        name: "one-more.example".to_owned(),
        state: None,
    });
    let (field, message) = objection(apply(too_many, true, true).await);
    assert_eq!(field, "configuration");
    assert!(
        message.starts_with("15001 changes, and at most 15000") && message.contains("apply"),
        "{message}"
    );
    let done = apply(others, true, false).await.unwrap();
    assert_eq!((done.applied, done.changes.len()), (true, 15_000));
    assert_eq!(shown().await.systems.len(), 5000);

    // An owner has so many in an hour, and what is refused counts for nothing.
    let back = proto::Configuration {
        systems: systems('a', Some(limits)),
        ..shown().await
    };
    let problem = apply(back, true, false).await.unwrap_err();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (429, "requests-throttled")
    );
    let more = with_system(proto::ConfiguredSystem {
        auth: None,
        ..system("one-more", "192.0.2.1")
    });
    assert!(apply(more, false, false).await.unwrap().applied);
}

#[tokio::test]
async fn a_route_in_it_is_no_request_of_its_own() {
    let bench = bench().await;
    let asked = bench.probe.seen.lock().unwrap().len();
    let tried = proto::Configuration {
        route: Some(proto::RouteSettings {
            dry_run: true,
            ..smarthost()
        }),
        ..proto::Configuration::default()
    };
    let (field, _) = objection(compare(&bench, Sender::Operator, tried).await);
    assert_eq!(field, "route.dry_run");
    assert_eq!(bench.probe.seen.lock().unwrap().len(), asked);
}

/// A token of the account `acme`, which has a route with a password.
async fn token_of(bench: &Bench, read_only: bool) -> String {
    let set = bench.call::<proto::SetRoute>(at("acme"), NOTHING, smarthost());
    set.await.unwrap();
    let token = proto::NewToken {
        name: "ci".to_owned(),
        account: Some("acme".to_owned()),
        read_only,
        expires_at: None,
    };
    let made = bench.call::<proto::CreateToken>(NOTHING, NOTHING, token);
    made.await.unwrap().secret
}

fn with_password(password: Option<&str>) -> proto::Configuration {
    proto::Configuration {
        route: Some(proto::RouteSettings {
            password: password.map(str::to_owned),
            ..smarthost()
        }),
        ..proto::Configuration::default()
    }
}

#[tokio::test]
async fn a_reader_cannot_guess_at_a_secret() {
    let bench = bench().await;
    let reader = token_of(&bench, true).await;
    let told = async |sender: Sender<'_>, password| {
        let told = compare(&bench, sender, with_password(password)).await;
        told.unwrap().changes
    };
    let guess = async |password| told(Sender::Tcp(Some(&reader)), password).await;
    assert_eq!(guess(None).await, []);
    let stored = smarthost().password;
    let right = guess(stored.as_deref()).await;
    assert_eq!(right, guess(Some("a wrong guess")).await);
    assert_eq!(right[0].values[0].after.as_deref(), Some("(given)"));
    let known = told(Sender::Operator, stored.as_deref()).await;
    assert_eq!(known, [], "who may change it need not");
}

#[tokio::test]
async fn who_may_change_a_route_guesses_at_its_secret_so_often() {
    let bench = bench().await;
    let owner = token_of(&bench, false).await;
    let owner = || Sender::Tcp(Some(&owner));
    let stored = smarthost().password;
    let asked = bench.probe.seen.lock().unwrap().len();
    for number in 0..30 {
        let same = compare(&bench, owner(), with_password(stored.as_deref())).await;
        assert_eq!(same.unwrap().changes, [], "{number}: the same is no guess");
        let guess = format!("guess {number}");
        let told = compare(&bench, owner(), with_password(Some(&guess))).await;
        let values = &told.unwrap().changes[0].values;
        assert_eq!(values[0].after.as_deref(), Some("(another)"));
    }
    for sender in [owner(), Sender::Operator] {
        for (password, dry_run) in [(stored.as_deref(), true), (Some("one more"), false)] {
            let told = ask(&bench, sender, with_password(password), dry_run).await;
            let refused = told.unwrap_err();
            assert_eq!(refused.code, "requests-throttled");
            let text = format!("{refused:?}");
            assert!(text.contains("leave the secret out"), "{text}");
        }
    }
    assert_eq!(bench.probe.seen.lock().unwrap().len(), asked);
    let told = compare(&bench, owner(), with_password(None)).await;
    assert_eq!(
        told.unwrap().changes,
        [],
        "without a secret nothing is guessed"
    );
    bench.clock.advance(std::time::Duration::from_hours(1));
    let told = compare(&bench, owner(), with_password(stored.as_deref())).await;
    assert_eq!(told.unwrap().changes, []);
}
