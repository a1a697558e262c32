//! `relayctl limits`: how much may be sent, and how much was.

mod bans;
mod reset;
mod set;
mod show;

use relay_proto::{AccountPath, Limit, LimitName, LimitScope, Limits, LimitsQuery};

use crate::client::Answer;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Limits.
    Verb { Show(show::Args), Set(set::Args), Reset(reset::Args) }
}

/// Whose limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Scope {
    /// All mail of an account
    Account,
    /// The mail of one relay user, wherever it signs in
    User,
    /// The mail that comes from one system
    System,
    /// Addresses that are banned, for guessing passwords
    Ip,
}

/// Says whose limits are meant.
#[derive(Debug, clap::Args)]
struct Target {
    /// Name or id of the relay user, the system or the account; an address for --scope ip
    #[arg(value_name = "NAME", add = complete::limited())]
    name: Option<String>,
    /// Whose limits
    #[arg(long, value_name = "SCOPE", value_enum, default_value = "account")]
    scope: Scope,
}

impl Target {
    /// Where the API keeps these limits, and how they are called in a sentence.
    fn find(self, session: &Session) -> Result<(AccountPath, LimitsQuery, String), Failure> {
        let scope = match self.scope {
            Scope::Account => {
                let account = match self.name {
                    Some(name) => name,
                    None => session.account()?,
                };
                let sentence = format!("account {account}");
                return Ok((AccountPath { account }, LimitsQuery::default(), sentence));
            }
            Scope::User => LimitScope::User,
            Scope::System => LimitScope::System,
            Scope::Ip => return Err(bans::set()),
        };
        let (noun, hint) = match scope {
            LimitScope::System => ("system", "relayctl system list"),
            _ => ("relay user", "relayctl user list"),
        };
        let Some(name) = self.name else {
            return Err(Failure::usage(format!("which {noun}?")).hint(hint));
        };
        let sentence = format!("{noun} {name}");
        let path = AccountPath {
            account: session.account()?,
        };
        let query = LimitsQuery {
            scope: Some(scope),
            name: Some(name),
        };
        Ok((path, query, sentence))
    }
}

static VIEW: View<Limit> = View {
    columns: &[
        column("limit", Rank::Key, |it| Cell::text(it.limit.as_str())),
        column("plan", Rank::Column(5), |it| amount(it, it.plan)),
        column("override", Rank::Column(6), |it| amount(it, it.set)),
        column("in_force", Rank::Key, |it| amount(it, it.in_force)),
        column("used", Rank::Column(9), |it| amount(it, it.used)),
        column("from", Rank::Column(4), |it| {
            Cell::maybe(it.origin, |origin| Cell::text(origin.as_str()))
        }),
    ],
    name: |it| it.limit.as_str(),
    empty: "",
};

/// One limit a line, for people and scripts of lines; JSON as the API has it.
fn print(session: &Session, answer: &Answer<Limits>) -> Result<(), Failure> {
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(answer),
        _ => session.out.rows(&answer.value.limits, &VIEW),
    }
}

fn amount(limit: &Limit, amount: Option<u64>) -> Cell {
    match limit.limit {
        LimitName::MessageSize => Cell::maybe(amount, Cell::Bytes),
        _ => Cell::maybe(amount, Cell::count),
    }
}
