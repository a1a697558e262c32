//! Promises about configuration: plans, routes and their secrets, holds.

use std::{path::PathBuf, time::Duration};

use relayd::{
    clock::{Clock, SystemClock},
    model::{
        AccountId, ClientCertificate, Cloud, Grant, Handling, Hold, HoldKind, OAuth, Pace, Reason,
        Route, RouteId, RouteKind, RouteOffer, RouteRole, Secret, UnknownOutcome,
    },
    store::{SealKey, Store, StoreError},
};
use sqlx::Row;

use super::world::{IDS, World, an_account, later, noon};

pub(super) async fn three_plans_are_built_in(mut world: World) {
    let plans = "SELECT name || ' ' || relay_users FROM plans ORDER BY relay_users";
    let expected = ["starter 3", "business 5", "enterprise 10"];
    assert_eq!(world.texts(plans).await, expected);
    world.restart().await;
    assert_eq!(world.texts(plans).await, expected);
}

fn password(route: &Route) -> Option<&str> {
    route.password.as_ref().map(Secret::expose)
}

pub(super) async fn a_route_comes_back_with_its_password_opened(world: World) {
    let read = world.store.route(world.route).await.unwrap().unwrap();
    assert_eq!(format!("{read:?}"), format!("{:?}", world.a_route()));
    assert_eq!(password(&read), Some("correct horse"));
    assert_eq!(read.pace, Pace::EXCHANGE_ONLINE);

    let of_account = world.store.route_of(world.account).await.unwrap().unwrap();
    assert_eq!(of_account.id, world.route);
    let nobody = AccountId::new(&IDS, noon());
    assert!(world.store.route_of(nobody).await.unwrap().is_none());
    let nowhere = RouteId::new(&IDS, noon());
    assert!(world.store.route(nowhere).await.unwrap().is_none());

    let capture = Route {
        kind: RouteKind::Capture,
        server: String::new(),
        password: None,
        ca_pem: Some("-----BEGIN CERTIFICATE-----".to_owned()),
        folder: Some(PathBuf::from("/var/lib/relayd/capture")),
        pace: Pace::SMARTHOST,
        checked_at: Some(later(5)),
        ..read
    };
    world.store.update_route(&capture, noon()).await.unwrap();
    let read = world.store.route(world.route).await.unwrap().unwrap();
    let expected = Route {
        version: 2,
        ..capture
    };
    assert_eq!(format!("{read:?}"), format!("{expected:?}"));

    let second = world.store.insert_route(&expected, noon()).await;
    assert!(matches!(second, Err(StoreError::Conflict(_))), "{second:?}");
}

/// One route after the other in the same place, of every kind that has secrets.
fn routes_with_secrets(world: &World) -> [Route; 4] {
    let oauth = |grant| OAuth {
        cloud: Cloud::GccHigh,
        tenant: "contoso.example".parse().unwrap(),
        client_id: "00000000-0000-4000-8000-000000000001".to_owned(),
        grant,
        authority: Some("https://login.example".to_owned()),
        scope: None,
    };
    let certificate = || ClientCertificate {
        chain_pem: "-----BEGIN CERTIFICATE-----".to_owned(),
        key: Secret::new("a private key"),
    };
    let new = |kind| Route {
        role: RouteRole::Fallback,
        ..Route::new(RouteId::new(&IDS, noon()), world.account, kind)
    };
    [
        Route {
            oauth: Some(oauth(Grant::ClientSecret {
                secret: Secret::new("a client secret"),
                expires_at: Some(later(9)),
            })),
            handling: Handling {
                recipients: 7,
                unknown_outcome: UnknownOutcome::Hold,
                ..Handling::of(RouteKind::SmtpOauth)
            },
            ..new(RouteKind::SmtpOauth)
        },
        Route {
            oauth: Some(oauth(Grant::Certificate(certificate()))),
            ..new(RouteKind::Graph)
        },
        Route {
            oauth: Some(oauth(Grant::DeviceCode)),
            ..new(RouteKind::SmtpOauth)
        },
        Route {
            mx_of: Some("contoso.example".parse().unwrap()),
            client_certificate: Some(certificate()),
            ..new(RouteKind::Connector)
        },
    ]
}

pub(super) async fn routes_of_every_kind_come_back_beside_a_fallback(world: World) {
    let [first, others @ ..] = routes_with_secrets(&world);
    world.store.insert_route(&first, noon()).await.unwrap();
    let read = async || {
        let role = RouteRole::Fallback;
        let route = world.store.route_in(world.account, role).await.unwrap();
        route.unwrap()
    };
    assert_eq!(format!("{:?}", read().await), format!("{first:?}"));
    let secret = read().await;
    assert_eq!(
        secret.client_secret().map(Secret::expose),
        Some("a client secret")
    );
    for (version, other) in (1..).zip(others) {
        let next = Route {
            id: first.id,
            version,
            ..other
        };
        world.store.update_route(&next, noon()).await.unwrap();
        let expected = Route {
            version: version + 1,
            ..next
        };
        let found = read().await;
        assert_eq!(format!("{found:?}"), format!("{expected:?}"));
        let key = |route: &Route| route.certificate().map(|it| it.key.expose().to_owned());
        assert_eq!(key(&found), key(&expected));
    }
    let versions = world.store.route_versions(&read().await).await.unwrap();
    let numbers: Vec<_> = versions.iter().map(|kept| kept.route.version).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    let primary = world.store.route_of(world.account).await.unwrap().unwrap();
    assert_eq!(primary.id, world.route);
}

