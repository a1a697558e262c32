//! The door on loopback sockets, with real TLS.

use std::{net::SocketAddr, time::Duration};

use rustls::{
    ClientConfig, HandshakeKind, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;
use crate::smtp::{
    Bind, Certificate, ListenerSettings, Mode, NamedCertificate, Server, ServerTls, Settings,
    tls::tests::pem,
};

/// A door with a listener of each mode, and what clients need to trust it.
pub(super) struct House {
    pub(super) fake: Arc<Fake>,
    pub(super) tls: Arc<ServerTls>,
    certificate: String,
    pub(super) start_tls: SocketAddr,
    pub(super) implicit: SocketAddr,
    pub(super) clear: SocketAddr,
    /// Behind the proxies of 127.0.0.1, with STARTTLS and under TLS; those of 192.0.2.0/24 may
    /// sign in without TLS.
    pub(super) proxied: SocketAddr,
    pub(super) proxied_implicit: SocketAddr,
    shutdown: CancellationToken,
    running: JoinHandle<()>,
}

impl House {
    pub(super) fn open(caps: Caps, timeouts: Timeouts) -> Self {
        let (certificate, key) = pem();
        let default = Certificate::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        Self::with((certificate, default), &[], caps, timeouts)
    }

    /// Waits for what begins a connection no longer than a test may take.
    pub(super) fn hasty() -> Self {
        let wait = Duration::from_millis(50);
        let timeouts = Timeouts {
            handshake: wait,
            proxy_header: wait,
            ..Timeouts::default()
        };
        Self::open(Caps::default(), timeouts)
    }

    /// Shows these certificates, of which clients trust the first.
    pub(super) fn with(
        (certificate, default): (String, Certificate),
        further: &[NamedCertificate],
        caps: Caps,
        timeouts: Timeouts,
    ) -> Self {
        let tls = Arc::new(ServerTls::new(&default, further).unwrap());
        let listener = |name: &str, mode, networks: &[&str]| ListenerSettings {
            name: name.to_owned(),
            bind: Bind::Address("127.0.0.1:0".parse().unwrap()),
            mode,
            plaintext_auth_networks: networks.iter().map(|n| n.parse().unwrap()).collect(),
            address_auth: false,
            proxy_networks: Vec::new(),
        };
        let proxied = |name: &str, mode| ListenerSettings {
            proxy_networks: vec!["127.0.0.1".parse().unwrap()],
            ..listener(name, mode, &["192.0.2.0/24"])
        };
        let server = Server::bind(Settings {
            hostname: "relay.example".to_owned(),
            listeners: vec![
                listener("submission", Mode::StartTls(Arc::clone(&tls)), &[]),
                listener("submissions", Mode::Implicit(Arc::clone(&tls)), &[]),
                listener("old", Mode::None, &["127.0.0.0/8"]),
                proxied("proxied", Mode::StartTls(Arc::clone(&tls))),
                proxied("proxied-tls", Mode::Implicit(Arc::clone(&tls))),
            ],
            timeouts,
            caps,
        })
        .unwrap();
        let addresses: Vec<_> = server.local_addresses().map(|(_, at)| at).collect();
        let (fake, shutdown) = (Arc::new(Fake::default()), CancellationToken::new());
        let running = tokio::spawn(server.run(Arc::clone(&fake), shutdown.clone()));
        Self {
            fake,
            tls,
            certificate,
            start_tls: addresses[0],
            implicit: addresses[1],
            clear: addresses[2],
            proxied: addresses[3],
            proxied_implicit: addresses[4],
            shutdown,
            running,
        }
    }

    pub(super) fn client_config(&self) -> Arc<ClientConfig> {
        self.client_config_of(&[&TLS13, &TLS12])
    }

    pub(super) fn client_config_of(
        &self,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        roots.add(certificate).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    }
}

pub(super) async fn connect(address: SocketAddr) -> Client<TcpStream> {
    Client::new(TcpStream::connect(address).await.unwrap())
}

pub(super) async fn encrypt(
    stream: TcpStream,
    config: &Arc<ClientConfig>,
) -> std::io::Result<Client<TlsStream<TcpStream>>> {
    let connector = TlsConnector::from(Arc::clone(config));
    let name = "localhost".try_into().unwrap();
    connector.connect(name, stream).await.map(Client::new)
}

/// Speaks STARTTLS on the listener for it.
pub(super) async fn start_tls(
    house: &House,
    config: &Arc<ClientConfig>,
) -> Client<TlsStream<TcpStream>> {
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.expect("EHLO p", "250").await;
    client.expect("STARTTLS", "220").await;
    encrypt(client.stream, config).await.unwrap()
}

#[tokio::test]
async fn a_mail_goes_through_each_listener() {
    let house = House::open(Caps::default(), Timeouts::default());
    let config = house.client_config();

    let mut client = start_tls(&house, &config).await;
    let hello = client.ask("EHLO p").await;
    assert!(hello.contains("AUTH PLAIN LOGIN") && !hello.contains("STARTTLS"));
    client.sign_in().await;
    client.mail("a@acme.example", "by STARTTLS").await;
    client.expect("QUIT", "221").await;
    client.expect_closed().await;

    let stream = TcpStream::connect(house.implicit).await.unwrap();
    let mut client = encrypt(stream, &config).await.unwrap();
    client.reply().await;
    client.sign_in().await;
    client.mail("a@acme.example", "by implicit TLS").await;

    let mut client = connect(house.clear).await;
    client.reply().await;
    let hello = client.ask("EHLO p").await;
    assert!(hello.contains("AUTH PLAIN LOGIN") && !hello.contains("STARTTLS"));
    client.sign_in().await;
    client.mail("a@acme.example", "in the clear").await;

    let protocols: Vec<_> = house.fake.accepted().iter().map(|m| m.protocol).collect();
    assert_eq!(
        protocols,
        [Protocol::Esmtpsa, Protocol::Esmtpsa, Protocol::Esmtpa]
    );
    assert_eq!(house.fake.told(), []);
}

#[tokio::test]
async fn starttls_forgets_what_was_said_before() {
    let house = House::open(Caps::default(), Timeouts::default());
    let mut client = start_tls(&house, &house.client_config()).await;
    client
        .expect("MAIL FROM:<a@acme.example>", "503 5.5.1")
        .await;
    client
        .expect("AUTH PLAIN AHNjYW4AZ2VoZWlt", "503 5.5.1")
        .await;
    client.expect("STARTTLS", "503 5.5.1").await;
}

#[tokio::test]
async fn commands_injected_behind_starttls_are_never_carried_out() {
    let house = House::open(Caps::default(), Timeouts::default());
    // In the same segment.
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.send("STARTTLS\r\nEHLO evil\r\n").await;
    assert!(client.reply().await.ends_with("[pipelined-tls]"));
    client.expect_closed().await;
    // Behind it: the handshake reads them, and fails.
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.expect("STARTTLS", "220").await;
    client.send("EHLO evil\r\n").await;
    assert!(
        encrypt(client.stream, &house.client_config())
            .await
            .is_err()
    );
    assert_eq!(house.fake.reasons(), [Reason::PipelinedTls]);
}

#[tokio::test]
async fn sessions_resume_under_both_versions() {
    let house = House::open(Caps::default(), Timeouts::default());
    for versions in [[&TLS13], [&TLS12]] {
        let config = house.client_config_of(&versions);
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let mut client = start_tls(&house, &config).await;
            client.expect("EHLO p", "250").await;
            kinds.push(client.stream.get_ref().1.handshake_kind());
            client.expect("QUIT", "221").await;
        }
        assert!(
            matches!(
                kinds.as_slice(),
                [
                    Some(HandshakeKind::Full | HandshakeKind::FullWithHelloRetryRequest),
                    Some(HandshakeKind::Resumed)
                ]
            ),
            "{kinds:?}"
        );
    }
}

