//! Server-sent events (WHATWG HTML, "Server-sent events"), read as they come.
//!
//! A stream has no end of its own, so there is no time for the whole of it: what must come in time
//! is the beginning of the answer, and then at least the comments by which relayd says that it is
//! alive.

use std::sync::Arc;
use std::time::Duration;

use relay_proto::HEARTBEAT;
use tokio::sync::Notify;

use super::fault::{Fault, no_answer};
use super::refusal::refusal;
use super::transport::Transport;
use super::{Client, Connection, Reply, trace};
use crate::error::{Exit, Failure};
use crate::signals::{self, SignalKind};

/// Without a word of relayd for this long, the connection is broken.
const SILENCE: Duration = Duration::from_millis(HEARTBEAT.as_secs() * 2500);
/// No event is larger.
const EVENT_MAX: usize = 4 * 1024 * 1024;

/// An event of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServerEvent {
    /// The JSON.
    pub(crate) data: String,
}

/// A client that reads streams; Ctrl-C ends it.
#[derive(Debug)]
pub(crate) struct Follower<'c> {
    transport: &'c Transport,
    connection: &'c Connection,
    path: String,
    query: Vec<(String, String)>,
    interrupt: Arc<Notify>,
    parser: Parser,
    response: Option<reqwest::Response>,
}

impl Client {
    /// A reader of the stream of an endpoint; nothing is sent yet.
    pub(crate) fn follow<E: relay_proto::Endpoint>(
        &self,
        path: &E::Path,
        query: &E::Query,
    ) -> Result<Follower<'_>, Failure> {
        Ok(Follower {
            transport: self.transport()?,
            connection: &self.connection,
            path: super::filled::<E>(path)?,
            query: super::pairs(&super::object(query)?),
            interrupt: signals::notice(SignalKind::interrupt()),
            parser: Parser::default(),
            response: None,
        })
    }
}

impl Follower<'_> {
    /// Asks for the stream: from the beginning, or where it broke off.
    pub(crate) fn open(&mut self) -> Result<(), Failure> {
        self.response = None;
        self.parser.reset();
        let last = self.parser.last_id.as_deref();
        let request =
            self.transport
                .stream_request(self.connection, &self.path, &self.query, last)?;
        let timeout = self.connection.timeout;
        let work = async {
            let response = self.transport.http.execute(request).await;
            let response = response.map_err(Fault::Http)?;
            if response.status().is_success() {
                return Ok(Ok(response));
            }
            // A refusal ends, and must come in time as a whole.
            Reply::read(response).await.map(Err)
        };
        let answer = self.transport.runtime.block_on(async {
            tokio::select! {
                answer = tokio::time::timeout(timeout, work) => Some(answer),
                () = self.interrupt.notified() => None,
            }
        })?;
        let answer = match answer {
            None => return Err(Failure::silent(Exit::Interrupted)),
            Some(Err(_)) => return Err(silent_relayd(self.connection, timeout)),
            Some(Ok(answer)) => answer.map_err(|fault| fault.explain(self.connection, timeout))?,
        };
        if self.connection.trace {
            match &answer {
                // What it tells is printed by whoever follows.
                Ok(response) => trace::reply(response.status(), response.headers(), ""),
                Err(reply) => trace::reply(reply.status, &reply.headers, &reply.text),
            }
        }
        let response = answer.map_err(|reply| refusal(&self.connection.target.endpoint, &reply))?;
        self.response = Some(response);
        Ok(())
    }

    /// The next event. `None` when the stream has ended; a failure when it broke.
    pub(crate) fn next(&mut self) -> Result<Option<ServerEvent>, Failure> {
        loop {
            if let Some(event) = self.parser.next()? {
                return Ok(Some(event));
            }
            let Some(response) = &mut self.response else {
                return Ok(None);
            };
            let chunk = self.transport.runtime.block_on(async {
                tokio::select! {
                    chunk = tokio::time::timeout(SILENCE, response.chunk()) => Some(chunk),
                    () = self.interrupt.notified() => None,
                }
            })?;
            match chunk {
                None => return Err(Failure::silent(Exit::Interrupted)),
                Some(Err(_)) => return Err(silent_relayd(self.connection, SILENCE)),
                Some(Ok(Err(error))) => {
                    return Err(Fault::Http(error).explain(self.connection, SILENCE));
                }
                Some(Ok(Ok(None))) => {
                    self.response = None;
                    return Ok(None);
                }
                Some(Ok(Ok(Some(bytes)))) => self.parser.push(&bytes),
            }
        }
    }

    /// Waits, unless Ctrl-C ends it.
    pub(crate) fn pause(&mut self, pause: Duration) -> Result<(), Failure> {
        let over = self.transport.runtime.block_on(async {
            tokio::select! {
                () = tokio::time::sleep(pause) => true,
                () = self.interrupt.notified() => false,
            }
        })?;
        if over {
            Ok(())
        } else {
            Err(Failure::silent(Exit::Interrupted))
        }
    }
}

