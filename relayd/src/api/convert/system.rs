//! Relay users with their passwords, and systems.

use relay_proto as proto;

use crate::{
    accounts::{SystemOverview, SystemTest},
    model,
};

pub(in crate::api) fn relay_user(user: model::RelayUser, account: &str) -> proto::RelayUser {
    proto::RelayUser {
        id: user.id.to_string(),
        account: account.to_owned(),
        username: user.username,
        sender: user.sender.to_string(),
        allowed_senders: user
            .allowed_senders
            .iter()
            .map(ToString::to_string)
            .collect(),
        other_sender: user.other_sender.into(),
        state: user.state.into(),
        created_at: user.created_at,
        version: user.version,
    }
}

pub(in crate::api) fn credential(credential: model::Credential) -> proto::Credential {
    let last_use = credential.last_use;
    proto::Credential {
        id: credential.id.to_string(),
        name: credential.name,
        created_at: credential.created_at,
        last_used_at: last_use.as_ref().map(|last| last.at),
        last_used_from: last_use.as_ref().map(|last| last.client.to_string()),
        last_used_system: last_use.and_then(|last| last.system),
    }
}

pub(in crate::api) fn system(overview: SystemOverview, account: &str) -> proto::System {
    let SystemOverview { system, user } = overview;
    proto::System {
        id: system.id.to_string(),
        account: account.to_owned(),
        name: system.name,
        address: system.network.to_string(),
        user,
        auth: system.auth.into(),
        state: system.state.into(),
        priority: system.priority.into(),
        last_seen_at: system.last_seen_at,
        created_at: system.created_at,
        version: system.version,
    }
}

pub(in crate::api) fn system_test(test: SystemTest) -> proto::SystemTest {
    proto::SystemTest {
        ok: test.is_ok(),
        accepted: test.takes_mail(),
        steps: test
            .steps
            .into_iter()
            .map(|step| proto::CheckStep {
                name: step.name.to_owned(),
                ok: step.reason.is_none(),
                warning: false,
                detail: step.detail,
                ms: 0,
                reason: step.reason.map(|reason| reason.to_string()),
                remedy: step.reason.is_some().then_some(step.remedy),
            })
            .collect(),
    }
}
