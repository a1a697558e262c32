//! A model of the dialogue that has both sides before it, whole. It shares no code with the door,
//! decides nothing that the replies decide, and knows only framing: what is a line, where a body
//! ends, which reply belongs to what.

use crate::fuzzing::{has_bare_ending, undot};

const COMMAND_LIMIT: usize = 2048;
/// A handshake record of TLS 1.0 to 1.3 (RFC 8446 §5.1).
const TLS_RECORD: [u8; 2] = [0x16, 3];

/// A reply of one line or several.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reply {
    code: u16,
    text: String,
}

/// Where the dialogue stands.
struct Model<'a> {
    input: &'a [u8],
    replies: std::vec::IntoIter<Reply>,
    signed_in: bool,
    /// MAIL was accepted, and how many RCPT since.
    transaction: Option<usize>,
    /// The last reply was 334.
    in_exchange: bool,
    /// Chunks that were accepted, of a message that is not complete.
    chunks: Option<Vec<u8>>,
    /// DATA was refused, and no command has come since: what comes may be its body.
    may_be_body: bool,
    taken: Vec<Vec<u8>>,
}

/// Whether anything can follow.
#[derive(PartialEq, Eq)]
enum Next {
    More,
    End,
}

/// The bodies that were accepted in a dialogue of `input` and `said`. Panics when they do not fit
/// each other.
pub(super) fn bodies(input: &[u8], said: &[u8]) -> Vec<Vec<u8>> {
    let mut replies = replies(said).into_iter();
    let greeting = replies.next();
    assert_eq!(greeting.map(|reply| reply.code), Some(220), "no greeting");
    let mut model = Model {
        input,
        replies,
        signed_in: false,
        transaction: None,
        in_exchange: false,
        chunks: None,
        may_be_body: false,
        taken: Vec::new(),
    };
    while model.step() == Next::More {}
    assert_eq!(model.replies.next(), None, "a reply to nothing");
    model.taken
}

impl Model<'_> {
    /// One line with what belongs to it.
    fn step(&mut self) -> Next {
        // A TLS handshake where a line should begin is no dialogue: it is told so, and closed.
        if self.input.starts_with(&TLS_RECORD) {
            self.expect(554, "a TLS handshake");
            return Next::End;
        }
        let Some(end) = self.input.iter().position(|byte| *byte == b'\n') else {
            return Next::End;
        };
        let (line, rest) = self.input.split_at(end + 1);
        self.input = rest;
        let Some(line) = line.strip_suffix(b"\r\n") else {
            self.expect(500, "a bare LF");
            return Next::End;
        };
        let is_auth = line
            .get(..5)
            .is_some_and(|verb| verb.eq_ignore_ascii_case(b"AUTH "));
        if line.len() + 2 > COMMAND_LIMIT && !is_auth && !self.in_exchange {
            self.expect(500, "an overlong line");
            return self.unless_lost(self.may_be_body);
        }
        if std::mem::take(&mut self.in_exchange) {
            return self.response();
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        if verb == b"BDAT" {
            return self.chunk(line);
        }
        let reply = self.reply();
        // Tabs at the end are a quirk of some devices, and dropped.
        let text = String::from_utf8_lossy(line.trim_ascii_end());
        if text.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
            assert!(reply.code >= 500, "control bytes in a command");
        }
        let is_lost = reply.code >= 500 && (is_web(line) || self.may_be_body);
        self.may_be_body =
            reply.code >= 400 && (verb == b"DATA" || (self.may_be_body && reply.code >= 500));
        match (verb.as_slice(), reply.code) {
            (_, 221) | (b"STAR", 554) => return Next::End,
            (b"STAR", 220) => {
                // What was said in the clear is forgotten.
                self.signed_in = false;
                self.abandon();
            }
            (b"AUTH", 334) => self.in_exchange = true,
            (b"AUTH", 235) => self.signed_in = true,
            // DATA: what could not be begun is over.
            (b"EHLO" | b"HELO" | b"RSET", 250) | (b"DATA", 400..500) => self.abandon(),
            (b"MAIL", 250) => {
                assert!(self.signed_in, "MAIL without sign-in");
                assert_eq!(self.transaction.replace(0), None, "MAIL within MAIL");
            }
            (b"RCPT", 250) => match &mut self.transaction {
                Some(count) => *count += 1,
                None => panic!("RCPT without MAIL"),
            },
            (b"DATA", 354) => return self.data(),
            // What was begun by BDAT is over; a DATA that did not fit leaves the rest.
            (b"DATA", 503) if self.chunks.is_some() => self.abandon(),
            (_, 235 | 334 | 354) => panic!("{reply:?} to {text}"),
            _ => {}
        }
        self.unless_lost(is_lost || (verb == b"DATA" && reply.code >= 400))
    }

    /// The session may end where nobody can tell commands from a body, and says no more.
    fn unless_lost(&mut self, may_end: bool) -> Next {
        if may_end && self.replies.as_slice().is_empty() {
            return Next::End;
        }
        self.unless_closed()
    }

    /// A line within AUTH.
    fn response(&mut self) -> Next {
        match self.reply().code {
            235 => self.signed_in = true,
            334 => self.in_exchange = true,
            code => assert!(code >= 400, "{code} within AUTH"),
        }
        self.unless_closed()
    }

    fn data(&mut self) -> Next {
        assert!(
            self.transaction.is_some_and(|count| count > 0),
            "no recipient"
        );
        assert!(self.chunks.is_none(), "DATA behind BDAT");
        let Some((body, rest)) = undot(self.input) else {
            return Next::End;
        };
        self.input = rest;
        match self.reply().code {
            250 => {
                assert!(!body.contains(&0), "NUL in text");
                self.take(body);
            }
            code => assert!(code >= 400),
        }
        self.abandon();
        self.unless_closed()
    }

    fn chunk(&mut self, line: &[u8]) -> Next {
        let Some((size, last)) = chunk(line) else {
            let code = self.reply().code;
            assert!((500..=501).contains(&code), "{code} to a chunk of no size");
            self.unless_closed();
            return Next::End;
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let Some((bytes, rest)) = self.input.split_at_checked(size) else {
            return Next::End;
        };
        self.input = rest;
        let code = self.reply().code;
        if code != 250 {
            // Without a recipient nothing was begun, and the transaction may go on.
            if self.transaction.is_some_and(|count| count > 0) {
                self.abandon();
            }
            return self.unless_closed();
        }
        assert!(
            self.transaction.is_some_and(|count| count > 0),
            "no recipient"
        );
        let mut body = self.chunks.take().unwrap_or_default();
        body.extend_from_slice(bytes);
        if last {
            self.take(body);
            self.abandon();
        } else {
            self.chunks = Some(body);
        }
        self.unless_closed()
    }

    fn take(&mut self, body: Vec<u8>) {
        assert!(self.signed_in, "a mail of a stranger");
        assert!(
            body.len() as u64 <= super::recorder::SIZE_LIMIT,
            "too large"
        );
        self.taken.push(body);
    }

    /// Forgets what the transaction was about.
    fn abandon(&mut self) {
        self.transaction = None;
        self.chunks = None;
    }

    fn reply(&mut self) -> Reply {
        let Some(reply) = self.replies.next() else {
            panic!("no reply; ahead: {:?}", String::from_utf8_lossy(self.input));
        };
        reply
    }

    fn expect(&mut self, code: u16, what: &str) {
        let reply = self.reply();
        assert_eq!(reply.code, code, "{what}: {reply:?}");
    }

    /// 421 follows a reply when the session has had enough.
    fn unless_closed(&mut self) -> Next {
        match self.replies.as_slice().first() {
            Some(Reply { code: 421, .. }) => {
                self.replies.next();
                Next::End
            }
            _ => Next::More,
        }
    }
}

