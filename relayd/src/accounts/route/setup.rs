//! What an administrator of the tenant runs once so that a route works: PowerShell of Exchange
//! Online, ready to paste. What may be left out, and what cannot be known here, is a comment.

use crate::model::{
    CertificateFacts, Cloud, Grant, OAuth, Route, RouteKind, powershell_escaped,
    powershell_literal as quoted,
};

/// The lines for a route; none where the other side is not Exchange Online.
pub(super) fn lines(
    account: &str,
    route: &Route,
    certificate: Option<&CertificateFacts>,
) -> Vec<String> {
    let name = quoted(&format!("relayd {account}"));
    match (route.kind, &route.oauth) {
        (RouteKind::SmtpAuth, _) if is_exchange(&route.server) => password(route),
        (RouteKind::SmtpOauth, Some(oauth)) => submission(route, oauth, &name),
        (RouteKind::Graph, Some(oauth)) => graph(route, oauth, &name),
        (RouteKind::Connector, _) => connector(&name, certificate),
        _ => Vec::new(),
    }
}

fn is_exchange(server: &str) -> bool {
    let is_known = |cloud: &Cloud| cloud.submission_host() == server;
    Cloud::ALL.iter().any(is_known)
}

fn connect(cloud: Cloud) -> String {
    match cloud {
        Cloud::World | Cloud::Gcc => "Connect-ExchangeOnline".to_owned(),
        Cloud::GccHigh => "Connect-ExchangeOnline -ExchangeEnvironmentName O365USGovGCCHigh".into(),
        Cloud::Dod => "Connect-ExchangeOnline -ExchangeEnvironmentName O365USGovDoD".into(),
        Cloud::China => "Connect-ExchangeOnline -ExchangeEnvironmentName O365China".into(),
    }
}

fn password(route: &Route) -> Vec<String> {
    let mailbox = quoted(&route.mailbox);
    vec![
        "Connect-ExchangeOnline".to_owned(),
        "# The mailbox: $false allows SMTP AUTH, $true forbids it, empty is as the tenant says"
            .into(),
        format!(
            "Get-CASMailbox -Identity {mailbox} | Format-List SmtpClientAuthenticationDisabled"
        ),
        "Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled".to_owned(),
        allow_submission(&mailbox),
    ]
}

fn allow_submission(mailbox: &str) -> String {
    format!("Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false")
}

fn submission(route: &Route, oauth: &OAuth, name: &str) -> Vec<String> {
    let mailbox = quoted(&route.mailbox);
    if matches!(oauth.grant, Grant::DeviceCode) {
        return vec![
            format!(
                "# Microsoft Entra, app registration {}: Authentication, allow public client flows;",
                oauth.client_id
            ),
            "# API permissions, delegated: SMTP.Send and offline_access".to_owned(),
            connect(oauth.cloud),
            "# The mailbox that signs in, and each one that it sends for:".to_owned(),
            allow_submission(&mailbox),
            format!(
                "# Add-RecipientPermission -Identity SENDER -Trustee {mailbox} -AccessRights SendAs"
            ),
        ];
    }
    let mut lines = vec![
        format!(
            "# Microsoft Entra, app registration {}: API permissions, Office 365 Exchange Online,",
            oauth.client_id
        ),
        "# application permission SMTP.SendAsApp, with admin consent".to_owned(),
    ];
    lines.extend(principal(oauth));
    lines.push(format!(
        "Add-MailboxPermission -Identity {mailbox} -User $sp.Id -AccessRights FullAccess"
    ));
    lines.push(allow_submission(&mailbox));
    lines.push("# Each other sender address:".to_owned());
    lines.push(format!(
        "# Add-RecipientPermission -Identity SENDER -Trustee {mailbox} -AccessRights SendAs"
    ));
    lines.push("# Or by RBAC, instead of SMTP.SendAsApp and Add-MailboxPermission:".to_owned());
    let scoped = scoped_role(&mailbox, oauth, name, "Application SMTP.SendAsApp");
    lines.extend(scoped.into_iter().map(|line| format!("# {line}")));
    lines
}

fn graph(route: &Route, oauth: &OAuth, name: &str) -> Vec<String> {
    let mailbox = quoted(&route.mailbox);
    let id = &oauth.client_id;
    if matches!(oauth.grant, Grant::DeviceCode) {
        return vec![
            format!("# Microsoft Entra, app registration {id}: Authentication, allow public client flows;"),
            "# API permissions, Microsoft Graph, delegated: Mail.Send, Mail.ReadWrite and offline_access"
                .to_owned(),
        ];
    }
    let mut lines = vec![
        format!(
            "# Microsoft Entra, app registration {id}: no API permission is needed; Mail.Send there"
        ),
        "# would open every mailbox of the tenant, while this role opens one".to_owned(),
    ];
    lines.extend(principal(oauth));
    lines.extend(scoped_role(&mailbox, oauth, name, "Application Mail.Send"));
    lines.push("# Mail above 3 MB goes by draft and upload:".to_owned());
    lines.push(role(oauth, name, "Application Mail.ReadWrite"));
    lines.push(format!(
        "Test-ServicePrincipalAuthorization -Identity {id} -Resource {mailbox}"
    ));
    lines
}

