//! Certificates by name, resumption, and clients whose handshake cannot succeed.

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SignatureAlgorithm};
use rustls::{
    ClientConfig, HandshakeKind, SignatureScheme, SupportedProtocolVersion,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
    version::{TLS12, TLS13},
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{
    network::{House, connect, encrypt, start_tls},
    *,
};
use crate::smtp::{Certificate, NamedCertificate, tls::tests::pem};

/// A client that takes any certificate, as devices do, and verifies these signatures only.
#[derive(Debug)]
struct Trusting(Vec<SignatureScheme>);

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}

fn device(
    version: &'static SupportedProtocolVersion,
    schemes: &[SignatureScheme],
) -> Arc<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trusting(schemes.to_vec())))
        .with_no_client_auth();
    Arc::new(config)
}

/// The certificate that a device is shown when it connects to `name`.
async fn shown(house: &House, config: &Arc<ClientConfig>, name: &str) -> Vec<u8> {
    let stream = TcpStream::connect(house.implicit).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connector = TlsConnector::from(Arc::clone(config));
    let mut client = Client::new(connector.connect(name, stream).await.unwrap());
    assert!(client.reply().await.starts_with("220 "));
    let session = client.stream.get_ref().1;
    session.peer_certificates().unwrap()[0].to_vec()
}

fn made(names: &[&str], algorithm: &'static SignatureAlgorithm) -> (Vec<u8>, Certificate) {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::CertificateParams::new(names)
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let (chain, key) = (made.pem(), key.serialize_pem());
    let read = Certificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    (made.der().to_vec(), read)
}

#[tokio::test]
async fn certificates_are_shown_by_name_and_by_what_the_device_knows() {
    let (text, key) = pem();
    let default = Certificate::from_pem(text.as_bytes(), key.as_bytes()).unwrap();
    let (wildcard, wildcard_read) = made(&["*.example.org"], &PKCS_ECDSA_P256_SHA256);
    let (old, old_read) = made(&["localhost"], &PKCS_RSA_SHA256);
    let further = [wildcard_read, old_read].map(|certificate| NamedCertificate {
        certificate,
        names: Vec::new(),
    });
    let (caps, timeouts) = (Caps::default(), Timeouts::default());
    let house = House::with((text, default), &further, caps, timeouts);
    let ecdsa = SignatureScheme::ECDSA_NISTP256_SHA256;
    let modern = device(&TLS13, &[ecdsa, SignatureScheme::RSA_PSS_SHA256]);
    let only_rsa = device(&TLS12, &[SignatureScheme::RSA_PKCS1_SHA256]);
    let default = shown(&house, &modern, "localhost").await;
    assert_ne!(default, old);
    assert_eq!(shown(&house, &modern, "mail.example.org").await, wildcard);
    assert_eq!(shown(&house, &modern, "relay.example.net").await, default);
    assert_eq!(shown(&house, &modern, "127.0.0.1").await, default);
    assert_eq!(shown(&house, &only_rsa, "localhost").await, old);
    assert_eq!(shown(&house, &only_rsa, "127.0.0.1").await, old);
}

/// Devices connect anew for every mail; a new certificate must not make all of them pay for a
/// whole handshake at the same time.
#[tokio::test]
async fn resumption_survives_a_new_certificate() {
    let house = House::open(Caps::default(), Timeouts::default());
    for version in [&TLS13, &TLS12] {
        let any = aws_lc_rs::default_provider().signature_verification_algorithms;
        let config = device(version, &any.supported_schemes());
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let mut client = start_tls(&house, &config).await;
            client.expect("EHLO p", "250").await;
            kinds.push(client.stream.get_ref().1.handshake_kind());
            client.expect("QUIT", "221").await;
            let (_, fresh) = made(&["localhost"], &PKCS_ECDSA_P256_SHA256);
            house.tls.reload(&fresh, &[]);
        }
        assert_ne!(kinds[0], Some(HandshakeKind::Resumed), "{kinds:?}");
        assert_eq!(kinds[1], Some(HandshakeKind::Resumed), "{kinds:?}");
    }
}

