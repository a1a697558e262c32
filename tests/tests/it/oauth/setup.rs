//! relayd's upstream side over a real store, the stand-in, and its token endpoint.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use relay_tests::{
    sim::{
        Settings, Simulator,
        entra::{self, Application, Asked, Entra},
    },
    tls::Authority,
};
use relayd::{
    clock::{Clock, ManualClock},
    model::{
        BodyEncoding, ClientCertificate, Cloud, DomainName, Grant, MessageId, OAuth, Recipient,
        Route, RouteId, RouteKind, Secret,
    },
    store::{RefreshToken, Store},
    upstream::{
        self, Allowed, BodySource, BodyUnavailable, Connection, Exchanger, MailExchangers, Outcome,
        Outgoing, Ports, RefreshTokens, Setback, Upstreams,
    },
};
use serde_json::Value;
use tempfile::TempDir;

use crate::store_contract::world::{IDS, World, noon};

pub(super) const APPLICATION: &str = "8a6f1c2e-0000-4000-8000-00000000000a";
pub(super) const MAILBOX: &str = "relay@acme.example";
const SECRET: &str = "the-value-not-the-id";

pub(super) struct Setup {
    pub(super) simulator: Simulator,
    pub(super) upstreams: Arc<Upstreams>,
    pub(super) clock: Arc<ManualClock>,
    registered: ClientCertificate,
    world: World,
    _folder: TempDir,
}

/// Refresh tokens in the store, as relayd keeps them.
#[derive(Debug)]
struct Kept(Store, Arc<ManualClock>);

#[async_trait]
impl RefreshTokens for Kept {
    async fn load(&self, route: &Route) -> Result<Option<Secret>, String> {
        let found = self.0.refresh_token(route.id).await.unwrap();
        let in_force = self
            .0
            .route(route.id)
            .await
            .unwrap()
            .unwrap()
            .oauth
            .unwrap();
        let is_same = in_force.shares_sign_in(route.oauth.as_ref().unwrap());
        Ok(found.filter(|_| is_same).map(|it| it.token))
    }

    async fn replace(&self, route: RouteId, old: &Secret, new: &Secret) -> Result<(), String> {
        let now = self.1.now();
        self.0
            .rotate_refresh_token(route, old, new, now)
            .await
            .unwrap();
        Ok(())
    }
}

/// Asks relayd's own resolver.
#[derive(Debug)]
pub(super) struct Asking(pub(super) relayd::dns::Dns);

#[async_trait]
impl MailExchangers for Asking {
    async fn of(&self, domain: &DomainName) -> Result<Vec<Exchanger>, String> {
        let found = self.0.exchangers(domain.as_str()).await?;
        let known = found.into_iter().map(|it| Exchanger {
            preference: it.preference,
            host: it.host,
            addresses: it.addresses,
        });
        Ok(known.collect())
    }
}

/// A certificate that no application has.
pub(super) fn unregistered() -> ClientCertificate {
    rsa()
}

/// A certificate with a key of RSA.
fn rsa() -> ClientCertificate {
    let authority = Authority::new("some authority").unwrap();
    let made = authority.issue_rsa(&["relay.acme.example"]).unwrap();
    ClientCertificate {
        chain_pem: made.certificate_pem,
        key: Secret::new(made.key_pem),
    }
}

fn upstreams(store: &Store, clock: &Arc<ManualClock>) -> Arc<Upstreams> {
    let ports = Ports {
        clock: Arc::clone(clock) as _,
        refresh_tokens: Arc::new(Kept(store.clone(), Arc::clone(clock))),
        exchangers: Arc::new(upstream::NoExchangers),
    };
    let settings = upstream::Settings::named("relay.acme.example");
    Arc::new(Upstreams::with(settings, ports))
}

