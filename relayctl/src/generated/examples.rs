//! The examples in the help of commands, one by one.

use clap::Command;

/// An example of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The command whose help has it, such as `user create`.
    pub command: String,
    /// What to type into a shell; several lines where a backslash joins them.
    pub text: String,
}

/// All examples of all commands, in the order of the help.
pub fn examples() -> Vec<Example> {
    let mut found = Vec::new();
    for (name, command) in leaves(&crate::command()) {
        let texts = split(&help_after(command)).0;
        found.extend(texts.into_iter().map(|text| Example {
            command: name.clone(),
            text,
        }));
    }
    found
}

/// The commands that do something, `user create` among them, and not `user`.
pub fn commands() -> Vec<String> {
    let root = crate::command();
    leaves(&root).into_iter().map(|(name, _)| name).collect()
}

/// What stands below the options of a command.
pub(super) fn help_after(command: &Command) -> String {
    let after = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    after.map(ToString::to_string).unwrap_or_default()
}

/// The examples of such a text, and what else it says.
pub(super) fn split(text: &str) -> (Vec<String>, String) {
    let mut examples: Vec<String> = Vec::new();
    let mut rest = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if matches!(line, "Examples:" | "Example:") {
            is_inside = true;
        } else if !is_inside {
            rest.push(line);
        } else if line.trim().is_empty() {
            is_inside = false;
        } else if let (true, Some(last)) = (line.starts_with("    "), examples.last_mut()) {
            last.push('\n');
            last.push_str(line.strip_prefix("  ").unwrap_or(line));
        } else {
            examples.push(line.trim().to_owned());
        }
    }
    (examples, rest.join("\n").trim().to_owned())
}

/// The first example of each verb of a noun, which has none of its own.
pub(super) fn of_verbs(command: &Command) -> Vec<String> {
    let verbs = leaves(command).into_iter();
    verbs
        .filter_map(|(_, verb)| split(&help_after(verb)).0.into_iter().next())
        .collect()
}

fn leaves(command: &Command) -> Vec<(String, &Command)> {
    let mut found = Vec::new();
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        let name = verb.get_name();
        if verb.has_subcommands() {
            let below = leaves(verb).into_iter();
            found.extend(below.map(|(rest, verb)| (format!("{name} {rest}"), verb)));
        } else {
            found.push((name.to_owned(), verb));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_the_rest() {
        let text = "Before\n\nExamples:\n  one \\\n      --more\n  two\n\nAfter: this";
        let (examples, rest) = split(text);
        assert_eq!(examples, ["one \\\n    --more", "two"]);
        assert_eq!(rest, "Before\n\nAfter: this");
    }

    #[test]
    fn every_command_has_an_example_that_calls_it() {
        let examples = examples();
        for command in commands() {
            let call = format!("relayctl {command}");
            let has_one = examples.iter().any(|example| {
                example.command == command && example.text.contains(call.trim_end())
            });
            assert!(has_one, "`{call}` needs an example in its help");
        }
    }

    #[test]
    fn examples_fit_80_columns() {
        for example in examples() {
            for line in example.text.lines() {
                assert!(line.chars().count() <= 78, "{}: {line}", example.command);
            }
        }
    }
}
