//! Who are you? Signs devices in by their passwords, and answers those who guess late.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::{Door, Principal, refusals::bounded, unavailable};
use crate::{
    model::{CredentialId, Reason, Refusal},
    policy::{self, Attempt, Proof},
    smtp::Credentials,
    store::{CredentialUse, Login},
};

/// Longest user name that is looked up; longer ones are never made.
const MAX_NAME: usize = 254;

impl Door {
    /// The principal that the credentials name. A refusal of a guess comes as late as it deserves.
    pub(super) async fn sign_in(
        &self,
        client: IpAddr,
        credentials: &Credentials,
    ) -> Result<Principal, Refusal> {
        let username = credentials.username.trim().to_lowercase();
        let said = (username.as_str(), &credentials.password);
        let attempt = self.0.guesses.begin(client, said, self.0.clock.now())?;
        let began = Instant::now();
        let identified = self.identify(client, &username, credentials, attempt).await;
        match identified {
            Ok(principal) => Ok(principal),
            Err((refusal, delay)) => {
                sleep_until(began + delay).await;
                Err(refusal)
            }
        }
    }

    /// The principal that the credentials name, or the refusal that guessing deserves.
    ///
    /// Whether the name exists shows in nothing: every look costs one run of Argon2id, and what is
    /// refused is answered so long after the beginning of the attempt as the refusal comes with.
    pub(super) async fn identify(
        &self,
        client: IpAddr,
        username: &str,
        credentials: &Credentials,
        attempt: Attempt,
    ) -> Result<Principal, (Refusal, Duration)> {
        let now = |refusal| (refusal, Duration::ZERO);
        let login = self.find(username).await.map_err(now)?;
        let is_registered = login.as_ref().is_some_and(|login| login.is_at(client));
        let is_shut = attempt.is_user_under_attack && !is_registered;
        let hashes = match &login {
            Some(login) if !is_shut => &login.hashes[..],
            _ => &[],
        };
        let verified = self.0.identity.verify(hashes, &credentials.password);
        let credential = verified.await.map_err(now)?;
        if let (Some(login), Some(credential)) = (login, credential) {
            attempt.succeeded(is_registered, self.0.clock.now());
            self.note_use(credential, client, &login);
            return Ok(Principal {
                login,
                proof: Proof::Password,
                credential: Some(credential),
            });
        }
        let reason = if attempt.is_user_under_attack {
            Reason::AuthThrottled
        } else {
            Reason::CredentialsRejected
        };
        let username = bounded(username);
        let consequence = attempt.failed(&username, self.0.clock.now());
        if let Some(ban) = consequence.ban {
            metrics::counter!("relayd_bans_total").increment(1);
            tracing::warn!(client = %ban.network, until = %ban.until, times = ban.times,
                username, "banned for guessing passwords");
        }
        metrics::counter!("relayd_sign_ins_delayed_total").increment(1);
        Err((reason.into(), consequence.delay))
    }

    /// Writes down that a password was used, not more often than is worth it.
    fn note_use(&self, id: CredentialId, client: IpAddr, login: &Login) {
        let at = self.0.clock.now();
        if !self.0.uses.is_news(id, at) {
            return;
        }
        let system = policy::system_at(&login.standing, client, Proof::Password);
        let is_noted = self.0.journal.record_use(CredentialUse {
            id,
            at,
            client: client.to_canonical(),
            system: system.map(|system| system.id),
        });
        if !is_noted {
            self.0.uses.forget(id);
        }
    }

    /// The relay user of that name. A text that cannot be a name belongs to nobody.
    async fn find(&self, username: &str) -> Result<Option<Arc<Login>>, Refusal> {
        if username.len() > MAX_NAME || username.chars().any(char::is_control) {
            return Ok(None);
        }
        self.0.directory.find(username).await.map_err(unavailable)
    }
}