fn silent_relayd(connection: &Connection, time: Duration) -> Failure {
    let cause = format!("nothing came for {} s", time.as_secs_f64());
    no_answer(connection, cause).hint("repeat it; relayctl doctor looks at relayd")
}

/// Takes a stream apart.
#[derive(Debug, Default)]
struct Parser {
    bytes: Vec<u8>,
    data: String,
    /// The id of what is being read.
    id: Option<String>,
    /// Where the stream goes on when it broke.
    last_id: Option<String>,
}

impl Parser {
    /// Forgets what was not complete.
    fn reset(&mut self) {
        self.bytes.clear();
        self.data.clear();
        self.id = None;
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next event that is complete.
    fn next(&mut self) -> Result<Option<ServerEvent>, Failure> {
        let mut read = 0;
        let mut event = None;
        while let Some(length) = self.bytes[read..].iter().position(|byte| *byte == b'\n') {
            let line = &self.bytes[read..read + length];
            let line =
                String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
            read += length + 1;
            if line.is_empty() {
                if let Some(id) = self.id.take() {
                    self.last_id = Some(id);
                }
                if !self.data.is_empty() {
                    let data = std::mem::take(&mut self.data);
                    event = Some(ServerEvent { data });
                    break;
                }
            } else {
                self.field(&line);
            }
        }
        self.bytes.drain(..read);
        if self.bytes.len() + self.data.len() > EVENT_MAX {
            let cause = "an event is larger than any of relayd's";
            return Err(Failure::not_understood(cause));
        }
        Ok(event)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            // Comments, the type (which is in the JSON, too) and the pause of browsers.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(parser: &mut Parser) -> Vec<String> {
        std::iter::from_fn(|| parser.next().unwrap())
            .map(|event| event.data)
            .collect()
    }

    #[test]
    fn a_stream_is_read_however_it_is_cut() {
        let text = "retry: 2000\nid: 1-0\n\n: alive\n\nid: 2-0\nevent: delivered\ndata: {\"a\":1}\n\n\
                    id: 3-0\r\ndata:x\r\ndata: y\r\n\r\nid: 4-0\ndata: cut";
        for size in [1, 3, text.len()] {
            let mut parser = Parser::default();
            let mut found = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                parser.push(piece);
                found.extend(events(&mut parser));
            }
            assert_eq!(found, ["{\"a\":1}", "x\ny"]);
            assert_eq!(parser.last_id.as_deref(), Some("3-0"));
        }
    }

    #[test]
    fn an_id_alone_moves_the_place_and_a_broken_event_does_not() {
        let mut parser = Parser::default();
        parser.push(b"id: 7-1\n\nid: 8-1\ndata: half");
        assert!(events(&mut parser).is_empty());
        parser.reset();
        parser.push(b"data: whole\n\n");
        assert_eq!(events(&mut parser), ["whole"]);
        assert_eq!(parser.last_id.as_deref(), Some("7-1"));
    }
}
