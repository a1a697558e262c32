//! Who is told that the state of an account has changed: the operator by a notification, the
//! customer by mail.

use crate::{
    accounts::notice::Notice,
    model::{Account, AccountKind, AccountState, Authority, Occasion},
};

/// What there is to tell of a change, if anything is.
pub(super) fn occasion(before: &Account, now: &Account) -> Option<Occasion> {
    let has_confirmed = before.verified_at.is_none() && now.verified_at.is_some();
    match (before.state, now.state) {
        (AccountState::Registered, AccountState::Registered)
            if has_confirmed && now.self_registered =>
        {
            let contact = &now.contact;
            Some(Occasion::AccountWaiting {
                email: contact.email.to_string(),
                holder: match contact.kind {
                    AccountKind::Company => contact.company.clone(),
                    AccountKind::Person => {
                        format!("{} {}", contact.first_name, contact.last_name)
                    }
                },
            })
        }
        (before, now) if before == now => None,
        (AccountState::Registered, AccountState::Active) => Some(Occasion::AccountActivated {}),
        (AccountState::Registered, AccountState::Closed) => Some(Occasion::AccountRejected {
            reason: now.note.clone(),
        }),
        (_, AccountState::Suspended) => Some(Occasion::AccountSuspended {
            reason: now
                .suspension
                .as_ref()
                .map_or_else(String::new, |it| it.reason.clone()),
        }),
        (_, AccountState::Active) => Some(Occasion::AccountResumed {}),
        (_, AccountState::Closed) => Some(Occasion::AccountClosed {}),
        (_, AccountState::Registered | AccountState::Closing) => None,
    }
}

/// What the customer is told when the operator has decided.
pub(super) fn decision(before: &Account, now: &Account) -> Option<Notice> {
    let name = &now.name;
    if before.state != AccountState::Registered {
        return suspension(before, now);
    }
    match now.state {
        AccountState::Active => Some(Notice {
            subject: "Your account is active".to_owned(),
            text: format!(
                "The account {name} is active now. Sign in by\n\n  relayctl auth login\n\n\
                 with this e-mail address and your sign-in password. If you have none yet, set one \
                 by\n\n  relayctl auth reset-password\n"
            ),
        }),
        _ => None,
    }
}

/// The same for a suspension and its end. Who suspends the own account knows.
fn suspension(before: &Account, now: &Account) -> Option<Notice> {
    let by_operator = |account: &Account| {
        let suspension = account.suspension.as_ref();
        suspension.is_some_and(|suspension| suspension.by == Authority::Operator)
    };
    let name = &now.name;
    match (by_operator(before), by_operator(now)) {
        (false, true) => {
            let reason = now.suspension.as_ref().map_or("", |it| it.reason.as_str());
            let why = if reason.is_empty() {
                String::new()
            } else {
                format!("\nReason: {reason}\n")
            };
            Some(Notice {
                subject: "Your account was suspended".to_owned(),
                text: format!(
                    "The operator suspended the account {name}. Mail of its devices is refused, and \
                     what was accepted waits.\n{why}"
                ),
            })
        }
        (true, false) if now.state == AccountState::Active => Some(Notice {
            subject: "Your account goes on".to_owned(),
            text: format!(
                "The account {name} is active again, and the mail that waited is on its way.\n"
            ),
        }),
        _ => None,
    }
}
