//! The certificates of one listener: where they are, and as they were read last.

use std::{
    fs, iter,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    CertificateError,
    judge::{compare, coverage, judge},
    self_signed::self_signed,
};
use crate::{
    config::{CertificateFiles, Listener, SniCertificate},
    model::Finding,
    smtp::{Certificate, NamedCertificate, ServerTls},
};

/// The certificates of one listener.
#[derive(Debug)]
pub struct CertificateSet {
    listener: String,
    sources: Sources,
    /// As they are in use.
    loaded: Mutex<Arc<Loaded>>,
    tls: Arc<ServerTls>,
}

/// Where certificates are.
#[derive(Debug)]
struct Sources {
    default: SniCertificate,
    further: Vec<SniCertificate>,
}

/// What was read there, in the same order.
#[derive(Debug)]
struct Loaded {
    default: Certificate,
    further: Vec<NamedCertificate>,
}

impl CertificateSet {
    /// Reads the certificates of `listener`. Where it names none, self-signed ones are made in
    /// `folder`, for `hostname`.
    pub fn open(
        listener: &Listener,
        folder: &Path,
        hostname: &str,
    ) -> Result<Self, CertificateError> {
        let sources = Sources::of(listener, folder, hostname)?;
        let loaded = sources.read()?;
        let tls = Arc::new(ServerTls::new(&loaded.default, &loaded.further)?);
        let set = Self {
            listener: listener.name.clone(),
            sources,
            loaded: Mutex::new(Arc::new(loaded)),
            tls,
        };
        set.publish();
        Ok(set)
    }

    /// Reads all of them again. When one cannot be used, all stay as they were.
    pub fn reload(&self) -> Result<(), CertificateError> {
        let fresh = self.sources.read()?;
        self.tls.reload(&fresh.default, &fresh.further);
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        self.publish();
        Ok(())
    }

    /// What handshakes use.
    pub fn tls(&self) -> &Arc<ServerTls> {
        &self.tls
    }

    /// Name of the listener.
    pub fn listener(&self) -> &str {
        &self.listener
    }

    /// What an administrator should know of them at `now`, on a relay called `hostname`.
    pub fn findings(&self, hostname: &str, now: Timestamp) -> Vec<Finding> {
        let loaded = self.loaded();
        let mut findings = Vec::new();
        for (source, certificate) in self.sources.with(&loaded) {
            findings.extend(judge(source, certificate, now));
            let on_disk = read(&source.files);
            findings.extend(compare(&source.files, certificate, on_disk));
        }
        findings.extend(coverage(&self.listener, loaded.all(), hostname));
        findings
    }

    /// The files of those in use, and what is in them.
    pub fn in_use(&self) -> Vec<(PathBuf, Certificate)> {
        let loaded = self.loaded();
        let all = self.sources.with(&loaded);
        all.map(|(source, certificate)| (source.files.certificate.clone(), certificate.clone()))
            .collect()
    }

    fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The label is the file, which stays the same when the certificate is renewed.
    fn publish(&self) {
        for (source, certificate) in self.sources.with(&self.loaded()) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "exact for the seconds of the next 285 million years"
            )]
            let end = certificate.not_after().as_second() as f64;
            metrics::gauge!(
                "relayd_certificate_expiry_timestamp_seconds",
                "listener" => self.listener.clone(),
                "certificate" => source.files.certificate.display().to_string(),
            )
            .set(end);
        }
    }
}

impl Sources {
    fn of(listener: &Listener, folder: &Path, hostname: &str) -> Result<Self, CertificateError> {
        let unnamed = |files| SniCertificate {
            files,
            names: Vec::new(),
        };
        let (default, mut further) = if let Some(files) = &listener.certificate {
            (unnamed(files.clone()), Vec::new())
        } else {
            let [ecdsa, rsa] = self_signed(folder, hostname)?;
            (unnamed(ecdsa), vec![unnamed(rsa)])
        };
        further.extend(listener.sni.iter().cloned());
        Ok(Self { default, further })
    }

    fn read(&self) -> Result<Loaded, CertificateError> {
        let named = |source: &SniCertificate| {
            Ok::<_, CertificateError>(NamedCertificate {
                certificate: read(&source.files)?,
                names: source.names.clone(),
            })
        };
        Ok(Loaded {
            default: read(&self.default.files)?,
            further: self.further.iter().map(named).collect::<Result<_, _>>()?,
        })
    }

    fn with<'a>(
        &'a self,
        loaded: &'a Loaded,
    ) -> impl Iterator<Item = (&'a SniCertificate, &'a Certificate)> {
        let sources = iter::once(&self.default).chain(&self.further);
        sources.zip(loaded.all())
    }
}

impl Loaded {
    fn all(&self) -> impl Iterator<Item = &Certificate> {
        let further = self.further.iter().map(|named| &named.certificate);
        iter::once(&self.default).chain(further)
    }
}

/// Reads a certificate and its key.
pub fn read(files: &CertificateFiles) -> Result<Certificate, CertificateError> {
    let file = |path: &Path| {
        fs::read(path).map_err(|source| CertificateError::File {
            path: path.to_owned(),
            source,
        })
    };
    let (chain, key) = (file(&files.certificate)?, file(&files.key)?);
    Certificate::from_pem(&chain, &key).map_err(|source| CertificateError::Unusable {
        certificate: files.certificate.clone(),
        source,
    })
}
