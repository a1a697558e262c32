//! Passwords of relay users: Argon2id (RFC 9106) with 19 MiB, two passes, one lane.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};

use crate::model::Secret;

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("a password cannot be hashed: {0}")]
pub struct HashError(String);

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| HashError(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash in PHC form, with a fresh salt. Takes some 35 ms of a core.
pub fn hash(password: &Secret) -> Result<String, HashError> {
    let hashed = argon2()?.hash_password(password.expose().as_bytes());
    hashed
        .map(|hash| hash.to_string())
        .map_err(|e| HashError(e.to_string()))
}

/// Whether the password belongs to the hash. Takes some 35 ms of a core.
pub fn verify(hash: &str, password: &Secret) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.expose().as_bytes(), &hash)
            .is_ok()
    })
}
