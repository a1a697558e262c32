//! `relayctl apply`

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use relay_proto::{
    AccountPath, ApplyConfiguration, ConfigurationResult, Nothing, WantedConfiguration, etag,
};

use super::complaint::Complaints;
use super::difference::{Counts, affects_mail, effect, loss, shown};
use super::passwords::Passwords;
use super::read::{File, read};
use super::secrets::SecretFlags;
use crate::client::{Answer, json_of};
use crate::commands::steps;
use crate::error::{Exit, Failure};
use crate::output::{Format, note};
use crate::password::lost;
use crate::session::Session;

/// Nothing larger is the configuration of an account.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Make the configuration of an account what a file says: all of it, or nothing
///
/// Reads the file completely, shows what differs (+ is new, ~ changes, - goes), asks, and changes
/// everything at once. A changed route is checked against its server first; when that fails nothing
/// is changed and relayctl ends with code 9. What is not in the file is left alone; --prune removes
/// domains, relay users, systems, limits and a fallback that are not in it. Given again, it finds
/// nothing to change.
///
/// What affects live mail takes --yes in scripts. What goes for good (relay users, domains, a
/// fallback) takes the name of the account, in scripts by --confirm NAME.
///
/// The file is that of relayctl export. The one of relayctl account export holds all data of an
/// account, and cannot be applied.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl export -a acme > acme.toml
  relayctl apply acme.toml --dry-run
  relayctl apply acme.toml --check
  relayctl apply acme.toml --yes --password-out new.pw
  relayctl apply acme.toml --prune --confirm acme
  relayctl apply acme.toml --client-secret-file relay.secret --yes")]
pub(crate) struct Args {
    /// The file; - is stdin
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// Show what differs; change nothing
    #[arg(long)]
    dry_run: bool,
    /// The same, and end with code 9 when something differs
    #[arg(long)]
    check: bool,
    /// Remove what is not in the file
    #[arg(long)]
    prune: bool,
    /// Write the passwords of new relay users to this new file (mode 0600) instead of showing them
    #[arg(long, value_name = "FILE")]
    password_out: Option<PathBuf>,
    #[command(flatten)]
    secrets: SecretFlags,
}

impl Args {
    pub(in crate::commands) fn run(self, session: &Session) -> Result<(), Failure> {
        if matches!(session.out.format, Format::Tsv | Format::Name) {
            return Err(Failure::usage("a difference is no list").hint("leave -o out, or -o json"));
        }
        let is_stdin = self.file == Path::new("-");
        if is_stdin && self.secrets.takes_stdin() {
            return Err(Failure::usage("stdin cannot be both the file and a secret")
                .hint("name a file, or use --password-file or --client-secret-file"));
        }
        let name = if is_stdin {
            "stdin".to_owned()
        } else {
            self.file.display().to_string()
        };
        let text = text_of(&self.file, &name)?;
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let mut complaints = Complaints::new(&name, &text, session.out.width);
        let File {
            mut configuration,
            route,
            fallback,
        } = read(&text, folder, &mut complaints);
        complaints.finish()?;
        self.secrets.fill(
            &session.environment,
            (configuration.route.as_mut(), route),
            (configuration.fallback.as_mut(), fallback),
        )?;
        let account = match (session.named_account()?, &configuration.account.name) {
            (Some(named), _) => named,
            (None, Some(name)) => name.clone(),
            (None, None) => session.account()?,
        };
        let apply = Apply {
            session,
            complaints: &complaints,
            path: AccountPath { account },
        };
        let mut wanted = WantedConfiguration {
            configuration,
            prune: self.prune,
            dry_run: true,
        };
        let found = apply.send(&wanted, None)?;
        let is_same = found.value.changes.is_empty();
        if is_same || self.dry_run || self.check {
            apply.tell_difference(&found)?;
            if self.check && !is_same {
                return Err(Failure::silent(Exit::CheckFailed));
            }
            return Ok(());
        }
        if session.out.format.is_for_people() {
            apply.show(&found.value)?;
        }
        apply.show_whoever_decides(&found.value);
        apply.confirm(&found.value)?;
        let passwords = Passwords::make(
            session,
            &found.value.changes,
            &mut wanted.configuration,
            self.password_out.as_deref(),
        )?;
        wanted.dry_run = false;
        let done = apply
            .send(&wanted, Some(etag(found.value.version)))
            .map_err(|failure| passwords.after(failure))?;
        apply.hand_over(&done, &passwords)
    }
}

