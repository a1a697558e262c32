//! `relayctl test send`

use std::time::Duration;

use relay_proto::{NewTestMail, RelayUserPath, SendTestMail};

use crate::commands::log::follow;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::output::cell::wrap;
use crate::session::Session;

/// How long the mail is followed when --timeout does not say.
const PATIENCE: Duration = Duration::from_mins(2);

/// Send one mail through the whole way, and follow it live
///
/// relayd itself submits it as the relay user, through the policy, the limits and the header
/// repair that devices meet; only the password is not tried. It counts like other mail, and the log
/// marks it as a test. Exit code 0 when the other side took it; 9 when it was refused, failed or
/// is held, with the cause and what mends it; 8 when it still waits at the end of --timeout (two
/// minutes when not given). With -o jsonl the events come one a line as they happen.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl test send --user scanner --to ops@acme.example
  relayctl test send --user erp --to bob@example.net \\
      --from invoices@acme.example --timeout 5m")]
pub(crate) struct Args {
    /// Relay user to send as
    #[arg(long, value_name = "USER", add = complete::users(), env = "RELAYCTL_USER", hide_env = true)]
    user: String,
    /// Who gets the mail
    #[arg(long, value_name = "ADDRESS", env = "RELAYCTL_TO", hide_env = true)]
    to: String,
    /// Whom it is from; the sender of the relay user when not given
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Subject
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// System that it counts for; the one that was seen last when not given
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = RelayUserPath {
            account: session.account()?,
            user: self.user,
        };
        let mail = NewTestMail {
            to: self.to,
            from: self.from,
            subject: self.subject,
            system: self.system,
        };
        follow(session, &submit(session, &path, &mail)?)
    }
}

/// Sends a mail; gives its queue id.
pub(in crate::commands) fn submit(
    session: &Session,
    path: &RelayUserPath,
    mail: &NewTestMail,
) -> Result<String, Failure> {
    let client = session.waiting_client(patience(session))?;
    let sent = client
        .call::<SendTestMail>(path, mail)
        .map_err(|failure| at_the_door(failure, path))?;
    let sent = sent.value;
    let accepted = format!("Accepted as {} for system {}.", sent.id, sent.system);
    let room = session.out.width.unwrap_or(usize::MAX);
    session.out.note(&wrap(&accepted, room).join("\n"));
    Ok(sent.id)
}

/// Follows a mail that was sent to its end.
pub(in crate::commands) fn follow(session: &Session, id: &str) -> Result<(), Failure> {
    let patience = patience(session);
    let client = session.waiting_client(patience)?;
    follow::to_the_end(session, &client, id, patience)
}

fn patience(session: &Session) -> Duration {
    session.patience().unwrap_or(PATIENCE)
}

/// What the policy says to mail of a device is the answer of the test; another failure is that of
/// the request, and what passes by itself is to be tried again.
fn at_the_door(failure: Failure, path: &RelayUserPath) -> Failure {
    let code = failure.code().to_owned();
    let is_refusal = relay_proto::reasons()
        .iter()
        .any(|reason| reason.code == code && reason.smtp.is_some());
    if !is_refusal || failure.exit() == Exit::Unavailable {
        return failure;
    }
    let (user, account) = (&path.user, &path.account);
    failure
        .exiting(Exit::CheckFailed)
        .hint(format!("relayctl help error {code}"))
        .hint(format!("relayctl system list --account {account}, then relayctl system test NAME, looks at everything that {user} needs"))
}