/// A hello of TLS 1.0 or 1.1, as devices from before 2010 send it.
fn old_hello(minor: u8) -> Vec<u8> {
    let suites = [0, 4, 0xc0, 0x14, 0, 0x2f];
    let hello = [&[3, minor][..], &[7; 32], &[0], &suites, &[1, 0]].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let handshake = [&[1, 0, 0, length(&hello)][..], &hello].concat();
    [&[0x16, 3, 1, 0, length(&handshake)][..], &handshake].concat()
}

#[tokio::test]
async fn tls_1_0_and_1_1_get_an_alert_and_the_remedy() {
    let house = House::open(Caps::default(), Timeouts::default());
    for minor in [1, 2] {
        let mut client = connect(house.implicit).await;
        client.send(old_hello(minor)).await;
        let mut answer = Vec::new();
        client.stream.read_to_end(&mut answer).await.unwrap();
        // A fatal alert: handshake_failure or protocol_version.
        let [0x15, 3, _, 0, 2, alert @ ..] = answer.as_slice() else {
            panic!("{answer:?}")
        };
        assert!(matches!(alert, [2, 40 | 70]), "{answer:?}");
    }
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.expect("STARTTLS", "220").await;
    client.send(old_hello(1)).await;
    let mut answer = Vec::new();
    client.stream.read_to_end(&mut answer).await.unwrap();
    assert!(
        matches!(answer.as_slice(), [0x15, .., 2, 40 | 70]),
        "{answer:?}"
    );
    // SSL 2.0's form of a hello gets no answer that it could read.
    let mut client = connect(house.implicit).await;
    client.send([0x80, 0x2e, 1, 3, 1, 0, 0x15]).await;
    client.expect_closed().await;
    assert_eq!(house.fake.reasons(), [Reason::TlsTooOld; 4]);
    assert!(
        house
            .fake
            .told()
            .iter()
            .all(|it| it.stage == Stage::Connect)
    );
}

#[tokio::test]
async fn plain_text_where_tls_is_expected_is_answered() {
    let house = House::hasty();
    // One that does not wait for the greeting, and one that does.
    let mut talkative = connect(house.implicit).await;
    talkative.send("EHLO printer\r\n").await;
    let mut patient = connect(house.implicit).await;
    for client in [&mut talkative, &mut patient] {
        let reply = client.reply().await;
        assert!(reply.starts_with("554 5.7.0 ") && reply.ends_with("[tls-expected]"));
        client.expect_closed().await;
    }
    assert_eq!(house.fake.reasons(), [Reason::TlsExpected; 2]);
}

#[tokio::test]
async fn a_port_scan_of_the_tls_port_is_no_refusal() {
    let house = House::open(Caps::default(), Timeouts::default());
    let mut scan = connect(house.implicit).await;
    scan.stream.shutdown().await.unwrap();
    scan.expect_closed().await;
    assert_eq!(house.fake.told(), []);
}

#[tokio::test]
async fn tls_where_plain_text_is_expected_is_recognised() {
    let house = House::open(Caps::default(), Timeouts::default());
    for address in [house.start_tls, house.clear] {
        let client = connect(address).await;
        let config = house.client_config();
        assert!(encrypt(client.stream, &config).await.is_err());
    }
    assert_eq!(house.fake.reasons(), [Reason::TlsOnPlainPort; 2]);
    // Cut anywhere, and never mistaken for a command.
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.send([0x16]).await;
    client.send([3]).await;
    let reply = client.reply().await;
    assert!(reply.starts_with("554 5.5.0 ") && reply.ends_with("[tls-on-plain-port]"));
    client.expect_closed().await;
    // The same bytes within a line are just wrong.
    let mut client = connect(house.start_tls).await;
    client.reply().await;
    client.expect("NOOP \u{16}\u{3}", "50").await;
    client.expect("QUIT", "221").await;
}
