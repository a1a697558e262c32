//! Questions to servers of our own on loopback.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use hickory_proto::{
    op::{MessageType, ResponseCode},
    rr::{
        Record,
        rdata::{CNAME, NS, SOA, TXT},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UdpSocket},
};

use super::*;

const CHALLENGE: &str = "_relayd-challenge.acme.example";

fn name(text: &str) -> Name {
    read_name(text).unwrap()
}

fn record(owner: &str, data: RData) -> Record {
    Record::from_rdata(name(owner), 300, data)
}

fn text(owner: &str, pieces: &[&str]) -> Record {
    let pieces = pieces.iter().map(|piece| (*piece).to_owned()).collect();
    record(owner, RData::TXT(TXT::new(pieces)))
}

fn alias(owner: &str, target: &str) -> Record {
    record(owner, RData::CNAME(CNAME(name(target))))
}

fn server_of(zone: &str, server: &str) -> Record {
    record(zone, RData::NS(NS(name(server))))
}

fn start_of(zone: &str) -> Record {
    let soa = SOA::new(name(zone), name(zone), 1, 1, 1, 1, 1);
    record(zone, RData::SOA(soa))
}

/// The reply to a question, without any records.
fn empty(question: &Message) -> Message {
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata.authoritative = true;
    reply.queries.clone_from(&question.queries);
    reply
}

fn with(question: &Message, answers: Vec<Record>) -> Message {
    let mut reply = empty(question);
    reply.answers = answers;
    reply
}

/// Answers over UDP and TCP at the same port; no reply where there is none.
async fn serve(
    answer: impl Fn(&Message, bool) -> Option<Message> + Send + Sync + 'static,
) -> SocketAddr {
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr().unwrap();
    let answer = Arc::new(answer);
    let over_udp = Arc::clone(&answer);
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, client)) = udp.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            if let Some(reply) = over_udp(&question, false) {
                udp.send_to(&reply.to_vec().unwrap(), client).await.unwrap();
            }
        }
    });
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = tcp.accept().await {
            let mut bytes = vec![0; usize::from(stream.read_u16().await.unwrap())];
            stream.read_exact(&mut bytes).await.unwrap();
            let question = Message::from_vec(&bytes).unwrap();
            if let Some(reply) = answer(&question, true) {
                let reply = reply.to_vec().unwrap();
                let length = u16::try_from(reply.len()).unwrap().to_be_bytes();
                stream
                    .write_all(&[&length[..], &reply].concat())
                    .await
                    .unwrap();
            }
        }
    });
    address
}

/// Serves these records whatever their zone, with aliases unresolved.
async fn serve_records(records: Vec<Record>) -> SocketAddr {
    serve(move |question, _| {
        let query = &question.queries[0];
        let own = records
            .iter()
            .filter(|it| it.name.eq_ignore_root(&query.name));
        let fitting = own.filter(|it| {
            it.record_type() == query.query_type || it.record_type() == RecordType::CNAME
        });
        Some(with(question, fitting.cloned().collect()))
    })
    .await
}

fn at_the_source(servers: &[SocketAddr]) -> Dns {
    Dns::new(Settings {
        servers: servers.to_vec(),
        authoritative: servers.to_vec(),
    })
}

#[tokio::test]
async fn texts_are_read_from_the_servers_that_have_the_last_word() {
    let one = serve_records(vec![
        text(CHALLENGE, &["relayd-domain-", "proof=abc"]),
        text(CHALLENGE, &["other"]),
    ])
    .await;
    let late = serve_records(Vec::new()).await;
    let answer = at_the_source(&[late, one]).last_word(CHALLENGE).await;
    let texts = vec!["other".to_owned(), "relayd-domain-proof=abc".to_owned()];
    assert_eq!(answer.found, Ok(texts));
    assert_eq!(answer.asked, [late.to_string(), one.to_string()]);

    let none = at_the_source(&[late]).last_word(CHALLENGE).await;
    assert_eq!(none.found, Ok(Vec::new()));
    let elsewhere = at_the_source(&[one]).last_word("acme.example").await;
    assert_eq!(elsewhere.found, Ok(Vec::new()));
}

