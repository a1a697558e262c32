//! Mail that tries the way.

use super::*;
use crate::accounts::{TestDoor, TestSubmission};

/// What tries the way meets the same rules as a device.
#[tokio::test]
async fn a_test_mail_is_judged_like_that_of_a_device() {
    let house = House::open().await;
    let test = |username: &str, client: &str| TestSubmission {
        username: username.to_owned(),
        client: client.parse().unwrap(),
        sender: "scanner@acme.example".parse().unwrap(),
        recipient: "ops@acme.example".parse().unwrap(),
        subject: "Test mail".to_owned(),
        by: "operator".to_owned(),
    };
    for (username, client, reason) in [
        ("nobody", DEVICE, Reason::CredentialsRejected),
        ("stopped", DEVICE, Reason::UserSuspended),
        ("scan", DEVICE, Reason::NoSubscription),
    ] {
        let refused = house.door.submit(test(username, client)).await.unwrap_err();
        assert_eq!(refused.reason, reason, "{username}");
    }
    // An address that is banned for guessing is refused before anything is looked at.
    for number in 0..50 {
        let password = Secret::new(number.to_string());
        let now = house.clock.now();
        let client = DEVICE.parse().unwrap();
        if let Ok(attempt) = house.guesses.begin(client, ("scan", &password), now) {
            attempt.failed("scan", now);
        }
    }
    let refused = house.door.submit(test("scan", DEVICE)).await.unwrap_err();
    assert_eq!(refused.reason, Reason::AddressBanned);
}
