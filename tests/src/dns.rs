//! A DNS server on loopback that serves what it is told, and has the last word on everything.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result};
use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record,
        rdata::{A, MX, TXT},
    },
};

/// How soon the server notices that it is not wanted any more.
const NOTICE: Duration = Duration::from_millis(100);

type Texts = BTreeMap<String, Vec<RData>>;

/// A server of TXT, MX and A records. It ends with the value.
pub struct DnsServer {
    address: SocketAddr,
    texts: Arc<Mutex<Texts>>,
    is_failing: Arc<AtomicBool>,
    has_ended: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl DnsServer {
    /// Starts one on a free port that knows nothing yet.
    pub fn start() -> Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context("binding a socket")?;
        socket.set_read_timeout(Some(NOTICE))?;
        let address = socket.local_addr()?;
        let texts = Arc::new(Mutex::new(Texts::new()));
        let is_failing = Arc::new(AtomicBool::new(false));
        let has_ended = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let serving = Serving {
            socket,
            answered: Arc::clone(&answered),
            texts: Arc::clone(&texts),
            is_failing: Arc::clone(&is_failing),
            has_ended: Arc::clone(&has_ended),
        };
        Ok(Self {
            address,
            texts,
            is_failing,
            has_ended,
            answered,
            thread: Some(std::thread::spawn(move || serving.run())),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves these TXT records at a name, in place of those before.
    pub fn publish(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| (*text).to_owned());
        let texts = texts.map(|text| RData::TXT(TXT::new(vec![text])));
        lock(&self.texts).insert(name.to_owned(), texts.collect());
    }

    /// Serves these MX records at a name, in place of what was there before: preference and host.
    pub fn publish_mx(&self, name: &str, hosts: &[(u16, &str)]) -> Result<()> {
        let record = |(preference, host): &(u16, &str)| -> Result<RData> {
            Ok(RData::MX(MX::new(
                *preference,
                Name::from_ascii(format!("{host}."))?,
            )))
        };
        let records = hosts.iter().map(record).collect::<Result<_>>()?;
        lock(&self.texts).insert(name.to_owned(), records);
        Ok(())
    }

    /// Serves this address at a name, in place of what was there before.
    pub fn publish_address(&self, name: &str, address: Ipv4Addr) {
        let records = vec![RData::A(A(address))];
        lock(&self.texts).insert(name.to_owned(), records);
    }

    /// How many questions it has answered.
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }

    /// Answers everything with SERVFAIL, or not any more.
    pub fn fail(&self, fails: bool) {
        self.is_failing.store(fails, Ordering::SeqCst);
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A panic of it has failed the test by missing answers.
            let _ = thread.join();
        }
    }
}

struct Serving {
    socket: UdpSocket,
    answered: Arc<AtomicUsize>,
    texts: Arc<Mutex<Texts>>,
    is_failing: Arc<AtomicBool>,
    has_ended: Arc<AtomicBool>,
}

impl Serving {
    fn run(self) {
        let mut buffer = [0; 4096];
        while !self.has_ended.load(Ordering::SeqCst) {
            let Ok((length, client)) = self.socket.recv_from(&mut buffer) else {
                continue;
            };
            let datagram = buffer.get(..length).unwrap_or_default();
            let reply = Message::from_vec(datagram).ok().map(|it| self.reply(&it));
            if let Some(bytes) = reply.and_then(|reply| reply.to_vec().ok()) {
                // Who has gone away needs no answer.
                let _ = self.socket.send_to(&bytes, client);
                self.answered.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    fn reply(&self, question: &Message) -> Message {
        let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
        reply.metadata.authoritative = true;
        reply.queries.clone_from(&question.queries);
        if self.is_failing.load(Ordering::SeqCst) {
            reply.metadata.response_code = ResponseCode::ServFail;
            return reply;
        }
        let Some(query) = question.queries.first() else {
            return reply;
        };
        let texts = lock(&self.texts);
        let Some(known) = texts.get(&key(&query.name)) else {
            reply.metadata.response_code = ResponseCode::NXDomain;
            return reply;
        };
        let asked = known
            .iter()
            .filter(|data| data.record_type() == query.query_type);
        let record = |data: &RData| Record::from_rdata(query.name.clone(), 60, data.clone());
        reply.answers = asked.map(record).collect();
        reply
    }
}

fn key(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_lowercase()
}

fn lock(texts: &Mutex<Texts>) -> MutexGuard<'_, Texts> {
    texts.lock().unwrap_or_else(PoisonError::into_inner)
}
