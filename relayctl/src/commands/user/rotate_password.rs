//! `relayctl user rotate-password`

use relay_proto::{PasswordChange, RotatePassword};
use secrecy::ExposeSecret as _;

use super::password::PasswordFlags;
use super::{Name, systems_of};
use crate::commands::counted;
use crate::complete;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

const EXAMPLE: &str = "relayctl user rotate-password USER --generate --password-out FILE";

/// Replace the passwords of a relay user; the old ones end at once
///
/// The new one takes the place of all of them, or of the one that --credential names. To change
/// devices over without an outage, see relayctl user credential. Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user rotate-password scanner --generate
  relayctl user rotate-password scanner --generate \\
      --password-out scanner.pw --yes
  relayctl user rotate-password scanner --credential floor-3 --generate")]
pub(crate) struct Args {
    /// User name or id of the relay user
    #[arg(value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Replace this password only
    #[arg(long, value_name = "NAME", add = complete::credentials())]
    credential: Option<String>,
    #[command(flatten)]
    password: PasswordFlags,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut form = Form::new(&session.prompts);
        let user = form.required("USER", "Relay user", self.user, check::anything)?;
        // Nobody confirms what then cannot be done.
        self.password.note_missing(session, &mut form);
        form.finish(EXAMPLE)?;
        let path = Name { user }.path(session)?;
        let systems = systems_of(session, &path)?.len();
        session.confirm(&match &self.credential {
            None => format!(
                "every password of relay user {} ends now, and {} need{} the new one",
                path.user,
                counted(systems, "system"),
                if systems == 1 { "s" } else { "" },
            ),
            Some(credential) => format!(
                "password {credential} of relay user {} ends now, and those of its {} that use it \
                 need the new one",
                path.user,
                counted(systems, "system"),
            ),
        })?;
        let mut form = Form::new(&session.prompts);
        let password = self.password.resolve(session, &mut form)?;
        form.finish(EXAMPLE)?;
        let Some(password) = password else {
            return Ok(());
        };
        let change = PasswordChange {
            password: Some(password.password.expose_secret().to_owned()),
            credential: self.credential,
        };
        let result = session.client()?.call::<RotatePassword>(&path, &change);
        password.hand_over_user(
            session,
            result,
            Some(&path.user),
            "Relay user {user} has a new password.",
        )
    }
}
