//! The shells: their hooks, what these send, and what they read.
//!
//! The first line of an answer says what follows: `files` and what stands before the name of one in
//! the same word, or `names`, or `parts` where a word goes on behind each of them. Zsh and fish
//! quote what they insert; for bash and PowerShell that is done here.

use super::names::Name;
use super::{Offer, bash, offer};

/// A shell that can be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    /// By the name that its hook gives.
    pub(super) fn named(name: &str) -> Option<Self> {
        clap::ValueEnum::from_str(name, false).ok()
    }

    /// What makes the shell ask relayctl.
    pub(crate) const fn hook(self) -> &'static str {
        match self {
            Self::Bash => include_str!("hooks/relayctl.bash"),
            Self::Zsh => include_str!("hooks/_relayctl"),
            Self::Fish => include_str!("hooks/relayctl.fish"),
            Self::Powershell => include_str!("hooks/_relayctl.ps1"),
        }
    }

    /// How it is installed for good.
    pub(crate) const fn install(self) -> &'static str {
        match self {
            Self::Bash => "echo 'source <(relayctl completion bash)' >> ~/.bashrc",
            Self::Zsh => "echo 'source <(relayctl completion zsh)' >> ~/.zshrc",
            Self::Fish => "relayctl completion fish > ~/.config/fish/completions/relayctl.fish",
            Self::Powershell => {
                "Add-Content $PROFILE 'relayctl completion powershell | Out-String | Invoke-Expression'"
            }
        }
    }

    /// Answers a hook that sent these words.
    pub(super) fn answer(self, words: Vec<String>) -> String {
        match self {
            Self::Bash => bash::answer(&words),
            Self::Zsh => written(offer(words), |name| {
                // A colon ends the name, and a backslash takes its meaning from the next character.
                let value = name.value.replace('\\', "\\\\").replace(':', "\\:");
                Some(joined(&value, ':', &name.help.replace('\\', "\\\\")))
            }),
            Self::Fish => {
                let mut words = words;
                if let Some(last) = words.last_mut() {
                    *last = unquoted_by_fish(last);
                }
                written(offer(words), |name| {
                    Some(joined(&name.value, '\t', &name.help))
                })
            }
            Self::Powershell => written(offer(words), |name| {
                let inserted = quoted_for_powershell(&name.value)?;
                let help = if name.help.is_empty() {
                    &name.value
                } else {
                    &name.help
                };
                Some(format!("{inserted}\t{}\t{help}", name.value))
            }),
        }
    }
}

/// The lines of an answer.
pub(super) fn written(offer: Offer, line: impl Fn(&Name) -> Option<String>) -> String {
    let names = match offer {
        Offer::Files(before) => return format!("files {before}\n"),
        Offer::Names(names) => names,
    };
    let goes_on = !names.is_empty() && names.iter().all(|name| name.value.ends_with('/'));
    let mut text = String::from(if goes_on { "parts\n" } else { "names\n" });
    for line in names.iter().filter_map(line) {
        text += &line;
        text.push('\n');
    }
    text
}

fn joined(value: &str, between: char, help: &str) -> String {
    if help.is_empty() {
        value.to_owned()
    } else {
        format!("{value}{between}{help}")
    }
}

/// A word of fish that may not be complete. Without what would be replaced by something else: that
/// is left as it stands, and begins no name.
fn unquoted_by_fish(word: &str) -> String {
    let mut plain = String::new();
    let mut quote = None;
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '\\') => plain.extend(rest.next()),
            (Some(open), '\\') => match rest.peek() {
                Some(&next) if next == open || next == '\\' => plain.extend(rest.next()),
                _ => plain.push('\\'),
            },
            (_, c) => plain.push(c),
        }
    }
    plain
}

