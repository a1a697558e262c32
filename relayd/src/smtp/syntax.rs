//! Bytes to commands (RFC 5321 §4.1, RFC 4954, RFC 3030).
//!
//! Strict where safety is at stake (control bytes, numbers, quotes), tolerant of what devices are
//! known to do and nobody can misread: spaces around paths, missing angle brackets, any case,
//! trailing spaces, host names of any kind. Each such quirk is noted.

use std::net::IpAddr;

use super::{
    MailParameters, Stage, parameters,
    quirk::{Quirk, Quirks},
};
use crate::model::{Address, Reason, Recipient, Refusal, ReversePath, Secret};

/// Longest HELO name that is kept.
const HELO_LIMIT: usize = 255;

/// A command that can be carried out.
#[derive(Debug)]
pub(super) enum Command {
    /// HELO with the name of the client, which may be anything.
    Helo(String),
    /// EHLO with the name of the client, which may be anything.
    Ehlo(String),
    /// STARTTLS.
    StartTls,
    /// AUTH with the initial response, still in base64.
    Auth {
        mechanism: String,
        initial: Option<Secret>,
    },
    /// MAIL.
    Mail(MailParameters),
    /// RCPT.
    Recipient(Recipient),
    /// DATA.
    Data,
    /// BDAT.
    Chunk { size: u64, last: bool },
    /// RSET.
    Reset,
    /// NOOP.
    Noop,
    /// VRFY.
    Verify,
    /// HELP, with what it is asked about.
    Help(String),
    /// QUIT.
    Quit,
}

/// Why a line is no command.
#[derive(Debug)]
pub(super) struct Fault {
    /// The verb it concerns.
    pub(super) stage: Stage,
    /// What to answer.
    pub(super) refusal: Refusal,
    /// The address that could not be read, for the log of refusals.
    pub(super) address: String,
    /// Nobody can tell where the next command starts: the session must end.
    pub(super) lost_step: bool,
}

impl Fault {
    fn new(stage: Stage, refusal: impl Into<Refusal>) -> Self {
        Self {
            stage,
            refusal: refusal.into(),
            address: String::new(),
            lost_step: false,
        }
    }
}

/// Reads one line without its CRLF.
#[cfg(any(test, fuzzing))]
pub(super) fn parse(line: &[u8]) -> Result<Command, Fault> {
    read(line, &mut Quirks::default())
}

/// Reads one line without its CRLF, and notes what is odd about it.
pub(super) fn read(line: &[u8], quirks: &mut Quirks) -> Result<Command, Fault> {
    command(line, quirks).map_err(|mut fault| {
        // The size of the chunk is unknown: reading on would take its bytes for commands.
        fault.lost_step |= line
            .get(..4)
            .is_some_and(|verb| verb.eq_ignore_ascii_case(b"BDAT"));
        fault
    })
}

fn command(line: &[u8], quirks: &mut Quirks) -> Result<Command, Fault> {
    let trimmed = trim_end(line);
    quirks.add_if(trimmed.len() < line.len(), Quirk::TrailingSpace);
    let text = printable(trimmed)?;
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    quirks.add_if(rest.starts_with(' '), Quirk::ExtraSpace);
    let rest = rest.trim_start_matches(' ');
    let capitals = verb.to_ascii_uppercase();
    quirks.add_if(capitals != verb, Quirk::LowerCaseVerb);
    match capitals.as_str() {
        "EHLO" => Ok(Command::Ehlo(name(rest, quirks))),
        "HELO" => Ok(Command::Helo(name(rest, quirks))),
        "MAIL" => mail(rest, quirks),
        "RCPT" => recipient(rest, quirks),
        "BDAT" => chunk(rest),
        "AUTH" => auth(rest),
        "DATA" => without_argument(Stage::Data, rest, Command::Data),
        "STARTTLS" => without_argument(Stage::Command, rest, Command::StartTls),
        "RSET" => without_argument(Stage::Command, rest, Command::Reset),
        "QUIT" => {
            quirks.add_if(!rest.is_empty(), Quirk::StrayArgument);
            Ok(Command::Quit)
        }
        "NOOP" => Ok(Command::Noop),
        "VRFY" if rest.is_empty() => Err(syntax(Stage::Command, "the form is VRFY name")),
        "VRFY" => Ok(Command::Verify),
        "HELP" => Ok(Command::Help(rest.to_ascii_uppercase())),
        "EXPN" | "ETRN" | "TURN" | "ATRN" | "SEND" | "SOML" | "SAML" | "BURL" | "XCLIENT"
        | "XFORWARD" => Err(Fault::new(Stage::Command, Reason::NotImplemented)),
        "GET" | "POST" | "PUT" | "HEAD" | "OPTIONS" | "CONNECT" => Err(not_smtp()),
        _ => Err(Fault::new(Stage::Command, Reason::SyntaxError)),
    }
}

