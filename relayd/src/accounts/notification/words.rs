//! What people read of what happened: what it is, what it means, and the command that mends it.

use jiff::Timestamp;

use super::Notice;
use crate::model::{Account, HoldKind, Occasion, QuotaUse, Reason};

/// What the contact of an account reads; `None` where that is nothing to write of, or is written
/// by whoever did it.
pub(super) fn for_customer(account: &Account, occasion: &Occasion) -> Option<Notice> {
    let name = &account.name;
    let (subject, text) = match occasion {
        Occasion::LaneHeld { kind, .. } if kind == HoldKind::Manual.as_str() => return None,
        Occasion::LaneHeld { .. }
        | Occasion::CredentialsRejected { .. }
        | Occasion::QuotaWarning(_)
        | Occasion::QuotaReached(_)
        | Occasion::TokenExpiring { .. }
        | Occasion::RouteExpiring { .. }
        | Occasion::DomainFailing { .. }
        | Occasion::WebhookDisabled { .. } => what(Some(name), occasion),
        Occasion::AccountWaiting { .. }
        | Occasion::AccountActivated {}
        | Occasion::AccountRejected { .. }
        | Occasion::AccountSuspended { .. }
        | Occasion::AccountResumed {}
        | Occasion::AccountClosed {}
        | Occasion::LaneReleased {}
        | Occasion::CertificateExpiring { .. } => return None,
    };
    Some(Notice { subject, text })
}

/// What the operator reads.
pub(super) fn for_operator(
    account: Option<&Account>,
    occasion: &Occasion,
    at: Timestamp,
) -> Notice {
    let name = account.map(|account| account.name.as_str());
    let (subject, text) = what(name, occasion);
    let about = name.map_or_else(String::new, |name| format!(" (account {name})"));
    Notice {
        subject: format!("{subject}{about}"),
        text: format!("{text}\n{}\n", at.strftime("%F %T UTC")),
    }
}

/// One mail of several.
pub(super) fn gathered(mut notices: Vec<Notice>) -> Notice {
    if notices.len() == 1
        && let Some(only) = notices.pop()
    {
        return only;
    }
    let parts: Vec<_> = notices
        .iter()
        .map(|notice| format!("{}\n\n{}", notice.subject, notice.text))
        .collect();
    Notice {
        subject: format!("{} things to look at", notices.len()),
        text: parts.join("\n----\n\n"),
    }
}

/// Subject and text. `name` is that of the account.
fn what(name: Option<&str>, occasion: &Occasion) -> (String, String) {
    let of = name.map_or_else(String::new, |name| format!(" --account {name}"));
    let account = name.unwrap_or("-");
    match occasion {
        Occasion::AccountWaiting { email, holder } => (
            "A registration waits for you".to_owned(),
            format!(
                "{holder} ({email}) has registered the account {account} and confirmed the \
                 e-mail.\n\n  relayctl account show {account}\n  relayctl account activate \
                 {account}\n  relayctl account reject {account} --reason TEXT\n"
            ),
        ),
        Occasion::AccountActivated {} => state(account, "is active now"),
        Occasion::AccountRejected { reason } => {
            state(account, &format!("was not accepted: {reason}"))
        }
        Occasion::AccountSuspended { reason } if !reason.is_empty() => {
            state(account, &format!("was suspended: {reason}"))
        }
        Occasion::AccountSuspended { .. } => state(account, "was suspended"),
        Occasion::AccountResumed {} => state(account, "goes on"),
        Occasion::AccountClosed {} => state(account, "was closed"),
        Occasion::LaneReleased {} => (
            "Mail leaves again".to_owned(),
            format!("The lane of the account {account} goes on.\n"),
        ),
        Occasion::LaneHeld {
            kind,
            reason,
            detail,
            until,
        } => lane_held((account, &of), kind, reason, detail, *until),
        Occasion::CredentialsRejected { reason, detail } => {
            credentials_rejected(account, &of, reason, detail)
        }
        Occasion::QuotaWarning(quota) => quota_used(&of, quota, false),
        Occasion::QuotaReached(quota) => quota_used(&of, quota, true),
        Occasion::CertificateExpiring {
            path,
            subject,
            expires_at,
            days,
        } => certificate_ends(path, subject, *expires_at, *days),
        Occasion::TokenExpiring {
            token,
            expires_at,
            days,
        } => token_ends(&of, token, *expires_at, *days),
        Occasion::RouteExpiring {
            what,
            role,
            name,
            expires_at,
            days,
            ..
        } => route_ends(&of, (what, role, name), *expires_at, *days),
        Occasion::DomainFailing {
            domain,
            detail,
            until,
        } => domain_failing(&of, domain, detail, *until),
        Occasion::WebhookDisabled { webhook, detail } => (
            format!("The webhook {webhook} was disabled"),
            format!(
                "The webhook {webhook} took nothing for days, and gets nothing more. The last \
                 attempt: {detail}\n\nMend it, then\n\n  relayctl webhook test {webhook}{of}\n  \
                 relayctl webhook edit {webhook}{of} --state active\n"
            ),
        ),
    }
}

fn state(account: &str, what: &str) -> (String, String) {
    (
        format!("An account {what}"),
        format!("The account {account} {what}.\n"),
    )
}

fn credentials_rejected(account: &str, of: &str, reason: &str, detail: &str) -> (String, String) {
    let (sentence, remedy) = explained(reason);
    (
        "The server refuses the sign-in of the route".to_owned(),
        format!(
            "Mail of the account {account} is taken and kept, but does not leave.\n\n{sentence} \
             [{reason}]:\n  {detail}\n\nWhat to do: {remedy}. What waits leaves when the route \
             passes its check:\n\n  relayctl route set{of}\n  relayctl route check{of}\n"
        ),
    )
}

