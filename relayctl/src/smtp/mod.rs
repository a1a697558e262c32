//! A device for a moment: signs in at an SMTP door, says whether it might send, and hangs up. Nothing
//! is sent. What was said is kept, without the password.

mod connection;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use self::connection::Connection;

/// A reply has fewer lines.
const MOST_LINES: usize = 100;

/// How a door encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    StartTls,
    Implicit,
    None,
}

/// Where to sign in, and as whom.
#[derive(Debug)]
pub(crate) struct SignIn<'a> {
    /// Name or address, and port, to connect to.
    pub(crate) server: (&'a str, u16),
    /// The name that the certificate must have.
    pub(crate) name: &'a str,
    pub(crate) encryption: Encryption,
    /// What is trusted; `None` where nothing is encrypted.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    pub(crate) username: &'a str,
    pub(crate) password: &'a SecretString,
    /// When all of it is to be over.
    pub(crate) due: Instant,
}

/// What was said, a line each: `S:` by the server, `C:` by the device.
pub(crate) type Transcript = Vec<String>;

/// Why nobody signed in.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is no connection, or it broke off.
    Connection(io::Error),
    /// The certificate or the encryption is not as it must be.
    Tls(io::Error),
    /// The door refused this.
    Refused { verb: &'static str, reply: String },
    /// The door does not offer what is needed.
    Missing(&'static str),
}

impl SignIn<'_> {
    /// Tries it. Whatever was said is in the transcript.
    pub(crate) fn run(&self, transcript: &mut Transcript) -> Result<(), Trouble> {
        let connection = Connection::open(self.server, self.due).map_err(Trouble::Connection)?;
        let mut session = Dialogue {
            connection,
            transcript,
            secrets: Vec::new(),
        };
        if self.encryption == Encryption::Implicit {
            session.encrypt(self)?;
        }
        session.expect("connect", 220)?;
        let mut offers = session.hello()?;
        if self.encryption == Encryption::StartTls {
            if !is_offered(&offers, "STARTTLS", None) {
                return Err(Trouble::Missing("STARTTLS"));
            }
            session.ask("STARTTLS", 220)?;
            session.encrypt(self)?;
            offers = session.hello()?;
        }
        // A door that does not want a password does not get one.
        if !is_offered(&offers, "AUTH", Some("PLAIN")) {
            return Err(Trouble::Missing("AUTH PLAIN"));
        }
        session.sign_in(self)?;
        // Whether it may send from here shows at MAIL only. Without a recipient nothing is sent.
        session.ask("MAIL FROM:<>", 250)?;
        session.say("QUIT").map_err(Trouble::Connection)?;
        // Whether it says goodbye changes nothing any more.
        let _ = session.reply();
        Ok(())
    }
}

struct Dialogue<'t> {
    connection: Connection,
    transcript: &'t mut Transcript,
    /// What no reply may repeat: the password as it was sent, and as it is.
    secrets: Vec<Zeroizing<String>>,
}

/// Whether a reply to EHLO offers this, with this parameter.
fn is_offered(reply: &str, keyword: &str, parameter: Option<&str>) -> bool {
    // The first line is the name of the server.
    reply.lines().skip(1).any(|line| {
        let mut words = line.get(4..).unwrap_or_default().split_whitespace();
        let is_named = words
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case(keyword));
        let has = |wanted: &str| words.any(|it| it.eq_ignore_ascii_case(wanted));
        is_named && parameter.is_none_or(has)
    })
}

