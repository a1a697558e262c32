//! `relayctl log rejects`

use relay_proto::{ListRejects, Nothing, Reject, RejectQuery};

use super::Span;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::{Cell, wrap};
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

/// List what was refused at the door, newest first: a printer shows its owner nothing
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl log rejects --since 1h
  relayctl log rejects --reason address-not-registered")]
pub(crate) struct Args {
    /// The user name that was tried
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// System; needs an account
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Code of the reason; relayctl help error CODE explains it
    #[arg(long, value_name = "CODE", add = complete::codes())]
    reason: Option<String>,
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<Reject> = View {
    columns: &[
        column("at", Rank::Key, |it| Cell::Time(it.at)),
        column("reason", Rank::Key, |it| Cell::text(&it.reason)),
        column("client", Rank::Column(9), |it| Cell::text(&it.client)),
        column("username", Rank::Column(8), |it| Cell::text(&it.username)),
        column("sender", Rank::Column(7), |it| Cell::text(&it.sender)),
        column("recipient", Rank::Column(4), |it| Cell::text(&it.recipient)),
        column("system", Rank::Column(5), |it| {
            Cell::maybe(it.system.as_ref(), Cell::text)
        }),
        column("account", Rank::Column(3), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("reply", Rank::Text(2), |it| Cell::text(&it.reply)),
        column("helo", Rank::Wide, |it| Cell::text(&it.helo)),
        column("listener", Rank::Wide, |it| Cell::text(&it.listener)),
    ],
    name: |it| &it.reason,
    empty: "Nothing was refused.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (since, until) = self.span.ends(session);
        let query = RejectQuery {
            account: session.named_account()?,
            user: self.user,
            system: self.system,
            reason: self.reason,
            since,
            until,
            ..RejectQuery::default()
        };
        let client = session.client()?;
        let rejects = client.list::<ListRejects, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&rejects, &VIEW)?;
        // The reply, which holds it, is the first column that a terminal has no room for.
        if let (Format::Table, true, Some(width)) = (
            session.out.format,
            session.out.columns.is_empty(),
            session.out.width,
        ) {
            session.out.block(&remedies(&rejects.items, width))?;
        }
        let Some(account) = query.account.clone() else {
            return Ok(());
        };
        // A mistyped user name is of no account, and just what is being looked for.
        let everywhere = RejectQuery {
            account: None,
            system: None,
            ..query
        };
        let newest = client.list::<ListRejects, _>(&Nothing {}, &everywhere, &Part::first(100));
        let is_strange = |reject: &Reject| reject.account.is_none();
        // Who may not see them is not told of them.
        if newest.is_ok_and(|newest| newest.items.iter().any(is_strange)) {
            session.out.note(&without_account(&account));
        }
        Ok(())
    }
}

/// What mends each reason that is listed, below the list and in its order.
fn remedies(rejects: &[Reject], width: usize) -> String {
    let known = relay_proto::reasons();
    let mut found: Vec<(&str, &str)> = Vec::new();
    for reject in rejects {
        let reason = known.iter().find(|it| it.code == reject.reason);
        if let Some(reason) = reason
            && !found.iter().any(|(code, _)| *code == reason.code)
        {
            found.push((&reason.code, &reason.remedy));
        }
    }
    let longest = found.iter().map(|(code, _)| code.len() + 2).max();
    let beside = longest.filter(|margin| margin + LEAST_ROOM <= width);
    let margin = beside.unwrap_or(2);
    let mut text = String::new();
    for (code, remedy) in found {
        if text.is_empty() {
            text.push('\n');
        }
        let mut head = format!("{code:<margin$}");
        if beside.is_none() {
            text.extend([code, "\n"]);
            head = " ".repeat(margin);
        }
        for line in wrap(remedy, width.saturating_sub(margin)) {
            text.extend([head.as_str(), &line, "\n"]);
            head = " ".repeat(margin);
        }
    }
    text
}

/// A remedy stands beside its reason where it has this much room, or else below it.
const LEAST_ROOM: usize = 40;

/// How to see the refusals that an account hides; for statistics, too.
pub(in crate::commands) fn without_account(account: &str) -> String {
    format!(
        "This is account {account} only. Refusals with an unknown user name, and those before a \
         user name was given (connecting, TLS, no sign-in), belong to no account: there are some, \
         and `--account ''` shows them."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_remedy_once_and_fits() {
        let reject = |reason: &str| Reject {
            at: jiff::Timestamp::UNIX_EPOCH,
            account: None,
            system: None,
            username: String::new(),
            client: "192.0.2.7".to_owned(),
            listener: "submission".to_owned(),
            helo: String::new(),
            sender: String::new(),
            recipient: String::new(),
            reason: reason.to_owned(),
            reply: String::new(),
        };
        let rejects = [
            reject("credentials-rejected"),
            reject("unsupported-mechanism"),
            reject("credentials-rejected"),
            reject("of-a-newer-relayd"),
        ];
        assert_eq!(
            remedies(&rejects, 80),
            "\n\
             credentials-rejected   check both in the device; a lost password is replaced by\n\
             \x20                      relayctl user rotate-password\n\
             unsupported-mechanism  use PLAIN or LOGIN\n"
        );
        assert_eq!(
            remedies(&rejects, 40),
            "\n\
             credentials-rejected\n\
             \x20 check both in the device; a lost\n\
             \x20 password is replaced by relayctl user\n\
             \x20 rotate-password\n\
             unsupported-mechanism\n\
             \x20 use PLAIN or LOGIN\n"
        );
        assert_eq!(remedies(&[], 80), "");
    }
}
