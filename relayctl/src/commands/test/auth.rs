//! `relayctl test auth`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relay_proto::{GetServer, Listener, ListenerTls, Nothing, ServerInfo};
use secrecy::SecretString;
use serde_json::json;

use crate::client;
use crate::complete;
use crate::context::Endpoint;
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::output::cell::harmless;
use crate::password::{from_file, from_stdin};
use crate::prompt::{Form, check};
use crate::session::Session;
use crate::smtp::{Encryption, SignIn, Transcript, Trouble};

/// For the whole of it, once the password is there, when --timeout does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sign in at relayd's door as a device would, from this machine, and show what is said
///
/// Tries the password that --password-stdin, --password-file, RELAYCTL_USER_PASSWORD or a prompt
/// gives, and whether the relay user may send from the address of this machine. Nothing is sent. A
/// wrong password counts like one of a device. Exit code 0 when it may, 9 when the door or its
/// certificate refuses, with the cause and what mends it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl test auth --user scanner
  relayctl test auth --user scanner --password-file scanner.pw \\
      --listener submission
  relayctl test auth --user scanner --server relay.example.com:587 \\
      --ca-file relay.pem")]
pub(crate) struct Args {
    /// Relay user
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Read the password from stdin [env: RELAYCTL_USER_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Listener to sign in at [default: the first that encrypts]
    #[arg(long, value_name = "NAME", conflicts_with = "server")]
    listener: Option<String>,
    /// Sign in at this door instead of asking relayd for one; port 465 is TLS from the first byte
    #[arg(long, value_name = "HOST:PORT")]
    server: Option<String>,
    /// Do not encrypt
    #[arg(long)]
    plaintext: bool,
}

/// Where to knock.
#[derive(Debug)]
struct Door {
    host: String,
    port: u16,
    /// The name that the certificate must have.
    name: String,
    encryption: Encryption,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if session.out.format == Format::Tsv {
            return Err(Failure::usage("a dialogue is no list").hint("leave -o out, or -o json"));
        }
        let (user, password) = self.credentials(session)?;
        let patience = session.patience().unwrap_or(PATIENCE);
        let due = Instant::now() + patience;
        let door = self.door(session, patience)?;
        let ca_file = session.globals.ca_file.as_ref();
        let tls = match door.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Implicit => {
                Some(Arc::new(client::tls_trusting(ca_file)?))
            }
        };
        let mut transcript = Transcript::new();
        let sign_in = SignIn {
            server: (&door.host, door.port),
            name: &door.name,
            encryption: door.encryption,
            tls,
            username: &user,
            password: &password,
            due,
        };
        let tried = sign_in.run(&mut transcript);
        let failure = tried.err().map(|trouble| failure(&trouble, &door, &user));
        let out = &session.out;
        let place = format!("{}:{}", door.host, door.port);
        match out.format {
            Format::Json | Format::Jsonl => {
                let code = failure.as_ref().map(Failure::code);
                let what = failure.as_ref().map(ToString::to_string);
                let cause = failure.as_ref().and_then(Failure::reason);
                let remedy = failure.as_ref().map(|failure| failure.hints().join("; "));
                out.own_json(&json!({
                    "ok": failure.is_none(),
                    "server": place,
                    "encrypted": door.encryption != Encryption::None,
                    "reason": code,
                    "sentence": what,
                    "cause": cause,
                    "remedy": remedy,
                    "transcript": transcript,
                }))?;
            }
            Format::Name => {}
            Format::Table | Format::Wide | Format::Tsv => {
                let lines = transcript
                    .iter()
                    .map(|line| format!("  {}\n", harmless(line)));
                out.block(&lines.collect::<String>())?;
            }
        }
        match failure {
            // Under JSON the object says everything.
            Some(failure) if out.format.is_json() => Err(Failure::silent(failure.exit())),
            Some(failure) => Err(failure),
            None => out.sentence(&format!(
                "{user} can sign in at {place}, and may send from this machine."
            )),
        }
    }

    fn credentials(&self, session: &Session) -> Result<(String, SecretString), Failure> {
        let mut form = Form::new(&session.prompts);
        let user = form.required("--user", "Relay user", self.user.clone(), check::anything)?;
        let given = match (&self.password_file, self.password_stdin) {
            (Some(path), _) => Some(from_file(path, "password")?),
            (None, true) => Some(from_stdin("password")?),
            (None, false) => {
                let set = session.environment.text("RELAYCTL_USER_PASSWORD");
                set.map(SecretString::from)
            }
        };
        let password = match given {
            Some(password) => Some(password),
            None => form.secret("--password-file (or --password-stdin)", "Password")?,
        };
        form.finish("relayctl test auth --user USER --password-file FILE")?;
        Ok((user, password.unwrap_or_else(|| String::new().into())))
    }

    fn door(&self, session: &Session, patience: Duration) -> Result<Door, Failure> {
        if let Some(server) = &self.server {
            return named(server, self.plaintext);
        }
        let server = session
            .waiting_client(patience)?
            .call::<GetServer>(&Nothing {}, &Nothing {})?;
        let server = server.value;
        let listener = self.listener(&server)?;
        let target = session.target()?;
        let host = match &target.endpoint {
            // The same machine: the name of relayd may lead elsewhere.
            Endpoint::Socket(_) => here(&listener.address),
            Endpoint::Url(_) => server.hostname.clone(),
        };
        if listener.tls == ListenerTls::None && !self.plaintext && !is_here(&host) {
            return Err(in_the_clear(&listener.name));
        }
        let encryption = match (self.plaintext, listener.tls) {
            (true, _) | (false, ListenerTls::None) => Encryption::None,
            (false, ListenerTls::StartTls) => Encryption::StartTls,
            (false, ListenerTls::Implicit) => Encryption::Implicit,
        };
        Ok(Door {
            host,
            port: listener.port,
            name: server.hostname,
            encryption,
        })
    }

    fn listener(&self, server: &ServerInfo) -> Result<Listener, Failure> {
        let mut listeners = server.listeners.iter();
        let found = match &self.listener {
            Some(name) => listeners.find(|listener| listener.name == *name),
            None => listeners
                .find(|listener| listener.tls != ListenerTls::None)
                .or(server.listeners.first()),
        };
        found.cloned().ok_or_else(|| {
            let names: Vec<_> = server.listeners.iter().map(|it| &*it.name).collect();
            let name = self.listener.as_deref().unwrap_or_default();
            Failure::new(
                Exit::NotFound,
                "not-found",
                format!("there is no listener {name}"),
            )
            .hint(format!("relayd has {}", names.join(", ")))
        })
    }
}

