//! Ways in by access token and by client certificate, between relayd's upstream side and the
//! stand-in with its token endpoint: what is asked for how often, what is signed, what is refused.

mod connector;
mod relayed;
mod setup;

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use futures_util::future;
use relay_tests::sim::entra::{Asked, Trouble};
use relayd::{
    model::{Grant, Reason},
    upstream::{Poll, Verdict},
};
use setup::{APPLICATION, MAILBOX, Setup};

const PATIENCE: Duration = Duration::from_secs(30);

/// The requests for tokens.
fn fetched(setup: &Setup) -> Vec<Asked> {
    let asked = setup.entra().asked();
    let of_tokens = asked.into_iter().filter(|it| it.path.ends_with("/token"));
    of_tokens.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_out_by_client_secret() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.by_secret();
    let check = setup.upstreams.check(&route).await;
    assert_eq!(check.setback, None);
    let names: Vec<_> = check.steps.iter().map(|step| step.name).collect();
    let expected = ["token", "dns", "connect", "starttls", "greeting", "sign-in"];
    assert_eq!(names, expected);
    let told = &check.steps[0].detail;
    for part in [
        "aud https://outlook.office365.com",
        "tid acme.example",
        APPLICATION,
        "roles SMTP.SendAsApp",
        "expires 20",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    setup.sends(&route).await;
    let entries = setup.simulator.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(entries[0].mechanism, "XOAUTH2");
    assert_eq!(entries[0].mailbox, MAILBOX);
    assert_eq!(fetched(&setup).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_connections_share_one_request() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.by_secret();
    let ways: Vec<_> = (0..20)
        .map(|_| setup.upstreams.open(&route).unwrap())
        .collect();
    let opened = future::join_all(ways.iter().map(|way| way.connect())).await;
    assert!(opened.iter().all(Result::is_ok));
    assert_eq!(fetched(&setup).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_asked_for_once_and_told_with_what_to_do() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.route(Grant::ClientSecret {
        secret: relayd::model::Secret::new("hunter2"),
        expires_at: None,
    });
    for _ in 0..5 {
        let setback = setup.refused(&route).await;
        assert_eq!(
            (setback.verdict, setback.reason),
            (Verdict::HoldCredentials, Reason::RouteCredentialsRejected)
        );
        let shown = format!("{setback:?}");
        assert!(
            shown.contains("AADSTS7000215: Invalid client secret"),
            "{shown}"
        );
        assert!(
            shown.contains("copy its Value") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
    assert_eq!(fetched(&setup).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_refused_and_trouble_is_tried_again() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.by_secret();
    let elsewhere = "https://elsewhere.example/token".to_owned();
    for (trouble, verdict, words) in [
        (
            Trouble::Redirect(elsewhere),
            Verdict::HoldCredentials,
            "302, a redirect",
        ),
        (Trouble::Throttled(45), Verdict::Retry, "429"),
        (Trouble::Status(503), Verdict::Retry, "503"),
        (Trouble::Aadsts(90_033), Verdict::Retry, "AADSTS90033"),
        (
            Trouble::Aadsts(53_003),
            Verdict::HoldCredentials,
            "AADSTS53003",
        ),
    ] {
        setup.entra().trouble(trouble, Some(1));
        setup.clock.advance(Duration::from_mins(1));
        let setback = setup.refused(&route).await;
        assert_eq!(setback.verdict, verdict, "{setback}");
        assert!(setback.detail.contains(words), "{setback}");
    }
    setup.clock.advance(Duration::from_mins(1));
    setup
        .entra()
        .trouble(Trouble::Slow(Duration::from_millis(200)), Some(1));
    setup.opened(&route).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_outlives_its_token_and_the_next_one_gets_another() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.by_secret();
    let mut old = setup.opened(&route).await;
    setup.clock.advance(Duration::from_hours(2));
    setup.entra().revoke_tokens();
    let mut new = setup.opened(&route).await;
    assert_eq!(fetched(&setup).len(), 2);
    setup.hand_over(old.as_mut()).await;
    setup.hand_over(new.as_mut()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_taken_back_is_replaced_once() {
    for challenge in [false, true] {
        let setup = Setup::new(|settings| settings.challenge = challenge).await;
        let route = setup.by_secret();
        setup.opened(&route).await;
        setup.entra().revoke_tokens();
        // A young one is believed in: another would not help.
        let setback = setup.refused(&route).await;
        assert_eq!(setback.verdict, Verdict::HoldCredentials);
        let literal = setback.reply.as_ref().unwrap().to_string();
        assert!(literal.contains("535"), "{literal}");
        let remedy = setback.advice.unwrap().remedy;
        assert!(remedy.contains("New-ServicePrincipal"), "{remedy}");
        assert_eq!(fetched(&setup).len(), 1);
        setup.clock.advance(Duration::from_mins(2));
        setup.opened(&route).await;
        assert_eq!(fetched(&setup).len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_signs_what_the_endpoint_and_a_foreign_library_verify() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.route(Grant::Certificate(setup.certificate()));
    setup.sends(&route).await;
    let asked = fetched(&setup);
    assert_eq!(asked.len(), 1);
    let assertion = asked[0].field("client_assertion").to_owned();

    let audience = format!(
        "{}/acme.example/oauth2/v2.0/token",
        setup.entra().authority()
    );
    let claims = pyjwt(&assertion, &setup.certificate().chain_pem, &audience);
    assert_eq!(claims["sub"], APPLICATION);

    // Whoever heard it cannot use it.
    let replayed = setup.post(&asked[0]).await;
    assert_eq!(replayed["error_codes"][0], 50_027, "{replayed}");

    let route = setup.route(Grant::Certificate(setup::unregistered()));
    let setback = setup.refused(&route).await;
    assert_eq!(setback.verdict, Verdict::HoldCredentials);
    assert!(setback.detail.contains("AADSTS700027"), "{setback}");
}

/// What PyJWT says of an assertion.
fn pyjwt(assertion: &str, certificate: &str, audience: &str) -> serde_json::Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("../target/clients/pyjwt/bin/python");
    let remedy = "run scripts/test once: it installs PyJWT into target/clients";
    assert!(python.is_file(), "{remedy}");
    let mut child = Command::new(python)
        .arg(root.join("clients/pyjwt/verify.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let question = serde_json::json!({
        "assertion": assertion, "certificate": certificate, "audience": audience,
    });
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(question.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_the_refresh_token_changes_across_restarts() {
    let mut setup = Setup::new(|_| {}).await;
    let route = setup.route(Grant::DeviceCode);
    setup.keep(&route).await;
    let code = setup.upstreams.begin_device_code(&route).await.unwrap();
    let poll = |setup: &Setup| {
        let (route, device_code) = (route.clone(), code.device_code.clone());
        let upstreams = std::sync::Arc::clone(&setup.upstreams);
        async move {
            upstreams
                .poll_device_code(&route, &device_code)
                .await
                .unwrap()
        }
    };
    assert!(matches!(poll(&setup).await, Poll::Pending));
    assert!(
        setup
            .entra()
            .approve(&code.user_code, "ada@acme.example", &[MAILBOX])
    );
    let Poll::Allowed(allowed) = poll(&setup).await else {
        panic!("not allowed")
    };
    assert_eq!(allowed.username, "ada@acme.example");
    setup.allow(&route, &allowed).await;
    setup.sends(&route).await;
    let mut used = vec![allowed.refresh_token.expose().to_owned()];
    for _ in 0..2 {
        setup.restart().await;
        setup.opened(&route).await;
        let last = fetched(&setup).pop().unwrap();
        let refresh_token = last.field("refresh_token").to_owned();
        assert!(!used.contains(&refresh_token), "an old one was used");
        used.push(refresh_token);
    }

    // A candidate for another endpoint does not get it.
    let mut candidate = route.clone();
    candidate.oauth.as_mut().unwrap().tenant = "other.example".parse().unwrap();
    let setback = setup.refused(&candidate).await;
    assert!(setback.advice.unwrap().remedy.contains("route authorize"));

    setup.entra().end_sign_ins();
    setup.restart().await;
    let setback = setup.refused(&route).await;
    assert_eq!(setback.verdict, Verdict::HoldCredentials);
    assert!(setback.detail.contains("AADSTS50173"), "{setback}");
    assert!(setback.advice.unwrap().remedy.contains("route authorize"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_declines_ends_the_sign_in() {
    let setup = Setup::new(|_| {}).await;
    let route = setup.route(Grant::DeviceCode);
    let code = setup.upstreams.begin_device_code(&route).await.unwrap();
    assert_eq!(setup.entra().open_codes(), [code.user_code.as_str()]);
    assert!(setup.entra().decline(&code.user_code));
    let poll = setup.upstreams.poll_device_code(&route, &code.device_code);
    let Poll::Over(setback) = poll.await.unwrap() else {
        panic!("not over")
    };
    assert!(setback.detail.contains("declined"), "{setback}");
}
