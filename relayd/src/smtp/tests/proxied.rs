//! The PROXY protocol: whose connection it is, and who may say so.

use tokio::net::{TcpSocket, TcpStream};

use super::{
    network::{House, connect, encrypt},
    *,
};

const HEADER: &str = "PROXY TCP4 192.0.2.7 198.51.100.1 50000 587\r\n";
const V2_LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00";
/// From 203.0.113.9, port 50000, with an extension.
const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x10\xcb\x00\x71\x09\xc6\x33\x64\x01\xc3\x50\x02\x4b\x04\x00\x01\x00";

fn house() -> House {
    House::open(Caps::default(), Timeouts::default())
}

#[tokio::test]
async fn the_client_is_whom_the_proxy_names() {
    let house = house();
    let mut client = connect(house.proxied).await;
    client.send(HEADER).await;
    assert!(client.reply().await.starts_with("220 "));
    let hello = client.ask("EHLO p").await;
    // Its networks are those of the client: 192.0.2.0/24 may sign in without TLS.
    assert!(hello.contains("[192.0.2.7]") && hello.contains("AUTH PLAIN"));
    client.sign_in().await;
    client.mail("a@acme.example", "by a proxy").await;

    let mut client = connect(house.proxied).await;
    client.send(V2).await;
    assert!(client.reply().await.starts_with("220 "));
    let hello = client.ask("EHLO p").await;
    assert!(hello.contains("[203.0.113.9]") && !hello.contains("AUTH"));
    client
        .expect("AUTH PLAIN AHNjYW4AZ2VoZWlt", "538 5.7.11")
        .await;
    assert_eq!(
        house.fake.clients(),
        ["192.0.2.7:50000", "203.0.113.9:50000"]
    );
}

#[tokio::test]
async fn tls_may_follow_in_the_same_segment() {
    let house = house();
    let config = house.client_config();
    // What the client says first is held back, and sent behind the header in one write.
    let (ours, mut theirs) = duplex(1 << 16);
    let stream = TcpStream::connect(house.proxied_implicit).await.unwrap();
    let joining = tokio::spawn(async move {
        let mut stream = stream;
        let mut hello = vec![0; 1 << 14];
        let length = theirs.read(&mut hello).await.unwrap();
        let segment = [V2, &hello[..length]].concat();
        stream.write_all(&segment).await.unwrap();
        tokio::io::copy_bidirectional(&mut theirs, &mut stream).await
    });
    let connector = tokio_rustls::TlsConnector::from(config);
    let name = "localhost".try_into().unwrap();
    let mut client = Client::new(connector.connect(name, ours).await.unwrap());
    assert!(client.reply().await.starts_with("220 "));
    client.sign_in().await;
    client.mail("a@acme.example", "by a proxy, under TLS").await;
    assert_eq!(house.fake.clients(), ["203.0.113.9:50000"]);
    drop(client);
    // The connection may have been reset by then.
    let _ = joining.await.unwrap();
}

#[tokio::test]
async fn a_header_may_come_in_pieces_and_commands_behind_it() {
    let house = house();
    for header in [HEADER.as_bytes(), V2] {
        let mut client = connect(house.proxied).await;
        for byte in header {
            client.send([*byte]).await;
        }
        client.send("EHLO p\r\nQUIT\r\n").await;
        assert!(client.reply().await.starts_with("220 "));
        assert!(client.reply().await.starts_with("250"));
        assert!(client.reply().await.starts_with("221"));
    }
}

#[tokio::test]
async fn a_proxy_that_speaks_for_itself_is_itself() {
    let house = house();
    for header in [&b"PROXY UNKNOWN\r\n"[..], V2_LOCAL] {
        let mut client = connect(house.proxied).await;
        client.send(header).await;
        assert!(client.reply().await.starts_with("220 "));
        let hello = client.ask("EHLO p").await;
        assert!(hello.contains("[127.0.0.1]") && !hello.contains("AUTH"));
    }
}

