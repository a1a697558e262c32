//! The assertion that an application signs with the key of its certificate in place of a secret
//! (RFC 7523; Microsoft, "Application authentication certificate credentials").

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rustls::SignatureScheme;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    model::{Reason, Secret},
    upstream::{Advice, Setback, Verdict, identity::Identity},
};

/// How long an assertion is good. Microsoft recommends five to ten minutes.
const LIFETIME: i64 = 8 * 60;
/// So far a clock may be ahead of Microsoft's.
const LEEWAY: i64 = 60;

/// Signs that the application of this id is who asks `audience`. `nonce` is never used twice.
pub(super) fn sign(
    identity: &Identity,
    client_id: &str,
    audience: &str,
    now: Timestamp,
    nonce: u128,
) -> Result<Secret, Setback> {
    if !identity.is_rsa() {
        return Err(no_rsa());
    }
    let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(identity.leaf()));
    let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint });
    let second = now.as_second();
    let claims = json!({
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": format!("{nonce:032x}"),
        "iat": second,
        "nbf": second - LEEWAY,
        "exp": second + LIFETIME,
    });
    let part = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(&claims));
    let schemes = [SignatureScheme::RSA_PSS_SHA256];
    let signer = identity.certified.key.choose_scheme(&schemes);
    let signature = signer
        .ok_or_else(no_rsa)?
        .sign(message.as_bytes())
        .map_err(|_| setback("its key cannot sign", "Make a new key of 2048 bits."))?;
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
    Ok(Secret::new(format!("{message}.{signature}")))
}

fn no_rsa() -> Setback {
    setback(
        "its key is no RSA key, and Microsoft takes RSA only",
        "Make another: openssl req -x509 -newkey rsa:2048 -nodes -days 730 -subj /CN=relayd \
         -keyout key.pem -out certificate.pem; upload certificate.pem to the application (Entra \
         admin center, App registrations, Certificates & secrets), and set both: relayctl route set",
    )
}

fn setback(detail: &str, remedy: &str) -> Setback {
    let detail = format!("the certificate of the route: {detail}");
    Setback {
        advice: Some(Box::new(Advice {
            cause: "The application cannot sign with this certificate.".to_owned(),
            remedy: remedy.to_owned(),
        })),
        ..Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
    }
}
