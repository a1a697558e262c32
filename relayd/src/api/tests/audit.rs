//! Every request that may change something leaves an entry, and no secret in it.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use relay_proto as proto;
use serde_json::Value;

use super::{
    bans::guess,
    bench::{Bench, NOTHING, Sender, at, new_account},
    owners::code_for,
};
use crate::{
    accounts::totp_shown_at,
    accounts::{Allowed, Poll},
    api::audit::Source,
    clock::Clock as _,
    model::Secret,
};

/// One request for each endpoint that is no GET, in an order in which all of them succeed: name,
/// method, path and body. What is planted in them are secrets.
const REQUESTS: &[[&str; 4]] = &[
    [
        "CreateAccount",
        "POST",
        "/v1/accounts",
        r#"{"name": "acme", "kind": "company",
        "company": "Acme GmbH", "country": "DE", "email": "ops@acme.example",
        "email_vouched": false}"#,
    ],
    ["VerifyAccount", "POST", "/v1/accounts/acme/verify", ""],
    ["ActivateAccount", "POST", "/v1/accounts/acme/activate", ""],
    [
        "SuspendAccount",
        "POST",
        "/v1/accounts/acme/suspend",
        r#"{"reason": "invoice 17 is open"}"#,
    ],
    ["ResumeAccount", "POST", "/v1/accounts/acme/resume", ""],
    [
        "StartSubscription",
        "PUT",
        "/v1/accounts/acme/subscription",
        r#"{"plan": "starter"}"#,
    ],
    [
        "SetRoute",
        "PUT",
        "/v1/accounts/acme/route",
        r#"{"kind": "smarthost",
        "server": "mx.acme.example", "mailbox": "relay@acme.example",
        "password": "planted-route"}"#,
    ],
    [
        "SetRoute",
        "PUT",
        "/v1/accounts/acme/route",
        r#"{"kind": "smarthost",
        "server": "mx2.acme.example", "mailbox": "relay@acme.example",
        "password": "planted-other"}"#,
    ],
    [
        "RollRouteBack",
        "POST",
        "/v1/accounts/acme/route/rollback",
        r#"{"version": 1}"#,
    ],
    ["CheckRoute", "POST", "/v1/accounts/acme/route/check", ""],
    [
        "AddDomain",
        "POST",
        "/v1/accounts/acme/domains",
        r#"{"name": "acme.example"}"#,
    ],
    [
        "VerifyDomain",
        "POST",
        "/v1/accounts/acme/domains/acme.example/verify",
        "",
    ],
    [
        "RemoveDomain",
        "DELETE",
        "/v1/accounts/acme/domains/acme.example",
        "",
    ],
    [
        "CreateRelayUser",
        "POST",
        "/v1/accounts/acme/users",
        r#"{"username": "scanner",
        "password": "planted-Secret-6172", "sender": "scanner@acme.example"}"#,
    ],
    [
        "EditRelayUser",
        "PATCH",
        "/v1/accounts/acme/users/scanner",
        r#"{"sender": "erp@acme.example"}"#,
    ],
    [
        "RotatePassword",
        "POST",
        "/v1/accounts/acme/users/scanner/password",
        r#"{"password": "planted-Rotated-6172"}"#,
    ],
    [
        "AddCredential",
        "POST",
        "/v1/accounts/acme/users/scanner/credentials",
        r#"{"name": "summer", "password": "planted-Summer-6172"}"#,
    ],
    [
        "RemoveCredential",
        "DELETE",
        "/v1/accounts/acme/users/scanner/credentials/summer",
        "",
    ],
    [
        "SetLimits",
        "PATCH",
        "/v1/accounts/acme/limits?name=scanner&scope=user",
        r#"{"messages_per_day": 100}"#,
    ],
    [
        "ResetLimits",
        "DELETE",
        "/v1/accounts/acme/limits?name=scanner&scope=user",
        "",
    ],
    [
        "SuspendRelayUser",
        "POST",
        "/v1/accounts/acme/users/scanner/suspend",
        "",
    ],
    [
        "ResumeRelayUser",
        "POST",
        "/v1/accounts/acme/users/scanner/resume",
        "",
    ],
    [
        "AddSystem",
        "POST",
        "/v1/accounts/acme/systems",
        r#"{"name": "printer", "address": "203.0.113.10", "user": "scanner"}"#,
    ],
    [
        "EditSystem",
        "PATCH",
        "/v1/accounts/acme/systems/printer",
        r#"{"state": "suspended"}"#,
    ],
    [
        "TestSystem",
        "POST",
        "/v1/accounts/acme/systems/printer/test",
        "",
    ],
    [
        "SendTestMail",
        "POST",
        "/v1/accounts/acme/users/scanner/test",
        r#"{"to": "ops@acme.example"}"#,
    ],
    [
        "RemoveSystem",
        "DELETE",
        "/v1/accounts/acme/systems/printer",
        "",
    ],
    [
        "DeleteRelayUser",
        "DELETE",
        "/v1/accounts/acme/users/scanner",
        "",
    ],
    [
        "HoldLane",
        "POST",
        "/v1/queue/lanes/acme/hold",
        r#"{"reason": "maintenance"}"#,
    ],
    ["ReleaseLane", "POST", "/v1/queue/lanes/acme/release", ""],
    ["RetryQueued", "POST", "/v1/queue/retry", r#"{"all": true}"#],
    ["HoldQueued", "POST", "/v1/queue/hold", r#"{"all": true}"#],
    [
        "ReleaseQueued",
        "POST",
        "/v1/queue/release",
        r#"{"all": true}"#,
    ],
    [
        "CancelQueued",
        "POST",
        "/v1/queue/cancel",
        r#"{"all": true}"#,
    ],
    [
        "CancelSubscription",
        "DELETE",
        "/v1/accounts/acme/subscription",
        "",
    ],
    [
        "CreatePlan",
        "POST",
        "/v1/plans",
        r#"{"name": "school", "relay_users": 20, "messages_per_minute": 60,
        "messages_per_day": 3000}"#,
    ],
    [
        "EditPlan",
        "PATCH",
        "/v1/plans/school",
        r#"{"relay_users": 30}"#,
    ],
    ["RetirePlan", "POST", "/v1/plans/school/retire", ""],
    ["OfferPlan", "POST", "/v1/plans/school/offer", ""],
    ["DeletePlan", "DELETE", "/v1/plans/school", ""],
    ["CreateToken", "POST", "/v1/tokens", r#"{"name": "deploy"}"#],
    ["LiftBan", "DELETE", "/v1/bans/192.0.2.7", ""],
    ["RevokeToken", "DELETE", "/v1/tokens/deploy", ""],
];

/// What the operator may do with those who register themselves.
const OF_REGISTRATION: &[[&str; 4]] = &[
    [
        "CreateAccount",
        "POST",
        "/v1/accounts",
        r#"{"name": "joke", "kind": "company",
        "company": "Joke GmbH", "country": "DE", "email": "ops@joke.example",
        "email_vouched": true}"#,
    ],
    [
        "RejectAccount",
        "POST",
        "/v1/accounts/joke/reject",
        r#"{"reason": "no such company"}"#,
    ],
    [
        "CreateAccount",
        "POST",
        "/v1/accounts",
        r#"{"name": "brief", "kind": "company",
        "company": "Brief GmbH", "email": "ops@brief.example", "email_vouched": true,
        "password": "planted horse battery staple",
        "route": {"kind": "smtp-auth", "mailbox": "relay@brief.example",
                  "password": "planted-first"}}"#,
    ],
    [
        "CloseAccount",
        "POST",
        "/v1/accounts/brief/close",
        r#"{"queue": "cancel"}"#,
    ],
    [
        "CreateInvitation",
        "POST",
        "/v1/invitations",
        r#"{"email": "ada@shop.example"}"#,
    ],
];

