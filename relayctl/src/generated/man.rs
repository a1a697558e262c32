//! Man pages, in the macros that every man program knows.

use clap::{Arg, Command};

use super::examples::{help_after, of_verbs, split};
use crate::topics::Topic;

/// The page of a command, whose words are joined by `-` in `name`. The command is built.
pub(super) fn command_page(command: &Command, name: &str) -> String {
    let mut page = Page::new(name, 1);
    let about = command.get_about().map(ToString::to_string);
    page.name(name, &about.unwrap_or_default());
    page.section("SYNOPSIS");
    page.synopsis(command);
    page.section("DESCRIPTION");
    let long = command
        .get_long_about()
        .or_else(|| command.get_about())
        .map(ToString::to_string);
    page.paragraphs(&long.unwrap_or_default());
    page.verbs(command, name);
    page.arguments(command);
    let (mut examples, rest) = split(&help_after(command));
    if examples.is_empty() {
        examples = of_verbs(command);
    }
    page.examples(&examples);
    if !rest.is_empty() {
        page.section("NOTES");
        page.paragraphs(&rest);
    }
    page.files(name);
    page.section("EXIT STATUS");
    page.line("0 when it is done. Any other number is a failure:");
    page.line("\\fBrelayctl\\-exit\\-codes\\fR(7) says what each one means.");
    page.see_also(command, name);
    page.0
}

/// The page of a topic.
pub(super) fn topic_page(topic: &Topic) -> String {
    let name = format!("relayctl-{}", topic.name);
    let mut page = Page::new(&name, 7);
    page.name(&name, topic.title);
    page.section("DESCRIPTION");
    page.verbatim(topic.text);
    page.section("SEE ALSO");
    page.line("\\fBrelayctl\\fR(1)");
    page.0
}

const TOPIC_PAGES: [&str; 3] = [
    "relayctl-environment(7)",
    "relayctl-exit-codes(7)",
    "relayctl-scripting(7)",
];

/// Pages whose commands work with the configuration or a kept token.
const WITH_FILES: [&str; 3] = ["relayctl", "relayctl-context", "relayctl-auth"];

const FILES: [(&str, &str); 3] = [
    (
        "$XDG_CONFIG_HOME/relayctl/config.toml",
        "Contexts, without secrets. ~/.config stands in for an unset variable.",
    ),
    (
        "$XDG_STATE_HOME/relayctl/tokens/CONTEXT",
        "The session or token of a context, or which keyring has it. ~/.local/state stands in for \
         an unset variable. It is refused when others may read it.",
    ),
    (
        "/run/relayd/admin.sock",
        "Where relayd is looked for when nothing else is said.",
    ),
];

struct Page(String);

impl Page {
    fn new(name: &str, section: u8) -> Self {
        let title = name.to_uppercase();
        Self(format!(
            ".TH \"{}\" \"{section}\" \"\" \"relayd {}\" \"relayctl\"\n.nh\n.ad l\n",
            escaped(&title),
            env!("CARGO_PKG_VERSION")
        ))
    }

    /// A line of markup, as it is.
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A line of text.
    fn text(&mut self, line: &str) {
        let line = escaped(line.trim());
        // At the beginning of a line these would be requests.
        let guard = if line.starts_with(['.', '\\']) {
            "\\&"
        } else {
            ""
        };
        self.line(&format!("{guard}{line}"));
    }

    fn section(&mut self, title: &str) {
        self.line(&format!(".SH \"{}\"", escaped(&title.to_uppercase())));
    }

    fn name(&mut self, name: &str, about: &str) {
        self.line(".SH \"NAME\"");
        let about = about.trim_end_matches('.');
        self.line(&format!("{} \\- {}", escaped(name), escaped(about)));
    }

    fn synopsis(&mut self, command: &Command) {
        let usage = command.clone().render_usage().to_string();
        let name = command.get_bin_name().unwrap_or("relayctl");
        let forms = usage.trim_start_matches("Usage:").lines();
        for (index, form) in forms
            .map(str::trim)
            .filter(|form| !form.is_empty())
            .enumerate()
        {
            if index > 0 {
                self.line(".br");
            }
            match form.strip_prefix(name) {
                Some(rest) => self.line(&format!("\\fB{}\\fR{}", escaped(name), escaped(rest))),
                None => self.text(form),
            }
        }
    }

    fn paragraphs(&mut self, text: &str) {
        let paragraphs = text.split("\n\n").filter(|it| !it.trim().is_empty());
        for (index, paragraph) in paragraphs.enumerate() {
            if index > 0 {
                self.line(".PP");
            }
            for line in paragraph.lines() {
                self.text(line);
            }
        }
    }

