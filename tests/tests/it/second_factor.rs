//! The second factor and the sessions of an owner, through the real relayctl, as a script.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use relay_tests::harness::Relayctl;
use sha1::Sha1;

use super::owners::Office;

/// What an app shows, so many steps of thirty seconds from now (RFC 6238).
#[expect(
    clippy::disallowed_methods,
    reason = "relayd runs on the machine's clock, and so does an app"
)]
fn shown(secret: &str, from_now: i64) -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let step = i64::try_from(seconds / 30).unwrap() + from_now;
    let key = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let place = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[place..place + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Exit code and stderr.
fn failure(ctl: &Relayctl, arguments: &str) -> (i32, String) {
    let outcome = ctl.run(arguments).unwrap();
    (outcome.code, outcome.stderr)
}

#[test]
fn an_owner_enables_a_second_factor_and_loses_the_app() {
    let (office, login) = Office::with_an_owner();
    let customer = &office.customer;
    customer.ok(&login).unwrap();
    let pw = office.password_file();
    let made = customer
        .json(&format!("auth totp enable --password-file {pw}"))
        .unwrap();
    let secret = made["secret"].as_str().unwrap();
    assert!(made["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    assert_eq!(customer.json("auth totp show").unwrap()["enabled"], false);
    let (code, stderr) = failure(customer, "auth totp enable --totp-code 12345x");
    assert_eq!(code, 7, "{stderr}");
    let first = shown(secret, 0);
    let given = customer
        .json(&format!("auth totp enable --totp-code {first}"))
        .unwrap();
    let recovery: Vec<_> = given["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(recovery.len(), 10);
    assert!(
        office
            .mail_with("Second factor enabled")
            .contains("ada@acme.example")
    );

    // Who gives no code is told that one is needed, after the right password only.
    let (code, stderr) = failure(customer, &login);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("totp-required"), "{stderr}");
    let (code, stderr) = failure(customer, &format!("{login} --totp-code {first}"));
    assert_eq!(code, 4, "it was used: {stderr}");
    assert!(stderr.contains("sign-in-rejected"), "{stderr}");
    // The clock of an app may be half a minute ahead.
    let next = shown(secret, 1);
    customer.ok(&format!("{login} --totp-code {next}")).unwrap();

    let lost = recovery[0].as_str().unwrap();
    let by_variable = customer.clone().env("RELAYCTL_TOTP_CODE", lost);
    by_variable.ok(&login).unwrap();
    let left = customer.json("auth totp show").unwrap();
    assert_eq!(left["recovery_codes_left"], 9);
    let (code, stderr) = failure(customer, "auth totp disable");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("--totp-code"), "{stderr}");
    let spare = recovery[1].as_str().unwrap();
    let renewed = customer
        .ok(&format!(
            "auth totp recovery-codes --totp-code {spare} -o name"
        ))
        .unwrap();
    assert_eq!(renewed.lines().count(), 10);

    // The operator helps out, and says so twice.
    let (code, _) = failure(&office.operator, "auth totp disable --account acme");
    assert_eq!(code, 2);
    office
        .operator
        .ok("auth totp disable --account acme --yes")
        .unwrap();
    customer.ok(&login).unwrap();
    let log = office.relayd.log();
    for planted in [secret, lost, spare, renewed.lines().next().unwrap()] {
        assert!(!log.contains(planted));
    }
}

#[test]
fn an_owner_sees_and_ends_sessions() {
    let (office, login) = Office::with_an_owner();
    let customer = &office.customer;
    for _ in 0..3 {
        customer.ok(&login).unwrap();
    }
    let sessions = customer.items("auth sessions").unwrap();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions[2]["current"], true);
    assert_eq!(sessions[0]["created_from"], "127.0.0.1");
    let id = sessions[0]["id"].as_str().unwrap();
    customer.ok(&format!("auth revoke {id}")).unwrap();
    let (code, stderr) = failure(customer, &format!("auth revoke {id}"));
    assert_eq!(code, 3, "{stderr}");
    customer.ok("auth revoke --others").unwrap();
    assert_eq!(customer.items("auth sessions").unwrap().len(), 1);
    office
        .operator
        .ok("auth revoke --all --account acme")
        .unwrap();
    assert_eq!(failure(customer, "auth status").0, 4);
}
