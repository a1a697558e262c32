//! `relayctl context show`

use crate::complete;
use crate::context::{Context, DEFAULT_SOCKET, no_context};
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

use super::{Row, VIEW};

/// Show a context; the one in use when none is named
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  relayctl context show\n  relayctl context show -o name")]
pub(crate) struct Args {
    /// Name of the context
    #[arg(value_name = "CONTEXT", add = complete::contexts())]
    name: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (_, config) = session.config()?;
        let named = self
            .name
            .or_else(|| session.globals.context.clone())
            .or_else(|| config.current.clone());
        let row = if let Some(name) = &named {
            let context = config
                .context
                .get(name)
                .ok_or_else(|| no_context(name, &config))?;
            Row::of(name, &config, context)
        } else {
            let context = Context {
                socket: Some(DEFAULT_SOCKET.into()),
                ..Context::default()
            };
            Row {
                name: "(default)".to_owned(),
                current: true,
                context,
            }
        };
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.own_json(&row),
            _ => session.out.rows(std::slice::from_ref(&row), &VIEW),
        }
    }
}
