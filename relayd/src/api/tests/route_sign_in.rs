//! Signing in for a route by device code: nothing changes before it has worked.

use std::time::Duration;

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_account, smarthost};
use crate::{
    accounts::{Allowed, Poll, Setback, Verdict},
    model::{Reason, Secret},
};

const PAUSE: Duration = Duration::from_secs(5);

async fn registered() -> Bench {
    let bench = Bench::new().await;
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await
        .unwrap();
    bench
}

fn settings() -> proto::RouteSettings {
    proto::RouteSettings {
        mailbox: Some("relay@acme.example".to_owned()),
        tenant: Some("acme.example".to_owned()),
        client_id: Some("4b1d7c20-0000-4000-8000-000000000000".to_owned()),
        ..proto::RouteSettings::new(proto::RouteKind::SmtpOauth)
    }
}

async fn begin(
    bench: &Bench,
    settings: Option<proto::RouteSettings>,
) -> Result<proto::SignInCode, proto::Problem> {
    let new = proto::NewSignIn { settings };
    bench
        .call::<proto::AuthorizeRoute>(at("acme"), NOTHING, new)
        .await
}

async fn look(bench: &Bench, id: &str) -> Result<proto::SignInProgress, proto::Problem> {
    let path = proto::SignInPath {
        account: "acme".to_owned(),
        id: id.to_owned(),
    };
    bench
        .call::<proto::ContinueSignIn>(path, NOTHING, NOTHING)
        .await
}

fn answer(bench: &Bench, poll: Result<Poll, Setback>) {
    bench.sign_in.polls.lock().unwrap().push(poll);
    bench.clock.advance(PAUSE);
}

fn allowed(username: &str) -> Poll {
    Poll::Allowed(Allowed {
        refresh_token: Secret::new("planted-refresh"),
        username: username.to_owned(),
    })
}

async fn shown(bench: &Bench) -> Result<proto::Route, proto::Problem> {
    bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
}

#[tokio::test]
async fn a_sign_in_sets_the_route_once_it_works() {
    let bench = registered().await;
    let begun = begin(&bench, Some(settings())).await.unwrap();
    assert_eq!((begun.user_code.as_str(), begun.interval), ("ABCD-EFGH", 5));
    // Too early: nobody is asked.
    let early = look(&bench, &begun.id).await.unwrap();
    assert_eq!(early.state, proto::SignInState::Pending);
    assert_eq!(*bench.sign_in.looks.lock().unwrap(), 0);
    answer(&bench, Ok(Poll::SlowDown));
    look(&bench, &begun.id).await.unwrap();
    bench.clock.advance(PAUSE);
    let slower = look(&bench, &begun.id).await.unwrap();
    assert_eq!(
        (slower.interval, *bench.sign_in.looks.lock().unwrap()),
        (10, 1)
    );
    assert_eq!(shown(&bench).await.unwrap_err().status, 404);

    bench.clock.advance(PAUSE);
    answer(&bench, Ok(allowed("ada@acme.example")));
    let done = look(&bench, &begun.id).await.unwrap();
    assert_eq!(done.state, proto::SignInState::Done);
    assert!(done.note.unwrap().contains("shared mailbox"));
    let route = done.change.unwrap().route;
    let oauth = route.oauth.unwrap();
    assert_eq!(oauth.grant, proto::RouteGrant::DeviceCode);
    let signed_in = oauth.signed_in.unwrap();
    assert_eq!(signed_in.username, "ada@acme.example");
    assert!(route.ready && signed_in.ends_at > signed_in.at);

    // The candidate had an id of its own, and what the probe made of the token is what is kept.
    let id = route.id.parse().unwrap();
    let probed = bench.sign_in.probed.lock().unwrap().pop().unwrap();
    assert_eq!(probed.1, "planted-refresh");
    assert_ne!(probed.0.id, id);
    let kept = bench.store.refresh_token(id).await.unwrap().unwrap();
    assert_eq!(kept.token.expose(), "planted-rotated");
    assert_eq!(*bench.sign_in.forgotten.lock().unwrap(), [id]);
    assert_eq!(look(&bench, &begun.id).await.unwrap_err().status, 404);
}

#[tokio::test]
async fn a_sign_in_that_comes_to_nothing_changes_nothing() {
    let bench = registered().await;
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, smarthost())
        .await
        .unwrap();
    let over = Setback::new(
        Verdict::HoldCredentials,
        Reason::RouteCredentialsRejected,
        "the sign-in was declined",
    );
    let begun = begin(&bench, Some(settings())).await.unwrap();
    answer(&bench, Ok(Poll::Over(over)));
    let declined = look(&bench, &begun.id).await.unwrap_err();
    assert_eq!(declined.code, "route-credentials-rejected");
    assert!(declined.cause.unwrap().contains("declined"));

    let begun = begin(&bench, Some(settings())).await.unwrap();
    let reply = "535 5.7.139 Authentication unsuccessful".to_owned();
    *bench.sign_in.failure.lock().unwrap() = Some((Reason::RouteCredentialsRejected, reply));
    answer(&bench, Ok(allowed("relay@acme.example")));
    let failed = look(&bench, &begun.id).await.unwrap_err();
    assert_eq!(failed.steps.len(), 1);

    // Somebody else set the route meanwhile.
    *bench.sign_in.failure.lock().unwrap() = None;
    let begun = begin(&bench, Some(settings())).await.unwrap();
    let slower = proto::RouteSettings {
        per_minute: Some(7),
        ..smarthost()
    };
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, slower)
        .await
        .unwrap();
    answer(&bench, Ok(allowed("relay@acme.example")));
    let stale = look(&bench, &begun.id).await.unwrap_err();
    assert_eq!(stale.code, "stale-version");

    // Nobody entered the code.
    let begun = begin(&bench, Some(settings())).await.unwrap();
    bench.clock.advance(Duration::from_hours(1));
    assert_eq!(look(&bench, &begun.id).await.unwrap_err().status, 404);
    let route = shown(&bench).await.unwrap();
    assert_eq!(
        (route.kind, route.version),
        (proto::RouteKind::Smarthost, 2)
    );
    let id = route.id.parse().unwrap();
    assert!(bench.store.refresh_token(id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_route_by_sign_in_is_signed_in_for_anew_and_moves_no_further() {
    let bench = registered().await;
    let none = begin(&bench, None).await.unwrap_err();
    assert_eq!(none.code, "state-conflict");
    let grant = proto::RouteSettings {
        grant: Some(proto::RouteGrant::DeviceCode),
        ..settings()
    };
    let alone = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, grant.clone())
        .await
        .unwrap_err();
    assert_eq!(alone.errors[0].field, "grant");

    let begun = begin(&bench, Some(settings())).await.unwrap();
    answer(&bench, Ok(allowed("relay@acme.example")));
    let done = look(&bench, &begun.id).await.unwrap();
    assert_eq!(done.note, None);
    let begun = begin(&bench, None).await.unwrap();
    answer(&bench, Ok(allowed("relay@acme.example")));
    let again = look(&bench, &begun.id).await.unwrap().change.unwrap();
    assert_eq!(again.route.version, 1, "the settings are the same");

    // The sign-in stays with its place.
    let slower = proto::RouteSettings {
        per_minute: Some(7),
        ..grant.clone()
    };
    let change = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, slower)
        .await
        .unwrap();
    assert!(change.route.oauth.unwrap().signed_in.is_some());
    let elsewhere = proto::RouteSettings {
        server: Some("thief.example".to_owned()),
        ..grant
    };
    let moved = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, elsewhere)
        .await
        .unwrap_err();
    assert_eq!(moved.errors[0].field, "grant");
}
