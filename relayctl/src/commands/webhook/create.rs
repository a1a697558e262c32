//! `relayctl webhook create`

use std::io::IsTerminal as _;
use std::path::PathBuf;

use relay_proto::{CreateWebhook, NewWebhook, Nothing};

use super::{Events, VIEW};
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::password::PasswordFile;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Create a webhook; the secret that signs what it gets is shown once
///
/// Of the operator it is told of everything, or with --account of what concerns that account. The
/// account of the context does not count here. Of an owner it is told of the own account. Requests
/// are signed as Standard Webhooks has it; docs/notifications.md shows how to verify them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl webhook create tickets --to https://tickets.example.com/relayd \\
      --secret-out hook.secret
  relayctl webhook create pager --to https://pager.example.com/r \\
      --event lane.held --event quota.reached
  relayctl webhook create own --account acme \\
      --to https://hooks.acme.example/mail -o json")]
pub(crate) struct Args {
    /// Name of the webhook
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Where it is: https, or http to the relayd machine itself
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    #[command(flatten)]
    events: Events,
    /// Write the secret to this new file (mode 0600) instead of showing it
    #[arg(long, value_name = "FILE")]
    secret_out: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let seen = std::io::stdout().is_terminal() || session.out.format.is_json();
        let mut form = Form::new(&session.prompts);
        let name = form.required("NAME", "Name of the webhook", self.name, check::anything)?;
        let url = form.required("--to", "Its address (https://…)", self.to, check::anything)?;
        if self.secret_out.is_none() && !seen {
            form.because("there is nowhere to show the secret: stdout is not a terminal");
            form.missing("--secret-out (or -o json)");
        }
        form.finish("relayctl webhook create NAME --to URL --secret-out FILE")?;
        let new = NewWebhook {
            name,
            account: session.globals.account.clone(),
            url,
            events: self.events.events,
        };
        let client = session.client()?;
        let file = self.secret_out.as_deref();
        let file = file.map(PasswordFile::create).transpose()?;
        let answer = match client.call::<CreateWebhook>(&Nothing {}, &new) {
            Ok(answer) if !answer.value.secret.is_empty() => answer,
            failed => {
                if let Some(file) = file {
                    file.discard();
                }
                let lost = |_| {
                    let cause = "the answer that held it was lost on the way";
                    Err(not_shown(&new.name).cause(cause))
                };
                return failed.and_then(lost);
            }
        };
        let (webhook, secret) = (&answer.value.webhook, &answer.value.secret);
        let name = &webhook.name;
        let printed = match (file, session.out.format) {
            (Some(file), format) => file.write(&secret.as_str().into()).and_then(|path| {
                let note = format!("The secret is in {}.", path.display());
                session.out.note(&note);
                match format {
                    Format::Table | Format::Wide => {
                        session.out.sentence(&format!("Webhook {name} created."))
                    }
                    Format::Json | Format::Jsonl => session.out.own_json(webhook),
                    Format::Tsv | Format::Name => {
                        session.out.rows(std::slice::from_ref(webhook), &VIEW)
                    }
                }
            }),
            (None, Format::Json | Format::Jsonl) => session.out.item_as_sent(&answer),
            (None, _) => session.out.block(&format!(
                "Webhook {name} created.\n  Secret  {secret}     shown once\n"
            )),
        };
        printed.map_err(|failure| not_shown(name).cause(failure.to_string()))?;
        session.out.next(&format!("relayctl webhook test {name}"));
        Ok(())
    }
}

fn not_shown(name: &str) -> Failure {
    Failure::new(
        Exit::Unexpected,
        "secret-not-shown",
        format!("webhook {name} exists, but its secret could not be shown"),
    )
    .hint(format!(
        "relayctl webhook delete {name}, then create it again"
    ))
}
