//! Which senders a relay user may use, in the envelope and in the header.

use crate::model::{Address, OtherSender, Reason, Refusal, RelayUser, ReversePath};

/// What to do with a sender that a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderRule {
    /// It may be used.
    Keep,
    /// It is replaced by the relay user's own sender.
    Rewrite,
}

/// Whether the relay user may use `address` as it stands.
fn is_allowed(user: &RelayUser, address: &Address) -> bool {
    user.sender.matches(address) || user.allowed_senders.iter().any(|a| a.matches(address))
}

/// The domain of an address, if the relay user has a sender in it.
pub fn own_domain<'a>(user: &RelayUser, address: &'a Address) -> Option<&'a str> {
    let domain = address.domain();
    let mut own = std::iter::once(&user.sender).chain(&user.allowed_senders);
    own.any(|sender| sender.domain() == domain)
        .then_some(domain)
}

/// Judges the reverse path of an envelope. The null path is fine: notifications are sent from it,
/// and the From header is judged as well.
pub fn judge_reverse_path(user: &RelayUser, path: &ReversePath) -> Result<SenderRule, Refusal> {
    match path.address() {
        None => Ok(SenderRule::Keep),
        Some(address) => judge(user, address, Reason::SenderNotAllowed),
    }
}

/// Judges one address of a From or Sender header.
pub fn judge_header_address(user: &RelayUser, address: &Address) -> Result<SenderRule, Refusal> {
    judge(user, address, Reason::FromNotAllowed)
}

fn judge(user: &RelayUser, address: &Address, reason: Reason) -> Result<SenderRule, Refusal> {
    if is_allowed(user, address) {
        return Ok(SenderRule::Keep);
    }
    match user.other_sender {
        OtherSender::Rewrite => Ok(SenderRule::Rewrite),
        OtherSender::Reject => Err(Refusal::new(
            reason,
            format!("{} as {address}", user.username),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_kept_refused_or_rewritten() {
        use OtherSender::{Reject, Rewrite};
        use SenderRule as R;
        for (path, other, expected) in [
            ("scanner@acme.example", Reject, Some(R::Keep)),
            ("SCANNER@Acme.Example", Reject, Some(R::Keep)),
            ("erp@acme.example", Reject, Some(R::Keep)),
            ("", Reject, Some(R::Keep)),
            ("ceo@acme.example", Reject, None),
            ("scanner@acme.example.org", Reject, None),
            ("ceo@acme.example", Rewrite, Some(R::Rewrite)),
        ] {
            let judged = judge_reverse_path(&RelayUser::scanner(other), &path.parse().unwrap());
            assert_eq!(judged.ok(), expected, "{path}");
        }
        let refusal = judge_header_address(
            &RelayUser::scanner(Reject),
            &"ceo@acme.example".parse().unwrap(),
        )
        .unwrap_err();
        assert_eq!(refusal.reason, Reason::FromNotAllowed);
        assert!(refusal.to_string().contains("scanner as ceo@acme.example"));
    }
}
