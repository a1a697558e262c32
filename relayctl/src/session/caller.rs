//! As whom relayd is spoken to, and whether it answers.

use relay_proto::{GetServer, GetVersion, Nothing, Role, ShowCaller};

use super::Session;
use crate::context::Endpoint;
use crate::error::Failure;
use crate::tokens;

impl Session {
    /// Whether relayd is spoken to by somebody it cannot know: over the network, without a token.
    fn is_stranger(&self) -> Result<bool, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        Ok(token.is_none() && matches!(target.endpoint, Endpoint::Url(_)))
    }

    /// As whom relayd is spoken to, for commands that strangers may give; `None` is a stranger. A
    /// token that relayd refuses makes one, too: it is left out from then on, since whoever
    /// registers anew has no other. Comes before the first use of the client.
    pub(crate) fn role(&self) -> Result<Option<Role>, Failure> {
        if self.is_stranger()? {
            return Ok(None);
        }
        let target = self.target()?;
        let Some(token) = self.token(&target)? else {
            // The socket lets nobody else in.
            return Ok(Some(Role::Operator));
        };
        let is_remote = matches!(target.endpoint, Endpoint::Url(_));
        let client = self.client_with(target, Some(token));
        match client.call::<ShowCaller>(&Nothing {}, &Nothing {}) {
            Ok(caller) => Ok(Some(caller.value.role)),
            Err(failure) if is_remote && failure.code() == "not-signed-in" => {
                self.is_token_refused.set(true);
                self.out.note(&match tokens::outranked(&self.environment) {
                    Some(name) => format!("relayd refused the token of {name}, so it is left out."),
                    None => {
                        "The session that was kept has ended, so it is left out; relayctl auth \
                             logout forgets it."
                            .to_owned()
                    }
                });
                Ok(None)
            }
            // Only an owner can be told so.
            Err(failure) if failure.code() == "account-not-active" => Ok(Some(Role::Owner)),
            Err(failure) => Err(failure),
        }
    }

    /// Makes sure, where questions may follow, that relayd answers and knows the caller: nobody
    /// wants to hear that after nine answers.
    pub(crate) fn reach(&self) -> Result<(), Failure> {
        if self.prompts.off().is_some() {
            return Ok(());
        }
        if self.is_stranger()? {
            // Who is to be told that a sign-in is needed is told by the command itself.
            self.client()?
                .call::<GetVersion>(&Nothing {}, &Nothing {})?;
            return Ok(());
        }
        let server = self.client()?.call::<GetServer>(&Nothing {}, &Nothing {})?;
        self.out
            .detail(&format!("relayd {} answers", server.value.version));
        Ok(())
    }
}
