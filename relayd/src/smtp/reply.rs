//! Replies by name, each with its enhanced code (RFC 2034, RFC 3463).

use std::{fmt::Write, net::IpAddr};

use crate::model::{MessageId, Reason, Refusal};

/// Longest text of one line of a reply; RFC 5321 §4.5.3.1.5 allows 512 octets with code and CRLF.
const TEXT_LIMIT: usize = 480;

/// A reply as it goes over the wire: one line or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply(String);

impl Reply {
    fn line(text: &str) -> Self {
        Self(format!("{text}\r\n"))
    }

    /// 220 at the start of a session.
    pub(super) fn greeting(hostname: &str) -> Self {
        Self(format!("220 {hostname} ESMTP relayd\r\n"))
    }

    /// 250 to HELO.
    pub(super) fn hello(hostname: &str, client: IpAddr) -> Self {
        Self(format!("250 {hostname} Hello [{client}]\r\n"))
    }

    /// 250 to EHLO, with the extensions that are offered. What the client called itself is not
    /// repeated: it is hostile text.
    pub(super) fn extended_hello(hostname: &str, client: IpAddr, extensions: &[&str]) -> Self {
        let mut text = format!("250-{hostname} Hello [{client}]\r\n");
        let last = extensions.len().saturating_sub(1);
        for (place, extension) in extensions.iter().enumerate() {
            let mark = if place == last { ' ' } else { '-' };
            let _ = write!(text, "250{mark}{extension}\r\n");
        }
        Self(text)
    }

    /// 220 to STARTTLS.
    pub(super) fn start_tls() -> Self {
        Self::line("220 2.0.0 Ready to start TLS")
    }

    /// 334 within AUTH; the challenge is in base64.
    pub(super) fn challenge(challenge: &str) -> Self {
        Self(format!("334 {challenge}\r\n"))
    }

    /// 235 after AUTH.
    pub(super) fn signed_in() -> Self {
        Self::line("235 2.7.0 Signed in")
    }

    /// 250 to MAIL.
    pub(super) fn sender_ok() -> Self {
        Self::line("250 2.1.0 Sender ok")
    }

    /// 250 to RCPT.
    pub(super) fn recipient_ok() -> Self {
        Self::line("250 2.1.5 Recipient ok")
    }

    /// 354 to DATA.
    pub(super) fn go_ahead() -> Self {
        Self::line("354 Go ahead; end with <CRLF>.<CRLF>")
    }

    /// 250 to a BDAT that is not the last.
    pub(super) fn chunk_ok(size: u64) -> Self {
        Self(format!("250 2.0.0 {size} octets received\r\n"))
    }

    /// 250 to a whole message. Said only when it is on disk.
    pub(super) fn accepted(id: MessageId) -> Self {
        Self(format!("250 2.0.0 Ok: queued as {id}\r\n"))
    }

    /// 250 to RSET and NOOP.
    pub(super) fn ok() -> Self {
        Self::line("250 2.0.0 Ok")
    }

    /// 252 to VRFY: no oracle for addresses.
    pub(super) fn cannot_verify() -> Self {
        Self::line("252 2.1.5 Send the mail and see")
    }

    /// 214 to HELP, about one command or all of them.
    pub(super) fn help(topic: &str) -> Self {
        let form = match topic {
            "HELO" | "EHLO" => "EHLO name",
            "STARTTLS" => "STARTTLS, then EHLO again",
            "AUTH" => "AUTH PLAIN [response] or AUTH LOGIN [user name]; * cancels",
            "MAIL" => {
                "MAIL FROM:<address> [SIZE=n] [BODY=7BIT|8BITMIME|BINARYMIME] [SMTPUTF8] \
                 [RET=FULL|HDRS] [ENVID=id]"
            }
            "RCPT" => {
                "RCPT TO:<address> [NOTIFY=NEVER|SUCCESS,FAILURE,DELAY] [ORCPT=rfc822;address]"
            }
            "DATA" => "DATA, then the mail, then a line with nothing but a dot",
            "BDAT" => "BDAT size [LAST], then that many octets",
            "RSET" => "RSET forgets the mail that was begun",
            "NOOP" => "NOOP does nothing",
            "VRFY" => "VRFY name; no address is told",
            "HELP" => "HELP [command]",
            "QUIT" => "QUIT ends the session",
            _ => {
                return Self(
                    "214-2.0.0 Commands: EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP \
                     VRFY\r\n214 2.0.0 HELP QUIT\r\n"
                        .to_owned(),
                );
            }
        };
        Self(format!("214 2.0.0 {form}\r\n"))
    }

