//! The id by which the other side knows a mail, taken from its reply, so that a mail is found by it
//! without reading all replies.

/// Longest id that is kept.
const MOST: usize = 120;
/// Shorter words are no ids.
const LEAST: usize = 6;

/// The id in the reply to a delivery, in lower case; empty when none can be made out.
///
/// Exchange names an `InternalId` or the id in angle brackets, Graph a request-id, Postfix and its
/// kin say `queued as`; of other replies it is the longest word with a digit in it.
pub(super) fn of_reply(reply: &str) -> String {
    let words: Vec<_> = words(reply).collect();
    let behind = |keyword: &str| {
        let place = words
            .iter()
            .position(|word| word.eq_ignore_ascii_case(keyword))?;
        words.get(place + 1).copied().filter(|word| is_id(word))
    };
    let queued_as = || {
        let place = words.windows(2).position(|pair| {
            pair[0].eq_ignore_ascii_case("queued") && pair[1].eq_ignore_ascii_case("as")
        })?;
        words.get(place + 2).copied()
    };
    let bracketed = || {
        let (_, rest) = reply.split_once('<')?;
        let (inner, _) = rest.split_once('>')?;
        Some(inner).filter(|inner| !inner.contains(char::is_whitespace))
    };
    let longest = || {
        let ids = words.iter().copied().filter(|word| is_id(word));
        ids.max_by_key(|word| word.len())
    };
    let found = behind("internalid")
        .or_else(|| behind("request-id"))
        .or_else(queued_as)
        .or_else(bracketed)
        .or_else(longest);
    found.map(key).unwrap_or_default()
}

/// The form in which ids are kept and looked for.
pub(super) fn key(id: &str) -> String {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    bare.chars().take(MOST).collect::<String>().to_lowercase()
}

fn words(reply: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| c.is_whitespace() || "<>[](),;=:\"'".contains(c);
    reply.split(parts).filter(|word| !word.is_empty())
}

/// Long enough, with a digit, and no enhanced status code.
fn is_id(word: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let is_code = word.contains('.') && word.chars().all(is_number);
    word.len() >= LEAST && word.contains(|c: char| c.is_ascii_digit()) && !is_code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_servers_that_there_are() {
        for (reply, id) in [
            (
                "250 2.0.0 OK <AM9PR10MB1@AM9PR10MB1.EURPRD10.PROD.OUTLOOK.COM> [Hostname=AM9PR10MB1]",
                "am9pr10mb1@am9pr10mb1.eurprd10.prod.outlook.com",
            ),
            (
                "250 2.6.0 <1@acme.example> [InternalId=12345678901, Hostname=AM9PR10MB1] 9 bytes \
                 in 0.1, 90 KB/sec Queued mail for delivery",
                "12345678901",
            ),
            ("250 2.0.0 Ok: queued as 4Zk9dX0Q1z", "4zk9dx0q1z"),
            ("250 2.0.0 Ok: queued as ABCDEF", "abcdef"),
            (
                "250 2.0.0 OK  1732264000 abc-20020a05600c.12 - gsmtp",
                "abc-20020a05600c.12",
            ),
            (
                "202 Accepted (request-id: 7f1c2d3e-0000-4000-8000-000000000001)",
                "7f1c2d3e-0000-4000-8000-000000000001",
            ),
            ("250 2.0.0 OK", ""),
            ("250 Message accepted", ""),
            ("", ""),
        ] {
            assert_eq!(of_reply(reply), id, "{reply}");
        }
        assert_eq!(of_reply(&format!("250 <{}>", "x".repeat(999))).len(), MOST);
        assert_eq!(key(" <A@B> "), "a@b");
    }
}
