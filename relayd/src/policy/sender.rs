//! Which senders a relay user may use, in the envelope and in the header: those that it was given,
//! as far as they lie in domains that its account has proven.

use crate::model::{
    Address, OtherSender, Reason, Refusal, RelayUser, ReversePath, SenderDomains, Standing,
};

/// The senders of a relay user: what a message may name as its origin.
#[derive(Debug, Clone, Copy)]
pub struct Senders<'a> {
    /// The relay user.
    pub user: &'a RelayUser,
    /// Where senders of its account may lie.
    pub domains: &'a SenderDomains,
}

impl<'a> Senders<'a> {
    /// Those of a relay user as it stands.
    pub fn of(standing: &'a Standing) -> Self {
        Self {
            user: &standing.user,
            domains: &standing.sender_domains,
        }
    }
}

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
    user.senders().any(|sender| sender.matches(address))
}

/// The domain of an address, if the relay user has a sender in it.
pub fn own_domain<'a>(user: &RelayUser, address: &'a Address) -> Option<&'a str> {
    let domain = address.domain();
    let mut own = user.senders();
    own.any(|sender| sender.domain() == domain)
        .then_some(domain)
}

/// Judges the reverse path of an envelope. The null path is fine: notifications are sent from it,
/// and the From header is judged as well.
///
/// The relay user's own sender must lie in a proven domain whatever the message names: it is what
/// relayd writes where a message names nobody, or somebody it may not.
pub fn judge_reverse_path(senders: Senders<'_>, path: &ReversePath) -> Result<SenderRule, Refusal> {
    refuse_unproven(senders, &senders.user.sender)?;
    match path.address() {
        None => Ok(SenderRule::Keep),
        Some(address) => judge(senders, address, Reason::SenderNotAllowed),
    }
}

/// Judges one address of a From or Sender header, of a message whose reverse path was judged.
pub fn judge_header_address(
    senders: Senders<'_>,
    address: &Address,
) -> Result<SenderRule, Refusal> {
    judge(senders, address, Reason::FromNotAllowed)
}

fn refuse_unproven(senders: Senders<'_>, address: &Address) -> Result<(), Refusal> {
    if senders.domains.cover(address) {
        return Ok(());
    }
    Err(Refusal::new(Reason::DomainNotVerified, address.as_str()))
}

fn judge(senders: Senders<'_>, address: &Address, reason: Reason) -> Result<SenderRule, Refusal> {
    let user = senders.user;
    if is_allowed(user, address) {
        return refuse_unproven(senders, address).map(|()| SenderRule::Keep);
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
            let senders = Senders {
                user: &RelayUser::scanner(other),
                domains: &SenderDomains::Any,
            };
            let judged = judge_reverse_path(senders, &path.parse().unwrap());
            assert_eq!(judged.ok(), expected, "{path}");
        }
        let senders = Senders {
            user: &RelayUser::scanner(Reject),
            domains: &SenderDomains::Any,
        };
        let refusal =
            judge_header_address(senders, &"ceo@acme.example".parse().unwrap()).unwrap_err();
        assert_eq!(refusal.reason, Reason::FromNotAllowed);
        assert!(refusal.to_string().contains("scanner as ceo@acme.example"));
    }

    #[test]
    fn a_sender_must_lie_in_a_proven_domain_whatever_is_done_with_others() {
        use OtherSender::{Reject, Rewrite};
        const UNPROVEN: Option<Reason> = Some(Reason::DomainNotVerified);
        const SENDER: Option<Reason> = Some(Reason::SenderNotAllowed);
        const FROM: Option<Reason> = Some(Reason::FromNotAllowed);
        let mut user = RelayUser::scanner(Reject);
        user.allowed_senders = ["erp@shop.example", "erp@mail.acme.example"]
            .map(|text| text.parse().unwrap())
            .into();
        let domains = |names: &[&str]| {
            SenderDomains::Proven(names.iter().map(|name| name.parse().unwrap()).collect())
        };
        let acme = domains(&["acme.example"]);
        let (shop, none) = (domains(&["shop.example"]), domains(&[]));
        for (proven, other, address, envelope, header) in [
            (&acme, Reject, "scanner@acme.example", None, None),
            (&acme, Reject, "erp@mail.acme.example", None, None),
            (&acme, Reject, "", None, None),
            (&acme, Reject, "erp@shop.example", UNPROVEN, UNPROVEN),
            (&acme, Rewrite, "erp@shop.example", UNPROVEN, UNPROVEN),
            (&acme, Reject, "ceo@acme.example", SENDER, FROM),
            (&acme, Rewrite, "ceo@bank.example", None, None),
            // Its own sender would be written in where the message names none.
            (&shop, Reject, "erp@shop.example", UNPROVEN, None),
            (&shop, Rewrite, "ceo@bank.example", UNPROVEN, None),
            (&shop, Reject, "", UNPROVEN, None),
            (&none, Reject, "scanner@acme.example", UNPROVEN, UNPROVEN),
        ] {
            user.other_sender = other;
            let senders = Senders {
                user: &user,
                domains: proven,
            };
            let path: ReversePath = address.parse().unwrap();
            let judged = judge_reverse_path(senders, &path).err();
            assert_eq!(judged.map(|refusal| refusal.reason), envelope, "{address}");
            if let Some(address) = path.address() {
                let judged = judge_header_address(senders, address).err();
                assert_eq!(judged.map(|refusal| refusal.reason), header, "{address}");
            }
        }
    }
}
