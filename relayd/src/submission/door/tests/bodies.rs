//! Before a body is asked for.

use super::{DEVICE, House, RIGHT, peer};
use crate::{
    model::{BodyEncoding, Envelope, Reason, ReversePath},
    smtp::Backend,
    store::StoreError,
};

#[tokio::test]
async fn no_body_is_asked_for_that_could_not_be_kept() {
    let house = House::open().await;
    let principal = house.sign_in(DEVICE, "scan", RIGHT).await.0.unwrap();
    let condition = house.door.0.journal.condition();
    let envelope = || Envelope {
        reverse_path: ReversePath::Null,
        recipients: Vec::new(),
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: String::new(),
    };
    let open = async || {
        let opened = house.door.open(&peer(DEVICE), &principal, envelope()).await;
        opened.err().map(|refusal| refusal.reason)
    };
    // The account has no subscription: that is what stops it when the store is well.
    assert_eq!(open().await, Some(Reason::NoSubscription));
    condition.set_disk_low(true);
    assert_eq!(open().await, Some(Reason::DiskFull));
    condition.set_disk_low(false);
    condition.ended(&Err(StoreError::Unavailable(String::new())));
    assert_eq!(open().await, Some(Reason::StoreUnavailable));
    condition.ended(&Ok(()));
    assert_eq!(open().await, Some(Reason::NoSubscription));
}
