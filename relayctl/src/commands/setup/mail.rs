//! One mail through the whole way, followed to its end.

use relay_proto::{LogQuery, MessageState, NewTestMail, Nothing, RelayUserPath, SearchLog};

use super::user::Known;
use super::{Desk, later};
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
        screen.trouble(&failure);
        if failure.exit() == Exit::CheckFailed {
            // It has come to its end.
            sent = None;
        }
        let ways = ways(sent.is_some());
        let items: Vec<_> = ways.iter().map(|(_, item)| (*item).to_owned()).collect();
        let chosen = desk.session.prompts.choice("Next", &items, 0)?;
        match ways.get(chosen) {
            Some((Next::Follow, _)) => {}
            Some((Next::Another, _)) => sent = None,
            Some((Next::Elsewhere, _)) => (sent, to) = (None, asked(desk, &to)?),
            Some((Next::Leave, _)) | None => {
                return Err(later(screen, "The test mail did not arrive yet."));
            }
        }
    }
}

/// What can be done about a mail that was not seen to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Follow,
    Another,
    Elsewhere,
    Leave,
}

const WAYS: [(Next, &str); 4] = [
    (Next::Follow, "follow it again"),
    (Next::Another, "send another"),
    (Next::Elsewhere, "to another address"),
    (Next::Leave, "leave, and come back later"),
];

/// A mail that is on its way is not sent twice without a word.
const fn ways(is_on_its_way: bool) -> &'static [(Next, &'static str)] {
    match &WAYS {
        all if is_on_its_way => all,
        [_, rest @ ..] => rest,
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

fn is_beyond_us(failure: &Failure) -> bool {
    matches!(failure.exit(), Exit::Unexpected | Exit::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_on_its_way_is_followed_before_another_is_sent() {
        let next = |is_on_its_way| ways(is_on_its_way).first().map(|(next, _)| *next);
        assert_eq!(next(true), Some(Next::Follow));
        assert_eq!(next(false), Some(Next::Another));
        assert_eq!(ways(false).len(), 3);
    }
}
