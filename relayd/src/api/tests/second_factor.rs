//! The second factor of owners: enabled, asked for, lost, switched off.

use std::time::Duration;

use proto::Problem;
use relay_proto as proto;

use super::{
    bench::{Bench, NOTHING, at},
    owners::{EMAIL, OTHER, PASSWORD, an_owner, anybody, code_for, sign_in},
};
use crate::{accounts::totp_shown_at, clock::Clock as _};

/// An owner with an app.
struct Owner {
    bench: Bench,
    token: String,
    /// The secret in the app.
    secret: String,
    recovery: Vec<String>,
}

async fn prepare(bench: &Bench, token: &str, password: &str) -> Result<String, Problem> {
    let request = proto::NewTotp {
        current_password: password.to_owned(),
    };
    let made = anybody::<proto::PrepareTotp>(bench, Some(token), at("acme"), request).await?;
    assert!(made.uri.contains(&made.secret), "{}", made.uri);
    Ok(made.secret)
}

async fn enable(bench: &Bench, token: &str, code: &str) -> Result<Vec<String>, String> {
    let code = proto::TotpCode {
        code: code.to_owned(),
    };
    anybody::<proto::EnableTotp>(bench, Some(token), at("acme"), code)
        .await
        .map(|given| given.recovery_codes)
        .map_err(|problem| problem.code)
}

impl Owner {
    async fn new() -> Self {
        let bench = an_owner().await;
        let token = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
        let secret = prepare(&bench, &token, PASSWORD).await.unwrap();
        let code = totp_shown_at(&secret, bench.clock.now());
        let recovery = enable(&bench, &token, &code).await.unwrap();
        assert!(bench.mail_to(EMAIL).await.contains("Second factor enabled"));
        let owner = Self {
            bench,
            token,
            secret,
            recovery,
        };
        owner.wait();
        owner
    }

    /// Until the app shows another code.
    fn wait(&self) {
        self.bench.clock.advance(Duration::from_secs(30));
    }

    fn shown(&self) -> String {
        totp_shown_at(&self.secret, self.bench.clock.now())
    }

    async fn sign_in(&self, password: &str, code: Option<&str>) -> Result<(), String> {
        self.try_sign_in(password, code)
            .await
            .map(drop)
            .map_err(|problem| problem.code)
    }

    async fn try_sign_in(
        &self,
        password: &str,
        code: Option<&str>,
    ) -> Result<proto::Session, Problem> {
        let request = proto::SignInRequest {
            email: EMAIL.to_owned(),
            password: password.to_owned(),
            account: None,
            code: code.map(str::to_owned),
        };
        anybody::<proto::SignIn>(&self.bench, None, NOTHING, request).await
    }

    async fn disable(&self, code: Option<&str>) -> Result<(), String> {
        let end = proto::TotpEnd {
            code: code.map(str::to_owned),
        };
        anybody::<proto::DisableTotp>(&self.bench, Some(&self.token), at("acme"), end)
            .await
            .map(drop)
            .map_err(|problem| problem.code)
    }

    async fn codes_left(&self) -> u64 {
        let token = Some(self.token.as_str());
        anybody::<proto::ShowSecondFactor>(&self.bench, token, at("acme"), NOTHING)
            .await
            .unwrap()
            .recovery_codes_left
    }
}

fn refused(code: &str) -> Result<(), String> {
    Err(code.to_owned())
}

