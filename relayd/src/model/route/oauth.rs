//! Access to Exchange Online by OAuth 2.0: which cloud, which tenant, which application, and how it
//! proves who it is.

use std::{fmt, str::FromStr};

use jiff::Timestamp;

use super::ClientCertificate;
use crate::model::{Secret, text_enum};

text_enum! {
    /// The clouds that Microsoft runs Exchange Online in.
    Cloud {
        /// The public one.
        World = "world",
        /// Government Community Cloud; the same hosts as the public one.
        Gcc = "gcc",
        /// Government Community Cloud High.
        GccHigh = "gcc-high",
        /// United States Department of Defense.
        Dod = "dod",
        /// China, run by 21Vianet.
        China = "21vianet",
    }
}

impl Cloud {
    /// Base of the token endpoints.
    pub const fn authority(self) -> &'static str {
        match self {
            Self::World | Self::Gcc => "https://login.microsoftonline.com",
            Self::GccHigh | Self::Dod => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    /// Host of SMTP AUTH client submission.
    pub const fn submission_host(self) -> &'static str {
        match self {
            Self::World | Self::Gcc => "smtp.office365.com",
            Self::GccHigh => "smtp.office365.us",
            Self::Dod => "outlook-dod.office365.us",
            Self::China => "smtp.partner.outlook.cn",
        }
    }

    /// Host of Microsoft Graph.
    pub const fn graph_host(self) -> &'static str {
        match self {
            Self::World | Self::Gcc => "graph.microsoft.com",
            Self::GccHigh => "graph.microsoft.us",
            Self::Dod => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The resource whose `/.default` an application asks for to submit by SMTP.
    pub const fn outlook_resource(self) -> &'static str {
        match self {
            Self::World | Self::Gcc => "https://outlook.office365.com",
            Self::GccHigh | Self::Dod => "https://outlook.office365.us",
            Self::China => "https://partner.outlook.cn",
        }
    }

    /// The resource that a person allows a program to submit by SMTP for: its `SMTP.Send`.
    pub const fn delegated_resource(self) -> &'static str {
        match self {
            Self::World | Self::Gcc => "https://outlook.office.com",
            Self::GccHigh | Self::Dod => "https://outlook.office365.us",
            Self::China => "https://partner.outlook.cn",
        }
    }
}

/// A tenant as Microsoft Entra knows it: its id, or one of its domains. Stands in the path of the
/// token endpoint, so nothing else is let through.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tenant(String);

/// A text that names no tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tenant's id, such as 8a6f1c2e-0000-4000-8000-000000000000, or one of its domains, such as contoso.onmicrosoft.com"
)]
pub struct NoTenant;

impl Tenant {
    /// The id or domain, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = NoTenant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        // `common`, `organizations` and `consumers` are of no use to an application of one tenant.
        let is_domain = text.len() <= 253 && text.contains('.') && text.split('.').all(is_label);
        if is_domain || is_guid(text) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(NoTenant)
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is a GUID in its usual form, 8-4-4-4-12 hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// How an application proves who it is, or who allowed it to act.
#[derive(Debug, Clone)]
pub enum Grant {
    /// Client credentials by a client secret.
    ClientSecret {
        /// The secret.
        secret: Secret,
        /// When it ends, as the person who set it said.
        expires_at: Option<Timestamp>,
    },
    /// Client credentials by an assertion signed with the key of a certificate.
    Certificate(ClientCertificate),
    /// A person signed in by device code; the refresh token rotates, so it is kept beside the route.
    DeviceCode,
}

impl Grant {
    /// The stable text form.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ClientSecret { .. } => "client-secret",
            Self::Certificate(_) => "certificate",
            Self::DeviceCode => "device-code",
        }
    }

    /// When its client secret ends, if it has one and somebody said so.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::ClientSecret { expires_at, .. } => *expires_at,
            Self::Certificate(_) | Self::DeviceCode => None,
        }
    }
}

/// Access by OAuth 2.0.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// Where Microsoft runs the tenant.
    pub cloud: Cloud,
    /// The tenant.
    pub tenant: Tenant,
    /// The application (client) id, a GUID.
    pub client_id: String,
    /// How it proves who it is.
    pub grant: Grant,
    /// Base of the token endpoints instead of the cloud's, without a slash at its end.
    pub authority: Option<String>,
    /// Scope to ask for instead of the one that the kind of route needs.
    pub scope: Option<String>,
}

impl OAuth {
    /// Base of the token endpoints, without a slash at its end.
    pub fn authority(&self) -> &str {
        self.authority
            .as_deref()
            .unwrap_or_else(|| self.cloud.authority())
    }

    /// Whether what a person allowed by device code for the one is for the other, too: it is shown
    /// to nobody but the endpoint that gave it.
    pub fn shares_sign_in(&self, other: &Self) -> bool {
        matches!(
            (&self.grant, &other.grant),
            (Grant::DeviceCode, Grant::DeviceCode)
        ) && self.authority() == other.authority()
            && self.tenant == other.tenant
            && self.client_id == other.client_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_are_ids_or_domains() {
        for (text, expected) in [
            ("8A6F1C2E-0000-4000-8000-00000000000F", true),
            ("contoso.onmicrosoft.com", true),
            ("Contoso.example ", true),
            ("", false),
            ("common", false),
            ("organizations", false),
            ("contoso.example/../other", false),
            ("contoso.example?x=y", false),
            ("contoso..example", false),
            ("-contoso.example", false),
            ("8a6f1c2e-0000-4000-8000", false),
            ("8a6f1c2e-0000-4000-8000-00000000000g", false),
        ] {
            assert_eq!(text.parse::<Tenant>().is_ok(), expected, "{text}");
        }
        assert_eq!(
            "Contoso.Example".parse::<Tenant>().map(|it| it.to_string()),
            Ok("contoso.example".to_owned())
        );
    }
}
