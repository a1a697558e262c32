//! `relayctl system edit`

use relay_proto::{
    EditSystem, Nothing, Priority, ShowSystem, System, SystemAuth, SystemChange, SystemState,
};

use super::{Name, VIEW, tell_listeners};
use crate::args::words;
use crate::complete;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Change a system
///
/// Without a flag it asks for each value, where a person is.
/// Suspending it affects live mail: that asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl system edit erp-prod --address 203.0.113.8/29
  relayctl system edit erp-prod --state suspended --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// IP address or network it connects from
    #[arg(long, value_name = "IP|CIDR")]
    address: Option<String>,
    /// The relay user it sends as
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// How it proves who it is
    #[arg(long, value_name = "HOW", value_parser = words!(SystemAuth))]
    auth: Option<SystemAuth>,
    /// Whether it may send
    #[arg(long, value_name = "STATE", value_parser = words!(SystemState))]
    state: Option<SystemState>,
    /// Whether its mail goes before that of other systems
    #[arg(long, value_name = "PRIORITY", value_parser = words!(Priority))]
    priority: Option<Priority>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut change = SystemChange {
            address: self.address,
            user: self.user,
            auth: self.auth,
            state: self.state,
            priority: self.priority,
        };
        let is_named = change != SystemChange::default();
        if !is_named && session.prompts.off().is_some() {
            return Err(Failure::usage("there is nothing to change")
                .hint("give --address, --user, --auth, --state or --priority"));
        }
        if let Some(address) = &change.address {
            check::network(address).map_err(|why| Failure::usage(format!("--address: {why}")))?;
        }
        let path = self.name.path(session)?;
        let client = session.client()?;
        let current = client.call::<ShowSystem>(&path, &Nothing {})?;
        if !is_named {
            change = asked(session, &current.value)?;
            if change == SystemChange::default() {
                return session.out.sentence("Nothing was changed.");
            }
        }
        if change.state == Some(SystemState::Suspended) {
            session.confirm(&format!("suspending system {} stops its mail", path.system))?;
        }
        let answer = client.call_with::<EditSystem>(&path, &Nothing {}, &change, current.etag)?;
        let sentence = format!("System {} changed.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)?;
        if change.auth.is_some() {
            tell_listeners(session, &answer.value)?;
        }
        Ok(())
    }
}

/// Asks for each value; Enter keeps the present one.
fn asked(session: &Session, now: &System) -> Result<SystemChange, Failure> {
    let form = Form::new(&session.prompts);
    Ok(SystemChange {
        address: form.changed("Address or network", &now.address, check::network)?,
        user: form.changed("Sends as relay user", &now.user, check::anything)?,
        auth: form.changed_word("Proves who it is by", SystemAuth::ALL, now.auth)?,
        state: form.changed_word("State", SystemState::ALL, now.state)?,
        priority: form.changed_word("Priority of its mail", Priority::ALL, now.priority)?,
    })
}