#[tokio::test]
async fn it_counts_once_a_first_code_proved_it() {
    let bench = an_owner().await;
    let token = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let without = enable(&bench, &token, "123456").await;
    assert_eq!(without, Err("state-conflict".to_owned()));
    let wrong = prepare(&bench, &token, OTHER).await.unwrap_err();
    assert_eq!(wrong.code, "sign-in-rejected");

    let void = prepare(&bench, &token, PASSWORD).await.unwrap();
    let secret = prepare(&bench, &token, PASSWORD).await.unwrap();
    assert!(sign_in(&bench, EMAIL, PASSWORD).await.is_ok());
    let old = enable(&bench, &token, &totp_shown_at(&void, bench.clock.now())).await;
    assert_eq!(old, Err("totp-rejected".to_owned()));
    let code = totp_shown_at(&secret, bench.clock.now());
    let recovery = enable(&bench, &token, &code).await.unwrap();
    assert_eq!(recovery.len(), 10);
    let asked = sign_in(&bench, EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(asked.code, "totp-required");
    let again = prepare(&bench, &token, PASSWORD).await.unwrap_err();
    assert_eq!(again.code, "state-conflict");
}

#[tokio::test]
async fn sessions_that_began_without_it_end() {
    let bench = an_owner().await;
    let token = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let other = sign_in(&bench, EMAIL, PASSWORD).await.unwrap().secret;
    let see = async |token: &str| {
        anybody::<proto::ShowSecondFactor>(&bench, Some(token), at("acme"), NOTHING)
            .await
            .map(|shown| shown.enabled)
            .map_err(|problem| problem.status)
    };
    let secret = prepare(&bench, &token, PASSWORD).await.unwrap();
    enable(&bench, &token, "000000").await.unwrap_err();
    assert_eq!(see(&other).await, Ok(false));
    let code = totp_shown_at(&secret, bench.clock.now());
    enable(&bench, &token, &code).await.unwrap();
    assert_eq!(see(&other).await, Err(401));
    assert_eq!(see(&token).await, Ok(true));
}

#[tokio::test]
async fn only_the_right_password_hears_of_it_and_a_wrong_code_is_a_wrong_password() {
    let owner = Owner::new().await;
    assert_eq!(
        owner.sign_in(PASSWORD, None).await,
        refused("totp-required")
    );
    let said = |problem: Problem| (problem.status, problem.code, problem.title, problem.detail);
    let code = owner.try_sign_in(PASSWORD, Some("000000")).await;
    let password = owner.try_sign_in(OTHER, Some(&owner.shown())).await;
    let neither = owner.try_sign_in(OTHER, None).await;
    let code = said(code.unwrap_err());
    assert_eq!(code, said(password.unwrap_err()));
    assert_eq!(code, said(neither.unwrap_err()));
    assert_eq!(code.1, "sign-in-rejected");

    // A code is good once, and so is one before it.
    let shown = owner.shown();
    assert_eq!(owner.sign_in(PASSWORD, Some(&shown)).await, Ok(()));
    let again = owner.sign_in(PASSWORD, Some(&shown)).await;
    assert_eq!(again, refused("sign-in-rejected"));
    owner.wait();
    let spaced = format!("{} {}", &owner.shown()[..3], &owner.shown()[3..]);
    assert_eq!(owner.sign_in(PASSWORD, Some(&spaced)).await, Ok(()));
}

#[tokio::test]
async fn wrong_codes_are_throttled_by_account() {
    let owner = Owner::new().await;
    for attempt in 1..=11 {
        let expected = if attempt <= 10 {
            "sign-in-rejected"
        } else {
            "auth-throttled"
        };
        let tried = owner.sign_in(PASSWORD, Some("no-code")).await;
        assert_eq!(tried, refused(expected), "{attempt}");
    }
    let shown = owner.shown();
    let right = owner.sign_in(PASSWORD, Some(&shown)).await;
    assert_eq!(right, refused("auth-throttled"));
    // The operator helps.
    owner
        .bench
        .call::<proto::DisableTotp>(at("acme"), NOTHING, proto::TotpEnd::default())
        .await
        .unwrap();
    let mail = owner.bench.mail_to(EMAIL).await;
    assert!(mail.contains("by the operator"), "{mail}");
    assert_eq!(owner.sign_in(PASSWORD, None).await, Ok(()));
    let twice = owner
        .bench
        .call::<proto::DisableTotp>(at("acme"), NOTHING, proto::TotpEnd::default())
        .await;
    assert_eq!(twice.unwrap_err().code, "state-conflict");
}

#[tokio::test]
async fn recovery_codes_are_good_once_each_and_can_be_renewed() {
    let owner = Owner::new().await;
    assert_eq!(owner.codes_left().await, 10);
    let loud = owner.recovery[0].to_uppercase().replace('-', "");
    assert_eq!(owner.sign_in(PASSWORD, Some(&loud)).await, Ok(()));
    let mail = owner.bench.mail_to(EMAIL).await;
    assert!(mail.contains("9 are left"), "{mail}");
    let again = owner.sign_in(PASSWORD, Some(&owner.recovery[0])).await;
    assert_eq!(again, refused("sign-in-rejected"));
    assert_eq!(owner.codes_left().await, 9);

    let code = proto::TotpCode {
        code: owner.shown(),
    };
    let token = Some(owner.token.as_str());
    let renewed = anybody::<proto::RenewRecoveryCodes>(&owner.bench, token, at("acme"), code).await;
    let renewed = renewed.unwrap().recovery_codes;
    assert_eq!(owner.codes_left().await, 10);
    let void = owner.sign_in(PASSWORD, Some(&owner.recovery[1])).await;
    assert_eq!(void, refused("sign-in-rejected"));
    assert_eq!(owner.sign_in(PASSWORD, Some(&renewed[0])).await, Ok(()));
}

#[tokio::test]
async fn its_owner_switches_it_off_by_a_code() {
    let owner = Owner::new().await;
    for code in [None, Some("000000"), Some("abcd-efgh-jkmn-pqrs")] {
        assert_eq!(owner.disable(code).await, refused("totp-rejected"));
    }
    assert_eq!(owner.disable(Some(&owner.recovery[3])).await, Ok(()));
    assert_eq!(owner.sign_in(PASSWORD, None).await, Ok(()));
    assert_eq!(owner.disable(None).await, refused("state-conflict"));
    assert_eq!(owner.codes_left().await, 0);
    // It can be had anew.
    assert!(prepare(&owner.bench, &owner.token, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_password_reset_by_mail_does_not_lift_it() {
    let owner = Owner::new().await;
    let request = proto::ResetRequest {
        email: EMAIL.to_owned(),
        account: None,
    };
    anybody::<proto::RequestPasswordReset>(&owner.bench, None, NOTHING, request)
        .await
        .unwrap();
    let reset = proto::PasswordReset {
        email: EMAIL.to_owned(),
        account: None,
        code: code_for(&owner.bench, EMAIL).await,
        password: OTHER.to_owned(),
    };
    anybody::<proto::ResetPassword>(&owner.bench, None, NOTHING, reset)
        .await
        .unwrap();
    assert_eq!(owner.sign_in(OTHER, None).await, refused("totp-required"));
    let shown = owner.shown();
    assert_eq!(owner.sign_in(OTHER, Some(&shown)).await, Ok(()));
}
