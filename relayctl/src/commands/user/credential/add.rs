//! `relayctl user credential add`

use relay_proto::{AddCredential, NewCredential};
use secrecy::ExposeSecret as _;

use super::VIEW;
use crate::commands::user::Name;
use crate::commands::user::password::PasswordFlags;
use crate::complete;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Add a password to a relay user; those it has go on
///
/// A made password is shown once and kept only as a hash. When stdout is no terminal, --generate
/// takes --password-out or -o json.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user credential add scanner summer --generate
  relayctl user credential add scanner summer --generate \\
      --password-out summer.pw")]
pub(crate) struct Args {
    /// User name or id of the relay user
    #[arg(value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Name of the new password, such as the device it is for
    #[arg(value_name = "NAME", env = "RELAYCTL_CREDENTIAL", hide_env = true)]
    credential: Option<String>,
    #[command(flatten)]
    password: PasswordFlags,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let user = form.required("USER", "Relay user", self.user, check::anything)?;
        let question = "Name of the new password";
        let name = form.required("NAME", question, self.credential, check::anything)?;
        let password = self.password.resolve(session, &mut form)?;
        form.finish("relayctl user credential add USER NAME --generate --password-out FILE")?;
        let Some(password) = password else {
            return Ok(());
        };
        let path = Name { user }.path(session)?;
        let new = NewCredential {
            name,
            password: Some(password.password.expose_secret().to_owned()),
        };
        let result = session.client()?.call::<AddCredential>(&path, &new);
        let remedy = format!(
            "relayctl user rotate-password {} --credential {}",
            path.user, new.name
        );
        let (password, answer) = password.unless_refused(result, &remedy)?;
        let (user, added) = (&answer.value.user, &answer.value.credential);
        let name = &added.name;
        let remedy = format!("relayctl user rotate-password {user} --credential {name}");
        let sentence = format!("Relay user {user} has another password, {name}.");
        password.hand_over(session, &answer.text, &sentence, &remedy, || {
            session.out.rows(std::slice::from_ref(added), &VIEW)
        })?;
        session.out.next(&format!(
            "set it in the devices; relayctl user credential list {user} tells which use it"
        ));
        Ok(())
    }
}
