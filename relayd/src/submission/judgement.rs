//! What is judged of a mail at each verb, each by itself: the door says the first that is refused,
//! and who asks what the door would say is told all of them.

use crate::{
    model::{Address, Bound, LimitOrigin, Reason, Recipient, Refusal, Standing},
    policy::{self, Allowance, SenderRule, Senders},
    smtp::MailParameters,
};

/// What is judged at MAIL of a relay user that may send.
#[derive(Debug)]
pub(super) struct AtMail {
    /// The reverse path.
    pub(super) sender: Result<SenderRule, Refusal>,
    /// What the mail needs of the route.
    pub(super) content: Result<(), Refusal>,
}

impl AtMail {
    pub(super) fn judge(standing: &Standing, mail: &MailParameters) -> Self {
        let sender = mail.reverse_path.address();
        let is_international = mail.smtputf8 && sender.is_some_and(Address::is_international);
        Self {
            sender: policy::judge_reverse_path(Senders::of(standing), &mail.reverse_path),
            content: fits_offer(standing, mail, is_international),
        }
    }

    /// The first that is refused, with the size that the mail is announced with at last.
    pub(super) fn verdict(self, size: Bound<u64>, mail: &MailParameters) -> Result<(), Refusal> {
        self.sender?;
        self.content?;
        size.admit_size(mail.size.unwrap_or(0))
    }
}

/// Whether a recipient fits a mail, whoever sends it.
pub(super) fn fits(
    standing: &Standing,
    mail: &MailParameters,
    recipient: &Recipient,
) -> Result<(), Refusal> {
    let is_international = recipient.address.is_international();
    if is_international && !mail.smtputf8 {
        return Err(Refusal::new(Reason::InvalidAddress, "needs SMTPUTF8"));
    }
    fits_offer(standing, mail, is_international)
}

fn fits_offer(
    standing: &Standing,
    mail: &MailParameters,
    is_international: bool,
) -> Result<(), Refusal> {
    let offer = standing.route.and_then(|route| route.offer);
    policy::check_offer(offer, mail.encoding, is_international)
}

/// How much may be sent here: the allowance, under what this relay takes of anybody.
pub(super) fn under_ceiling(mut allowance: Allowance, ceiling: u64) -> Allowance {
    let size = &mut allowance.size;
    *size = size.at_most(Some(ceiling), LimitOrigin::Ceiling);
    allowance
}

/// Whether the server of the route takes a mail of this size, its header repaired. What it takes is
/// judged by what it will get: better refused now than bounced later.
pub(super) fn fits_route(limit: Option<u64>, size: u64) -> Result<(), Refusal> {
    let Some(limit) = limit else { return Ok(()) };
    let origin = LimitOrigin::Route;
    Bound { limit, origin }.admit_size(size)
}
