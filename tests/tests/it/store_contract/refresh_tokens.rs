//! What people allowed by device code.

use relayd::{
    model::{Cloud, Grant, OAuth, Route, RouteKind, Secret},
    store::{RefreshToken, StoreError},
};

use super::world::{World, later, noon};

fn allowed(world: &World, token: &str, seconds: i64) -> RefreshToken {
    RefreshToken {
        route_id: world.route,
        account_id: world.account,
        token: Secret::new(token),
        username: "ada@acme.example".to_owned(),
        allowed_at: later(seconds),
        rotated_at: later(seconds),
    }
}

async fn kept(world: &World) -> Option<(String, i64)> {
    let found = world.store.refresh_token(world.route).await.unwrap();
    found.map(|it| {
        assert_eq!(
            (it.account_id, it.username.as_str()),
            (world.account, "ada@acme.example")
        );
        (it.token.expose().to_owned(), it.rotated_at.as_second())
    })
}

async fn rotate(world: &World, old: &str, new: &str, seconds: i64) -> bool {
    let (old, new) = (Secret::new(old), Secret::new(new));
    let done = world
        .store
        .rotate_refresh_token(world.route, &old, &new, later(seconds));
    done.await.unwrap()
}

pub(super) async fn a_refresh_token_is_kept_and_changes_hands_once(mut world: World) {
    assert_eq!(kept(&world).await, None);
    let first = allowed(&world, "first", 0);
    world.store.put_refresh_token(&first, 1).await.unwrap();
    assert!(rotate(&world, "first", "second", 10).await);
    assert!(
        !rotate(&world, "first", "third", 20).await,
        "it is not in force any more"
    );
    world.restart().await;
    let second = Some(("second".to_owned(), later(10).as_second()));
    assert_eq!(kept(&world).await, second);

    let anew = allowed(&world, "anew", 30);
    let moved = world.store.put_refresh_token(&anew, 2).await;
    let moved = matches!(moved, Err(StoreError::Conflict(_)));
    assert!(moved, "the route may lead elsewhere by then");
    assert_eq!(kept(&world).await.unwrap().0, "second");
    world.store.put_refresh_token(&anew, 1).await.unwrap();
    let stale = rotate(&world, "second", "fourth", 40).await;
    assert!(!stale, "somebody has signed in anew");
    let anew = Some(("anew".to_owned(), later(30).as_second()));
    assert_eq!(kept(&world).await, anew);
    let shown = sqlx::query_scalar::<_, Vec<u8>>("SELECT token FROM refresh_tokens")
        .fetch_one(&world.sql)
        .await
        .unwrap();
    assert!(!shown.windows(4).any(|it| it == b"anew"), "it is sealed");
    assert!(world.store.remove_refresh_token(world.route).await.unwrap());
    assert!(!world.store.remove_refresh_token(world.route).await.unwrap());
    assert_eq!(kept(&world).await, None);
}

pub(super) async fn a_sign_in_is_for_one_application_at_one_endpoint(world: World) {
    let by_code = |tenant: &str, authority: Option<&str>, version| {
        let mut route = Route {
            oauth: Some(OAuth {
                cloud: Cloud::World,
                tenant: tenant.parse().unwrap(),
                client_id: "8a6f1c2e-0000-4000-8000-00000000000a".to_owned(),
                grant: Grant::DeviceCode,
                authority: authority.map(str::to_owned),
                scope: None,
            }),
            ..Route::new(world.route, world.account, RouteKind::SmtpOauth)
        };
        route.version = version;
        route
    };
    let sets = [
        ("acme.example", None, "smtp.office365.com", false),
        ("acme.example", None, "smtp.office365.com", true),
        ("acme.example", None, "other.example", false),
        (
            "acme.example",
            Some("https://login.example"),
            "other.example",
            false,
        ),
        (
            "other.example",
            Some("https://login.example"),
            "other.example",
            false,
        ),
    ];
    for (version, (tenant, authority, server, stays)) in (1..).zip(sets) {
        let token = allowed(&world, "token", 0);
        world
            .store
            .put_refresh_token(&token, version)
            .await
            .unwrap();
        let mut route = by_code(tenant, authority, version);
        route.server = server.to_owned();
        world.store.update_route(&route, noon()).await.unwrap();
        assert_eq!(
            kept(&world).await.is_some(),
            stays,
            "{tenant} {authority:?}"
        );
    }
}
