//! `relayctl context remove`

use super::Name;
use crate::context::no_context;
use crate::error::Failure;
use crate::session::Session;

/// Remove a context; relayd itself is not touched
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
        if config.context.remove(&name).is_none() {
            return Err(no_context(&name, &config));
        }
        session.confirm(&format!(
            "context {name} will be forgotten; {} remain",
            config.context.len()
        ))?;
        if config.current.as_deref() == Some(name.as_str()) {
            config.current = None;
        }
        config.save(&path)?;
        session
            .out
            .sentence(&format!("Context {name} was removed."))
    }
}
