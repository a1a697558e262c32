//! `relayctl context remove`

use super::Name;
use crate::context::{Target, no_context};
use crate::error::Failure;
use crate::session::Session;
use crate::tokens;

/// Remove a context, and forget its token; relayd itself is not touched
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl context remove lab --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, mut config) = session.config()?;
        let name = self.name.name;
        let Some(removed) = config.context.remove(&name) else {
            return Err(no_context(&name, &config));
        };
        session.confirm(&format!(
            "context {name} will be forgotten; {} remain",
            config.context.len()
        ))?;
        if config.current.as_deref() == Some(name.as_str()) {
            config.current = None;
        }
        config.save(&path)?;
        // Another context of that name must not find the token of this one.
        let target = Target::of_context(&name, removed);
        if let Err(failure) = tokens::forget(&session.environment, &target) {
            session
                .out
                .note(&format!("The token of the context stays: {failure}."));
        }
        session
            .out
            .sentence(&format!("Context {name} was removed."))
    }
}
