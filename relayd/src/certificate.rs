//! The certificate that a listener shows when none was given: self-signed, made at first start.

use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Why there is no self-signed certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read or written.
    #[error("{path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The pair cannot be made.
    #[error("a self-signed certificate cannot be made")]
    Generation(#[from] rcgen::Error),
}

/// The paths of certificate and key (PEM) in `folder`, made for `hostname` when they do not exist.
pub fn self_signed(folder: &Path, hostname: &str) -> Result<(PathBuf, PathBuf), CertificateError> {
    let certificate = folder.join("self-signed.crt");
    let key = folder.join("self-signed.key");
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let mut names = vec![hostname.to_owned(), "localhost".to_owned()];
    names.dedup();
    let pair = rcgen::generate_simple_self_signed(names)?;
    write(&key, 0o600, &pair.signing_key.serialize_pem())?;
    write(&certificate, 0o644, &pair.cert.pem())?;
    tracing::warn!(
        certificate = %certificate.display(),
        "made a self-signed certificate; devices that verify will refuse it"
    );
    Ok((certificate, key))
}

fn write(path: &Path, mode: u32, text: &str) -> Result<(), CertificateError> {
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| CertificateError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_pair_is_made_once_and_the_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = self_signed(folder.path(), "relay.example.com").unwrap();
        let first = std::fs::read_to_string(&certificate).unwrap();
        assert!(first.contains("BEGIN CERTIFICATE"));
        assert_eq!(
            std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
            0o600
        );
        self_signed(folder.path(), "relay.example.com").unwrap();
        assert_eq!(std::fs::read_to_string(&certificate).unwrap(), first);
    }
}
