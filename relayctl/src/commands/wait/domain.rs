//! `relayctl wait domain`

use relay_proto::{DomainPath, DomainState, Nothing, ShowDomain};

use super::{Look, client, show, until};
use crate::args::words;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Wait until a domain is in a state
///
/// relayd looks for the record by itself from time to time; relayctl domain verify NAME --wait
/// looks at once. Exit code 0 when it is so; 8 when --timeout is over (ten minutes when not given);
/// 3 when there is no such domain.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  relayctl wait domain acme.example --for verified --timeout 30m")]
pub(crate) struct Args {
    /// Domain
    #[arg(value_name = "DOMAIN", add = complete::domains())]
    name: String,
    /// The state
    #[arg(long = "for", value_name = "STATE", default_value = "verified", value_parser = words!(DomainState))]
    goal: DomainState,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = client(session)?;
        let path = DomainPath {
            account: session.account()?,
            domain: self.name,
        };
        let goal = self.goal;
        let answer = until::<ShowDomain>(
            session,
            &format!("domain {} is {goal}", path.domain),
            || client.call::<ShowDomain>(&path, &Nothing {}),
            |domain| match domain.state {
                state if state == goal => Look::Reached,
                // Whatever was proven once is never pending again.
                state if goal == DomainState::Pending => Look::Never(format!("it is {state}")),
                state => Look::NotYet(format!("it is {state}: {}", domain.found)),
            },
        )?;
        let name = &answer.value.name;
        show(session, &answer, &format!("Domain {name} is {goal}."))
    }
}
