//! Values of the product as they stand on the wire.

mod account;
mod domain;
mod lane;
mod mail;
mod plan;
mod service;
mod system;
mod webhook;
mod words;

pub(super) use self::{
    account::{account, invitation, session, token},
    domain::{domain, domain_check, domain_hint},
    lane::{hold, lane},
    mail::{log_event, message, reject, trace},
    plan::{limit_set, limit_settings, limits, plan, subscription, subscription_period},
    service::{finding, reason},
    system::{credential, relay_user, system, system_test},
    webhook::{delivery, webhook},
};