/// HTTP: what follows is a request that a browser was made to send, and may hold lines that look
/// like commands. None of them is read.
fn not_smtp() -> Fault {
    let refusal = Refusal::new(Reason::SyntaxError, "this is no web server");
    Fault {
        lost_step: true,
        ..Fault::new(Stage::Command, refusal)
    }
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | b'\t'))
        .map_or(0, |last| last + 1);
    line.get(..end).unwrap_or_default()
}

/// Control characters have no place in a command; CR is among them, LF cannot occur. Those beyond
/// ASCII are as bad for a terminal that shows the log.
fn printable(line: &[u8]) -> Result<&str, Fault> {
    let refused = |what| Fault::new(Stage::Command, Refusal::new(Reason::SyntaxError, what));
    let text = std::str::from_utf8(line).map_err(|_| refused("it is not UTF-8"))?;
    if text.contains(char::is_control) {
        return Err(refused("it holds a control character"));
    }
    Ok(text)
}

fn name(text: &str, quirks: &mut Quirks) -> String {
    if let Some(quirk) = oddity(text) {
        quirks.add(quirk);
    }
    text.chars().take(HELO_LIMIT).collect()
}

/// What is odd about the name of a client, if anything is (RFC 5321 §4.1.4).
fn oddity(name: &str) -> Option<Quirk> {
    if name.is_empty() {
        return Some(Quirk::EmptyHelo);
    }
    if name.parse::<IpAddr>().is_ok() {
        return Some(Quirk::RawAddressHelo);
    }
    // A name is a domain where a mail address could have it.
    match format!("x@{name}").parse::<Address>() {
        Err(_) => Some(Quirk::UnusualHelo),
        Ok(_) if name.starts_with('[') => None,
        Ok(_) if name.contains('_') => Some(Quirk::UnderscoreHelo),
        Ok(_) if !name.contains('.') => Some(Quirk::UnqualifiedHelo),
        Ok(_) => None,
    }
}

fn without_argument(stage: Stage, rest: &str, command: Command) -> Result<Command, Fault> {
    if rest.is_empty() {
        return Ok(command);
    }
    let refusal = Refusal::new(Reason::BadParameter, "this command takes none");
    Err(Fault::new(stage, refusal))
}

fn auth(rest: &str) -> Result<Command, Fault> {
    let mut words = rest.split_ascii_whitespace();
    let mechanism = words.next().unwrap_or_default();
    let initial = words.next();
    if mechanism.is_empty() || words.next().is_some() {
        let refusal = Refusal::new(Reason::BadParameter, "the form is AUTH mechanism response");
        return Err(Fault::new(Stage::Auth, refusal));
    }
    Ok(Command::Auth {
        mechanism: mechanism.to_owned(),
        // `=` stands for a response of no bytes (RFC 4954 §4).
        initial: initial.map(|text| Secret::new(if text == "=" { "" } else { text })),
    })
}

