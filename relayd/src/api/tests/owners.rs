//! The life of an owner: registration, code, activation, sign-in, password.

use std::time::Duration;

use proto::{Endpoint, Problem};
use relay_proto as proto;

use super::bench::{Bench, NOTHING, Sender, at, new_account, new_user};
use crate::accounts::RegistrationPolicy;

pub(super) const EMAIL: &str = "ada@acme.example";
pub(super) const PASSWORD: &str = "correct horse battery staple";
pub(super) const OTHER: &str = "wrong mule engine paperclip";

pub(super) async fn anybody<E>(
    bench: &Bench,
    token: Option<&str>,
    path: E::Path,
    body: E::Body,
) -> Result<E::Reply, Problem>
where
    E: Endpoint<Query: From<proto::Nothing>>,
{
    bench
        .call_as::<E>(Sender::Tcp(token), path, NOTHING, body, None)
        .await
        .1
}

fn registration() -> proto::NewAccount {
    proto::NewAccount {
        email: EMAIL.to_owned(),
        email_vouched: false,
        password: Some(PASSWORD.to_owned()),
        ..new_account("acme")
    }
}

pub(super) async fn sign_in(
    bench: &Bench,
    email: &str,
    password: &str,
) -> Result<proto::Session, Problem> {
    let request = proto::SignInRequest {
        email: email.to_owned(),
        password: password.to_owned(),
        account: None,
        code: None,
    };
    anybody::<proto::SignIn>(bench, None, NOTHING, request).await
}

async fn confirm(bench: &Bench, code: &str) -> Result<proto::Nothing, Problem> {
    let code = proto::EmailCode {
        code: code.to_owned(),
    };
    anybody::<proto::ConfirmEmail>(bench, None, at("acme"), code).await
}

/// The code in the mail to an address.
pub(super) async fn code_for(bench: &Bench, address: &str) -> String {
    let mail = bench.mail_to(address).await;
    let (_, rest) = mail.split_once("Code: ").unwrap();
    let code = rest.get(..8).unwrap().to_owned();
    assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{mail}");
    code
}

/// `acme`, registered by its owner, confirmed and activated.
pub(super) async fn an_owner() -> Bench {
    let bench = Bench::open().await;
    anybody::<proto::CreateAccount>(&bench, None, NOTHING, registration())
        .await
        .unwrap();
    let code = code_for(&bench, EMAIL).await;
    confirm(&bench, &code).await.unwrap();
    bench
        .call::<proto::ActivateAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(bench.mail_to(EMAIL).await.contains("is active now"));
    bench
}

