//! `relayctl wait account`

use relay_proto::{AccountPath, AccountState, Nothing, ShowAccount};

use super::{Look, client, show, until};
use crate::args::words;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Wait until an account is in a state
///
/// Exit code 0 when it is; 8 when --timeout is over (ten minutes when not given); 9 when it will
/// never be, since the account was closed; 3 when there is no such account.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl wait account acme --for active --timeout 1h
  relayctl wait account acme --for closed --timeout 30m")]
pub(crate) struct Args {
    /// Account; --account or the only one when not given
    #[arg(value_name = "ACCOUNT", add = complete::accounts())]
    name: Option<String>,
    /// The state
    #[arg(long = "for", value_name = "STATE", default_value = "active", value_parser = words!(AccountState))]
    goal: AccountState,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = client(session)?;
        let account = match self.name {
            Some(name) => name,
            None => session.account()?,
        };
        let path = AccountPath { account };
        let goal = self.goal;
        let answer = until::<ShowAccount>(
            session,
            &format!("account {} is {goal}", path.account),
            || client.call::<ShowAccount>(&path, &Nothing {}),
            |account| judge(account.state, goal),
        )?;
        let name = &answer.value.name;
        show(session, &answer, &format!("Account {name} is {goal}."))
    }
}

fn judge(state: AccountState, goal: AccountState) -> Look {
    use AccountState as S;
    let stands = format!("it is {state}");
    match (state, goal) {
        _ if state == goal => Look::Reached,
        // Nobody comes back from the end, or goes back to before the activation.
        (S::Closed, _)
        | (S::Closing, S::Registered | S::Active | S::Suspended)
        | (S::Active | S::Suspended, S::Registered) => Look::Never(stands),
        _ => Look::NotYet(stands),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_not_waited_for() {
        use AccountState as S;
        for (state, goal, ends) in [
            (S::Registered, S::Active, false),
            (S::Suspended, S::Active, false),
            (S::Active, S::Closed, false),
            (S::Closing, S::Closed, false),
            (S::Closing, S::Active, true),
            (S::Closed, S::Closing, true),
            (S::Active, S::Registered, true),
        ] {
            let never = matches!(judge(state, goal), Look::Never(_));
            assert_eq!(never, ends, "{state} {goal}");
        }
        assert!(matches!(judge(S::Closed, S::Closed), Look::Reached));
    }
}