fn mail(rest: &str, quirks: &mut Quirks) -> Result<Command, Fault> {
    let stage = Stage::Mail;
    let argument = after_keyword(rest, "FROM", quirks)
        .ok_or_else(|| syntax(stage, "the form is MAIL FROM:<address>"))?;
    let refused = |detail: String| Fault {
        address: argument.to_owned(),
        ..Fault::new(stage, Refusal::new(Reason::InvalidSender, detail))
    };
    let path = Path::read(argument, quirks).ok_or_else(|| refused(String::new()))?;
    let reverse_path = if path.address.is_empty() {
        ReversePath::Null
    } else {
        let address: Address = path.address.parse().map_err(|e| refused(format!("{e}")))?;
        ReversePath::Address(address)
    };
    let parameters = parameters::mail(reverse_path, path.parameters, quirks);
    let mail = parameters.map_err(|refusal| Fault::new(stage, refusal))?;
    let international = mail
        .reverse_path
        .address()
        .is_some_and(Address::is_international);
    if international && !mail.smtputf8 {
        return Err(refused("it needs the parameter SMTPUTF8".to_owned()));
    }
    Ok(Command::Mail(mail))
}

fn recipient(rest: &str, quirks: &mut Quirks) -> Result<Command, Fault> {
    let stage = Stage::Recipient;
    let argument = after_keyword(rest, "TO", quirks)
        .ok_or_else(|| syntax(stage, "the form is RCPT TO:<address>"))?;
    let refused = |detail: String| Fault {
        address: argument.to_owned(),
        ..Fault::new(stage, Refusal::new(Reason::InvalidAddress, detail))
    };
    let path = Path::read(argument, quirks).ok_or_else(|| refused(String::new()))?;
    let address: Address = path.address.parse().map_err(|e| refused(format!("{e}")))?;
    parameters::recipient(address, path.parameters)
        .map(Command::Recipient)
        .map_err(|refusal| Fault::new(stage, refusal))
}

fn syntax(stage: Stage, detail: &str) -> Fault {
    Fault::new(stage, Refusal::new(Reason::BadParameter, detail))
}

/// What follows `FROM:` or `TO:`; some devices put a space before or behind the colon.
fn after_keyword<'a>(rest: &'a str, keyword: &str, quirks: &mut Quirks) -> Option<&'a str> {
    let (head, tail) = rest.split_at_checked(keyword.len())?;
    let argument = tail.trim_start_matches(' ').strip_prefix(':')?;
    quirks.add_if(
        tail.starts_with(' ') || argument.starts_with(' '),
        Quirk::SpaceInPath,
    );
    head.eq_ignore_ascii_case(keyword)
        .then(|| argument.trim_start_matches(' '))
}

fn chunk(rest: &str) -> Result<Command, Fault> {
    let malformed = || syntax(Stage::Data, "the form is BDAT size or BDAT size LAST");
    let mut words = rest.split_ascii_whitespace();
    let size = words
        .next()
        .and_then(parameters::number)
        .ok_or_else(malformed)?;
    let last = match words.next() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("LAST") => true,
        Some(_) => return Err(malformed()),
    };
    match words.next() {
        None => Ok(Command::Chunk { size, last }),
        Some(_) => Err(malformed()),
    }
}

/// The path of MAIL or RCPT and what stands behind it.
struct Path<'a> {
    /// The address without angle brackets and source route; empty for `<>`.
    address: &'a str,
    /// The parameters, not read yet.
    parameters: &'a str,
}

impl<'a> Path<'a> {
    fn read(argument: &'a str, quirks: &mut Quirks) -> Option<Self> {
        let path = Self::split(argument, quirks)?;
        quirks.add_if(path.address.starts_with('"'), Quirk::QuotedLocalPart);
        Some(path)
    }

    fn split(argument: &'a str, quirks: &mut Quirks) -> Option<Self> {
        let Some(inner) = argument.strip_prefix('<') else {
            quirks.add(Quirk::MissingBrackets);
            let (address, parameters) = split_unquoted(argument, ' ').unwrap_or((argument, ""));
            return (!address.is_empty()).then_some(Self {
                address,
                parameters,
            });
        };
        let (path, parameters) = split_unquoted(inner, '>')?;
        let separated = parameters.is_empty() || parameters.starts_with(' ');
        let trimmed = path.trim_matches(' ');
        let address = without_route(trimmed)?;
        quirks.add_if(trimmed != path, Quirk::SpaceInPath);
        quirks.add_if(address != trimmed, Quirk::SourceRoute);
        separated.then_some(Self {
            address,
            parameters,
        })
    }
}

