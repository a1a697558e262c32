//! Mail servers by name.

use std::{fmt, net::IpAddr, str::FromStr};

/// Ports of mail submission.
const PORTS: [u16; 3] = [25, 465, 587];

/// A mail server by name: any port of mail submission, or the one given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    host: String,
    port: Option<u16>,
}

/// A text that names no server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write it as HOST, HOST:PORT or [IPv6]:PORT")]
pub struct NoMailServer;

impl MailServer {
    /// Whether that is this server, on a port that is meant.
    pub fn admits(&self, server: &str, port: u16) -> bool {
        let is_port = match self.port {
            Some(only) => only == port,
            None => PORTS.contains(&port),
        };
        is_port && self.host.eq_ignore_ascii_case(server)
    }
}

impl FromStr for MailServer {
    type Err = NoMailServer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, rest)) => (host, Some(rest.strip_prefix(':').ok_or(NoMailServer)?)),
            // More than one colon is an IPv6 address without a port.
            None => match text.split_once(':') {
                Some((host, port)) if !port.contains(':') => (host, Some(port)),
                _ => (text, None),
            },
        };
        let port = match port.map(str::parse) {
            None => None,
            Some(Ok(port)) if port > 0 => Some(port),
            Some(_) => return Err(NoMailServer),
        };
        if !is_host(host) {
            return Err(NoMailServer);
        }
        Ok(Self {
            host: host.to_lowercase(),
            port,
        })
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            None => f.write_str(&self.host),
            Some(port) if self.host.contains(':') => write!(f, "[{}]:{port}", self.host),
            Some(port) => write!(f, "{}:{port}", self.host),
        }
    }
}

/// Whether a text is a host name or an IP address.
pub fn is_host(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || (text.len() <= 253
            && text.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_with_and_without_a_port() {
        for (text, server, port, expected) in [
            ("smtp.office365.com", "smtp.office365.com", 587, Some(true)),
            ("smtp.office365.com", "SMTP.office365.com", 465, Some(true)),
            ("smtp.office365.com", "smtp.office365.com", 22, Some(false)),
            ("smtp.office365.com", "office365.com", 587, Some(false)),
            ("mx.acme.example:2525", "mx.acme.example", 2525, Some(true)),
            ("mx.acme.example:2525", "mx.acme.example", 587, Some(false)),
            ("[2001:db8::1]:587", "2001:db8::1", 587, Some(true)),
            ("2001:db8::1", "2001:db8::1", 25, Some(true)),
            ("[2001:db8::1]", "2001:db8::1", 25, Some(true)),
            ("", "", 25, None),
            ("*", "x", 25, None),
            ("mx.acme.example:0", "x", 25, None),
            ("mx.acme.example:smtp", "x", 25, None),
            ("[2001:db8::1]587", "x", 25, None),
        ] {
            let parsed = text.parse::<MailServer>().ok();
            let admits = parsed.as_ref().map(|known| known.admits(server, port));
            assert_eq!(admits, expected, "{text}");
            if let Some(parsed) = parsed {
                assert_eq!(parsed.to_string().parse(), Ok(parsed));
            }
        }
    }
}
