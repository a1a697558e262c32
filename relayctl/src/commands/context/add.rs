//! `relayctl context add`

use std::path::{Path, PathBuf};

use crate::context::{Context, check_url};
use crate::error::{Exit, Failure};
use crate::prompt::{Form, check};
use crate::session::Session;

/// Add a context: a relayd, and the account to act for there
///
/// The first one becomes the one in use. The address is that of --url or --socket.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl context add prod --url https://relay.acme.example:8443 --account acme
  relayctl context add lab --socket ./.relayd-dev/admin.sock")]
pub(crate) struct Args {
    /// Name of the new context
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let globals = &session.globals;
        let is_placed = globals.url.is_some() || globals.socket.is_some();
        let mut form = Form::new(&session.prompts);
        let name = form.required("NAME", "Name of the context", self.name, check::anything)?;
        let place = if is_placed {
            None
        } else {
            let question = "Address (https://…) or path of a Unix socket";
            Some(form.required("--url (or --socket)", question, None, check::anything)?)
        };
        form.finish("relayctl context add NAME --url https://HOST:PORT")?;
        let typed_path = place.as_ref().filter(|place| !place.contains("://"));
        let typed_url = place.as_ref().filter(|place| place.contains("://"));
        let url = globals.url.as_ref().or(typed_url);
        let url = url.map(|url| check_url(url)).transpose()?;
        let socket = globals.socket.clone().or(typed_path.map(PathBuf::from));
        let socket = socket.as_deref().map(absolute).transpose()?;
        let context = Context {
            url,
            socket,
            ca_file: globals.ca_file.as_deref().map(absolute).transpose()?,
            account: globals.account.clone(),
        };
        let used = add(session, &name, context)?;
        session.out.sentence(&format!(
            "Context {name} added{}.",
            if used { " and in use" } else { "" }
        ))
    }
}

/// Adds a context. The first one becomes the one in use; says whether this one is.
pub(in crate::commands) fn add(
    session: &Session,
    name: &str,
    context: Context,
) -> Result<bool, Failure> {
    // The name becomes a file name below the folder of tokens.
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_fine) {
        return Err(Failure::usage(format!("`{name}` is no name for a context"))
            .hint("use letters, digits, hyphens, underscores and dots"));
    }
    let (path, mut config) = session.config()?;
    if config.context.contains_key(name) {
        return Err(Failure::new(
            Exit::Conflict,
            "name-taken",
            format!("there is a context `{name}` already"),
        )
        .hint(format!("relayctl context remove {name}")));
    }
    config.context.insert(name.to_owned(), context);
    config.current.get_or_insert_with(|| name.to_owned());
    config.save(&path)?;
    Ok(config.current.as_deref() == Some(name))
}

/// Contexts are used from any folder.
pub(in crate::commands) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::local(format!("cannot resolve {}", path.display()), &error))
}
