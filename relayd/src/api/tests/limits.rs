//! Limits, and systems that are known by their address alone.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_system, settings, system_at};
use crate::accounts::Settings;

fn of(scope: proto::LimitScope, name: &str) -> proto::LimitsQuery {
    proto::LimitsQuery {
        scope: Some(scope),
        name: Some(name.to_owned()),
    }
}

fn line(limits: &proto::Limits, name: proto::LimitName) -> &proto::Limit {
    let line = limits.limits.iter().find(|line| line.limit == name);
    line.unwrap()
}

#[tokio::test]
async fn limits_are_set_shown_and_reset() {
    use proto::{LimitName as L, LimitOrigin as O};
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let scanner = || of(proto::LimitScope::User, "scanner");
    let show = async |query| {
        bench
            .call::<proto::ShowLimits>(at("acme"), query, NOTHING)
            .await
    };

    let plain = show(scanner()).await.unwrap();
    assert_eq!((plain.name.as_str(), plain.set_by), ("scanner", None));
    let rate = line(&plain, L::MessagesPerMinute);
    assert_eq!(
        (rate.plan, rate.set, rate.in_force),
        (Some(30), None, Some(30))
    );
    assert_eq!((rate.origin, rate.used), (Some(O::Plan), Some(0)));

    let settings = proto::LimitSettings {
        messages_per_minute: Some(100),
        message_size: Some(1 << 20),
        ..proto::LimitSettings::default()
    };
    let set = bench
        .call::<proto::SetLimits>(at("acme"), scanner(), settings)
        .await
        .unwrap();
    assert_eq!(set.set_by, Some(proto::LimitAuthority::Operator));
    let rate = line(&set, L::MessagesPerMinute);
    assert_eq!(
        (rate.set, rate.in_force, rate.origin),
        (Some(100), Some(100), Some(O::User))
    );
    let size = line(&set, L::MessageSize);
    assert_eq!((size.in_force, size.origin), (Some(1 << 20), Some(O::User)));

    // What is not given stays, and 0 goes back to the plan.
    let settings = proto::LimitSettings {
        messages_per_minute: Some(0),
        ..proto::LimitSettings::default()
    };
    let set = bench
        .call::<proto::SetLimits>(at("acme"), scanner(), settings)
        .await
        .unwrap();
    assert_eq!(line(&set, L::MessagesPerMinute).in_force, Some(30));
    assert_eq!(line(&set, L::MessageSize).in_force, Some(1 << 20));

    let reset = bench
        .call::<proto::ResetLimits>(at("acme"), scanner(), NOTHING)
        .await
        .unwrap();
    assert_eq!(reset.set_by, None);
    assert_eq!(line(&reset, L::MessageSize).set, None);
}

#[tokio::test]
async fn the_smallest_limit_is_shown_with_its_origin() {
    use proto::{LimitName as L, LimitOrigin as O};
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let settings = proto::LimitSettings {
        message_size: Some(1 << 16),
        recipients_per_day: Some(100),
        ..proto::LimitSettings::default()
    };
    let query = proto::LimitsQuery::default();
    let whole = bench
        .call::<proto::SetLimits>(at("acme"), query, settings)
        .await
        .unwrap();
    assert_eq!(
        (whole.scope, whole.name.as_str()),
        (proto::LimitScope::Account, "acme")
    );
    assert_eq!(line(&whole, L::MessagesPerDay).in_force, None);
    let recipients = line(&whole, L::RecipientsPerDay);
    assert_eq!((recipients.in_force, recipients.used), (Some(100), Some(0)));
    let size = bench
        .call::<proto::ShowLimits>(at("acme"), of(proto::LimitScope::User, "scanner"), NOTHING)
        .await
        .unwrap();
    let size = line(&size, L::MessageSize);
    assert_eq!(
        (size.in_force, size.origin),
        (Some(1 << 16), Some(O::Account))
    );
}

#[tokio::test]
async fn what_cannot_be_a_limit_is_named() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("other").await;
    bench.user("other", "stranger").await;
    let set = async |query, settings| {
        let problem = bench
            .call::<proto::SetLimits>(at("acme"), query, settings)
            .await;
        let problem = problem.unwrap_err();
        let fields: Vec<_> = problem
            .errors
            .iter()
            .map(|error| error.field.clone())
            .collect();
        (problem.status, fields.join(","))
    };
    let account = proto::LimitsQuery::default;
    let none = proto::LimitSettings::default();
    assert_eq!(set(account(), none).await, (422, "limits".to_owned()));
    for (size, rate, fields) in [
        (Some(5), None, "message_size"),
        (Some(51 << 20), None, "message_size"),
        (None, Some(1_000_001), "messages_per_minute"),
        (Some(5), Some(u32::MAX), "messages_per_minute,message_size"),
    ] {
        let settings = proto::LimitSettings {
            message_size: size,
            messages_per_minute: rate,
            ..none
        };
        assert_eq!(set(account(), settings).await, (422, fields.to_owned()));
    }
    let some = proto::LimitSettings {
        messages_per_day: Some(5),
        ..none
    };
    let nameless = proto::LimitsQuery {
        scope: Some(proto::LimitScope::User),
        name: None,
    };
    assert_eq!(set(nameless, some).await, (422, "name".to_owned()));
    let misplaced = of(proto::LimitScope::Account, "other");
    assert_eq!(set(misplaced, some).await, (422, "name".to_owned()));
    // Another account's relay user is none.
    let stranger = of(proto::LimitScope::User, "stranger");
    assert_eq!(set(stranger, some).await.0, 404);
    let nobody = of(proto::LimitScope::System, "nobody");
    assert_eq!(set(nobody, some).await.0, 404);
}

#[tokio::test]
async fn the_test_of_a_system_by_address_names_its_listeners() {
    for listeners in [&[][..], &["legacy", "lan"]] {
        let bench = Bench::with(Settings {
            address_listeners: listeners.iter().map(ToString::to_string).collect(),
            ..settings()
        })
        .await;
        bench.customer("acme").await;
        bench.user("acme", "scanner").await;
        let new = proto::NewSystem {
            auth: Some(proto::SystemAuth::Address),
            ..new_system("nas", "203.0.113.7", "scanner")
        };
        bench
            .call::<proto::AddSystem>(at("acme"), NOTHING, new)
            .await
            .unwrap();
        let test = bench
            .call::<proto::TestSystem>(system_at("acme", "nas"), NOTHING, NOTHING)
            .await
            .unwrap();
        let step = test.steps.iter().find(|step| step.name == "Listener");
        let step = step.unwrap();
        if listeners.is_empty() {
            assert!(!test.ok && !test.accepted && !step.ok, "{test:?}");
            assert_eq!(step.reason.as_deref(), Some("auth-required"));
            assert!(
                step.remedy
                    .as_ref()
                    .unwrap()
                    .contains("address_auth = true")
            );
        } else {
            assert!(test.ok && step.ok, "{test:?}");
            assert!(step.detail.contains("legacy, lan"), "{step:?}");
        }
    }
}
