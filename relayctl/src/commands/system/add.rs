//! `relayctl system add`

use relay_proto::{
    AccountPath, AddSystem, ListRelayUsers, NewSystem, PageQuery, Priority, SystemAuth,
};

use super::{VIEW, tell_listeners};
use crate::args::words;
use crate::client::Part;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::prompt::{Form, check};
use crate::session::Session;

/// Register a system: a device, its address, and the relay user it sends as
///
/// With --auth address the device needs no password on listeners that allow it: whoever sends from
/// that address is the device. No other such system of any account may have an address of its
/// network.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  relayctl system add scanner-floor-3 --address 192.0.2.17 --user scanner
  relayctl system add erp-prod --address 203.0.113.8/29 --user erp
  relayctl system add plotter --address 192.0.2.40 --user scanner --auth address")]
pub(crate) struct Args {
    /// Name of the system
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// IP address or network it connects from
    #[arg(
        long,
        value_name = "IP|CIDR",
        env = "RELAYCTL_ADDRESS",
        hide_env = true
    )]
    address: Option<String>,
    /// The relay user it sends as
    #[arg(long, value_name = "USER", add = complete::users(), env = "RELAYCTL_USER", hide_env = true)]
    user: Option<String>,
    /// How it proves who it is [default: password]
    #[arg(long, value_name = "HOW", value_parser = words!(SystemAuth), env = "RELAYCTL_AUTH", hide_env = true)]
    auth: Option<SystemAuth>,
    /// Whether its mail goes before that of other systems, as alarms should [default: normal]
    #[arg(long, value_name = "PRIORITY", value_parser = words!(Priority), env = "RELAYCTL_PRIORITY", hide_env = true)]
    priority: Option<Priority>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let new = self.fill(session, &mut form)?;
        form.finish("relayctl system add NAME --address IP --user USER")?;
        let path = AccountPath {
            account: session.account()?,
        };
        let answer = session.client()?.call::<AddSystem>(&path, &new)?;
        let system = &answer.value;
        let sentence = format!(
            "System {} registered: {} sends as {}.",
            system.name, system.address, system.user
        );
        session.out.changed(&answer, &VIEW, &sentence)?;
        tell_listeners(session, system)?;
        session
            .out
            .next(&format!("relayctl system test {}", system.name));
        Ok(())
    }

    /// The same with this relay user.
    pub(in crate::commands) fn of_user(user: &str) -> Self {
        Self {
            user: Some(user.to_owned()),
            ..Self::default()
        }
    }

    /// Decides, asks, or notes as missing all that a new system takes.
    pub(in crate::commands) fn fill(
        self,
        session: &Session,
        form: &mut Form<'_>,
    ) -> Result<NewSystem, Failure> {
        let name = form.required("NAME", "Name of the system", self.name, check::anything)?;
        let address = form.required(
            "--address",
            "Address or network",
            self.address,
            check::network,
        )?;
        let user = match self.user {
            Some(user) => user,
            None if form.asks() => chosen(session, form)?,
            None => {
                form.missing("--user");
                String::new()
            }
        };
        Ok(NewSystem {
            name,
            address,
            user,
            auth: self.auth,
            priority: self.priority,
        })
    }
}

fn chosen(session: &Session, form: &mut Form<'_>) -> Result<String, Failure> {
    let path = AccountPath {
        account: session.account()?,
    };
    let users = session
        .client()?
        .list::<ListRelayUsers, _>(&path, &PageQuery::default(), &Part::default())?
        .items;
    if users.is_empty() {
        return Err(Failure::new(
            Exit::NotFound,
            "no-user",
            "the account has no relay user yet",
        )
        .hint("relayctl user create NAME --sender ADDRESS --generate --password-out FILE"));
    }
    let shown: Vec<_> = users
        .iter()
        .map(|user| format!("{} ({})", user.username, user.sender))
        .collect();
    let index = form.choice("--user", "Sends as", &shown, None)?;
    Ok(users
        .get(index)
        .map(|user| user.username.clone())
        .unwrap_or_default())
}