    fn verbs(&mut self, command: &Command, name: &str) {
        if !command.has_subcommands() {
            return;
        }
        self.section("COMMANDS");
        for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
            let page = format!("{name}-{}", verb.get_name());
            self.line(".TP");
            self.line(&format!("\\fB{}\\fR(1)", escaped(&page)));
            self.text(
                &verb
                    .get_about()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            );
        }
    }

    /// Positional arguments, then the flags below their headings.
    fn arguments(&mut self, command: &Command) {
        let shown = |it: &&Arg| !it.is_hide_set();
        let mut sections: Vec<(String, Vec<&Arg>)> = Vec::new();
        let positional = command.get_positionals().filter(shown);
        let flags = command.get_arguments().filter(|it| !it.is_positional());
        for argument in positional.chain(flags.filter(shown)) {
            let usual = if argument.is_positional() {
                "Arguments"
            } else {
                "Options"
            };
            let heading = argument.get_help_heading().unwrap_or(usual).to_owned();
            match sections.iter_mut().find(|(title, _)| *title == heading) {
                Some((_, arguments)) => arguments.push(argument),
                None => sections.push((heading, vec![argument])),
            }
        }
        // They are the same on every page.
        sections.sort_by_key(|(title, _)| title == "Global options");
        for (title, arguments) in sections {
            self.section(&title);
            for argument in arguments {
                self.argument(argument);
            }
        }
    }

    fn argument(&mut self, argument: &Arg) {
        let mut names = Vec::new();
        names.extend(argument.get_short().map(|short| format!("-{short}")));
        names.extend(argument.get_long().map(|long| format!("--{long}")));
        let names: Vec<_> = names
            .iter()
            .map(|name| format!("\\fB{}\\fR", escaped(name)))
            .collect();
        let mut head = names.join(", ");
        if argument.get_action().takes_values() {
            let values = argument.get_value_names().unwrap_or_default();
            let values: Vec<_> = values.iter().map(|name| escaped(name)).collect();
            if !head.is_empty() {
                head.push(' ');
            }
            head.push_str(&["\\fI", &values.join(" "), "\\fR"].concat());
        }
        self.line(".TP");
        self.line(&head);
        let values = argument.get_possible_values();
        let values = values.iter().filter(|value| !value.is_hide_set());
        let values: Vec<_> = values.collect();
        let is_plain = values.iter().all(|value| value.get_help().is_none());
        let is_choice = argument.get_action().takes_values() && !values.is_empty();
        let mut help = vec![help_of(argument)];
        if is_choice && is_plain {
            let names: Vec<_> = values.iter().map(|value| value.get_name()).collect();
            help.push(format!("[possible values: {}]", names.join(", ")));
        }
        self.text(&help.join(" "));
        if is_choice && !is_plain {
            self.line(".RS");
            for value in values {
                self.line(".TP");
                self.line(&format!("\\fB{}\\fR", escaped(value.get_name())));
                self.text(
                    &value
                        .get_help()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                );
            }
            self.line(".RE");
        }
    }

    fn examples(&mut self, examples: &[String]) {
        if examples.is_empty() {
            return;
        }
        self.section("EXAMPLES");
        self.verbatim(&examples.join("\n"));
    }

    fn verbatim(&mut self, text: &str) {
        self.line(".nf");
        for line in text.lines() {
            let guard = if line.starts_with(['.', '\'']) {
                "\\&"
            } else {
                ""
            };
            self.line(&format!("{guard}{}", escaped(line)));
        }
        self.line(".fi");
    }

    fn files(&mut self, name: &str) {
        let is_about_them = WITH_FILES.iter().any(|page| {
            name == *page || (*page != "relayctl" && name.starts_with(&format!("{page}-")))
        });
        if !is_about_them {
            return;
        }
        self.section("FILES");
        for (path, what) in FILES {
            self.line(".TP");
            self.line(&format!("\\fI{}\\fR", escaped(path)));
            self.text(what);
        }
    }

    fn see_also(&mut self, command: &Command, name: &str) {
        self.section("SEE ALSO");
        let above = name.rsplit_once('-').map(|_| {
            let words: Vec<_> = command.get_bin_name().unwrap_or(name).split(' ').collect();
            let above = words.split_last().map_or(&[][..], |(_, above)| above);
            format!("{}(1)", above.join("-"))
        });
        let pages = above
            .into_iter()
            .chain(TOPIC_PAGES.into_iter().map(str::to_owned));
        let pages: Vec<_> = pages
            .filter_map(|page| {
                let (name, section) = page.split_once('(')?;
                Some(format!("\\fB{}\\fR({section}", escaped(name)))
            })
            .collect();
        self.line(&pages.join(",\n"));
    }
}

/// What a flag is for, from where it comes else, and what it is otherwise.
fn help_of(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut parts = vec![
        help.map(|it| it.to_string().replace('\n', " "))
            .unwrap_or_default(),
    ];
    if let Some(variable) = argument.get_env()
        && !parts.iter().any(|help| help.contains("[env:"))
    {
        parts.push(format!("[env: {}]", variable.display()));
    }
    let defaults = argument.get_default_values();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        let defaults: Vec<_> = defaults.iter().map(|it| it.to_string_lossy()).collect();
        parts.push(format!("[default: {}]", defaults.join(", ")));
    }
    parts.join(" ")
}

/// Text, with what means something to troff made to mean itself.
fn escaped(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\e"),
            '-' => line.push_str("\\-"),
            '\'' => line.push_str("\\(aq"),
            '"' => line.push_str("\\(dq"),
            '`' => line.push_str("\\(ga"),
            '^' => line.push_str("\\(ha"),
            '~' => line.push_str("\\(ti"),
            c if c.is_ascii() => line.push(c),
            c => line.extend(["\\[u", &format!("{:04X}", u32::from(c)), "]"]),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_troff_means_itself() {
        assert_eq!(
            escaped(r#"a-b\c "d" 'e' ~…"#),
            r"a\-b\ec \(dqd\(dq \(aqe\(aq \(ti\[u2026]"
        );
        let mut page = Page(String::new());
        page.text(".dot");
        page.verbatim(".dot");
        assert_eq!(page.0, "\\&.dot\n.nf\n\\&.dot\n.fi\n");
    }
}
