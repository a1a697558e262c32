//! A connector that knows its sender by a client certificate, found by the MX of the tenant.

use std::{net::Ipv4Addr, sync::Arc};

use relay_tests::{
    dns::DnsServer,
    sim::{Connector, Settings, Simulator},
    tls::{Authority, Certificate},
};
use relayd::{
    clock::ManualClock,
    dns::{self, Dns},
    model::{AccountId, ClientCertificate, Reason, Route, RouteId, RouteKind, Secret},
    upstream::{self, NoRefreshTokens, Outcome, Ports, Setback, Upstreams, Verdict},
};
use tempfile::TempDir;

use super::setup::{Asking, hand_over, real_time};
use crate::store_contract::world::{IDS, noon};

const MX: &str = "acme-example.mail.protection.outlook.com";

struct Tenant {
    simulator: Simulator,
    dns: DnsServer,
    upstreams: Upstreams,
    /// Whom the connector trusts, and who signs for that one.
    root: Authority,
    intermediate: Authority,
    _folder: TempDir,
}

impl Tenant {
    async fn new() -> Self {
        let root = Authority::new("public root").unwrap();
        let intermediate = root.intermediate("public intermediate").unwrap();
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::in_folder(folder.path());
        settings.names = vec![MX.to_owned()];
        settings.connector = Some(Connector {
            certificate_name: "relay.acme.example".to_owned(),
            authorities: root.pem().to_owned(),
        });
        let dns = DnsServer::start().unwrap();
        let servers = vec![dns.address()];
        let ports = Ports {
            clock: ManualClock::at(real_time()),
            refresh_tokens: Arc::new(NoRefreshTokens),
            exchangers: Arc::new(Asking(Dns::new(dns::Settings {
                servers: servers.clone(),
                authoritative: servers,
            }))),
        };
        let settings_of_ours = upstream::Settings::named("relay.acme.example");
        Self {
            simulator: Simulator::start(settings).await.unwrap(),
            dns,
            upstreams: Upstreams::with(settings_of_ours, ports),
            root,
            intermediate,
            _folder: folder,
        }
    }

    fn route(&self, shown: Option<ClientCertificate>) -> Route {
        let ca_pem = std::fs::read_to_string(self.simulator.ca_file()).unwrap();
        Route {
            server: "localhost".to_owned(),
            port: self.simulator.address().port(),
            ca_pem: Some(ca_pem),
            client_certificate: shown,
            ..Route::new(
                RouteId::new(&IDS, noon()),
                AccountId::new(&IDS, noon()),
                RouteKind::Connector,
            )
        }
    }

    /// A certificate of the intermediate, with its chain.
    fn shown(&self, name: &str) -> ClientCertificate {
        self.with_chain(&self.intermediate.issue(&[name]).unwrap())
    }

    fn with_chain(&self, own: &Certificate) -> ClientCertificate {
        ClientCertificate {
            chain_pem: format!("{}{}", own.certificate_pem, self.intermediate.pem()),
            key: Secret::new(own.key_pem.clone()),
        }
    }

    async fn outcome(&self, route: &Route) -> Outcome {
        let way = self.upstreams.open(route).unwrap();
        let connected = way.connect().await;
        let mut connection = connected.unwrap_or_else(|setback| panic!("{setback:?}"));
        hand_over(connection.as_mut()).await.remove(0)
    }

