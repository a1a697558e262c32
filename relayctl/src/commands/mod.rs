//! The commands: one folder for each noun, one file for each verb.

mod account;
mod api;
mod audit;
mod auth;
mod completion;
mod configuration;
mod context;
mod doctor;
mod domain;
mod explain;
mod help;
mod limits;
mod log;
mod man;
mod plan;
mod queue;
pub(crate) mod readers;
mod route;
mod setup;
mod stats;
mod steps;
mod subscription;
mod system;
mod test;
mod token;
mod top;
mod user;
mod version;
mod wait;
mod webhook;

use crate::error::Failure;
use crate::session::Session;

/// Declares the verbs of a noun: a variant for each, whose arguments run themselves. Boxed, since
/// some verbs have many and others none.
macro_rules! verbs {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident($args:ty)),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum $name { $($(#[$variant_meta])* $variant(Box<$args>)),+ }

        impl $name {
            /// Runs the verb.
            pub(crate) fn run(self, session: &$crate::session::Session) -> Result<(), $crate::error::Failure> {
                match self { $(Self::$variant(args) => args.run(session)),+ }
            }
        }
    };
}
use verbs;

/// What a command is about.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Noun {
    Setup(setup::Args),
    /// Sign in as the owner of an account, and its password
    #[command(subcommand)]
    Auth(auth::Verb),
    /// Customers: register, activate, suspend
    #[command(subcommand)]
    Account(account::Verb),
    /// Plans: what a subscription allows
    #[command(subcommand)]
    Plan(plan::Verb),
    /// The plan of an account
    #[command(subcommand)]
    Subscription(subscription::Verb),
    /// How the mail of an account leaves
    #[command(subcommand)]
    Route(route::Verb),
    /// Relay users: what devices sign in as
    #[command(subcommand)]
    User(user::Verb),
    /// Systems: registered devices and their addresses
    #[command(subcommand)]
    System(system::Verb),
    /// Sender domains: show the TXT record that proves one, and look for it
    #[command(subcommand)]
    Domain(domain::Verb),
    /// How much may be sent, and how much was
    #[command(subcommand)]
    Limits(limits::Verb),
    /// Mail that has not left yet
    #[command(subcommand)]
    Queue(queue::Verb),
    /// What became of each message, and what was refused
    #[command(subcommand)]
    Log(log::Verb),
    Explain(explain::Args),
    /// Wait until an account, a domain, a message or the queue is in a state
    #[command(subcommand)]
    Wait(wait::Verb),
    /// The whole way of a mail, tried with a real one
    #[command(subcommand)]
    Test(test::Verb),
    /// Counts of mail, by relay user, system and reason
    #[command(subcommand)]
    Stats(stats::Verb),
    Top(top::Args),
    /// Tokens for the API: the operator's, and those of an account
    #[command(subcommand)]
    Token(token::Verb),
    /// Programs that are told what happens
    #[command(subcommand)]
    Webhook(webhook::Verb),
    /// Who changed what
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Which relayd to speak to
    #[command(subcommand)]
    Context(context::Verb),
    Export(configuration::export::Args),
    Apply(configuration::apply::Args),
    Doctor(doctor::Args),
    Api(api::Args),
    Completion(completion::Args),
    Man(man::Args),
    Version(version::Args),
    Help(help::Args),
}

impl Noun {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Setup(args) => args.run(session),
            Self::Auth(verb) => verb.run(session),
            Self::Account(verb) => verb.run(session),
            Self::Plan(verb) => verb.run(session),
            Self::Subscription(verb) => verb.run(session),
            Self::Route(verb) => verb.run(session),
            Self::User(verb) => verb.run(session),
            Self::System(verb) => verb.run(session),
            Self::Domain(verb) => verb.run(session),
            Self::Limits(verb) => verb.run(session),
            Self::Queue(verb) => verb.run(session),
            Self::Log(verb) => verb.run(session),
            Self::Explain(args) => args.run(session),
            Self::Wait(verb) => verb.run(session),
            Self::Test(verb) => verb.run(session),
            Self::Stats(verb) => verb.run(session),
            Self::Top(args) => args.run(session),
            Self::Token(verb) => verb.run(session),
            Self::Webhook(verb) => verb.run(session),
            Self::Audit(verb) => verb.run(session),
            Self::Context(verb) => verb.run(session),
            Self::Export(args) => args.run(session),
            Self::Apply(args) => args.run(session),
            Self::Doctor(args) => args.run(session),
            Self::Api(args) => args.run(session),
            Self::Completion(args) => args.run(session),
            Self::Man(args) => args.run(session),
            Self::Version(args) => args.run(session),
            Self::Help(args) => args.run(session),
        }
    }
}

/// `1 system`, `2 systems`.
fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
