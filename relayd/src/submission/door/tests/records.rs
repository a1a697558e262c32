//! What is noted of refusals: whose they are, and no more of a name than is good.

use std::sync::Arc;

use super::{House, STRANGER, insert_user, peer};
use crate::{
    model::{IdSource, UserState},
    smtp::{RefusalContext, Stage},
};

#[tokio::test]
async fn what_the_log_shows_of_a_name_that_was_tried_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let file = std::fs::File::create(&path).unwrap();
    let log = tracing_subscriber::fmt().with_writer(Arc::new(file));
    let _log = tracing::subscriber::set_default(log.finish());
    let house = House::open().await;
    let username = "x".repeat(50_000);
    for number in 0..15 {
        let password = number.to_string();
        let signed_in = house.sign_in(STRANGER, &username, &password).await;
        signed_in.0.unwrap_err();
    }
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.contains("banned for guessing passwords"), "{log}");
    assert!(log.contains(&"x".repeat(254)) && !log.contains(&"x".repeat(255)));
}

#[tokio::test]
async fn a_refusal_is_told_of_the_user_however_late_it_is() {
    let house = House::open().await;
    let tried = async |username: &str| {
        let (refused, _) = house.sign_in(STRANGER, username, "wrong").await;
        assert!(refused.is_err());
    };
    tried("scan").await;
    tried("nobody").await;
    // Held back for so long that the entry is stale.
    let ids = IdSource::new();
    let other = (&ids, &house.passwords);
    let account = house.account;
    insert_user(
        &house.store,
        other,
        account,
        ("other", UserState::Suspended),
    )
    .await;
    assert!(house.door.0.directory.cached("scan").is_none());
    let peer = peer(STRANGER);
    let whose = |username| {
        let context = RefusalContext {
            peer: &peer,
            principal: None,
            username,
            stage: Stage::Auth,
            sender: "",
            recipient: "",
        };
        let (login, _) = house.door.whose(&context, username);
        login.map(|login| login.standing.user.username.clone())
    };
    assert_eq!(whose("scan").as_deref(), Some("scan"));
    assert_eq!(whose("nobody"), None);
    assert_eq!(whose(""), None);
}
