//! Sockets: takes connections within the caps, sets up TLS, and ends them in good order.

mod figures;
mod handshake;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Backend, Bind, Entrance, ListenerSettings, Mode, Peer, RefusalContext, Settings, Stage,
    admission::{Admission, Permit},
    connection::{Connection, Ending, Taken},
    engine::Grammar,
    proxy,
    reply::Reply,
    session::Door,
};
use figures::Figures;
use handshake::turn_away;

use crate::model::{Network, Protocol, Reason, Refusal};

/// Connections the kernel holds for us while we are busy.
const BACKLOG: u32 = 1024;
/// Pause after a failed accept: usually the process is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listener that could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("listener {name} cannot listen on {address}; if it is in use, `ss -ltnp` shows by whom")]
pub struct BindError {
    /// Name of the listener.
    pub name: String,
    /// The address it was to bind.
    pub address: String,
    /// What the system said.
    pub source: io::Error,
}

/// The door, bound to its sockets and not yet open.
#[derive(Debug)]
pub struct Server {
    settings: Settings,
    listeners: Vec<Listener>,
}

#[derive(Debug)]
struct Listener {
    socket: TcpListener,
    place: Arc<Place>,
}

/// What every session of a listener knows of it.
#[derive(Debug)]
struct Place {
    entrance: Entrance,
    address: SocketAddr,
    mode: Mode,
    proxy_networks: Vec<Network>,
}

impl Server {
    /// Binds every listener. Connections wait in the kernel until [`Server::run`]. Must be called
    /// within a tokio runtime.
    pub fn bind(mut settings: Settings) -> Result<Self, BindError> {
        let listeners = std::mem::take(&mut settings.listeners);
        let listeners = listeners.into_iter().map(Listener::bind);
        let listeners = listeners.collect::<Result<_, _>>()?;
        Ok(Self {
            settings,
            listeners,
        })
    }

    /// Name and bound address of every listener, in the order of the settings.
    pub fn local_addresses(&self) -> impl Iterator<Item = (&str, SocketAddr)> {
        self.listeners
            .iter()
            .map(|listener| (&*listener.place.entrance.name, listener.place.address))
    }

    /// Serves until `shutdown` is cancelled. Then no connection is taken any more, idle sessions
    /// get 421, and those in the middle of a message have [`super::Timeouts::drain`] to finish
    /// it. All sessions are over when this returns, or when it is dropped.
    pub async fn run<B: Backend>(self, backend: Arc<B>, shutdown: CancellationToken) {
        let admission = Admission::new(&self.settings.caps);
        let grammar = Arc::new(Grammar::new::<B>());
        let door = Arc::new(Door {
            backend,
            hostname: self.settings.hostname,
            timeouts: self.settings.timeouts,
            caps: self.settings.caps,
        });
        let mut loops = JoinSet::new();
        for Listener { socket, place } in self.listeners {
            let host = Host {
                figures: Figures::of(&place.entrance.name),
                place,
                admission: Arc::clone(&admission),
                unannounced: Semaphore::new(door.caps.unannounced),
                grammar: Arc::clone(&grammar),
                door: Arc::clone(&door),
                shutdown: shutdown.clone(),
            };
            loops.spawn(Arc::new(host).serve(socket));
        }
        while let Some(ended) = loops.join_next().await {
            log_panic(ended);
        }
    }
}

impl Listener {
    fn bind(settings: ListenerSettings) -> Result<Self, BindError> {
        let wanted = match &settings.bind {
            Bind::Address(address) => address.to_string(),
            Bind::Socket(_) => "the given socket".to_owned(),
        };
        let entrance = settings.entrance();
        let bound = listen(settings.bind).and_then(|socket| {
            let address = socket.local_addr()?;
            Ok((socket, address))
        });
        let (socket, address) = bound.map_err(|source| BindError {
            name: settings.name.clone(),
            address: wanted,
            source,
        })?;
        let place = Arc::new(Place {
            entrance,
            address,
            mode: settings.mode,
            proxy_networks: settings.proxy_networks,
        });
        Ok(Self { socket, place })
    }
}

fn listen(bind: Bind) -> io::Result<TcpListener> {
    match bind {
        Bind::Address(address) => {
            let socket = match address {
                SocketAddr::V4(_) => TcpSocket::new_v4()?,
                SocketAddr::V6(_) => TcpSocket::new_v6()?,
            };
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)
        }
        Bind::Socket(socket) => {
            socket.set_nonblocking(true)?;
            TcpListener::from_std(socket)
        }
    }
}

/// A listener at work.
struct Host<B> {
    place: Arc<Place>,
    figures: Figures,
    admission: Arc<Admission>,
    unannounced: Semaphore,
    grammar: Arc<Grammar>,
    door: Arc<Door<B>>,
    shutdown: CancellationToken,
}

