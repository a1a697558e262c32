//! The command line as a whole: global options and nouns.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, ValueEnum};

use crate::commands::Noun;
use crate::complete;
use crate::output::Format;

/// Runs relayd: plans, accounts, routes, relay users, systems, the queue and the log.
///
/// On the relayd machine no sign-in is needed: the Unix socket knows who you are.
#[derive(Debug, Parser)]
#[command(
    name = "relayctl",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Topics: relayctl help exit-codes | environment | scripting | error CODE"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) noun: Noun,
    #[command(flatten)]
    pub(crate) globals: Globals,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Options that every command takes. The environment is looked at later, so that it is clear
/// which of them were given as flags.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
pub(crate) struct Globals {
    /// Use this context of the configuration file [env: RELAYCTL_CONTEXT]
    #[arg(short, long, global = true, value_name = "NAME", add = complete::contexts())]
    pub(crate) context: Option<String>,
    /// Act for this account [env: RELAYCTL_ACCOUNT]
    #[arg(short, long, global = true, value_name = "NAME", add = complete::accounts())]
    pub(crate) account: Option<String>,
    /// Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        conflicts_with = "url",
        hide_short_help = true
    )]
    pub(crate) socket: Option<PathBuf>,
    /// Speak to the relayd at this address [env: RELAYCTL_URL]
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub(crate) url: Option<String>,
    /// Trust the certificates of this PEM file instead of the machine's
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) ca_file: Option<PathBuf>,
    /// How to print results [env: RELAYCTL_OUTPUT]
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// Print these columns only
    #[arg(
        long,
        global = true,
        value_name = "NAMES",
        value_delimiter = ',',
        add = complete::column_names(),
        hide_short_help = true
    )]
    pub(crate) columns: Vec<String>,
    /// Print no column titles
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_header: bool,
    /// When to colour
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        hide_short_help = true
    )]
    pub(crate) color: Option<Color>,
    /// Print results only, no hints [env: RELAYCTL_LOG=quiet]
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more about what is done [env: RELAYCTL_LOG=verbose]
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_input: bool,
    /// Confirm what affects live mail [env: RELAYCTL_YES]
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]
    #[arg(long, global = true, value_name = "NAME|COUNT", hide_short_help = true)]
    pub(crate) confirm: Option<String>,
    /// Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]
    #[arg(long, global = true, value_name = "TIME", value_parser = crate::time::parse_duration, hide_short_help = true)]
    pub(crate) timeout: Option<std::time::Duration>,
    /// Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) trace: bool,
}

/// What `--color` says before the arguments are parsed, because help and usage errors need it.
pub(crate) fn color_before_parsing(arguments: &[std::ffi::OsString]) -> Option<Color> {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = match word {
            "--" => return None,
            "--color" => words.next(),
            _ => word.strip_prefix("--color="),
        };
        if let Some(color) = value.and_then(|value| Color::from_str(value, false).ok()) {
            return Some(color);
        }
    }
    None
}

/// Whether failures are to be JSON, read before the arguments are known to be valid.
pub(crate) fn json_before_parsing(arguments: &[std::ffi::OsString], by_default: bool) -> bool {
    let is_json = |value: &str| Format::from_str(value, false).is_ok_and(Format::is_json);
    let mut found = by_default;
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = match word {
            "--" => break,
            "-o" | "--output" => words.next(),
            _ => word
                .strip_prefix("--output=")
                .or_else(|| word.strip_prefix("-o")),
        };
        if let Some(value) = value {
            found = is_json(value.trim_start_matches('='));
        }
    }
    found
}

/// Whether questions are forbidden, read before the arguments are known to be complete.
pub(crate) fn no_input_before_parsing(arguments: &[std::ffi::OsString]) -> bool {
    let words = arguments.iter().take_while(|word| *word != "--");
    words.into_iter().any(|word| word == "--no-input")
}

/// Parses one of the words that relay-proto declares, and lists them in help and completion.
macro_rules! words {
    ($word:ty) => {
        clap::builder::TypedValueParser::try_map(
            clap::builder::PossibleValuesParser::new(<$word>::ALL.iter().map(|word| word.as_str())),
            |word| word.parse::<$word>(),
        )
    };
}
pub(crate) use words;

/// A number of bytes as people write it: `500000`, `25MiB`, `30 MB`.
pub(crate) fn byte_size(text: &str) -> Result<u64, relay_proto::NoSize> {
    text.parse().map(|relay_proto::ByteSize(bytes)| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<std::ffi::OsString> {
        line.split(' ').map(Into::into).collect()
    }

    #[test]
    fn the_definition_is_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn colour_and_format_are_known_before_parsing() {
        assert_eq!(
            color_before_parsing(&words("user --color always --help")),
            Some(Color::Always)
        );
        assert_eq!(
            color_before_parsing(&words("user --color=never")),
            Some(Color::Never)
        );
        assert_eq!(color_before_parsing(&words("user -- --color always")), None);
        for (line, json) in [
            ("x -o json", true),
            ("x -ojson", true),
            ("x --output=jsonl", true),
            ("x -o table", false),
            ("x", false),
            ("x -- -o json", false),
        ] {
            assert_eq!(json_before_parsing(&words(line), false), json, "{line}");
        }
        assert!(
            !json_before_parsing(&words("x -o tsv"), true),
            "the flag beats the environment"
        );
    }
}
