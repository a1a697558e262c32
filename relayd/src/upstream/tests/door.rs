//! A door on this machine that speaks TLS, for the servers of tests.

use std::sync::Arc;

use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A free loopback port, and a certificate of its own for `localhost`.
pub(in crate::upstream) struct Door {
    pub(in crate::upstream) listener: TcpListener,
    pub(in crate::upstream) port: u16,
    /// The certificate, to be trusted.
    pub(in crate::upstream) pem: String,
    pub(in crate::upstream) acceptor: TlsAcceptor,
}

impl Door {
    pub(in crate::upstream) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        Self {
            port: listener.local_addr().unwrap().port(),
            listener,
            pem: made.cert.pem(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }
    /// Serves whoever trusts the certificate, side by side, until the test ends.
    pub(in crate::upstream) fn serve<F>(
        self,
        serve: impl Fn(TlsStream<TcpStream>) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let serve = Arc::new(serve);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = self.listener.accept().await {
                let (acceptor, serve) = (self.acceptor.clone(), Arc::clone(&serve));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(tcp).await {
                        serve(stream).await;
                    }
                });
            }
        });
    }
}
