//! Confirmations: of what affects live mail, and of what cannot be undone.

use super::Session;
use crate::error::{Exit, Failure};
use crate::output::note;
use crate::prompt::declined;

impl Session {
    /// Lets a person confirm what affects live mail; scripts say `--yes`. `effect` is a sentence
    /// with numbers, without full stop.
    pub(crate) fn confirm(&self, effect: &str) -> Result<(), Failure> {
        if self.globals.yes || self.environment.switch("RELAYCTL_YES") {
            return Ok(());
        }
        if let Some(why) = self.prompts.off() {
            return Err(Failure::new(
                Exit::Usage,
                "confirmation-missing",
                format!("not confirmed: {effect}"),
            )
            .cause(format!("prompts are off ({why})"))
            .hint("add --yes"));
        }
        // Not even --quiet asks for a yes to nothing.
        note(&format!("{effect}."));
        if self.prompts.yes("Go on?")? {
            Ok(())
        } else {
            Err(declined())
        }
    }

    /// Lets a person type `expected` before something that cannot be undone; scripts say
    /// `--confirm`. `--yes` is not enough.
    pub(crate) fn confirm_for_good(&self, effect: &str, expected: &str) -> Result<(), Failure> {
        let given = self
            .globals
            .confirm
            .as_deref()
            .or_else(|| self.environment.text("RELAYCTL_CONFIRM"));
        let given = match (given, self.prompts.off()) {
            (Some(given), _) => given.to_owned(),
            (None, Some(why)) => {
                return Err(Failure::new(
                    Exit::Usage,
                    "confirmation-missing",
                    format!("not confirmed: {effect}"),
                )
                .cause(format!("it cannot be undone, and prompts are off ({why})"))
                .hint(format!("add --confirm {expected}")));
            }
            (None, None) => {
                note(&format!("{effect}. This cannot be undone."));
                let question = format!("Type {expected} to confirm");
                let typed = self.prompts.confirmation(&question)?;
                if typed.is_empty() {
                    return Err(declined());
                }
                typed
            }
        };
        if given == expected {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Usage,
            "confirmation-wrong",
            format!("`{given}` does not confirm it; nothing was changed"),
        )
        .cause(format!("{effect}; that takes `{expected}`"))
        .hint(format!("add --confirm {expected}")))
    }
}
