//! What relayd has, and what the configuration names.
//!
//! Asks for one page and no more, in a thread of its own, since a name server or a stale mount can
//! block for longer than anybody waits.

use std::time::Duration;

use relay_proto::{
    AccountPath, AccountQuery, ListAccounts, ListBans, ListCredentials, ListDomains,
    ListInvitations, ListOwnerSessions, ListPlans, ListQueue, ListRelayUsers, ListRouteVersions,
    ListSystems, ListTokens, ListWebhooks, LogQuery, Message, Nothing, Page, PageQuery, QueueQuery,
    QueueState, RelayUserPath, RouteHistoryQuery, RouteRole, SearchLog, TokenQuery, WebhookQuery,
};

use super::{Name, name};
use crate::complete::Kind;
use crate::complete::request::Request;
use crate::environment::Environment;
use crate::error::Failure;
use crate::patience::within;
use crate::session::Session;

/// Of the 300 ms that a shell may wait, what is left for relayd on a busy machine.
const BUDGET: Duration = Duration::from_millis(200);

/// So many objects are asked for. More names than that nobody reads; who types the beginning of one
/// finds it among the first thousand.
const PAGE: u32 = 1000;

/// So many messages: their lines are longer, and the latest are those that are looked for.
const MESSAGES: u32 = 200;

type Found = Result<Vec<Name>, Failure>;

/// Those that were found when the time is over.
pub(super) fn in_time(kind: Kind, request: &Request) -> Vec<Name> {
    let (globals, asked) = (request.globals(), Asked::of(request));
    let found = within(BUDGET, move || {
        let session = Session::hurried(Environment::of_process(), globals, BUDGET)?;
        of_relayd(kind, &session, &asked)
    });
    let found = found.and_then(Result::ok).unwrap_or_default();
    // A name that looks like a flag would be taken for one.
    let typed = |name: &Name| !name.value.is_empty() && !name.value.starts_with('-');
    found.into_iter().filter(typed).collect()
}

/// What else the line says, as far as names depend on it.
#[derive(Debug)]
struct Asked {
    /// The relay user whose credentials are meant.
    user: Option<String>,
    /// Which messages a verb is for.
    queued: Option<QueueState>,
    is_operator: bool,
    is_fallback: bool,
    scope: Option<String>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let user = request
            .word_after(&["credential", "remove"])
            .or_else(|| request.word_after(&["rotate-password"]));
        let queued = if request.has("release") {
            Some(QueueState::Held)
        } else if request.has("hold") || request.has("retry") {
            Some(QueueState::Queued)
        } else {
            None
        };
        Self {
            user: user.map(str::to_owned),
            queued,
            is_operator: request.has("--operator"),
            is_fallback: request.has("--fallback"),
            scope: request.value_of("--scope").map(str::to_owned),
        }
    }
}

fn of_relayd(kind: Kind, session: &Session, asked: &Asked) -> Found {
    match kind {
        Kind::Contexts => contexts(session),
        Kind::Accounts => accounts(session),
        Kind::Plans => plans(session),
        Kind::Users => users(session),
        Kind::Systems => systems(session),
        Kind::Webhooks => webhooks(session),
        Kind::Domains => domains(session),
        Kind::Queued => queued(session, asked.queued),
        Kind::Messages => messages(session),
        Kind::Tokens => tokens(session, asked.is_operator),
        Kind::Invitations => invitations(session),
        Kind::Credentials => credentials(session, asked.user.as_deref()),
        Kind::RouteVersions => route_versions(session, asked.is_fallback),
        Kind::Sessions => sessions(session),
        Kind::Limited => match asked.scope.as_deref() {
            Some("user") => users(session),
            Some("system") => systems(session),
            Some("ip") => bans(session),
            _ => accounts(session),
        },
        _ => Ok(Vec::new()),
    }
}

fn contexts(session: &Session) -> Found {
    let (_, config) = session.config()?;
    let contexts = config.context.into_iter();
    Ok(contexts
        .map(|(key, context)| {
            let socket = context.socket.map(|path| path.display().to_string());
            name(key, context.url.or(socket).unwrap_or_default())
        })
        .collect())
}

fn page() -> PageQuery {
    PageQuery {
        limit: Some(PAGE),
        ..PageQuery::default()
    }
}

/// One page of a list, as names.
fn listed<E, T>(session: &Session, path: &E::Path, query: &E::Query, named: fn(T) -> Name) -> Found
where
    E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
{
    let page = session
        .client()?
        .call_with::<E>(path, query, &Nothing {}, None)?;
    Ok(page.value.items.into_iter().map(named).collect())
}

/// The account in question: the one that was named, or the only one there is.
fn account(session: &Session) -> Result<Option<AccountPath>, Failure> {
    if let Some(account) = session.named_account()? {
        return Ok(Some(AccountPath { account }));
    }
    let two = listed::<ListAccounts, _>(
        session,
        &Nothing {},
        &AccountQuery {
            limit: Some(2),
            ..AccountQuery::default()
        },
        |account| name(account.name, ""),
    )?;
    let mut two = two.into_iter();
    Ok(match (two.next(), two.next()) {
        (Some(only), None) => Some(AccountPath {
            account: only.value,
        }),
        _ => None,
    })
}

