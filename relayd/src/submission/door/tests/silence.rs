//! What a refused sign-in gives away of names and passwords: nothing, but to who has the password.

use std::time::Duration;

use super::{DEVICE, House, RIGHT, peer};
use crate::{
    clock::Clock,
    model::{BodyEncoding, CredentialId, IdSource, Reason, ReversePath, Secret},
    smtp::{Backend, MailParameters},
    store::NewCredential,
};

/// The names are tried from addresses of their own, so that each attempt is a first one.
#[tokio::test]
async fn a_refused_sign_in_tells_nothing_of_the_name() {
    let house = House::open().await;
    for name in ["scan", "ghost"] {
        house.attack(name);
    }
    let names = [
        ("plain", ["stopped", "nobody"]),
        ("under attack", ["scan", "ghost"]),
    ];
    for (group, (what, [known, unknown])) in names.into_iter().enumerate() {
        let mut seen = Vec::new();
        for (number, name) in [known, known, unknown, unknown].into_iter().enumerate() {
            let client = format!("198.51.100.{}", 10 * group + number);
            let (refused, runs) = house.sign_in(&client, name, "wrong").await;
            seen.push((refused.unwrap_err(), runs));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{what}: {seen:?}");
        assert_eq!(
            (seen[0].0.1, seen[0].1),
            (Duration::from_secs(1), 1),
            "{what}"
        );
    }
    let long = "x".repeat(5000);
    for odd in ["", "a\0b", "a\nb", &long] {
        let (refused, runs) = house.sign_in("203.0.113.200", odd, "wrong").await;
        let (refusal, _) = refused.unwrap_err();
        assert_eq!((refusal.reason, runs), (Reason::CredentialsRejected, 1));
    }
}

/// The relay user has as many passwords as it may; all of them cost one run, as does one that
/// nobody has.
#[tokio::test]
async fn how_many_passwords_there_are_shows_in_nothing() {
    let house = House::open().await;
    let user = house.store.relay_user_by_name("scan").await.unwrap();
    let (user, ids) = (user.unwrap().id, IdSource::new());
    for number in 1..5 {
        let others = house.store.password_hashes(user).await.unwrap();
        let beside = others.into_iter().map(|one| one.hash).collect();
        let password = Secret::new(format!("{RIGHT} {number}"));
        let hash = house.passwords.hash_beside(&password, beside).await;
        let credential = NewCredential {
            id: CredentialId::new(&ids, house.clock.now()),
            name: format!("number-{number}"),
            hash: hash.unwrap(),
            created_at: house.clock.now(),
        };
        house
            .store
            .add_credential(user, &credential, 5)
            .await
            .unwrap();
    }
    let mut costs = Vec::new();
    for (number, name) in ["scan", "stopped", "nobody"].into_iter().enumerate() {
        let client = format!("198.51.100.{number}");
        let (refused, runs) = house.sign_in(&client, name, "wrong").await;
        costs.push((refused.unwrap_err(), runs));
    }
    assert!(costs.iter().all(|one| *one == costs[0]), "{costs:?}");
    assert_eq!(costs[0].1, 1);
    // Each of them is known at once from then on, and by its own name.
    for password in [RIGHT.to_owned(), format!("{RIGHT} 4")] {
        let mut seen = Vec::new();
        for runs in [1, 0] {
            let (signed_in, cost) = house.sign_in(DEVICE, "scan", &password).await;
            assert_eq!(cost, runs, "{password}");
            seen.push(signed_in.unwrap().credential);
        }
        assert!(seen[0].is_some() && seen[0] == seen[1]);
    }
}

/// Whoever behind a registered address tries names learns as little.
#[tokio::test]
async fn at_a_registered_address_a_wrong_password_tells_as_little() {
    let house = House::open().await;
    for name in ["scan", "ghost"] {
        house.attack(name);
    }
    let mut seen = Vec::new();
    for name in ["scan", "ghost"] {
        let (refused, runs) = house.sign_in(DEVICE, name, "wrong").await;
        seen.push((refused.unwrap_err().0, runs));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn that_a_user_is_suspended_is_told_to_those_with_its_password() {
    let house = House::open().await;
    let (refused, _) = house.sign_in(DEVICE, "stopped", "wrong").await;
    assert_eq!(refused.unwrap_err().0.reason, Reason::CredentialsRejected);
    let principal = house.sign_in(DEVICE, "stopped", RIGHT).await.0.unwrap();
    let mail = MailParameters {
        reverse_path: "scan@acme.example"
            .parse()
            .map(ReversePath::Address)
            .unwrap(),
        size: None,
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: String::new(),
    };
    let refused = house
        .door
        .check_sender(&peer(DEVICE), &principal, &mail)
        .await;
    assert_eq!(refused.unwrap_err().reason, Reason::UserSuspended);
}
