//! The configuration of an account as a whole.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert,
    failure::Failure,
    route_view,
    routes::{settings, steps},
};
use crate::{
    accounts::{
        AccountChange, Configuration, Difference, Leftover, NewRelayUser, NewSystem, Reconfigured,
        Wanted, WantedSystem, WantedUser,
    },
    model::{
        Account, OtherSender, Override, Priority, Route, Secret, SystemAuth, SystemState, UserState,
    },
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add_versioned::<proto::ShowConfiguration, _, _>(
            |reply| reply.version.unwrap_or_default(),
            show,
        )
        .add_versioned::<proto::ApplyConfiguration, _, _>(|reply| reply.version, apply)
}

async fn show(
    api: Api,
    call: Call<proto::ShowConfiguration>,
) -> Result<proto::Configuration, Failure> {
    let found = api.accounts.configuration(&call.path.account).await?;
    Ok(shown(found))
}

async fn apply(
    api: Api,
    call: Call<proto::ApplyConfiguration>,
) -> Result<proto::ConfigurationResult, Failure> {
    let mut wanted = wanted(call.body);
    let may_change = call.caller.may_change::<proto::ApplyConfiguration>();
    wanted.hides_secrets = may_change.is_err();
    let caller = (&call.scope, call.authority);
    let done = api
        .accounts
        .configure(caller, &call.path.account, &wanted, call.if_match)
        .await?;
    Ok(told(done))
}

fn shown(it: Configuration) -> proto::Configuration {
    let (limits, limits_set_by) = limits_of(it.limits.as_ref());
    proto::Configuration {
        account: shown_account(it.account),
        plan: it.plan,
        route: it.route.map(shown_route),
        fallback: it.fallback.map(shown_route),
        limits,
        limits_set_by,
        domains: it
            .domains
            .into_iter()
            .map(|domain| proto::ConfiguredDomain {
                name: domain.name.to_string(),
                state: Some(domain.state.into()),
            })
            .collect(),
        users: it
            .users
            .into_iter()
            .map(|(user, set)| {
                let (limits, limits_set_by) = limits_of(set.as_ref());
                let mut allowed: Vec<_> = user
                    .allowed_senders
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                allowed.sort_unstable();
                proto::ConfiguredUser {
                    username: user.username,
                    sender: user.sender.to_string(),
                    allowed_senders: allowed,
                    other_sender: Some(user.other_sender.into()),
                    state: Some(user.state.into()),
                    limits,
                    limits_set_by,
                    password: None,
                }
            })
            .collect(),
        systems: it
            .systems
            .into_iter()
            .map(|(system, user, set)| {
                let (limits, limits_set_by) = limits_of(set.as_ref());
                proto::ConfiguredSystem {
                    name: system.name,
                    address: system.network.to_string(),
                    user,
                    auth: Some(system.auth.into()),
                    priority: Some(system.priority.into()),
                    state: Some(system.state.into()),
                    limits,
                    limits_set_by,
                }
            })
            .collect(),
        version: Some(it.version),
    }
}

/// A text that says something.
fn text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn shown_account(account: Account) -> proto::ConfiguredAccount {
    let contact = account.contact;
    proto::ConfiguredAccount {
        name: Some(account.name),
        kind: Some(contact.kind.into()),
        company: text(contact.company),
        vat_id: text(contact.vat_id),
        first_name: text(contact.first_name),
        last_name: text(contact.last_name),
        email: Some(contact.email.to_string()),
        phone: text(contact.phone),
        street: text(contact.street),
        postal_code: text(contact.postal_code),
        city: text(contact.city),
        country: text(contact.country),
        bounces_to: Some(account.bounces_to.into()),
        domain_proof: Some(account.domain_proof.into()),
    }
}

