//! `relayctl man`

use crate::error::{Exit, Failure};
use crate::generated;
use crate::session::Session;

/// Print a man page
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl man user create | man -l -
  relayctl man exit-codes | man -l -")]
pub(crate) struct Args {
    /// A command such as `user create`, or a topic such as exit-codes
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let pages = generated::man_pages()
            .map_err(|error| Failure::local("cannot write the man page", &error))?;
        let mut name = "relayctl".to_owned();
        for word in &self.words {
            name = format!("{name}-{word}");
        }
        let found = pages.into_iter().find(|page| {
            page.name
                .rsplit_once('.')
                .is_some_and(|(stem, _)| stem == name)
        });
        match found {
            Some(page) => session.out.block(&page.text),
            None => Err(Failure::new(
                Exit::NotFound,
                "no-page",
                format!("there is no man page {name}"),
            )
            .hint("relayctl --help lists the commands")),
        }
    }
}
