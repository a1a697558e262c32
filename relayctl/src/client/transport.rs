//! HTTP over a Unix socket or TLS: opening, and sending.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relay_proto::{IDEMPOTENCY_KEY, LAST_EVENT_ID, Method};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_MATCH};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};

use super::fault::Fault;
use super::{Reply, Request, trace};
use crate::context::{Endpoint, Target};
use crate::error::{Exit, Failure, chain};
use crate::output::note;
use crate::output::progress::Progress;
use crate::signals;

/// No answer of the API is larger; what is, is not ours.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// Longer than any stream is followed.
const NEVER: Duration = Duration::from_hours(100 * 366 * 24);

/// Where to, as whom, and for how long at most.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) target: Target,
    pub(crate) token: Option<SecretString>,
    /// For one request and its answer.
    pub(crate) timeout: Duration,
    /// When the command is to end of which the requests are a part.
    pub(crate) deadline: Option<Instant>,
    /// Print requests and answers to stderr, without secrets.
    pub(crate) trace: bool,
    /// Where waits are shown.
    pub(crate) progress: Arc<Progress>,
    /// Say on stderr which relayd a change goes to: before the first one.
    pub(crate) name_context: Cell<bool>,
}

/// Even at the end of the time relayd is given so long to answer: the last look counts.
const LAST_LOOK: Duration = Duration::from_secs(1);

impl Connection {
    /// How long a request that is sent now may take.
    pub(super) fn allowed(&self, now: Instant) -> Duration {
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(now));
        left.map_or(self.timeout, |left| left.max(LAST_LOOK).min(self.timeout))
    }

    /// A request with the token, as it is sent; `--trace` shows it.
    fn request(&self, mut builder: reqwest::RequestBuilder) -> Result<reqwest::Request, Failure> {
        if let Some(token) = &self.token {
            builder = builder.header(AUTHORIZATION, bearer(token)?);
        }
        let request = builder
            .build()
            .map_err(|error| Failure::usage("the request cannot be sent").cause(chain(&error)))?;
        if self.trace {
            trace::request(&request);
        }
        Ok(request)
    }
}

