//! Strangers guess, and the devices beside them go on.

use std::time::Duration;

use super::{DEVICE, House, RIGHT, STRANGER, peer};
use crate::{
    model::{Reason, Secret},
    smtp::{Backend, Credentials},
};

#[tokio::test]
async fn a_device_at_its_address_signs_in_while_strangers_guess_at_its_name() {
    let house = House::open().await;
    house.attack("scan");
    let (refused, runs) = house.sign_in(STRANGER, "scan", RIGHT).await;
    assert_eq!(refused.unwrap_err().0.reason, Reason::AuthThrottled);
    assert_eq!(runs, 1);
    assert!(house.sign_in(DEVICE, "scan", RIGHT).await.0.is_ok());
}

#[tokio::test]
async fn who_guesses_is_not_welcome_for_a_while_and_the_others_are() {
    let house = House::open().await;
    for number in 0..15 {
        assert!(house.door.welcome(&peer(STRANGER)).is_ok());
        let password = number.to_string();
        house
            .sign_in(STRANGER, "scan", &password)
            .await
            .0
            .unwrap_err();
    }
    let refused = house.door.welcome(&peer(STRANGER)).unwrap_err();
    assert_eq!(refused.reason, Reason::AddressBanned);
    let credentials = Credentials {
        username: "scan".to_owned(),
        password: Secret::new(RIGHT),
    };
    let refused = house.door.authenticate(&peer(STRANGER), credentials).await;
    assert_eq!(refused.unwrap_err().reason, Reason::AddressBanned);
    assert!(house.door.welcome(&peer(DEVICE)).is_ok());
    assert!(house.sign_in(DEVICE, "scan", RIGHT).await.0.is_ok());
    house.clock.advance(Duration::from_mins(5));
    assert!(house.door.welcome(&peer(STRANGER)).is_ok());
}
