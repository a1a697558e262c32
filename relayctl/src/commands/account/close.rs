//! `relayctl account close`

use relay_proto::{
    Account, AccountPath, AccountState, CloseAccount, Closing, Nothing, QueueEnd, ShowAccount,
};

use super::{Name, VIEW, stock};
use crate::commands::queue::messages;
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Close an account for good: no mail and no sign-in from now on
///
/// With --drain the queue still goes out, for as long as mail may wait; what is left then is
/// cancelled. With --cancel it is cancelled at once. Then the route and all that signs in are wiped.
/// The log stays for as long as the operator keeps it; export it before. Cannot be undone: asks for
/// the name of the account, or takes --confirm NAME.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl account export acme > acme.json
  relayctl account close acme --drain --confirm acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Let the queue go out first
    #[arg(long, conflicts_with = "cancel")]
    drain: bool,
    /// Cancel the queue
    #[arg(long)]
    cancel: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut form = Form::new(&session.prompts);
        let queue = match (self.drain, self.cancel) {
            (true, _) => QueueEnd::Drain,
            (_, true) => QueueEnd::Cancel,
            _ => ask(&mut form)?,
        };
        form.finish("relayctl account close NAME --drain --confirm NAME")?;
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let client = session.client()?;
        let account = client.call::<ShowAccount>(&path, &Nothing {})?.value;
        session.confirm_for_good(&effect(session, &account, queue)?, &account.name)?;
        let answer = client.call::<CloseAccount>(&path, &Closing { queue })?;
        session.out.changed(&answer, &VIEW, &outcome(&answer.value))
    }
}

fn ask(form: &mut Form<'_>) -> Result<QueueEnd, Failure> {
    let items = ["goes out first", "is cancelled"].map(str::to_owned);
    let chosen = form.choice("--drain or --cancel", "What is in its queue", &items, None)?;
    Ok(match chosen {
        0 => QueueEnd::Drain,
        _ => QueueEnd::Cancel,
    })
}

fn effect(session: &Session, account: &Account, queue: QueueEnd) -> Result<String, Failure> {
    let path = AccountPath {
        account: account.id.clone(),
    };
    let fate = match (account.queued, queue) {
        (0, _) => "its queue is empty".to_owned(),
        (count, QueueEnd::Drain) => format!("{} in its queue may still go out", messages(count)),
        (count, QueueEnd::Cancel) => format!("{} in its queue are not sent", messages(count)),
    };
    Ok(format!(
        "closing account {} refuses {} for good and wipes its route and passwords; {fate}",
        account.name,
        stock(session, &path)?
    ))
}

fn outcome(account: &Account) -> String {
    let name = &account.name;
    match (account.state, account.drain_until) {
        (AccountState::Closing, Some(until)) if account.queued > 0 => format!(
            "Account {name} is closing: {} may still go out until {until:.0}.",
            messages(account.queued)
        ),
        (AccountState::Closing, _) => {
            format!("Account {name} is closing: mail on its way is waited for.")
        }
        _ => format!("Account {name} is closed."),
    }
}
