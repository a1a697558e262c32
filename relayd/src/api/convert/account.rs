//! Accounts, and what signs in for them.

use jiff::Timestamp;
use relay_proto as proto;

use crate::{
    accounts::{self, AccountOverview},
    model, store,
};

pub(in crate::api) fn account(overview: AccountOverview) -> proto::Account {
    let AccountOverview {
        account,
        plan,
        missing,
        new_email,
        queued,
    } = overview;
    let suspension = account.suspension;
    let contact = account.contact;
    proto::Account {
        id: account.id.to_string(),
        name: account.name,
        state: account.state.into(),
        kind: contact.kind.into(),
        company: contact.company,
        vat_id: contact.vat_id,
        first_name: contact.first_name,
        last_name: contact.last_name,
        email: contact.email.to_string(),
        phone: contact.phone,
        street: contact.street,
        postal_code: contact.postal_code,
        city: contact.city,
        country: contact.country,
        verified_at: account.verified_at,
        activated_at: account.activated_at,
        created_at: account.created_at,
        domain_proof: account.domain_proof.into(),
        bounces_to: account.bounces_to.into(),
        new_email: new_email.map(|email| email.to_string()),
        note: account.note,
        suspended_by: suspension.as_ref().map(|it| match it.by {
            model::Authority::Operator => proto::SuspendedBy::Operator,
            model::Authority::Owner => proto::SuspendedBy::Owner,
        }),
        suspended_for: suspension.map_or_else(String::new, |it| it.reason),
        drain_until: account.drain_until,
        closed_at: account.closed_at,
        queued,
        plan,
        sends: missing.is_empty(),
        missing: missing.iter().map(ToString::to_string).collect(),
        version: account.version,
    }
}

pub(in crate::api) fn token(token: store::Token, account: Option<String>) -> proto::Token {
    proto::Token {
        id: token.id.to_string(),
        name: token.name,
        account,
        read_only: token.read_only,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
        created_by: token.created_by,
    }
}

pub(in crate::api) fn session(live: accounts::LiveSession) -> proto::OwnerSession {
    let known = |address: String| Some(address).filter(|address| !address.is_empty());
    let session = live.session;
    proto::OwnerSession {
        id: session.id.to_string(),
        created_at: session.created_at,
        created_from: known(session.created_from),
        used_at: session.used_at,
        used_from: known(session.used_from),
        expires_at: session.expires_at,
        current: live.is_current,
    }
}

pub(in crate::api) fn invitation(it: store::Invitation, now: Timestamp) -> proto::SentInvitation {
    let state = match it.used_at {
        Some(_) => proto::InvitationState::Used,
        None if it.expires_at <= now => proto::InvitationState::Expired,
        None => proto::InvitationState::Open,
    };
    proto::SentInvitation {
        id: it.id.to_string(),
        email: it.email.map(|email| email.to_string()),
        state,
        created_at: it.created_at,
        expires_at: it.expires_at,
        used_at: it.used_at,
    }
}