/// What anybody may do with webhooks.
const OF_WEBHOOKS: &[[&str; 4]] = &[
    [
        "CreateWebhook",
        "POST",
        "/v1/webhooks",
        r#"{"name": "hooks", "account": "acme", "url": "https://hooks.acme.example/planted",
        "events": ["lane.held"]}"#,
    ],
    [
        "EditWebhook",
        "PATCH",
        "/v1/webhooks/hooks?account=acme",
        r#"{"events": [], "url": "https://hooks.acme.example/planted/anew"}"#,
    ],
    [
        "TestWebhook",
        "POST",
        "/v1/webhooks/hooks/test?account=acme",
        "",
    ],
    [
        "DeleteWebhook",
        "DELETE",
        "/v1/webhooks/hooks?account=acme",
        "",
    ],
];

fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let source = Source("unix socket, uid 1000".to_owned());
    request.extensions_mut().insert(source);
    request
}

async fn entries(bench: &Bench, query: proto::AuditQuery) -> Vec<proto::AuditEntry> {
    bench
        .call::<proto::ListAudit>(NOTHING, query, NOTHING)
        .await
        .unwrap()
        .items
}

async fn check(bench: &Bench, expect: Option<&str>) -> proto::AuditCheck {
    let query = proto::AuditCheckQuery {
        expect: expect.map(str::to_owned),
    };
    bench
        .call::<proto::CheckAudit>(NOTHING, query, NOTHING)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_request_that_may_change_something_leaves_an_entry() {
    let bench = Bench::open().await;
    guess(&bench, "192.0.2.7");
    let mut tried = BTreeSet::new();
    for line in REQUESTS.iter().chain(OF_REGISTRATION) {
        let [name, _, path, _] = *line;
        let (entry, _) = noted(&bench, *line, Sender::Operator).await;
        assert_eq!(entry.actor, "operator");
        assert_eq!(entry.source, "unix socket, uid 1000");
        let is_of_account = path.contains("/acme") || path.starts_with("/v1/accounts");
        assert_eq!(entry.account.is_some(), is_of_account, "{name}");
        tried.insert(name);
    }
    for line in OF_WEBHOOKS {
        let (entry, reply) = noted(&bench, *line, Sender::Operator).await;
        assert_eq!(entry.account.as_deref(), Some("acme"), "{entry:?}");
        let text = serde_json::to_string(&entry).unwrap();
        assert!(!text.contains("planted"), "{text}");
        if let Some(secret) = reply["secret"].as_str() {
            assert_eq!(entry.after.unwrap()["secret"], "(secret)");
            assert!(secret.starts_with("whsec_") && !text.contains(secret));
        }
        tried.insert(line[0]);
    }
    tried.insert(revoke_invitation(&bench).await);
    tried.insert(apply_a_configuration(&bench).await);
    sign_in_for_a_route(&bench, &mut tried).await;
    let secrets = live_as_an_owner(&bench, &mut tried).await;
    let changing: BTreeSet<_> = proto::endpoints()
        .iter()
        .filter(|endpoint| endpoint.changes_something)
        .map(|endpoint| endpoint.name)
        .collect();
    assert_eq!(tried, changing, "an endpoint without a request here");

    let all = entries(&bench, proto::AuditQuery::default()).await;
    let text = serde_json::to_string(&all).unwrap();
    for secret in secrets.iter().map(String::as_str).chain(["planted"]) {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(check(&bench, Some(&all[3].hash)).await.ok);
    assert!(!check(&bench, Some(&"0f".repeat(32))).await.ok);
}

/// A fallback that somebody signs in for, and which goes again.
async fn sign_in_for_a_route(bench: &Bench, tried: &mut BTreeSet<&'static str>) {
    let line = [
        "AuthorizeRoute",
        "POST",
        "/v1/accounts/acme/route/authorize?role=fallback",
        r#"{"settings": {"kind": "smtp-oauth", "mailbox": "relay@acme.example",
        "tenant": "acme.example", "client_id": "4b1d7c20-0000-4000-8000-000000000000"}}"#,
    ];
    let (_, begun) = noted(bench, line, Sender::Operator).await;
    let allowed = Allowed {
        refresh_token: Secret::new("planted-refresh"),
        username: "ada@acme.example".to_owned(),
    };
    bench.clock.advance(std::time::Duration::from_secs(5));
    let answers = bench.sign_in.polls.lock();
    answers.unwrap().push(Ok(Poll::Allowed(allowed)));
    let id = begun["id"].as_str().unwrap();
    let path = format!("/v1/accounts/acme/route/authorize/{id}");
    let line = ["ContinueSignIn", "POST", &path, ""];
    let (entry, reply) = noted(bench, line, Sender::Operator).await;
    assert_eq!(entry.after.unwrap()["authorized_as"], "ada@acme.example");
    assert!(!reply.to_string().contains("planted"), "{reply}");
    let path = "/v1/accounts/acme/route?role=fallback";
    noted(bench, ["RemoveRoute", "DELETE", path, ""], Sender::Operator).await;
    tried.extend(["AuthorizeRoute", "ContinueSignIn", "RemoveRoute"]);
}