pub(super) async fn a_sealed_password_opens_with_its_key_and_account_only(world: World) {
    let row = sqlx::query("SELECT password FROM routes")
        .fetch_one(&world.sql)
        .await
        .unwrap();
    let sealed: Vec<u8> = row.get(0);
    assert!(!sealed.windows(7).any(|window| window == b"correct"));

    let other = SealKey::load_or_create(&world.folder.path().join("other")).unwrap();
    let blind = Store::open(&world.url, other).await.unwrap();
    let refused = blind.route(world.route).await;
    let problem = refused.unwrap_err().to_string();
    assert!(
        problem.contains("table routes") && problem.contains("column password"),
        "{problem}"
    );
    assert!(problem.contains("sealed with key"), "{problem}");

    // The same bytes in a row of another account.
    let thief = AccountId::new(&IDS, noon());
    let account = an_account(thief, "thief");
    world.store.insert_account(&account).await.unwrap();
    sqlx::query("UPDATE routes SET account_id = $1")
        .bind(thief.as_bytes().as_slice())
        .execute(&world.sql)
        .await
        .unwrap();
    let refused = world.store.route(world.route).await;
    assert!(
        matches!(refused, Err(StoreError::Corrupt { .. })),
        "{refused:?}"
    );
}

pub(super) async fn a_changed_route_is_not_overwritten(world: World) {
    let read = world.store.route(world.route).await.unwrap().unwrap();
    world
        .store
        .set_route_checked(&read, Some(later(1)), Some(RouteOffer::ANYTHING))
        .await
        .unwrap();
    let checked = world.store.route(world.route).await.unwrap().unwrap();
    assert_eq!((checked.checked_at, checked.version), (Some(later(1)), 1));
    assert_eq!(checked.offer, Some(RouteOffer::ANYTHING));

    world.store.update_route(&read, noon()).await.unwrap();
    for stale in [
        world.store.update_route(&read, noon()).await,
        world
            .store
            .set_route_checked(&read, Some(later(2)), None)
            .await,
    ] {
        let expected = StoreError::Conflict("routes.version".to_owned());
        assert_eq!(stale, Err(expected));
    }
    let unknown = Route {
        id: RouteId::new(&IDS, noon()),
        ..read
    };
    let missing = world.store.update_route(&unknown, noon()).await;
    assert_eq!(missing, Err(StoreError::NotFound));
}

pub(super) async fn a_hold_by_a_person_stays_until_it_is_cleared(world: World) {
    let hold = |kind, detail: &str| Hold {
        kind,
        reason: Reason::RouteCredentialsRejected,
        detail: detail.to_owned(),
        since: noon(),
        until: None,
    };
    let stands = async || world.store.hold(world.route).await.unwrap();
    assert_eq!(stands().await, None);

    let quota = Hold {
        until: Some(later(3_600)),
        ..hold(HoldKind::Quota, "452 4.3.1 quota")
    };
    world.store.set_hold(world.route, &quota).await.unwrap();
    assert_eq!(stands().await.as_ref(), Some(&quota));
    let credentials = hold(HoldKind::Credentials, "535 5.7.3 wrong");
    world
        .store
        .set_hold(world.route, &credentials)
        .await
        .unwrap();
    assert_eq!(stands().await.as_ref(), Some(&credentials));

    let manual = hold(HoldKind::Manual, "maintenance");
    world.store.set_hold(world.route, &manual).await.unwrap();
    world.store.set_hold(world.route, &quota).await.unwrap();
    assert_eq!(stands().await.as_ref(), Some(&manual));
    let holds = world.store.holds().await.unwrap();
    assert_eq!(holds, [(world.route, manual)]);

    world.store.clear_hold(world.route).await.unwrap();
    assert_eq!(stands().await, None);
}

pub(super) async fn only_the_very_hold_is_lifted(world: World) {
    let quota = |since| Hold {
        kind: HoldKind::Quota,
        reason: Reason::RouteQuota,
        detail: String::new(),
        since,
        until: Some(later(3_600)),
    };
    let newer = quota(later(60));
    world.store.set_hold(world.route, &newer).await.unwrap();
    let manual = Hold {
        kind: HoldKind::Manual,
        ..newer.clone()
    };
    for other in [quota(noon()), manual] {
        assert!(!world.store.lift_hold(world.route, &other).await.unwrap());
    }
    let stands = world.store.hold(world.route).await.unwrap();
    assert_eq!(stands.as_ref(), Some(&newer));
    assert!(world.store.lift_hold(world.route, &newer).await.unwrap());
    assert_eq!(world.store.hold(world.route).await.unwrap(), None);
}

pub(super) async fn configuration_moves_the_generation_and_mail_does_not(world: World) {
    let before = world.store.generation();
    world.accepted(1).await;
    assert_eq!(world.store.generation(), before);
    world
        .store
        .update_route(&world.a_route(), noon())
        .await
        .unwrap();
    assert_eq!(world.store.generation(), before + 1);
    world
        .store
        .update_route(&world.a_route(), noon())
        .await
        .unwrap_err();
    assert_eq!(world.store.generation(), before + 1);
    world.store.ping().await.unwrap();
    if let Some(theirs) = world.store.clock().await.unwrap() {
        // The server of the test runs on this machine.
        let apart = SystemClock.now().duration_since(theirs).unsigned_abs();
        assert!(apart < Duration::from_mins(1), "{apart:?}");
    }
    world.store.close().await;
    let closed = world.store.ping().await;
    assert!(
        matches!(closed, Err(StoreError::Unavailable(_))),
        "{closed:?}"
    );
}