    /// 221 to QUIT.
    pub(super) fn goodbye(hostname: &str) -> Self {
        Self(format!("221 2.0.0 {hostname} closes the connection\r\n"))
    }

    /// The reply to whatever was refused. Reasons without a code of their own do not belong on
    /// this side of the relay and are told as an internal fault.
    pub(super) fn refusal(refusal: &Refusal) -> Self {
        let code = refusal.reason.smtp().or(Reason::Internal.smtp());
        let (basic, enhanced) = code.map_or((451, (4, 3, 0)), |code| (code.basic, code.enhanced));
        let (class, subject, detail) = enhanced;
        let text = printable(&refusal.to_string());
        let lines = wrap(&text);
        let last = lines.len().saturating_sub(1);
        let mut reply = String::with_capacity(text.len() + 32);
        for (place, line) in lines.iter().enumerate() {
            let mark = if place == last { ' ' } else { '-' };
            let _ = write!(reply, "{basic}{mark}{class}.{subject}.{detail} {line}\r\n");
        }
        Self(reply)
    }

    /// This reply and then another, for the last words of a session.
    pub(super) fn then(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    /// The bytes to send.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Whether a refusal ends the session: 421 says that the channel closes (RFC 5321 §3.8).
pub(super) fn closes(refusal: &Refusal) -> bool {
    refusal.reason.smtp().is_some_and(|code| code.basic == 421)
}

/// Details quote what the client said: nothing of it may look like another line or disturb a
/// terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, ' '..='~') { c } else { '?' })
        .collect()
}

/// Breaks an ASCII text between words.
fn wrap(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while rest.len() > TEXT_LIMIT {
        let head = rest.get(..TEXT_LIMIT).unwrap_or(rest);
        let cut = head.rfind(' ').filter(|at| *at > 0).unwrap_or(head.len());
        let (line, tail) = rest.split_at(cut);
        lines.push(line);
        rest = tail.trim_start();
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: Reply) -> String {
        String::from_utf8(reply.into_bytes()).unwrap()
    }

    #[test]
    fn a_refusal_names_codes_sentence_remedy_and_reason() {
        let refusal = Refusal::new(Reason::SenderNotAllowed, "boss@acme.example");
        assert_eq!(
            text(Reply::refusal(&refusal)),
            "550 5.7.1 The relay user may not send as this address (boss@acme.example); use its \
             sender address, or relayctl user edit NAME --allow-sender ADDRESS \
             [sender-not-allowed]\r\n"
        );
    }

    #[test]
    fn hostile_details_stay_on_their_line() {
        let refusal = Refusal::new(Reason::InvalidAddress, "a\r\n250 ok\u{202e}\u{1b}[2J");
        let reply = text(Reply::refusal(&refusal));
        assert_eq!(reply.matches('\n').count(), 1);
        assert!(reply.trim_end().chars().all(|c| (' '..='~').contains(&c)));
    }

    #[test]
    fn long_refusals_take_several_lines() {
        for detail in ["word ".repeat(300), "x".repeat(2000)] {
            let reply = text(Reply::refusal(&Refusal::new(Reason::Internal, detail)));
            let lines: Vec<_> = reply.split_terminator("\r\n").collect();
            let (last, others) = lines.split_last().unwrap();
            assert!(others.len() > 2 && last.starts_with("451 4.3.0 "));
            assert!(others.iter().all(|line| line.starts_with("451-4.3.0 ")));
            assert!(lines.iter().all(|line| line.len() <= 510));
        }
    }

    #[test]
    fn a_reason_of_the_other_side_is_an_internal_fault() {
        let reply = text(Reply::refusal(&Reason::SendAsDenied.into()));
        assert!(reply.starts_with("451 4.3.0 "), "{reply}");
    }

    #[test]
    fn only_the_last_line_of_ehlo_has_a_space() {
        let client = "192.0.2.1".parse().unwrap();
        assert_eq!(
            text(Reply::extended_hello(
                "relay.example",
                client,
                &["PIPELINING", "SIZE 10"]
            )),
            "250-relay.example Hello [192.0.2.1]\r\n250-PIPELINING\r\n250 SIZE 10\r\n"
        );
    }
}
