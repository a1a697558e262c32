//! Suspension, closing, and accounts that come with their route.

use std::time::Duration;

use proto::{Endpoint, Problem};
use relay_proto as proto;

use super::{
    bench::{Bench, NOTHING, Sender, at, new_account, new_system, new_user, settings, smarthost},
    mail::Customer,
};
use crate::{
    accounts::{RegistrationPolicy, Settings},
    model::Reason,
    store::Batch,
};

const PASSWORD: &str = "correct horse battery staple";

async fn as_owner<E>(
    bench: &Bench,
    token: &str,
    path: E::Path,
    body: E::Body,
) -> Result<E::Reply, Problem>
where
    E: Endpoint<Query = proto::Nothing>,
{
    bench
        .call_as::<E>(Sender::Tcp(Some(token)), path, NOTHING, body, None)
        .await
        .1
}

/// A session of the owner, whose password is set.
async fn session(bench: &Bench, account: &str) -> String {
    let password = proto::SignInPassword {
        current_password: None,
        new_password: PASSWORD.to_owned(),
    };
    bench
        .call::<proto::ChangeSignInPassword>(at(account), NOTHING, password)
        .await
        .unwrap();
    sign_in(bench).await.unwrap().secret
}

async fn sign_in(bench: &Bench) -> Result<proto::Session, Problem> {
    let request = proto::SignInRequest {
        email: "ops@acme.example".to_owned(),
        password: PASSWORD.to_owned(),
        account: None,
        code: None,
    };
    let sender = Sender::Tcp(None);
    bench
        .call_as::<proto::SignIn>(sender, NOTHING, NOTHING, request, None)
        .await
        .1
}

fn because(reason: &str) -> proto::Suspending {
    proto::Suspending {
        reason: reason.to_owned(),
    }
}

async fn close(bench: &Bench, queue: proto::QueueEnd) -> Result<proto::Account, Problem> {
    bench
        .call::<proto::CloseAccount>(at("acme"), NOTHING, proto::Closing { queue })
        .await
}

#[tokio::test]
async fn what_the_operator_suspends_only_the_operator_resumes() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let owner = session(&bench, "acme").await;
    let nothing = proto::Suspending::default();
    let own = as_owner::<proto::SuspendAccount>(&bench, &owner, at("acme"), nothing).await;
    let own = own.unwrap();
    assert_eq!(own.state, proto::AccountState::Suspended);
    assert_eq!(own.suspended_by, Some(proto::SuspendedBy::Owner));
    // The owner is still let in, to resume it.
    sign_in(&bench).await.unwrap();
    let resumed = as_owner::<proto::ResumeAccount>(&bench, &owner, at("acme"), NOTHING).await;
    let resumed = resumed.unwrap();
    assert_eq!(resumed.state, proto::AccountState::Active);
    assert_eq!(resumed.suspended_by, None);

    // The operator takes over what the owner began.
    let nothing = proto::Suspending::default();
    as_owner::<proto::SuspendAccount>(&bench, &owner, at("acme"), nothing)
        .await
        .unwrap();
    let taken = bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, because("invoice 17 is open"))
        .await
        .unwrap();
    assert_eq!(taken.suspended_by, Some(proto::SuspendedBy::Operator));
    assert_eq!(taken.suspended_for, "invoice 17 is open");
    let refused = as_owner::<proto::ResumeAccount>(&bench, &owner, at("acme"), NOTHING).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, "account-not-active");
    let detail = refused.detail.unwrap();
    assert!(detail.contains("invoice 17 is open"), "{detail}");
    assert_eq!(
        sign_in(&bench).await.unwrap_err().code,
        "account-not-active"
    );
    let resumed = bench
        .call::<proto::ResumeAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(resumed.suspended_for, "");
    as_owner::<proto::ShowAccount>(&bench, &owner, at("acme"), NOTHING)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reason_is_one_short_line() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    for reason in ["two\r\n250 lines", "bell\u{7}", &"x".repeat(161)] {
        let refused = bench
            .call::<proto::SuspendAccount>(at("acme"), NOTHING, because(reason))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "invalid-value", "{reason:?}");
    }
}

