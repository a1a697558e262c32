//! `relayctl user credential remove`

use relay_proto::{Credential, CredentialPath, ListCredentials, Nothing, RemoveCredential};

use crate::client::Part;
use crate::commands::user::Name;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::output::cell::harmless;
use crate::session::Session;

/// Remove a password of a relay user; it ends at once
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl user credential remove scanner default --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Name or id of the password
    #[arg(value_name = "NAME", add = complete::credentials())]
    credential: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let client = session.client()?;
        let all = client
            .list::<ListCredentials, _>(&path, &Nothing {}, &Part::default())?
            .items;
        let is_meant = |it: &&Credential| it.name == self.credential || it.id == self.credential;
        let Some(credential) = all.iter().find(is_meant) else {
            let what = format!(
                "relay user {} has no password {}",
                path.user, self.credential
            );
            return Err(Failure::new(Exit::NotFound, "not-found", what)
                .hint(format!("relayctl user credential list {}", path.user)));
        };
        session.confirm(&effect(&path.user, credential, all.len()))?;
        client.call::<RemoveCredential>(
            &CredentialPath {
                account: path.account,
                user: path.user.clone(),
                credential: credential.id.clone(),
            },
            &Nothing {},
        )?;
        session.out.sentence(&format!(
            "Password {} of relay user {} was removed.",
            credential.name, path.user
        ))
    }
}

/// What the removal means, with what is known of its use.
fn effect(user: &str, credential: &Credential, count: usize) -> String {
    let last = match (credential.last_used_at, &credential.last_used_from) {
        (Some(at), Some(from)) => {
            let system = credential.last_used_system.as_deref();
            let system = system.map_or_else(String::new, |name| format!(" ({name})"));
            format!("last used at {at:.0} from {from}{system}")
        }
        _ => "never used".to_owned(),
    };
    let rest = match count {
        0 | 1 => "it is the only one, so that no device can sign in".to_owned(),
        2 => "1 other stays".to_owned(),
        more => format!("{} others stay", more - 1),
    };
    harmless(&format!(
        "password {} of relay user {user} ends now: {last}; {rest}",
        credential.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_tells_of_the_last_use_and_of_what_stays() {
        let mut credential = Credential {
            id: "1".into(),
            name: "default".into(),
            created_at: "2026-11-01T12:00:00Z".parse().unwrap(),
            last_used_at: None,
            last_used_from: None,
            last_used_system: None,
        };
        assert_eq!(
            effect("scanner", &credential, 1),
            "password default of relay user scanner ends now: never used; it is the only one, so \
             that no device can sign in"
        );
        credential.last_used_at = Some("2026-11-21T20:41:07.123Z".parse().unwrap());
        credential.last_used_from = Some("192.0.2.17".into());
        credential.last_used_system = Some("floor-3".into());
        assert_eq!(
            effect("scanner", &credential, 3),
            "password default of relay user scanner ends now: last used at 2026-11-21T20:41:07Z \
             from 192.0.2.17 (floor-3); 2 others stay"
        );
    }
}
