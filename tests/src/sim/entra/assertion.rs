//! Verifies what an application signed: the certificate it names, the signature, whom it is for and
//! when it is good.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rustls::{
    SignatureScheme,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::Application;

/// `client_assertion_type`.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest that one may be good, in seconds.
const LONGEST: i64 = 600;

/// A number of Microsoft's and what is wrong.
type Wrong = (u64, String);

/// Verifies an assertion; gives its `jti`, which must be new.
pub(super) fn verify(
    signed: &str,
    application: &Application,
    audience: &str,
    now: Timestamp,
) -> Result<String, Wrong> {
    let malformed = |why: &str| (50_027, why.to_owned());
    let parts: Vec<_> = signed.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err(malformed("not three parts"));
    };
    let (head, body) = (json(header)?, json(claims)?);
    if head["alg"] != "PS256" || head["typ"] != "JWT" {
        return Err(malformed("not PS256"));
    }
    let certificate = registered(application, head["x5t#S256"].as_str().unwrap_or_default())
        .ok_or((700_027, "no certificate of this x5t#S256".to_owned()))?;
    let signature = BASE64_URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| malformed("the signature is no base64url"))?;
    let message = format!("{header}.{claims}");
    if !is_signed(&certificate, message.as_bytes(), &signature) {
        return Err((700_027, "the signature is wrong".to_owned()));
    }
    judge(&body, application, audience, now)
}

fn judge(
    claims: &Value,
    application: &Application,
    audience: &str,
    now: Timestamp,
) -> Result<String, Wrong> {
    if claims["aud"] != audience {
        return Err((700_023, format!("for {}, not {audience}", claims["aud"])));
    }
    if claims["iss"] != application.client_id || claims["sub"] != application.client_id {
        return Err((700_021, "of another application".to_owned()));
    }
    let second = |name: &str| {
        claims[name]
            .as_i64()
            .ok_or((50_027, format!("{name} is missing")))
    };
    let (begin, end, now) = (second("nbf")?, second("exp")?, now.as_second());
    if begin > now || end <= now || end - begin > LONGEST {
        return Err((700_024, format!("{begin} to {end}, now {now}")));
    }
    let nonce = claims["jti"].as_str().filter(|it| !it.is_empty());
    nonce
        .map(str::to_owned)
        .ok_or((50_027, "jti is missing".to_owned()))
}

fn json(part: &str) -> Result<Value, Wrong> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or((50_027, "no JSON in base64url".to_owned()))
}

/// The certificate of that thumbprint.
fn registered(application: &Application, thumbprint: &str) -> Option<CertificateDer<'static>> {
    let all = application.certificates.iter();
    let mut read = all.filter_map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).ok());
    read.find(|der| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(der)) == thumbprint)
}

fn is_signed(certificate: &CertificateDer<'_>, message: &[u8], signature: &[u8]) -> bool {
    let Ok((_, read)) = X509Certificate::from_der(certificate) else {
        return false;
    };
    let key = &read.public_key().subject_public_key.data;
    let provider = aws_lc_rs::default_provider();
    let all = provider.signature_verification_algorithms.mapping;
    let known = all
        .iter()
        .find(|(scheme, _)| *scheme == SignatureScheme::RSA_PSS_SHA256);
    known.is_some_and(|(_, algorithms)| {
        let mut algorithms = algorithms.iter();
        algorithms.any(|it| it.verify_signature(key, message, signature).is_ok())
    })
}
