//! Whole sessions over an in-memory stream, with time that stands still.

#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is how a finding is told"
)]

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{recorder::Recorder, reference};
use crate::{
    fuzzing::segments,
    model::{Protocol, TlsSummary},
    smtp::{
        Caps, Offer, Peer, Timeouts,
        admission::Admission,
        connection::{Connection, Ending, Taken},
        engine::Grammar,
        session::Door,
    },
};

/// More than any wait of the door. Time passes only while nothing else can happen, so whoever
/// meets it hangs.
pub(super) const PATIENCE: Duration = Duration::from_hours(24);

/// A dialogue: the first byte says whether it begins encrypted (`e`) or in the clear (`c`), the
/// second how the rest is cut (see [`segments`]), the rest is what the client sends without ever
/// waiting. Behind STARTTLS the session goes on as if it were encrypted.
///
/// A model that reads the whole of both sides must find every reply in step, and the bodies that
/// the backend was given must be those that the model reads; see [`reference`].
pub fn session(data: &[u8]) {
    let [kind, cut, input @ ..] = data else {
        return;
    };
    let recorder = Arc::new(Recorder::default());
    let said = run(converse(
        Arc::clone(&recorder),
        kind & 2 == 0,
        &segments(*cut, input),
    ));
    let expected = reference::bodies(input, &said);
    assert_eq!(
        recorder.record.bodies(),
        expected,
        "other mails than were sent"
    );
}

/// Runs to the end, in time that passes only while nothing else can happen.
pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let Ok(runtime) = runtime else {
        panic!("no runtime");
    };
    runtime.block_on(async {
        let Ok(done) = timeout(PATIENCE, work).await else {
            panic!("it hangs");
        };
        done
    })
}

/// Everything that the session says to these segments.
async fn converse(recorder: Arc<Recorder>, encrypted: bool, segments: &[&[u8]]) -> Vec<u8> {
    let (ours, theirs) = duplex(1 << 20);
    let (mut reading, mut writing) = split(ours);
    let talking = async {
        for segment in segments {
            // A session that has closed takes no more; that is for the model to judge.
            if writing.write_all(segment).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let _ = writing.shutdown().await;
    };
    let listening = async {
        let mut said = Vec::new();
        let _ = reading.read_to_end(&mut said).await;
        said
    };
    let ((), (), said) = tokio::join!(serve(recorder, encrypted, theirs), talking, listening);
    said
}

async fn serve(recorder: Arc<Recorder>, encrypted: bool, stream: DuplexStream) {
    let grammar = Arc::new(Grammar::new::<Recorder>());
    let door = Arc::new(Door {
        backend: recorder,
        hostname: "relay.example".to_owned(),
        timeouts: Timeouts::default(),
        caps: Caps::default(),
    });
    let connection = |stream, encrypted: bool| {
        let offer = Offer {
            start_tls: !encrypted,
            sign_in: encrypted,
            by_address: false,
        };
        let peer = peer(encrypted);
        let Ok(permit) = Admission::new(&door.caps).admit(peer.remote.ip()) else {
            panic!("no place");
        };
        let taken = Taken {
            permit: Arc::new(permit),
            opened: Instant::now(),
        };
        Connection::new(
            stream,
            (Arc::clone(&grammar), Arc::clone(&door)),
            (peer, offer),
            taken,
            CancellationToken::new(),
        )
    };
    match connection(stream, encrypted).greet_and_run().await {
        Ending::Closed => {}
        Ending::StartTls(stream) => {
            assert!(!encrypted, "TLS in TLS");
            let ending = connection(stream, true).run().await;
            assert!(matches!(ending, Ending::Closed), "TLS in TLS");
        }
    }
}

fn peer(encrypted: bool) -> Peer {
    Peer {
        remote: ([192, 0, 2, 7], 40_000).into(),
        listener: "fuzz".into(),
        helo: String::new(),
        tls: encrypted.then(|| TlsSummary {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256".to_owned(),
        }),
        protocol: Protocol::Smtp,
    }
}
