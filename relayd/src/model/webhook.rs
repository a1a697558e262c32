//! Webhooks: where programs are told what happened, and which addresses may be told.

use std::net::IpAddr;

use jiff::Timestamp;
use url::{Host, Url};

use super::{
    AccountId, DeliveryId, Network, NotificationId, NotificationKind, WebhookId, text_enum,
};

text_enum! {
    /// Whether a webhook is told anything.
    WebhookState {
        /// It is.
        Active = "active",
        /// It did not answer for days, or somebody switched it off.
        Disabled = "disabled",
    }
}

text_enum! {
    /// What became of a delivery.
    DeliveryState {
        /// It has its first or next attempt before it.
        Waiting = "waiting",
        /// It was taken.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

/// Where programs are told what happened. Its secret stays in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Identifier.
    pub id: WebhookId,
    /// The account whose events it is told; `None` for the operator's own, told all.
    pub account_id: Option<AccountId>,
    /// Name, unique among those of the account, or of the operator.
    pub name: String,
    /// Where it is.
    pub url: WebhookUrl,
    /// What it is told; everything when empty.
    pub events: Vec<NotificationKind>,
    /// Whether it is told anything.
    pub state: WebhookState,
    /// Why it was disabled; empty when it is active.
    pub note: String,
    /// Since when it has taken nothing; `None` after a delivery that it took.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

impl Webhook {
    /// Whether it wants to be told of such a thing.
    pub fn wants(&self, kind: NotificationKind) -> bool {
        self.state == WebhookState::Active
            && (self.events.is_empty() || self.events.contains(&kind))
    }
}

/// A notification on its way to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// Identifier.
    pub id: DeliveryId,
    /// Where to.
    pub webhook_id: WebhookId,
    /// What is told.
    pub notification_id: NotificationId,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// HTTP status of the last answer; 0 when there was none.
    pub status: u16,
    /// What went wrong last; empty when nothing did.
    pub detail: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was taken or given up.
    pub finished_at: Option<Timestamp>,
}

/// A URL that can be a webhook: `https`, or `http` to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why a URL cannot be a webhook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookUrlError {
    /// No URL at all.
    #[error("not a URL such as https://hooks.example.com/relayd")]
    Malformed,
    /// Neither https nor http to this machine.
    #[error("must begin with https://; http:// goes to localhost, 127.0.0.1 and [::1] only")]
    Plain,
    /// It holds a user name or password.
    #[error("must not hold a user name or password; the signature proves who sends")]
    Credentials,
    /// Longer than anybody needs.
    #[error("at most {0} characters")]
    TooLong(usize),
}

impl WebhookUrl {
    const MAX: usize = 1000;

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host: a name or an address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Host and port, for logs: a path may hold what its owner keeps to itself.
    pub fn authority(&self) -> String {
        let host = self.host();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether it goes unencrypted, to this machine.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The address, where the URL names one itself.
    pub fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }
}

impl std::fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl std::str::FromStr for WebhookUrl {
    type Err = WebhookUrlError;

    fn from_str(text: &str) -> Result<Self, WebhookUrlError> {
        if text.len() > Self::MAX {
            return Err(WebhookUrlError::TooLong(Self::MAX));
        }
        let mut url: Url = text.parse().map_err(|_| WebhookUrlError::Malformed)?;
        let is_local = match url.host() {
            None => return Err(WebhookUrlError::Malformed),
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if is_local => {}
            _ => return Err(WebhookUrlError::Plain),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebhookUrlError::Credentials);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }
}

/// Which addresses a webhook may have. It is asked for the address that is connected to, not for a
/// name, since a name may stand for another address by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Any: the operator may reach what relayd can.
    Anywhere,
    /// Those of the public internet, and of these networks.
    Public(Vec<Network>),
}

impl Reach {
    /// Whether an address may be connected to.
    pub fn admits(&self, address: IpAddr) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public(_) => is_public(address.to_canonical()) || self.names(address),
        }
    }

    /// Whether the operator said so of this very address.
    pub fn names(&self, address: IpAddr) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public(others) => {
                let address = address.to_canonical();
                others.iter().any(|network| network.contains(address))
            }
        }
    }
}

/// Whether an address belongs to the public internet: neither private nor reserved (IANA special
/// purpose registries), nor one that carries such an address within (6to4, Teredo, NAT64).
fn is_public(address: IpAddr) -> bool {
    const NOT_PUBLIC: [&str; 20] = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
    ];
    /// Global unicast; all else of IPv6 is something special.
    const UNICAST: &str = "2000::/3";
    const DOCUMENTATION: &str = "3fff::/20";
    let is_in = |text: &str| {
        let network = text.parse::<Network>();
        network.is_ok_and(|network| network.contains(address))
    };
    let is_possible = address.is_ipv4() || (is_in(UNICAST) && !is_in(DOCUMENTATION));
    is_possible && !NOT_PUBLIC.into_iter().any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_https_or_of_this_machine() {
        use WebhookUrlError::{Credentials, Malformed, Plain, TooLong};
        let long = format!("https://hooks.example.com/{}", "x".repeat(1000));
        for (text, expected) in [
            ("https://hooks.example.com/relayd?team=1", Ok(())),
            ("https://203.0.113.7:8443/", Ok(())),
            ("https://[2001:db8::1]/", Ok(())),
            ("http://localhost:8080/x", Ok(())),
            ("http://127.0.0.1:8080/x", Ok(())),
            ("http://[::1]/x", Ok(())),
            ("http://hooks.example.com/", Err(Plain)),
            ("http://localhost.example.com/", Err(Plain)),
            ("http://192.0.2.1/", Err(Plain)),
            ("ftp://localhost/", Err(Plain)),
            ("file:///etc/passwd", Err(Malformed)),
            ("hooks.example.com", Err(Malformed)),
            ("https://", Err(Malformed)),
            ("https://a:b@hooks.example.com/", Err(Credentials)),
            ("https://a@hooks.example.com/", Err(Credentials)),
            (&long, Err(TooLong(1000))),
        ] {
            let parsed = text.parse::<WebhookUrl>();
            assert_eq!(parsed.map(drop), expected, "{text}");
        }
        let url: WebhookUrl = "https://hooks.example.com:8443/secret-path#x"
            .parse()
            .unwrap();
        assert_eq!(url.authority(), "hooks.example.com:8443");
        assert_eq!(url.as_str(), "https://hooks.example.com:8443/secret-path");
        // However it is written.
        let url: WebhookUrl = "https://0x7f.1/".parse().unwrap();
        assert_eq!(url.address(), Some([127, 0, 0, 1].into()));
    }

    #[test]
    fn only_the_public_internet_is_within_reach_of_owners() {
        let reach = Reach::Public(vec!["10.1.0.0/16".parse().unwrap()]);
        for (address, is_admitted) in [
            ("8.8.8.8", true),
            ("198.17.255.255", true),
            ("2606:4700::1111", true),
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("10.2.0.1", false),
            ("127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::1", false),
            ("::", false),
            ("0.0.0.0", false),
            ("169.254.169.254", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("203.0.113.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("fc00::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::1", false),
            ("2001:0:1::1", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
        ] {
            let parsed = address.parse().unwrap();
            assert_eq!(reach.admits(parsed), is_admitted, "{address}");
            assert!(Reach::Anywhere.admits(parsed));
            assert_eq!(
                reach.names(parsed),
                address.ends_with("10.1.2.3"),
                "{address}"
            );
        }
    }
}