/// `HOST:PORT`, with the encryption that is usual there.
fn named(server: &str, plaintext: bool) -> Result<Door, Failure> {
    let parts = server.rsplit_once(':');
    let parts = parts.and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let Some((host, port)) = parts.filter(|(host, _)| !host.is_empty()) else {
        return Err(Failure::usage(format!("`{server}` is no server"))
            .hint("write it as relay.example.com:587"));
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok(Door {
        host: host.to_owned(),
        port,
        name: host.to_owned(),
        encryption: match (plaintext, port) {
            (true, _) => Encryption::None,
            (false, 465) => Encryption::Implicit,
            (false, _) => Encryption::StartTls,
        },
    })
}

/// Where a listener of this machine is reached.
fn here(address: &str) -> String {
    match address {
        "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "::1".to_owned(),
        address => address.to_owned(),
    }
}

/// Whether what is sent there stays on this machine.
fn is_here(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    address.is_ok_and(|it| it.to_canonical().is_loopback())
}

fn in_the_clear(listener: &str) -> Failure {
    Failure::usage(format!("listener {listener} does not encrypt"))
        .cause("the password would cross the network in the clear")
        .hint("name one that encrypts by --listener, or add --plaintext to send it nevertheless")
}

/// What it means that nobody signed in, and what mends it.
fn failure(trouble: &Trouble, door: &Door, user: &str) -> Failure {
    let place = format!("{}:{}", door.host, door.port);
    match trouble {
        Trouble::Connection(error) => {
            let what = format!("there is no connection to {place}");
            let cause = match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => "no answer in time".to_owned(),
                ErrorKind::UnexpectedEof => "it was closed without a word".to_owned(),
                _ => error.to_string(),
            };
            Failure::new(Exit::Unavailable, "unreachable", what)
                .cause(cause)
                .hint("check name, port and firewall; relayctl doctor listeners")
        }
        Trouble::Tls(error) => {
            let what = format!("the connection to {place} cannot be encrypted");
            let failure = Failure::new(Exit::CheckFailed, "tls-failed", what);
            let failure = failure.cause(error.to_string());
            failure.hint(format!(
                "a certificate for {} that this machine trusts, or name its authority by --ca-file; \
                 relayctl doctor tls says what relayd shows",
                door.name
            ))
        }
        Trouble::Missing(what) => {
            let refused = format!("{place} does not offer {what}");
            Failure::new(Exit::CheckFailed, "check-failed", refused)
                .hint("name another door by --listener or --server")
        }
        Trouble::Refused { verb, reply } => refused(verb, reply, &place, user),
    }
}

