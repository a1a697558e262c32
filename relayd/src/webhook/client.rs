//! One POST: to an address that may be reached, without redirects, without a proxy, and without
//! waiting for more of the answer than its status.

use std::{
    io,
    net::{IpAddr, SocketAddr},
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

use super::{Answer, Request, Sender, sign};
use crate::model::Reach;

/// For looking up, connecting and the handshake.
const CONNECT: Duration = Duration::from_secs(10);
/// For all of it.
const DEADLINE: Duration = Duration::from_secs(20);

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

    fn tls(&self) -> Result<ClientConfig, String> {
        let authorities = self
            .authorities
            .get_or_init(|| Arc::new(machine_authorities()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        Ok(builder
            .with_root_certificates(Arc::clone(authorities))
            .with_no_client_auth())
    }

    async fn attempt(&self, request: Request) -> Result<u16, String> {
        let allowed = Allowed {
            reach: request.reach.clone(),
            is_plain: request.url.is_plain(),
        };
        // An address in the URL itself is looked up by nobody.
        if let Some(address) = request.url.address() {
            allowed.check(address).map_err(|error| error.to_string())?;
        }
        let headers = headers(&request)?;
        let client = reqwest::Client::builder()
            .user_agent(concat!("relayd/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .timeout(DEADLINE)
            .dns_resolver(Arc::new(allowed))
            .tls_backend_preconfigured(self.tls()?)
            .build()
            .map_err(|error| told(&error))?;
        let sent = client
            .post(request.url.as_str())
            .headers(headers)
            .body(request.body)
            .send();
        let response = sent.await.map_err(|error| told(&error.without_url()))?;
        Ok(response.status().as_u16())
    }
}

#[async_trait]
impl Sender for Client {
    async fn send(&self, request: Request) -> Answer {
        match self.attempt(request).await {
            Ok(status) => Answer::Status(status),
            Err(why) => Answer::Nothing(why),
        }
    }
}

fn headers(request: &Request) -> Result<HeaderMap, String> {
    let signature = sign(&request.secret, &request.id, request.at, &request.body)
        .ok_or("the secret of the webhook cannot be used")?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let at = request.at.as_second().to_string();
    let ours = [
        ("webhook-id", request.id.as_str()),
        ("webhook-timestamp", &at),
        ("webhook-signature", &signature),
    ];
    for (name, value) in ours {
        let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// Looks names up and gives the addresses that may be connected to; whatever a name stands for
/// later, it is these that are used.
#[derive(Debug, Clone)]
struct Allowed {
    reach: Reach,
    is_plain: bool,
}

impl Allowed {
    fn check(&self, address: IpAddr) -> Result<(), io::Error> {
        let refused = |why: &str| Err(io::Error::other(format!("{address} {why}")));
        if self.is_plain && !address.to_canonical().is_loopback() {
            return refused("is not this machine, and http goes nowhere else");
        }
        if !self.reach.admits(address) {
            return refused(
                "is not a public address; webhooks.allow_networks of relayd.toml names others",
            );
        }
        Ok(())
    }

    async fn look_up(self, name: String) -> io::Result<Vec<SocketAddr>> {
        let (mut fine, mut wrong) = (Vec::new(), None);
        // reqwest puts the port of the URL in place of this one.
        for address in tokio::net::lookup_host((name.as_str(), 0)).await? {
            match self.check(address.ip()) {
                Ok(()) => fine.push(address),
                Err(error) => wrong = Some(error),
            }
        }
        match (fine.is_empty(), wrong) {
            (true, Some(error)) => Err(error),
            (true, None) => Err(io::Error::other("the name stands for no address")),
            (false, _) => Ok(fine),
        }
    }
}

impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.clone().look_up(name.as_str().to_owned());
        Box::pin(async move {
            let addresses: Addrs = Box::new(found.await?.into_iter());
            Ok(addresses)
        })
    }
}

/// An error with its causes, without the URL.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
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
    use crate::model::{Secret, WebhookUrl};

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
            let Answer::Nothing(why) = &answer else {
                panic!("{host}: {answer:?}")
            };
            assert!(why.contains("is not a public address"), "{host}: {why}");
            assert!(!why.contains("secret-path"), "{why}");
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

    #[tokio::test]
    async fn no_answer_is_told_without_the_url() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let url = format!("http://127.0.0.1:{port}/secret-path");
        let answer = Client::new().send(request(&url, Reach::Anywhere)).await;
        let Answer::Nothing(why) = &answer else {
            panic!("{answer:?}")
        };
        assert!(
            why.contains("refused") && !why.contains("secret-path"),
            "{why}"
        );
        assert_eq!((answer.status(), answer.is_taken()), (0, false));
    }
}