    fn unusable(&self, route: &Route) -> Setback {
        self.upstreams.open(route).err().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_decides() {
    let tenant = Tenant::new().await;
    let route = tenant.route(Some(tenant.shown("relay.acme.example")));
    let delivered = tenant.outcome(&route).await;
    assert!(matches!(delivered, Outcome::Delivered(_)), "{delivered:?}");
    assert_eq!(tenant.simulator.messages()[0].mechanism, "CERTIFICATE");
    for shown in [None, Some(tenant.shown("relay.other.example"))] {
        let Outcome::Setback(setback) = tenant.outcome(&tenant.route(shown)).await else {
            panic!("delivered")
        };
        assert_eq!(setback.verdict, Verdict::HoldCredentials);
        assert!(setback.to_string().contains("5.7.64"), "{setback}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_work_is_named_before_anything_is_tried() {
    let tenant = Tenant::new().await;
    let own = tenant.intermediate.issue(&["relay.acme.example"]).unwrap();
    let alone = ClientCertificate {
        chain_pem: own.certificate_pem.clone(),
        key: Secret::new(own.key_pem.clone()),
    };
    let other = tenant.root.issue(&["relay.acme.example"]).unwrap();
    let mixed = ClientCertificate {
        key: Secret::new(other.key_pem),
        ..tenant.with_chain(&own)
    };
    let past = jiff::civil::date(2025, 1, 1);
    let old = tenant
        .intermediate
        .issue_until(&["relay.acme.example"], past);
    let old = tenant.with_chain(&old.unwrap());
    for (shown, words) in [
        (alone, "lacks the intermediates"),
        (mixed, "does not belong"),
        (old, "expired at 2025-01-01"),
    ] {
        let setback = tenant.unusable(&tenant.route(Some(shown)));
        assert_eq!(setback.verdict, Verdict::HoldCredentials);
        assert!(setback.detail.contains(words), "{setback}");
        assert!(setback.advice.is_some(), "{setback}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mx_of_the_tenant_is_looked_up_and_the_next_one_tried() {
    let tenant = Tenant::new().await;
    let mut route = tenant.route(Some(tenant.shown("relay.acme.example")));
    route.server.clear();
    route.mx_of = Some("acme.example".parse().unwrap());
    let closed = "acme-example.d-v1.mx.microsoft";
    let mail = tenant
        .dns
        .publish_mx("acme.example", &[(10, MX), (0, closed)]);
    mail.unwrap();
    tenant
        .dns
        .publish_address(closed, Ipv4Addr::new(127, 0, 0, 2));
    tenant.dns.publish_address(MX, Ipv4Addr::LOCALHOST);

    let check = tenant.upstreams.check(&route).await;
    assert_eq!(check.setback, None, "{:?}", check.steps);
    let names: Vec<_> = check.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["mx", "dns", "connect", "starttls", "greeting"]);
    assert_eq!(
        check.steps[0].detail,
        format!("acme.example: {closed}, {MX}")
    );
    assert!(
        check.steps[2].detail.contains(closed),
        "{:?}",
        check.steps[2]
    );
    let way = tenant.upstreams.open(&route).unwrap();
    let mut connection = way.connect().await.unwrap();
    assert_eq!(connection.server(), Some(MX));
    let outcome = hand_over(connection.as_mut()).await.remove(0);
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");

    // The name that DNS gave must stand in the certificate.
    let forged = "evil.mail.protection.outlook.com";
    let mail = tenant.dns.publish_mx("acme.example", &[(10, forged)]);
    mail.unwrap();
    tenant.dns.publish_address(forged, Ipv4Addr::LOCALHOST);
    let setback = way.connect().await.err().unwrap();
    assert_eq!(setback.reason, Reason::RouteTlsFailed, "{setback}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_mx_that_is_not_microsofts_is_not_trusted() {
    let tenant = Tenant::new().await;
    let mut route = tenant.route(None);
    route.server.clear();
    route.mx_of = Some("acme.example".parse().unwrap());
    let way = tenant.upstreams.open(&route).unwrap();
    let filter = "mx.filter.example";
    tenant
        .dns
        .publish_mx("acme.example", &[(10, filter)])
        .unwrap();
    tenant.dns.publish_address(filter, Ipv4Addr::LOCALHOST);
    let setback = way.connect().await.err().unwrap();
    assert_eq!(setback.verdict, Verdict::HoldCredentials, "{setback}");
    assert!(setback.detail.contains(filter), "{setback}");
    assert!(setback.advice.unwrap().remedy.contains("--server"));
    tenant.dns.publish_mx("acme.example", &[]).unwrap();
    let setback = way.connect().await.err().unwrap();
    assert!(setback.detail.contains("has no MX"), "{setback}");
    tenant.dns.fail(true);
    let setback = way.connect().await.err().unwrap();
    assert_eq!(setback.verdict, Verdict::Retry, "{setback}");
}