#[tokio::test]
async fn who_registers_confirms_is_activated_and_signs_in() {
    let bench = Bench::open().await;
    let vouched = proto::NewAccount {
        email_vouched: true,
        ..registration()
    };
    let account = anybody::<proto::CreateAccount>(&bench, None, NOTHING, vouched)
        .await
        .unwrap()
        .account;
    assert_eq!(account.state, proto::AccountState::Registered);
    assert_eq!(account.verified_at, None, "nobody vouches for oneself");
    let waiting = proto::AccountQuery {
        state: Some(proto::AccountFilter::Waiting),
        ..proto::AccountQuery::default()
    };
    let waiting = bench
        .call::<proto::ListAccounts>(NOTHING, waiting, NOTHING)
        .await
        .unwrap();
    assert_eq!(waiting.items.len(), 1);

    let code = code_for(&bench, EMAIL).await;
    let early = sign_in(&bench, EMAIL, PASSWORD).await.unwrap_err();
    let both = [proto::Awaited::EmailCode, proto::Awaited::Operator];
    assert_eq!(early.awaits, both);
    assert_eq!(
        confirm(&bench, "x").await.unwrap_err().code,
        "code-rejected"
    );
    confirm(&bench, &code).await.unwrap();
    assert_eq!(
        confirm(&bench, &code).await.unwrap_err().code,
        "code-rejected"
    );
    let early = sign_in(&bench, EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(early.code, "account-not-active");
    assert_eq!(early.awaits, [proto::Awaited::Operator]);

    bench
        .call::<proto::ActivateAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(bench.mail_to(EMAIL).await.contains("is active now"));
    let session = sign_in(&bench, "ADA@acme.example ", PASSWORD)
        .await
        .unwrap();
    let token = Some(session.secret.as_str());
    let caller = anybody::<proto::ShowCaller>(&bench, token, NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(caller.role, proto::Role::Owner);
    assert_eq!(caller.account.as_deref(), Some("acme"));

    // Used every eleven hours it goes on; unused for twelve it ends.
    let shows = async || {
        anybody::<proto::ShowAccount>(&bench, token, at("acme"), NOTHING)
            .await
            .map(|created| created.name)
            .map_err(|problem| problem.code)
    };
    for _ in 0..3 {
        bench.clock.advance(Duration::from_hours(11));
        assert_eq!(shows().await.as_deref(), Ok("acme"));
    }
    bench.clock.advance(Duration::from_hours(12));
    assert_eq!(shows().await, Err("not-signed-in".to_owned()));
}

#[tokio::test]
async fn a_session_ends_by_sign_out_and_stops_with_the_account() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    let token = Some(session.secret.as_str());
    let shows = async || {
        anybody::<proto::ShowCaller>(&bench, token, NOTHING, NOTHING)
            .await
            .map(|caller| caller.read_only)
            .map_err(|problem| problem.code)
    };
    let act = |state: &str| format!("/v1/accounts/acme/{state}");
    for (verb, expected) in [
        ("suspend", Err("account-not-active".to_owned())),
        ("resume", Ok(false)),
    ] {
        let request = axum::http::Request::post(act(verb))
            .header("content-type", "application/json")
            .body(axum::body::Body::from("{}"))
            .unwrap();
        bench.send(request, Sender::Operator).await;
        assert_eq!(shows().await, expected, "{verb}");
    }
    anybody::<proto::SignOut>(&bench, token, NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(shows().await, Err("not-signed-in".to_owned()));

    // No session lasts longer than thirty days.
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    let days = session
        .expires_at
        .duration_since(crate::clock::Clock::now(&*bench.clock));
    assert_eq!(days.as_hours(), 30 * 24);
    let operator = bench
        .call::<proto::SignOut>(NOTHING, NOTHING, NOTHING)
        .await;
    assert_eq!(operator.unwrap_err().code, "state-conflict");
}

#[tokio::test]
async fn an_unknown_address_answers_like_a_known_one() {
    let bench = an_owner().await;
    let said = |problem: Problem| (problem.status, problem.code, problem.title, problem.detail);
    let unknown = sign_in(&bench, "nobody@acme.example", OTHER).await;
    let wrong = sign_in(&bench, EMAIL, OTHER).await;
    assert_eq!(said(unknown.unwrap_err()), said(wrong.unwrap_err()));

    // A code is asked for, and tried, with the same answers.
    let reset = async |email: &str, code: &str| {
        let reset = proto::PasswordReset {
            email: email.to_owned(),
            account: None,
            code: code.to_owned(),
            password: OTHER.to_owned(),
        };
        anybody::<proto::ResetPassword>(&bench, None, NOTHING, reset).await
    };
    for email in ["nobody@acme.example", EMAIL] {
        let request = proto::ResetRequest {
            email: email.to_owned(),
            account: None,
        };
        anybody::<proto::RequestPasswordReset>(&bench, None, NOTHING, request)
            .await
            .unwrap();
    }
    let code = code_for(&bench, EMAIL).await;
    assert_eq!(bench.mails(), 0);
    let unknown = said(reset("nobody@acme.example", &code).await.unwrap_err());
    assert_eq!(unknown, said(reset(EMAIL, "00000000").await.unwrap_err()));
    assert_eq!(unknown.1, "code-rejected");

    // Nor does registration tell: a second account of the same address is one of its own.
    let second = proto::NewAccount {
        name: Some("acme-2".to_owned()),
        ..registration()
    };
    let second = anybody::<proto::CreateAccount>(&bench, None, NOTHING, second).await;
    assert_eq!(
        second.unwrap().account.state,
        proto::AccountState::Registered
    );
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    assert_eq!(session.account, "acme", "the confirmed one");

    // The right code sets the password and ends the sessions.
    reset(EMAIL, &code).await.unwrap();
    let old = anybody::<proto::ShowCaller>(&bench, Some(&session.secret), NOTHING, NOTHING).await;
    assert_eq!(old.unwrap_err().code, "not-signed-in");
    assert!(sign_in(&bench, EMAIL, PASSWORD).await.is_err());
    assert_eq!(sign_in(&bench, EMAIL, OTHER).await.unwrap().account, "acme");
    assert!(bench.mail_to(EMAIL).await.contains("was changed"));
}

#[tokio::test]
async fn guessing_is_throttled_by_address_and_by_e_mail() {
    let bench = an_owner().await;
    for email in [EMAIL, "nobody@acme.example"] {
        for attempt in 1..=11 {
            let refused = sign_in(&bench, email, OTHER).await.unwrap_err();
            // Ten with one e-mail, twenty from one address.
            let expected = if attempt <= 10 {
                "sign-in-rejected"
            } else {
                "auth-throttled"
            };
            assert_eq!(refused.code, expected, "{email} {attempt}");
        }
        bench.clock.advance(Duration::from_mins(15));
    }
    assert!(sign_in(&bench, EMAIL, PASSWORD).await.is_ok());

    for attempt in 1..=21 {
        let email = format!("user-{attempt}@acme.example");
        let refused = sign_in(&bench, &email, OTHER).await.unwrap_err();
        let is_throttled = refused.code == "auth-throttled";
        assert_eq!(is_throttled, attempt > 20, "{attempt}");
    }
}

#[tokio::test]
async fn a_code_has_five_tries_and_half_an_hour() {
    let bench = Bench::open().await;
    anybody::<proto::CreateAccount>(&bench, None, NOTHING, registration())
        .await
        .unwrap();
    let late = code_for(&bench, EMAIL).await;
    let resend = async || anybody::<proto::ResendCode>(&bench, None, at("acme"), NOTHING).await;
    bench.clock.advance(Duration::from_mins(30));
    assert_eq!(
        confirm(&bench, &late).await.unwrap_err().code,
        "code-rejected"
    );
    resend().await.unwrap();
    let code = code_for(&bench, EMAIL).await;
    for _ in 0..5 {
        let wrong = confirm(&bench, "00000000").await.unwrap_err();
        assert_eq!(wrong.code, "code-rejected");
    }
    let over = confirm(&bench, &code).await.unwrap_err();
    assert_eq!(over.code, "code-rejected", "void");

    // The operator is told why no code goes out; others get the same answer as ever.
    resend().await.unwrap();
    let told = bench.call::<proto::ResendCode>(at("acme"), NOTHING, NOTHING);
    assert_eq!(told.await.unwrap_err().code, "requests-throttled");
    anybody::<proto::ResendCode>(&bench, None, at("nobody"), NOTHING)
        .await
        .unwrap();
}

#[tokio::test]
async fn registration_is_as_open_as_the_operator_says() {
    let register = async |bench: &Bench, name: &str, code: Option<&str>| {
        let new = proto::NewAccount {
            name: Some(name.to_owned()),
            invitation: code.map(str::to_owned),
            ..registration()
        };
        anybody::<proto::CreateAccount>(bench, None, NOTHING, new)
            .await
            .map(|created| created.account.name)
            .map_err(|problem| problem.code)
    };
    let invite = async |bench: &Bench, email: Option<&str>| {
        let new = proto::NewInvitation {
            email: email.map(str::to_owned),
            expires_at: None,
        };
        let made = bench.call::<proto::CreateInvitation>(NOTHING, NOTHING, new);
        made.await.unwrap().code
    };
    let closed = Bench::new().await;
    let code = invite(&closed, None).await;
    let refused = Err("registration-closed".to_owned());
    assert_eq!(register(&closed, "one", Some(&code)).await, refused);

    let bench = Bench::registering(RegistrationPolicy::Invite).await;
    let refused = Err("invitation-rejected".to_owned());
    let other = invite(&bench, Some("bob@acme.example")).await;
    let own = invite(&bench, Some(EMAIL)).await;
    assert_eq!(register(&bench, "one", None).await, refused);
    assert_eq!(register(&bench, "one", Some("guess")).await, refused);
    assert_eq!(register(&bench, "one", Some(&other)).await, refused);
    bench.clock.advance(Duration::from_hours(1));
    assert_eq!(
        register(&bench, "one", Some(&own)).await.as_deref(),
        Ok("one")
    );
    assert_eq!(register(&bench, "two", Some(&own)).await, refused, "used");
    let late = invite(&bench, None).await;
    bench.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(
        register(&bench, "two", Some(&late)).await,
        refused,
        "expired"
    );

    let open = Bench::open().await;
    for attempt in 1..=4 {
        let name = format!("one-{attempt}");
        let result = register(&open, &name, None).await;
        assert_eq!(result.is_ok(), attempt <= 3, "{attempt}: {result:?}");
    }
    let waived = proto::NewAccount {
        domain_proof: Some(proto::DomainProof::Waived),
        ..registration()
    };
    let refused = anybody::<proto::CreateAccount>(&open, None, NOTHING, waived).await;
    assert_eq!(refused.unwrap_err().code, "forbidden");
    let weak = proto::NewAccount {
        password: Some("password1234".to_owned()),
        email: "bob@acme.example".to_owned(),
        name: None,
        ..registration()
    };
    let weak = anybody::<proto::CreateAccount>(&open, None, NOTHING, weak).await;
    assert_eq!(weak.unwrap_err().code, "weak-password");
}

#[tokio::test]
async fn mistakes_in_a_registration_cost_no_try_of_the_e_mail() {
    type Mistake = fn(&mut proto::NewAccount);
    let bench = Bench::open().await;
    let register = async |mistake: Mistake| {
        let mut new = registration();
        mistake(&mut new);
        let made = anybody::<proto::CreateAccount>(&bench, None, NOTHING, new).await;
        made.map(drop).map_err(|problem| problem.code)
    };
    let seen: [(Mistake, &str); 3] = [
        (|new| new.password = None, "invalid-value"),
        (|new| new.country = "Germany".to_owned(), "invalid-value"),
        (|new| new.phone = "1".repeat(41), "invalid-value"),
    ];
    for (mistake, code) in seen.iter().cycle().take(30) {
        assert_eq!(register(*mistake).await.unwrap_err(), *code);
    }
    // How strong a password is takes work to find out: so often for an address.
    let weak: Mistake = |new| new.password = Some("password1234".to_owned());
    for _ in 0..9 {
        assert_eq!(register(weak).await.unwrap_err(), "weak-password");
    }
    register(|_| {}).await.unwrap();
    assert_eq!(register(weak).await.unwrap_err(), "requests-throttled");
}

#[tokio::test]
async fn a_rejected_account_is_told_why_and_ends() {
    let bench = Bench::open().await;
    anybody::<proto::CreateAccount>(&bench, None, NOTHING, registration())
        .await
        .unwrap();
    code_for(&bench, EMAIL).await;
    let reason = proto::Rejection {
        reason: "not a customer of ours".to_owned(),
    };
    let rejected = bench
        .call::<proto::RejectAccount>(at("acme"), NOTHING, reason.clone())
        .await
        .unwrap();
    assert_eq!(rejected.state, proto::AccountState::Closed);
    assert_eq!(rejected.note, "not a customer of ours");
    let mail = bench.mail_to(EMAIL).await;
    assert!(mail.contains("not a customer of ours"), "{mail}");
    let again = bench
        .call::<proto::RejectAccount>(at("acme"), NOTHING, reason)
        .await;
    assert_eq!(again.unwrap_err().code, "state-conflict");
    let refused = sign_in(&bench, EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(
        refused.code, "sign-in-rejected",
        "all that signs in is wiped"
    );
}

#[tokio::test]
async fn an_owner_changes_data_e_mail_and_password() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    let token = Some(session.secret.as_str());
    let change = proto::AccountChange {
        city: Some("Berlin".to_owned()),
        email: Some("new@acme.example".to_owned()),
        current_password: Some(PASSWORD.to_owned()),
        ..proto::AccountChange::default()
    };
    let changed = anybody::<proto::EditAccount>(&bench, token, at("acme"), change)
        .await
        .unwrap();
    assert_eq!(
        (changed.city.as_str(), changed.email.as_str()),
        ("Berlin", EMAIL)
    );
    assert_eq!(changed.new_email.as_deref(), Some("new@acme.example"));
    let code = code_for(&bench, "new@acme.example").await;
    assert!(bench.mail_to(EMAIL).await.contains("was asked for"));
    confirm(&bench, &code).await.unwrap();
    assert!(bench.mail_to(EMAIL).await.contains("new@acme.example"));
    assert!(sign_in(&bench, EMAIL, PASSWORD).await.is_err());
    let other = sign_in(&bench, "new@acme.example", PASSWORD).await.unwrap();

    let set = async |current: Option<&str>, new: &str| {
        let body = proto::SignInPassword {
            current_password: current.map(str::to_owned),
            new_password: new.to_owned(),
        };
        anybody::<proto::ChangeSignInPassword>(&bench, token, at("acme"), body)
            .await
            .map_err(|problem| problem.code)
    };
    for (current, new, expected) in [
        (None, OTHER, "sign-in-rejected"),
        (Some(OTHER), OTHER, "sign-in-rejected"),
        (Some(PASSWORD), "acme12345678", "weak-password"),
    ] {
        assert_eq!(set(current, new).await, Err(expected.to_owned()));
    }
    set(Some(PASSWORD), OTHER).await.unwrap();
    let lives = async |secret: &str| {
        let shown = anybody::<proto::ShowCaller>(&bench, Some(secret), NOTHING, NOTHING).await;
        shown.is_ok()
    };
    assert!(lives(&session.secret).await, "the one that changed it");
    assert!(!lives(&other.secret).await);

    // The operator vouches for an e-mail.
    let change = proto::AccountChange {
        email: Some(EMAIL.to_owned()),
        ..proto::AccountChange::default()
    };
    let changed = bench
        .call::<proto::EditAccount>(at("acme"), NOTHING, change)
        .await
        .unwrap();
    assert_eq!((changed.email.as_str(), changed.new_email), (EMAIL, None));
    assert!(!lives(&session.secret).await, "and ends the sessions");
}

const THIEF: &str = "thief@other.example";

/// Asks for another contact e-mail.
async fn ask_for(
    bench: &Bench,
    token: &str,
    email: &str,
    current: Option<&str>,
) -> Result<proto::Account, String> {
    let change = proto::AccountChange {
        email: Some(email.to_owned()),
        current_password: current.map(str::to_owned),
        ..proto::AccountChange::default()
    };
    anybody::<proto::EditAccount>(bench, Some(token), at("acme"), change)
        .await
        .map_err(|problem| problem.code)
}

#[tokio::test]
async fn another_e_mail_takes_the_password_and_ends_with_the_next_change() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let new = proto::NewToken {
        name: "ci".to_owned(),
        account: None,
        read_only: false,
        expires_at: None,
    };
    let token = anybody::<proto::CreateToken>(&bench, Some(&session), NOTHING, new).await;
    let token = token.unwrap().secret;
    for bearer in [&session, &token] {
        for given in [None, Some(OTHER)] {
            let refused = ask_for(&bench, bearer, THIEF, given).await;
            assert_eq!(refused.unwrap_err(), "sign-in-rejected", "{given:?}");
        }
    }
    assert_eq!(bench.mails(), 0);

    let wait = || bench.clock.advance(Duration::from_mins(2));
    let ask = async || {
        wait();
        let asked = ask_for(&bench, &session, THIEF, Some(PASSWORD)).await;
        assert_eq!(asked.unwrap().new_email.as_deref(), Some(THIEF));
        assert!(bench.mail_to(EMAIL).await.contains(THIEF));
        code_for(&bench, THIEF).await
    };
    let refused = async |code: &str| {
        let refused = confirm(&bench, code).await.unwrap_err();
        assert_eq!(refused.code, "code-rejected");
    };
    // Strangers get no fresh code for it.
    let code = ask().await;
    wait();
    anybody::<proto::ResendCode>(&bench, None, at("acme"), NOTHING)
        .await
        .unwrap();
    // Set back.
    let back = ask_for(&bench, &token, EMAIL, None).await.unwrap();
    assert_eq!(back.new_email, None);
    refused(&code).await;
    // Another password.
    let code = ask().await;
    let body = proto::SignInPassword {
        current_password: Some(PASSWORD.to_owned()),
        new_password: PASSWORD.to_owned(),
    };
    anybody::<proto::ChangeSignInPassword>(&bench, Some(&session), at("acme"), body)
        .await
        .unwrap();
    refused(&code).await;
    assert!(bench.mail_to(EMAIL).await.contains("was changed"));
    // Another e-mail by the operator.
    let code = ask().await;
    let rescued = proto::AccountChange {
        email: Some("rescued@acme.example".to_owned()),
        ..proto::AccountChange::default()
    };
    let rescued = bench.call::<proto::EditAccount>(at("acme"), NOTHING, rescued);
    assert_eq!(rescued.await.unwrap().new_email, None);
    refused(&code).await;
    assert_eq!(bench.mails(), 0, "nothing more was sent");
}

async fn ask_for_reset(bench: &Bench, email: &str) {
    let request = proto::ResetRequest {
        email: email.to_owned(),
        account: None,
    };
    anybody::<proto::RequestPasswordReset>(bench, None, NOTHING, request)
        .await
        .unwrap();
}

async fn reset(bench: &Bench, email: &str, code: &str, password: &str) -> Result<(), String> {
    let reset = proto::PasswordReset {
        email: email.to_owned(),
        account: None,
        code: code.to_owned(),
        password: password.to_owned(),
    };
    let done = anybody::<proto::ResetPassword>(bench, None, NOTHING, reset).await;
    done.map(drop).map_err(|problem| problem.code)
}

#[tokio::test]
async fn a_reset_code_counts_for_the_e_mail_it_was_sent_to() {
    let bench = an_owner().await;
    ask_for_reset(&bench, EMAIL).await;
    let code = code_for(&bench, EMAIL).await;
    let change = proto::AccountChange {
        email: Some("new@acme.example".to_owned()),
        ..proto::AccountChange::default()
    };
    bench
        .call::<proto::EditAccount>(at("acme"), NOTHING, change)
        .await
        .unwrap();
    let late = reset(&bench, "new@acme.example", &code, OTHER).await;
    assert_eq!(late.unwrap_err(), "code-rejected");
}

#[tokio::test]
async fn a_weak_password_is_told_to_who_has_the_code_and_costs_no_try() {
    let bench = an_owner().await;
    ask_for_reset(&bench, EMAIL).await;
    let code = code_for(&bench, EMAIL).await;
    let runs = bench.accounts.password_runs();
    for email in [EMAIL, "nobody@acme.example"] {
        let wrong = reset(&bench, email, "00000000", "acme12345678").await;
        assert_eq!(wrong.unwrap_err(), "code-rejected", "{email}");
    }
    assert_eq!(bench.accounts.password_runs(), runs, "nothing was judged");
    for _ in 0..6 {
        let weak = reset(&bench, EMAIL, &code, "acme12345678").await;
        assert_eq!(weak.unwrap_err(), "weak-password");
    }
    reset(&bench, EMAIL, &code, OTHER).await.unwrap();
}

#[tokio::test]
async fn codes_are_tried_so_often_by_one_client_and_a_flood_gives_no_more() {
    let bench = an_owner().await;
    ask_for_reset(&bench, EMAIL).await;
    let code = code_for(&bench, EMAIL).await;
    for attempt in 1..=30 {
        let key = format!("x{attempt}");
        let body = proto::EmailCode {
            code: "1".to_owned(),
        };
        let tried = anybody::<proto::ConfirmEmail>(&bench, None, at(&key), body).await;
        let expected = if attempt <= 20 {
            "code-rejected"
        } else {
            "requests-throttled"
        };
        assert_eq!(tried.unwrap_err().code, expected, "{attempt}");
    }
    let also = reset(&bench, EMAIL, &code, OTHER).await;
    assert_eq!(also.unwrap_err(), "requests-throttled");
    bench.clock.advance(Duration::from_mins(16));
    for _ in 0..5 {
        let wrong = reset(&bench, EMAIL, "00000000", OTHER).await;
        assert_eq!(wrong.unwrap_err(), "code-rejected");
    }
    let over = reset(&bench, EMAIL, &code, OTHER).await;
    assert_eq!(over.unwrap_err(), "code-rejected", "void");
}

#[tokio::test]
async fn a_fresh_route_of_ones_own_carries_no_reset_code() {
    let bench = Bench::new().await;
    let account = proto::NewAccount {
        email_vouched: true,
        ..registration()
    };
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, account)
        .await
        .unwrap();
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, super::bench::smarthost())
        .await
        .unwrap();
    bench
        .call::<proto::ActivateAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    bench.mail_to(EMAIL).await;
    let send = || bench.accounts.send_reset(EMAIL, None);
    let fresh = send().await.unwrap_err().to_string();
    assert!(fresh.contains("24 hours"), "{fresh}");
    bench.clock.advance(Duration::from_hours(24));
    send().await.unwrap();
    let code = code_for(&bench, EMAIL).await;
    reset(&bench, EMAIL, &code, OTHER).await.unwrap();

    // A code that waited while the route was set anew may have left by it.
    bench.clock.advance(Duration::from_mins(2));
    send().await.unwrap();
    let code = code_for(&bench, EMAIL).await;
    let elsewhere = proto::RouteSettings {
        server: Some("mail.stranger.example".to_owned()),
        password: Some("another secret".to_owned()),
        ..super::bench::smarthost()
    };
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, elsewhere)
        .await
        .unwrap();
    let refused = reset(&bench, EMAIL, &code, PASSWORD).await;
    assert_eq!(refused, Err("no-notification-route".to_owned()));
}