/// The text of the file, of bounded size.
fn text_of(path: &Path, name: &str) -> Result<String, Failure> {
    let unreadable =
        |error: &std::io::Error| Failure::unreadable(format!("cannot read {name}"), error);
    let mut text = String::new();
    let count = if path == Path::new("-") {
        let stdin = std::io::stdin().lock();
        stdin.take(LARGEST + 1).read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
        file.take(LARGEST + 1).read_to_string(&mut text)
    };
    let count = count.map_err(|error| unreadable(&error))?;
    if count as u64 > LARGEST {
        return Err(
            Failure::usage(format!("{name} is too large for a configuration"))
                .cause("it has more than 4 MiB"),
        );
    }
    Ok(text)
}

struct Apply<'a> {
    session: &'a Session,
    complaints: &'a Complaints<'a>,
    path: AccountPath,
}

impl Apply<'_> {
    fn send(
        &self,
        wanted: &WantedConfiguration,
        if_match: Option<String>,
    ) -> Result<Answer<ConfigurationResult>, Failure> {
        let client = self.session.client()?;
        let answer =
            client.call_with::<ApplyConfiguration>(&self.path, &Nothing {}, wanted, if_match);
        answer.map_err(|failure| match failure.code() {
            "stale-version" => failure
                .titled(
                    "the configuration was changed by somebody else meanwhile; nothing was changed",
                )
                .only_hint("give the same command again: it compares anew"),
            code if code.starts_with("route-") => {
                failure.hint("correct the table [route] or its secret; nothing was changed")
            }
            _ => self.complaints.explain(failure),
        })
    }

    /// What differs, where nothing follows.
    fn tell_difference(&self, found: &Answer<ConfigurationResult>) -> Result<(), Failure> {
        if !self.session.out.format.is_for_people() {
            return self.session.out.item_as_sent(found);
        }
        self.show(&found.value)?;
        if found.value.changes.is_empty() {
            let account = &self.path.account;
            return self.session.out.sentence(&format!(
                "No changes: account {account} is as the file says."
            ));
        }
        let counts = Counts::of(&found.value.changes).to_do();
        self.session
            .out
            .sentence(&format!("{counts}. Nothing was changed."))
    }

    fn show(&self, result: &ConfigurationResult) -> Result<(), Failure> {
        let out = &self.session.out;
        out.block(&shown(result, out.width, out.color))
    }

    /// Nobody says yes to what a pipe or a file got to see.
    fn show_whoever_decides(&self, found: &ConfigurationResult) {
        let out = &self.session.out;
        let is_seen = out.format.is_for_people() && std::io::stdout().is_terminal();
        let is_for_good = loss(&self.path.account, &found.changes).is_some();
        let is_asked = is_for_good || !self.session.globals.yes;
        if !is_seen && is_asked && self.session.prompts.off().is_none() {
            note(&shown(found, out.width, false));
        }
    }

    fn confirm(&self, found: &ConfigurationResult) -> Result<(), Failure> {
        let account = &self.path.account;
        if let Some(loss) = loss(account, &found.changes) {
            return self.session.confirm_for_good(&loss, account);
        }
        // What only adds is done without a question where nobody can answer it.
        if self.session.prompts.off().is_some() && !affects_mail(&found.changes) {
            return Ok(());
        }
        self.session.confirm(&effect(account, found))
    }

    /// What was done, and the passwords.
    fn hand_over(
        &self,
        done: &Answer<ConfigurationResult>,
        passwords: &Passwords,
    ) -> Result<(), Failure> {
        let out = &self.session.out;
        let printed = match (out.format.is_json(), passwords.object()) {
            (true, None) => out.item_as_sent(done),
            (true, Some(made)) => {
                let mut object = json_of(&done.text)?;
                if let Some(fields) = object.as_object_mut() {
                    fields.insert("passwords".into(), made);
                }
                out.own_json(&object)
            }
            (false, _) => self.tell_done(&done.value, passwords),
        };
        printed.map_err(|failure| {
            if passwords.is_empty() {
                return failure;
            }
            lost(
                &failure,
                "relayctl user rotate-password NAME, of each new one",
            )
        })?;
        out.note(&passwords.note());
        Ok(())
    }

    fn tell_done(&self, done: &ConfigurationResult, passwords: &Passwords) -> Result<(), Failure> {
        let out = &self.session.out;
        if !out.quiet {
            out.block(&steps::lines(&done.steps))?;
        }
        let counts = Counts::of(&done.changes).done();
        out.sentence(&format!("Account {}: {counts}.", self.path.account))?;
        out.block(&passwords.shown())
    }
}
