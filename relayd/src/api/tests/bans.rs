//! Bans: listed, lifted.

use relay_proto as proto;

use super::bench::{Bench, NOTHING};
use crate::{clock::Clock, model::Secret};

fn guess(bench: &Bench, client: &str) {
    let now = bench.clock.now();
    for number in 0..3 {
        let password = Secret::new(number.to_string());
        let attempt = bench
            .guesses
            .begin(client.parse().unwrap(), ("scan", &password), now);
        attempt.unwrap().failed("scan", now);
    }
}

#[tokio::test]
async fn bans_are_listed_and_lifted_by_address_or_network() {
    let bench = Bench::new().await;
    for client in ["192.0.2.7", "2001:db8::1"] {
        guess(&bench, client);
    }
    let list = async || {
        let listed = bench.call::<proto::ListBans>(NOTHING, proto::PageQuery::default(), NOTHING);
        listed.await.unwrap().items
    };
    let listed = list().await;
    let addresses: Vec<_> = listed.iter().map(|ban| ban.address.as_str()).collect();
    assert_eq!(addresses, ["192.0.2.7", "2001:db8::/64"]);
    assert_eq!((listed[0].times, listed[0].username.as_str()), (1, "scan"));
    assert_eq!(listed[0].until.duration_since(listed[0].since).as_mins(), 5);

    for address in ["192.0.2.7", "2001:db8::/64"] {
        let path = || proto::BanPath {
            address: address.to_owned(),
        };
        let done = bench.call::<proto::LiftBan>(path(), NOTHING, NOTHING).await;
        assert!(done.is_ok(), "{done:?}");
        let again = bench.call::<proto::LiftBan>(path(), NOTHING, NOTHING).await;
        assert_eq!(again.unwrap_err().code, "not-found");
    }
    assert_eq!(list().await, []);
}
