//! A dialogue as its file tells it.

use std::{fs, net::IpAddr, path::Path};

use anyhow::{Context, Result, bail, ensure};

use super::text::{Pattern, bytes};

/// One file.
#[derive(Debug)]
pub struct Script {
    /// Name of the file, without its ending.
    pub name: String,
    pub(super) listener: String,
    /// Signs in as this relay user before the first step.
    pub(super) user: Option<String>,
    /// Connects from here instead of an address of its own.
    pub(super) from: Option<IpAddr>,
    pub(super) steps: Vec<Step>,
    /// What must have been kept, in the order in which it was accepted.
    pub(super) mails: Vec<ExpectedMail>,
    /// Reasons that stand in the log but in no reply.
    pub(super) logged: Vec<String>,
}

/// One line of a file.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    pub(super) action: Action,
}

#[derive(Debug)]
pub(super) enum Action {
    /// `C:` and `C<<`
    Send(Vec<u8>),
    /// `S:`
    Expect(Pattern),
    /// `TLS`
    Encrypt,
    /// `EOF`
    HangUp,
    /// `CLOSED`
    Closed,
}

/// `MAIL` and what is indented below it.
#[derive(Debug, Default)]
pub(super) struct ExpectedMail {
    pub(super) line: usize,
    pub(super) from: Option<String>,
    pub(super) to: Vec<String>,
    /// Fields of the envelope by name.
    pub(super) envelope: Vec<(String, String)>,
    pub(super) has: Vec<Pattern>,
    pub(super) lacks: Vec<Pattern>,
    pub(super) body: Option<Vec<u8>>,
}

impl Script {
    /// Reads a file.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.file_stem().context("no name")?.to_string_lossy();
        let text = fs::read_to_string(path)?;
        Self::read(&name, &text).with_context(|| format!("{name}.smtp"))
    }

    /// Name of the listener it talks to.
    pub fn listener(&self) -> &str {
        &self.listener
    }

    /// The address it must come from, if that matters.
    pub fn client(&self) -> Option<IpAddr> {
        self.from
    }

    pub(super) fn read(name: &str, text: &str) -> Result<Self> {
        let mut script = Self {
            name: name.to_owned(),
            listener: "submission".to_owned(),
            user: None,
            from: None,
            steps: Vec::new(),
            mails: Vec::new(),
            logged: Vec::new(),
        };
        for (at, line) in text.lines().enumerate() {
            if !(line.trim().is_empty() || line.starts_with('#')) {
                let number = at + 1;
                script
                    .take(number, line)
                    .with_context(|| format!("line {number}: {line}"))?;
            }
        }
        ensure!(!script.steps.is_empty(), "nothing is said");
        Ok(script)
    }

    fn take(&mut self, line: usize, text: &str) -> Result<()> {
        if let Some(detail) = text.strip_prefix("  ") {
            let mail = self.mails.last_mut().context("no MAIL above")?;
            return mail.take(detail);
        }
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let action = match word {
            "listener:" | "user:" | "from:" | "LOG" | "MAIL" => {
                return self.describe(line, word, rest);
            }
            "C:" => Action::Send([&bytes(rest)?, &b"\r\n"[..]].concat()),
            "C<<" => Action::Send(bytes(rest)?),
            "S:" => Action::Expect(Pattern::read(rest)?),
            "TLS" => Action::Encrypt,
            "EOF" => Action::HangUp,
            "CLOSED" => Action::Closed,
            _ => bail!("what is that?"),
        };
        ensure!(
            self.mails.is_empty(),
            "MAIL stands behind everything that is said"
        );
        self.steps.push(Step { line, action });
        Ok(())
    }

    /// What is not said but said about it.
    fn describe(&mut self, line: usize, word: &str, rest: &str) -> Result<()> {
        match word {
            "listener:" => rest.clone_into(&mut self.listener),
            "user:" => self.user = Some(rest.to_owned()),
            "from:" => self.from = Some(rest.parse()?),
            "LOG" => self.logged.push(rest.to_owned()),
            _ => self.mails.push(ExpectedMail {
                line,
                ..ExpectedMail::default()
            }),
        }
        Ok(())
    }
}

impl ExpectedMail {
    fn take(&mut self, text: &str) -> Result<()> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "from" => self.from = Some(rest.to_owned()),
            "to" => self.to.push(rest.to_owned()),
            "envelope" => {
                let (name, value) = rest.split_once(' ').context("envelope NAME VALUE")?;
                self.envelope.push((name.to_owned(), value.to_owned()));
            }
            "has" => self.has.push(Pattern::read(rest)?),
            "lacks" => self.lacks.push(Pattern::read(rest)?),
            "body" => {
                let line = [&bytes(rest)?, &b"\r\n"[..]].concat();
                self.body.get_or_insert_default().extend(line);
            }
            "body<<" => self.body.get_or_insert_default().extend(bytes(rest)?),
            _ => bail!("what is that about a mail?"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_line_by_line() {
        let script = Script::read(
            "x",
            "# why\nlistener: clear\nfrom: 127.0.0.9\n\nC: NOOP\nC<< \\0\nS: 250 *\nCLOSED\n\
             MAIL\n  from a@b.example\n  to c@d.example\n  body x\nLOG timeout\n",
        )
        .unwrap();
        assert_eq!((script.steps.len(), script.listener.as_str()), (4, "clear"));
        assert!(matches!(&script.steps[0].action, Action::Send(bytes) if bytes == b"NOOP\r\n"));
        assert_eq!(script.mails[0].body.as_deref(), Some(&b"x\r\n"[..]));
        for wrong in [
            "",
            "C NOOP",
            "  from a@b.example",
            "C: \\q",
            "C: x\nMAIL\nC: y",
        ] {
            assert!(Script::read("x", wrong).is_err(), "{wrong:?}");
        }
    }
}
