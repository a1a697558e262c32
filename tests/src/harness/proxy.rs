//! A proxy before the API, as `api.behind_proxy` expects it: it takes requests under the public
//! name, and tells whose they are.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const HEAD_END: &[u8] = b"\r\n\r\n";
/// No head of a request is longer.
const LONGEST_HEAD: usize = 64 << 10;

/// Passes requests on from a free loopback port until it is dropped.
pub struct Proxy {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Passes requests for `host` on to `api`, as those of `client`.
    pub async fn start(api: SocketAddr, host: &str, client: IpAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        // Whoever stands nearer to the client wrote what comes first; only the last is believed.
        let said = format!(
            "Host: {host}\r\nX-Forwarded-For: 127.0.0.9, {client}\r\nConnection: close\r\n"
        );
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let said = said.clone();
                tokio::spawn(async move { pass_on(socket, api, &said).await });
            }
        });
        Ok(Self { address, task })
    }

    /// Where clients reach it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request and its reply: `Connection: close` keeps others from following unseen.
async fn pass_on(mut client: TcpStream, api: SocketAddr, said: &str) -> Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        ensure!(client.read_buf(&mut bytes).await? > 0, "no whole head");
        if let Some(end) = memchr::memmem::find(&bytes, HEAD_END) {
            break end;
        }
        ensure!(bytes.len() <= LONGEST_HEAD, "too long a head");
    };
    let body = bytes.split_off(end + HEAD_END.len());
    let head = rewritten(&String::from_utf8(bytes)?, said);
    let mut server = TcpStream::connect(api).await?;
    server
        .write_all(&[head.into_bytes(), body].concat())
        .await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The head of a request with these fields in place of the client's.
fn rewritten(head: &str, said: &str) -> String {
    let is_replaced = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default();
        ["host", "x-forwarded-for", "connection"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut lines = head.trim_end().lines();
    let request = lines.next().unwrap_or_default();
    let rest: String = lines
        .filter(|line| !is_replaced(line))
        .flat_map(|line| [line, "\r\n"])
        .collect();
    format!("{request}\r\n{said}{rest}\r\n")
}
