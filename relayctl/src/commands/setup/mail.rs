//! One mail through the whole way, followed to its end.

use relay_proto::{LogQuery, MessageState, NewTestMail, Nothing, RelayUserPath, SearchLog};

use super::user::Known;
use super::{Desk, later, route};
use crate::client::Part;
use crate::commands::test::send;
use crate::error::{Exit, Failure};
use crate::output::cell::to_the_second;
use crate::prompt::check;

/// Gives who got it, or who would.
pub(super) fn send(desk: &Desk, user: &Known) -> Result<String, Failure> {
    let (screen, email) = (desk.screen, desk.account()?.email);
    let query = LogQuery {
        account: Some(desk.account.clone()),
        user: Some(user.username.clone()),
        status: Some(MessageState::Delivered),
        ..LogQuery::default()
    };
    let client = desk.session.client()?;
    let found = client.list::<SearchLog, _>(&Nothing {}, &query, &Part::first(1))?;
    if let Some(message) = found.items.first() {
        let at = message.finished_at.unwrap_or(message.accepted_at);
        screen.ok("test mail", &format!("delivered {}", to_the_second(at)));
        return Ok(email);
    }
    screen.head(
        "Test mail",
        "relayd sends one mail the whole way, as the device will; only the password is not tried.",
    );
    let path = RelayUserPath {
        account: desk.account.clone(),
        user: user.username.clone(),
    };
    let mut to = asked(desk, &email)?;
    let mut sent = None;
    loop {
        screen.gap();
        let failure = match arrives(desk, &path, &to, &mut sent) {
            Ok(()) => {
                screen.gap();
                screen.ok("test mail", &format!("delivered to {to}"));
                return Ok(to);
            }
            Err(failure) if failure.is_silent() || is_beyond_us(&failure) => return Err(failure),
            Err(failure) => failure,
        };
        screen.gap();
        if sent.is_some() && is_told_by_trace(failure.exit()) {
            screen.say(&format!("That did not work: {failure}."));
        } else {
            screen.trouble(&failure);
        }
        let is_over = failure.exit() == Exit::CheckFailed;
        let stands = if is_over && sent.is_some() && route::is_held(desk)? {
            Stands::BeforeTheRoute
        } else if is_over || sent.is_none() {
            sent = None;
            Stands::Nowhere
        } else {
            Stands::OnItsWay
        };
        let ways = ways(stands);
        let items: Vec<_> = ways.iter().map(|(_, item)| (*item).to_owned()).collect();
        let chosen = desk.session.prompts.choice("Next", &items, 0)?;
        match ways.get(chosen) {
            Some((Next::Follow, _)) => {}
            Some((Next::Check, _)) => {
                screen.gap();
                route::check(desk)?;
            }
            Some((Next::Route, _)) => route::choose(desk)?,
            Some((Next::Another, _)) => sent = None,
            Some((Next::Elsewhere, _)) => (sent, to) = (None, asked(desk, &to)?),
            Some((Next::Leave, _)) | None => {
                return Err(later(screen, "The test mail did not arrive yet."));
            }
        }
    }
}

/// Where a mail is that was not seen to arrive.
#[derive(Debug, Clone, Copy)]
enum Stands {
    /// It was refused, or has come to its end.
    Nowhere,
    OnItsWay,
    /// Nothing leaves by the route.
    BeforeTheRoute,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Follow,
    Check,
    Route,
    Another,
    Elsewhere,
    Leave,
}

const FOLLOW: (Next, &str) = (Next::Follow, "follow it again");
const ANOTHER: (Next, &str) = (Next::Another, "send another");
const ELSEWHERE: (Next, &str) = (Next::Elsewhere, "to another address");
const LEAVE: (Next, &str) = (Next::Leave, "leave, and come back later");

/// A mail that is on its way is not sent twice without a word; another would wait behind one that
/// stands before the route.
const fn ways(stands: Stands) -> &'static [(Next, &'static str)] {
    match stands {
        Stands::Nowhere => &[ANOTHER, ELSEWHERE, LEAVE],
        Stands::OnItsWay => &[FOLLOW, ANOTHER, ELSEWHERE, LEAVE],
        Stands::BeforeTheRoute => &[
            (Next::Check, "try again: it was mended there"),
            (Next::Route, "set the route anew"),
            LEAVE,
        ],
    }
}

/// Sends a mail, unless one was sent, and follows it to its end.
fn arrives(
    desk: &Desk,
    path: &RelayUserPath,
    to: &str,
    sent: &mut Option<String>,
) -> Result<(), Failure> {
    let mail = NewTestMail {
        to: to.to_owned(),
        ..NewTestMail::default()
    };
    let id = match sent {
        Some(id) => id,
        None => sent.insert(send::submit(&desk.session, path, &mail)?),
    };
    send::follow(&desk.session, id)
}

fn asked(desk: &Desk, suggestion: &str) -> Result<String, Failure> {
    let prompts = &desk.session.prompts;
    prompts.line("Who gets it", Some(suggestion), false, check::address)
}

/// Whether the trace of a mail that was sent has told why: it has, where the mail went wrong or did
/// not arrive in time, and not, where relayd gave no answer about it.
const fn is_told_by_trace(exit: Exit) -> bool {
    matches!(exit, Exit::CheckFailed | Exit::Pending)
}

fn is_beyond_us(failure: &Failure) -> bool {
    matches!(failure.exit(), Exit::Unexpected | Exit::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_became_of_the_mail_is_told_by_its_trace() {
        for (exit, is_told) in [
            (Exit::CheckFailed, true),
            (Exit::Pending, true),
            (Exit::Unavailable, false),
            (Exit::NotFound, false),
        ] {
            assert_eq!(is_told_by_trace(exit), is_told, "{exit}");
        }
    }

    #[test]
    fn a_mail_on_its_way_is_followed_before_another_is_sent() {
        for (stands, first) in [
            (Stands::OnItsWay, Next::Follow),
            (Stands::Nowhere, Next::Another),
            (Stands::BeforeTheRoute, Next::Check),
        ] {
            let ways = ways(stands);
            assert_eq!(ways.first().map(|(next, _)| *next), Some(first));
            assert_eq!(ways.last(), Some(&LEAVE));
        }
    }
}
