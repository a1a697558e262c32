//! Who a message says it is from: From and Sender, judged, settled, or written anew.

use super::{
    header::Header,
    mailboxes::{self, Mailbox, MailboxError},
};
use crate::{
    model::{Address, OtherSender, Reason, Refusal, RelayUser},
    policy::{SenderRule, Senders, judge_header_address},
};

/// Where the From that was written over is kept.
const ORIGINAL: &str = "X-Original-From";

/// Exactly one From with addresses that the relay user may use. One that is missing or empty is
/// added, since it names nobody else.
pub(super) fn settle_from(
    header: &mut Header,
    senders: Senders<'_>,
) -> Result<Vec<Address>, Refusal> {
    let user = senders.user;
    let count = header.count("From");
    if count > 1 {
        let detail = format!("{count} From headers");
        return Err(Refusal::new(Reason::FromMalformed, detail));
    }
    let value = header.values("From").next().unwrap_or_default().to_vec();
    if matches!(value.trim_ascii(), b"" | b"<>") {
        header.remove("From");
        return Ok(add_own(header, user));
    }
    let authors = match mailboxes::parse(&value) {
        Ok(authors) => authors,
        Err(_) if user.other_sender == OtherSender::Rewrite => {
            header.remove(ORIGINAL);
            header.rename("From", ORIGINAL);
            return Ok(add_own(header, user));
        }
        Err(error) => return Err(malformed(error)),
    };
    let mut rewrite = false;
    for author in &authors {
        rewrite |= judge_header_address(senders, &author.address)? == SenderRule::Rewrite;
    }
    if rewrite {
        return Ok(rewrite_from(header, user, &authors));
    }
    if !mailboxes::is_unambiguous(&value, &authors) || !header.is_well_named("From") {
        // Whoever reads it next might find another author in it than the one that was judged.
        header.replace("From", &mailboxes::write(&authors));
    }
    Ok(authors.into_iter().map(|author| author.address).collect())
}

fn malformed(error: MailboxError) -> Refusal {
    Refusal::new(Reason::FromMalformed, error.to_string())
}

fn add_own(header: &mut Header, user: &RelayUser) -> Vec<Address> {
    header.append("From", &format!("<{}>", user.sender));
    vec![user.sender.clone()]
}

/// The relay user's own sender under the name of the first author; answers go to the authors,
/// unless the message says where they go.
fn rewrite_from(header: &mut Header, user: &RelayUser, authors: &[Mailbox]) -> Vec<Address> {
    let original = mailboxes::write(authors);
    let author = Mailbox {
        name: authors
            .first()
            .map_or_else(String::new, |author| author.name.clone()),
        address: user.sender.clone(),
    };
    header.replace("From", &mailboxes::write(&[author]));
    if header.count("Reply-To") == 0 {
        header.append("Reply-To", &original);
    }
    header.remove(ORIGINAL);
    header.append(ORIGINAL, &original);
    vec![user.sender.clone()]
}

/// RFC 5322 §3.6.2: Sender is needed when From names several, and must not name a stranger.
pub(super) fn settle_sender(header: &mut Header, senders: Senders<'_>, from_count: usize) {
    let given: Vec<_> = header
        .values("Sender")
        .map(|value| (value, mailboxes::parse(value)))
        .collect();
    let fine = match given.as_slice() {
        [] => from_count == 1,
        [(value, Ok(given))] => {
            let is_allowed = |sender: &Mailbox| {
                judge_header_address(senders, &sender.address) == Ok(SenderRule::Keep)
            };
            given.len() == 1
                && given.iter().all(is_allowed)
                && mailboxes::is_unambiguous(value, given)
                && header.is_well_named("Sender")
        }
        _ => false,
    };
    if !fine {
        header.remove("Sender");
        header.append("Sender", &format!("<{}>", senders.user.sender));
    }
}
