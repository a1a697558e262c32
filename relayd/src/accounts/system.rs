//! Systems: registered devices.

use super::{Accounts, AdminError, Listing, account::refuse_ended, field::Fields};
use crate::{
    model::{
        Account, AccountId, Authority, Network, Priority, Reason, RelayUser, RouteRole, System,
        SystemAuth, SystemId, SystemState,
    },
    store::{StoreError, WriteSystemError},
};

/// Fewest leading bits of a registered network: wider ones are half the internet.
const SHORTEST_IPV4_PREFIX: u8 = 8;
const SHORTEST_IPV6_PREFIX: u8 = 32;
/// The same where the address is all the proof there is, unless the operator takes it upon itself.
const SHORTEST_IPV4_PREFIX_ALONE: u8 = 24;
const SHORTEST_IPV6_PREFIX_ALONE: u8 = 64;

/// A new system as it was asked for.
#[derive(Debug, Clone)]
pub struct NewSystem {
    /// Name.
    pub name: String,
    /// IP address or network.
    pub address: String,
    /// Name or id of its relay user.
    pub user: String,
    /// How it proves who it is.
    pub auth: SystemAuth,
    /// Whether its mail goes first.
    pub priority: Priority,
}

/// Changes of a system; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct SystemChange {
    /// IP address or network.
    pub address: Option<String>,
    /// Name or id of its relay user.
    pub user: Option<String>,
    /// How it proves who it is.
    pub auth: Option<SystemAuth>,
    /// Whether it may send.
    pub state: Option<SystemState>,
    /// Whether its mail goes first.
    pub priority: Option<Priority>,
}

/// A system and the name of its relay user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemOverview {
    /// The system.
    pub system: System,
    /// User name.
    pub user: String,
}

impl Accounts {
    /// Registers a system.
    pub async fn add_system(
        &self,
        account: &Account,
        new: NewSystem,
        authority: Authority,
    ) -> Result<SystemOverview, AdminError> {
        refuse_ended(account)?;
        let mut fields = Fields::default();
        fields.name("name", &new.name, ".-_", 64);
        let network = self.claimed(&mut fields, &new.address, new.auth, authority)?;
        let user = self.user_field(&mut fields, account, &new.user).await?;
        let (network, user) = fields.finish(network.zip(user))?;
        let now = self.clock.now();
        let system = System {
            id: SystemId::new(&self.ids, now),
            account_id: account.id,
            name: new.name,
            network,
            user_id: user.id,
            auth: new.auth,
            state: SystemState::Active,
            priority: new.priority,
            last_seen_at: None,
            created_at: now,
            version: 1,
        };
        self.store
            .insert_system(&system)
            .await
            .map_err(|error| match error {
                WriteSystemError::Store(error) => AdminError::on_insert(error, &system.name),
                overlap @ WriteSystemError::Overlap { .. } => refuse_overlap(&overlap, authority),
            })?;
        if system.priority == Priority::High {
            self.wake_lanes(account.id).await?;
        }
        tracing::info!(account = %account.name, system = %system.name, network = %system.network, auth = %system.auth, "system added");
        Ok(SystemOverview {
            system,
            user: user.username,
        })
    }

    /// The system of an account that `key` names, by id or name.
    pub async fn find_system(
        &self,
        account: &Account,
        key: &str,
    ) -> Result<SystemOverview, AdminError> {
        let by_id = match key.parse() {
            Ok(id) => self.store.system(id).await?,
            Err(_) => None,
        };
        let found = match by_id.filter(|system| system.account_id == account.id) {
            None => self.store.system_by_name(account.id, key).await?,
            found => found,
        };
        let system = found.ok_or_else(|| AdminError::not_found("system", key))?;
        self.with_user_name(system).await
    }

    /// The systems of an account whose names stand behind `after`, by name.
    pub async fn list_systems(
        &self,
        account: &Account,
        after: &str,
        limit: u32,
    ) -> Result<Listing<SystemOverview>, AdminError> {
        let systems = self.store.systems(account.id, after, limit + 1).await?;
        let listing = Listing::cut(systems, limit, |system| system.name.clone());
        let mut items = Vec::with_capacity(listing.items.len());
        for system in listing.items {
            items.push(self.with_user_name(system).await?);
        }
        Ok(Listing {
            items,
            next: listing.next,
        })
    }

