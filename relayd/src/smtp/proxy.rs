//! The PROXY protocol, versions 1 and 2: a proxy in front of relayd tells whose connection it
//! passes on.
//!
//! Written after `doc/proxy-protocol.txt` of its inventors. Whether a connection may begin with a
//! header at all is decided by where it comes from, before anything is read: whoever writes a
//! header chooses the address that relayd sees.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use tokio::{io::AsyncReadExt, net::TcpStream};

/// Longest header of version 1 with its CRLF.
const TEXT_LIMIT: usize = 107;
/// Signature, version, family and length of version 2.
const FIXED_LENGTH: usize = 16;
/// Most bytes of addresses and extensions in version 2; the certificate data that proxies add
/// stays far below.
const EXTENSIONS_LIMIT: usize = 4096;
/// What a header of version 2 begins with.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// A whole header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyHeader {
    /// How many bytes it takes; the client's own bytes follow.
    pub length: usize,
    /// The client. `None` when the proxy speaks for itself (a health check), or does not know.
    pub client: Option<SocketAddr>,
}

/// Bytes that are not the beginning of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProxyError(&'static str);

/// Reads the header that `bytes` begin with: `None` while more bytes are needed. Total: any
/// bytes give an answer, and never more than some 4 KiB are asked for.
pub fn parse(bytes: &[u8]) -> Result<Option<ProxyHeader>, ProxyError> {
    if begins_as(bytes, SIGNATURE) {
        return parse_binary(bytes);
    }
    if begins_as(bytes, b"PROXY ") {
        return parse_text(bytes);
    }
    Err(ProxyError("the connection began with something else"))
}

/// Whether `bytes` are `expected`, or its beginning, or go on behind it.
fn begins_as(bytes: &[u8], expected: &[u8]) -> bool {
    bytes.iter().zip(expected).all(|(one, other)| one == other)
}

/// `PROXY TCP4 192.0.2.1 198.51.100.1 50000 587\r\n`
fn parse_text(bytes: &[u8]) -> Result<Option<ProxyHeader>, ProxyError> {
    let head = bytes.get(..TEXT_LIMIT).unwrap_or(bytes);
    let Some(end) = head.windows(2).position(|pair| pair == b"\r\n") else {
        if bytes.len() >= TEXT_LIMIT {
            return Err(ProxyError("a header of version 1 is too long"));
        }
        return Ok(None);
    };
    let malformed = ProxyError("a header of version 1 cannot be read");
    let line = head.get(..end).unwrap_or_default();
    let line = str::from_utf8(line).map_err(|_| malformed)?;
    let fields: Vec<_> = line.split(' ').collect();
    let client = match fields.as_slice() {
        ["PROXY", "UNKNOWN", ..] => None,
        [
            "PROXY",
            family @ ("TCP4" | "TCP6"),
            source,
            target,
            source_port,
            target_port,
        ] => {
            let is_v4 = *family == "TCP4";
            let address = |text| parse_address(text, is_v4).ok_or(malformed);
            let port = |text| parse_port(text).ok_or(malformed);
            // The target is only checked: what relayd listens on it knows itself.
            address(target)?;
            port(target_port)?;
            Some(SocketAddr::new(address(source)?, port(source_port)?))
        }
        _ => return Err(malformed),
    };
    Ok(Some(ProxyHeader {
        length: end + 2,
        client,
    }))
}

fn parse_address(text: &str, is_v4: bool) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    (address.is_ipv4() == is_v4).then(|| address.to_canonical())
}

/// Decimal without sign or leading zeros.
fn parse_port(text: &str) -> Option<u16> {
    let lawful =
        text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    lawful.then(|| text.parse().ok()).flatten()
}