/// Takes the invitation back that was made.
async fn revoke_invitation(bench: &Bench) -> &'static str {
    let query = proto::InvitationQuery::default();
    let open = bench
        .call::<proto::ListInvitations>(NOTHING, query, NOTHING)
        .await
        .unwrap();
    let path = format!("/v1/invitations/{}", open.items[0].id);
    let line = ["RevokeInvitation", "DELETE", &path, ""];
    let (entry, _) = noted(bench, line, Sender::Operator).await;
    assert_eq!(entry.before.unwrap()["email"], "ada@shop.example");
    assert_eq!(entry.after, None);
    "RevokeInvitation"
}

/// The request has an entry, and each of its changes one of its own.
async fn apply_a_configuration(bench: &Bench) -> &'static str {
    let account = r#"{"name": "conf", "kind": "company", "company": "Conf Ltd",
        "email": "ops@conf.example", "email_vouched": false}"#;
    let wanted = r#"{"configuration": {"account": {"city": "Bonn"}}}"#;
    for (method, path, body) in [
        ("POST", "/v1/accounts", account),
        ("PUT", "/v1/accounts/conf/configuration", wanted),
    ] {
        let (status, _, reply) = bench
            .send(request(method, path, body), Sender::Operator)
            .await;
        assert!(status.is_success(), "{path}: {status} {reply:?}");
    }
    let all = entries(bench, proto::AuditQuery::default()).await;
    let told: Vec<_> = all
        .iter()
        .take(2)
        .map(|entry| entry.action.as_str())
        .collect();
    assert_eq!(told, ["EditAccount", "ApplyConfiguration"]);
    "ApplyConfiguration"
}

