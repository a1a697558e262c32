//! The certificates that a listener shows when none was given: self-signed, made at first start.
//!
//! Two of them: ECDSA P-256, whose signature costs least, and RSA for old devices that know
//! nothing else.

use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};

use super::CertificateError;
use crate::config::CertificateFiles;

/// The certificates in `folder`, made for `hostname` when they do not exist; ECDSA first.
pub(super) fn self_signed(
    folder: &Path,
    hostname: &str,
) -> Result<[CertificateFiles; 2], CertificateError> {
    let ecdsa = in_folder(folder, "self-signed");
    let rsa = in_folder(folder, "self-signed-rsa");
    for (files, algorithm) in [(&ecdsa, &PKCS_ECDSA_P256_SHA256), (&rsa, &PKCS_RSA_SHA256)] {
        if !files.certificate.exists() || !files.key.exists() {
            make(files, hostname, &KeyPair::generate_for(algorithm)?)?;
        }
    }
    Ok([ecdsa, rsa])
}

fn in_folder(folder: &Path, name: &str) -> CertificateFiles {
    CertificateFiles {
        certificate: folder.join(format!("{name}.crt")),
        key: folder.join(format!("{name}.key")),
    }
}

fn make(files: &CertificateFiles, hostname: &str, key: &KeyPair) -> Result<(), CertificateError> {
    let mut names = vec![hostname.to_owned(), "localhost".to_owned()];
    names.dedup();
    let certificate = CertificateParams::new(names)?.self_signed(key)?;
    write(&files.key, 0o600, &key.serialize_pem())?;
    write(&files.certificate, 0o644, &certificate.pem())?;
    tracing::info!(certificate = %files.certificate.display(), "made a self-signed certificate");
    Ok(())
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
    fn the_pairs_are_made_once_and_the_keys_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let made = self_signed(folder.path(), "relay.example.com").unwrap();
        let texts = || {
            let read = |files: &CertificateFiles| std::fs::read(&files.certificate).unwrap();
            made.iter().map(read).collect::<Vec<_>>()
        };
        let first = texts();
        for (files, is_rsa) in made.iter().zip([false, true]) {
            let read = crate::certificate::read(files).unwrap();
            assert_eq!(read.is_rsa(), is_rsa);
            assert!(read.covers("relay.example.com") && read.covers("localhost"));
            let permissions = std::fs::metadata(&files.key).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
        }
        self_signed(folder.path(), "relay.example.com").unwrap();
        assert_eq!(texts(), first);
    }
}