fn certificate_ends(path: &str, subject: &str, end: Timestamp, days: i64) -> (String, String) {
    (
        format!("A certificate {}", ends(days)),
        format!(
            "The certificate {path} ({subject}) ends on {}. Devices that verify it refuse to send \
             from then on. Renew it, then\n\n  systemctl reload relayd\n",
            day(end)
        ),
    )
}

fn token_ends(of: &str, token: &str, end: Timestamp, days: i64) -> (String, String) {
    (
        format!("The token {token} {}", ends(days)),
        format!(
            "The token {token} ends on {}. Make another one for the program that uses it:\n\n  \
             relayctl token create NAME{of} --expires 90d\n  relayctl token revoke {token}{of}\n",
            day(end)
        ),
    )
}

fn route_ends(
    of: &str,
    (what, role, name): (&str, &str, &str),
    end: Timestamp,
    days: i64,
) -> (String, String) {
    let fallback = if role == "fallback" {
        " --fallback"
    } else {
        ""
    };
    let (noun, remedy) = match what {
        "client-secret" => (
            "client secret",
            format!(
                "Make another one in Microsoft Entra (App registrations, Certificates & secrets), \
                 then\n\n  relayctl route set{fallback}{of} --client-secret-file FILE \
                 --client-secret-expires DATE\n"
            ),
        ),
        "sign-in" => (
            "sign-in by device code",
            format!(
                "It ends since no mail has left by it for a long time. Sign in anew:\n\n  relayctl \
                 route authorize{fallback}{of}\n"
            ),
        ),
        _ => (
            "certificate",
            format!(
                "Renew it, make it known to Microsoft, then\n\n  relayctl route set{fallback}{of} \
                 --certificate FILE --key FILE\n"
            ),
        ),
    };
    (
        format!("The {noun} of the route {}", ends(days)),
        format!(
            "The {noun} of the route by {name} ends on {}. No mail leaves by it from then on; what is \
             taken waits.\n\n{remedy}",
            day(end)
        ),
    )
}

/// Sentence and remedy of a reason; those that a later relayd has written say nothing.
fn explained(code: &str) -> (&'static str, &'static str) {
    let known: Option<Reason> = code.parse().ok();
    known.map_or(("The lane is held", "see the reason"), |reason| {
        (reason.sentence(), reason.remedy())
    })
}

/// The kind of a hold that concerns one sender alone.
const SENDER: &str = "sender";

fn lane_held(
    (account, of): (&str, &str),
    kind: &str,
    reason: &str,
    detail: &str,
    until: Option<Timestamp>,
) -> (String, String) {
    let (sentence, remedy) = explained(reason);
    let end = match until {
        Some(until) => format!(
            "It goes on by itself at {}. Sooner, once the cause is mended:\n\n  relayctl queue \
             release --lane{of}\n",
            until.strftime("%F %T UTC")
        ),
        None => format!(
            "It goes on when the cause is mended and the route passes its check:\n\n  relayctl \
             route check{of}\n"
        ),
    };
    let (subject, news) = if kind == SENDER {
        (
            "Mail of a sender waits",
            format!("Mail of one sender of the account {account} waits; that of others leaves."),
        )
    } else {
        (
            "Mail waits: the lane is held",
            format!("Mail of the account {account} is taken and kept, but does not leave."),
        )
    };
    (
        subject.to_owned(),
        format!(
            "{news}\n\nReason: \
             {sentence} [{reason}]\n  {detail}\n\nWhat to do: {remedy}.\n{end}"
        ),
    )
}

fn quota_used(of: &str, quota: &QuotaUse, is_up: bool) -> (String, String) {
    let QuotaUse {
        user,
        limit,
        used,
        of: limit_value,
        resets_at,
    } = quota;
    let what = limit.trim_end_matches("_per_day");
    let reset = resets_at.strftime("%F %T UTC");
    let subject = if is_up {
        format!("The relay user {user} has used its {what} of today up")
    } else {
        format!("The relay user {user} has used most of its {what} of today")
    };
    let consequence = if is_up {
        "More is refused until then, in words that the device may try again later."
    } else {
        "When they are used up, more is refused until then."
    };
    let text = format!(
        "The relay user {user} has used {used} of its {limit_value} {what} of today. The count \
         begins anew at {reset}. {consequence}\n\n  relayctl limits show{of}\n  relayctl stats \
         users{of} --since 24h\n"
    );
    (subject, text)
}

fn domain_failing(
    of: &str,
    domain: &str,
    detail: &str,
    until: Option<Timestamp>,
) -> (String, String) {
    let consequence = match until {
        Some(until) => format!(
            "If it stays so, mail from it is refused from {} on.",
            until.strftime("%F %T UTC")
        ),
        None => "Mail from it is refused.".to_owned(),
    };
    let text = format!(
        "The record that proves {domain} was not found: {detail}\n\n{consequence}\n\n  relayctl \
         domain show {domain}{of}\n  relayctl domain verify {domain}{of}\n"
    );
    (format!("The domain {domain} is not proven any more"), text)
}

/// How long something lasts.
fn ends(days: i64) -> String {
    match days {
        ..=0 => "ends within a day".to_owned(),
        1 => "ends in 1 day".to_owned(),
        days => format!("ends in {days} days"),
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%F").to_string()
}