/// What an account has.
fn of_account(session: &Session, find: impl FnOnce(AccountPath) -> Found) -> Found {
    account(session)?.map_or_else(|| Ok(Vec::new()), find)
}

fn accounts(session: &Session) -> Found {
    let all = AccountQuery {
        limit: Some(PAGE),
        ..AccountQuery::default()
    };
    listed::<ListAccounts, _>(session, &Nothing {}, &all, |account| {
        let person = format!("{} {}", account.first_name, account.last_name);
        let who = if account.company.is_empty() {
            person
        } else {
            account.company
        };
        name(account.name, format!("{}, {}", who.trim(), account.state))
    })
}

fn plans(session: &Session) -> Found {
    let all = page();
    listed::<ListPlans, _>(session, &Nothing {}, &all, |plan| {
        let help = format!("{} messages a day, {}", plan.messages_per_day, plan.state);
        name(plan.name, help)
    })
}

fn users(session: &Session) -> Found {
    of_account(session, |path| {
        listed::<ListRelayUsers, _>(session, &path, &page(), |user| {
            name(user.username, format!("{}, {}", user.sender, user.state))
        })
    })
}

fn systems(session: &Session) -> Found {
    of_account(session, |path| {
        listed::<ListSystems, _>(session, &path, &page(), |system| {
            let help = format!("{} as {}, {}", system.address, system.user, system.state);
            name(system.name, help)
        })
    })
}

fn webhooks(session: &Session) -> Found {
    let query = WebhookQuery {
        account: session.globals.account.clone(),
        limit: Some(PAGE),
        ..WebhookQuery::default()
    };
    listed::<ListWebhooks, _>(session, &Nothing {}, &query, |webhook| {
        name(webhook.name, format!("{}, {}", webhook.url, webhook.state))
    })
}

fn domains(session: &Session) -> Found {
    of_account(session, |path| {
        listed::<ListDomains, _>(session, &path, &page(), |domain| {
            name(domain.name, domain.state.to_string())
        })
    })
}

fn message(message: Message) -> Name {
    let more = match message.recipient_count {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let state = message.state;
    let help = format!("{state}: {} to {}{more}", message.sender, message.recipient);
    name(message.id, help)
}

fn queued(session: &Session, state: Option<QueueState>) -> Found {
    let query = QueueQuery {
        account: session.named_account()?,
        state,
        limit: Some(MESSAGES),
        ..QueueQuery::default()
    };
    listed::<ListQueue, _>(session, &Nothing {}, &query, message)
}

fn messages(session: &Session) -> Found {
    let query = LogQuery {
        account: session.named_account()?,
        limit: Some(MESSAGES),
        ..LogQuery::default()
    };
    listed::<SearchLog, _>(session, &Nothing {}, &query, message)
}

fn tokens(session: &Session, is_operator: bool) -> Found {
    let query = TokenQuery {
        account: if is_operator {
            None
        } else {
            session.named_account()?
        },
        limit: Some(PAGE),
        ..TokenQuery::default()
    };
    listed::<ListTokens, _>(session, &Nothing {}, &query, |token| {
        let may = if token.read_only {
            "may read"
        } else {
            "may do everything"
        };
        name(token.name, may)
    })
}

fn invitations(session: &Session) -> Found {
    let open = relay_proto::InvitationQuery {
        limit: Some(PAGE),
        ..relay_proto::InvitationQuery::default()
    };
    listed::<ListInvitations, _>(session, &Nothing {}, &open, |invitation| {
        name(invitation.id, invitation.email.unwrap_or_default())
    })
}

fn credentials(session: &Session, user: Option<&str>) -> Found {
    let Some(user) = user else {
        return Ok(Vec::new());
    };
    of_account(session, |path| {
        let path = RelayUserPath {
            account: path.account,
            user: user.to_owned(),
        };
        listed::<ListCredentials, _>(session, &path, &Nothing {}, |it| {
            let from = it.last_used_from;
            name(
                it.name,
                from.map_or_else(
                    || "never used".to_owned(),
                    |from| format!("used from {from}"),
                ),
            )
        })
    })
}

fn route_versions(session: &Session, is_fallback: bool) -> Found {
    let query = RouteHistoryQuery {
        role: is_fallback.then_some(RouteRole::Fallback),
        limit: Some(PAGE),
        ..RouteHistoryQuery::default()
    };
    of_account(session, |path| {
        listed::<ListRouteVersions, _>(session, &path, &query, |it| {
            let in_force = if it.in_force { ", in force" } else { "" };
            let help = format!("{} {}{in_force}", it.kind, it.server);
            name(it.version.to_string(), help)
        })
    })
}

fn sessions(session: &Session) -> Found {
    of_account(session, |path| {
        let all = page();
        listed::<ListOwnerSessions, _>(session, &path, &all, |it| {
            let from = it.used_from.unwrap_or_default();
            let current = if it.current { "this one, " } else { "" };
            name(it.id, format!("{current}last used from {from}"))
        })
    })
}

fn bans(session: &Session) -> Found {
    listed::<ListBans, _>(session, &Nothing {}, &page(), |ban| {
        name(ban.address, format!("tried {}", ban.username))
    })
}