#[tokio::test]
async fn a_queue_is_drained_until_its_time_is_over() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    let ids = customer.accept(&["a@north.example"]).await;
    let closing = close(bench, proto::QueueEnd::Drain).await.unwrap();
    assert_eq!(closing.state, proto::AccountState::Closing);
    assert_eq!((closing.queued, closing.plan), (1, None));
    assert!(closing.drain_until.is_some());

    // No mail from that moment on, wherever it is on its way.
    let late = Batch {
        messages: vec![customer.message("late@north.example")],
        ..Batch::default()
    };
    let verdict = bench.store.commit(&late).await.unwrap().messages.remove(0);
    assert_eq!(verdict.unwrap_err().reason, Reason::AccountNotActive);

    bench.clock.advance(Duration::from_hours(5 * 24 - 1));
    let again = close(bench, proto::QueueEnd::Drain).await.unwrap();
    assert_eq!(again.state, proto::AccountState::Closing);
    assert_eq!(again.drain_until, closing.drain_until, "no more time");
    bench.clock.advance(Duration::from_hours(1));
    let closed = close(bench, proto::QueueEnd::Drain).await.unwrap();
    assert_eq!(closed.state, proto::AccountState::Closed);
    assert!(closed.closed_at.is_some() && closed.drain_until.is_none());
    let trace = customer.trace(&ids[0]).await.unwrap();
    assert_eq!(trace.message.state, proto::MessageState::Cancelled);
    let last = trace.events.last().unwrap();
    assert_eq!(last.kind, proto::EventKind::Cancelled);
    assert_eq!(last.detail, "the account was closed");
    assert_eq!(*bench.queue.forgotten.lock().unwrap(), [customer.route]);
}

#[tokio::test]
async fn a_mail_on_its_way_is_waited_for() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    customer.accept(&["a@north.example"]).await;
    bench.queue.paced.lock().unwrap().push(customer.route);
    *bench.queue.in_flight.lock().unwrap() = 1;
    let closing = close(bench, proto::QueueEnd::Cancel).await.unwrap();
    assert_eq!(closing.state, proto::AccountState::Closing);
    assert_eq!(closing.queued, 0);
    *bench.queue.in_flight.lock().unwrap() = 0;
    let closed = close(bench, proto::QueueEnd::Cancel).await.unwrap();
    assert_eq!(closed.state, proto::AccountState::Closed);
}

#[tokio::test]
async fn a_closed_account_is_seen_and_does_nothing() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    let owner = session(bench, "acme").await;
    let new = proto::NewToken {
        name: "ci".to_owned(),
        account: Some("acme".to_owned()),
        read_only: false,
        expires_at: None,
    };
    let token = bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new.clone())
        .await
        .unwrap()
        .secret;
    let end = proto::Closing {
        queue: proto::QueueEnd::Cancel,
    };
    let closed = as_owner::<proto::CloseAccount>(bench, &owner, at("acme"), end).await;
    assert_eq!(closed.unwrap().state, proto::AccountState::Closed);
    for text in [&owner, &token] {
        let shown = as_owner::<proto::ShowAccount>(bench, text, at("acme"), NOTHING).await;
        assert_eq!(shown.unwrap_err().code, "not-signed-in");
    }
    assert_eq!(sign_in(bench).await.unwrap_err().code, "sign-in-rejected");

    let query = proto::AccountQuery {
        state: Some(proto::AccountFilter::Closed),
        ..proto::AccountQuery::default()
    };
    let listed = bench
        .call::<proto::ListAccounts>(NOTHING, query, NOTHING)
        .await
        .unwrap();
    assert_eq!(listed.items[0].name, "acme");
    let route = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await;
    assert_eq!(route.unwrap_err().code, "not-found");
    refuses_every_change(bench, new).await;
}

async fn refuses_every_change(bench: &Bench, token: proto::NewToken) {
    for refused in [
        close(bench, proto::QueueEnd::Drain).await.err(),
        bench
            .call::<proto::SetRoute>(at("acme"), NOTHING, smarthost())
            .await
            .err(),
        bench
            .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new_user(Some("copier")))
            .await
            .err(),
        bench
            .call::<proto::AddSystem>(
                at("acme"),
                NOTHING,
                new_system("copier", "203.0.113.11", "scanner"),
            )
            .await
            .err(),
        bench
            .call::<proto::CreateToken>(NOTHING, NOTHING, token)
            .await
            .err(),
        bench
            .call::<proto::ResumeAccount>(at("acme"), NOTHING, NOTHING)
            .await
            .err(),
        bench
            .call::<proto::ActivateAccount>(at("acme"), NOTHING, NOTHING)
            .await
            .err(),
    ] {
        assert_eq!(refused.unwrap().code, "state-conflict");
    }
    let again = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await;
    assert_eq!(
        again.unwrap_err().code,
        "name-taken",
        "a name stands for one"
    );
}

fn with_route(name: &str) -> proto::NewAccount {
    let route = proto::RouteSettings {
        kind: proto::RouteKind::SmtpAuth,
        server: None,
        ..smarthost()
    };
    proto::NewAccount {
        route: Some(route),
        password: Some(PASSWORD.to_owned()),
        email_vouched: false,
        ..new_account(name)
    }
}

