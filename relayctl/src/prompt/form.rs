//! Several values, each from a flag or a prompt. Without prompts all missing ones are reported
//! together.

use std::path::Path;

use super::{Prompts, check};
use crate::error::Failure;

/// Collects the values of one command.
#[derive(Debug)]
pub(crate) struct Form<'p> {
    prompts: &'p Prompts,
    missing: Vec<&'static str>,
    /// A person was asked for something that must be there, and so is in the middle of a dialogue.
    asked: bool,
    /// Why something is needed that one would not expect.
    because: Option<&'static str>,
    /// Answers that Enter gives, by flag or question.
    suggestions: Vec<(&'static str, String)>,
    /// Whether what has a good default is asked for, too.
    is_thorough: bool,
}

impl<'p> Form<'p> {
    pub(crate) const fn new(prompts: &'p Prompts) -> Self {
        Self {
            prompts,
            missing: Vec::new(),
            asked: false,
            because: None,
            suggestions: Vec::new(),
            is_thorough: false,
        }
    }

    /// The same, which asks also for what has a good default: Enter takes it.
    pub(crate) const fn thorough(mut self) -> Self {
        self.is_thorough = true;
        self
    }

    /// Whether what has a good default is asked for, too.
    pub(crate) const fn is_thorough(&self) -> bool {
        self.is_thorough
    }

    /// Suggests an answer, for the question of that flag, or that question. An empty one is none.
    pub(crate) fn suggest(&mut self, what: &'static str, answer: &str) {
        self.suggestions.retain(|(known, _)| *known != what);
        if !answer.is_empty() {
            self.suggestions.push((what, answer.to_owned()));
        }
    }

    /// What Enter gives there.
    pub(crate) fn suggestion(&self, what: &str) -> Option<&str> {
        let mut known = self.suggestions.iter();
        known
            .find(|(known, _)| *known == what)
            .map(|(_, answer)| answer.as_str())
    }

    /// Whether questions are asked.
    pub(crate) const fn asks(&self) -> bool {
        self.prompts.off().is_none()
    }

    /// A value that must be there.
    pub(crate) fn required(
        &mut self,
        flag: &'static str,
        question: &str,
        given: Option<String>,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        match given {
            Some(value) => {
                check(&value).map_err(|why| Failure::usage(format!("{flag}: {why}")))?;
                Ok(value)
            }
            None if self.asks() => {
                self.asked = true;
                self.prompts
                    .line(question, self.suggestion(flag), false, check)
            }
            None => {
                self.missing.push(flag);
                Ok(String::new())
            }
        }
    }

    /// Whether a person was asked for a value that must be there. Who gave all of them by flags
    /// wants no further questions: the next line of a pasted script would become an answer.
    pub(crate) const fn in_dialogue(&self) -> bool {
        self.asked
    }

    /// A value that is asked for in a dialogue that is under way.
    pub(crate) fn asked(
        &self,
        question: &str,
        optional: bool,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        self.prompts
            .line(question, self.suggestion(question), optional, check)
    }

    /// What a file holds that a person names; asked for until it can be read.
    pub(crate) fn file<T>(
        &mut self,
        question: &str,
        read: impl Fn(&Path) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        self.asked = true;
        self.prompts.file(question, false, read)
    }

    /// A value that may be left out; asked for only in a dialogue, so it comes after all that must
    /// be there.
    pub(crate) fn optional(
        &self,
        question: &str,
        given: Option<String>,
    ) -> Result<String, Failure> {
        match given {
            Some(value) => Ok(value),
            None if self.asked => {
                let suggestion = self.suggestion(question);
                self.prompts
                    .line(question, suggestion, true, check::anything)
            }
            None => Ok(String::new()),
        }
    }

    /// One of several values; without prompts the first is the default, or it must be given.
    pub(crate) fn choice(
        &mut self,
        flag: &'static str,
        question: &str,
        items: &[String],
        default: Option<usize>,
    ) -> Result<usize, Failure> {
        if self.asks() {
            self.asked = true;
            return self.prompts.choice(question, items, default.unwrap_or(0));
        }
        if default.is_none() {
            self.missing.push(flag);
        }
        Ok(default.unwrap_or(0))
    }

