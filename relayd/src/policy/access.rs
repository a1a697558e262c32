//! Whether a relay user may send from an address, as things stand.

use std::net::IpAddr;

use crate::model::{
    AccountState, Limits, Reason, Refusal, RouteId, Standing, System, SystemState, UserState,
};

/// The proof that somebody may send: what the later steps need.
#[derive(Debug, Clone, Copy)]
pub struct Admission<'a> {
    /// The system the mail comes from.
    pub system: &'a System,
    /// The limits of the relay user.
    pub limits: Limits,
    /// The way out.
    pub route_id: RouteId,
}

/// Admits a signed-in relay user that connects from `client`, or says what is missing.
///
/// The order is the one in which an administrator would mend things: the account first, the
/// device last.
pub fn admit(standing: &Standing, client: IpAddr) -> Result<Admission<'_>, Refusal> {
    if standing.account_state != AccountState::Active {
        return Err(Refusal::new(
            Reason::AccountNotActive,
            format!("it is {}", standing.account_state),
        ));
    }
    if standing.user.state != UserState::Active {
        return Err(Refusal::new(Reason::UserSuspended, &standing.user.username));
    }
    let limits = standing.limits.ok_or(Reason::NoSubscription)?;
    let Some((route_id, Some(_))) = standing.route else {
        return Err(Reason::RouteNotReady.into());
    };
    let system = find_system(standing, client)?;
    Ok(Admission {
        system,
        limits,
        route_id,
    })
}

/// The most specific system whose network holds the address; an active one before a suspended one.
fn find_system(standing: &Standing, client: IpAddr) -> Result<&System, Refusal> {
    let matching = standing
        .systems
        .iter()
        .filter(|system| system.network.contains(client));
    let best = matching.max_by_key(|system| {
        (
            system.state == SystemState::Active,
            system.network.prefix_len(),
        )
    });
    match best {
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
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{
        AccountId, IdSource, OtherSender, Plan, RelayUser, SystemAuth, SystemId, UserId,
    };

    fn standing(networks: &[(&str, SystemState)]) -> Standing {
        let (ids, now) = (IdSource::new(), Timestamp::UNIX_EPOCH);
        let user = RelayUser {
            id: UserId::new(&ids, now),
            account_id: AccountId::new(&ids, now),
            username: "scanner".into(),
            sender: "scanner@acme.example".parse().unwrap(),
            allowed_senders: Vec::new(),
            other_sender: OtherSender::Reject,
            state: UserState::Active,
            created_at: now,
            version: 1,
        };
        let systems = networks.iter().map(|(network, state)| System {
            id: SystemId::new(&ids, now),
            account_id: user.account_id,
            name: format!("at {network}"),
            network: network.parse().unwrap(),
            user_id: user.id,
            auth: SystemAuth::Password,
            state: *state,
            last_seen_at: None,
            created_at: now,
            version: 1,
        });
        Standing {
            systems: systems.collect(),
            user,
            account_state: AccountState::Active,
            limits: Some(Plan::BUILT_IN[0].2),
            route: Some((RouteId::new(&ids, now), Some(now))),
            route_offer: None,
        }
    }

    fn reason(standing: &Standing) -> Option<Reason> {
        admit(standing, "203.0.113.10".parse().unwrap())
            .err()
            .map(|refusal| refusal.reason)
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
        broken.route = broken.route.map(|(id, _)| (id, None));
        assert_eq!(reason(&broken), Some(Reason::RouteNotReady));

        let elsewhere = standing(&[("203.0.113.11", SystemState::Active)]);
        assert_eq!(reason(&elsewhere), Some(Reason::AddressNotRegistered));

        let stopped = standing(&[("203.0.113.0/24", SystemState::Suspended)]);
        assert_eq!(reason(&stopped), Some(Reason::SystemSuspended));
    }

    #[test]
    fn the_narrowest_active_system_counts() {
        let standing = standing(&[
            ("203.0.113.0/24", SystemState::Active),
            ("203.0.113.10", SystemState::Active),
            ("203.0.0.0/16", SystemState::Active),
        ]);
        let admission = admit(&standing, "::ffff:203.0.113.10".parse().unwrap()).unwrap();
        assert_eq!(admission.system.name, "at 203.0.113.10");
    }
}
