//! Examples of help in a narrow terminal: broken where a shell joins the lines again.

use clap::Command;

/// Narrower than this, examples are broken; they are written to fit it.
const USUAL: usize = 80;
/// Narrower than this, an option has no room for its meaning beside it.
const NARROW: usize = 60;
/// What stands before an example, and how far what goes on with it is moved in.
const FIRST: &str = "  ";
const NEXT: usize = 4;
const USAGE: &str = "Usage:";

/// The definition for help on a terminal of so many columns.
pub(crate) fn fitted(command: Command, width: usize) -> Command {
    if width >= USUAL {
        return command;
    }
    let after = command.get_after_help().map(ToString::to_string);
    let command = command.next_line_help(width < NARROW);
    let command = match after {
        Some(text) => command.after_help(broken(&text, width)),
        None => command,
    };
    command.mut_subcommands(|verb| fitted(verb, width))
}

/// Columns of the terminal that help goes to, as clap counts them.
pub(crate) fn width() -> usize {
    let terminal = console::Term::stdout().size_checked();
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal
        .map(|(_, columns)| usize::from(columns))
        .or_else(columns)
        .unwrap_or(USUAL)
}

fn broken(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let Some(example) = line.strip_prefix(FIRST) else {
            lines.push(line.to_owned());
            continue;
        };
        match lines.last_mut() {
            // It goes on with the line before: both are one again, to be broken anew.
            Some(last) if last.starts_with(FIRST) && last.ends_with('\\') => {
                last.pop();
                last.push_str(example.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    let broken = lines.iter().map(|line| match line.strip_prefix(FIRST) {
        Some(example) => example_lines(example, width),
        None => line.clone(),
    });
    broken.collect::<Vec<_>>().join("\n")
}

fn example_lines(example: &str, width: usize) -> String {
    let room = width.saturating_sub(" \\".len());
    let length = |word: &str| word.chars().count();
    let too_wide = |word: &String| length(word) > room;
    let words = words(example).into_iter().flat_map(|word| {
        // What is too wide together is put below each other.
        let parts = if too_wide(&word) {
            word.split(' ').collect()
        } else {
            vec![&*word]
        };
        parts.into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let mut lines = vec![FIRST.to_owned()];
    for word in words {
        match lines.last_mut() {
            Some(last) if last.trim().is_empty() => last.push_str(&word),
            Some(last) if length(last) + 1 + length(&word) <= room => {
                last.push(' ');
                last.push_str(&word);
            }
            // Clap would break a wider line, and not as a shell takes it.
            _ => {
                let indent = NEXT.min(room.saturating_sub(length(&word)));
                lines.push(" ".repeat(indent) + &word);
            }
        }
    }
    lines.join(" \\\n")
}

/// Help whose line of usage is broken between words, which clap leaves as wide as it is.
pub(crate) fn with_usage(help: &str, width: usize) -> String {
    let mut text = String::new();
    for line in help.split_inclusive('\n') {
        let is_usage = console::strip_ansi_codes(line).starts_with(USAGE);
        if is_usage && console::measure_text_width(line.trim_end()) > width {
            text += &usage_lines(line, width);
        } else {
            text += line;
        }
    }
    text
}

fn usage_lines(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut column = 0;
    for (index, word) in line.trim_end().split(' ').enumerate() {
        let length = console::measure_text_width(word);
        if index > 0 && column + 1 + length > width {
            text.push('\n');
            text += &" ".repeat(USAGE.len());
            column = USAGE.len();
        }
        if index > 0 {
            text.push(' ');
            column += 1;
        }
        text += word;
        column += length;
    }
    text.push('\n');
    text
}

/// The words of a command that stay together: a flag and its value, and what stands in quotes.
fn words(example: &str) -> Vec<String> {
    let mut quote = None;
    let plain = example.split(move |c: char| {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        c == ' ' && quote.is_none()
    });
    let mut words: Vec<String> = Vec::new();
    for word in plain.filter(|word| !word.is_empty()) {
        let takes_it = |last: &String| {
            let is_flag = last.starts_with('-') && !last.contains(' ');
            (is_flag && !word.starts_with(['-', '<', '>', '|']))
                || matches!(&**last, "<" | ">" | "|")
        };
        match words.last_mut().filter(|last| takes_it(last)) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_broken_where_a_shell_joins_it() {
        let text = "Examples:\n  relayctl x --name 'Acme GmbH' \\\n      --email ops@acme.example\n  relayctl y\n\nTopics: z";
        assert_eq!(
            broken(text, 40),
            "Examples:\n  relayctl x --name 'Acme GmbH' \\\n    --email ops@acme.example\n  relayctl y\n\nTopics: z"
        );
        assert_eq!(
            broken(text, 30),
            "Examples:\n  relayctl x \\\n    --name 'Acme GmbH' \\\n    --email ops@acme.example\n  relayctl y\n\nTopics: z"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_where_words_are_not() {
        let example =
            "  relayctl x --to https://tickets.example.com/relayd --secret-out hook.secret > file";
        assert_eq!(
            broken(example, 40),
            "  relayctl x --to \\\n    https://tickets.example.com/relayd \\\n    --secret-out hook.secret > file"
        );
        assert_eq!(
            with_usage(
                "About\n\nUsage: relayctl user credential add [OPTIONS] <USER>\n",
                40
            ),
            "About\n\nUsage: relayctl user credential add\n       [OPTIONS] <USER>\n"
        );
    }
}
