//! Sockets: accepts, proves who is there, serves, and ends in good order.

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener, unix::UCred},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{access::Connection, audit::Source};

/// Connections of one listener at a time; others wait in the backlog.
const MAX_CONNECTIONS: usize = 256;
/// For the head of a request to arrive.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// For requests in flight when relayd stops.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
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

async fn serve<S, A, F>(router: Router, stop: CancellationToken, accept: A)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    A: Fn() -> F,
    F: Future<Output = io::Result<(S, Connection, Source)>>,
{
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, connection, source)) => {
                let work = converse(stream, router.clone(), (connection, source), stop.clone());
                connections.spawn(async move {
                    work.await;
                    drop(permit);
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
    (connection, source): (Connection, Source),
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(connection);
        request.extensions_mut().insert(source.clone());
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
            http.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the API ended early");
    }
}
