//! What a shell may offer for the word that is being typed.
//!
//! The hook of a shell (`hooks/`) calls relayctl with [`VARIABLE`] set and the line as arguments.
//! The definition of the command line says what may stand there; arguments that name something
//! carry a [`Kind`], and [`names`] looks those up. All of it has 300 ms, never asks, writes
//! nothing, and says nothing when it fails.

mod bash;
mod kind;
mod names;
mod request;
mod shell;

use std::ffi::OsString;
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use self::kind::kind_of;
pub(crate) use self::kind::{
    Columns, Kind, accounts, codes, column_names, columns, contexts, credentials, domains,
    help_words, invitations, limited, man_words, messages, paths, plans, queued, route_versions,
    sessions, systems, tokens, users, webhooks,
};
use self::names::Name;
use self::request::Request;
pub(crate) use self::shell::Shell;
use crate::output::cell::harmless;

/// Set by the hooks, to the name of the shell.
const VARIABLE: &str = "RELAYCTL_COMPLETE";

/// The words of the line, one a line of it, where they are not the arguments: PowerShell.
const WORDS: &str = "RELAYCTL_COMPLETE_WORDS";

/// Stands for the files of this machine, which a shell lists better than we do. No name has a NUL.
const FILES: &str = "\0";

/// Answers the hook of a shell, if it is one that runs relayctl. Nothing is said when it fails.
pub(crate) fn answered() -> bool {
    let Some(shell) = std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty()) else {
        return false;
    };
    std::panic::set_hook(Box::new(|_| {}));
    let asked = shell.to_str().unwrap_or_default();
    let _ = crate::output::write_stdout(&answer(asked, words()));
    true
}

/// The words that the hook sent.
fn words() -> Vec<String> {
    let text = |word: OsString| word.to_string_lossy().into_owned();
    if let Some(lines) = std::env::var_os(WORDS) {
        return text(lines).split('\n').map(str::to_owned).collect();
    }
    let words = std::env::args_os().map(text);
    let words: Vec<_> = words.skip_while(|word| word != "--").skip(1).collect();
    // PowerShell cannot set a variable to nothing.
    if words.is_empty() {
        vec![String::new()]
    } else {
        words
    }
}

fn answer(asked: &str, words: Vec<String>) -> String {
    // Fish wants to know first whether it shall list files; nobody else is asked for that.
    if asked == "fish-files" {
        return match offered(words, false) {
            files @ Offer::Files(_) => shell::written(files, |_| None),
            Offer::Names(_) => String::new(),
        };
    }
    Shell::named(asked).map_or_else(String::new, |shell| shell.answer(words))
}

/// What may stand in place of a word.
#[derive(Debug, PartialEq, Eq)]
enum Offer {
    /// Files of this machine, behind this beginning of the word (`--ca-file=`).
    Files(String),
    /// These, none of which can break a line of the hook.
    Names(Vec<Name>),
}

impl Offer {
    /// Nothing.
    const fn none() -> Self {
        Self::Names(Vec::new())
    }
}

/// What may stand in place of the last of these words, which may be empty. The program is none of
/// them.
fn offer(words: Vec<String>) -> Offer {
    offered(words, true)
}

fn offered(words: Vec<String>, may_ask: bool) -> Offer {
    let command = crate::command();
    let Some(request) = Request::new(&command, words, may_ask) else {
        return Offer::none();
    };
    let request = Arc::new(request);
    let mut command = with_completers(command, &request);
    let words = request.words_for_clap();
    let last = words.len().saturating_sub(1);
    let words = words.into_iter().map(Into::into).collect();
    let found = complete(&mut command, words, last, None).unwrap_or_default();
    let text = |it: &CompletionCandidate| it.get_value().to_string_lossy().into_owned();
    if let Some(before) = found
        .iter()
        .find_map(|it| text(it).strip_suffix(FILES).map(str::to_owned))
    {
        return Offer::Files(before);
    }
    let names = found.iter().map(|it| Name {
        value: text(it),
        help: it.get_help().map(ToString::to_string).unwrap_or_default(),
    });
    Offer::Names(worth_offering(names.collect(), &request))
}

/// Without flags where none was begun and something else may stand, and without what a terminal
/// or a hook would trip over.
fn worth_offering(mut names: Vec<Name>, request: &Request) -> Vec<Name> {
    let is_flag = |name: &Name| name.value.starts_with('-');
    if !request.current().starts_with('-') {
        if names.iter().any(|name| !is_flag(name)) {
            names.retain(|name| !is_flag(name));
        } else {
            names.retain(|name| name.value.starts_with("--"));
        }
    }
    names.retain(|name| harmless(&name.value) == name.value);
    for name in &mut names {
        name.help = harmless(name.help.lines().next().unwrap_or_default());
    }
    names
}

/// The names that relayd knows for an argument that is missing from this line, program first; none
/// where it names nothing, or they cannot be had in time.
pub(crate) fn known<'l>(argument: &Arg, line: impl Iterator<Item = &'l OsString>) -> Vec<String> {
    let is_of_relayd = |kind: &Kind| {
        use Kind as K;
        let own = [
            K::Codes,
            K::HelpWords,
            K::ManWords,
            K::Paths,
            K::Columns,
            K::Files,
        ];
        !own.contains(kind)
    };
    let kind = argument.get::<Kind>().copied().filter(is_of_relayd);
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    let words = line.skip(1).map(text).chain([String::new()]).collect();
    let request = Request::new(&crate::command(), words, true);
    let (Some(kind), Some(request)) = (kind, request) else {
        return Vec::new();
    };
    let names = names::find(kind, &request).into_iter();
    names
        .map(|name| name.value)
        .filter(|name| harmless(name) == *name)
        .collect()
}