#[tokio::test]
async fn a_new_certificate_reaches_new_sessions_only() {
    let house = House::open(Caps::default(), Timeouts::default());
    let config = house.client_config();
    let mut old = start_tls(&house, &config).await;
    let (certificate, key) = pem();
    let fresh = Certificate::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
    house.tls.reload(&fresh, &[]);
    old.expect("EHLO p", "250").await;
    let trusting = House {
        certificate,
        ..house
    };
    let config = trusting.client_config();
    start_tls(&trusting, &config)
        .await
        .expect("EHLO p", "250")
        .await;
}

#[tokio::test]
async fn too_many_connections_are_turned_away() {
    let caps = Caps {
        sessions_per_address: 2,
        ..Caps::default()
    };
    let house = House::open(caps, Timeouts::default());
    let mut first = connect(house.start_tls).await;
    let mut second = connect(house.clear).await;
    first.reply().await;
    second.reply().await;
    let mut third = connect(house.start_tls).await;
    let reply = third.reply().await;
    assert!(reply.starts_with("421 4.7.0") && reply.ends_with("[too-many-connections]"));
    third.expect_closed().await;
    let mut fourth = Client::new(TcpStream::connect(house.implicit).await.unwrap());
    fourth.expect_closed().await;
    let told = house.fake.told();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|told| told.stage == Stage::Connect));
    // A place that is given back can be taken.
    first.expect("QUIT", "221").await;
    first.expect_closed().await;
    drop(first);
    loop {
        let mut again = connect(house.start_tls).await;
        if again.reply().await.starts_with("220") {
            break;
        }
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let house = House::hasty();
    let mut client = connect(house.implicit).await;
    // A hello that breaks off.
    client.send([0x16, 3, 1, 2, 0, 1]).await;
    client.expect_closed().await;
    assert_eq!(house.fake.told(), []);
}

