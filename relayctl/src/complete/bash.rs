//! Bash: which of its words is completed, and how names are written into it.
//!
//! Bash hands over words that are broken at `=` and `:` and not unquoted, so the line itself is
//! read here, as bash would read it.

use super::names::Name;
use super::shell::written;
use super::{Offer, offer};

/// Answers a hook that sent the line up to the cursor, and the end of it that bash replaces.
pub(super) fn answer(sent: &[String]) -> String {
    let [line, replaced] = sent else {
        return String::new();
    };
    let mut read = Words::read(line);
    let Some(last) = read.list.pop() else {
        return String::new();
    };
    if read.is_redirection {
        return written(Offer::Files(String::new()), |_| None);
    }
    let typed = line.get(last.start..).unwrap_or_default();
    let Some(kept) = typed.strip_suffix(replaced.as_str()) else {
        return String::new();
    };
    let mut words: Vec<String> = read.list.into_iter().map(|word| word.text).collect();
    if words.is_empty() || last.is_unsure {
        return String::new();
    }
    // Variables before the program, and the program.
    let program = words.iter().position(|word| !is_assignment(word));
    words.drain(..=program.unwrap_or_default());
    words.push(last.text);
    written(offer(words), |name| replacement(kept, name))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// What to write behind the kept part of the word, so that all of it becomes the name.
fn replacement(kept: &str, name: &Name) -> Option<String> {
    let before = Words::read(kept).list.pop().unwrap_or_default();
    let rest = name.value.strip_prefix(before.text.as_str())?;
    match before.quote {
        None => Some(rest.chars().fold(String::new(), |mut text, c| {
            if !(c.is_alphanumeric() || "-_./%@+,=:".contains(c)) {
                text.push('\\');
            }
            text.push(c);
            text
        })),
        Some('\'') => (!rest.contains('\'')).then(|| rest.to_owned()),
        Some(_) => (!rest.contains(['"', '$', '`', '\\', '!'])).then(|| rest.to_owned()),
    }
}

/// A word of a line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Word {
    /// Where it begins in the line.
    start: usize,
    /// Without quotes.
    text: String,
    /// The quote that is still open at its end.
    quote: Option<char>,
    /// Bash would put something else in its place, which is not known here.
    is_unsure: bool,
}

/// The words of the last command of a line; the last word may be empty.
#[derive(Debug, Default)]
struct Words {
    list: Vec<Word>,
    /// The last word is the file of a redirection.
    is_redirection: bool,
}

impl Words {
    fn read(line: &str) -> Self {
        let mut words = Self::default();
        let mut word: Option<Word> = None;
        let mut rest = line.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            let quote = word.as_ref().and_then(|word| word.quote);
            match (quote, c) {
                (None, ' ' | '\t' | '\n') => words.end(word.take()),
                (None, '|' | ';' | '&' | '(') => {
                    word = None;
                    words = Self::default();
                }
                (None, '<' | '>') => {
                    // What stands right before it is the number of a stream.
                    let number = word.take();
                    if number.as_ref().is_some_and(|it| !is_number(&it.text)) {
                        words.end(number);
                    }
                    while rest
                        .next_if(|(_, c)| matches!(c, '<' | '>' | '&'))
                        .is_some()
                    {}
                    words.is_redirection = true;
                }
                _ => {
                    let word = word.get_or_insert_with(|| Word {
                        start: at,
                        ..Word::default()
                    });
                    word.take(c, || rest.next().map(|(_, c)| c));
                }
            }
        }
        words.list.push(word.unwrap_or_else(|| Word {
            start: line.len(),
            ..Word::default()
        }));
        words
    }

    /// The file of a redirection is no argument.
    fn end(&mut self, word: Option<Word>) {
        if let Some(word) = word
            && !std::mem::take(&mut self.is_redirection)
        {
            self.list.push(word);
        }
    }
}

