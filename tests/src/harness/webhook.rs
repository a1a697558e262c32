//! A program that is told what happens: takes webhooks over HTTP, and checks their signatures by
//! its own reading of Standard Webhooks.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A request that came.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// `webhook-id`.
    pub id: String,
    /// The body.
    pub body: Value,
    /// Whether the signature fits the secret.
    pub is_signed: bool,
    /// What it was answered.
    pub status: u16,
}

#[derive(Default)]
struct State {
    secret: String,
    failures: u32,
    came: Vec<Delivery>,
}

/// Takes webhooks on a free loopback port until it is dropped.
pub struct Receiver {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// One that answers 500 so many times before it takes anything.
    pub async fn start(failures: u32) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State {
            failures,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move { serve(socket, &state).await });
            }
        });
        Ok(Self {
            address,
            state,
            task,
        })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}/relayd", self.address)
    }

    /// What signatures are checked with from now on.
    pub fn expect_secret(&self, secret: &str) {
        secret.clone_into(&mut lock(&self.state).secret);
    }

    /// Everything that came.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.state).came.clone()
    }

    /// What was taken of this type.
    pub fn taken(&self, kind: &str) -> Vec<Delivery> {
        let came = self.deliveries().into_iter();
        came.filter(|it| it.status == 204 && it.body["type"] == kind)
            .collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What cannot be read is not answered, and so not taken.
async fn serve(mut socket: TcpStream, state: &Mutex<State>) {
    let Ok((head, body)) = read(&mut socket).await else {
        return;
    };
    let Some(delivery) = note(&head, &body, state) else {
        return;
    };
    let reply = match delivery {
        204 => "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
        _ => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    };
    let _written = socket.write_all(reply.as_bytes()).await;
}

fn note(head: &str, body: &[u8], state: &Mutex<State>) -> Option<u16> {
    let (id, at) = (
        field(head, "webhook-id")?,
        field(head, "webhook-timestamp")?,
    );
    let given = field(head, "webhook-signature")?;
    let mut state = lock(state);
    let expected = signature(&state.secret, id, at, body);
    let is_failing = state.failures > 0;
    state.failures = state.failures.saturating_sub(1);
    let status = if is_failing { 500 } else { 204 };
    state.came.push(Delivery {
        id: id.to_owned(),
        body: serde_json::from_slice(body).ok()?,
        is_signed: expected.is_some_and(|expected| given.split(' ').any(|it| it == expected)),
        status,
    });
    Some(status)
}

fn signature(secret: &str, id: &str, at: &str, body: &[u8]) -> Option<String> {
    let key = BASE64_STANDARD
        .decode(secret.strip_prefix("whsec_")?)
        .ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(&[id.as_bytes(), b".", at.as_bytes(), b".", body].concat());
    let sum = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("v1,{sum}"))
}

async fn read(socket: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let count = socket.read(&mut piece).await?;
        ensure!(count > 0, "the connection ended");
        bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
        let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes.get(..end).unwrap_or_default().to_vec())?;
        let length: usize = field(&head, "content-length")
            .context("no length")?
            .parse()?;
        let body = bytes.get(end + 4..).unwrap_or_default();
        if body.len() >= length {
            return Ok((head, body.to_vec()));
        }
    }
}

/// The value of a header field.
fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