#[tokio::test]
async fn the_session_of_a_suspended_account_can_be_ended() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let reason = proto::Suspending {
        reason: "unpaid".to_owned(),
    };
    bench
        .call::<proto::SuspendAccount>(at("acme"), NOTHING, reason)
        .await
        .unwrap();
    let token = Some(session.as_str());
    let other = anybody::<proto::ShowCaller>(&bench, token, NOTHING, NOTHING).await;
    let other = other.unwrap_err();
    assert_eq!(other.code, "account-not-active");
    assert!(other.awaits.is_empty());
    anybody::<proto::SignOut>(&bench, token, NOTHING, NOTHING)
        .await
        .unwrap();
    bench
        .call::<proto::ResumeAccount>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    let ended = anybody::<proto::ShowCaller>(&bench, token, NOTHING, NOTHING).await;
    assert_eq!(ended.unwrap_err().code, "not-signed-in");
}

#[tokio::test]
async fn an_owner_has_relayd_ask_microsoft_only_and_not_without_end() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    let token = Some(session.secret.as_str());
    let tried = bench.probe.seen.lock().unwrap().len();
    for (kind, authority, server) in [
        (proto::RouteKind::SmtpOauth, "https://192.0.2.1:6443", None),
        (proto::RouteKind::Graph, "", Some("192.0.2.1")),
    ] {
        let elsewhere = proto::RouteSettings {
            authority: Some(authority.to_owned()),
            server: server.map(str::to_owned),
            mailbox: Some("relay@acme.example".to_owned()),
            tenant: Some("acme.example".to_owned()),
            client_id: Some("4b1d7c20-0000-4000-8000-000000000000".to_owned()),
            client_secret: Some("planted".to_owned()),
            dry_run: true,
            ..proto::RouteSettings::new(kind)
        };
        let refused = anybody::<proto::SetRoute>(&bench, token, at("acme"), elsewhere.clone());
        assert_eq!(refused.await.unwrap_err().code, "forbidden", "{kind}");
        let usual = proto::RouteSettings {
            authority: None,
            server: None,
            ..elsewhere
        };
        let usual = anybody::<proto::SetRoute>(&bench, token, at("acme"), usual).await;
        assert!(!usual.unwrap().applied, "{kind}");
    }
    assert_eq!(bench.probe.seen.lock().unwrap().len(), tried + 2);
    // A dry run changes nothing, but asks: it counts.
    let acme = bench.store.account_by_name("acme").await.unwrap().unwrap();
    while bench.accounts.pace_changes(&acme).is_ok() {}
    let again = proto::RouteSettings {
        dry_run: true,
        ..super::bench::smarthost()
    };
    let throttled = anybody::<proto::SetRoute>(&bench, token, at("acme"), again).await;
    assert_eq!(throttled.unwrap_err().code, "requests-throttled");
}