#[tokio::test]
async fn aliases_are_followed_so_far_and_no_farther() {
    let server = serve_records(vec![
        alias(CHALLENGE, "proof.hosting.example"),
        text("proof.hosting.example", &["relayd-domain-proof=abc"]),
        alias("loop.example", "LOOP.example"),
    ])
    .await;
    let dns = at_the_source(&[server]);
    let answer = dns.last_word(CHALLENGE).await;
    assert_eq!(answer.found, Ok(vec!["relayd-domain-proof=abc".to_owned()]));
    // A resolver answers with the whole chain; this one does not follow it.
    assert_eq!(dns.texts(CHALLENGE).await.found, Ok(Vec::new()));
    // The source gives up, and the resolver finds nothing behind the loop either.
    let answer = dns.last_word("loop.example").await;
    assert_eq!(answer.asked, [format!("resolver {server}")]);
    assert_eq!(answer.found, Ok(Vec::new()));
}

#[tokio::test]
async fn a_resolver_answers_with_the_aliases_it_followed() {
    let server = serve(|question, _| {
        let chain = vec![
            alias(CHALLENGE, "a.example"),
            alias("a.example", "b.example"),
            text("b.example", &["found"]),
            text("stranger.example", &["not asked for"]),
        ];
        Some(with(question, chain))
    })
    .await;
    let answer = at_the_source(&[server]).texts(CHALLENGE).await;
    assert_eq!(answer.found, Ok(vec!["found".to_owned()]));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_read_over_tcp() {
    let server = serve(|question, is_stream| {
        if is_stream {
            let long = "x".repeat(200);
            let pieces: Vec<_> = vec![long.as_str(); 20];
            return Some(with(question, vec![text(CHALLENGE, &pieces)]));
        }
        let mut reply = empty(question);
        reply.metadata.truncation = true;
        Some(reply)
    })
    .await;
    let found = at_the_source(&[server]).last_word(CHALLENGE).await.found;
    assert_eq!(found, Ok(vec!["x".repeat(4000)]));
}

#[tokio::test]
async fn forged_replies_are_passed_over() {
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        let (length, client) = server.recv_from(&mut buffer).await.unwrap();
        let question = Message::from_vec(&buffer[..length]).unwrap();
        let mut wrong_id = with(&question, vec![text(CHALLENGE, &["forged"])]);
        wrong_id.metadata.id = wrong_id.metadata.id.wrapping_add(1);
        let mut wrong_name = with(&question, vec![text(CHALLENGE, &["forged"])]);
        wrong_name.queries[0].name = name("other.example");
        let mut no_reply = with(&question, vec![text(CHALLENGE, &["forged"])]);
        no_reply.metadata.message_type = MessageType::Query;
        let right = with(&question, vec![text(CHALLENGE, &["right"])]);
        server.send_to(b"noise", client).await.unwrap();
        for reply in [wrong_id, wrong_name, no_reply, right] {
            server
                .send_to(&reply.to_vec().unwrap(), client)
                .await
                .unwrap();
        }
    });
    let found = at_the_source(&[address]).last_word(CHALLENGE).await.found;
    assert_eq!(found, Ok(vec!["right".to_owned()]));
}

#[tokio::test]
async fn trouble_is_told_from_a_record_that_is_missing() {
    let failing = serve(|question, _| {
        let mut reply = empty(question);
        reply.metadata.response_code = ResponseCode::ServFail;
        Some(reply)
    })
    .await;
    let answer = at_the_source(&[failing]).last_word(CHALLENGE).await;
    assert!(answer.found.unwrap_err().contains("Server Failure"));

    let unknown = serve(|question, _| {
        let mut reply = empty(question);
        reply.metadata.response_code = ResponseCode::NXDomain;
        Some(reply)
    })
    .await;
    let answer = at_the_source(&[unknown]).last_word(CHALLENGE).await;
    assert_eq!(answer.found, Ok(Vec::new()));
    // One of them knows, the others are in trouble.
    let answer = at_the_source(&[failing, unknown])
        .last_word(CHALLENGE)
        .await;
    assert_eq!((answer.found, answer.asked.len()), (Ok(Vec::new()), 1));
}