impl Dialogue<'_> {
    /// Says EHLO; gives what is offered.
    fn hello(&mut self) -> Result<String, Trouble> {
        let name = match self.connection.origin().map_err(Trouble::Connection)? {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        };
        self.ask_as("EHLO", &format!("EHLO {name}"), 250)
    }

    fn sign_in(&mut self, sign_in: &SignIn<'_>) -> Result<(), Trouble> {
        let secret = sign_in.password.expose_secret();
        let plain = Zeroizing::new(format!("\0{}\0{secret}", sign_in.username));
        let encoded = Zeroizing::new(BASE64.encode(plain.as_bytes()));
        let line = Zeroizing::new(format!("AUTH PLAIN {}\r\n", *encoded));
        let alone = Zeroizing::new(BASE64.encode(secret));
        self.secrets = vec![encoded, alone, Zeroizing::new(secret.to_owned())];
        self.secrets.retain(|it| !it.is_empty());
        self.transcript.push("C: AUTH PLAIN [redacted]".to_owned());
        let sent = self.connection.write(line.as_bytes());
        sent.map_err(Trouble::Connection)?;
        self.expect("AUTH", 235).map(|_| ())
    }

    fn ask(&mut self, line: &'static str, code: u16) -> Result<String, Trouble> {
        let verb = line.split(' ').next().unwrap_or(line);
        self.ask_as(verb, line, code)
    }

    fn ask_as(&mut self, verb: &'static str, line: &str, code: u16) -> Result<String, Trouble> {
        self.say(line).map_err(Trouble::Connection)?;
        self.expect(verb, code)
    }

    fn expect(&mut self, verb: &'static str, code: u16) -> Result<String, Trouble> {
        let reply = self.reply().map_err(|error| match error.kind() {
            // What comes is no TLS, or a certificate that nobody trusts.
            io::ErrorKind::InvalidData => Trouble::Tls(error),
            _ => Trouble::Connection(error),
        })?;
        if reply.starts_with(&code.to_string()) {
            return Ok(reply);
        }
        Err(Trouble::Refused { verb, reply })
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        self.transcript.push(format!("C: {line}"));
        self.connection.write(format!("{line}\r\n").as_bytes())
    }

    /// A reply of one line or several, the lines parted by line ends.
    fn reply(&mut self) -> io::Result<String> {
        let mut reply = String::new();
        for _ in 0..MOST_LINES {
            let line = self.connection.line()?;
            let line = self.without_secrets(line);
            self.transcript.push(format!("S: {line}"));
            let is_last = line.as_bytes().get(3) != Some(&b'-');
            reply += &line;
            if is_last {
                return Ok(reply);
            }
            reply.push('\n');
        }
        Err(io::Error::other("the reply does not end"))
    }

    /// A careless or curious server repeats what it was told.
    fn without_secrets(&self, line: String) -> String {
        let secrets = self.secrets.iter();
        secrets.fold(line, |line, it| line.replace(it.as_str(), "[redacted]"))
    }

    fn encrypt(&mut self, sign_in: &SignIn<'_>) -> Result<(), Trouble> {
        let Some(config) = &sign_in.tls else {
            return Err(Trouble::Missing("encryption"));
        };
        let encrypted = self.connection.encrypt(sign_in.name, Arc::clone(config));
        let version = encrypted.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Trouble::Connection(error),
            _ => Trouble::Tls(error),
        })?;
        self.transcript.push(format!("-- encrypted, {version}"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    /// A door that says this, a line for each that it hears.
    fn door(lines: &'static [&'static str]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for line in lines {
                stream.write_all(line.as_bytes()).unwrap();
                let mut heard = [0; 512];
                if stream.read(&mut heard).unwrap_or(0) == 0 {
                    return;
                }
            }
        });
        port
    }

    /// A door that begins to speak TLS, and comes to no end.
    fn drip() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let head = [0x16, 3, 3, 0x40, 0];
            for byte in head.into_iter().chain(std::iter::repeat(0)) {
                if stream.write_all(&[byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        port
    }

    fn tried(
        lines: &'static [&'static str],
        encryption: Encryption,
    ) -> (Transcript, Option<Trouble>) {
        tried_at(door(lines), encryption, Duration::from_secs(20))
    }

    fn tried_at(
        port: u16,
        encryption: Encryption,
        patience: Duration,
    ) -> (Transcript, Option<Trouble>) {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let mut transcript = Transcript::new();
        let sign_in = SignIn {
            server: ("127.0.0.1", port),
            name: "relay.example",
            encryption,
            tls: Some(Arc::new(tls)),
            username: "scanner",
            password: &"geheim".into(),
            due: Instant::now() + patience,
        };
        let trouble = sign_in.run(&mut transcript).err();
        (transcript, trouble)
    }

    #[test]
    fn a_door_that_drips_is_not_listened_to_for_longer_than_allowed() {
        let patience = Duration::from_millis(200);
        let (_, trouble) = tried_at(drip(), Encryption::Implicit, patience);
        let Some(Trouble::Connection(error)) = trouble else {
            panic!("{trouble:?}");
        };
        let kinds = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];
        assert!(kinds.contains(&error.kind()), "{error:?}");
    }

    #[test]
    fn what_was_said_is_told_without_the_password() {
        let (said, trouble) = tried(
            &[
                "220 relay.example ESMTP\r\n",
                "250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n",
                "235 2.7.0 Signed in\r\n",
                "250 2.1.0 Sender ok\r\n",
                "221 2.0.0 bye\r\n",
            ],
            Encryption::None,
        );
        assert!(trouble.is_none(), "{trouble:?}");
        assert_eq!(
            said,
            [
                "S: 220 relay.example ESMTP",
                "C: EHLO [127.0.0.1]",
                "S: 250-relay.example",
                "S: 250 AUTH PLAIN LOGIN",
                "C: AUTH PLAIN [redacted]",
                "S: 235 2.7.0 Signed in",
                "C: MAIL FROM:<>",
                "S: 250 2.1.0 Sender ok",
                "C: QUIT",
                "S: 221 2.0.0 bye",
            ]
        );
    }

    #[test]
    fn a_server_that_repeats_the_password_is_not_quoted() {
        let (said, trouble) = tried(
            &[
                "220 relay.example ESMTP\r\n",
                "250-relay.example\r\n250 AUTH PLAIN\r\n",
                "535-no AHNjYW5uZXIAZ2VoZWlt\r\n535 nor geheim, Z2VoZWlt\r\n",
            ],
            Encryption::None,
        );
        let Some(Trouble::Refused { reply, .. }) = trouble else {
            panic!("{trouble:?}");
        };
        let redacted = "535-no [redacted]\n535 nor [redacted], [redacted]";
        assert_eq!(reply, redacted);
        let all = said.join("\n");
        assert!(all.ends_with("S: 535 nor [redacted], [redacted]"), "{all}");
        assert!(
            !all.contains("geheim") && !all.contains("Z2VoZWlt"),
            "{all}"
        );
    }

    #[test]
    fn what_is_refused_or_missing_ends_it() {
        const GREETING: &str = "220 relay.example ESMTP\r\n";
        const WITHOUT: [&[&str]; 3] = [
            &[GREETING, "250 relay.example\r\n"],
            &[GREETING, "250-relay.example\r\n250 AUTH LOGIN\r\n"],
            &[GREETING, "250-AUTH PLAIN\r\n250 SIZE 1\r\n"],
        ];
        let (_, trouble) = tried(&[GREETING, "250 relay.example\r\n"], Encryption::StartTls);
        assert!(matches!(trouble, Some(Trouble::Missing("STARTTLS"))));
        // A password goes to nobody who does not ask for it.
        for lines in WITHOUT {
            let (said, trouble) = tried(lines, Encryption::None);
            let is_missing = matches!(trouble, Some(Trouble::Missing("AUTH PLAIN")));
            assert!(is_missing, "{lines:?}: {trouble:?}");
            assert!(!said.iter().any(|line| line.starts_with("C: AUTH")));
        }
        let (said, trouble) = tried(
            &[
                GREETING,
                "250-relay.example\r\n250 auth login PLAIN\r\n",
                "535 5.7.8 no\r\n",
            ],
            Encryption::None,
        );
        let Some(Trouble::Refused { verb, reply }) = trouble else {
            panic!("{trouble:?}");
        };
        assert_eq!((verb, reply.as_str()), ("AUTH", "535 5.7.8 no"));
        assert_eq!(said.last().unwrap(), "S: 535 5.7.8 no");
        let (_, trouble) = tried(&["421 4.7.0 banned\r\n"], Encryption::None);
        assert!(matches!(
            trouble,
            Some(Trouble::Refused {
                verb: "connect",
                ..
            })
        ));
        let (_, trouble) = tried(&["HTTP/1.1 400 Bad Request\r\n"], Encryption::Implicit);
        assert!(matches!(trouble, Some(Trouble::Tls(_))), "{trouble:?}");
    }
}
