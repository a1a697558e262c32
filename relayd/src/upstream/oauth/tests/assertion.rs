//! What the key of a certificate signs.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use rustls::{SignatureScheme, crypto::CryptoProvider};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;
use crate::upstream::identity::Identity;

fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

struct Made {
    certificate: ClientCertificate,
    der: Vec<u8>,
    public_key: Vec<u8>,
}

fn made(key: &KeyPair) -> Made {
    let params = CertificateParams::new(["relay.acme.example".to_owned()]).unwrap();
    let certificate = params.self_signed(key).unwrap();
    Made {
        certificate: ClientCertificate {
            chain_pem: certificate.pem(),
            key: Secret::new(key.serialize_pem()),
        },
        der: certificate.der().to_vec(),
        public_key: key.public_key_raw().to_vec(),
    }
}

fn rsa() -> Made {
    made(&KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap())
}

fn sign(made: &Made, nonce: u128) -> Result<Secret, Setback> {
    let now = "2026-11-22T09:00:00Z".parse().unwrap();
    let identity = Identity::read(&made.certificate, &provider(), now).unwrap();
    let audience = "https://login.example/acme.example/oauth2/v2.0/token";
    super::super::assertion::sign(&identity, APPLICATION, audience, now, nonce)
}

fn json(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn an_assertion_is_signed_with_the_key_and_names_the_certificate() {
    let made = rsa();
    let signed = sign(&made, 7).unwrap();
    assert_eq!(format!("{signed:?}"), "[secret]");
    let parts: Vec<_> = signed.expose().split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        panic!("{parts:?}")
    };
    let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&made.der));
    assert_eq!(
        json(header),
        json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint })
    );
    let read = json(claims);
    assert_eq!(
        read["aud"],
        "https://login.example/acme.example/oauth2/v2.0/token"
    );
    assert_eq!(
        (&read["iss"], &read["sub"]),
        (&json!(APPLICATION), &json!(APPLICATION))
    );
    let life = read["exp"].as_i64().unwrap() - read["nbf"].as_i64().unwrap();
    assert!((300..=600).contains(&life), "{read}");
    let other = sign(&made, 8).unwrap();
    let other = other.expose().split('.').nth(1).unwrap().to_owned();
    assert_ne!(read["jti"], json(&other)["jti"]);

    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let schemes = provider().signature_verification_algorithms.mapping;
    let (_, algorithms) = schemes
        .iter()
        .find(|(scheme, _)| *scheme == SignatureScheme::RSA_PSS_SHA256)
        .unwrap();
    let message = format!("{header}.{claims}");
    algorithms[0]
        .verify_signature(&made.public_key, message.as_bytes(), &signature)
        .unwrap();
}

#[test]
fn older_key_files_will_do() {
    use base64::prelude::BASE64_STANDARD;
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let mut made = made(&key);
    // What PKCS#8 wraps for RSA is PKCS#1, behind 26 octets.
    let inner = BASE64_STANDARD.encode(&key.serialize_der()[26..]);
    let begin = "-----BEGIN RSA PRIVATE KEY-----";
    made.certificate.key = Secret::new(format!(
        "{begin}\n{inner}\n{}\n",
        begin.replace("BEGIN", "END")
    ));
    sign(&made, 7).unwrap();
}

#[test]
fn keys_of_elliptic_curves_are_refused_with_what_to_do() {
    let setback = sign(&made(&KeyPair::generate().unwrap()), 7).unwrap_err();
    assert_eq!(setback.verdict, Verdict::HoldCredentials);
    assert!(setback.advice.unwrap().remedy.contains("rsa:2048"));
}

#[tokio::test]
async fn a_certificate_is_proof_in_place_of_a_secret() {
    let world = World::new(|number| token(number, 3600)).await;
    let route = world.route(Grant::Certificate(rsa().certificate));
    world.source(&route).token().await.unwrap();
    let asked = world.server.asked();
    let form = &asked[0].form;
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    let claims = form["client_assertion"].split('.').nth(1).unwrap();
    let audience = format!(
        "{}/acme.example/oauth2/v2.0/token",
        world.server.authority()
    );
    assert_eq!(json(claims)["aud"], audience);
    assert!(!form.contains_key("client_secret"));
}