/// The settings that would make the route, but for its secrets.
fn shown_route(route: Route) -> proto::RouteSettings {
    let has_server = !route.server.is_empty() || route.mx_of.is_some();
    let mut settings = proto::RouteSettings {
        server: text(route.server),
        mx_of: route.mx_of.map(|domain| domain.to_string()),
        port: has_server.then_some(route.port),
        security: has_server.then(|| route.security.into()),
        mailbox: text(route.mailbox),
        ca_pem: route.ca_pem,
        folder: route
            .folder
            .map(|folder| folder.to_string_lossy().into_owned()),
        connections: Some(route.pace.connections),
        per_minute: Some(route.pace.per_minute.unwrap_or(0)),
        recipients_per_day: Some(route.pace.recipients_per_day.unwrap_or(0)),
        recipients_per_mail: Some(route.handling.recipients),
        keep_open: Some(route.handling.keep_open.as_secs()),
        unknown_outcome: Some(route.handling.unknown_outcome.into()),
        ..proto::RouteSettings::new(route.kind.into())
    };
    if let Some(oauth) = route.oauth {
        settings.cloud = Some(oauth.cloud.into());
        settings.tenant = Some(oauth.tenant.to_string());
        settings.client_id = Some(oauth.client_id);
        settings.grant = Some(route_view::grant(&oauth.grant));
        settings.client_secret_expires_at = oauth.grant.expires_at();
        settings.authority = oauth.authority;
        settings.scope = oauth.scope;
    }
    settings
}

fn limits_of(
    set: Option<&Override>,
) -> (Option<proto::LimitSettings>, Option<proto::LimitAuthority>) {
    let Some(set) = set else {
        return (None, None);
    };
    let limits = convert::limit_settings(set.limits);
    (Some(limits), Some(set.set_by.into()))
}

fn wanted(body: proto::WantedConfiguration) -> Wanted {
    let proto::WantedConfiguration {
        configuration: it,
        prune,
        dry_run,
    } = body;
    let account = it.account;
    Wanted {
        name: account.name,
        kind: account.kind.map(Into::into),
        account: AccountChange {
            company: account.company,
            vat_id: account.vat_id,
            first_name: account.first_name,
            last_name: account.last_name,
            email: account.email,
            phone: account.phone,
            street: account.street,
            postal_code: account.postal_code,
            city: account.city,
            country: account.country,
            domain_proof: account.domain_proof.map(Into::into),
            bounces_to: account.bounces_to.map(Into::into),
            current_password: None,
        },
        plan: it.plan,
        route: it.route.map(settings),
        fallback: it.fallback.map(settings),
        limits: it.limits.map(convert::limit_set),
        domains: it.domains.into_iter().map(|domain| domain.name).collect(),
        users: it.users.into_iter().map(wanted_user).collect(),
        systems: it.systems.into_iter().map(wanted_system).collect(),
        prune,
        dry_run,
        hides_secrets: false,
    }
}

fn wanted_user(user: proto::ConfiguredUser) -> WantedUser {
    WantedUser {
        user: NewRelayUser {
            username: Some(user.username),
            password: user.password.map(Secret::new),
            sender: user.sender,
            allowed_senders: user.allowed_senders,
            other_sender: user.other_sender.map_or(OtherSender::Reject, Into::into),
        },
        state: user.state.map_or(UserState::Active, Into::into),
        limits: user.limits.map(convert::limit_set),
    }
}

fn wanted_system(system: proto::ConfiguredSystem) -> WantedSystem {
    WantedSystem {
        system: NewSystem {
            name: system.name,
            address: system.address,
            user: system.user,
            auth: system.auth.map_or(SystemAuth::Password, Into::into),
            priority: system.priority.map_or(Priority::Normal, Into::into),
        },
        state: system.state.map_or(SystemState::Active, Into::into),
        limits: system.limits.map(convert::limit_set),
    }
}

fn told(done: Reconfigured) -> proto::ConfigurationResult {
    proto::ConfigurationResult {
        applied: done.applied,
        changes: done.differences.into_iter().map(told_change).collect(),
        left: done
            .left
            .into_iter()
            .map(|Leftover { part, name }| proto::ConfigurationLeftover {
                part: part.into(),
                name,
            })
            .collect(),
        steps: steps(done.steps, None),
        queued: done.queued,
        version: done.version,
    }
}

fn told_change(it: Difference) -> proto::ConfigurationChange {
    proto::ConfigurationChange {
        action: it.action.into(),
        part: it.part.into(),
        name: it.name,
        values: it
            .values
            .into_iter()
            .map(|value| proto::ConfigurationValue {
                name: value.name.to_owned(),
                before: value.before,
                after: value.after,
            })
            .collect(),
    }
}
