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
    loop {
        let mail = NewTestMail {
            to: to.clone(),
            ..NewTestMail::default()
        };
        screen.gap();
        let sent = send::send(&desk.session, &path, &mail);
        let failure = match sent {
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
        let items = [
            "send another".to_owned(),
            "to another address".to_owned(),
            "leave, and come back later".to_owned(),
        ];
        match desk.session.prompts.choice("Next", &items, 0)? {
            0 => {}
            1 => to = asked(desk, &to)?,
            _ => return Err(later(screen, "The test mail did not arrive yet.")),
        }
    }
}

fn asked(desk: &Desk, suggestion: &str) -> Result<String, Failure> {
    let prompts = &desk.session.prompts;
    prompts.line("Who gets it", Some(suggestion), false, check::address)
}

fn is_beyond_us(failure: &Failure) -> bool {
    matches!(failure.exit(), Exit::Unexpected | Exit::Forbidden)
}