    /// Changes a system. With `if_match` it must still have that version.
    pub async fn edit_system(
        &self,
        account: &Account,
        key: &str,
        change: SystemChange,
        authority: Authority,
        if_match: Option<i64>,
    ) -> Result<SystemOverview, AdminError> {
        refuse_ended(account)?;
        let SystemOverview {
            system: before,
            user,
        } = self.find_system(account, key).await?;
        if if_match.is_some_and(|version| version != before.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let mut username = user;
        let mut fields = Fields::default();
        let mut system = self.reworked(&mut fields, &before, &change, authority)?;
        if let Some(user) = &change.user
            && let Some(user) = self.user_field(&mut fields, account, user).await?
        {
            system.user_id = user.id;
            username = user.username;
        }
        fields.check()?;
        self.store
            .update_system(&system)
            .await
            .map_err(|error| match error {
                WriteSystemError::Store(error) => AdminError::on_update(error),
                overlap @ WriteSystemError::Overlap { .. } => refuse_overlap(&overlap, authority),
            })?;
        system.version += 1;
        if system.priority != before.priority {
            self.wake_lanes(account.id).await?;
        }
        tracing::info!(account = %account.name, system = %system.name, state = %system.state, "system changed");
        Ok(SystemOverview {
            system,
            user: username,
        })
    }

    /// Removes a system.
    pub async fn remove_system(&self, account: &Account, key: &str) -> Result<(), AdminError> {
        let SystemOverview { system, .. } = self.find_system(account, key).await?;
        self.store
            .delete_system(system.id)
            .await
            .map_err(|error| match error {
                StoreError::NotFound => AdminError::not_found("system", key),
                error => AdminError::Store(error),
            })?;
        tracing::info!(account = %account.name, system = %system.name, "system removed");
        Ok(())
    }

    /// Lets the lanes of an account look at what was changed: whose mail goes first, or another route.
    pub(super) async fn wake_lanes(&self, account: AccountId) -> Result<(), AdminError> {
        for role in RouteRole::ALL {
            if let Some(route) = self.store.route_in(account, *role).await? {
                self.queue.wake(route.id);
            }
        }
        Ok(())
    }

    async fn with_user_name(&self, system: System) -> Result<SystemOverview, AdminError> {
        let user = self.store.relay_user(system.user_id).await?;
        Ok(SystemOverview {
            system,
            user: user.map_or_else(String::new, |user| user.username),
        })
    }

    async fn user_field(
        &self,
        fields: &mut Fields,
        account: &Account,
        key: &str,
    ) -> Result<Option<RelayUser>, AdminError> {
        match self.find_relay_user(account, key.trim()).await {
            Ok(user) => Ok(Some(user)),
            Err(AdminError::NotFound { .. }) => {
                fields.refuse("user", "the account has no such relay user");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The network that a new system claims, as far as `authority` may.
    pub(super) fn claimed(
        &self,
        fields: &mut Fields,
        address: &str,
        auth: SystemAuth,
        authority: Authority,
    ) -> Result<Option<Network>, AdminError> {
        let network = self.network(fields, address);
        if auth == SystemAuth::Address && authority == Authority::Owner {
            self.check_alone(fields, network)?;
        }
        Ok(network)
    }

    /// A system with all of a change but its relay user, as far as `authority` may.
    pub(super) fn reworked(
        &self,
        fields: &mut Fields,
        before: &System,
        change: &SystemChange,
        authority: Authority,
    ) -> Result<System, AdminError> {
        let mut system = before.clone();
        if let Some(address) = &change.address
            && let Some(network) = self.network(fields, address)
        {
            system.network = network;
        }
        system.auth = change.auth.unwrap_or(system.auth);
        let is_other = (before.network, before.auth) != (system.network, system.auth);
        let is_claim = system.auth == SystemAuth::Address && is_other;
        if is_claim && authority == Authority::Owner {
            self.check_alone(fields, Some(system.network))?;
        }
        system.state = change.state.unwrap_or(system.state);
        system.priority = change.priority.unwrap_or(system.priority);
        Ok(system)
    }

    fn network(&self, fields: &mut Fields, text: &str) -> Option<Network> {
        let network: Network = fields.parse("address", text)?;
        match self.objection(network) {
            Some(objection) => {
                fields.refuse("address", objection);
                None
            }
            None => Some(network),
        }
    }

    /// Refuses a claim of an owner to a network where the address is all the proof there is:
    /// nothing shows that it is the owner's. The operator knows, or names networks where that is
    /// well enough.
    fn check_alone(&self, fields: &mut Fields, network: Option<Network>) -> Result<(), AdminError> {
        let Some(network) = network else {
            return Ok(());
        };
        let allowed = &self.settings.address_auth_networks;
        if !allowed.iter().any(|allowed| allowed.covers(&network)) {
            return Err(AdminError::refused(
                Reason::Forbidden,
                "without a password the operator registers a system; or use --auth password",
            ));
        }
        let shortest = if network.address().is_ipv4() {
            SHORTEST_IPV4_PREFIX_ALONE
        } else {
            SHORTEST_IPV6_PREFIX_ALONE
        };
        if network.prefix_len() < shortest {
            let why = format!(
                "without a password at most a /{shortest} may send; the operator can register a \
                 wider network"
            );
            fields.refuse("address", why);
        }
        Ok(())
    }

    /// What speaks against a network, if anything.
    fn objection(&self, network: Network) -> Option<&'static str> {
        use std::net::IpAddr;
        let address = network.address();
        let (shortest, is_private) = match address {
            IpAddr::V4(v4) => (SHORTEST_IPV4_PREFIX, v4.is_private() || v4.is_link_local()),
            IpAddr::V6(v6) => (
                SHORTEST_IPV6_PREFIX,
                v6.is_unique_local() || v6.is_unicast_link_local(),
            ),
        };
        // fc00::/7 is one network that somebody may well own as a whole.
        if network.prefix_len() < shortest && !(is_private && network.prefix_len() >= 7) {
            return Some("the network is too wide: at least /8 for IPv4, /32 for IPv6");
        }
        if address.is_unspecified() || address.is_multicast() {
            return Some("no device connects from there");
        }
        if address.is_loopback() && !self.settings.loopback_networks {
            return Some("loopback addresses are not allowed by the configuration of relayd");
        }
        if is_private && !self.settings.private_networks {
            return Some("private addresses are not allowed by the configuration of relayd");
        }
        None
    }
}

/// An owner is not told whose the other system is, nor how large its network.
pub(super) fn refuse_overlap(error: &WriteSystemError, authority: Authority) -> AdminError {
    let detail = match (error, authority) {
        (
            WriteSystemError::Overlap {
                network,
                system,
                account,
            },
            Authority::Operator,
        ) => format!("{network} of system {system} of account {account}"),
        _ => String::new(),
    };
    AdminError::refused(Reason::NetworkOverlap, detail)
}
