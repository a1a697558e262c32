//! `relayctl user rotate-password`

use relay_proto::{PasswordChange, RotatePassword};
use secrecy::ExposeSecret as _;

use super::password::PasswordFlags;
use super::{Name, systems_of};
use crate::commands::counted;
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Replace the password of a relay user; the old one ends at once
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user rotate-password scanner --generate
  relayctl user rotate-password scanner --generate --password-out scanner.pw --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    password: PasswordFlags,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let systems = systems_of(session, &path)?.len();
        session.confirm(&format!(
            "the password of relay user {} ends now, and {} need{} the new one",
            path.user,
            counted(systems, "system"),
            if systems == 1 { "s" } else { "" },
        ))?;
        let mut form = Form::new(&session.prompts);
        let password = self.password.resolve(session, &mut form)?;
        form.finish("relayctl user rotate-password NAME --generate")?;
        let Some(password) = password else {
            return Ok(());
        };
        let change = PasswordChange {
            password: Some(password.password.expose_secret().to_owned()),
        };
        let result = session.client()?.call::<RotatePassword>(&path, &change);
        password.hand_over(session, result, "Relay user {user} has a new password.")
    }
}
