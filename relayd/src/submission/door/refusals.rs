//! What the log tells of those who were refused: whose device it was, and why.

use std::sync::Arc;

use super::{Door, Principal};
use crate::{
    model::{Address, Refusal},
    policy::{self, Proof},
    smtp::{RefusalContext, Stage},
    store::{Login, RefusalRecord},
};

impl Door {
    /// Counts a refusal, and lists it where there is room for it.
    pub(super) fn tell_refusal(&self, context: &RefusalContext<'_, Principal>, refusal: &Refusal) {
        let client = context.peer.remote.ip().to_canonical();
        metrics::counter!("relayd_refusals_total", "reason" => refusal.reason.code()).increment(1);
        let tried = bounded(&context.username.trim().to_lowercase());
        let (sender, recipient) = (bounded(context.sender), bounded(context.recipient));
        let (login, proof) = match context.principal {
            Some(principal) => (Some(Arc::clone(&principal.login)), principal.proof),
            None => self.whose(context, &tried),
        };
        let listing = &self.0.listing;
        let is_listed = match context.principal {
            Some(principal) => listing.takes_device(principal.login.standing.user.id, client),
            None => listing.takes_stranger(client),
        };
        if is_listed {
            tracing::info!(
                reason = refusal.reason.code(),
                %client,
                listener = &*context.peer.listener,
                username = tried,
                sender,
                recipient,
                detail = refusal.detail,
                "refused"
            );
        }
        let standing = login.as_ref().map(|login| &login.standing);
        let system = standing.and_then(|standing| policy::system_at(standing, client, proof));
        // From the whole address; what is listed may be cut.
        let address: Option<Address> = context.sender.parse().ok();
        let own = standing.zip(address.as_ref());
        let own = own.and_then(|(standing, address)| policy::own_domain(&standing.user, address));
        let sender_domain = own.unwrap_or_default().to_owned();
        self.0.journal.record_refusal(RefusalRecord {
            at: self.0.clock.now(),
            account_id: standing.map(|standing| standing.user.account_id),
            user_id: standing.map(|standing| standing.user.id),
            system_id: system.map(|system| system.id),
            username: standing.map_or(tried, |standing| standing.user.username.clone()),
            client,
            listener: context.peer.listener.to_string(),
            helo: bounded(&context.peer.helo),
            sender,
            sender_domain,
            recipient,
            reason: refusal.reason,
            reply: refusal.to_string(),
            is_listed,
        });
    }

    /// The relay user that a refused client tried to be, or that its address stands for. Asks no
    /// store: what the look-up of this very attempt found is still known.
    pub(super) fn whose(
        &self,
        context: &RefusalContext<'_, Principal>,
        tried: &str,
    ) -> (Option<Arc<Login>>, Proof) {
        let directory = &self.0.directory;
        if !tried.is_empty() {
            return (directory.last_known(tried), Proof::Password);
        }
        let found = match context.stage {
            Stage::Mail => directory.last_known_at(context.peer.remote.ip()),
            _ => None,
        };
        match found {
            Some((system, login)) => (Some(login), Proof::Address(system)),
            None => (None, Proof::Password),
        }
    }
}

/// Hostile text, cut to the length of the longest address (RFC 5321 §4.5.3.1.3).
pub(super) fn bounded(text: &str) -> String {
    text.chars().take(254).collect()
}
