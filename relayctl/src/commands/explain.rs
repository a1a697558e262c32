//! `relayctl explain`

use std::net::IpAddr;

use relay_proto::{
    AccountPath, ExplainMail, ExplainedStep, Explanation, MailToExplain, StepVerdict,
};

use crate::args::byte_size;
use crate::commands::steps;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::output::cell::{Cell, harmless};
use crate::output::{Format, Rank, View, column};
use crate::prompt::{Form, check};
use crate::session::Session;

/// Tell whether a mail would be taken, and if not, why
///
/// relayd judges it as it judges the mail of a device, step by step, and names every obstacle with
/// what mends it. Nothing is sent, and nothing is counted. Without --user the device is known by its
/// address alone. The password is not tried; relayctl test auth does that. Exit code 0 when the mail
/// would be taken, 9 when it would be refused.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl explain --user scanner --from scanner@acme.example \\
      --to ops@acme.example --address 192.0.2.17
  relayctl explain --user erp --from erp@acme.example \\
      --header-from 'ERP <ceo@acme.example>' --to ops@acme.example \\
      --address 203.0.113.10 --size 30MiB
  relayctl explain --from scanner@acme.example --to ops@acme.example \\
      --address 192.0.2.40 --listener submission --plaintext -o json")]
pub(crate) struct Args {
    /// Relay user that signs in; without it the device is known by its address alone
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Sender of the envelope (MAIL FROM); an empty text for none
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Header From of the mail, if it is another; an empty text for a mail without one
    #[arg(long, value_name = "TEXT")]
    header_from: Option<String>,
    /// Recipient; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// IP address that the device connects from
    #[arg(long, value_name = "IP")]
    address: Option<String>,
    /// Size of the mail, such as 500000 or 20MiB [default: 4KiB]
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    size: Option<u64>,
    /// Listener that it connects to [default: the first that takes such a device]
    #[arg(long, value_name = "NAME")]
    listener: Option<String>,
    /// The device encrypts [default: as the listener does]
    #[arg(long, conflicts_with = "plaintext")]
    tls: bool,
    /// The device does not encrypt
    #[arg(long)]
    plaintext: bool,
}

static VIEW: View<ExplainedStep> = View {
    columns: &[
        column("verdict", Rank::Key, |it| Cell::text(it.verdict.as_str())),
        column("stage", Rank::Key, |it| Cell::text(&it.stage)),
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("reason", Rank::Column(1), |it| {
            Cell::text(it.reason.as_deref().unwrap_or_default())
        }),
        column("detail", Rank::Text(9), |it| Cell::text(&it.detail)),
        column("remedy", Rank::Text(8), |it| Cell::text(&it.remedy)),
    ],
    name: |it| &it.name,
    empty: "Nothing was looked at.",
};

impl Args {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session) -> Result<(), Failure> {
        let mail = self.mail(session)?;
        let path = AccountPath {
            account: session.account()?,
        };
        let answer = session.client()?.call::<ExplainMail>(&path, &mail)?;
        let explanation = &answer.value;
        let out = &session.out;
        match out.format {
            Format::Json | Format::Jsonl => out.item_as_sent(&answer)?,
            Format::Name => {}
            Format::Tsv => out.rows(&explanation.steps, &VIEW)?,
            Format::Table | Format::Wide if !out.columns.is_empty() => {
                out.rows(&explanation.steps, &VIEW)?;
            }
            Format::Table | Format::Wide => out.block(&lines(&explanation.steps, out.width))?,
        }
        if !explanation.accepted {
            return Err(refused(session, explanation));
        }
        out.sentence(if explanation.waits {
            "The mail would be taken, and would wait."
        } else {
            "The mail would be taken."
        })
    }

    fn mail(self, session: &Session) -> Result<MailToExplain, Failure> {
        let mut form = Form::new(&session.prompts);
        let first = self.to.first().cloned();
        let from = form.required("--from", "Sender (MAIL FROM)", self.from, |_| Ok(()))?;
        let to = form.required("--to", "Recipient", first, check::anything)?;
        let address = form.required(
            "--address",
            "IP address of the device",
            self.address,
            ip_address,
        )?;
        form.finish("relayctl explain --user USER --from ADDRESS --to ADDRESS --address IP")?;
        let further = self.to.into_iter().skip(1);
        Ok(MailToExplain {
            user: self.user,
            address,
            from,
            header_from: self.header_from,
            to: std::iter::once(to).chain(further).collect(),
            size: self.size,
            listener: self.listener,
            encrypted: (self.tls || self.plaintext).then_some(self.tls),
        })
    }
}

