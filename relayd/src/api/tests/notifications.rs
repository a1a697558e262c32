//! What the operator and customers read of what happened.

use std::time::Duration;

use jiff::SignedDuration;
use relay_proto as proto;

use super::{
    bench::{Bench, NOTHING, OPERATOR, at, settings},
    owners::code_for,
};
use crate::{
    accounts::{Notifications, Perishable, RegistrationPolicy, Settings},
    model::{Hold, HoldKind, Notification, NotificationKind, Reason, RouteId},
};

async fn pass_on(bench: &Bench) {
    bench.accounts.pass_on_notifications().await.unwrap();
}

async fn route_of(bench: &Bench, account: &str) -> (crate::model::AccountId, RouteId) {
    let account = bench.store.account_by_name(account).await.unwrap().unwrap();
    let route = bench.store.route_of(account.id).await.unwrap().unwrap();
    (account.id, route.id)
}

/// Holds the lane of an account as a lane does.
async fn hold(bench: &Bench, account: &str, kind: HoldKind, reason: Reason) {
    use crate::clock::Clock;
    let (account, route) = route_of(bench, account).await;
    let hold = Hold {
        kind,
        reason,
        detail: "535 5.7.139 Authentication unsuccessful".to_owned(),
        since: bench.clock.now(),
        until: None,
    };
    let note = Notification::of_hold(&bench.ids, account, route, &hold);
    bench
        .store
        .noting(note)
        .set_hold(route, &hold)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_held_lane_is_told_to_operator_and_customer_once() {
    let bench = Bench::open().await;
    bench.customer("acme").await;
    pass_on(&bench).await;
    bench.accept_mail().await;
    let reason = Reason::RouteCredentialsRejected;
    hold(&bench, "acme", HoldKind::Credentials, reason).await;
    pass_on(&bench).await;
    let customer = bench.mail_to("ops@acme.example").await;
    for part in [
        "Subject: The server refuses the sign-in of the route",
        "535 5.7.139 Authentication unsuccessful",
        "relayctl route set --account acme",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(customer.contains(part), "{part} is missing in {customer}");
    }
    let operator = bench.mail_to(OPERATOR).await;
    assert!(operator.contains("(account acme)"), "{operator}");
    assert_eq!(bench.mails(), 0);
    // Released and held again within the hour: no news.
    let (_, route) = route_of(&bench, "acme").await;
    bench.store.clear_hold(route).await.unwrap();
    hold(&bench, "acme", HoldKind::Credentials, reason).await;
    pass_on(&bench).await;
    assert_eq!(bench.mails(), 0);
    bench.clock.advance(Duration::from_hours(1));
    hold(&bench, "acme", HoldKind::Credentials, reason).await;
    pass_on(&bench).await;
    assert_eq!(bench.mails(), 2);
}

#[tokio::test]
async fn what_a_person_holds_is_nothing_to_write_of() {
    let bench = Bench::open().await;
    bench.customer("acme").await;
    pass_on(&bench).await;
    bench.accept_mail().await;
    hold(&bench, "acme", HoldKind::Manual, Reason::HeldByOperator).await;
    pass_on(&bench).await;
    assert_eq!(bench.mails(), 0);
    assert!(
        bench
            .store
            .notifications_to_tell(10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn many_things_at_once_are_one_mail_and_no_flood() {
    let bench = Bench::open().await;
    pass_on(&bench).await;
    bench.accept_mail().await;
    let certificate = |number: usize| Perishable {
        path: format!("/etc/relayd/tls/{number}.pem").into(),
        subject: "relay.example.com".to_owned(),
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2026-11-25T00:00:00Z".parse().unwrap(),
    };
    let all: Vec<_> = (0..30).map(certificate).collect();
    assert_eq!(bench.accounts.note_what_ends(&all[..3]).await.unwrap(), 3);
    pass_on(&bench).await;
    let mail = bench.mail_to(OPERATOR).await;
    assert!(mail.contains("Subject: 3 things to look at"), "{mail}");
    assert!(mail.contains("/etc/relayd/tls/2.pem"), "{mail}");
    assert_eq!(bench.accounts.note_what_ends(&all[..3]).await.unwrap(), 0);

    for number in 3..30 {
        let one = &all[number..=number];
        assert_eq!(bench.accounts.note_what_ends(one).await.unwrap(), 1);
        pass_on(&bench).await;
    }
    assert_eq!(bench.accept_mail().await.len(), 18, "and two before");
    bench.clock.advance(Duration::from_hours(1));
    pass_on(&bench).await;
    let rest = bench.mail_to(OPERATOR).await;
    assert!(rest.contains("Subject: 9 things to look at"), "{rest}");
}

#[tokio::test]
async fn a_token_that_ends_is_told_to_whom_it_belongs() {
    use crate::clock::Clock;
    let bench = Bench::open().await;
    bench.customer("acme").await;
    for (name, account) in [("nightly", Some("acme")), ("deploy", None)] {
        let new = proto::NewToken {
            name: name.to_owned(),
            account: account.map(str::to_owned),
            read_only: true,
            expires_at: Some(bench.clock.now() + SignedDuration::from_hours(24 * 40)),
        };
        let made = bench.call::<proto::CreateToken>(NOTHING, NOTHING, new);
        made.await.unwrap();
    }
    pass_on(&bench).await;
    bench.accept_mail().await;
    for (days, told) in [(9, 0), (1, 2), (1, 0), (22, 2), (6, 2), (1, 0)] {
        bench.clock.advance(Duration::from_hours(24 * days));
        assert_eq!(
            bench.accounts.note_what_ends(&[]).await.unwrap(),
            told,
            "{days}"
        );
    }
    pass_on(&bench).await;
    let customer = bench.mail_to("ops@acme.example").await;
    assert!(
        customer.contains("The token nightly ends in 1 day"),
        "{customer}"
    );
    let operator = bench.mail_to(OPERATOR).await;
    assert!(
        operator.contains("deploy") && !operator.contains("nightly"),
        "{operator}"
    );
}

#[tokio::test]
async fn a_registration_waits_once_its_e_mail_is_confirmed() {
    let bench = Bench::open().await;
    pass_on(&bench).await;
    bench.accept_mail().await;
    let mut new = super::bench::new_account("shop");
    new.email = "ada@shop.example".to_owned();
    new.password = Some("correct horse battery staple".to_owned());
    new.email_vouched = false;
    let (_, made) = bench
        .call_as::<proto::CreateAccount>(
            super::bench::Sender::Tcp(None),
            NOTHING,
            NOTHING,
            new,
            None,
        )
        .await;
    made.unwrap();
    let code = code_for(&bench, "ada@shop.example").await;
    pass_on(&bench).await;
    assert_eq!(
        bench.mails(),
        0,
        "anybody could have the operator written to"
    );
    let code = proto::EmailCode { code };
    bench
        .call::<proto::ConfirmEmail>(at("shop"), NOTHING, code)
        .await
        .unwrap();
    pass_on(&bench).await;
    let mail = bench.mail_to(OPERATOR).await;
    assert!(mail.contains("relayctl account activate shop"), "{mail}");
}

#[tokio::test]
async fn the_operator_is_told_of_what_was_chosen_and_as_soon_as_there_is_a_way() {
    let bench = Bench::with(Settings {
        registration: RegistrationPolicy::Closed,
        notifications: Some(Notifications {
            account: "office".to_owned(),
            sender: None,
            operator: Some(OPERATOR.parse().unwrap()),
            events: vec![NotificationKind::LaneHeld],
        }),
        ..settings()
    })
    .await;
    bench.customer("acme").await;
    let reason = Reason::RouteCredentialsRejected;
    hold(&bench, "acme", HoldKind::Credentials, reason).await;
    hold(&bench, "acme", HoldKind::Quota, Reason::RouteThrottled).await;
    pass_on(&bench).await;
    assert_eq!(bench.mails(), 0, "nobody carries it yet");
    bench.customer("office").await;
    bench.accept_mail().await;
    pass_on(&bench).await;
    let mail = bench.mail_to(OPERATOR).await;
    assert!(
        mail.contains("Subject: Mail waits: the lane is held"),
        "{mail}"
    );
    assert_eq!(bench.mails(), 0);
}
