//! A person signs in, and what that brings is used and changes with each use.

use std::time::Duration;

use super::*;

fn rotated(number: usize) -> (u16, String) {
    let answer = json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": format!("token-{number}"),
        "refresh_token": format!("refresh-{number}"),
    });
    (200, answer.to_string())
}

#[tokio::test]
async fn a_person_signs_in_by_code() {
    let world = World::new(|number| match number {
        1 => {
            let answer = json!({
                "user_code": "ABCD\u{7}EFGH", "device_code": "hunter2", "expires_in": 900,
                "verification_uri": "https://login.example/device", "interval": 5,
            });
            (200, answer.to_string())
        }
        2 => refusal(400, "authorization_pending", "AADSTS70016: pending"),
        3 => refusal(400, "slow_down", "slower"),
        4 => (503, String::new()),
        5 => rotated(number),
        6 => refusal(400, "expired_token", "AADSTS70019: expired"),
        7 => refusal(400, "authorization_declined", "declined"),
        8 => token(number, 3600),
        _ => refusal(400, "invalid_grant", "AADSTS50076: MFA"),
    })
    .await;
    let route = world.route(Grant::DeviceCode);
    let code = world.tokens.begin_device_code(&route).await.unwrap();
    assert_eq!(code.user_code, "ABCD?EFGH");
    assert_eq!(code.verification_uri, "https://login.example/device");
    assert_eq!(code.interval, Duration::from_secs(5));
    assert!(!format!("{code:?}").contains("hunter2"));
    let poll = || world.tokens.poll_device_code(&route, &code.device_code);
    assert!(matches!(poll().await.unwrap(), Poll::Pending));
    assert!(matches!(poll().await.unwrap(), Poll::SlowDown));
    assert_eq!(poll().await.unwrap_err().verdict, Verdict::Retry);
    let Poll::Allowed(allowed) = poll().await.unwrap() else {
        panic!("not allowed")
    };
    assert_eq!(allowed.refresh_token.expose(), "refresh-5");
    for words in ["ended", "declined", "no refresh token", "AADSTS50076"] {
        let Poll::Over(setback) = poll().await.unwrap() else {
            panic!("{words}")
        };
        assert!(setback.detail.contains(words), "{setback}");
        assert!(setback.advice.is_some());
    }
    let asked = world.server.asked();
    assert_eq!(asked[0].path, "/acme.example/oauth2/v2.0/devicecode");
    let scope = "https://outlook.office.com/SMTP.Send offline_access";
    assert_eq!(asked[0].form["scope"], scope);
    assert_eq!(asked[1].form["device_code"], "hunter2");
}

#[tokio::test]
async fn a_refresh_token_changes_with_each_use() {
    let world = World::new(rotated).await;
    let source = world.source(&world.route(Grant::DeviceCode));
    let setback = source.token().await.unwrap_err();
    assert!(setback.advice.unwrap().remedy.contains("route authorize"));
    assert_eq!(world.server.asked().len(), 0);
    world.kept.set("refresh-0");
    for number in 1..=3_usize {
        world.clock.advance(Duration::from_hours(2));
        let token = source.token().await.unwrap();
        assert_eq!(token.token.expose(), format!("token-{number}"));
        assert_eq!(world.kept.get(), format!("refresh-{number}"));
        let asked = world.server.asked();
        assert_eq!(
            asked[number - 1].form["refresh_token"],
            format!("refresh-{}", number - 1)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_could_not_be_stored_is_not_lost() {
    let world = World::new(rotated).await;
    world.kept.set("refresh-0");
    *world.kept.failures.lock().unwrap() = 3;
    let route = world.route(Grant::DeviceCode);
    let source = world.source(&route);
    source.token().await.unwrap();
    assert_eq!(world.kept.get(), "refresh-0");
    // Another slot of the same route takes the one in memory, and stores it first.
    world.tokens.forget(route.id);
    source.token().await.unwrap();
    assert_eq!(world.server.asked()[1].form["refresh_token"], "refresh-1");
    assert_eq!(world.kept.get(), "refresh-2");
}

#[tokio::test]
async fn a_sign_in_that_has_ended_holds_the_lane() {
    for (error, description) in [
        (
            "invalid_grant",
            "AADSTS700082: The refresh token has expired due to inactivity.",
        ),
        (
            "invalid_grant",
            "AADSTS70043: The refresh token has expired.",
        ),
        (
            "invalid_grant",
            "AADSTS50173: The provided grant has expired.",
        ),
        ("invalid_grant", "Something new."),
    ] {
        let world = World::new(move |_| refusal(400, error, description)).await;
        world.kept.set("refresh-0");
        let source = world.source(&world.route(Grant::DeviceCode));
        let setback = source.token().await.unwrap_err();
        assert_eq!(
            (setback.verdict, setback.reason),
            (Verdict::HoldCredentials, Reason::RouteCredentialsRejected)
        );
        assert!(setback.detail.contains(description), "{setback}");
        assert!(
            setback
                .advice
                .unwrap()
                .remedy
                .contains("relayctl route authorize")
        );
        assert_eq!(world.kept.get(), "refresh-0");
    }
}
