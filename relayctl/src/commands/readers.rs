//! The commands that only read, and are done when they have told what they read.
//!
//! Every other has a result that must stay on the screen (a secret that is shown once, what was
//! changed), asks in between, goes on by itself, or prints what is for another program.

use clap::ArgMatches;
use clap::parser::ValueSource;

/// What may be read page by page.
const READERS: &[&str] = &[
    "account invitations",
    "account list",
    "account show",
    "audit list",
    "auth sessions",
    "auth status",
    "auth totp show",
    "context list",
    "context show",
    "doctor",
    "domain list",
    "domain show",
    "explain",
    "export",
    "help",
    "limits show",
    "log rejects",
    "log search",
    "log trace",
    "log unknown-replies",
    "man",
    "plan list",
    "plan show",
    "queue list",
    "queue show",
    "queue summary",
    "route history",
    "route show",
    "stats domains",
    "stats errors",
    "stats summary",
    "stats systems",
    "stats users",
    "subscription history",
    "subscription show",
    "system list",
    "system show",
    "system test",
    "token list",
    "user credential list",
    "user list",
    "user show",
    "webhook deliveries",
    "webhook list",
    "webhook show",
];

/// Flags that make one of them go on by itself.
const GO_ON: [&str; 2] = ["follow", "watch"];

/// Whether the command that was given is one of them.
pub(crate) fn only_reads(matches: &ArgMatches) -> bool {
    let (mut leaf, mut path) = (matches, Vec::new());
    while let Some((name, below)) = leaf.subcommand() {
        path.push(name);
        leaf = below;
    }
    READERS.contains(&path.join(" ").as_str()) && !goes_on(leaf)
}

fn goes_on(leaf: &ArgMatches) -> bool {
    let mut given = leaf
        .ids()
        .map(clap::Id::as_str)
        .filter(|id| leaf.value_source(id) == Some(ValueSource::CommandLine));
    given.any(|id| GO_ON.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_reads_is_told_from_what_changes_shows_once_or_goes_on() {
        for (line, expected) in [
            ("queue list", true),
            ("queue list -o json", true),
            ("user credential list scanner", true),
            ("log trace 06bq", true),
            ("log trace 06bq --follow", false),
            ("stats summary --chart", true),
            ("stats summary --watch", false),
            ("stats users --watch 10", false),
            ("help error", true),
            ("man user create", true),
            ("log tail", false),
            ("log export", false),
            ("account export acme", false),
            ("user create scanner --sender a@b.example --generate", false),
            ("user rotate-password scanner --generate", false),
            ("user credential add scanner summer --generate", false),
            ("token create ci", false),
            ("webhook create pager --to https://x.example/", false),
            ("auth totp recovery-codes --totp-code 123456", false),
            ("account invite", false),
            ("queue hold --lane", false),
            ("apply acme.toml --dry-run", false),
            ("api GET /v1/plans", false),
            ("completion bash", false),
            ("version", false),
        ] {
            let words = std::iter::once("relayctl").chain(line.split(' '));
            let matches = crate::command().try_get_matches_from(words);
            let matches = matches.unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(only_reads(&matches), expected, "{line}");
        }
    }

    #[test]
    fn every_list_and_show_is_one_and_each_is_a_command() {
        fn collect(command: &clap::Command, path: &str, found: &mut Vec<String>) {
            for verb in command.get_subcommands() {
                let path = format!("{path} {}", verb.get_name())
                    .trim_start()
                    .to_owned();
                found.push(path.clone());
                collect(verb, &path, found);
            }
        }
        let mut commands = Vec::new();
        collect(&crate::command(), "", &mut commands);
        for reader in READERS {
            assert!(commands.iter().any(|it| it == reader), "{reader}");
        }
        for command in &commands {
            let is_reader = command.ends_with(" list") || command.ends_with(" show");
            assert!(
                !is_reader || READERS.contains(&command.as_str()),
                "{command}"
            );
        }
    }
}