/// The definition of the command line, with what looks up names.
fn with_completers(command: Command, request: &Arc<Request>) -> Command {
    let verbs = |verb| with_completers(verb, request);
    command
        .mut_args(|argument| match kind_of(&argument) {
            None => argument,
            Some(Kind::Files) => argument.add(ArgValueCompleter::new(
                |_: &std::ffi::OsStr| -> Vec<CompletionCandidate> { vec![FILES.into()] },
            )),
            Some(kind) => {
                let request = Arc::clone(request);
                argument.add(ArgValueCompleter::new(move |begun: &std::ffi::OsStr| {
                    let begun = begun.to_str().unwrap_or(FILES);
                    let names = names::find(kind, &request).into_iter();
                    names
                        .filter(|name| name.value.starts_with(begun))
                        .map(|name| {
                            CompletionCandidate::new(name.value).help(Some(name.help.into()))
                        })
                        .collect()
                }))
            }
        })
        .mut_subcommands(verbs)
}

/// The definition for completions that ask nobody: files where files are wanted, nothing else in
/// their place.
pub(crate) fn with_hints(command: Command) -> Command {
    command
        .mut_args(|argument| {
            let hint = match kind_of(&argument) {
                Some(Kind::Files) => ValueHint::FilePath,
                _ => ValueHint::Other,
            };
            if argument.get_action().takes_values() {
                argument.value_hint(hint)
            } else {
                argument
            }
        })
        .mut_subcommands(with_hints)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = r#"{"id":"u1","account":"acme","username":"scanner","sender":"scanner@acme.example","allowed_senders":[],"other_sender":"reject","state":"active","created_at":"2026-11-20T08:00:00Z","version":1}"#;

    /// Answers each request by these relay users.
    fn relayd_with(socket: &std::path::Path, users: &'static str) {
        use std::io::{Read as _, Write as _};
        let listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
        // The thread ends with the process of the test.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let body = format!(r#"{{"items":[{users}],"next_cursor":null}}"#);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                     content-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
    }

    #[test]
    fn what_is_missing_is_offered_by_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("admin.sock");
        relayd_with(&socket, USER);
        let line = format!(
            "relayctl --socket {} --account acme user show",
            socket.display()
        );
        let line: Vec<OsString> = line.split(' ').map(Into::into).collect();
        let offered = |argument: Arg| known(&argument, line.iter());
        assert_eq!(offered(Arg::new("x").add(users())), ["scanner"]);
        assert!(offered(Arg::new("x")).is_empty());
        assert!(offered(Arg::new("x").add(column_names())).is_empty());
    }

    fn names_at(line: &str) -> Vec<String> {
        let words = line.split(' ').map(str::to_owned).collect();
        match offered(words, false) {
            Offer::Names(names) => names.into_iter().map(|name| name.value).collect(),
            Offer::Files(before) => vec![format!("files after {before:?}")],
        }
    }

    #[test]
    fn what_may_stand_there_is_offered() {
        for (line, wanted) in [
            ("user rot", &["rotate-password"][..]),
            ("user edit x --other-s", &["--other-sender"]),
            ("user edit x --other-sender re", &["reject", "rewrite"]),
            (
                "user edit x --other-sender=rew",
                &["--other-sender=rewrite"],
            ),
            ("-o js", &["json", "jsonl"]),
            ("-ojs", &["-ojson", "-ojsonl"]),
            ("--ca-file ", &["files after \"\""]),
            ("--ca-file=x", &["files after \"--ca-file=\""]),
            ("user create x --password-file pa", &["files after \"\""]),
            ("help error plan-lim", &["plan-limit"]),
            ("help exit", &["exit-codes"]),
            ("man user rot", &["rotate-password"]),
            ("doctor tls cl", &["clock"]),
            ("api GET /v1/pl", &["/v1/plans", "/v1/plans/"]),
            (
                "log rejects --reason address-not-reg",
                &["address-not-registered"],
            ),
            ("user list --columns us", &["username"]),
            (
                "system list --columns=name,add",
                &["--columns=name,address"],
            ),
            ("user create --columns ", &[]),
            // An account that is called as a noun is.
            ("--account test user rot", &["rotate-password"]),
            ("-c user -atest user rot", &["rotate-password"]),
        ] {
            assert_eq!(names_at(line), wanted, "{line}");
        }
    }

    #[test]
    fn flags_are_offered_where_one_is_begun_or_nothing_else_fits() {
        let found = names_at("user create x ");
        assert!(found.contains(&"--generate".to_owned()), "{found:?}");
        assert!(found.iter().all(|name| name.starts_with("--")), "{found:?}");
        let found = names_at("user -");
        assert!(found.contains(&"--account".to_owned()), "{found:?}");
        let found = names_at("user ");
        assert!(found.iter().all(|name| !name.starts_with('-')), "{found:?}");
    }

    #[test]
    fn hostile_names_are_left_out_and_hostile_words_about_them_made_harmless() {
        let request = Request::new(&crate::command(), vec![String::new()], false).unwrap();
        let name = |value: &str, help: &str| Name {
            value: value.to_owned(),
            help: help.to_owned(),
        };
        let all = vec![
            name("good", "with\u{1b}[31m colour\nand more"),
            name("bad\u{1b}[31m", ""),
            name("bad\nline", ""),
            name("bad\u{202e}order", ""),
        ];
        assert_eq!(
            worth_offering(all, &request),
            [name("good", "with\u{fffd}[31m colour")]
        );
    }
}