/// Makes a request, and gives its entry and the reply.
async fn noted(
    bench: &Bench,
    [name, method, path, body]: [&str; 4],
    sender: Sender<'_>,
) -> (proto::AuditEntry, Value) {
    let request = request(method, path, body);
    let (status, headers, reply) = bench.send(request, sender).await;
    assert!(status.is_success(), "{name}: {status} {reply:?}");
    let newest = proto::AuditQuery {
        limit: Some(1),
        ..proto::AuditQuery::default()
    };
    let entry = entries(bench, newest).await.remove(0);
    assert_eq!((entry.action.as_str(), entry.object.as_str()), (name, path));
    assert_eq!(headers["x-request-id"], entry.request_id.as_str(), "{name}");
    (entry, serde_json::from_slice(&reply).unwrap_or_default())
}

const EMAIL: &str = "ada@shop.example";

/// Requests of somebody on TCP.
struct Walk<'b> {
    bench: &'b Bench,
    tried: &'b mut BTreeSet<&'static str>,
}

impl Walk<'_> {
    async fn act(
        &mut self,
        name: &'static str,
        method: &str,
        path: &str,
        body: &str,
        token: Option<&str>,
    ) -> (proto::AuditEntry, Value) {
        self.tried.insert(name);
        let line = [name, method, path, body];
        noted(self.bench, line, Sender::Tcp(token)).await
    }
}

/// From registration to sign-out. Gives the secrets that were handed out meanwhile.
async fn live_as_an_owner(bench: &Bench, tried: &mut BTreeSet<&'static str>) -> Vec<String> {
    let mut walk = Walk { bench, tried };
    let mut secrets = register(&mut walk).await;
    secrets.push(reset_password(&mut walk).await);
    secrets.extend(use_a_session(&mut walk).await);
    for (actor, count) in [(EMAIL, 12), ("shop", 1), ("anyone", 8)] {
        let query = proto::AuditQuery {
            actor: Some(actor.to_owned()),
            ..proto::AuditQuery::default()
        };
        assert_eq!(entries(bench, query).await.len(), count, "{actor}");
    }
    secrets
}

