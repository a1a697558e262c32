//! The parts of the door under fuzzing; whole sessions are in `session`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is how a finding is told"
)]

mod recorder;
mod reference;
mod session;

use bytes::BytesMut;

use self::recorder::Record;
pub use self::session::session;
use super::{
    Stage,
    body::Intake,
    data::{DotDecoder, TextWatch},
    line::{Line, Received},
    proxy,
    sasl::{Exchange, Outcome},
    syntax::{self, Command, Fault},
};
use crate::{
    fuzzing::{dotted, has_bare_ending, segments, undot},
    model::{Address, BodyEncoding, Reason},
};

/// No line is kept beyond this (RFC 4954 §4).
const LONGEST_LINE: usize = 12_288;

/// Lines and their syntax. The first byte says how the rest is cut; see [`segments`].
///
/// The same lines come of every cut, nothing is kept beyond the longest line, and what a command
/// carries on holds no control character.
pub fn command_line(data: &[u8]) {
    let Some((cut, input)) = data.split_first() else {
        return;
    };
    let whole = lines(&[input]);
    assert_eq!(lines(&segments(*cut, input)), whole, "the cut matters");
    for line in whole {
        if let Line::Complete(line) = line {
            assert!(!line.contains(&b'\n'), "an LF in a line");
            match syntax::parse(&line) {
                Ok(command) => check_command(&line, &command),
                Err(fault) => check_fault(&line, &fault),
            }
        }
    }
}

/// The lines in segments, up to one that ends with a bare LF: there the session ends.
fn lines(segments: &[&[u8]]) -> Vec<Line> {
    let mut received = Received::default();
    let mut lines = Vec::new();
    for segment in segments {
        received.reserve(segment.len()).extend_from_slice(segment);
        while let Some(line) = received.next_line(false) {
            let lost = line == Line::BareLf;
            lines.push(line);
            if lost {
                return lines;
            }
        }
        assert!(received.bytes().len() <= LONGEST_LINE, "a line is hoarded");
    }
    lines
}

fn check_command(line: &[u8], command: &Command) {
    // Tabs at the end are a quirk of some devices, and dropped.
    let shown = String::from_utf8_lossy(line.trim_ascii_end());
    assert!(!shown.contains(char::is_control), "{command:?}");
    match command {
        Command::Helo(name) | Command::Ehlo(name) => assert!(name.chars().count() <= 255),
        Command::Mail(mail) => {
            if let Some(address) = mail.reverse_path.address() {
                check_address(address);
                assert!(mail.smtputf8 || !address.is_international());
            }
            assert!(mail.envelope_id.len() <= 100 && mail.envelope_id.is_ascii());
        }
        Command::Recipient(recipient) => {
            check_address(&recipient.address);
            assert!(recipient.original.len() <= 500);
        }
        Command::Chunk { .. } => assert!(reference::chunk(line).is_some(), "{line:?}"),
        _ => {}
    }
}

fn check_fault(line: &[u8], fault: &Fault) {
    assert!(
        fault.refusal.reason.smtp().is_some(),
        "a refusal without a reply"
    );
    assert!(!fault.address.contains(char::is_control));
    let verb = line.get(..4).unwrap_or_default();
    let is_lost = verb.eq_ignore_ascii_case(b"BDAT") || reference::is_web(line);
    assert_eq!(
        fault.lost_step, is_lost,
        "the session goes on behind an unknown chunk or a request of the web, or ends behind \
         something else: {line:?}"
    );
    assert!(
        reference::chunk(line).is_none(),
        "a chunk is refused: {line:?}"
    );
    assert!(matches!(
        fault.stage,
        Stage::Command | Stage::Auth | Stage::Mail | Stage::Recipient | Stage::Data
    ));
}

