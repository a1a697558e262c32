//! Which relay: the one that all commands speak to, another context, or one that is added now.

use std::path::{Path, PathBuf};

use relay_proto::{GetVersion, Nothing, Version};

use super::screen::Screen;
use crate::args::Globals;
use crate::client::CERTIFICATE_REFUSED;
use crate::commands::context::add::{absolute, add};
use crate::context::{Config, Context, Endpoint, Target, check_url};
use crate::error::Failure;
use crate::prompt::check;
use crate::session::Session;

/// Where `relayd dev` listens.
const SANDBOX: &str = ".relayd-dev/admin.sock";
/// The name of a context whose address has none.
const NAME: &str = "relay";

/// Finds the relay that answers; where none does, a person names one.
pub(super) fn find(session: &Session, screen: Screen) -> Result<Session, Failure> {
    let target = session.target()?;
    match version(session, &target) {
        Ok(version) => settle(session, screen, &target, &version),
        Err(failure) if is_named(session) => Err(failure),
        Err(failure) => choose(session, screen, &target, &failure),
    }
}

/// Whether the person has said which, this time.
fn is_named(session: &Session) -> bool {
    let globals = &session.globals;
    let by_flag = globals.url.is_some() || globals.socket.is_some() || globals.context.is_some();
    let names = ["RELAYCTL_URL", "RELAYCTL_SOCKET", "RELAYCTL_CONTEXT"];
    by_flag
        || names
            .iter()
            .any(|name| session.environment.text(name).is_some())
}

/// Asks the relay who it is; that needs no token.
fn version(session: &Session, target: &Target) -> Result<Version, Failure> {
    let client = session.client_with(target.clone(), None);
    Ok(client.call::<GetVersion>(&Nothing {}, &Nothing {})?.value)
}

/// A session with that relay. One at a URL gets a context, since sign-ins are kept for one.
fn settle(
    session: &Session,
    screen: Screen,
    target: &Target,
    version: &Version,
) -> Result<Session, Failure> {
    let relayd = format!("relayd {}", version.version);
    let context = match (&target.endpoint, &target.context) {
        (Endpoint::Url(url), None) => Some(adopt(session, screen, target, url)?),
        (_, context) => context.clone(),
    };
    let Some(context) = context else {
        screen.ok("relay", &format!("{}, {relayd}", target.endpoint));
        return Ok(session.for_dialogue(session.globals.clone()));
    };
    screen.ok(
        "relay",
        &format!("{}, {relayd}, context {context}", target.endpoint),
    );
    Ok(in_context(session, &context))
}

fn in_context(session: &Session, context: &str) -> Session {
    session.for_dialogue(Globals {
        context: Some(context.to_owned()),
        url: None,
        socket: None,
        ca_file: None,
        ..session.globals.clone()
    })
}

/// The context of that address; a new one where there is none.
fn adopt(session: &Session, screen: Screen, target: &Target, url: &str) -> Result<String, Failure> {
    let ca_file = target.ca_file.as_deref();
    let url = check_url(url)?;
    let (_, config) = session.config()?;
    let known = config
        .context
        .iter()
        .find(|(_, context)| context.url.as_deref() == Some(url.as_str()));
    if let Some((name, _)) = known {
        return Ok(name.clone());
    }
    let first = name_of(&url);
    let mut names =
        std::iter::once(first.clone()).chain((2..).map(|number: u32| format!("{first}-{number}")));
    let name = names.find(|name| !config.context.contains_key(name));
    let name = name.unwrap_or(first);
    let context = Context {
        url: Some(url),
        ca_file: ca_file.map(absolute).transpose()?,
        ..Context::default()
    };
    add(session, &name, context)?;
    take_up(session, screen, &name)?;
    Ok(name)
}

/// The first part of a host name.
fn name_of(url: &str) -> String {
    let host = reqwest::Url::parse(url).ok();
    let host = host.as_ref().and_then(reqwest::Url::domain);
    let first = host.and_then(|host| host.split('.').next());
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    first.filter(is_name).unwrap_or(NAME).to_owned()
}

/// The other commands speak to the same relay, unless they speak to another one by now: which, is
/// for the person to say.
fn take_up(session: &Session, screen: Screen, name: &str) -> Result<(), Failure> {
    let (path, mut config) = session.config()?;
    match make_current(&mut config, name) {
        Some(other) => {
            screen.say(&format!(
                "Other commands still use context {other}; to change that: relayctl context use \
                 {name}"
            ));
            Ok(())
        }
        None => config.save(&path),
    }
}