async fn register(walk: &mut Walk<'_>) -> Vec<String> {
    let registration = r#"{"name": "shop", "kind": "company", "company": "Shop GmbH",
        "country": "DE", "email": "ada@shop.example", "email_vouched": false,
        "password": "planted horse battery staple"}"#;
    let (entry, _) = walk
        .act("CreateAccount", "POST", "/v1/accounts", registration, None)
        .await;
    assert_eq!(
        (entry.actor.as_str(), entry.account.as_deref()),
        ("anyone", Some("shop"))
    );
    let first = code_for(walk.bench, EMAIL).await;
    walk.bench.clock.advance(std::time::Duration::from_mins(2));
    walk.act(
        "ResendCode",
        "POST",
        "/v1/accounts/shop/email/code",
        "",
        None,
    )
    .await;
    let second = code_for(walk.bench, EMAIL).await;
    let body = format!(r#"{{"code": "{second}"}}"#);
    let path = "/v1/accounts/shop/email/confirm";
    let (entry, _) = walk.act("ConfirmEmail", "POST", path, &body, None).await;
    assert_eq!(entry.account.as_deref(), Some("shop"));
    walk.bench
        .call::<proto::ActivateAccount>(at("shop"), NOTHING, NOTHING)
        .await
        .unwrap();
    walk.bench.mail_to(EMAIL).await;
    vec![first, second]
}

async fn reset_password(walk: &mut Walk<'_>) -> String {
    const RESET: &str = r#"{"email": "ada@shop.example"}"#;
    let path = "/v1/auth/reset";
    let (entry, _) = walk
        .act("RequestPasswordReset", "POST", path, RESET, None)
        .await;
    assert_eq!(
        entry.account, None,
        "it tells nothing of who has this e-mail"
    );
    let third = code_for(walk.bench, EMAIL).await;
    let body = format!(
        r#"{{"email": "{EMAIL}", "code": "{third}", "password": "planted mule engine clip"}}"#
    );
    let path = "/v1/auth/reset/confirm";
    let (entry, _) = walk.act("ResetPassword", "POST", path, &body, None).await;
    assert_eq!(entry.account.as_deref(), Some("shop"));
    assert!(entry.after.unwrap()["password_set_at"].is_string());
    third
}

async fn use_a_session(walk: &mut Walk<'_>) -> Vec<String> {
    let body = r#"{"email": "ada@shop.example", "password": "planted mule engine clip"}"#;
    let mut secrets = Vec::new();
    let path = "/v1/auth/session";
    let (entry, session) = walk.act("SignIn", "POST", path, body, None).await;
    assert_eq!(
        (entry.actor.as_str(), entry.account.as_deref()),
        ("anyone", Some("shop"))
    );
    let secret = session["secret"].as_str().unwrap().to_owned();
    let owner = Some(secret.as_str());

    let path = "/v1/accounts/shop";
    let body = r#"{"phone": "+49 40 1234"}"#;
    let (entry, _) = walk.act("EditAccount", "PATCH", path, body, owner).await;
    assert_eq!(entry.actor, "account shop (ada@shop.example)");
    secrets.extend(use_a_second_factor(walk, &secret).await);
    let path = "/v1/accounts/shop/password";
    let body = r#"{"current_password": "planted mule engine clip",
        "new_password": "planted goat tower cloud"}"#;
    walk.act("ChangeSignInPassword", "PUT", path, body, owner)
        .await;
    let (entry, made) = walk
        .act(
            "CreateToken",
            "POST",
            "/v1/tokens",
            r#"{"name": "own"}"#,
            owner,
        )
        .await;
    assert_eq!(entry.account.as_deref(), Some("shop"));
    let token = made["secret"].as_str().unwrap().to_owned();
    let path = "/v1/tokens/own";
    let (entry, _) = walk
        .act("RevokeToken", "DELETE", path, "", Some(&token))
        .await;
    assert_eq!(
        (entry.actor.as_str(), entry.account.as_deref()),
        ("token own of shop", Some("shop"))
    );
    end_sessions(walk, &secret).await;
    let (entry, _) = walk
        .act("SignOut", "DELETE", "/v1/auth/session", "", owner)
        .await;
    assert_eq!(entry.account.as_deref(), Some("shop"));
    assert_eq!((entry.before.is_some(), entry.after), (true, None));
    secrets.extend([secret, token]);
    secrets
}