async fn register(bench: &Bench, new: proto::NewAccount) -> Result<proto::CreatedAccount, Problem> {
    let sender = Sender::Tcp(None);
    bench
        .call_as::<proto::CreateAccount>(sender, NOTHING, NOTHING, new, None)
        .await
        .1
}

#[tokio::test]
async fn an_account_comes_with_its_route_or_not_at_all() {
    let bench = Bench::new().await;
    *bench.probe.failure.lock().unwrap() =
        Some((Reason::RouteCredentialsRejected, "535 5.7.3 no".to_owned()));
    let create = || bench.call::<proto::CreateAccount>(NOTHING, NOTHING, with_route("acme"));
    let failed = create().await.unwrap_err();
    assert_eq!(failed.code, "route-credentials-rejected");
    let detail = failed.detail.unwrap();
    assert!(detail.contains("nothing was created"), "{detail}");
    assert!(!failed.steps.last().unwrap().ok);
    let shown = bench
        .call::<proto::ShowAccount>(at("acme"), NOTHING, NOTHING)
        .await;
    assert_eq!(shown.unwrap_err().status, 404);

    *bench.probe.failure.lock().unwrap() = None;
    let created = create().await.unwrap();
    assert!(created.steps.iter().all(|step| step.ok) && created.steps.len() == 2);
    assert_eq!(
        created.account.missing,
        ["account-not-active", "no-subscription"]
    );
    let route = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(route.ready && route.version == 1);
    let probes = bench.probe.seen.lock().unwrap().len();
    assert_eq!(create().await.unwrap_err().code, "name-taken");
    assert_eq!(bench.probe.seen.lock().unwrap().len(), probes, "not probed");

    let mut wrong = with_route("beta");
    wrong.route.as_mut().unwrap().port = Some(0);
    let wrong = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, wrong)
        .await;
    let fields = wrong.unwrap_err().errors;
    assert_eq!(fields[0].field, "route.port");
}

type Change = fn(&mut proto::RouteSettings);

#[tokio::test]
async fn who_registers_may_name_only_what_the_operator_allows() {
    let bench = Bench::open().await;
    let before = bench.probe.seen.lock().unwrap().len();
    let changes: [(Change, &str); 6] = [
        (
            |route| route.server = Some("127.0.0.1".to_owned()),
            "route-not-for-registration",
        ),
        (
            |route| route.server = Some("10.0.0.1".to_owned()),
            "route-not-for-registration",
        ),
        (|route| route.port = Some(22), "route-not-for-registration"),
        (|route| route.kind = proto::RouteKind::Capture, "forbidden"),
        (
            |route| {
                route.kind = proto::RouteKind::Smarthost;
                route.server = Some("localhost".to_owned());
                route.security = Some(proto::RouteSecurity::None);
            },
            "forbidden",
        ),
        (|route| route.port = Some(0), "invalid-value"),
    ];
    for (place, (change, code)) in changes.into_iter().enumerate() {
        let mut new = with_route(&format!("acme-{place}"));
        new.email = format!("{place}@acme.example");
        change(new.route.as_mut().unwrap());
        assert_eq!(register(&bench, new).await.unwrap_err().code, code);
    }
    let seen = || bench.probe.seen.lock().unwrap().len() - before;
    assert_eq!(seen(), 0, "nothing was looked up");

    // A mailbox is tried five times an hour, whoever asks and under whatever name.
    *bench.probe.failure.lock().unwrap() =
        Some((Reason::RouteCredentialsRejected, "535 5.7.3 no".to_owned()));
    for attempt in 0..5 {
        let mut new = with_route(&format!("try-{attempt}"));
        new.email = format!("try-{attempt}@acme.example");
        let code = register(&bench, new).await.unwrap_err().code;
        assert_eq!(code, "route-credentials-rejected", "{attempt}");
    }
    assert_eq!(seen(), 5);
    let throttled = register(&bench, with_route("late")).await.unwrap_err();
    assert_eq!(throttled.code, "requests-throttled");
    assert_eq!(throttled.detail.as_deref(), Some("again in 60 minutes"));
    assert_eq!(seen(), 5);
}

#[tokio::test]
async fn without_a_way_for_notices_the_own_route_carries_the_code() {
    let bench = Bench::with(Settings {
        registration: RegistrationPolicy::Open,
        ..settings()
    })
    .await;
    let bare = proto::NewAccount {
        route: None,
        ..with_route("acme")
    };
    let refused = register(&bench, bare).await.unwrap_err();
    assert_eq!(refused.code, "no-notification-route");
    let created = register(&bench, with_route("acme")).await.unwrap();
    assert_eq!(created.account.state, proto::AccountState::Registered);
    assert!(!created.steps.is_empty());
    let mail = bench.mail_to("ops@acme.example").await;
    assert!(mail.contains("Code: "), "{mail}");
}