/// Size and LAST of a BDAT line (RFC 3030 §2), with the spaces that we allow, and tabs at its end.
pub(super) fn chunk(line: &[u8]) -> Option<(u64, bool)> {
    let text = std::str::from_utf8(line)
        .ok()?
        .trim_end_matches([' ', '\t']);
    let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (verb, size, last) = match words.as_slice() {
        [verb, size] => (verb, size, None),
        [verb, size, last] => (verb, size, Some(last)),
        _ => return None,
    };
    let digits = size.len() <= 20 && size.chars().all(|c| c.is_ascii_digit());
    let lawful = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && verb.eq_ignore_ascii_case("BDAT")
        && last.is_none_or(|last| last.eq_ignore_ascii_case("LAST"));
    (digits && lawful)
        .then(|| size.parse().ok())?
        .map(|size| (size, last.is_some()))
}

/// Whether a line is the first of an HTTP request (RFC 9110 §9), in any case and with any end.
pub(super) fn is_web(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    let text = text.trim_end_matches([' ', '\t']);
    let verb = text.split(' ').next().unwrap_or_default();
    let methods = ["GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT"];
    let is_method = methods.iter().any(|it| it.eq_ignore_ascii_case(verb));
    is_method && !text.contains(char::is_control)
}

/// Cuts what was said into replies; each must be as RFC 5321 §4.2 wants it.
fn replies(said: &[u8]) -> Vec<Reply> {
    let Ok(said) = std::str::from_utf8(said) else {
        panic!("a reply that is no text");
    };
    assert!(!has_bare_ending(said.as_bytes()), "{said:?}");
    let mut replies: Vec<Reply> = Vec::new();
    let mut open: Option<Reply> = None;
    for line in said.split_inclusive("\r\n") {
        let Some(line) = line.strip_suffix("\r\n") else {
            panic!("half a line: {line:?}");
        };
        assert!(
            line.len() <= 510 && line.chars().all(|c| (' '..='~').contains(&c)),
            "{line:?}"
        );
        let (code, text) = line.split_at_checked(3).unwrap_or_default();
        let Ok(code) = code.parse::<u16>() else {
            panic!("no code: {line:?}");
        };
        assert!((200..600).contains(&code), "{line:?}");
        let reply = open.get_or_insert(Reply {
            code,
            text: String::new(),
        });
        assert_eq!(reply.code, code, "two codes in one reply");
        if code >= 400 {
            let class = text.get(1..3).unwrap_or_default();
            assert_eq!(class, format!("{}.", code / 100), "{line:?}");
        }
        match text.as_bytes().first() {
            Some(b'-') => reply.text.push_str(text),
            Some(b' ') => {
                reply.text.push_str(text);
                replies.extend(open.take());
            }
            _ => panic!("{line:?}"),
        }
    }
    assert_eq!(open, None, "a reply without its last line");
    replies
}