fn ip_address(text: &str) -> Result<(), String> {
    let parsed: Result<IpAddr, _> = text.trim().parse();
    parsed
        .map(|_| ())
        .map_err(|_| format!("`{text}` is no IP address, such as 203.0.113.10"))
}

/// Columns before the name of a step.
const MARGIN: usize = 11;

/// A block for each step, wrapped to the terminal, with what mends it.
fn lines(steps: &[ExplainedStep], width: Option<usize>) -> String {
    let column = steps.iter().map(|step| step.name.chars().count()).max();
    let column = column.unwrap_or(0);
    let indent = MARGIN + column + 2;
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(24));
    let mut text = String::new();
    for step in steps {
        let (mark, name) = (mark(step.verdict), harmless(&step.name));
        let head = format!("  {mark:<7}  {name:<column$}  ");
        text += &steps::entry(&head, &step.detail, &step.remedy, room);
    }
    text
}

fn mark(verdict: StepVerdict) -> &'static str {
    match verdict {
        StepVerdict::Ok => "ok",
        StepVerdict::Warning => "warn",
        StepVerdict::Refused => "refused",
        StepVerdict::Skipped => "-",
    }
}

/// What a device would meet first.
fn refused(session: &Session, explanation: &Explanation) -> Failure {
    // Under JSON the answer itself says everything.
    if session.out.format.is_json() {
        return Failure::silent(Exit::CheckFailed);
    }
    let code = explanation.reason.as_deref().unwrap_or("check-failed");
    let mut steps = explanation.steps.iter();
    let first = steps.find(|step| step.verdict == StepVerdict::Refused);
    let what = match first {
        Some(step) if step.stage == "connect" => {
            "the mail would be refused: no session comes about".to_owned()
        }
        Some(step) => format!("the mail would be refused at {}", step.stage),
        None => "the mail would be refused".to_owned(),
    };
    let failure = Failure::new(Exit::CheckFailed, code, what);
    let cause = match &explanation.reply {
        Some(reply) => format!("the device gets {}", reply.replace('\n', " ")),
        None => "the connection is closed without a reply".to_owned(),
    };
    let failure = failure.cause(cause);
    match first.filter(|step| !step.remedy.is_empty()) {
        Some(step) => failure.hint(step.remedy.as_str()),
        None => failure.hint(format!("relayctl help error {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_line_up_within_the_terminal() {
        let step = |name: &str, verdict, detail: &str, remedy: &str| ExplainedStep {
            name: name.into(),
            stage: "MAIL".into(),
            verdict,
            detail: detail.into(),
            reason: None,
            remedy: remedy.into(),
            reply: None,
        };
        let steps = [
            step("Account", StepVerdict::Ok, "acme is active", ""),
            step(
                "Sender",
                StepVerdict::Refused,
                "The relay user may not send as this address (scanner as ceo@acme.example\u{1b}[2J)",
                "send as scanner@acme.example",
            ),
            step(
                "Size",
                StepVerdict::Skipped,
                "not known without a subscription",
                "",
            ),
        ];
        assert_eq!(
            lines(&steps, Some(60)),
            "  ok       Account  acme is active\n\
             \x20 refused  Sender   The relay user may not send as this\n\
             \x20                   address (scanner as\n\
             \x20                   ceo@acme.example\u{fffd}[2J)\n\
             \x20                   try: send as scanner@acme.example\n\
             \x20 -        Size     not known without a subscription\n"
        );
    }
}