/// Enables it, renews its recovery codes, and switches it off.
async fn use_a_second_factor(walk: &mut Walk<'_>, session: &str) -> Vec<String> {
    const AT: &str = "/v1/accounts/shop/totp";
    let owner = Some(session);
    let body = r#"{"current_password": "planted mule engine clip"}"#;
    let (entry, made) = walk.act("PrepareTotp", "POST", AT, body, owner).await;
    assert_eq!(entry.account.as_deref(), Some("shop"));
    let secret = made["secret"].as_str().unwrap().to_owned();
    let code = totp_shown_at(&secret, walk.bench.clock.now());
    let body = format!(r#"{{"code": "{code}"}}"#);
    let path = format!("{AT}/enable");
    let (entry, given) = walk.act("EnableTotp", "POST", &path, &body, owner).await;
    assert!(entry.after.unwrap()["enabled_at"].is_string());
    let recovery = |given: &Value, place: usize| {
        let code = given["recovery_codes"][place].as_str().unwrap();
        code.to_owned()
    };
    let mut secrets = vec![secret, recovery(&given, 0)];
    let body = format!(r#"{{"code": "{}"}}"#, secrets[1]);
    let path = format!("{AT}/recovery-codes");
    let (_, given) = walk
        .act("RenewRecoveryCodes", "POST", &path, &body, owner)
        .await;
    secrets.push(recovery(&given, 9));
    let body = format!(r#"{{"code": "{}"}}"#, secrets[2]);
    let path = format!("{AT}/disable");
    let (entry, _) = walk.act("DisableTotp", "POST", &path, &body, owner).await;
    assert_eq!((entry.before.is_some(), entry.after), (true, None));
    secrets
}

/// Ends one session, then all but the present one.
async fn end_sessions(walk: &mut Walk<'_>, session: &str) {
    const AT: &str = "/v1/accounts/shop/sessions";
    let body = r#"{"email": "ada@shop.example", "password": "planted goat tower cloud"}"#;
    let path = "/v1/auth/session";
    walk.act("SignIn", "POST", path, body, None).await;
    let all = proto::PageQuery::default();
    let listed = walk
        .bench
        .call::<proto::ListOwnerSessions>(at("shop"), all, NOTHING)
        .await
        .unwrap();
    let path = format!("{AT}/{}", listed.items[1].id);
    let owner = Some(session);
    let (entry, _) = walk
        .act("EndOwnerSession", "DELETE", &path, "", owner)
        .await;
    assert_eq!((entry.before.is_some(), entry.after), (true, None));
    let path = format!("{AT}?keep_current=true");
    walk.act("EndOwnerSessions", "DELETE", &path, "", owner)
        .await;
}

#[tokio::test]
async fn behind_a_proxy_an_entry_says_whose_request_it_is() {
    let bench = Bench::open().await;
    let mut request = request("POST", "/v1/auth/reset", r#"{"email": "a@acme.example"}"#);
    request
        .headers_mut()
        .insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
    let (status, ..) = bench.send(request, Sender::Tcp(None)).await;
    assert!(status.is_success());
    let newest = entries(&bench, proto::AuditQuery::default())
        .await
        .remove(0);
    assert!(
        newest.source.starts_with("203.0.113.7 through "),
        "{newest:?}"
    );
}

#[tokio::test]
async fn an_entry_says_what_was_before_and_after() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, proto::Suspending::default())
        .await
        .unwrap();
    let found = entries(&bench, proto::AuditQuery::default()).await;
    let field = |value: &Option<Value>, name: &str| value.as_ref().unwrap()[name].clone();
    assert_eq!(field(&found[0].before, "state"), "active");
    assert_eq!(field(&found[0].after, "state"), "suspended");
    let route = found
        .iter()
        .find(|entry| entry.action == "SetRoute")
        .unwrap();
    assert_eq!(route.before, None);
    assert_eq!(field(&route.after, "password"), "(secret)");
    assert_eq!(field(&route.request, "password"), "(secret)");
    assert_eq!(field(&route.after, "mailbox"), "relay@acme.example");
}

#[tokio::test]
async fn reading_and_failing_leave_none() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let before = check(&bench, None).await;
    let taken = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await;
    assert_eq!(taken.unwrap_err().code, "name-taken");
    bench
        .call::<proto::ShowAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(check(&bench, None).await, before);
}

#[tokio::test]
async fn entries_are_found_by_actor_account_and_time() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let new = proto::NewToken {
        name: "deploy".to_owned(),
        account: None,
        read_only: false,
        expires_at: None,
    };
    let token = bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await
        .unwrap();
    bench.clock.advance(std::time::Duration::from_mins(1));
    let suspend = request("POST", "/v1/accounts/acme/suspend", "{}");
    let (status, ..) = bench.send(suspend, Sender::Tcp(Some(&token.secret))).await;
    assert!(status.is_success());
    let query = proto::AuditQuery::default;
    let of = |actor: &str| proto::AuditQuery {
        actor: Some(actor.to_owned()),
        ..query()
    };
    for (query, count) in [
        (query(), 6),
        (of("operator"), 5),
        (of("deploy"), 1),
        (of("token deploy"), 1),
        (of("eploy"), 0),
        (
            proto::AuditQuery {
                account: Some("acme".to_owned()),
                ..query()
            },
            5,
        ),
        (
            proto::AuditQuery {
                since: Some("2026-11-21T20:41:30Z".parse().unwrap()),
                ..query()
            },
            1,
        ),
        (
            proto::AuditQuery {
                until: Some("2026-11-21T20:41:30Z".parse().unwrap()),
                ..query()
            },
            5,
        ),
    ] {
        assert_eq!(
            entries(&bench, query.clone()).await.len(),
            count,
            "{query:?}"
        );
    }
}

