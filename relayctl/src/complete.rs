//! Names for the shell to complete: those of contexts, plans, accounts, relay users, systems and
//! domains.
//!
//! A completer has 300 ms, never asks, and says nothing when it fails.

use std::sync::mpsc;
use std::time::Duration;

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use relay_proto::{
    AccountPath, ListDomains, ListPlans, ListRelayUsers, ListSystems, ListWebhooks, Nothing,
    PageQuery, WebhookQuery,
};

use crate::client::Part;
use crate::environment::Environment;
use crate::error::Failure;
use crate::session::Session;

const BUDGET: Duration = Duration::from_millis(300);

type Names = fn(&Session) -> Result<Vec<String>, Failure>;

/// Names of contexts.
pub(crate) fn contexts() -> ArgValueCandidates {
    completer(|session| Ok(session.config()?.1.context.into_keys().collect()))
}

/// Names of accounts.
pub(crate) fn accounts() -> ArgValueCandidates {
    completer(|session| {
        Ok(session
            .accounts()?
            .into_iter()
            .map(|account| account.name)
            .collect())
    })
}

/// Names of plans.
pub(crate) fn plans() -> ArgValueCandidates {
    completer(|session| {
        let plans = session.client()?.list::<ListPlans, _>(
            &Nothing {},
            &PageQuery::default(),
            &Part::default(),
        )?;
        Ok(plans.items.into_iter().map(|plan| plan.name).collect())
    })
}

/// Names of relay users of the account in question.
pub(crate) fn users() -> ArgValueCandidates {
    completer(|session| {
        let path = AccountPath {
            account: session.account()?,
        };
        let users = session.client()?.list::<ListRelayUsers, _>(
            &path,
            &PageQuery::default(),
            &Part::default(),
        )?;
        Ok(users.items.into_iter().map(|user| user.username).collect())
    })
}

/// Names of systems of the account in question.
pub(crate) fn systems() -> ArgValueCandidates {
    completer(|session| {
        let path = AccountPath {
            account: session.account()?,
        };
        let systems = session.client()?.list::<ListSystems, _>(
            &path,
            &PageQuery::default(),
            &Part::default(),
        )?;
        Ok(systems
            .items
            .into_iter()
            .map(|system| system.name)
            .collect())
    })
}

/// Names of webhooks: of the operator, or of the account that was named.
pub(crate) fn webhooks() -> ArgValueCandidates {
    completer(|session| {
        let query = WebhookQuery {
            account: session.globals.account.clone(),
            ..WebhookQuery::default()
        };
        let webhooks =
            session
                .client()?
                .list::<ListWebhooks, _>(&Nothing {}, &query, &Part::default())?;
        Ok(webhooks.items.into_iter().map(|it| it.name).collect())
    })
}

/// Names of sender domains of the account in question.
pub(crate) fn domains() -> ArgValueCandidates {
    completer(|session| {
        let path = AccountPath {
            account: session.account()?,
        };
        let domains = session.client()?.list::<ListDomains, _>(
            &path,
            &PageQuery::default(),
            &Part::default(),
        )?;
        Ok(domains.items.into_iter().map(|it| it.name).collect())
    })
}

fn completer(names: Names) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let (sender, receiver) = mpsc::channel();
        // A thread of its own, because a name server or a stale mount can block for longer.
        std::thread::spawn(move || {
            let found = Session::hurried(Environment::of_process(), BUDGET)
                .and_then(|session| names(&session));
            let _ = sender.send(found.unwrap_or_default());
        });
        let found = receiver.recv_timeout(BUDGET).unwrap_or_default();
        found.into_iter().map(CompletionCandidate::new).collect()
    })
}
