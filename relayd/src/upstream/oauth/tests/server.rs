//! A token endpoint that answers by script and remembers what it was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};
use tokio_rustls::server::TlsStream;
use url::form_urlencoded;

use crate::upstream::tests::door::Door;

/// A request: its path and its form.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) form: BTreeMap<String, String>,
}

pub(super) struct Server {
    port: u16,
    /// Its certificate, to be trusted.
    pub(super) pem: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    count: watch::Receiver<usize>,
}

type Answer = dyn Fn(usize) -> (u16, String) + Send + Sync;

impl Server {
    pub(super) async fn start(
        answer: impl Fn(usize) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let door = Door::open().await;
        let (port, pem) = (door.port, door.pem.clone());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (counted, count) = watch::channel(0);
        let answer: Arc<Answer> = Arc::new(answer);
        let book = Arc::clone(&asked);
        door.serve(move |stream| {
            let (answer, book) = (Arc::clone(&answer), Arc::clone(&book));
            let counted = counted.clone();
            async move { serve(stream, &*answer, &book, &counted).await }
        });
        Self {
            port,
            pem,
            asked,
            count,
        }
    }

    pub(super) fn authority(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until there were so many requests.
    pub(super) async fn was_asked(&self, count: usize) {
        let mut counted = self.count.clone();
        counted.wait_for(|it| *it >= count).await.unwrap();
    }
}

async fn serve(
    mut stream: TlsStream<TcpStream>,
    answer: &Answer,
    book: &Mutex<Vec<Asked>>,
    counted: &watch::Sender<usize>,
) {
    let mut request = Vec::new();
    let asked = loop {
        if let Some(asked) = read(&request) {
            break asked;
        }
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let number = {
        let mut book = book.lock().unwrap();
        book.push(asked);
        book.len()
    };
    let (status, body) = answer(number);
    let length = body.len();
    let location = if status / 100 == 3 {
        "Location: https://elsewhere.example/\r\n"
    } else {
        ""
    };
    let reply = format!(
        "HTTP/1.1 {status} Word\r\n{location}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
    counted.send_replace(number);
}

fn read(request: &[u8]) -> Option<Asked> {
    let text = String::from_utf8_lossy(request);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    if body.len() < length? {
        return None;
    }
    Some(Asked {
        path: head.split(' ').nth(1)?.to_owned(),
        form: form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
    })
}
