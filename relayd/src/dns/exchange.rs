//! One question to one server: over UDP, over TCP where the answer does not fit.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{Name, RecordType},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

/// How long a server has for one try.
const PATIENCE: Duration = Duration::from_secs(2);
/// Datagrams get lost.
const TRIES: u32 = 2;
/// What fits into a datagram everywhere without fragments, which can be forged (RFC 9715).
const DATAGRAM: u16 = 1232;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// Nothing came.
    #[error("no answer")]
    Silent,
    /// It cannot be reached.
    #[error("{0}")]
    Unreachable(#[from] io::Error),
    /// It says that it cannot or does not want to answer.
    #[error("it answers {0}")]
    Refused(ResponseCode),
    /// What came is no answer to this question.
    #[error("its answer makes no sense")]
    Senseless,
}

/// Whether the server may ask others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recursion {
    Wanted,
    Unwanted,
}

/// Asks a server for records. That there are none, and that there is no such name, is an answer.
pub(super) async fn ask(
    server: SocketAddr,
    name: &Name,
    kind: RecordType,
    recursion: Recursion,
) -> Result<Message, AskError> {
    let mut question = Message::query();
    // The port is random as well: the system chooses it for each question.
    question.metadata.id = rand::random();
    question.metadata.recursion_desired = recursion == Recursion::Wanted;
    question.add_query(Query::query(name.clone(), kind));
    let mut edns = Edns::new();
    edns.set_max_payload(DATAGRAM);
    question.set_edns(edns);
    let bytes = question.to_vec().map_err(|_| AskError::Senseless)?;

    let mut reply = Err(AskError::Silent);
    for _ in 0..TRIES {
        reply = match timeout(PATIENCE, by_datagram(server, &question, &bytes)).await {
            Ok(reply) => reply,
            Err(_) => Err(AskError::Silent),
        };
        if !matches!(reply, Err(AskError::Silent)) {
            break;
        }
    }
    let mut reply = reply?;
    if reply.metadata.truncation {
        let work = by_stream(server, &question, &bytes);
        reply = timeout(PATIENCE, work)
            .await
            .map_err(|_| AskError::Silent)??;
    }
    match reply.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(reply),
        code => Err(AskError::Refused(code)),
    }
}

async fn by_datagram(
    server: SocketAddr,
    question: &Message,
    bytes: &[u8],
) -> Result<Message, AskError> {
    let own: SocketAddr = if server.is_ipv4() {
        (Ipv4Addr::UNSPECIFIED, 0).into()
    } else {
        (Ipv6Addr::UNSPECIFIED, 0).into()
    };
    let socket = UdpSocket::bind(own).await?;
    // Datagrams of others are dropped by the system from now on.
    socket.connect(server).await?;
    socket.send(bytes).await?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        let datagram = buffer.get(..length).unwrap_or_default();
        // Whoever guesses wrong does not keep the right answer away.
        if let Some(reply) = Message::from_vec(datagram)
            .ok()
            .filter(|it| answers(it, question))
        {
            return Ok(reply);
        }
    }
}

async fn by_stream(
    server: SocketAddr,
    question: &Message,
    bytes: &[u8],
) -> Result<Message, AskError> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(bytes.len()).map_err(|_| AskError::Senseless)?;
    stream
        .write_all(&[&length.to_be_bytes(), bytes].concat())
        .await?;
    let length = stream.read_u16().await?;
    let mut buffer = vec![0; usize::from(length)];
    stream.read_exact(&mut buffer).await?;
    Message::from_vec(&buffer)
        .ok()
        .filter(|reply| answers(reply, question) && !reply.metadata.truncation)
        .ok_or(AskError::Senseless)
}

/// Whether a message is a reply to this question (RFC 5452 §3).
fn answers(reply: &Message, question: &Message) -> bool {
    let (given, asked) = (&reply.metadata, &question.metadata);
    given.message_type == MessageType::Response
        && given.op_code == OpCode::Query
        && given.id == asked.id
        && match (reply.queries.as_slice(), question.queries.as_slice()) {
            ([given], [asked]) => {
                given.name.eq_ignore_root(&asked.name)
                    && given.query_type == asked.query_type
                    && given.query_class == asked.query_class
            }
            _ => false,
        }
}
