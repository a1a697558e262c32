//! One request however many ask; none while a token is good or a failure is young.

use std::time::Duration;

use futures_util::future;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn twenty_that_ask_at_once_make_one_request() {
    let world = World::new(|number| token(number, 3600)).await;
    let route = world.by_secret();
    let sources: Vec<_> = (0..20).map(|_| world.source(&route)).collect();
    let tokens = future::join_all(sources.iter().map(|source| source.token())).await;
    for token in tokens {
        assert_eq!(token.unwrap().token.expose(), "token-1");
    }
    let asked = world.server.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(asked.path, "/acme.example/oauth2/v2.0/token");
    for (field, value) in [
        ("grant_type", "client_credentials"),
        ("client_id", APPLICATION),
        ("client_secret", "hunter2"),
        ("scope", "https://outlook.office365.com/.default"),
    ] {
        assert_eq!(asked.form[field], value);
    }
}

#[tokio::test]
async fn a_token_is_fetched_anew_ahead_of_its_end_while_the_old_one_serves() {
    let world = World::new(|number| token(number, 3600)).await;
    let source = world.source(&world.by_secret());
    let first = source.token().await.unwrap();
    world.clock.advance(39 * MINUTE);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-1");
    assert_eq!(world.server.asked().len(), 1);
    world.clock.advance(2 * MINUTE);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-1");
    world.server.was_asked(2).await;
    while source.token().await.unwrap().token.expose() != "token-2" {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.server.asked().len(), 2);
    // A token that is over is waited for.
    world.clock.advance(58 * MINUTE);
    let third = source.token().await.unwrap();
    assert_eq!(third.token.expose(), "token-3");
    assert!(third.expires_at > first.expires_at);
}

#[tokio::test]
async fn a_failure_is_remembered_for_half_a_minute() {
    let world = World::new(|number| match number {
        1 => refusal(
            401,
            "invalid_client",
            "AADSTS7000215: Invalid client secret hunter2",
        ),
        _ => token(number, 3600),
    })
    .await;
    let source = world.source(&world.by_secret());
    for _ in 0..3 {
        let setback = source.token().await.unwrap_err();
        assert_eq!(setback.verdict, Verdict::HoldCredentials);
        let shown = format!("{setback:?}");
        assert!(
            shown.contains("AADSTS7000215") && !shown.contains("hunter2"),
            "{shown}"
        );
        world.clock.advance(Duration::from_secs(9));
    }
    assert_eq!(world.server.asked().len(), 1);
    world.clock.advance(Duration::from_secs(9));
    assert_eq!(source.token().await.unwrap().token.expose(), "token-2");
}

#[tokio::test]
async fn a_failure_is_forgotten_when_a_person_checks_the_route() {
    let world = World::new(|number| match number {
        1 => refusal(401, "invalid_client", "AADSTS7000222: expired"),
        _ => token(number, 3600),
    })
    .await;
    let route = world.by_secret();
    let source = world.source(&route);
    source.token().await.unwrap_err();
    source.token().await.unwrap_err();
    assert_eq!(world.server.asked().len(), 1);
    world.tokens.forget_failure(route.id);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-2");
    world.tokens.forget_failure(route.id);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-2");
}

#[tokio::test]
async fn a_failure_ahead_of_time_leaves_the_old_token_in_force() {
    let world = World::new(|number| match number {
        1 => token(number, 3600),
        _ => (503, String::new()),
    })
    .await;
    let source = world.source(&world.by_secret());
    source.token().await.unwrap();
    world.clock.advance(45 * MINUTE);
    for _ in 0..3 {
        assert_eq!(source.token().await.unwrap().token.expose(), "token-1");
        world.server.was_asked(2).await;
    }
    world.clock.advance(14 * MINUTE);
    let setback = source.token().await.unwrap_err();
    assert_eq!(
        (setback.verdict, setback.reason),
        (Verdict::Retry, Reason::RouteUnreachable)
    );
}

#[tokio::test]
async fn a_refused_token_is_given_up_once_it_is_a_minute_old() {
    let world = World::new(|number| token(number, 3600)).await;
    let source = world.source(&world.by_secret());
    let first = source.token().await.unwrap();
    source.reject(&first);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-1");
    world.clock.advance(2 * MINUTE);
    source.reject(&first);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-2");
    source.reject(&first);
    assert_eq!(source.token().await.unwrap().token.expose(), "token-2");
}

#[tokio::test]
async fn other_settings_share_nothing_and_a_new_sign_in_begins_anew() {
    let world = World::new(|number| token(number, 3600)).await;
    let route = world.by_secret();
    // A lane keeps its own.
    let in_force = world.source(&route);
    in_force.token().await.unwrap();
    let mut candidate = route.clone();
    candidate.oauth.as_mut().unwrap().grant = Grant::ClientSecret {
        secret: Secret::new("another"),
        expires_at: None,
    };
    let other = world.source(&candidate).token().await.unwrap();
    assert_eq!(other.token.expose(), "token-2");
    let mut paced = route.clone();
    paced.pace.connections = 1;
    let same = world.source(&paced).token().await.unwrap();
    assert_eq!(same.token.expose(), "token-1");
    world.tokens.forget(route.id);
    let new = world.source(&route).token().await.unwrap();
    assert_eq!(new.token.expose(), "token-3");
}

#[tokio::test]
async fn answers_that_are_none_are_refused() {
    for (status, body, verdict, words) in [
        (
            302,
            String::new(),
            Verdict::HoldCredentials,
            "302, a redirect",
        ),
        (200, "<html>".to_owned(), Verdict::Retry, "no JSON"),
        (200, "{}".to_owned(), Verdict::Retry, "no bearer token"),
        (200, "x".repeat(70_000), Verdict::Retry, "no JSON"),
        (
            200,
            json!({ "token_type": "mac", "access_token": "x" }).to_string(),
            Verdict::Retry,
            "no bearer token",
        ),
        (
            200,
            json!({ "token_type": "Bearer", "access_token": "a\r\nb" }).to_string(),
            Verdict::Retry,
            "no bearer token",
        ),
        (429, String::new(), Verdict::Retry, "429"),
        (404, "<html>".to_owned(), Verdict::HoldCredentials, "404"),
    ] {
        let world = World::new(move |_| (status, body.clone())).await;
        let setback = world.source(&world.by_secret()).token().await.unwrap_err();
        assert_eq!(setback.verdict, verdict, "{setback}");
        assert!(setback.detail.contains(words), "{setback}");
    }
}

#[tokio::test]
async fn an_endpoint_nobody_vouches_for_or_without_tls_gets_no_secret() {
    let world = World::new(|number| token(number, 3600)).await;
    let stranger = World::new(|number| token(number, 3600)).await;
    let mut route = world.by_secret();
    route.ca_pem = Some(stranger.server.pem.clone());
    let setback = world.source(&route).token().await.unwrap_err();
    assert_eq!(
        (setback.verdict, setback.reason),
        (Verdict::Retry, Reason::RouteTlsFailed)
    );
    let mut route = world.by_secret();
    let plain = world.server.authority().replace("https", "http");
    route.oauth.as_mut().unwrap().authority = Some(plain);
    let setback = world.source(&route).token().await.unwrap_err();
    assert_eq!(setback.verdict, Verdict::HoldCredentials);
    assert!(setback.detail.contains("no https"), "{setback}");
    assert_eq!(world.server.asked().len(), 0);
}
