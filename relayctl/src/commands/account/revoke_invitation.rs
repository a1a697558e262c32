//! `relayctl account revoke-invitation`

use relay_proto::{InvitationPath, Nothing, RevokeInvitation};

use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Take an invitation back that was not used; its code is good for nothing (operator)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account invitations\n  relayctl account revoke-invitation 06bq3k8zv1h4wcn2x9tg"
)]
pub(crate) struct Args {
    /// Id of the invitation, as listed by account invitations
    #[arg(value_name = "ID", add = complete::invitations())]
    id: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = InvitationPath { id: self.id };
        session
            .client()?
            .call::<RevokeInvitation>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("Invitation {} was revoked.", path.id))
    }
}
