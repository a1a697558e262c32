//! `relayctl man`

use std::path::{Path, PathBuf};

use crate::complete;
use crate::error::{Exit, Failure};
use crate::generated::{self, GeneratedFile};
use crate::session::Session;

/// Print a man page, or install all of them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl man user create | man -l -
  relayctl man exit-codes | man -l -
  relayctl man --install ~/.local/share/man")]
pub(crate) struct Args {
    /// A command such as `user create`, or a topic such as exit-codes
    #[arg(value_name = "COMMAND", add = complete::man_words())]
    words: Vec<String>,
    /// Write all pages into man1 and man7 of this folder, over those of an earlier version
    #[arg(long, value_name = "FOLDER", conflicts_with = "words")]
    install: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let pages = generated::man_pages();
        if let Some(folder) = self.install {
            return install(session, &folder, &pages);
        }
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

fn install(session: &Session, folder: &Path, pages: &[GeneratedFile]) -> Result<(), Failure> {
    for page in pages {
        let section = page
            .name
            .rsplit_once('.')
            .map_or("1", |(_, section)| section);
        let section = folder.join(format!("man{section}"));
        let path = section.join(&page.name);
        std::fs::create_dir_all(&section)
            .and_then(|()| std::fs::write(&path, &page.text))
            .map_err(|error| Failure::local(format!("cannot write {}", path.display()), &error))?;
    }
    session.out.sentence(&format!(
        "{} man pages are in {}.",
        pages.len(),
        folder.display()
    ))
}