/// Signature, version and command, family and transport, length, addresses, extensions.
fn parse_binary(bytes: &[u8]) -> Result<Option<ProxyHeader>, ProxyError> {
    // What is known already is judged at once: a wrong header is not waited for.
    let command = bytes.get(12).copied();
    if command.is_some_and(|command| !matches!(command, 0x20 | 0x21)) {
        return Err(ProxyError(
            "a header is of a version or command unknown here",
        ));
    }
    let Some(&[high, low]) = bytes.get(14..FIXED_LENGTH) else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > EXTENSIONS_LIMIT {
        return Err(ProxyError("a header of version 2 is too long"));
    }
    let Some(rest) = bytes.get(FIXED_LENGTH..FIXED_LENGTH + length) else {
        return Ok(None);
    };
    let too_short = ProxyError("a header of version 2 is too short for its addresses");
    let client = match (command, bytes.get(13).copied()) {
        // LOCAL: the proxy speaks for itself.
        (Some(0x20), _) => None,
        // TCP over IPv4, TCP over IPv6.
        (_, Some(0x11)) => Some(client::<4>(rest).ok_or(too_short)?),
        (_, Some(0x21)) => Some(client::<16>(rest).ok_or(too_short)?),
        // A transport that tells relayd nothing: as if the proxy did not know.
        _ => None,
    };
    Ok(Some(ProxyHeader {
        length: FIXED_LENGTH + length,
        client,
    }))
}

/// The source of source address, target address, source port, target port, in network order.
fn client<const N: usize>(bytes: &[u8]) -> Option<SocketAddr>
where
    IpAddr: From<[u8; N]>,
{
    let source: [u8; N] = bytes.get(..N)?.try_into().ok()?;
    let port = bytes.get(2 * N..2 * N + 2)?.try_into().ok()?;
    bytes.get(2 * N + 2..2 * N + 4)?;
    let address = IpAddr::from(source).to_canonical();
    Some(SocketAddr::new(address, u16::from_be_bytes(port)))
}