/// A word that PowerShell takes as it is. `None` for one with the typographic quotation marks that
/// PowerShell takes for quotes.
fn quoted_for_powershell(word: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Some(word.to_owned());
    }
    let is_quote = |c: char| ('\u{2018}'..='\u{201f}').contains(&c);
    (!word.contains(is_quote)).then(|| format!("'{}'", word.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &str, help: &str) -> Name {
        Name {
            value: value.to_owned(),
            help: help.to_owned(),
        }
    }

    #[test]
    fn a_word_of_fish_is_read_as_fish_does() {
        for (word, plain) in [
            ("acme", "acme"),
            (r"my\ na", "my na"),
            ("'my na", "my na"),
            (r"'it\'s \n'", r"it's \n"),
            (r#""a \"b"c"#, r#"a "bc"#),
            ("end\\", "end"),
        ] {
            assert_eq!(unquoted_by_fish(word), plain, "{word}");
        }
    }

    #[test]
    fn nothing_that_is_offered_to_powershell_runs() {
        for (word, inserted) in [
            ("scanner-3", Some("scanner-3")),
            ("my scanner", Some("'my scanner'")),
            ("$(rm x)", Some("'$(rm x)'")),
            ("it's", Some("'it''s'")),
            ("@splat", Some("'@splat'")),
            ("a,b", Some("'a,b'")),
            ("a;b", Some("'a;b'")),
            ("", Some("''")),
            ("a\u{2019}; rm x", None),
        ] {
            assert_eq!(quoted_for_powershell(word).as_deref(), inserted, "{word}");
        }
    }

    #[test]
    fn an_answer_says_first_what_follows() {
        let shown = |name: &Name| Some(joined(&name.value, ':', &name.help));
        let files = Offer::Files("--ca-file=".to_owned());
        assert_eq!(written(files, shown), "files --ca-file=\n");
        let names = Offer::Names(vec![name("a", "one"), name("b", "")]);
        assert_eq!(written(names, shown), "names\na:one\nb\n");
        let parts = Offer::Names(vec![name("/v1/plans/", "")]);
        assert_eq!(written(parts, shown), "parts\n/v1/plans/\n");
        assert_eq!(written(Offer::none(), shown), "names\n");
    }

    #[test]
    fn hooks_send_the_line_as_arguments_after_a_dash_dash() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Powershell] {
            let hook = shell.hook();
            // Whatever relayctl that is: behind it, nothing is taken for a command.
            assert!(
                hook.contains("relayctl -- ") || hook.contains("-TotalCount 1) -- "),
                "{shell:?}"
            );
            let asked = hook.contains(&format!("RELAYCTL_COMPLETE={}", name_of(shell)))
                || hook.contains(&format!("RELAYCTL_COMPLETE = '{}'", name_of(shell)));
            assert!(asked, "{shell:?}");
            assert!(!hook.contains("eval") && !hook.contains("Invoke-Expression"));
        }
    }

    fn name_of(shell: Shell) -> &'static str {
        match shell {
            Shell::Bash => "bash",
            Shell::Zsh => "zsh",
            Shell::Fish => "fish",
            Shell::Powershell => "powershell",
        }
    }

    /// There is no PowerShell to try it in: brackets close in the order they open, outside of
    /// strings and comments.
    #[test]
    fn the_hook_of_powershell_is_well_formed() {
        let mut open = Vec::new();
        for line in Shell::Powershell.hook().lines() {
            let mut quote = None;
            for c in line.chars() {
                match (quote, c) {
                    (Some(q), c) if c == q => quote = None,
                    (None, '\'' | '"') => quote = Some(c),
                    (None, '#') => break,
                    (None, '(' | '[' | '{') => open.push(c),
                    (None, ')' | ']' | '}') => {
                        let wanted = match c {
                            ')' => '(',
                            ']' => '[',
                            _ => '{',
                        };
                        assert_eq!(open.pop(), Some(wanted), "{line}");
                    }
                    _ => {}
                }
            }
            assert_eq!(quote, None, "{line}");
        }
        assert_eq!(open, Vec::<char>::new());
    }
}
