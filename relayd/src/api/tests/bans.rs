//! Bans: listed, lifted.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_system, system_at};
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
        let shown = bench.call::<proto::ShowBan>(path(), NOTHING, NOTHING).await;
        assert_eq!(shown.unwrap().address, address);
        let done = bench.call::<proto::LiftBan>(path(), NOTHING, NOTHING).await;
        assert!(done.is_ok(), "{done:?}");
        let again = bench.call::<proto::LiftBan>(path(), NOTHING, NOTHING).await;
        assert_eq!(again.unwrap_err().code, "not-found");
        let shown = bench.call::<proto::ShowBan>(path(), NOTHING, NOTHING).await;
        assert_eq!(shown.unwrap_err().code, "not-found");
    }
    assert_eq!(list().await, []);
}

#[tokio::test]
async fn the_test_of_a_system_tells_of_bans_and_of_the_command_that_lifts_them() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    for (name, address) in [
        ("one", "203.0.113.7"),
        ("six", "2001:db8::7"),
        ("many", "203.0.113.0/24"),
        ("other", "203.0.114.7"),
    ] {
        let new = new_system(name, address, "scanner");
        let added = bench.call::<proto::AddSystem>(at("acme"), NOTHING, new);
        added.await.unwrap();
    }
    for client in ["203.0.113.7", "2001:db8::1"] {
        guess(&bench, client);
    }
    let until = bench.clock.now() + std::time::Duration::from_mins(5);
    for (name, is_ok, client) in [
        ("one", false, "203.0.113.7"),
        ("six", false, "2001:db8::/64"),
        ("many", true, "203.0.113.7"),
        ("other", true, ""),
    ] {
        let test = bench.call::<proto::TestSystem>(system_at("acme", name), NOTHING, NOTHING);
        let test = test.await.unwrap();
        assert_eq!((test.ok, test.accepted), (is_ok, is_ok), "{test:?}");
        let step = test.steps.iter().find(|step| step.name == "Address");
        let step = step.unwrap();
        if client.is_empty() {
            assert_eq!(step.detail, "203.0.114.7/32 is not banned");
            continue;
        }
        let banned = format!("is banned until {until:.0}");
        assert!(step.detail.contains(&banned), "{step:?}");
        let said = step.remedy.as_ref().unwrap_or(&step.detail);
        let lifting = format!("relayctl limits reset --scope ip {client}");
        assert!(said.contains(&lifting), "{step:?}");
        let reason = (!is_ok).then_some("address-banned");
        assert_eq!(step.reason.as_deref(), reason);
    }
}
