//! The TLS handshake of a connection, what is made of one that fails, and the last words in the
//! clear to a client that has no session.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::server::TlsStream;

use super::Host;
use crate::{
    model::{Reason, Refusal},
    smtp::{Backend, Mode, Peer, ServerTls, reply::Reply, tls},
};

/// How long a client may take to hang up after a refusal.
const LINGER: Duration = Duration::from_millis(500);

impl<B: Backend> Host<B> {
    /// Gives the encrypted stream and what the peer is known for from then on, or tells of the
    /// failure.
    pub(super) async fn handshake(
        &self,
        tls: &ServerTls,
        stream: TcpStream,
        mut peer: Peer,
    ) -> Option<(TlsStream<TcpStream>, Peer)> {
        let tls::Failed { why, error, stream } =
            match tls::accept(tls, stream, self.door.timeouts.handshake).await {
                Ok(stream) => {
                    peer.tls = Some(tls::summary(stream.get_ref().1));
                    return Some((stream, peer));
                }
                Err(failed) => failed,
            };
        self.figures.failed_handshake(why);
        let (listener, remote) = (&self.place.name, peer.remote);
        let (reason, remedy) = (why.as_str(), why.remedy());
        tracing::info!(%listener, %remote, reason, %error, remedy, "TLS handshake failed");
        let is_implicit = matches!(self.place.mode, Mode::Implicit(_));
        let refusal = match why {
            tls::Why::OldVersion => Refusal::new(Reason::TlsTooOld, error.to_string()),
            tls::Why::Silence | tls::Why::Plaintext if is_implicit => Reason::TlsExpected.into(),
            _ => return None,
        };
        self.report(&peer, &refusal);
        if let Some(stream) = stream {
            // A device that knows nothing of TLS here reads and shows plain text.
            part(stream, &refusal).await;
        }
        None
    }
}

/// Says why and hangs up. Closing a socket with unread input would reset the connection and could
/// take the reply with it.
pub(super) async fn part(mut stream: TcpStream, refusal: &Refusal) {
    let parting = async {
        let reply = Reply::refusal(refusal).into_bytes();
        stream.write_all(&reply).await?;
        stream.shutdown().await?;
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        Ok::<(), io::Error>(())
    };
    // Whether the client closes in time changes nothing any more.
    let _ = timeout(LINGER, parting).await;
}
