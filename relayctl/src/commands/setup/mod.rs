//! `relayctl setup`: from an empty machine to a delivered test mail, in one dialogue.
//!
//! Each step looks first at what relayd has already, and passes with a line when it is done: so the
//! dialogue can be left at any question and goes on there. Nothing is kept here but the context.

mod account;
mod device;
mod domain;
mod mail;
mod person;
mod plan;
mod relay;
mod route;
mod route_kept;
mod route_kinds;
mod screen;
mod script;
mod system;
mod user;

use relay_proto::{Account, AccountPath, Nothing, ShowAccount};

use self::screen::Screen;
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Set everything up in one dialogue, from the relay to a delivered test mail
///
/// Finds or adds the relay, then asks for account, plan, route, relay user and system, as far as
/// they are not there yet, sends a test mail and follows it. At the end it shows what to type into
/// the device, and the same as commands for a script.
///
/// It can be left at any question (Ctrl-C), and goes on there when it is started again: what was
/// done stays, and is one line then. Ends with code 8 where somebody else has to act first: the
/// operator, or the DNS. It needs a terminal; scripts use the commands that it prints.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl setup
  relayctl setup --account acme
  relayctl setup --url https://relay.example.com:8443
  relayctl setup --socket ./.relayd-dev/admin.sock")]
pub(crate) struct Args {}

/// The commands that do the same, one by one.
const INSTEAD: [&str; 4] = [
    "relayctl account create, account verify, account activate, subscription start",
    "relayctl route set, user create, system add, test send",
    "relayctl context add and auth login come first where relayd is another machine",
    "relayctl help scripting tells of passwords and exit codes",
];

/// Where the dialogue has come: for whom, as whom.
struct Desk {
    /// Acts for the account.
    session: Session,
    screen: Screen,
    is_operator: bool,
    /// Name of the account.
    account: String,
}

impl Args {
    /// Runs the command.
    #[expect(clippy::unused_self, reason = "commands have the same shape")]
    pub(crate) fn run(self, session: &Session) -> Result<(), Failure> {
        refuse_without_terminal(session)?;
        session
            .prompts
            .farewell("cancelled; what was done stays; go on with relayctl setup");
        let session = session.for_dialogue(session.globals.clone());
        walk(&session).map_err(|failure| {
            if failure.is_silent() {
                failure
            } else {
                failure.hint("relayctl setup goes on from here")
            }
        })
    }
}

fn refuse_without_terminal(session: &Session) -> Result<(), Failure> {
    let off = match (session.prompts.off(), session.out.width) {
        (Some(why), _) => why,
        (None, None) => "stdout is not a terminal",
        (None, Some(_)) => return Ok(()),
    };
    let refused = Failure::new(
        Exit::Usage,
        "needs-terminal",
        "setup is a dialogue, and needs a terminal",
    );
    let refused = refused.cause(format!("prompts are off ({off})"));
    Err(INSTEAD
        .iter()
        .fold(refused, |refused, hint| refused.hint(*hint)))
}

fn walk(session: &Session) -> Result<(), Failure> {
    let screen = Screen::of(&session.out);
    screen.say("From here to a delivered test mail. Ctrl-C leaves; what was done stays.");
    let session = relay::find(session, screen)?;
    let desk = account::open(&session, screen)?;
    plan::book(&desk)?;
    route::set(&desk)?;
    domain::prove(&desk)?;
    let user = user::create(&desk)?;
    let system = system::add(&desk, &user)?;
    let recipient = mail::send(&desk, &user)?;
    device::tell(&desk, &user)?;
    script::tell(&desk, &user, &system, &recipient)
}

impl Desk {
    fn path(&self) -> AccountPath {
        AccountPath {
            account: self.account.clone(),
        }
    }

    /// The account as it is now.
    fn account(&self) -> Result<Account, Failure> {
        let client = self.session.client()?;
        Ok(client.call::<ShowAccount>(&self.path(), &Nothing {})?.value)
    }
}

/// Leaves the dialogue where somebody else has to act, or the person wants to.
fn later(screen: Screen, why: &str) -> Failure {
    screen.gap();
    screen.say(why);
    screen.say("Come back with: relayctl setup");
    Failure::silent(Exit::Pending)
}

/// Whether another answer could help.
fn is_mendable(failure: &Failure) -> bool {
    matches!(
        failure.exit(),
        Exit::Usage | Exit::Conflict | Exit::Rejected | Exit::CheckFailed
    )
}

/// The domain of a mail address.
fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}
