//! What a value must look like before it is worth sending; relayd looks closer.

/// Accepts any text that is not blank.
pub(crate) fn anything(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("it must not be empty".into())
    } else {
        Ok(())
    }
}

/// Accepts any secret; blanks may be part of one.
pub(crate) fn given(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Err("it must not be empty".into())
    } else {
        Ok(())
    }
}

/// Accepts what is long enough for a password that is to be set, and what relayd still judges.
pub(crate) fn new_password(text: &str) -> Result<(), String> {
    match text.chars().count() {
        ..12 => Err("it must have at least 12 characters".into()),
        12..=100 => Ok(()),
        _ => Err("it must have at most 100 characters".into()),
    }
}

/// Accepts a whole number above zero.
pub(crate) fn count(text: &str) -> Result<(), String> {
    match text.trim().parse::<u32>() {
        Ok(1..) => Ok(()),
        _ => Err(format!("`{text}` is no whole number above 0")),
    }
}

/// Accepts a port.
pub(crate) fn port(text: &str) -> Result<(), String> {
    match text.trim().parse::<u16>() {
        Ok(1..) => Ok(()),
        _ => Err(format!("`{text}` is no port; it is a number up to 65535")),
    }
}

/// Accepts a date.
pub(crate) fn date(text: &str) -> Result<(), String> {
    crate::time::parse_date(text.trim()).map(|_| ())
}

/// Accepts the address of a relayd.
pub(crate) fn url(text: &str) -> Result<(), String> {
    crate::context::check_url(text.trim())
        .map(|_| ())
        .map_err(|failure| {
            let why = failure.reason().map_or_else(String::new, str::to_owned);
            format!("{why}; write it as https://relay.example.com:8443")
        })
}

/// Accepts what could be a mail address; relayd looks closer.
pub(crate) fn address(text: &str) -> Result<(), String> {
    match text.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !text.contains(' ') => {
            Ok(())
        }
        _ => Err(format!(
            "`{text}` is no mail address; write it as name@domain"
        )),
    }
}

/// Accepts a GUID.
pub(crate) fn guid(text: &str) -> Result<(), String> {
    let text = text.trim();
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    let is_one =
        groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    if is_one {
        Ok(())
    } else {
        Err(format!(
            "`{text}` is no application id; it reads like 4b1d7c20-0000-4000-8000-000000000000"
        ))
    }
}

/// Accepts an IP address or a network.
pub(crate) fn network(text: &str) -> Result<(), String> {
    let (address, length) = text.split_once('/').unwrap_or((text, "0"));
    match (address.parse::<std::net::IpAddr>(), length.parse::<u8>()) {
        (Ok(address), Ok(length)) if length <= if address.is_ipv4() { 32 } else { 128 } => Ok(()),
        _ => Err(format!(
            "`{text}` is no network; write it as 192.0.2.10, 192.0.2.0/28 or 2001:db8::/64"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords_have_12_to_100_characters() {
        for (length, is_fit) in [
            (0, false),
            (11, false),
            (12, true),
            (100, true),
            (101, false),
        ] {
            assert_eq!(
                new_password(&"ä".repeat(length)).is_ok(),
                is_fit,
                "{length}"
            );
        }
    }

    #[test]
    fn counts_are_whole_numbers_above_zero() {
        for (text, is_one) in [
            ("1", true),
            (" 20 ", true),
            ("0", false),
            ("-1", false),
            ("x", false),
        ] {
            assert_eq!(count(text).is_ok(), is_one, "{text}");
        }
    }

    #[test]
    fn addresses_and_networks_are_looked_at() {
        assert!(address("a@b.example").is_ok());
        for bad in ["a", "@b", "a@", "a b@c"] {
            assert!(address(bad).is_err(), "{bad}");
        }
        for good in ["192.0.2.10", "192.0.2.0/28", "2001:db8::/64", "::1"] {
            assert!(network(good).is_ok(), "{good}");
        }
        for bad in ["192.0.2", "192.0.2.0/33", "::/129", "scanner", "1.2.3.4/x"] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }
}