impl Setup {
    pub(super) async fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let registered = rsa();
        let application = Application {
            tenant: "acme.example".to_owned(),
            client_id: APPLICATION.to_owned(),
            secrets: vec![SECRET.to_owned()],
            certificates: vec![registered.chain_pem.clone()],
            roles: vec!["SMTP.SendAsApp".to_owned()],
            mailboxes: vec![MAILBOX.to_owned()],
        };
        let mut settings = Settings::in_folder(folder.path());
        settings.entra = Some(entra::Settings::of(vec![application]));
        change(&mut settings);
        let simulator = Simulator::start(settings).await.unwrap();
        let clock = ManualClock::at(real_time());
        let world = World::on_sqlite().await;
        Self {
            simulator,
            upstreams: upstreams(&world.store, &clock),
            clock,
            registered,
            world,
            _folder: folder,
        }
    }

    pub(super) fn entra(&self) -> &Entra {
        self.simulator.entra().unwrap()
    }

    pub(super) fn certificate(&self) -> ClientCertificate {
        self.registered.clone()
    }

    pub(super) fn ca_pem(&self) -> String {
        std::fs::read_to_string(self.simulator.ca_file()).unwrap()
    }

    pub(super) fn by_secret(&self) -> Route {
        self.route(Grant::ClientSecret {
            secret: Secret::new(SECRET),
            expires_at: None,
        })
    }

    pub(super) fn route(&self, grant: Grant) -> Route {
        Route {
            server: "localhost".to_owned(),
            port: self.simulator.address().port(),
            mailbox: MAILBOX.to_owned(),
            ca_pem: Some(self.ca_pem()),
            oauth: Some(OAuth {
                cloud: Cloud::World,
                tenant: "acme.example".parse().unwrap(),
                client_id: APPLICATION.to_owned(),
                grant,
                authority: Some(self.entra().authority().to_owned()),
                scope: None,
            }),
            ..Route::new(self.world.route, self.world.account, RouteKind::SmtpOauth)
        }
    }

    /// Puts a route in force.
    pub(super) async fn keep(&self, route: &Route) {
        self.world.store.update_route(route, noon()).await.unwrap();
    }

    /// Keeps what a person allowed.
    pub(super) async fn allow(&self, route: &Route, allowed: &Allowed) {
        let token = RefreshToken {
            route_id: route.id,
            account_id: route.account_id,
            token: allowed.refresh_token.clone(),
            username: allowed.username.clone(),
            allowed_at: noon(),
            rotated_at: noon(),
        };
        let store = &self.world.store;
        let kept = store.route_of(route.account_id).await.unwrap().unwrap();
        store.put_refresh_token(&token, kept.version).await.unwrap();
        self.upstreams.forget_tokens(route.id);
    }

    /// Forgets everything that is not in the store.
    pub(super) async fn restart(&mut self) {
        self.world.restart().await;
        self.upstreams = upstreams(&self.world.store, &self.clock);
    }

    pub(super) async fn opened(&self, route: &Route) -> Box<dyn Connection> {
        let way = self.upstreams.open(route).unwrap();
        way.connect()
            .await
            .unwrap_or_else(|setback| panic!("{setback:?}"))
    }

    pub(super) async fn refused(&self, route: &Route) -> Setback {
        let way = self.upstreams.open(route).unwrap();
        way.connect().await.err().unwrap()
    }

    pub(super) async fn sends(&self, route: &Route) {
        let mut connection = self.opened(route).await;
        self.hand_over(connection.as_mut()).await;
    }

    pub(super) async fn hand_over(&self, connection: &mut dyn Connection) {
        let outcomes = hand_over(connection).await;
        let is_delivered = matches!(outcomes.as_slice(), [Outcome::Delivered(_)]);
        assert!(is_delivered, "{outcomes:?}");
    }

    /// Sends a request again, as it was.
    pub(super) async fn post(&self, asked: &Asked) -> Value {
        let tls = relay_tests::tls::client_config(&self.simulator.ca_file()).unwrap();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.as_ref().clone())
            .build()
            .unwrap();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&asked.form);
        let address = format!("{}{}", self.entra().authority(), asked.path);
        let sent = client.post(address).body(form.finish()).send().await;
        serde_json::from_str(&sent.unwrap().text().await.unwrap()).unwrap()
    }
}

/// Hands a small mail over.
pub(super) async fn hand_over(connection: &mut dyn Connection) -> Vec<Outcome> {
    const MAIL: &[u8] = b"Subject: x\r\n\r\nhello\r\n";
    let recipients = [Recipient {
        address: "archive@customer.example".parse().unwrap(),
        notify: None,
        original: String::new(),
    }];
    let outgoing = Outgoing {
        id: MessageId::new(&IDS, noon()),
        reverse_path: &MAILBOX.parse().unwrap(),
        recipients: &recipients,
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: "",
        size: MAIL.len() as u64,
    };
    let mut body = Body(Some(Bytes::from_static(MAIL)));
    connection.send(&outgoing, &mut body).await
}

struct Body(Option<Bytes>);

#[async_trait]
impl BodySource for Body {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
        Ok(self.0.take())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in judges by the machine's clock"
)]
pub(super) fn real_time() -> Timestamp {
    Timestamp::now()
}