#[tokio::test]
async fn an_owner_sets_no_folder_and_tokens_of_accounts_are_apart() {
    let bench = an_owner().await;
    let session = sign_in(&bench, EMAIL, PASSWORD).await.unwrap();
    let token = Some(session.secret.as_str());
    let capture = proto::RouteSettings {
        kind: proto::RouteKind::Capture,
        folder: Some("/etc".to_owned()),
        ..super::bench::smarthost()
    };
    let refused = anybody::<proto::SetRoute>(&bench, token, at("acme"), capture).await;
    assert_eq!(refused.unwrap_err().code, "forbidden");
    let new = |account: Option<&str>| proto::NewToken {
        name: "ci".to_owned(),
        account: account.map(str::to_owned),
        read_only: false,
        expires_at: None,
    };
    // The same name thrice: of the operator, of acme by its owner, of office by the operator.
    let operators = bench.call::<proto::CreateToken>(NOTHING, NOTHING, new(None));
    assert_eq!(operators.await.unwrap().token.account, None);
    let own = anybody::<proto::CreateToken>(&bench, token, NOTHING, new(None)).await;
    let own = own.unwrap();
    assert_eq!(own.token.account.as_deref(), Some("acme"));
    let offices = bench.call::<proto::CreateToken>(NOTHING, NOTHING, new(Some("office")));
    assert_eq!(
        offices.await.unwrap().token.account.as_deref(),
        Some("office")
    );
    let again = anybody::<proto::CreateToken>(&bench, token, NOTHING, new(None)).await;
    assert_eq!(again.unwrap_err().code, "name-taken");

    let secret = Some(own.secret.as_str());
    let plan = proto::PlanChoice {
        plan: "starter".to_owned(),
    };
    anybody::<proto::StartSubscription>(&bench, secret, at("acme"), plan)
        .await
        .unwrap();
    let create = || anybody::<proto::CreateRelayUser>(&bench, secret, at("acme"), new_user(None));
    assert_eq!(create().await.unwrap_err().code, "domain-not-verified");
    let waive = || proto::AccountChange {
        domain_proof: Some(proto::DomainProof::Waived),
        ..proto::AccountChange::default()
    };
    let own = anybody::<proto::EditAccount>(&bench, secret, at("acme"), waive()).await;
    assert_eq!(own.unwrap_err().code, "forbidden");
    bench
        .call::<proto::EditAccount>(at("acme"), NOTHING, waive())
        .await
        .unwrap();
    assert!(create().await.is_ok());
    let metrics = axum::http::Request::get("/metrics").body(axum::body::Body::empty());
    let (status, ..) = bench.send(metrics.unwrap(), Sender::Tcp(secret)).await;
    assert_eq!(status, 403, "figures tell of all accounts");
    let path = proto::TokenPath {
        token: "ci".to_owned(),
    };
    let owner = proto::TokenOwner::default();
    let (_, revoked) = bench
        .call_as::<proto::RevokeToken>(Sender::Tcp(token), path, owner, NOTHING, None)
        .await;
    revoked.unwrap();
    let left = async |account: Option<&str>| {
        let query = proto::TokenQuery {
            account: account.map(str::to_owned),
            ..proto::TokenQuery::default()
        };
        let tokens = bench.call::<proto::ListTokens>(NOTHING, query, NOTHING);
        tokens.await.unwrap().items.len()
    };
    assert_eq!((left(None).await, left(Some("acme")).await), (1, 0));
    assert_eq!(left(Some("office")).await, 1);
}

#[tokio::test]
async fn without_a_notification_route_the_code_goes_the_own_way_once_that_is_checked() {
    let bench = Bench::new().await;
    let account = proto::NewAccount {
        email_vouched: false,
        ..registration()
    };
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, account)
        .await
        .unwrap();
    let send = async || {
        let sent = bench.call::<proto::ResendCode>(at("acme"), NOTHING, NOTHING);
        sent.await.map_err(|problem| problem.code)
    };
    assert_eq!(send().await, Err("no-notification-route".to_owned()));
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, super::bench::smarthost())
        .await
        .unwrap();
    send().await.unwrap();
    let code = code_for(&bench, EMAIL).await;
    confirm(&bench, &code).await.unwrap();
}