impl Word {
    fn take(&mut self, c: char, next: impl FnOnce() -> Option<char>) {
        match (self.quote, c) {
            (Some(open), c) if c == open => self.quote = None,
            (None, '\'' | '"') => self.quote = Some(c),
            (None, '\\') => match next() {
                Some(c) => self.text.push(c),
                None => self.is_unsure = true,
            },
            (Some('"'), '\\') => match next() {
                Some(c @ ('"' | '\\' | '$' | '`')) => self.text.push(c),
                Some(c) => self.text.extend(['\\', c]),
                None => self.is_unsure = true,
            },
            (None | Some('"'), '$' | '`') => {
                self.is_unsure = true;
                self.text.push(c);
            }
            (_, c) => self.text.push(c),
        }
    }
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        let words = Words::read(line).list;
        words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn a_line_is_read_as_bash_reads_it() {
        for (line, words) in [
            ("relayctl user ", &["relayctl", "user", ""][..]),
            ("relayctl user sh", &["relayctl", "user", "sh"]),
            ("x --account=ac", &["x", "--account=ac"]),
            ("x 2001:db8::1", &["x", "2001:db8::1"]),
            (r"x my\ na", &["x", "my na"]),
            ("x 'my na", &["x", "my na"]),
            (r#"x "a \"b\n"#, &["x", r#"a "b\n"#]),
            ("x a'b c'd e", &["x", "ab cd", "e"]),
            ("true && relayctl us", &["relayctl", "us"]),
            ("x <(relayctl us", &["relayctl", "us"]),
            ("x export > file -o ", &["x", "export", "-o", ""]),
            ("x 2>&1 us", &["x", "us"]),
            ("", &[""]),
        ] {
            assert_eq!(texts(line), words, "{line}");
        }
        assert!(Words::read("x export acme > a").is_redirection);
        assert!(Words::read("x export acme 2>a").is_redirection);
        assert!(!Words::read("x export acme > a ").is_redirection);
    }

    #[test]
    fn what_bash_would_replace_is_not_guessed() {
        for line in ["x $HO", "x \"$HO", "x `ls", "x $(ls", "x a\\"] {
            let last = Words::read(line).list.pop().unwrap();
            assert!(last.is_unsure || line.ends_with("ls"), "{line}");
        }
        assert!(!Words::read("x '$HO").list.pop().unwrap().is_unsure);
    }

    #[test]
    fn names_are_written_so_that_bash_reads_them_back() {
        let name = |value: &str| Name {
            value: value.to_owned(),
            help: String::new(),
        };
        for (kept, value, written) in [
            ("", "scanner-3", Some("scanner-3")),
            ("", "my scanner", Some(r"my\ scanner")),
            ("", "$(rm x);`y`", Some(r"\$\(rm\ x\)\;\`y\`")),
            ("", "*", Some(r"\*")),
            ("--account=", "--account=a b", Some(r"a\ b")),
            ("2001:db8:", "2001:db8::1", Some(":1")),
            ("'", "my scanner", Some("my scanner")),
            ("'", "it's", None),
            ("\"", "my scanner", Some("my scanner")),
            ("\"", "$(rm x)", None),
            ("other", "name", None),
        ] {
            let found = replacement(kept, &name(value));
            assert_eq!(found.as_deref(), written, "{kept}{value}");
            if let Some(text) = found {
                let all = Words::read(&format!("{kept}{text}")).list;
                let [word] = all.as_slice() else {
                    panic!("{all:?}");
                };
                assert_eq!((word.text.as_str(), word.is_unsure), (value, false));
            }
        }
    }

    #[test]
    fn an_answer_replaces_the_end_of_the_word_only() {
        let asked = |line: &str, replaced: &str| answer(&[line.to_owned(), replaced.to_owned()]);
        assert_eq!(
            asked("relayctl user edit x --other-sender=rew", "rew"),
            "names\nrewrite\n"
        );
        assert_eq!(
            asked("A=b relayctl --account 'a b' user rot", "rot"),
            "names\nrotate-password\n"
        );
        assert_eq!(asked("relayctl --ca-file=x", "x"), "files --ca-file=\n");
        assert_eq!(asked("relayctl version > x", "x"), "files \n");
        assert_eq!(asked("relayctl user $x", "$x"), "");
        assert_eq!(asked("relayctl user ro", "other"), "");
    }
}
