//! Real sockets.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
};
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use crate::api::{UnixAccess, serve_tcp, serve_unix};

const REQUEST: &[u8] = b"GET /v1/plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

async fn status_line(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) -> String {
    stream.write_all(REQUEST).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_unix_socket_knows_its_user_and_ends_when_told() {
    let bench = Bench::new().await;
    let path = bench.folder().join("admin.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let uid = UnixStream::pair().unwrap().0.peer_cred().unwrap().uid();
    let stop = CancellationToken::new();
    let access = UnixAccess {
        own_uid: uid,
        has_group: false,
    };
    let served = tokio::spawn(serve_unix(
        listener,
        bench.router.clone(),
        access,
        stop.clone(),
    ));
    let stream = UnixStream::connect(&path).await.unwrap();
    assert_eq!(status_line(stream).await, "HTTP/1.1 200 OK");

    // An idle connection does not keep relayd from stopping.
    let idle = UnixStream::connect(&path).await.unwrap();
    stop.cancel();
    served.await.unwrap();
    drop(idle);
}

#[tokio::test]
async fn tcp_proves_nothing_by_itself() {
    let bench = Bench::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = tokio::spawn(serve_tcp(listener, bench.router.clone(), stop.clone()));
    let stream = TcpStream::connect(address).await.unwrap();
    assert_eq!(status_line(stream).await, "HTTP/1.1 401 Unauthorized");
    stop.cancel();
    served.await.unwrap();
}

#[tokio::test]
async fn who_keeps_relayd_waiting_makes_room_for_others() {
    let bench = Bench::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = tokio::spawn(serve_tcp(listener, bench.router.clone(), stop.clone()));
    let mut slow = Vec::new();
    for number in 0..300 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head: &[u8] = match number % 3 {
            // The body, the rest of the head, or all of it is missing.
            0 => {
                b"POST /v1/auth/reset HTTP/1.1\r\nHost: localhost\r\n\
                  Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            }
            1 => b"GET /healthz HTTP/1.1\r\nHost:",
            _ => b"",
        };
        stream.write_all(head).await.unwrap();
        slow.push(stream);
    }
    let stream = TcpStream::connect(address).await.unwrap();
    assert_eq!(status_line(stream).await, "HTTP/1.1 401 Unauthorized");
    stop.cancel();
    served.await.unwrap();
    drop(slow);
}