/// Whoever writes a header chooses an address: only the proxies may.
#[tokio::test]
async fn a_header_from_elsewhere_is_no_header() {
    let house = house();
    // A listener without proxies.
    let mut client = connect(house.clear).await;
    client.reply().await;
    client.expect(HEADER.trim_end(), "500 5.5.2").await;
    let hello = client.ask("EHLO p").await;
    assert!(hello.contains("[127.0.0.1]"), "{hello}");
    // A listener with proxies, and somebody else: the same, with either version.
    for header in [HEADER.as_bytes(), V2] {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let stream = socket.connect(house.proxied).await.unwrap();
        let mut client = Client::new(stream);
        assert!(client.reply().await.starts_with("220 "));
        client.send(header).await;
        assert!(client.reply().await.starts_with("500 "));
    }
    // Under TLS it is no handshake.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut client = Client::new(socket.connect(house.proxied_implicit).await.unwrap());
    client.send(HEADER).await;
    assert!(client.reply().await.ends_with("[tls-expected]"));
    let clients = house.fake.clients();
    assert!(
        clients.iter().all(|client| client.starts_with("127.0.0.")),
        "{clients:?}"
    );
    assert_eq!(house.fake.accepted().len(), 0);
}

#[tokio::test]
async fn a_proxy_without_a_header_is_refused() {
    let house = House::hasty();
    for wrong in ["EHLO p\r\n", "PROXY TCP4 nonsense\r\n", "PROXY TC", ""] {
        let mut client = connect(house.proxied).await;
        client.send(wrong).await;
        let reply = client.reply().await;
        assert!(reply.starts_with("554 5.5.0 ") && reply.ends_with("[proxy-header]"));
        client.expect_closed().await;
    }
    let stream = TcpStream::connect(house.proxied_implicit).await.unwrap();
    assert!(encrypt(stream, &house.client_config()).await.is_err());
    assert_eq!(house.fake.reasons(), [Reason::ProxyHeader; 5]);
    // One that only looks whether the port is open is left alone.
    let mut client = connect(house.proxied).await;
    client.stream.shutdown().await.unwrap();
    client.expect_closed().await;
    assert_eq!(house.fake.told().len(), 5);
}

#[tokio::test]
async fn caps_are_those_of_the_client_not_of_the_proxy() {
    let caps = Caps {
        sessions_per_address: 1,
        ..Caps::default()
    };
    let house = House::open(caps, Timeouts::default());
    let mut clients = Vec::new();
    for last in 1..=3 {
        let mut client = connect(house.proxied).await;
        let header = format!("PROXY TCP4 192.0.2.{last} 198.51.100.1 50000 587\r\n");
        client.send(header).await;
        assert!(client.reply().await.starts_with("220 "));
        clients.push(client);
    }
    let mut again = connect(house.proxied).await;
    again.send(HEADER.replace("192.0.2.7", "192.0.2.3")).await;
    assert!(again.reply().await.ends_with("[too-many-connections]"));
    assert_eq!(house.fake.clients(), ["192.0.2.3:50000"]);
}

#[tokio::test]
async fn connections_that_say_nothing_are_bounded() {
    let caps = Caps {
        unannounced: 2,
        ..Caps::default()
    };
    let house = House::open(caps, Timeouts::default());
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut client = connect(house.proxied).await;
        client.send("PROXY ").await;
        waiting.push(client);
    }
    let mut third = connect(house.proxied).await;
    third.expect_closed().await;
    assert_eq!(house.fake.reasons(), [Reason::TooManyConnections]);
    // Whoever has said it makes room.
    let mut first = waiting.remove(0);
    first.send(HEADER.trim_start_matches("PROXY ")).await;
    assert!(first.reply().await.starts_with("220 "));
    let mut fourth = connect(house.proxied).await;
    fourth.send(HEADER).await;
    assert!(fourth.reply().await.starts_with("220 "));
}
