//! Sockets: accepts, proves who is there, serves, and ends in good order.
//!
//! There is room for so many connections. When it is full, the one that has kept relayd waiting
//! for longest makes room for the next: whoever sends slowly, or nothing, holds nobody up.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener, unix::UCred},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{access::Connection, audit::Source};

/// Connections of one listener at a time. When relayd works for all of them, others wait in the
/// backlog.
const MAX_CONNECTIONS: usize = 256;
/// For the head of a request to arrive.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// For requests in flight when relayd stops.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// For the rest of a stream to be taken when relayd stops.
const STREAM_DRAIN: Duration = Duration::from_secs(1);
/// After a failed accept: out of file descriptors, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Who is an operator on the Unix socket: root, the user that relayd runs as, and a group.
#[derive(Debug, Clone, Copy)]
pub struct UnixAccess {
    /// The user that relayd runs as.
    pub own_uid: u32,
    /// The socket belongs to a group whose members are operators: then whoever the kernel lets
    /// open it is one, since the peer's credentials do not tell all of its groups.
    pub has_group: bool,
}

impl UnixAccess {
    fn connection(self, peer: &io::Result<UCred>) -> Connection {
        match peer {
            Ok(peer) if peer.uid() == 0 || peer.uid() == self.own_uid || self.has_group => {
                Connection::Operator
            }
            _ => Connection::Anybody(None),
        }
    }
}

/// Serves on a Unix socket until `stop`.
pub async fn serve_unix(
    listener: UnixListener,
    router: Router,
    access: UnixAccess,
    stop: CancellationToken,
) {
    serve(router, stop, || async {
        let (stream, _) = listener.accept().await?;
        let peer = stream.peer_cred();
        let source = match &peer {
            Ok(peer) => format!("unix socket, uid {}", peer.uid()),
            Err(_) => "unix socket".to_owned(),
        };
        Ok((stream, access.connection(&peer), Source(source)))
    })
    .await;
}

/// Serves on TCP until `stop`. The caller binds to loopback only: there is no TLS here.
pub async fn serve_tcp(listener: TcpListener, router: Router, stop: CancellationToken) {
    serve(router, stop, || async {
        let (stream, peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let connection = Connection::Anybody(Some(peer.ip()));
        Ok((stream, connection, Source(peer.to_string())))
    })
    .await;
}

/// Whether relayd works for a connection, or waits for what comes through it.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity {
    works: Arc<AtomicUsize>,
    /// Some of the work is a stream, which does not end by itself.
    has_stream: Arc<AtomicBool>,
    /// The connection is to be closed at once.
    close: CancellationToken,
}

impl Activity {
    /// A request is complete, and relayd works on it until this is dropped.
    pub(super) fn begin(&self) -> Work {
        self.works.fetch_add(1, Ordering::AcqRel);
        Work(self.clone())
    }

    /// The same for a stream.
    pub(super) fn begin_stream(&self) -> Work {
        self.has_stream.store(true, Ordering::Release);
        self.begin()
    }

    /// Closes the connection: its client takes nothing of what it asked for.
    pub(super) fn close(&self) {
        self.close.cancel();
    }

    fn is_waiting(&self) -> bool {
        self.works.load(Ordering::Acquire) == 0
    }
}

/// Work for a connection.
#[derive(Debug)]
pub(super) struct Work(Activity);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.works.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A connection that is open.
#[derive(Debug, Clone, Default)]
struct Place {
    activity: Activity,
    /// It is closed.
    closed: CancellationToken,
}

/// The open connections, the oldest first.
#[derive(Debug, Default)]
struct Places(Vec<Place>);

impl Places {
    /// Makes room for one more; whether there is any.
    fn make_room(&mut self) -> bool {
        self.0.retain(|place| !place.closed.is_cancelled());
        if self.0.len() < MAX_CONNECTIONS {
            return true;
        }
        let slowest = self.0.iter().position(|place| place.activity.is_waiting());
        if let Some(slowest) = slowest {
            self.0.remove(slowest).activity.close();
        }
        slowest.is_some()
    }

    fn take(&mut self) -> Place {
        let place = Place::default();
        self.0.push(place.clone());
        place
    }
}

async fn serve<S, A, F>(router: Router, stop: CancellationToken, accept: A)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    A: Fn() -> F,
    F: Future<Output = io::Result<(S, Connection, Source)>>,
{
    let mut places = Places::default();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept() => accepted,
        };
        match accepted {
            Ok((stream, connection, source)) => {
                while !places.make_room() && !stop.is_cancelled() {
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                let place = places.take();
                let origin = (connection, source, place.activity.clone());
                let work = converse(stream, router.clone(), origin, stop.clone());
                connections.spawn(async move {
                    let _closed = place.closed.drop_guard();
                    place.activity.close.run_until_cancelled(work).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the API was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_DEADLINE, drained).await.is_err() {
        tracing::warn!("requests to the API were cut off, since they did not end in time");
    }
}

async fn converse<S>(
    stream: S,
    router: Router,
    (connection, source, activity): (Connection, Source, Activity),
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let has_stream = Arc::clone(&activity.has_stream);
    let service = router.map_request(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(connection);
        request.extensions_mut().insert(source.clone());
        request.extensions_mut().insert(activity.clone());
        request
    });
    let http = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(http);
    let ended = tokio::select! {
        ended = http.as_mut() => ended,
        () = stop.cancelled() => {
            http.as_mut().graceful_shutdown();
            // Who does not read its stream would hold relayd up.
            if has_stream.load(Ordering::Acquire) {
                match tokio::time::timeout(STREAM_DRAIN, http).await {
                    Ok(ended) => ended,
                    Err(_) => return,
                }
            } else {
                http.await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the API ended early");
    }
}
