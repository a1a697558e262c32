//! One POST: to an address that may be reached, without redirects, without a proxy, and without
//! waiting for more of the answer than its status.

use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use rustls::{ClientConfig, RootCertStore};

use super::{Answer, Request, Sender, Silence, sign};
use crate::model::WebhookUrl;

/// For looking up; as long again for connecting and the handshake.
const CONNECT: Duration = Duration::from_secs(10);
/// For all of it.
const DEADLINE: Duration = Duration::from_secs(20);
/// One text for a name that is unknown and for one that stands for an address out of reach: the
/// difference would tell an owner what there is in the network of relayd.
const NO_ADDRESS: &str = "the host has no address that this webhook may reach";
const NO_REQUEST: &str = "the request could not be made";

/// Sends to webhooks. Every attempt opens a connection of its own, to an address that was judged
/// for it.
#[derive(Debug, Default)]
pub struct Client {
    authorities: OnceLock<Arc<RootCertStore>>,
}

impl Client {
    /// A client that has sent nothing yet. The machine's authorities are read at the first use.
    pub fn new() -> Self {
        Self::default()
    }

    fn tls(&self) -> Result<ClientConfig, Silence> {
        let authorities = self
            .authorities
            .get_or_init(|| Arc::new(machine_authorities()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unmade)?;
        Ok(builder
            .with_root_certificates(Arc::clone(authorities))
            .with_no_client_auth())
    }

    async fn attempt(&self, request: Request) -> Result<u16, Silence> {
        let judged = judged_addresses(&request).await?;
        let headers = headers(&request)?;
        let client = reqwest::Client::builder()
            .user_agent(concat!("relayd/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .dns_resolver(Arc::new(Judged(judged)))
            .tls_backend_preconfigured(self.tls()?)
            .build()
            .map_err(unmade)?;
        let sent = client
            .post(request.url.as_str())
            .headers(headers)
            .body(request.body)
            .send();
        let response = sent.await.map_err(|error| failed(&error.without_url()))?;
        Ok(response.status().as_u16())
    }
}

#[async_trait]
impl Sender for Client {
    async fn send(&self, request: Request) -> Answer {
        match tokio::time::timeout(DEADLINE, self.attempt(request)).await {
            Ok(Ok(status)) => Answer::Status(status),
            Ok(Err(silence)) => Answer::Nothing(silence),
            Err(_) => Answer::Nothing(Silence::new(format!(
                "no answer within {} seconds",
                DEADLINE.as_secs()
            ))),
        }
    }
}

fn headers(request: &Request) -> Result<HeaderMap, Silence> {
    let signature = sign(&request.secret, &request.id, request.at, &request.body)
        .ok_or_else(|| Silence::new("the secret of the webhook cannot be used"))?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let at = request.at.as_second().to_string();
    let ours = [
        ("webhook-id", request.id.as_str()),
        ("webhook-timestamp", &at),
        ("webhook-signature", &signature),
    ];
    for (name, value) in ours {
        headers.insert(name, HeaderValue::from_str(value).map_err(unmade)?);
    }
    Ok(headers)
}

/// Only these are connected to, whatever the name stands for by then.
struct Judged(Vec<SocketAddr>);

impl Resolve for Judged {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// The addresses of the host that may be connected to; one at least.
async fn judged_addresses(request: &Request) -> Result<Vec<SocketAddr>, Silence> {
    let out_of_reach = |cause: String| Silence::because(NO_ADDRESS, cause);
    let (mut fine, mut objections) = (Vec::new(), Vec::new());
    let found = tokio::time::timeout(CONNECT, addresses(&request.url)).await;
    let found = found.map_err(|_| out_of_reach("DNS does not answer".to_owned()))?;
    for address in found.map_err(|error| out_of_reach(error.to_string()))? {
        match objection(request, address) {
            // The port of the URL takes the place of this one.
            None => fine.push(SocketAddr::new(address, 0)),
            Some(why) => objections.push(format!("{address} {why}")),
        }
    }
    if fine.is_empty() {
        return Err(out_of_reach(objections.join(", ")));
    }
    Ok(fine)
}

/// The addresses of the host, few enough for a line of the log. One that the URL names itself is
/// looked up by nobody.
async fn addresses(url: &WebhookUrl) -> io::Result<Vec<IpAddr>> {
    const MOST: usize = 16;
    if let Some(address) = url.address() {
        return Ok(vec![address]);
    }
    let found = tokio::net::lookup_host((url.host(), 0)).await?;
    Ok(found.map(|found| found.ip()).take(MOST).collect())
}

/// What speaks against connecting to an address, if anything.
fn objection(request: &Request, address: IpAddr) -> Option<&'static str> {
    if request.url.is_plain() && !address.to_canonical().is_loopback() {
        return Some("is not this machine, and http goes nowhere else");
    }
    if !request.reach.admits(address) {
        return Some("is not a public address");
    }
    // A firewall lets nobody in there; from here it would be asked for nothing.
    (!request.reach.names(address) && is_of_this_machine(address))
        .then_some("is an address of this machine")
}

/// Whether an address is one of the machine's own: what goes there comes from there. Nothing is
/// sent to find out.
fn is_of_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let any = match address {
        IpAddr::V4(_) => IpAddr::from(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::from(Ipv6Addr::UNSPECIFIED),
    };
    let source = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect((address, 9))?;
        socket.local_addr()
    });
    source.is_ok_and(|source| source.ip() == address)
}

/// The request could not even be made.
fn unmade(error: impl Error) -> Silence {
    Silence::because(NO_REQUEST, error.to_string())
}

/// Nobody answered. Whoever owns the webhook learns what is wrong with the other side.
fn failed(error: &reqwest::Error) -> Silence {
    let mut causes = Vec::new();
    let mut told = if error.is_timeout() {
        "no connection in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection ended before an answer".to_owned()
    };
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        causes.push(error.to_string());
        if let Some(error) = error.downcast_ref::<io::Error>() {
            told = reason(error).unwrap_or(told);
        }
        next = error.source();
    }
    causes.dedup();
    Silence::because(told, causes.join(": "))
}

