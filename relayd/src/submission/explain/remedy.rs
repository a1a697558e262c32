//! What mends a refusal, with the names filled in.

use crate::{
    accounts::MailQuestion,
    model::{Reason, Refusal},
    store::Login,
};

/// The remedy of the reason, as a command to give where one is known.
pub(super) fn of(refusal: &Refusal, question: &MailQuestion, login: Option<&Login>) -> String {
    let account = format!("--account {}", question.account_name);
    let (client, standing) = (question.client.to_canonical(), login.map(|it| &it.standing));
    let named = question.username.as_deref();
    let user = standing.map_or(named.unwrap_or("USER"), |it| &it.user.username);
    let own = standing.map_or("", |it| it.user.sender.as_str());
    match refusal.reason {
        Reason::AddressBanned => format!(
            "correct the password in the device, then relayctl limits reset --scope ip {client}"
        ),
        Reason::UserSuspended => format!("relayctl user resume {user} {account}"),
        Reason::CredentialsRejected => {
            format!("relayctl user credential add {user} default --generate {account}")
        }
        Reason::AddressNotRegistered => {
            format!("relayctl system add NAME --address {client} --user {user} {account}")
        }
        // The detail is the name of the system.
        Reason::SystemSuspended => {
            format!(
                "relayctl system edit {} --state active {account}",
                refusal.detail
            )
        }
        Reason::NoSubscription => format!("relayctl subscription start --plan NAME {account}"),
        Reason::RouteNotReady => match standing.and_then(|it| it.route) {
            None => format!("relayctl route set {account}"),
            Some(_) => format!("relayctl route check {account}"),
        },
        Reason::AccountNotActive => format!(
            "relayctl account show {0} says what is missing; a suspended account goes on by \
             relayctl account resume {0}",
            question.account_name
        ),
        Reason::SenderNotAllowed => format!(
            "send as {own}, or relayctl user edit {user} --allow-sender {} {account}",
            question.sender
        ),
        Reason::FromNotAllowed => format!(
            "send with From {own}, or relayctl user edit {user} --allow-sender ADDRESS {account}"
        ),
        // The detail is the address.
        Reason::DomainNotVerified => {
            let domain = refusal.detail.rsplit('@').next().unwrap_or("DOMAIN");
            format!(
                "relayctl domain add {domain} {account} shows the TXT record to publish; then \
                 relayctl domain verify {domain} {account}"
            )
        }
        Reason::AuthRequired if question.username.is_none() => format!(
            "set user name and password in the device, or relayctl system add NAME --address \
             {client} --auth address --user USER {account}"
        ),
        reason => reason.remedy().to_owned(),
    }
}
