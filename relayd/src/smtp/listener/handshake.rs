//! The TLS handshake of a connection, what is made of one that fails, and the last words in the
//! clear to a client that has no session.

use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_rustls::server::TlsStream;

use super::Host;
use crate::{
    model::{Reason, Refusal},
    smtp::{
        Backend, Peer, ServerTls,
        connection::{LINGER, part},
        reply::Reply,
        tls,
    },
};

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
        let (listener, remote) = (&self.place.entrance.name, peer.remote);
        let (reason, remedy) = (why.as_str(), why.remedy());
        tracing::info!(%listener, %remote, reason, %error, remedy, "TLS handshake failed");
        let refusal = match why {
            tls::Why::OldVersion => Refusal::new(Reason::TlsTooOld, error.to_string()),
            tls::Why::Silence | tls::Why::Plaintext => {
                self.place.entrance.refuse_encryption(false).err()?
            }
            _ => return None,
        };
        self.report(&peer, &refusal);
        if let Some(stream) = stream {
            // A device that knows nothing of TLS here reads and shows plain text.
            turn_away(stream, &refusal).await;
        }
        None
    }
}

/// Says why and hangs up, on a connection that has no session.
pub(super) async fn turn_away(mut stream: TcpStream, refusal: &Refusal) {
    let last_words = async {
        let reply = Reply::refusal(refusal).into_bytes();
        stream.write_all(&reply).await?;
        part(&mut stream).await
    };
    // Whether the client closes in time changes nothing any more.
    let _ = timeout(LINGER, last_words).await;
}
