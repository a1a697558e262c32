//! Owners see their sessions, and end them.

use std::time::Duration;

use relay_proto as proto;

use super::{
    bench::{Bench, NOTHING, Sender, at},
    owners::{EMAIL, PASSWORD, an_owner, anybody, sign_in},
};

async fn sessions(bench: &Bench, token: &str) -> Vec<proto::OwnerSession> {
    let sessions = bench
        .call_as::<proto::ListOwnerSessions>(
            Sender::Tcp(Some(token)),
            at("acme"),
            proto::PageQuery::default(),
            NOTHING,
            None,
        )
        .await;
    sessions.1.unwrap().items
}

async fn end(bench: &Bench, token: &str, account: &str, id: &str) -> Result<(), String> {
    let path = proto::OwnerSessionPath {
        account: account.to_owned(),
        session: id.to_owned(),
    };
    anybody::<proto::EndOwnerSession>(bench, Some(token), path, NOTHING)
        .await
        .map(drop)
        .map_err(|problem| problem.code)
}

async fn end_all(bench: &Bench, sender: Sender<'_>, keep_current: bool) -> u64 {
    let query = proto::EndSessionsQuery { keep_current };
    let ended = bench
        .call_as::<proto::EndOwnerSessions>(sender, at("acme"), query, NOTHING, None)
        .await;
    ended.1.unwrap().ended
}

#[tokio::test]
async fn a_list_says_when_and_from_where_and_which_one_asks() {
    let bench = an_owner().await;
    let first = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    bench.clock.advance(Duration::from_mins(5));
    let second = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let listed = sessions(&bench, &second).await;
    let current: Vec<_> = listed.iter().map(|session| session.current).collect();
    assert_eq!(current, [false, true], "oldest first");
    assert_eq!(listed[0].created_from.as_deref(), Some("127.0.0.1"));
    assert_eq!(listed[0].used_at, listed[0].created_at);

    // Its use is noted, with the address.
    bench.clock.advance(Duration::from_mins(5));
    let mut request = axum::http::Request::get("/v1/auth/session")
        .body(axum::body::Body::empty())
        .unwrap();
    request
        .headers_mut()
        .insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
    let (status, ..) = bench.send(request, Sender::Tcp(Some(&first))).await;
    assert!(status.is_success());
    let listed = sessions(&bench, &first).await;
    assert_eq!(listed[0].used_from.as_deref(), Some("203.0.113.7"));
    assert_eq!(listed[0].created_from.as_deref(), Some("127.0.0.1"));
    assert!(listed[0].used_at > listed[1].used_at);
    // To look whether one goes on is no use of it.
    assert!(bench.accounts.is_redeemable(&second).await.unwrap());
    assert_eq!(sessions(&bench, &first).await[1], listed[1]);

    // One that ended for want of use is not shown.
    bench.clock.advance(Duration::from_hours(11));
    sessions(&bench, &first).await;
    bench.clock.advance(Duration::from_hours(1));
    assert_eq!(sessions(&bench, &first).await.len(), 1);
    assert!(!bench.accounts.is_redeemable(&second).await.unwrap());
}

#[tokio::test]
async fn one_session_ends_or_the_others_or_all() {
    let bench = an_owner().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret);
    }
    let own = tokens.pop().unwrap();
    let listed = sessions(&bench, &own).await;
    let first = &listed[0].id;
    let gone = Err("not-found".to_owned());
    assert_eq!(end(&bench, &own, "acme", "no-id").await, gone);
    assert_eq!(end(&bench, &own, "office", first).await, gone);
    let offices = proto::OwnerSessionPath {
        account: "office".to_owned(),
        session: first.clone(),
    };
    let foreign = bench
        .call::<proto::EndOwnerSession>(offices, NOTHING, NOTHING)
        .await;
    assert_eq!(
        foreign.unwrap_err().code,
        "not-found",
        "not of that account"
    );
    assert_eq!(sessions(&bench, &own).await.len(), 3);

    assert_eq!(end(&bench, &own, "acme", first).await, Ok(()));
    assert_eq!(end(&bench, &own, "acme", first).await, gone);
    assert_eq!(end_all(&bench, Sender::Tcp(Some(&own)), true).await, 1);
    assert_eq!(sessions(&bench, &own).await.len(), 1);
    assert_eq!(end_all(&bench, Sender::Operator, true).await, 1);
    let over = anybody::<proto::ShowCaller>(&bench, Some(&own), NOTHING, NOTHING).await;
    assert_eq!(over.unwrap_err().code, "not-signed-in");
}
