//! The servers of a tenant behind a connector: the MX of one of its domains, if they are Microsoft's.

use std::net::IpAddr;

use async_trait::async_trait;

use super::{Advice, Setback, Verdict};
use crate::model::{DomainName, Reason};

/// Where Microsoft's mail exchangers are named. DNS is not to be trusted with more: whoever forges
/// an answer names a host of theirs, and gets no certificate for one of these.
const MICROSOFT: &[&str] = &[
    ".mail.protection.outlook.com",
    ".mx.microsoft",
    ".mail.protection.office365.us",
    ".mail.protection.partner.outlook.cn",
];

/// A server that takes mail for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanger {
    /// Lower is tried first (RFC 5321 §5.1).
    pub preference: u16,
    /// Its name, without a dot at the end.
    pub host: String,
    /// Where it is.
    pub addresses: Vec<IpAddr>,
}

/// Knows who takes mail for a domain.
#[async_trait]
pub trait MailExchangers: Send + Sync + std::fmt::Debug {
    /// The MX records of a domain, none where DNS says that there are none. The error is why nobody
    /// could tell.
    async fn of(&self, domain: &DomainName) -> Result<Vec<Exchanger>, String>;
}

/// Asks nobody.
#[derive(Debug, Clone, Copy)]
pub struct NoExchangers;

#[async_trait]
impl MailExchangers for NoExchangers {
    async fn of(&self, _domain: &DomainName) -> Result<Vec<Exchanger>, String> {
        Err("DNS is not asked here".to_owned())
    }
}

/// The servers to try for a domain, best first. Only Microsoft's are taken.
pub(super) async fn look_up(
    exchangers: &dyn MailExchangers,
    domain: &DomainName,
) -> Result<Vec<Exchanger>, Setback> {
    let found = exchangers.of(domain).await.map_err(|why| {
        let detail = format!("the MX of {domain} cannot be looked up: {why}");
        Setback::new(Verdict::Retry, Reason::RouteUnreachable, detail)
    })?;
    if found.is_empty() {
        return Err(none(format!("{domain} has no MX")));
    }
    let names: Vec<_> = found.iter().map(|it| it.host.clone()).collect();
    let mut trusted: Vec<_> = found
        .into_iter()
        .filter(|it| is_microsoft(&it.host))
        .collect();
    if trusted.is_empty() {
        return Err(none(format!(
            "the MX of {domain} is {}, which is not Microsoft's",
            names.join(", ")
        )));
    }
    trusted.sort_by_key(|it| it.preference);
    Ok(trusted)
}

fn is_microsoft(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    is_name && MICROSOFT.iter().any(|parent| host.ends_with(parent))
}

fn none(detail: String) -> Setback {
    Setback {
        advice: Some(Box::new(Advice {
            cause: "The domain's MX does not lead to Exchange Online, as where a mail filter stands before it."
                .to_owned(),
            remedy: "Name the server of the tenant, such as contoso-com.mail.protection.outlook.com \
                     (Microsoft 365 admin center, Settings, Domains, the domain, DNS records): \
                     relayctl route set --server"
                .to_owned(),
        })),
        ..Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed(Vec<(u16, &'static str)>);

    #[async_trait]
    impl MailExchangers for Fixed {
        async fn of(&self, _domain: &DomainName) -> Result<Vec<Exchanger>, String> {
            let made = self.0.iter().map(|(preference, host)| Exchanger {
                preference: *preference,
                host: (*host).to_owned(),
                addresses: Vec::new(),
            });
            Ok(made.collect())
        }
    }

    #[tokio::test]
    async fn only_microsofts_are_taken_the_best_first() {
        let domain = "acme.example".parse().unwrap();
        let known = Fixed(vec![
            (20, "b.mail.protection.outlook.com"),
            (5, "mx.filter.example"),
            (10, "acme-example.A-v1.mx.microsoft"),
        ]);
        let found = look_up(&known, &domain).await;
        let hosts: Vec<_> = found.unwrap().into_iter().map(|it| it.host).collect();
        assert_eq!(
            hosts,
            [
                "acme-example.A-v1.mx.microsoft",
                "b.mail.protection.outlook.com"
            ]
        );
        for wrong in [
            "mail.protection.outlook.com.evil.example",
            "evilmail.protection.outlook.com",
            "mail.protection.outlook.com",
            "mx.microsoft",
            "a b.mx.microsoft",
        ] {
            let setback = look_up(&Fixed(vec![(1, wrong)]), &domain)
                .await
                .unwrap_err();
            assert_eq!(setback.verdict, Verdict::HoldCredentials, "{wrong}");
            assert!(setback.detail.contains(wrong), "{setback}");
            assert!(setback.advice.unwrap().remedy.contains("--server"));
        }
        let none = look_up(&Fixed(vec![]), &domain).await.unwrap_err();
        assert_eq!(none.reason, Reason::RouteMisconfigured);
        let failed = look_up(&NoExchangers, &domain).await.unwrap_err();
        assert_eq!(failed.verdict, Verdict::Retry);
    }
}
