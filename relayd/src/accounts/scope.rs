//! Whose objects a caller may see. Every list and every search takes a [`Scope`], so that none
//! can forget it.

use super::{Accounts, AdminError, RouteSettings};
use crate::model::{Account, AccountId, Cloud, Reason, RouteKind};

/// Whose objects a caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those of all accounts: the operator.
    All,
    /// Those of one account; others do not exist.
    Only(Box<Account>),
    /// None: nobody signed in.
    Nothing,
}

impl Scope {
    /// Refuses a kind of route that is not for owners: a folder is on the operator's machine.
    pub fn admit_route(&self, kind: RouteKind) -> Result<(), AdminError> {
        match (self, kind) {
            (Self::Only(_) | Self::Nothing, RouteKind::Capture) => Err(AdminError::refused(
                Reason::Forbidden,
                "a route into a folder of the relayd machine is set by the operator",
            )),
            _ => Ok(()),
        }
    }

    /// Refuses settings that are not for owners: by HTTPS relayd asks Microsoft's own hosts, or
    /// those that the operator names, since what it is told there is shown.
    pub fn admit_settings(&self, settings: &RouteSettings) -> Result<(), AdminError> {
        self.admit_route(settings.kind)?;
        let given = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default().trim();
            text.trim_end_matches('/').to_ascii_lowercase()
        };
        let (authority, server) = (given(&settings.authority), given(&settings.server));
        let is_known = |host: fn(Cloud) -> &'static str, text: &str| {
            text.is_empty() || Cloud::ALL.iter().any(|cloud| host(*cloud) == text)
        };
        let is_microsoft = is_known(Cloud::authority, &authority)
            && (settings.kind != RouteKind::Graph || is_known(Cloud::graph_host, &server));
        if matches!(self, Self::All) || is_microsoft {
            return Ok(());
        }
        Err(AdminError::refused(
            Reason::Forbidden,
            "an authority or a Graph server that is not Microsoft's is set by the operator",
        ))
    }

    /// Refuses an account that lies outside, named by name or id, as one that does not exist.
    pub fn admit(&self, key: &str) -> Result<(), AdminError> {
        match self {
            Self::All => Ok(()),
            Self::Only(own) if key == own.name || key == own.id.to_string() => Ok(()),
            Self::Only(_) | Self::Nothing => Err(AdminError::not_found("account", key)),
        }
    }
}

impl Accounts {
    /// The account that a query is limited to: the one it names, or that of the caller.
    pub async fn account_named(
        &self,
        scope: &Scope,
        key: Option<&str>,
    ) -> Result<Option<Account>, AdminError> {
        match (scope, key) {
            (Scope::Only(own), None) => Ok(Some((**own).clone())),
            (Scope::Only(own), Some(key)) => scope.admit(key).map(|()| Some((**own).clone())),
            (Scope::All, Some(key)) => self.find_account(key).await.map(Some),
            (Scope::All, None) => Ok(None),
            (Scope::Nothing, key) => Err(AdminError::not_found("account", key.unwrap_or_default())),
        }
    }

    /// The same as an id, to filter by.
    pub async fn account_filter(
        &self,
        scope: &Scope,
        key: Option<&str>,
    ) -> Result<Option<AccountId>, AdminError> {
        let account = self.account_named(scope, key).await?;
        Ok(account.map(|account| account.id))
    }
}