#[tokio::test]
async fn an_entry_is_bounded_and_holds_nothing_that_no_endpoint_knows() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let before = entries(&bench, proto::AuditQuery::default()).await.len();
    let ids = vec!["\u{1f600}".repeat(500); 100];
    let body = |dry_run: bool| serde_json::json!({"ids": ids, "dry_run": dry_run}).to_string();
    let unknown = format!("/v1/queue/hold?password=topsecret&{}", "a".repeat(2_000));
    for (path, dry_run, expected) in [
        (unknown.as_str(), true, 422),
        (unknown.as_str(), false, 422),
        ("/v1/queue/hold", true, 200),
        ("/v1/queue/hold", false, 200),
    ] {
        let (status, ..) = bench
            .send(request("POST", path, &body(dry_run)), Sender::Operator)
            .await;
        assert_eq!(status.as_u16(), expected, "{path:.40} {dry_run}");
    }
    let found = entries(&bench, proto::AuditQuery::default()).await;
    assert_eq!(found.len(), before + 1, "neither refused nor tried ones");
    let text = serde_json::to_string(&found[0]).unwrap();
    assert!(text.len() < 20_000 && !text.contains("topsecret"));
    assert_eq!(found[0].object, "/v1/queue/hold");

    let limits = "/v1/accounts/acme/limits?scope=account";
    let request = request("PATCH", limits, r#"{"messages_per_day": 100}"#);
    let (status, ..) = bench.send(request, Sender::Operator).await;
    assert!(status.is_success());
    let found = entries(&bench, proto::AuditQuery::default()).await;
    assert_eq!(found[0].object, limits, "which limits is known");
}

#[tokio::test]
async fn an_owner_makes_so_many_changes_in_an_hour() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let new = proto::NewToken {
        name: "erp".to_owned(),
        account: Some("acme".to_owned()),
        read_only: false,
        expires_at: None,
    };
    let created = bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await;
    let token = created.unwrap().secret;
    let acme = bench.store.account_by_name("acme").await.unwrap().unwrap();
    let hold = async |sender| {
        let request = request("POST", "/v1/queue/hold", r#"{"ids": ["x"]}"#);
        bench.send(request, sender).await.0.as_u16()
    };
    assert_eq!(hold(Sender::Tcp(Some(&token))).await, 200);
    while bench.accounts.pace_changes(&acme).is_ok() {}
    assert_eq!(hold(Sender::Tcp(Some(&token))).await, 429);
    assert_eq!(
        hold(Sender::Operator).await,
        200,
        "the operator is not counted"
    );
    bench.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(hold(Sender::Tcp(Some(&token))).await, 200);
}
