//! `[limits]`: ceilings that no plan exceeds.

use std::time::Duration;

use toml::Spanned;

use super::values::{check_duration, check_networks, check_size};
use crate::config::{Limits, complaint::Collector, raw};

pub(super) fn check_limits(raw: raw::Limits, complaints: &mut Collector) -> Limits {
    const LONGEST_SIGN_IN: Duration = Duration::from_mins(10);
    let mut count = |given: &Option<Spanned<u32>>, default, what| {
        given.as_ref().map_or(default, |given| {
            if *given.get_ref() == 0 {
                complaints.add(given.span(), what, "use 1 or more");
            }
            *given.get_ref()
        })
    };
    let nobody = "nobody could connect";
    let connections = count(&raw.connections, 5_000, nobody);
    let connections_per_address = count(&raw.connections_per_address, 100, nobody);
    // A network holds its addresses: a larger cap for one address lifts that of its network.
    let default = connections_per_address.max(1_000);
    let connections_per_network = count(&raw.connections_per_network, default, nobody);
    let ban_after = count(&raw.ban_after, 15, "everybody would be banned");
    if let Some(given) = &raw.connections_per_network
        && connections_per_network < connections_per_address
    {
        let what = "smaller than connections_per_address, which it holds";
        let remedy = format!("use {connections_per_address} or more");
        complaints.add(given.span(), what, &remedy);
    }
    let sign_in = Duration::from_mins(2);
    Limits {
        message_size: check_message_size(raw.message_size.as_ref(), complaints),
        connections,
        connections_per_address,
        connections_per_network,
        sign_in_time: check_duration(raw.sign_in_time, sign_in, LONGEST_SIGN_IN, complaints),
        ban_after,
        ban_exempt: check_networks(raw.ban_exempt, complaints),
        disk_reserve: check_disk_reserve(raw.disk_reserve.as_ref(), complaints),
        private_systems: raw.private_systems.unwrap_or(true),
    }
}

fn check_disk_reserve(given: Option<&Spanned<String>>, complaints: &mut Collector) -> u64 {
    const DEFAULT: u64 = 256 << 20;
    check_size(given, complaints).map_or(DEFAULT, |(_, size)| size)
}

fn check_message_size(given: Option<&Spanned<String>>, complaints: &mut Collector) -> u64 {
    const DEFAULT: u64 = 150 << 20;
    match check_size(given, complaints) {
        None => DEFAULT,
        Some((span, size)) => {
            if !(64 << 10..=1 << 30).contains(&size) {
                let remedy = "use 64 KiB to 1 GiB";
                complaints.add(span, "not a sensible size of a mail", remedy);
            }
            size
        }
    }
}
