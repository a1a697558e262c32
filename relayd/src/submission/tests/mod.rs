//! What goes in and what comes out of the header repair, line by line.

mod authors;
mod dates_and_ids;
mod passage;

use super::{
    header::HeaderCollector,
    repair::{Arrival, repair},
};
use crate::{
    model::{OtherSender, Protocol, Reason, RelayUser, SenderDomains, TlsSummary},
    policy::Senders,
    smtp::Peer,
};

const NOW: &str = "Sat, 21 Nov 2026 20:41:07 +0000";
const QUEUE_ID: &str = "01h2xcejqtf2nbrexx3v";

/// The header of a message that goes out, without the empty line at its end.
fn repaired(header: &[u8], other: OtherSender) -> Result<Vec<u8>, Reason> {
    let peer = Peer {
        remote: "203.0.113.10:4711".parse().unwrap(),
        listener: "submission".into(),
        helo: "printer.example".into(),
        tls: Some(TlsSummary {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256".into(),
        }),
        protocol: Protocol::Esmtpsa,
    };
    let mut collector = HeaderCollector::default();
    let message = [header, b"\r\n"].concat();
    let split = collector.push(&message).unwrap().unwrap();
    let arrival = Arrival {
        hostname: "relay.example.com",
        peer: &peer,
        id: QUEUE_ID.parse().unwrap(),
        at: "2026-11-21T20:41:07Z".parse().unwrap(),
        smtputf8: false,
    };
    let senders = Senders {
        user: &RelayUser::scanner(other),
        domains: &SenderDomains::Any,
    };
    let repaired = repair(split.header, senders, arrival).map_err(|r| r.reason)?;
    let mut out = Vec::new();
    repaired.header.write_to(&mut out);
    assert!(out.ends_with(b"\r\n\r\n"));
    out.truncate(out.len() - 2);
    Ok(out)
}

/// The fields that matter to a table, as text, each folded field on one line.
fn outcome(input: &str, other: OtherSender, of_interest: fn(&str) -> bool) -> String {
    // One character for each byte, so that 8-bit input can be written in a table.
    let bytes: Vec<u8> = format!("{input}\r\n")
        .chars()
        .map(|c| u8::try_from(c).unwrap())
        .collect();
    let out = match repaired(&bytes, other) {
        Err(reason) => return reason.code().to_owned(),
        Ok(out) => out.iter().copied().map(char::from).collect::<String>(),
    };
    let out = out.replace("\r\n ", "↵ ").replace("\r\n\t", "↵\t");
    let lines = out.lines().filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        of_interest(name.trim_end())
    });
    lines.collect::<Vec<_>>().join(" | ")
}