/// What is told of an error of the connection, which may be wrapped in others of its kind.
fn reason(error: &io::Error) -> Option<String> {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<io::Error>()) {
        return reason(error);
    }
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(why)) => Some(format!("bad certificate: {why}")),
        Some(_) => Some("no TLS connection".to_owned()),
        None if error.kind() == io::ErrorKind::ConnectionRefused => {
            Some("the connection was refused".to_owned())
        }
        None => None,
    }
}

fn machine_authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use jiff::Timestamp;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::model::{Reach, Secret};

    fn request(url: &str, reach: Reach) -> Request {
        Request {
            url: url.parse::<WebhookUrl>().unwrap(),
            reach,
            id: "msg_1".to_owned(),
            at: Timestamp::from_second(1_614_265_330).unwrap(),
            body: Bytes::from_static(b"{}"),
            secret: Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        }
    }

    /// Answers once with `reply`; gives what was asked.
    async fn server(reply: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n{}") {
                let mut piece = [0; 1024];
                let read = socket.read(&mut piece).await.unwrap();
                asked.extend_from_slice(&piece[..read]);
            }
            socket.write_all(reply.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap()
        });
        (port, task)
    }

    #[tokio::test]
    async fn a_request_carries_id_time_and_signature() {
        let (port, asked) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
        let url = format!("http://localhost:{port}/hook?a=1");
        let answer = Client::new().send(request(&url, Reach::Anywhere)).await;
        assert_eq!(answer, Answer::Status(204));
        assert!(answer.is_taken() && answer.detail().is_empty());
        let asked = asked.await.unwrap();
        for part in [
            "POST /hook?a=1 HTTP/1.1\r\n",
            "webhook-id: msg_1\r\n",
            "webhook-timestamp: 1614265330\r\n",
            "webhook-signature: v1,",
            "content-type: application/json\r\n",
        ] {
            assert!(asked.contains(part), "{part} is missing in {asked}");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let reply = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n";
        let (port, asked) = server(reply).await;
        let url = format!("http://127.0.0.1:{port}/");
        let answer = Client::new().send(request(&url, Reach::Anywhere)).await;
        assert_eq!(answer, Answer::Status(302));
        assert!(!answer.is_taken() && answer.detail().contains("redirects"));
        asked.await.unwrap();
    }

    #[tokio::test]
    async fn an_address_out_of_reach_is_never_connected_to() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let public = || Reach::Public(Vec::new());
        for host in ["localhost", "127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"] {
            let url = format!("https://{host}:{port}/secret-path");
            let answer = Client::new().send(request(&url, public())).await;
            assert_eq!(answer.detail(), NO_ADDRESS, "{host}");
            let cause = answer.cause();
            assert!(cause.contains("is not a public address"), "{host}: {cause}");
            assert!(!cause.contains("secret-path"), "{cause}");
        }
        let touched = listener.accept();
        assert!(touched.is_err(), "{touched:?}");

        let allowed = Reach::Public(vec!["127.0.0.0/8".parse().unwrap()]);
        let (port, asked) = server("HTTP/1.1 200 OK\r\n\r\n").await;
        let url = format!("http://127.0.0.1:{port}/");
        let answer = Client::new().send(request(&url, allowed)).await;
        assert_eq!(answer, Answer::Status(200));
        asked.await.unwrap();
    }

    #[test]
    fn addresses_of_this_machine_are_known() {
        for (address, is_own) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("192.0.2.1", false),
            ("2001:db8::1", false),
        ] {
            let parsed = address.parse().unwrap();
            assert_eq!(is_of_this_machine(parsed), is_own, "{address}");
        }
    }

    /// An owner must not find out which names there are in the network of relayd.
    #[tokio::test]
    async fn a_name_that_is_unknown_reads_like_one_out_of_reach() {
        let mut answers = Vec::new();
        for host in ["nowhere.invalid", "localhost"] {
            let url = format!("https://{host}/");
            let public = Reach::Public(Vec::new());
            let answer = Client::new().send(request(&url, public)).await;
            assert!(!answer.cause().is_empty(), "{host}");
            answers.push((answer.detail(), answer.status(), answer.is_taken()));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], (NO_ADDRESS.to_owned(), 0, false));
    }

    #[tokio::test]
    async fn no_answer_is_told_without_the_url() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let url = format!("http://127.0.0.1:{port}/secret-path");
        let answer = Client::new().send(request(&url, Reach::Anywhere)).await;
        assert_eq!(answer.detail(), "the connection was refused");
        let cause = answer.cause();
        assert!(cause.contains("refused"), "{cause}");
        assert!(!cause.contains("secret-path"), "{cause}");
        assert_eq!((answer.status(), answer.is_taken()), (0, false));
    }

    #[tokio::test]
    async fn who_does_not_speak_tls_or_ends_too_soon_is_told_so() {
        for (scheme, told) in [
            ("https", "no TLS connection"),
            ("http", "the connection ended before an answer"),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let other = tokio::spawn(async move {
                let (mut socket, _) = listener.accept().await.unwrap();
                socket.read_u8().await.unwrap();
                socket.write_all(b"220 mail.example.com\r\n").await.unwrap();
            });
            let url = format!("{scheme}://127.0.0.1:{port}/");
            let answer = Client::new().send(request(&url, Reach::Anywhere)).await;
            assert_eq!(answer.detail(), told, "{}", answer.cause());
            other.await.unwrap();
        }
    }
}
