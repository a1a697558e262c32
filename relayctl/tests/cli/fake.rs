//! A stand-in for the API, on a Unix socket or over the network: fixed answers, and a record of what was asked.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `GET /v1/plans?limit=1000`
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

type Routes = Vec<(&'static str, u16, String)>;

/// Answers until the test ends.
pub(crate) struct Api {
    folder: TempDir,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Api {
    /// Answers a request by the first route whose text is the beginning of `METHOD path?query`.
    pub(crate) fn start(routes: &[(&'static str, u16, &str)]) -> Self {
        Self::start_silent(0, routes)
    }

    /// The same, but hangs up on the first `silent` requests instead of answering them.
    pub(crate) fn start_silent(silent: usize, routes: &[(&'static str, u16, &str)]) -> Self {
        let routes = owned(routes);
        Self::on_socket(move |number, stream, record| {
            serve(stream, &routes, record, number < silent)
        })
    }

    /// Answers the first request by the first route, the next by the next, and all others by the
    /// last.
    pub(crate) fn start_turning(routes: &[(&'static str, u16, &str)]) -> Self {
        let routes = owned(routes);
        Self::on_socket(move |number, stream, record| {
            let route = routes[number.min(routes.len() - 1)].clone();
            serve(stream, &vec![route], record, false)
        })
    }

    /// Has each connection and its number served.
    fn on_socket(
        serve: impl Fn(usize, UnixStream, &Mutex<Vec<Asked>>) -> std::io::Result<()> + Send + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("admin.sock")).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        // The thread ends with the process of the test.
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().flatten().enumerate() {
                let _ = serve(number, stream, &record);
            }
        });
        Self { folder, asked }
    }

    /// The same over the network: its URL comes with it.
    pub(crate) fn start_remote(routes: &[(&'static str, u16, &str)]) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let api = Self {
            folder: tempfile::tempdir().unwrap(),
            asked: Arc::default(),
        };
        let (record, routes) = (Arc::clone(&api.asked), owned(routes));
        // The thread ends with the process of the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &routes, &record, false);
            }
        });
        (api, url)
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("admin.sock")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The request lines alone.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

fn owned(routes: &[(&'static str, u16, &str)]) -> Routes {
    let routes = routes.iter();
    routes
        .map(|(line, status, body)| (*line, *status, (*body).to_owned()))
        .collect()
}

fn serve(
    stream: impl Read + Write,
    routes: &Routes,
    record: &Mutex<Vec<Asked>>,
    is_silent: bool,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let line = first.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        headers.push(header.trim().to_lowercase());
    }
    let length = headers
        .iter()
        .find_map(|header| header.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    record.lock().unwrap().push(Asked {
        line: line.clone(),
        headers,
        body,
    });
    if is_silent {
        return Ok(());
    }
    let missing = r#"{"type":"about:reason/not-found","title":"There is no such object","status":404,"code":"not-found","remedy":"the list command shows what there is","request_id":"req-404"}"#;
    let found = routes
        .iter()
        .find(|(beginning, _, _)| line.starts_with(beginning));
    let (status, text) = found.map_or((404, missing), |(_, status, text)| (*status, text.as_str()));
    let kind = if status < 400 {
        "application/json"
    } else {
        "application/problem+json"
    };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\netag: \"7\"\r\nx-request-id: req-1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    )
}