#[tokio::test]
async fn shutdown_waits_for_messages_and_then_cuts() {
    let timeouts = Timeouts {
        drain: Duration::from_secs(2),
        ..Timeouts::default()
    };
    let house = House::open(Caps::default(), timeouts);
    let mut idle = connect(house.clear).await;
    idle.reply().await;
    let mut busy = connect(house.clear).await;
    busy.reply().await;
    busy.begin("a@acme.example").await;
    let mut stuck = connect(house.clear).await;
    stuck.reply().await;
    stuck.begin("a@acme.example").await;
    house.shutdown.cancel();
    assert!(idle.reply().await.starts_with("421 4.3.2"));
    busy.expect("DATA", "354").await;
    busy.expect("x\r\n.", "250").await;
    assert!(busy.reply().await.starts_with("421 4.3.2"));
    house.running.await.unwrap();
    stuck.expect_closed().await;
    assert_eq!(house.fake.accepted().len(), 1);
    assert!(TcpStream::connect(house.clear).await.is_err());
}

#[tokio::test]
async fn an_address_in_use_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let listener = |bind| ListenerSettings {
        name: "submission".to_owned(),
        bind,
        mode: Mode::None,
        plaintext_auth_networks: Vec::new(),
        address_auth: false,
        proxy_networks: Vec::new(),
    };
    let settings = |bind| Settings {
        hostname: "relay.example".to_owned(),
        listeners: vec![listener(bind)],
        timeouts: Timeouts::default(),
        caps: Caps::default(),
    };
    let error = Server::bind(settings(Bind::Address(address))).unwrap_err();
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    let server = Server::bind(settings(Bind::Socket(taken))).unwrap();
    assert_eq!(
        server.local_addresses().collect::<Vec<_>>(),
        [("submission", address)]
    );
}

#[tokio::test]
async fn an_idle_stranger_gives_way_to_a_newcomer_and_a_device_does_not() {
    let caps = Caps {
        sessions: 20,
        ..Caps::default()
    };
    let house = House::open(caps, Timeouts::default());
    let mut device = connect(house.clear).await;
    device.reply().await;
    device.sign_in().await;
    // Half of twenty places are open to strangers.
    let mut idle = connect(house.clear).await;
    idle.reply().await;
    let handshaking = TcpStream::connect(house.implicit).await.unwrap();
    let mut others = Vec::new();
    for _ in 0..8 {
        others.push(connect(house.clear).await);
        others.last_mut().unwrap().reply().await;
    }
    let mut newcomer = connect(house.clear).await;
    assert!(newcomer.reply().await.starts_with("220"));
    let reply = idle.reply().await;
    assert!(reply.ends_with("[too-many-connections]"), "{reply}");
    idle.expect_closed().await;
    // A handshake that stands still gives way as well.
    let mut next = connect(house.clear).await;
    assert!(next.reply().await.starts_with("220"));
    Client::new(handshaking).expect_closed().await;
    device.mail("a@acme.example", "still here").await;
}

#[tokio::test]
async fn a_banned_client_is_told_at_once() {
    let house = House::open(Caps::default(), Timeouts::default());
    house.fake.unwelcome.store(true, Ordering::Relaxed);
    let mut client = connect(house.start_tls).await;
    let reply = client.reply().await;
    assert!(
        reply.starts_with("421 4.7.0") && reply.ends_with("[address-banned]"),
        "{reply}"
    );
    client.expect_closed().await;
    let mut client = connect(house.implicit).await;
    client.expect_closed().await;
    assert_eq!(house.fake.reasons(), [Reason::AddressBanned; 2]);
}