/// Has commands use a context where they use none; gives the other one that they use.
fn make_current(config: &mut Config, name: &str) -> Option<String> {
    let current = config.current.get_or_insert_with(|| name.to_owned());
    (current != name).then(|| current.clone())
}

/// What can be tried where the usual one does not answer.
enum Other {
    Known(String),
    Sandbox,
    New,
}

fn choose(
    session: &Session,
    screen: Screen,
    target: &Target,
    failure: &Failure,
) -> Result<Session, Failure> {
    screen.head(
        "Relay",
        "Where relayd runs on this machine, its operator needs no address and no sign-in. Else \
         name the address that you were given.",
    );
    screen.say(&format!(
        "There is no answer at {}: {}.",
        target.endpoint,
        failure.reason().unwrap_or("no cause is known")
    ));
    let (_, config) = session.config()?;
    let others = config
        .context
        .iter()
        .filter(|(name, _)| target.context.as_ref() != Some(*name));
    let mut items: Vec<_> = others
        .map(|(name, context)| {
            let place = Target::of_context(name, context.clone()).endpoint;
            (Other::Known(name.clone()), format!("{name}: {place}"))
        })
        .collect();
    if Path::new(SANDBOX).exists() {
        items.push((Other::Sandbox, "the sandbox of this folder".to_owned()));
    }
    items.push((Other::New, "another one, by its address".to_owned()));
    loop {
        let names: Vec<_> = items.iter().map(|(_, item)| item.clone()).collect();
        let chosen = match names.as_slice() {
            [_] => 0,
            several => session.prompts.choice("Relay", several, 0)?,
        };
        let tried = match items.get(chosen) {
            Some((Other::Known(name), _)) => known(session, screen, name),
            Some((Other::Sandbox, _)) => sandbox(session, screen),
            Some((Other::New, _)) | None => by_address(session, screen),
        };
        match tried {
            Err(failure) if !failure.is_silent() => screen.trouble(&failure),
            done => return done,
        }
    }
}

fn known(session: &Session, screen: Screen, name: &str) -> Result<Session, Failure> {
    let session = in_context(session, name);
    let target = session.target()?;
    let version = version(&session, &target)?;
    take_up(&session, screen, name)?;
    settle(&session, screen, &target, &version)
}

fn sandbox(session: &Session, screen: Screen) -> Result<Session, Failure> {
    let session = session.for_dialogue(Globals {
        socket: Some(PathBuf::from(SANDBOX)),
        ..session.globals.clone()
    });
    let target = session.target()?;
    let version = version(&session, &target)?;
    settle(&session, screen, &target, &version)
}

fn by_address(session: &Session, screen: Screen) -> Result<Session, Failure> {
    let prompts = &session.prompts;
    let url = prompts.line("Address of the relay", None, false, check::url)?;
    let mut target = Target {
        context: None,
        endpoint: Endpoint::Url(check_url(&url)?),
        ca_file: session.globals.ca_file.clone(),
        account: session.globals.account.clone(),
    };
    let mut answer = version(session, &target);
    if let Err(failure) = &answer
        && failure.code() == CERTIFICATE_REFUSED
    {
        screen.trouble(failure);
        screen.say(
            "Its certificate may come from an authority of its own: the operator has the file.",
        );
        let file = prompts.line("CA file (empty for none)", None, true, check::anything)?;
        if !file.is_empty() {
            target.ca_file = Some(PathBuf::from(file));
            answer = version(session, &target);
        }
    }
    settle(session, screen, &target, &answer?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_context_stays_in_use() {
        let mut config = Config::default();
        assert_eq!(make_current(&mut config, "relay"), None);
        assert_eq!(make_current(&mut config, "relay"), None);
        let other = make_current(&mut config, "lab");
        assert_eq!(other.as_deref(), Some("relay"));
        assert_eq!(config.current.as_deref(), Some("relay"));
    }

    #[test]
    fn a_context_is_named_after_its_host() {
        for (url, name) in [
            ("https://relay.acme.example:8443", "relay"),
            ("https://mail-1.example", "mail-1"),
            ("http://127.0.0.1:8080", "relay"),
            ("http://[::1]:8080", "relay"),
            ("http://localhost:1", "localhost"),
        ] {
            assert_eq!(name_of(url), name, "{url}");
        }
    }
}