/// Runs requests. What still runs when it goes is not waited for: a name that is looked up goes on
/// blocking a thread after the request has run out of time.
#[derive(Debug)]
pub(super) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    fn start() -> io::Result<Self> {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    pub(super) fn block_on<F: Future>(&self, work: F) -> Result<F::Output, Failure> {
        let gone = || Failure::new(Exit::Unexpected, "local-failure", "the client has ended");
        Ok(self.0.as_ref().ok_or_else(gone)?.block_on(work))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// What is set up once.
#[derive(Debug)]
pub(super) struct Transport {
    pub(super) runtime: Runtime,
    pub(super) http: reqwest::Client,
    base: String,
}

impl Transport {
    pub(super) fn open(connection: &Connection) -> Result<Self, Failure> {
        let failed =
            |error: &dyn std::error::Error| Failure::local("cannot set up the client", error);
        let runtime = Runtime::start().map_err(|error| failed(&error))?;
        let builder = reqwest::Client::builder()
            .user_agent(concat!("relayctl/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(connection.timeout)
            // A person may think for minutes between two requests; relayd has hung up by then.
            .pool_idle_timeout(Duration::from_secs(5))
            .tls_backend_preconfigured(tls(&connection.target)?);
        let (builder, base) = match &connection.target.endpoint {
            Endpoint::Socket(path) => (
                builder.no_proxy().unix_socket(path.as_path()),
                "http://localhost".to_owned(),
            ),
            Endpoint::Url(url) if url.starts_with("http:") => (builder.no_proxy(), url.clone()),
            Endpoint::Url(url) => (builder, url.clone()),
        };
        let http = builder.build().map_err(|error| failed(&error))?;
        Ok(Self {
            runtime,
            http,
            base,
        })
    }

    /// A request for a stream. It has no end of its own; whoever reads it sees to the time.
    pub(super) fn stream_request(
        &self,
        connection: &Connection,
        path: &str,
        query: &[(String, String)],
        last_id: Option<&str>,
    ) -> Result<reqwest::Request, Failure> {
        let mut builder = self
            .http
            .get(format!("{}{path}", self.base))
            .header(ACCEPT, "text/event-stream")
            .timeout(NEVER)
            .query(query);
        if let Some(id) = last_id {
            builder = builder.header(LAST_EVENT_ID, id);
        }
        connection.request(builder)
    }

    pub(super) fn exchange(
        &self,
        connection: &Connection,
        method: Method,
        path: &str,
        request: &Request,
    ) -> Result<Reply, Failure> {
        let url = format!("{}{path}", self.base);
        let verb = reqwest::Method::from_bytes(method.as_str().as_bytes())
            .map_err(|error| Failure::local("cannot write the request", &error))?;
        let is_change = method != Method::Get && !is_dry_run(request);
        let allowed = connection.allowed(Instant::now());
        let mut builder = self
            .http
            .request(verb, url)
            .timeout(allowed)
            .header(ACCEPT, "application/json");
        if !request.query.is_empty() {
            builder = builder.query(&request.query);
        }
        if let Some(tag) = &request.if_match {
            builder = builder.header(IF_MATCH, tag);
        }
        if let Some(key) = &request.key {
            builder = builder.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(body) = &request.body {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let request = connection.request(builder)?;
        if method != Method::Get
            && connection.name_context.take()
            && let Some(name) = &connection.target.context
        {
            note(&format!("context {name} ({})", connection.target.endpoint));
        }
        let waiting = connection.progress.wait("Waiting for relayd");
        let was_sent = signals::is_change_sent();
        if is_change {
            signals::change_is_sent(true);
        }
        let reply = self
            .runtime
            .block_on(answer(&self.http, request))?
            .map_err(|fault| fault.explain(connection, allowed));
        drop(waiting);
        let reply = reply?;
        if is_change && reply.status.is_client_error() {
            signals::change_is_sent(was_sent);
        }
        if connection.trace {
            trace::reply(reply.status, &reply.headers, &reply.text);
        }
        Ok(reply)
    }
}

/// It asks what would come of a change.
fn is_dry_run(request: &Request) -> bool {
    let body = request.body.as_deref().unwrap_or_default();
    body.contains(r#""dry_run":true"#)
}

async fn answer(http: &reqwest::Client, request: reqwest::Request) -> Result<Reply, Fault> {
    Reply::read(http.execute(request).await.map_err(Fault::Http)?).await
}

impl Reply {
    /// Reads an answer to its end.
    pub(super) async fn read(mut response: reqwest::Response) -> Result<Self, Fault> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Fault::Http)? {
            if bytes.len() + chunk.len() > ANSWER_MAX {
                return Err(Fault::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: String::from_utf8(bytes).map_err(|_| Fault::NotText)?,
        })
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Failure::usage("the token holds characters that no token has"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Trusts the machine's certificates, or only those of the CA file. Where no TLS is spoken, the
/// machine's are not even read: that takes longer than all the rest.
fn tls(target: &Target) -> Result<ClientConfig, Failure> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::CryptoProvider::install_default(provider);
    if matches!(&target.endpoint, Endpoint::Url(url) if url.starts_with("https:")) {
        return tls_trusting(target.ca_file.as_ref());
    }
    tls_with(RootCertStore::empty())
}

/// TLS that trusts the certificates of this file, or those of the machine.
pub(crate) fn tls_trusting(ca_file: Option<&PathBuf>) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in trusted(ca_file)? {
        // Some machines carry certificates that rustls cannot read; the others still do.
        let _ = roots.add(certificate);
    }
    if roots.is_empty() {
        return Err(Failure::usage("there are no certificates to trust")
            .hint("install ca-certificates, or name a file by --ca-file"));
    }
    tls_with(roots)
}

fn tls_with(roots: RootCertStore) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::local("cannot set up TLS", &error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn trusted(ca_file: Option<&PathBuf>) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let Some(path) = ca_file else {
        return Ok(rustls_native_certs::load_native_certs().certs);
    };
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| {
            Failure::usage(format!("cannot read certificates from {}", path.display()))
                .cause(error.to_string())
                .hint("--ca-file takes a PEM file")
        })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_still_blocks_is_not_waited_for() {
        let runtime = Runtime::start().unwrap();
        let (begun, begins) = mpsc::channel();
        let (end, ends) = mpsc::channel::<()>();
        let work = async {
            drop(tokio::task::spawn_blocking(move || {
                begun.send(()).unwrap();
                let _ = ends.recv();
            }));
        };
        runtime.block_on(work).unwrap();
        begins.recv().unwrap();
        drop(runtime);
        end.send(()).unwrap();
    }
}
