//! `relayctl queue delete`, also known as `cancel`

use relay_proto::{CancelQueued, Nothing, QueueChange};

use super::selector::{Selector, count};
use super::{messages, report_with};
use crate::commands::counted;
use crate::error::Failure;
use crate::output::cell::to_the_second;
use crate::session::Session;

/// Take messages out of the queue for good; nobody is told
///
/// Cannot be undone: asks for the number of messages, or takes --confirm COUNT. Says what had left
/// already: which of the messages some recipients have, since when, and which are being handed
/// over at this moment. A dry run says the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl queue delete --user scanner --dry-run
  relayctl queue cancel 06bq3k8zv1h4wcn2x9tg
  relayctl queue delete --user scanner --reason 'test run' --confirm 12")]
pub(crate) struct Args {
    #[command(flatten)]
    selector: Selector,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let dry_run = self.selector.dry_run;
        let mut selection = self.selector.resolve(session)?;
        let client = session.client()?;
        if !dry_run {
            let trial = count::<CancelQueued>(session, &selection)?;
            let count = trial.value.matched;
            if count == 0 {
                let lines = left_lines(&trial.value);
                return report_with(session, &trial, "deleted", false, &lines);
            }
            if session.out.format.is_for_people() {
                for line in left_lines(&trial.value) {
                    session.out.note(&line);
                }
            }
            session.confirm_for_good(
                &format!("{} will be deleted unsent", messages(count)),
                &count.to_string(),
            )?;
            // What arrives meanwhile was not confirmed.
            selection.max = Some(selection.max.map_or(count, |max| max.min(count)));
        }
        let answer = client.call::<CancelQueued>(&Nothing {}, &selection)?;
        let lines = left_lines(&answer.value);
        report_with(session, &answer, "deleted", dry_run, &lines)
    }
}

/// Messages that are named one by one.
const MOST_NAMED: usize = 20;

/// What nobody can call back, in words.
fn left_lines(change: &QueueChange) -> Vec<String> {
    let Some(left) = &change.left else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if left.messages > 0 {
        lines.push(format!(
            "Already handed over, and not to be called back: {} of {}.",
            counted(
                usize::try_from(left.recipients).unwrap_or(usize::MAX),
                "recipient"
            ),
            messages(left.messages),
        ));
    }
    for it in left.details.iter().take(MOST_NAMED) {
        let since = it.last_at.map_or_else(String::new, |at| {
            format!(", the last at {}", to_the_second(at))
        });
        let (delivered, all) = (it.delivered, it.recipient_count);
        lines.push(format!(
            "  {}  delivered to {delivered} of {all}{since}",
            it.id
        ));
    }
    let named = left.details.len().min(MOST_NAMED) as u64;
    if left.messages > named {
        let rest = messages(left.messages - named);
        lines.push(format!("  and {rest} more; -o json names up to 100"));
    }
    if !left.in_flight.is_empty() {
        let ids = left.in_flight.iter().take(MOST_NAMED);
        let ids: Vec<_> = ids.map(String::as_str).collect();
        lines.push(format!(
            "Being handed over at this moment: {}. That attempt ends; what the server takes of it \
             is delivered, and relayctl log trace ID tells.",
            ids.join(", ")
        ));
    }
    lines
}