/// Takes the header off `stream`, and not a byte more: a TLS handshake may follow in the same
/// segment. Waits as long as the other side does; the caller sets a deadline.
pub(super) async fn take_header(stream: &mut TcpStream) -> io::Result<ProxyHeader> {
    let refused = |error: ProxyError| io::Error::new(io::ErrorKind::InvalidData, error);
    let mut taken = Vec::with_capacity(TEXT_LIMIT);
    let mut seen = [0; 512];
    loop {
        let count = stream.peek(&mut seen).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let before = taken.len();
        taken.extend_from_slice(seen.get(..count).unwrap_or_default());
        let header = parse(&taken).map_err(refused)?;
        // Without a whole header, all that was seen belongs to it.
        let end = header.map_or(taken.len(), |header| header.length);
        let own = seen.get_mut(..end - before).unwrap_or_default();
        stream.read_exact(own).await?;
        if let Some(header) = header {
            return Ok(header);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of version 2 with these addresses and extensions.
    fn binary(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    fn v4() -> Vec<u8> {
        [
            &[192, 0, 2, 1][..],
            &[198, 51, 100, 1],
            &[0xc3, 0x50, 2, 0x4b],
        ]
        .concat()
    }

    fn v6() -> Vec<u8> {
        let source: std::net::Ipv6Addr = "2001:db8::7".parse().unwrap();
        let target: std::net::Ipv6Addr = "2001:db8::1".parse().unwrap();
        [
            &source.octets()[..],
            &target.octets(),
            &[0xc3, 0x50, 2, 0x4b],
        ]
        .concat()
    }

    fn whole() -> Vec<(Vec<u8>, Option<&'static str>)> {
        let text = |line: &str| line.as_bytes().to_vec();
        let tlv = [4, 0, 2, 9, 9];
        vec![
            (
                text("PROXY TCP4 192.0.2.1 198.51.100.1 50000 587\r\n"),
                Some("192.0.2.1:50000"),
            ),
            (
                text("PROXY TCP6 2001:db8::7 2001:db8::1 50000 587\r\n"),
                Some("[2001:db8::7]:50000"),
            ),
            (
                text("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::1 0 65535\r\n"),
                Some("192.0.2.1:0"),
            ),
            (text("PROXY UNKNOWN\r\n"), None),
            (text("PROXY UNKNOWN anything 1 2 at all\r\n"), None),
            (binary(0x21, 0x11, &v4()), Some("192.0.2.1:50000")),
            (
                binary(0x21, 0x11, &[&v4()[..], &tlv].concat()),
                Some("192.0.2.1:50000"),
            ),
            (binary(0x21, 0x21, &v6()), Some("[2001:db8::7]:50000")),
            (binary(0x20, 0x00, &[]), None),
            (binary(0x20, 0x11, &v4()), None),
            (binary(0x21, 0x00, &[]), None),
            (binary(0x21, 0x12, &v4()), None),
            (binary(0x21, 0x31, &[b'/'; 216]), None),
            (
                binary(0x21, 0x11, &[1; EXTENSIONS_LIMIT]),
                Some("1.1.1.1:257"),
            ),
        ]
    }

    #[test]
    fn whole_headers_are_read_and_end_where_the_client_begins() {
        for (header, client) in whole() {
            let expected = Ok(Some(ProxyHeader {
                length: header.len(),
                client: client.map(|client| client.parse().unwrap()),
            }));
            assert_eq!(parse(&header), expected, "{header:?}");
            let with_more = [&header[..], b"\x16\x03\x01EHLO a\r\n"].concat();
            assert_eq!(parse(&with_more), expected, "{header:?}");
        }
    }

    #[test]
    fn any_part_of_a_header_asks_for_the_rest() {
        for (header, _) in whole() {
            for end in 0..header.len() {
                assert_eq!(parse(&header[..end]), Ok(None), "{:?}", &header[..end]);
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("PROXY TCP4 {}\r\n", "1".repeat(TEXT_LIMIT));
        for wrong in [
            "EHLO printer\r\n",
            "PROXY\r\n",
            "proxy TCP4 192.0.2.1 198.51.100.1 50000 587\r\n",
            "PROXY TCP4\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 50000\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 50000 587 1\r\n",
            "PROXY TCP4  192.0.2.1 198.51.100.1 50000 587\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 +5000 587\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 05000 587\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 65536 587\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 50000 \r\n",
            "PROXY TCP4 192.0.2.01 198.51.100.1 50000 587\r\n",
            "PROXY TCP4 192.0.2.1 2001:db8::1 50000 587\r\n",
            "PROXY TCP4 2001:db8::7 2001:db8::1 50000 587\r\n",
            "PROXY TCP6 192.0.2.1 198.51.100.1 50000 587\r\n",
            "PROXY UDP4 192.0.2.1 198.51.100.1 50000 587\r\n",
            "PROXY TCP4 localhost 198.51.100.1 50000 587\r\n",
            "PROXY TCP4 \u{fffd} 198.51.100.1 50000 587\r\n",
            long.as_str(),
            "\u{16}\u{3}\u{1}",
            "\r\n\r\n\0\r\nQUIT\r",
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
        for wrong in [
            binary(0x11, 0x11, &v4()),
            binary(0x22, 0x11, &v4()),
            binary(0x21, 0x11, &v4()[..11]),
            binary(0x21, 0x21, &v6()[..35]),
            binary(0x21, 0x11, &[0; EXTENSIONS_LIMIT + 1]),
            binary(0x21, 0x11, &[0; EXTENSIONS_LIMIT + 1])[..FIXED_LENGTH].to_vec(),
            vec![b'P'; 5000],
        ] {
            assert!(parse(&wrong).is_err(), "{wrong:?}");
        }
    }

    proptest::proptest! {
        /// Whatever comes, the answer is bounded: a header ends within what was given, and more
        /// is asked for only below the limit.
        #[test]
        fn any_bytes_give_a_bounded_answer(
            start in proptest::sample::select(vec![&b""[..], b"PROXY ", b"PROXY TCP4 ", SIGNATURE, b"\r\n\r\n\0\r\nQUIT\n\x21\x11"]),
            rest in proptest::collection::vec(proptest::num::u8::ANY, 0..5000),
        ) {
            let bytes = [start, &rest].concat();
            match parse(&bytes) {
                Ok(Some(header)) => assert!(header.length <= bytes.len()),
                Ok(None) => assert!(bytes.len() < FIXED_LENGTH + EXTENSIONS_LIMIT),
                Err(_) => {}
            }
        }
    }
}