#[tokio::test]
async fn a_bad_invitation_has_nothing_checked() {
    let bench = Bench::with(Settings {
        registration: RegistrationPolicy::Invite,
        ..settings()
    })
    .await;
    let new = proto::NewAccount {
        invitation: Some("no such invitation".to_owned()),
        ..with_route("acme")
    };
    let refused = register(&bench, new).await.unwrap_err();
    assert_eq!(refused.code, "invitation-rejected");
    assert!(bench.probe.seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_rejected_registration_takes_its_route_along() {
    let bench = Bench::open().await;
    register(&bench, with_route("acme")).await.unwrap();
    let rejection = proto::Rejection {
        reason: "no customer of ours".to_owned(),
    };
    let rejected = bench
        .call::<proto::RejectAccount>(at("acme"), NOTHING, rejection)
        .await
        .unwrap();
    assert_eq!(rejected.state, proto::AccountState::Closed);
    let route = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await;
    assert_eq!(route.unwrap_err().status, 404);
}

#[tokio::test]
async fn data_is_changed_from_the_version_that_was_read() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let (headers, _) = bench
        .call_with::<proto::ShowAccount>(at("acme"), NOTHING, NOTHING, None)
        .await;
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let edit = async |phone: &str| {
        let change = proto::AccountChange {
            phone: Some(phone.to_owned()),
            ..proto::AccountChange::default()
        };
        bench
            .call_with::<proto::EditAccount>(at("acme"), NOTHING, change, Some(&tag))
            .await
            .1
    };
    edit("+49 40 1").await.unwrap();
    assert_eq!(edit("+49 40 2").await.unwrap_err().code, "stale-version");
}

/// The whole export, in pages of so many.
async fn export(bench: &Bench, limit: u32) -> Vec<proto::ExportRecord> {
    let mut records = Vec::new();
    let mut cursor = None;
    loop {
        let query = proto::PageQuery {
            cursor,
            limit: Some(limit),
        };
        let page = bench
            .call::<proto::ExportAccount>(at("acme"), query, NOTHING)
            .await
            .unwrap();
        assert!(page.items.len() <= limit.max(10) as usize);
        records.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return records,
        }
    }
}

#[tokio::test]
async fn an_export_has_everything_but_secrets_whatever_its_pages() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    bench.customer("office").await;
    bench.user("office", "copier").await;
    customer
        .accept(&["a@north.example", "b@north.example", "c@north.example"])
        .await;
    customer.refuse().await;
    for plan in ["business", "enterprise"] {
        let plan = proto::PlanChoice {
            plan: plan.to_owned(),
        };
        bench
            .call::<proto::StartSubscription>(at("acme"), NOTHING, plan)
            .await
            .unwrap();
    }
    let limits = proto::LimitSettings {
        messages_per_day: Some(100),
        ..proto::LimitSettings::default()
    };
    bench
        .call::<proto::SetLimits>(at("acme"), proto::LimitsQuery::default(), limits)
        .await
        .unwrap();
    let all = export(bench, 1000).await;
    assert_eq!(all, export(bench, 1).await);
    let count = |part| all.iter().filter(|it| it.part() == part).count();
    for (part, expected) in [
        (proto::ExportPart::Account, 1),
        (proto::ExportPart::Subscriptions, 3),
        (proto::ExportPart::Route, 1),
        (proto::ExportPart::RouteVersions, 1),
        (proto::ExportPart::RelayUsers, 1),
        (proto::ExportPart::Credentials, 1),
        (proto::ExportPart::Systems, 1),
        (proto::ExportPart::Domains, 0),
        (proto::ExportPart::Limits, 1),
        (proto::ExportPart::Usage, 1),
        (proto::ExportPart::Errors, 1),
        (proto::ExportPart::Messages, 3),
        (proto::ExportPart::Rejects, 1),
    ] {
        assert_eq!(count(part), expected, "{part}");
    }
    assert!(count(proto::ExportPart::Audit) >= 8);
    let order: Vec<_> = all.iter().map(proto::ExportRecord::part).collect();
    assert!(order.is_sorted(), "{order:?}");
    let text = serde_json::to_string(&all).unwrap();
    for strange in ["upstream secret", "copier", "argon2", "pieces"] {
        assert!(!text.contains(strange), "{strange}");
    }
    assert!(text.contains("a@north.example") && text.contains("accepted"));
}
