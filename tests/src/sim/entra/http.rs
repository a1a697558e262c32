//! The little of HTTP that a token endpoint needs: one POST of a form a connection.

use std::{collections::BTreeMap, io};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;
use url::form_urlencoded;

use super::Shared;

/// Larger requests are cut off.
const LARGEST: usize = 256 * 1024;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its path.
    pub path: String,
    /// Its form.
    pub form: BTreeMap<String, String>,
}

impl Asked {
    /// A field of the form; empty where it is missing.
    pub fn field(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }
}

/// A reply.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    fields: Vec<(String, String)>,
    body: String,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            fields: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string(),
        }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            fields: Vec::new(),
            body: String::new(),
        }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// An error as Microsoft Entra tells it.
    pub(super) fn error(status: u16, error: &str, code: u64, why: &str) -> Self {
        let description = format!(
            "AADSTS{code}: {why} Trace ID: 00000000-0000-4000-8000-000000000001 Correlation ID: \
             00000000-0000-4000-8000-000000000002 Timestamp: 2026-11-22 09:00:00Z"
        );
        let body = json!({
            "error": error, "error_description": description, "error_codes": [code],
            "trace_id": "00000000-0000-4000-8000-000000000001",
        });
        Self::json(status, &body)
    }

    /// The error of that number.
    pub(super) fn aadsts(code: u64, why: &str) -> Self {
        let (status, error, text) = match code {
            7_000_215 => (
                401,
                "invalid_client",
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
            ),
            7_000_222 => (
                401,
                "invalid_client",
                "The provided client secret keys are expired.",
            ),
            700_016 => (
                400,
                "unauthorized_client",
                "Application was not found in the directory.",
            ),
            90_002 => (400, "invalid_request", "Tenant not found."),
            700_027 => (
                401,
                "invalid_client",
                "The certificate with identifier used to sign the client assertion is not registered on application.",
            ),
            50_027 => (401, "invalid_client", "Invalid JWT token."),
            700_024 => (
                401,
                "invalid_client",
                "Client assertion is not within its valid time range.",
            ),
            700_023 => (
                401,
                "invalid_client",
                "Client assertion audience claim does not match Realm issuer.",
            ),
            1_002_012 => (
                400,
                "invalid_scope",
                "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.",
            ),
            70_016 => (
                400,
                "authorization_pending",
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
            ),
            70_018 => (400, "bad_verification_code", "Bad verification code."),
            70_019 => (400, "expired_token", "Verification code expired."),
            90_033 => (
                503,
                "temporarily_unavailable",
                "A transient error has occurred. Please try again.",
            ),
            70_000..=70_999 | 700_082 | 50_173 | 50_076 | 53_003 | 65_001 | 50_196 => {
                (400, "invalid_grant", "The provided grant is refused.")
            }
            _ => (400, "invalid_request", "Something else is wrong."),
        };
        Self::error(status, error, code, &format!("{text} ({why})"))
    }
}

/// Serves one request.
pub(super) async fn serve(
    socket: TcpStream,
    acceptor: TlsAcceptor,
    shared: &Shared,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut stream = acceptor.accept(socket).await?;
    let mut request = Vec::new();
    let asked = loop {
        if let Some(asked) = read(&request) {
            break asked;
        }
        if stream.read_buf(&mut request).await? == 0 || request.len() > LARGEST {
            return Ok(());
        }
    };
    let answer = shared.answer(asked).await;
    let mut reply = format!("HTTP/1.1 {} Reply\r\n", answer.status);
    for (name, value) in &answer.fields {
        reply = format!("{reply}{name}: {value}\r\n");
    }
    let length = answer.body.len();
    reply = format!(
        "{reply}Content-Length: {length}\r\nConnection: close\r\n\r\n{}",
        answer.body
    );
    stream.write_all(reply.as_bytes()).await?;
    stream.shutdown().await
}

fn read(request: &[u8]) -> Option<Asked> {
    let text = String::from_utf8_lossy(request);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    if body.len() < length.unwrap_or(0) {
        return None;
    }
    Some(Asked {
        path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
        form: form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
    })
}
