//! Values that several sections hold: durations, sizes, networks, addresses, names of hosts.

use std::{
    net::{Ipv4Addr, SocketAddr},
    ops::Range,
    time::Duration,
};

use relay_proto::{ByteSize, NoSize};
use toml::Spanned;

use crate::{
    config::{complaint::Collector, units::HumanDuration},
    model::{Network, NetworkError},
};

/// A duration above zero and up to `longest`.
pub(super) fn check_duration(
    given: Option<Spanned<String>>,
    default: Duration,
    longest: Duration,
    complaints: &mut Collector,
) -> Duration {
    let Some(given) = given else { return default };
    match given.get_ref().parse::<HumanDuration>() {
        Err(error) => complaints.add(given.span(), &error, "correct or remove it"),
        Ok(HumanDuration(duration)) if duration.is_zero() => {
            complaints.add(given.span(), "must be longer than zero", "such as \"5m\"");
        }
        Ok(HumanDuration(duration)) if duration > longest => {
            let remedy = format!("use {} or less", HumanDuration(longest));
            complaints.add(given.span(), "too long", &remedy);
        }
        Ok(HumanDuration(duration)) => return duration,
    }
    default
}

/// A size, where one is given that can be read, and where it stands.
pub(super) fn check_size(
    given: Option<&Spanned<String>>,
    complaints: &mut Collector,
) -> Option<(Range<usize>, u64)> {
    let given = given?;
    match given.get_ref().parse() {
        Ok(ByteSize(size)) => Some((given.span(), size)),
        Err(error) => {
            let error: NoSize = error;
            complaints.add(given.span(), &error.to_string(), "correct or remove it");
            None
        }
    }
}

pub(super) fn check_networks(
    given: Vec<Spanned<String>>,
    complaints: &mut Collector,
) -> Vec<Network> {
    given
        .into_iter()
        .filter_map(|network| match network.get_ref().parse() {
            Ok(network) => Some(network),
            Err(error) => {
                let error: NetworkError = error;
                complaints.add(network.span(), &error.to_string(), "correct or remove it");
                None
            }
        })
        .collect()
}

/// An address with its port; a free loopback port stands in for one that cannot be read.
pub(super) fn check_address(given: &Spanned<String>, complaints: &mut Collector) -> SocketAddr {
    given.get_ref().parse().unwrap_or_else(|_| {
        let what = "not an address with a port";
        complaints.add(
            given.span(),
            what,
            "write 0.0.0.0:587, [::]:587 or 192.0.2.1:587",
        );
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
    })
}

pub(super) fn is_host_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}