    /// Another value in the place of the present one; Enter keeps that.
    pub(crate) fn changed(
        &self,
        question: &str,
        present: &str,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<Option<String>, Failure> {
        let is_empty = present.is_empty();
        let default = Some(present).filter(|_| !is_empty);
        let value = self.prompts.line(question, default, is_empty, check)?;
        Ok(Some(value).filter(|value| value != present))
    }

    /// Another number in the place of the present one.
    pub(crate) fn changed_count(
        &self,
        question: &str,
        present: u32,
    ) -> Result<Option<u32>, Failure> {
        let value = self.changed(question, &present.to_string(), check::count)?;
        Ok(value.and_then(|value| value.parse().ok()))
    }

    /// Another one of several words in the place of the present one.
    pub(crate) fn changed_word<W: Copy + PartialEq + std::fmt::Display>(
        &self,
        question: &str,
        all: &[W],
        present: W,
    ) -> Result<Option<W>, Failure> {
        let items: Vec<_> = all.iter().map(ToString::to_string).collect();
        let at = all.iter().position(|word| *word == present).unwrap_or(0);
        let chosen = self.prompts.choice(question, &items, at)?;
        Ok(all.get(chosen).copied().filter(|word| *word != present))
    }

    /// A secret that must be there.
    pub(crate) fn secret(
        &mut self,
        flag: &'static str,
        question: &str,
    ) -> Result<Option<secrecy::SecretString>, Failure> {
        if self.asks() {
            self.asked = true;
            return self.prompts.secret(question).map(Some);
        }
        self.missing.push(flag);
        Ok(None)
    }

    /// A password that is set from now on, and must be there.
    pub(crate) fn new_secret(
        &mut self,
        flag: &'static str,
        question: &str,
    ) -> Result<Option<secrecy::SecretString>, Failure> {
        if self.asks() {
            self.asked = true;
            return self.prompts.new_secret(question).map(Some);
        }
        self.missing.push(flag);
        Ok(None)
    }

    /// Says why a value is needed, should it turn out to be missing.
    pub(crate) const fn because(&mut self, why: &'static str) {
        self.because = Some(why);
    }

    /// Notes a value as missing that cannot be asked for in this way.
    pub(crate) fn missing(&mut self, flag: &'static str) {
        self.missing.push(flag);
    }

    /// Fails with every missing value named; `example` is the command that would have worked.
    pub(crate) fn finish(self, example: &str) -> Result<(), Failure> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let off = self.prompts.off();
        let off = off.map(|why| format!("prompts are off ({why})"));
        let because = self.because.map(str::to_owned);
        let causes: Vec<_> = because.into_iter().chain(off).collect();
        let failure = Failure::missing(&self.missing).hint(example);
        Err(if causes.is_empty() {
            failure
        } else {
            failure.cause(causes.join("; "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    fn prompts(off: Option<&'static str>) -> Prompts {
        Prompts { off, color: false }
    }

    #[test]
    fn every_missing_value_is_named_at_once() {
        let prompts = prompts(Some("stdin is not a terminal"));
        let mut form = Form::new(&prompts);
        form.required("--company", "Company", None, check::anything)
            .unwrap();
        let email = form
            .required("--email", "E-mail", Some("a@b".into()), check::address)
            .unwrap();
        form.required("--mailbox", "Mailbox", None, check::address)
            .unwrap();
        assert_eq!(email, "a@b");
        let failure = form
            .finish("relayctl account create --company NAME …")
            .unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
        assert_eq!(
            failure.to_text(false),
            "error: missing required values: --company, --mailbox\n\
             \x20 cause: prompts are off (stdin is not a terminal)\n\
             \x20 try:   relayctl account create --company NAME …\n\
             \x20 code:  missing-values\n"
        );
    }

    #[test]
    fn who_gives_all_that_is_needed_is_asked_for_nothing_else() {
        // Questions are allowed here, but there is no terminal: one that was asked would fail.
        let prompts = prompts(None);
        let mut form = Form::new(&prompts);
        form.required("--company", "Company", Some("Acme".into()), check::anything)
            .unwrap();
        assert!(!form.in_dialogue());
        assert_eq!(form.optional("VAT id", None).unwrap(), "");
        form.finish("relayctl account create").unwrap();
    }
}