/// Makes the application known to Exchange Online.
fn principal(oauth: &OAuth) -> Vec<String> {
    let id = &oauth.client_id;
    let environment = match oauth.cloud {
        Cloud::World | Cloud::Gcc => "",
        Cloud::GccHigh => " -Environment USGov",
        Cloud::Dod => " -Environment USGovDoD",
        Cloud::China => " -Environment China",
    };
    vec![
        format!("Connect-MgGraph -Scopes Application.Read.All{environment}"),
        connect(oauth.cloud),
        "# The object id of the enterprise application; that of the app registration is another"
            .into(),
        format!("$sp = Get-MgServicePrincipal -Filter \"appId eq '{id}'\""),
        format!("New-ServicePrincipal -AppId {id} -ObjectId $sp.Id"),
    ]
}

/// A role for one mailbox.
fn scoped_role(mailbox: &str, oauth: &OAuth, name: &str, application_role: &str) -> Vec<String> {
    let filter = format!("PrimarySmtpAddress -eq {mailbox}");
    vec![
        format!(
            "New-ManagementScope -Name {name} -RecipientRestrictionFilter \"{}\"",
            powershell_escaped(&filter)
        ),
        role(oauth, name, application_role),
    ]
}

fn role(oauth: &OAuth, name: &str, application_role: &str) -> String {
    format!(
        "New-ManagementRoleAssignment -Role '{application_role}' -App {} -CustomResourceScope {name}",
        oauth.client_id
    )
}

fn connector(name: &str, certificate: Option<&CertificateFacts>) -> Vec<String> {
    let known_by = match certificate.and_then(CertificateFacts::connector_name) {
        Some(name) => format!("-TlsSenderCertificateName {}", quoted(name)),
        None => "-SenderIPAddresses ADDRESS".to_owned(),
    };
    let comment = if certificate.is_some() {
        "# The name in the certificate, or the sender's domain, has to be an accepted domain"
    } else {
        "# ADDRESS is the public IPv4 address that mail of this relay comes from"
    };
    vec![
        "Connect-ExchangeOnline".to_owned(),
        comment.to_owned(),
        format!(
            "New-InboundConnector -Name {name} -ConnectorType OnPremises -SenderDomains '*' \
             -RequireTls $true {known_by}"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, IdSource, RouteId, Secret};

    fn route(kind: RouteKind, grant: Option<Grant>) -> Route {
        let (ids, now) = (IdSource::new(), jiff::Timestamp::UNIX_EPOCH);
        let (id, account) = (RouteId::new(&ids, now), AccountId::new(&ids, now));
        Route {
            server: Cloud::World.submission_host().to_owned(),
            mailbox: "o'neil@acme.example".to_owned(),
            oauth: grant.map(|grant| OAuth {
                cloud: Cloud::GccHigh,
                tenant: "acme.example".parse().unwrap(),
                client_id: "4b1d7c20-0000-4000-8000-000000000000".to_owned(),
                grant,
                authority: None,
                scope: None,
            }),
            ..Route::new(id, account, kind)
        }
    }

    fn secret() -> Grant {
        Grant::ClientSecret {
            secret: Secret::new("never shown"),
            expires_at: None,
        }
    }

    #[test]
    fn each_kind_has_its_lines() {
        let mailbox = "'o''neil@acme.example'";
        for (kind, grant, expected) in [
            (
                RouteKind::SmtpAuth,
                None,
                vec![format!("Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false")],
            ),
            (
                RouteKind::SmtpOauth,
                Some(secret()),
                vec![
                    "Connect-ExchangeOnline -ExchangeEnvironmentName O365USGovGCCHigh".to_owned(),
                    "New-ServicePrincipal -AppId 4b1d7c20-0000-4000-8000-000000000000 -ObjectId $sp.Id".to_owned(),
                    format!("Add-MailboxPermission -Identity {mailbox} -User $sp.Id -AccessRights FullAccess"),
                    format!("Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false"),
                    format!("# New-ManagementScope -Name 'relayd acme' -RecipientRestrictionFilter \"PrimarySmtpAddress -eq {mailbox}\""),
                ],
            ),
            (
                RouteKind::Graph,
                Some(secret()),
                vec![
                    "New-ManagementRoleAssignment -Role 'Application Mail.Send' -App 4b1d7c20-0000-4000-8000-000000000000 -CustomResourceScope 'relayd acme'".to_owned(),
                ],
            ),
            (
                RouteKind::Connector,
                None,
                vec!["New-InboundConnector -Name 'relayd acme' -ConnectorType OnPremises -SenderDomains '*' -RequireTls $true -SenderIPAddresses ADDRESS".to_owned()],
            ),
        ] {
            let found = lines("acme", &route(kind, grant), None);
            for line in expected {
                assert!(found.contains(&line), "{kind}: {line}\n{found:#?}");
            }
            assert!(!found.join("\n").contains("never shown"));
        }
        assert!(lines("acme", &route(RouteKind::Smarthost, None), None).is_empty());
    }
}
