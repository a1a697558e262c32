//! `relayctl user create`

use relay_proto::{AccountPath, CreateRelayUser, NewRelayUser, OtherSender};
use secrecy::ExposeSecret as _;

use super::password::PasswordFlags;
use crate::args::words;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Create a relay user: what a device signs in as
///
/// A made password is shown once and kept only as a hash. When stdout is no terminal, --generate
/// takes --password-out or -o json.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user create scanner --sender scanner@acme.example --generate
  relayctl user create erp --sender erp@acme.example \\
      --allow-sender invoices@acme.example --generate --password-out erp.pw
  relayctl user create erp --sender erp@acme.example --password-stdin < erp.pw")]
pub(crate) struct Args {
    /// User name; a short one is made when not given
    #[arg(value_name = "NAME", env = "RELAYCTL_USERNAME", hide_env = true)]
    name: Option<String>,
    /// The same, as a flag
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "name",
        hide_short_help = true
    )]
    username: Option<String>,
    /// The address it sends as
    #[arg(long, value_name = "ADDRESS", env = "RELAYCTL_SENDER", hide_env = true)]
    sender: Option<String>,
    /// Also let it send as this address; may be repeated
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "RELAYCTL_ALLOW_SENDER",
        hide_env = true,
        value_delimiter = ','
    )]
    allow_sender: Vec<String>,
    /// What to do with mail from any other sender [default: reject]
    #[arg(long, value_name = "HOW", value_parser = words!(OtherSender), env = "RELAYCTL_OTHER_SENDER", hide_env = true)]
    other_sender: Option<OtherSender>,
    #[command(flatten)]
    password: PasswordFlags,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let sender = form.required("--sender", "Sender address", self.sender, check::address)?;
        let name = form.optional(
            "User name (empty for a made one)",
            self.name.or(self.username),
        )?;
        // Before the account is looked up: what is missing is said without a connection.
        let password = self.password.resolve(session, &mut form)?;
        form.finish("relayctl user create NAME --sender ADDRESS --generate --password-out FILE")?;
        let Some(password) = password else {
            return Ok(());
        };
        let new = NewRelayUser {
            username: Some(name).filter(|name| !name.is_empty()),
            password: Some(password.password.expose_secret().to_owned()),
            sender,
            allowed_senders: self.allow_sender,
            other_sender: self.other_sender,
        };
        let result = session.account().and_then(|account| {
            session
                .client()?
                .call::<CreateRelayUser>(&AccountPath { account }, &new)
        });
        password.hand_over_user(
            session,
            result,
            new.username.as_deref(),
            "Relay user {user} created.",
        )?;
        session
            .out
            .next("relayctl system add NAME --address ADDRESS --user USER");
        Ok(())
    }
}