#[tokio::test]
async fn a_lost_datagram_is_sent_again() {
    let seen = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&seen);
    let server = serve(move |question, _| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        (!first).then(|| with(question, vec![text(CHALLENGE, &["late"])]))
    })
    .await;
    let found = at_the_source(&[server]).last_word(CHALLENGE).await.found;
    assert_eq!(found, Ok(vec!["late".to_owned()]));
    assert_eq!(seen.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_zone_of_a_name_is_found_from_below() {
    let resolver = serve(|question, _| {
        let query = &question.queries[0];
        let mut reply = empty(question);
        match (
            query.name.to_lowercase().to_ascii().as_str(),
            query.query_type,
        ) {
            ("acme.example.", RecordType::NS) => {
                reply
                    .answers
                    .push(server_of("acme.example", "NS1.Hosting.Example"));
                reply
                    .answers
                    .push(server_of("acme.example", "ns2.hosting.example"));
            }
            ("ns1.hosting.example.", RecordType::A) => {
                let address = "192.0.2.53".parse::<std::net::Ipv4Addr>().unwrap();
                reply
                    .answers
                    .push(record("ns1.hosting.example", RData::A(address.into())));
            }
            ("ns1.hosting.example.", RecordType::AAAA) => {
                let address = "2001:db8::53".parse::<std::net::Ipv6Addr>().unwrap();
                reply
                    .answers
                    .push(record("ns1.hosting.example", RData::AAAA(address.into())));
            }
            ("ns2.hosting.example.", RecordType::A) => {
                let address = std::net::Ipv4Addr::LOCALHOST;
                reply
                    .answers
                    .push(record("ns2.hosting.example", RData::A(address.into())));
            }
            // Five labels, of which the answer skips three.
            (asked, RecordType::NS) if asked.ends_with("deep.acme.example.") => {
                reply.authorities.push(start_of("acme.example"));
            }
            _ => {}
        }
        Some(reply)
    })
    .await;
    let dns = Dns::new(Settings {
        servers: vec![resolver],
        authoritative: Vec::new(),
    });
    for asked in [CHALLENGE, "_relayd-challenge.very.deep.acme.example"] {
        let authorities = dns.authorities(&name(asked)).await.unwrap();
        let named: Vec<_> = authorities
            .iter()
            .map(|it| (it.name.as_str(), it.addresses.as_slice()))
            .collect();
        let first = ["192.0.2.53:53", "[2001:db8::53]:53"].map(|text| text.parse().unwrap());
        let expected = [
            ("ns1.hosting.example", &first[..]),
            ("ns2.hosting.example", &[]),
        ];
        assert_eq!(named, expected, "{asked}");
        assert!(authorities.iter().all(|it| it.must_be_authoritative));
    }
    // Nobody serves it, up to the root.
    let nowhere = dns
        .authorities(&name("_relayd-challenge.nowhere.test"))
        .await;
    assert_eq!(nowhere, Ok(Vec::new()));
}

#[tokio::test]
async fn a_server_that_a_zone_names_must_be_responsible_for_it() {
    let cache = serve(|question, _| {
        let mut reply = with(question, vec![text(CHALLENGE, &["old"])]);
        reply.metadata.authoritative = false;
        Some(reply)
    })
    .await;
    let mut server = Authority {
        name: "ns1.acme.example".to_owned(),
        addresses: vec![cache],
        must_be_authoritative: true,
    };
    let refused = server.ask(&name(CHALLENGE)).await.unwrap_err();
    assert!(refused.contains("not responsible"), "{refused}");
    server.must_be_authoritative = false;
    let said = server.ask(&name(CHALLENGE)).await.unwrap().1;
    assert_eq!(said, Texts::Found(vec!["old".to_owned()]));
}

#[tokio::test]
async fn resolvers_stand_in_where_the_servers_of_a_zone_cannot_be_asked() {
    // The only server that the zone names is on this machine, which is not asked.
    let resolver = serve_records(vec![
        server_of("acme.example", "ns1.acme.example"),
        record(
            "ns1.acme.example",
            RData::A(std::net::Ipv4Addr::LOCALHOST.into()),
        ),
        text(CHALLENGE, &["relayd-domain-proof=abc"]),
    ])
    .await;
    let dns = Dns::new(Settings {
        servers: vec![resolver],
        authoritative: Vec::new(),
    });
    let answer = dns.last_word(CHALLENGE).await;
    assert_eq!(answer.found, Ok(vec!["relayd-domain-proof=abc".to_owned()]));
    assert_eq!(answer.asked, [format!("resolver {resolver}")]);
}
