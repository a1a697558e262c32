//! Whether a relay user may send from an address, as things stand.

use std::net::IpAddr;

use super::Allowance;
use crate::model::{
    AccountState, Limits, Reason, Refusal, RouteId, Standing, System, SystemAuth, SystemId,
    SystemState, UserState, WayOut,
};

/// How a device has shown who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By the password of its relay user; its address must be that of any system of this user.
    Password,
    /// By its address, which is that of this system.
    Address(SystemId),
}

/// The proof that somebody may send: what the later steps need.
#[derive(Debug, Clone)]
pub struct Admission<'a> {
    /// The system the mail comes from.
    pub system: &'a System,
    /// How much it may send from there.
    pub allowance: Allowance,
    /// The way out.
    pub route_id: RouteId,
}

/// What a relay user needs before it may send, each judged by itself, in the order in which an
/// administrator would mend things: the account first, the device last.
#[derive(Debug, Clone)]
pub struct Grounds<'a> {
    /// Its account is active.
    pub account: Result<(), Refusal>,
    /// It is active itself.
    pub user: Result<(), Refusal>,
    /// Its account has a subscription, with these limits.
    pub plan: Result<Limits, Refusal>,
    /// Its account has a route that was checked.
    pub route: Result<WayOut, Refusal>,
    /// Its device connects from this system.
    pub system: Result<&'a System, Refusal>,
}

impl<'a> Grounds<'a> {
    /// Those of a relay user whose device connects from `client`.
    pub fn of(standing: &'a Standing, client: IpAddr, proof: Proof) -> Self {
        let route = standing.route.filter(|route| route.checked_at.is_some());
        Self {
            account: judge_account(standing),
            user: match standing.user.state {
                UserState::Active => Ok(()),
                UserState::Suspended => {
                    Err(Refusal::new(Reason::UserSuspended, &standing.user.username))
                }
            },
            plan: standing.limits.ok_or_else(|| Reason::NoSubscription.into()),
            route: route.ok_or_else(|| Reason::RouteNotReady.into()),
            system: find_system(standing, client, proof),
        }
    }

    /// The proof that it may send, or what is missing first.
    pub fn admission(self, standing: &'a Standing) -> Result<Admission<'a>, Refusal> {
        self.account?;
        self.user?;
        let plan = self.plan?;
        let route = self.route?;
        let system = self.system?;
        Ok(Admission {
            system,
            allowance: Allowance::of(standing, plan, Some(system.id)),
            route_id: route.id,
        })
    }
}

/// Admits a relay user whose device connects from `client`, or says what is missing.
pub fn admit(standing: &Standing, client: IpAddr, proof: Proof) -> Result<Admission<'_>, Refusal> {
    Grounds::of(standing, client, proof).admission(standing)
}

fn judge_account(standing: &Standing) -> Result<(), Refusal> {
    if standing.account_state == AccountState::Active {
        return Ok(());
    }
    let mut detail = format!("it is {}", standing.account_state);
    if !standing.suspended_for.is_empty() {
        detail = format!("{detail}: {}", standing.suspended_for);
    }
    Err(Refusal::new(Reason::AccountNotActive, detail))
}

/// The system that a device connects from: the narrowest active one, or a suspended one when there
/// is no other.
pub fn system_at(standing: &Standing, client: IpAddr, proof: Proof) -> Option<&System> {
    let is_meant = |system: &&System| match proof {
        Proof::Password => true,
        Proof::Address(id) => system.id == id && system.auth == SystemAuth::Address,
    };
    let at_address = |system: &&System| system.network.contains(client);
    let matching = standing.systems.iter().filter(is_meant).filter(at_address);
    matching.max_by_key(|system| {
        (
            system.state == SystemState::Active,
            system.network.prefix_len(),
        )
    })
}