/// The reply names its reason in brackets, which relayctl explains where no relayd answers, too.
fn refused(verb: &str, reply: &str, place: &str, user: &str) -> Failure {
    let code = reply
        .rsplit_once('[')
        .and_then(|(_, code)| code.strip_suffix(']'));
    let reasons = relay_proto::reasons();
    let reason = reasons
        .iter()
        .find(|reason| Some(reason.code.as_str()) == code);
    let what = match (verb, reason) {
        ("connect" | "EHLO", _) => format!("{place} does not let this machine in"),
        ("AUTH", _) => format!("{place} refused the sign-in of {user}"),
        ("MAIL", _) => format!("{user} signed in at {place}, but may not send from this machine"),
        _ => format!("{place} refused {verb}"),
    };
    let code = reason.map_or("check-failed", |reason| reason.code.as_str());
    let failure = Failure::new(Exit::CheckFailed, code, what).cause(reply.replace('\n', " "));
    match reason {
        Some(reason) => failure.hint(reason.remedy.as_str()),
        None => failure.hint("the reply says why; is this door one of relayd?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_name_and_a_port() {
        for (text, plaintext, expected) in [
            (
                "relay.example.com:587",
                false,
                Some(("relay.example.com", Encryption::StartTls)),
            ),
            (
                "relay.example.com:465",
                false,
                Some(("relay.example.com", Encryption::Implicit)),
            ),
            ("192.0.2.1:25", true, Some(("192.0.2.1", Encryption::None))),
            (
                "[2001:db8::1]:587",
                false,
                Some(("2001:db8::1", Encryption::StartTls)),
            ),
            ("relay.example.com", false, None),
            (":587", false, None),
            ("relay.example.com:smtp", false, None),
        ] {
            let door = named(text, plaintext).ok();
            let found = door
                .as_ref()
                .map(|door| (door.host.as_str(), door.encryption));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn only_this_machine_hears_a_password_in_the_clear() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.0.2.1", false),
            ("relay.example.com", false),
        ] {
            assert_eq!(is_here(host), expected, "{host}");
        }
    }

    #[test]
    fn a_refusal_says_what_it_means() {
        let reply = "535 5.7.8 User name or password is wrong; check both [credentials-rejected]";
        let failure = refused("AUTH", reply, "relay.example:587", "scanner");
        assert_eq!(
            (failure.exit(), failure.code()),
            (Exit::CheckFailed, "credentials-rejected")
        );
        let text = failure.to_text(false);
        assert!(text.contains("refused the sign-in of scanner"), "{text}");
        assert!(text.contains("relayctl user rotate-password"), "{text}");
    }
}
