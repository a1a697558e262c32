//! `relayctl context use`

use super::Name;
use crate::context::no_context;
use crate::error::Failure;
use crate::session::Session;

/// Use a context from now on
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl context use lab")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, mut config) = session.config()?;
        let name = self.name.name;
        if !config.context.contains_key(&name) {
            return Err(no_context(&name, &config));
        }
        config.current = Some(name.clone());
        config.save(&path)?;
        session.out.sentence(&format!("Context {name} is in use."))
    }
}