/// Addresses, on their own and in a path: what is accepted reads back and disturbs no line.
pub fn address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(address) = text.parse::<Address>() {
        check_address(&address);
        assert_eq!(address.local_part(), &text[..address.local_part().len()]);
        // What is an address is one in a path, too.
        let line = format!("RCPT TO:<{text}>");
        let command = syntax::parse(line.as_bytes());
        assert!(
            matches!(&command, Ok(Command::Recipient(found)) if found.address == address),
            "{line}: {command:?}"
        );
    }
    for line in [
        format!("MAIL FROM:<{text}> SMTPUTF8"),
        format!("MAIL FROM:{text}"),
        format!("RCPT TO:<{text}> ORCPT=rfc822;{text}"),
        format!("RCPT TO:<@relay.example:{text}>"),
    ] {
        match syntax::parse(line.as_bytes()) {
            Ok(command) => check_command(line.as_bytes(), &command),
            Err(fault) => check_fault(line.as_bytes(), &fault),
        }
    }
}

fn check_address(address: &Address) {
    let shown = address.to_string();
    assert_eq!(shown.parse().as_ref(), Ok(address), "it does not read back");
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(shown.len() <= 254 && address.local_part().len() <= 64);
    assert!(address.matches(address) && shown.contains('@'));
    let unquoted = !address.local_part().starts_with('"');
    assert!(
        !(unquoted && shown.contains(['<', '>', ' ', ',', '"'])),
        "{shown}"
    );
}

/// Sign-ins: the first byte chooses the mechanism, the rest is what the client says, in lines.
///
/// Nothing but base64 gives credentials, `*` always ends it, and no control character reaches a
/// log or a query by way of the user name.
pub fn sasl(data: &[u8]) {
    let Some((mechanism, input)) = data.split_first() else {
        return;
    };
    let name = if mechanism % 2 == 0 { "PLAIN" } else { "login" };
    let mut exchange = Exchange::of(name);
    for line in input.split(|byte| *byte == b'\n') {
        let Some(open) = exchange.take() else {
            return;
        };
        let outcome = open.respond(line);
        if line.trim_ascii() == b"*" {
            assert!(matches!(&outcome, Err(refusal) if refusal.reason == Reason::AuthCancelled));
        }
        match outcome {
            Ok((next, Outcome::Challenge(challenge))) => {
                assert!(next.is_some() && challenge.bytes().all(|byte| byte.is_ascii_graphic()));
                exchange = next;
            }
            Ok((next, Outcome::Done(credentials))) => {
                assert!(next.is_none() && is_base64(line));
                assert!(!credentials.username.contains('\0'));
                assert!(!credentials.password.expose().contains('\0'));
            }
            Err(refusal) => assert!(refusal.reason.smtp().is_some()),
        }
    }
}

fn is_base64(line: &[u8]) -> bool {
    let digits = line.trim_ascii();
    digits
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
}

/// Bodies after DATA. The first byte says how the rest is cut; see [`segments`].
///
/// Every cut gives what [`undot`] gives for the whole, neither a bare ending nor NUL is ever
/// missed, and what was dot-stuffed comes back as it was.
pub fn data(data: &[u8]) {
    let Some((cut, input)) = data.split_first() else {
        return;
    };
    for seed in [b'0', b'1', *cut] {
        check_data(seed, input);
        let wire = dotted(input);
        let (body, used, bare, nul) =
            decoded(seed, &wire).unwrap_or_else(|| panic!("no end: {wire:?}"));
        assert_eq!(used, wire.len(), "an end before the end");
        let end = if input.is_empty() || input.ends_with(b"\r\n") {
            ""
        } else {
            "\r\n"
        };
        assert_eq!(
            body,
            [input, end.as_bytes()].concat(),
            "not what was stuffed"
        );
        assert_eq!(bare, has_bare_ending(&body));
        assert_eq!(nul, body.contains(&0));
    }
}

fn check_data(seed: u8, input: &[u8]) {
    match (decoded(seed, input), undot(input)) {
        (None, None) => {}
        (Some((body, used, bare, nul)), Some((expected, rest))) => {
            assert_eq!(used, input.len() - rest.len(), "the end is elsewhere");
            let raw = &input[..used];
            assert_eq!(
                bare,
                has_bare_ending(raw),
                "a bare ending is missed or made up"
            );
            assert_eq!(nul, raw.contains(&0), "NUL is missed or made up");
            assert_eq!(body, expected);
        }
        (found, expected) => panic!("{found:?} instead of {expected:?}"),
    }
}