/// Splits at the first `mark` outside of quotes; without it, there is nothing to split.
fn split_unquoted(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                chars.next();
            }
            c if c == mark && !quoted => {
                let (head, tail) = text.split_at_checked(at)?;
                return Some((head, tail.strip_prefix(mark).unwrap_or(tail)));
            }
            _ => {}
        }
    }
    None
}

/// `@a.example,@b.example:user@c.example` is `user@c.example` (RFC 5321 §4.1.1.3).
fn without_route(path: &str) -> Option<&str> {
    if !path.starts_with('@') {
        return Some(path);
    }
    let mut literal = false;
    let colon = path.char_indices().find_map(|(at, c)| {
        match c {
            '[' => literal = true,
            ']' => literal = false,
            _ => {}
        }
        (c == ':' && !literal).then_some(at)
    })?;
    let address = path.get(colon + 1..)?;
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(line: &str) -> MailParameters {
        match parse(line.as_bytes()) {
            Ok(Command::Mail(mail)) => mail,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn recipient(line: &str) -> Recipient {
        match parse(line.as_bytes()) {
            Ok(Command::Recipient(recipient)) => recipient,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn senders_are_read_with_their_quirks() {
        for (line, sender) in [
            ("MAIL FROM:<a@acme.example>", "<a@acme.example>"),
            ("mail from:<a@acme.example>   ", "<a@acme.example>"),
            ("MAIL FROM: <a@acme.example>", "<a@acme.example>"),
            ("MAIL  FROM : < a@acme.example >", "<a@acme.example>"),
            ("MAIL FROM:a@acme.example", "<a@acme.example>"),
            ("MAIL FROM: a@acme.example BODY=7BIT", "<a@acme.example>"),
            ("MAIL FROM:<a@acme.example> AUTH=<>", "<a@acme.example>"),
            ("MAIL FROM:<>", "<>"),
            ("MAIL FROM: < >", "<>"),
            (
                "MAIL FROM:<@x.example,@[IPv6:::1]:a@acme.example>",
                "<a@acme.example>",
            ),
            ("MAIL FROM:<\"a>b\"@acme.example>", "<\"a>b\"@acme.example>"),
            (
                "MAIL FROM:<\"a\\\">b\"@acme.example>",
                "<\"a\\\">b\"@acme.example>",
            ),
            (
                "MAIL FROM:\"a b\"@acme.example SIZE=1",
                "<\"a b\"@acme.example>",
            ),
            ("MAIL FROM:<é@acme.example> SMTPUTF8", "<é@acme.example>"),
        ] {
            assert_eq!(mail(line).reverse_path.to_string(), sender, "{line}");
        }
        assert_eq!(
            recipient("rcpt to: b@acme.example").address.as_str(),
            "b@acme.example"
        );
        assert_eq!(
            recipient("RCPT TO:<@hop.example:b@acme.example>")
                .address
                .as_str(),
            "b@acme.example"
        );
    }

    #[test]
    fn simple_commands_are_read() {
        for (line, expected) in [
            ("EHLO printer_1", "Ehlo(\"printer_1\")"),
            ("ehlo 192.0.2.1  ", "Ehlo(\"192.0.2.1\")"),
            ("EHLO", "Ehlo(\"\")"),
            ("HELO [x y]", "Helo(\"[x y]\")"),
            ("starttls", "StartTls"),
            ("DATA ", "Data"),
            ("rset", "Reset"),
            ("NOOP anything", "Noop"),
            ("VRFY root", "Verify"),
            ("HELP mail", "Help(\"MAIL\")"),
            ("RSET \t ", "Reset"),
            ("QUIT now", "Quit"),
            ("BDAT 0 LAST", "Chunk { size: 0, last: true }"),
            ("bdat 86 last", "Chunk { size: 86, last: true }"),
            ("BDAT 1000000", "Chunk { size: 1000000, last: false }"),
        ] {
            let command = parse(line.as_bytes()).unwrap();
            assert_eq!(format!("{command:?}"), expected, "{line}");
        }
    }

    #[test]
    fn sign_in_keeps_its_response_secret() {
        let command = parse(b"AUTH PLAIN AGEAYg==").unwrap();
        assert!(!format!("{command:?}").contains("AGEAYg"));
        for (line, expected) in [
            (&b"AUTH PLAIN AGEAYg=="[..], Some("AGEAYg==")),
            (b"auth  login  =", Some("")),
            (b"AUTH LOGIN", None),
        ] {
            match parse(line) {
                Ok(Command::Auth { initial, .. }) => {
                    assert_eq!(initial.as_ref().map(Secret::expose), expected);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use Reason as R;
        for (line, reason) in [
            (&b""[..], R::SyntaxError),
            (b"HELLO x", R::SyntaxError),
            (b" NOOP", R::SyntaxError),
            (b"\tNOOP", R::SyntaxError),
            (b"VRFY", R::BadParameter),
            (b"MAIL FROM:<a@acme.example>\tSIZE=1", R::SyntaxError),
            (b"MAIL FROM:<a@acme.example\0>", R::SyntaxError),
            (b"RCPT TO:<b@acme.example>\x1b[2J", R::SyntaxError),
            (b"RCPT TO:<b@acme.example\xe2\x80\xae>", R::InvalidAddress),
            (
                b"RCPT TO:<b@acme.example> <c@acme.example>",
                R::UnknownParameter,
            ),
            (
                b"RCPT TO:<b@acme.example><c@acme.example>",
                R::InvalidAddress,
            ),
            (b"RCPT TO:b@acme.example,c@acme.example", R::InvalidAddress),
            (b"NOOP \0", R::SyntaxError),
            ("NOOP \u{9b}2J".as_bytes(), R::SyntaxError),
            ("DATA\u{a0}".as_bytes(), R::SyntaxError),
            (b"NOOP\ta", R::SyntaxError),
            (b"MAIL FROM:<a@acme.example>\rRCPT", R::SyntaxError),
            (b"MAIL FROM:<a@acme.example\x7f>", R::SyntaxError),
            (b"EHLO \xff\xfe", R::SyntaxError),
            (b"EXPN list", R::NotImplemented),
            (b"TURN", R::NotImplemented),
            (b"DATA now", R::BadParameter),
            (b"STARTTLS now", R::BadParameter),
            (b"AUTH", R::BadParameter),
            (b"AUTH PLAIN a b", R::BadParameter),
            (b"MAIL", R::BadParameter),
            (b"MAIL TO:<a@acme.example>", R::BadParameter),
            (b"MAIL FROM <a@acme.example>", R::BadParameter),
            (b"MAIL FROM:", R::InvalidSender),
            (b"MAIL FROM:<", R::InvalidSender),
            (b"MAIL FROM:<a@acme.example", R::InvalidSender),
            (b"MAIL FROM:<a@acme.example>x", R::InvalidSender),
            (b"MAIL FROM:<\"a@acme.example>", R::InvalidSender),
            (b"MAIL FROM:<scanner>", R::InvalidSender),
            (b"MAIL FROM:Scanner <a@acme.example>", R::InvalidSender),
            (b"MAIL FROM:<@hop.example:>", R::InvalidSender),
            (b"MAIL FROM:<@hop.example>", R::InvalidSender),
            (b"MAIL FROM:<\xc3\xa9@acme.example>", R::InvalidSender),
            (b"MAIL FROM:<a@acme.example> X=1", R::UnknownParameter),
            (b"RCPT TO:<>", R::InvalidAddress),
            (b"RCPT TO:<b>", R::InvalidAddress),
            (b"RCPT FROM:<b@acme.example>", R::BadParameter),
            (b"RCPT TO:<b@acme.example> SIZE=1", R::UnknownParameter),
        ] {
            let fault = parse(line).unwrap_err();
            assert_eq!(fault.refusal.reason, reason, "{line:?}");
            assert!(!fault.lost_step, "{line:?}");
        }
    }

    #[test]
    fn quirks_are_noted() {
        use Quirk as Q;
        let cases: &[(&str, &[Quirk])] = &[
            ("EHLO printer.acme.example", &[]),
            ("EHLO [192.0.2.1]", &[]),
            ("EHLO [IPv6:2001:db8::1]", &[]),
            ("ehlo printer.acme.example", &[Q::LowerCaseVerb]),
            ("EHLO printer.acme.example \t", &[Q::TrailingSpace]),
            ("EHLO  printer.acme.example", &[Q::ExtraSpace]),
            ("EHLO", &[Q::EmptyHelo]),
            ("EHLO printer", &[Q::UnqualifiedHelo]),
            ("EHLO print_er.acme.example", &[Q::UnderscoreHelo]),
            ("EHLO 192.0.2.1", &[Q::RawAddressHelo]),
            ("EHLO 2001:db8::1", &[Q::RawAddressHelo]),
            ("HELO my printer", &[Q::UnusualHelo]),
            ("HELO [192.0.2.300]", &[Q::UnusualHelo]),
            ("HELO a@b", &[Q::UnusualHelo]),
            ("QUIT now", &[Q::StrayArgument]),
            ("MAIL FROM:<a@acme.example> SIZE=1 BODY=8BITMIME", &[]),
            ("MAIL FROM:<>", &[]),
            ("MAIL FROM: <a@acme.example>", &[Q::SpaceInPath]),
            ("MAIL FROM :<a@acme.example>", &[Q::SpaceInPath]),
            ("MAIL FROM:< a@acme.example >", &[Q::SpaceInPath]),
            ("MAIL FROM:a@acme.example", &[Q::MissingBrackets]),
            ("MAIL FROM:<a@acme.example> AUTH=<>", &[Q::AuthParameter]),
            ("MAIL FROM:<a@acme.example> SIZE=", &[Q::EmptySize]),
            ("RCPT TO:<@hop.example:b@acme.example>", &[Q::SourceRoute]),
            ("RCPT TO:<\"b c\"@acme.example>", &[Q::QuotedLocalPart]),
            (
                "rcpt  to: b@acme.example ",
                &[
                    Q::LowerCaseVerb,
                    Q::TrailingSpace,
                    Q::ExtraSpace,
                    Q::SpaceInPath,
                    Q::MissingBrackets,
                ],
            ),
        ];
        for (line, expected) in cases {
            let mut quirks = Quirks::default();
            read(line.as_bytes(), &mut quirks).unwrap();
            assert_eq!(quirks.iter().collect::<Vec<_>>(), *expected, "{line}");
        }
    }

    #[test]
    fn a_request_of_the_web_ends_the_session() {
        for line in ["GET / HTTP/1.1", "POST / HTTP/1.1", "CONNECT a:25 HTTP/1.1"] {
            let fault = parse(line.as_bytes()).unwrap_err();
            assert!(fault.lost_step, "{line}");
        }
    }

    #[test]
    fn a_chunk_of_unknown_size_loses_the_step() {
        for line in [
            &b"BDAT"[..],
            b"BDAT x",
            b"BDAT -1",
            b"BDAT +1",
            b"BDAT 1 FIRST",
            b"BDAT 1 LAST x",
            b"BDAT 99999999999999999999999",
            b"bdat 1\0",
        ] {
            assert!(parse(line).unwrap_err().lost_step, "{line:?}");
        }
    }

    #[test]
    fn an_unreadable_address_is_kept_for_the_log() {
        assert_eq!(parse(b"RCPT TO:<b>").unwrap_err().address, "<b>");
    }
}