impl<B: Backend> Host<B> {
    async fn serve(self: Arc<Self>, socket: TcpListener) {
        let mut sessions = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => break,
                Some(ended) = sessions.join_next() => log_panic(ended),
                taken = socket.accept() => match taken {
                    Ok((stream, remote)) => self.take(stream, remote, &mut sessions),
                    Err(error) => {
                        tracing::warn!(listener = %self.place.entrance.name, %error, "accept failed");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        drop(socket);
        let finished = async {
            while let Some(ended) = sessions.join_next().await {
                log_panic(ended);
            }
        };
        if timeout(self.door.timeouts.drain, finished).await.is_err() {
            let cut = sessions.len();
            tracing::warn!(listener = %self.place.entrance.name, cut, "sessions did not finish in time");
            sessions.shutdown().await;
        }
    }

    fn take(self: &Arc<Self>, stream: TcpStream, remote: SocketAddr, sessions: &mut JoinSet<()>) {
        // Before any byte is sent: the TLS 1.3 tickets and the greeting are two writes.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%remote, %error, "the client is gone already");
            return;
        }
        let remote = SocketAddr::new(remote.ip().to_canonical(), remote.port());
        if self.place.is_proxy(remote.ip()) {
            sessions.spawn(Arc::clone(self).attend_proxied(stream, remote));
        } else if let Some((peer, permit)) = self.admit(&stream, remote) {
            sessions.spawn(Arc::clone(self).attend(stream, peer, permit));
        }
    }

    /// Lets a client in, or says 421 without waiting. Under implicit TLS it costs a handshake to
    /// say anything at all: the connection is just closed.
    fn admit(&self, stream: &TcpStream, remote: SocketAddr) -> Option<(Peer, Arc<Permit>)> {
        let peer = self.peer(remote);
        let refusal = match self.welcome(&peer) {
            Ok(permit) => return Some((peer, Arc::new(permit))),
            Err(refusal) => refusal,
        };
        self.report(&peer, &refusal);
        if !matches!(self.place.mode, Mode::Implicit(_)) {
            // A fresh socket has room for one line, or the client is gone: both are fine.
            let _ = socket2::SockRef::from(stream).send(&Reply::refusal(&refusal).into_bytes());
        }
        None
    }

    /// A place for this client, unless it is banned or there is none.
    fn welcome(&self, peer: &Peer) -> Result<Permit, Refusal> {
        self.door.backend.welcome(peer)?;
        Ok(self.admission.admit(peer.remote.ip())?)
    }

    fn peer(&self, remote: SocketAddr) -> Peer {
        Peer {
            remote,
            listener: Arc::clone(&self.place.entrance.name),
            helo: String::new(),
            tls: None,
            protocol: Protocol::Smtp,
        }
    }

    /// Tells the backend of a client that is refused before it has a session.
    fn report(&self, peer: &Peer, refusal: &Refusal) {
        let context = RefusalContext {
            peer,
            principal: None,
            username: "",
            stage: Stage::Connect,
            sender: "",
            recipient: "",
        };
        self.door.backend.refused(context, refusal);
    }

    /// A connection from a proxy: its first bytes say whose it is, and the caps are those of
    /// that client. A proxy that speaks for itself counts under its own address.
    async fn attend_proxied(self: Arc<Self>, mut stream: TcpStream, proxy: SocketAddr) {
        let Ok(unannounced) = self.unannounced.try_acquire() else {
            return self.report(&self.peer(proxy), &Reason::TooManyConnections.into());
        };
        let patience = self.door.timeouts.proxy_header;
        let taken = tokio::select! {
            taken = timeout(patience, proxy::take_header(&mut stream)) => taken,
            () = self.shutdown.cancelled() => return,
        };
        drop(unannounced);
        let what = match taken {
            Ok(Ok(header)) => {
                let client = header.client.unwrap_or(proxy);
                tracing::debug!(%proxy, %client, "a proxy passes a connection on");
                if let Some((peer, permit)) = self.admit(&stream, client) {
                    self.attend(stream, peer, permit).await;
                }
                return;
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => error.to_string(),
            // Gone, as load balancers are that only want to see whether the port is open.
            Ok(Err(_)) => return,
            Err(_) => format!("nothing came within {} s", patience.as_secs()),
        };
        let refusal = Refusal::new(Reason::ProxyHeader, what);
        self.report(&self.peer(proxy), &refusal);
        match self.place.mode {
            Mode::Implicit(_) => {}
            Mode::StartTls(_) | Mode::None => turn_away(stream, &refusal).await,
        }
    }

    async fn attend(self: Arc<Self>, stream: TcpStream, peer: Peer, permit: Arc<Permit>) {
        let _open = self.figures.session();
        tokio::select! {
            () = self.converse(stream, peer, &permit) => {}
            // The place is needed, and the client does not take its last words.
            () = permit.overstayed() => {}
        }
    }

    /// Each leg has its future in a box of its own: a session in the clear does not keep room for
    /// the handshake and all that follows it.
    async fn converse(&self, stream: TcpStream, peer: Peer, permit: &Arc<Permit>) {
        let taken = Taken {
            permit: Arc::clone(permit),
            opened: Instant::now(),
        };
        match &self.place.mode {
            Mode::Implicit(tls) => {
                if let Some((stream, peer)) = Box::pin(self.handshake(tls, stream, peer)).await {
                    Box::pin(self.connection(stream, peer, taken).greet_and_run()).await;
                }
            }
            Mode::StartTls(tls) => {
                let clear = self.connection(stream, peer.clone(), taken.clone());
                if let Ending::StartTls(stream) = Box::pin(clear.greet_and_run()).await
                    && let Some((stream, peer)) = Box::pin(self.handshake(tls, stream, peer)).await
                {
                    Box::pin(self.connection(stream, peer, taken).run()).await;
                }
            }
            Mode::None => {
                Box::pin(self.connection(stream, peer, taken).greet_and_run()).await;
            }
        }
    }

    fn connection<S>(&self, stream: S, peer: Peer, taken: Taken) -> Connection<S, B>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let encrypted = peer.tls.is_some();
        let offer = self.place.entrance.offer(peer.remote.ip(), encrypted);
        Connection::new(
            stream,
            (Arc::clone(&self.grammar), Arc::clone(&self.door)),
            (peer, offer),
            taken,
            self.shutdown.clone(),
        )
    }
}

impl Place {
    fn is_proxy(&self, remote: IpAddr) -> bool {
        let networks = &self.proxy_networks;
        networks.iter().any(|network| network.contains(remote))
    }
}

/// A defect in one session must not end the others, nor pass unseen.
fn log_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a session broke off: this is a defect of relayd");
    }
}