fn find_system(standing: &Standing, client: IpAddr, proof: Proof) -> Result<&System, Refusal> {
    match system_at(standing, client, proof) {
        None => Err(Refusal::new(
            Reason::AddressNotRegistered,
            format!("{} for {}", client.to_canonical(), standing.user.username),
        )),
        Some(system) if system.state == SystemState::Suspended => {
            Err(Refusal::new(Reason::SystemSuspended, &system.name))
        }
        Some(system) => Ok(system),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{IdSource, OtherSender, Overrides, Plan, RelayUser, SenderDomains, WayOut};

    /// A relay user that may send from these networks.
    pub(in crate::policy) fn standing(networks: &[(&str, SystemState)]) -> Standing {
        let (ids, now) = (IdSource::new(), Timestamp::UNIX_EPOCH);
        let user = RelayUser::scanner(OtherSender::Reject);
        let systems = networks.iter().map(|(network, state)| System {
            id: SystemId::new(&ids, now),
            account_id: user.account_id,
            name: format!("at {network}"),
            network: network.parse().unwrap(),
            user_id: user.id,
            auth: SystemAuth::Password,
            state: *state,
            priority: crate::model::Priority::Normal,
            last_seen_at: None,
            created_at: now,
            version: 1,
        });
        Standing {
            systems: systems.collect(),
            user,
            account_state: AccountState::Active,
            sender_domains: SenderDomains::Any,
            suspended_for: String::new(),
            limits: Some(Plan::BUILT_IN[0].2),
            route: Some(WayOut {
                id: RouteId::new(&ids, now),
                checked_at: Some(now),
                offer: None,
            }),
            overrides: Overrides::default(),
        }
    }

    fn reason(standing: &Standing) -> Option<Reason> {
        let client = "203.0.113.10".parse().unwrap();
        let admission = admit(standing, client, Proof::Password);
        admission.err().map(|refusal| refusal.reason)
    }

    #[test]
    fn whatever_is_missing_is_named() {
        let fine = standing(&[("203.0.113.10", SystemState::Active)]);
        assert_eq!(reason(&fine), None);

        let mut broken = fine.clone();
        broken.account_state = AccountState::Suspended;
        assert_eq!(reason(&broken), Some(Reason::AccountNotActive));

        let mut broken = fine.clone();
        broken.user.state = UserState::Suspended;
        assert_eq!(reason(&broken), Some(Reason::UserSuspended));

        let mut broken = fine.clone();
        broken.limits = None;
        assert_eq!(reason(&broken), Some(Reason::NoSubscription));

        let mut broken = fine.clone();
        broken.route = None;
        assert_eq!(reason(&broken), Some(Reason::RouteNotReady));

        let mut broken = fine.clone();
        broken.route.as_mut().unwrap().checked_at = None;
        assert_eq!(reason(&broken), Some(Reason::RouteNotReady));

        let elsewhere = standing(&[("203.0.113.11", SystemState::Active)]);
        assert_eq!(reason(&elsewhere), Some(Reason::AddressNotRegistered));

        let stopped = standing(&[("203.0.113.0/24", SystemState::Suspended)]);
        assert_eq!(reason(&stopped), Some(Reason::SystemSuspended));
    }

    #[test]
    fn a_suspended_account_says_why_as_far_as_it_is_known() {
        for (reason, expected) in [
            ("", "it is suspended"),
            ("invoice 17 is open", "it is suspended: invoice 17 is open"),
        ] {
            let mut standing = standing(&[("203.0.113.10", SystemState::Active)]);
            standing.account_state = AccountState::Suspended;
            standing.suspended_for = reason.to_owned();
            let client = "203.0.113.10".parse().unwrap();
            let refusal = admit(&standing, client, Proof::Password).unwrap_err();
            assert_eq!(refusal.detail, expected);
        }
    }

    #[test]
    fn the_narrowest_active_system_counts() {
        let standing = standing(&[
            ("203.0.113.0/24", SystemState::Active),
            ("203.0.113.10", SystemState::Active),
            ("203.0.0.0/16", SystemState::Active),
        ]);
        let client = "::ffff:203.0.113.10".parse().unwrap();
        let admission = admit(&standing, client, Proof::Password).unwrap();
        assert_eq!(admission.system.name, "at 203.0.113.10");
    }

    #[test]
    fn an_address_stands_for_its_own_system_only() {
        let mut standing = standing(&[
            ("203.0.113.0/24", SystemState::Active),
            ("203.0.113.10", SystemState::Active),
        ]);
        let id = standing.systems[0].id;
        let name = |standing: &Standing, client: &str| {
            let admission = admit(standing, client.parse().unwrap(), Proof::Address(id));
            admission
                .map(|admission| admission.system.name.clone())
                .map_err(|refusal| refusal.reason)
        };
        let wide = "at 203.0.113.0/24".to_owned();
        let stranger = Err(Reason::AddressNotRegistered);
        assert_eq!(name(&standing, "203.0.113.10"), stranger);
        standing.systems[0].auth = SystemAuth::Address;
        assert_eq!(name(&standing, "203.0.113.10"), Ok(wide));
        assert_eq!(name(&standing, "203.0.114.10"), stranger);
        standing.systems[0].state = SystemState::Suspended;
        let suspended = Err(Reason::SystemSuspended);
        assert_eq!(name(&standing, "203.0.113.10"), suspended);
    }
}