/// The body in `input`, how much of it was used, and whether it holds a bare ending and NUL.
fn decoded(seed: u8, input: &[u8]) -> Option<(Vec<u8>, usize, bool, bool)> {
    let mut decoder = DotDecoder::new();
    let mut body = BytesMut::new();
    let mut used = 0;
    for segment in segments(seed, input) {
        let step = decoder.decode(segment, &mut body);
        assert!(step.used <= segment.len());
        used += step.used;
        if step.ended {
            let (bare, nul) = (decoder.met_bare_ending(), decoder.met_nul());
            return Some((body.to_vec(), used, bare, nul));
        }
        assert_eq!(step.used, segment.len(), "bytes are left over");
    }
    None
}

/// Bodies that come by BDAT: the first byte gives the encoding, the second the cut, then the body.
///
/// Text is refused when and only when it holds a bare ending or NUL, in whatever chunks and
/// segments it comes; anything may come as BINARYMIME; what is over the limit is refused; what
/// reaches the sink is what was sent.
pub fn bdat(data: &[u8]) {
    let [kind, cut, body @ ..] = data else {
        return;
    };
    let encoding = match kind % 3 {
        0 => BodyEncoding::SevenBit,
        1 => BodyEncoding::EightBit,
        _ => BodyEncoding::Binary,
    };
    let limit = if kind % 5 == 0 { 512 } else { 1 << 20 };
    let is_text = encoding != BodyEncoding::Binary;
    let bare = is_text && has_bare_ending(body);
    let nul = is_text && body.contains(&0);
    let mut watch = TextWatch::default();
    for segment in segments(*cut, body) {
        watch.check(segment);
    }
    assert_eq!(watch.ends_bare(), has_bare_ending(body));
    assert_eq!(watch.met_nul(), body.contains(&0));

    let record = Record::default();
    let outcome = session::run(async {
        let mut intake = Intake::new(record.sink(), limit, encoding, None);
        intake.announce(body.len() as u64);
        for segment in segments(*cut, body) {
            intake.take_chunk(segment);
            intake.pass_on(session::PATIENCE).await;
        }
        intake.finish(session::PATIENCE).await
    });
    let reason = outcome.err().map(|refusal| refusal.reason);
    if body.len() as u64 > limit {
        assert_eq!(reason, Some(Reason::MessageTooLarge));
    } else if bare && nul {
        // Which of them is told depends on the cut.
        let reasons = [Reason::BareLineEnding, Reason::UnsupportedContent];
        assert!(reason.is_some_and(|reason| reasons.contains(&reason)));
    } else if bare {
        assert_eq!(reason, Some(Reason::BareLineEnding));
    } else if nul {
        assert_eq!(reason, Some(Reason::UnsupportedContent));
    } else {
        assert_eq!(reason, None);
    }
    let taken = if reason.is_none() {
        vec![body.to_vec()]
    } else {
        Vec::new()
    };
    assert_eq!(record.bodies(), taken, "not what was sent");
}

/// What a proxy sends ahead of the connection that it passes on.
///
/// No byte too few or too many is taken: every beginning of a header asks for more, what follows
/// a header changes nothing, what is wrong stays wrong, and there is an end to asking.
pub fn proxy_header(data: &[u8]) {
    let whole = proxy::parse(data);
    match &whole {
        Ok(None) => assert!(data.len() < 16 + 4096, "it never has enough"),
        Ok(Some(header)) => {
            assert!((8..=data.len()).contains(&header.length));
            let client = header.client.map(|client| client.ip());
            assert_eq!(
                client.map(|ip| ip.to_canonical()),
                client,
                "an IPv4 client in IPv6"
            );
            let longer = [data, b"\r\nQUIT\r\n"].concat();
            assert_eq!(proxy::parse(&longer), whole, "what follows matters");
        }
        Err(_) => {}
    }
    let needed = whole.as_ref().map_or(data.len(), |header| {
        header.map_or(data.len(), |header| header.length)
    });
    for length in 0..data.len().min(300) {
        let part = proxy::parse(&data[..length]);
        match (&part, &whole) {
            (Ok(None), _) => assert!(length < needed || whole.is_err(), "it asks for too much"),
            (Err(_), Err(_)) => {}
            _ => assert!(
                length >= needed && part == whole,
                "{part:?}, then {whole:?}"
            ),
        }
    }
}
