//! The address of a system: one IP address or a CIDR block.

use std::net::IpAddr;

use ipnet::IpNet;

/// An IPv4 or IPv6 network in canonical form (host bits cleared, IPv4-mapped IPv6 as IPv4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network(IpNet);

/// A text that is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/64")]
pub struct NetworkError(String);

impl Network {
    /// Whether `address` lies in this network. IPv4-mapped IPv6 addresses count as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// The one site that an address stands for: an IPv4 address itself, the /64 of an IPv6 address.
    /// Whoever has one IPv6 address has all of its /64.
    pub fn site_of(address: IpAddr) -> Self {
        Self::near(address, 32, 64)
    }

    /// The neighbours of an address: its /24 (IPv4) or /64 (IPv6).
    pub fn neighbours_of(address: IpAddr) -> Self {
        Self::near(address, 24, 64)
    }

    fn near(address: IpAddr, v4: u8, v6: u8) -> Self {
        let address = address.to_canonical();
        let prefix = if address.is_ipv4() { v4 } else { v6 };
        let net = IpNet::new(address, prefix).map_or_else(|_| address.into(), |net| net.trunc());
        Self(net)
    }

    /// Whether some address lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.contains(&other.0.network()) || other.0.contains(&self.0.network())
    }

    /// Every network that holds `address`, from the single address to the whole internet. IPv4-mapped
    /// IPv6 addresses count as IPv4.
    pub fn around(address: IpAddr) -> impl Iterator<Item = Self> {
        let host = IpNet::from(address.to_canonical());
        std::iter::successors(Some(host), IpNet::supernet).map(Self)
    }

    /// The first address.
    pub fn address(&self) -> IpAddr {
        self.0.network()
    }

    /// How many leading bits its addresses have in common; more is narrower.
    pub fn prefix_len(&self) -> u8 {
        self.0.prefix_len()
    }

    /// Whether every address of `other` lies in this network.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether its addresses are this machine itself.
    pub fn is_loopback(&self) -> bool {
        self.0.network().is_loopback() && self.is_private()
    }

    /// Whether its addresses are told apart from the public ones: private, loopback, link-local.
    pub fn is_private(&self) -> bool {
        const PRIVATE: [&str; 9] = [
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ];
        let mut known = PRIVATE.iter().filter_map(|text| text.parse::<Self>().ok());
        known.any(|network| network.covers(self))
    }

    /// Whether this network is a single address.
    pub fn is_host(&self) -> bool {
        self.0.prefix_len() == self.0.max_prefix_len()
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(IpNet::from(address.to_canonical()))
    }
}

impl std::str::FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let refused = || NetworkError(text.to_owned());
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(address.into());
        }
        let net: IpNet = text.parse().map_err(|_| refused())?;
        match net {
            IpNet::V6(v6) if v6.addr().to_ipv4_mapped().is_some() => {
                let address = v6.addr().to_ipv4_mapped().ok_or_else(refused)?;
                let prefix = v6.prefix_len().checked_sub(96).ok_or_else(refused)?;
                let net = IpNet::new(address.into(), prefix).map_err(|_| refused())?;
                Ok(Self(net.trunc()))
            }
            _ => Ok(Self(net.trunc())),
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_in_canonical_form() {
        for (given, canonical) in [
            ("203.0.113.10", "203.0.113.10/32"),
            ("203.0.113.10/24", "203.0.113.0/24"),
            ("::ffff:203.0.113.10", "203.0.113.10/32"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
            ("2001:DB8::1", "2001:db8::1/128"),
            ("2001:db8::1/64", "2001:db8::/64"),
        ] {
            assert_eq!(given.parse::<Network>().unwrap().to_string(), canonical);
        }
        for refused in [
            "",
            "printer",
            "203.0.113.300",
            "203.0.113.0/33",
            "::ffff:203.0.113.0/64",
        ] {
            assert!(refused.parse::<Network>().is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_stands_for_its_site_among_its_neighbours() {
        for (address, site, neighbours) in [
            ("203.0.113.10", "203.0.113.10/32", "203.0.113.0/24"),
            ("::ffff:203.0.113.10", "203.0.113.10/32", "203.0.113.0/24"),
            (
                "2001:db8:1:2:3::4",
                "2001:db8:1:2::/64",
                "2001:db8:1:2::/64",
            ),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(Network::site_of(address).to_string(), site);
            assert_eq!(Network::neighbours_of(address).to_string(), neighbours);
        }
    }

    #[test]
    fn mapped_addresses_match_their_ipv4_network() {
        let network: Network = "203.0.113.0/24".parse().unwrap();
        assert!(network.contains("203.0.113.77".parse().unwrap()));
        assert!(network.contains("::ffff:203.0.113.77".parse().unwrap()));
        assert!(!network.contains("203.0.114.1".parse().unwrap()));
        assert!(!network.contains("2001:db8::1".parse().unwrap()));
    }

    #[test]
    fn the_networks_around_an_address_hold_it() {
        for (address, count, narrow, wide) in [
            ("203.0.113.10", 33, "203.0.113.10/32", "0.0.0.0/0"),
            ("::ffff:203.0.113.10", 33, "203.0.113.10/32", "0.0.0.0/0"),
            ("2001:db8::1", 129, "2001:db8::1/128", "::/0"),
        ] {
            let address: IpAddr = address.parse().unwrap();
            let networks: Vec<_> = Network::around(address).collect();
            assert_eq!(networks.len(), count);
            assert_eq!(networks[0].to_string(), narrow);
            assert_eq!(networks[count - 1].to_string(), wide);
            assert!(networks.iter().all(|network| network.contains(address)));
        }
        let last: Vec<_> = Network::around("203.0.113.255".parse().unwrap()).collect();
        assert_eq!(last[8].to_string(), "203.0.113.0/24");
    }

    #[test]
    fn private_networks_are_known() {
        for (network, private) in [
            ("10.1.0.0/16", true),
            ("192.168.0.0/16", true),
            ("192.168.0.0/15", false),
            ("0.0.0.0/0", false),
            ("203.0.113.10", false),
            ("127.0.0.1", true),
            ("::1", true),
            ("::/0", false),
            ("fd00::/8", true),
            ("2001:db8::/32", false),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.is_private(), private, "{network}");
        }
    }

    #[test]
    fn networks_overlap_when_one_holds_the_other() {
        for (one, other, overlap) in [
            ("203.0.113.0/24", "203.0.113.10", true),
            ("203.0.113.10", "203.0.113.0/24", true),
            ("203.0.113.0/25", "203.0.113.128/25", false),
            ("2001:db8::/32", "2001:db8:1::/48", true),
            ("::/0", "203.0.113.10", false),
        ] {
            let (one, other): (Network, Network) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.overlaps(&other), overlap, "{one} {other}");
        }
    }
}
