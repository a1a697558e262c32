//! The test of a system: whether it could send now, and what stands in the way.

use super::{
    Accounts, AdminError, Bans, LimitLine, LimitTarget, SystemOverview, explain::hold_remedy,
};
use crate::model::{
    Account, AccountState, Ban, Credential, HoldKind, LimitName, LimitScope, Reason, Refusal,
    RelayUser, SenderDomains, System, SystemAuth, SystemState, UserState,
};

/// Bans of parts of a network that are named.
const NAMED: usize = 3;

/// One thing that must be right before a system can send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestStep {
    /// What was looked at.
    pub name: &'static str,
    /// Why it is not right, if it is not.
    pub reason: Option<Reason>,
    /// What was found.
    pub detail: String,
    /// What mends it: a command with the names filled in, or a sentence.
    pub remedy: String,
    /// Mail is taken all the same, and waits.
    pub only_delays: bool,
}

/// Whether a system could send now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemTest {
    /// What was looked at.
    pub steps: Vec<TestStep>,
}

impl SystemTest {
    /// Whether nothing stands in the way.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|step| step.reason.is_none())
    }

    /// Whether the device gets its 250, though the mail may have to wait.
    pub fn takes_mail(&self) -> bool {
        let in_the_way = |step: &TestStep| step.reason.is_some() && !step.only_delays;
        !self.steps.iter().any(in_the_way)
    }

    /// Whether relayd takes mail of anybody.
    fn relay(&mut self, relay: &Result<(), Refusal>) {
        let (reason, detail) = match relay {
            Ok(()) => (Reason::Internal, "takes mail".to_owned()),
            Err(refusal) => (refusal.reason, refusal.to_string()),
        };
        let remedy = reason.remedy().to_owned();
        self.note("Relay", relay.is_ok(), reason, detail, remedy);
    }

    fn account(&mut self, account: &Account) {
        self.note(
            "Account",
            account.state == AccountState::Active,
            Reason::AccountNotActive,
            format!("{} is {}", account.name, account.state),
            match account.state {
                AccountState::Suspended => format!("relayctl account resume {}", account.name),
                AccountState::Closing | AccountState::Closed => {
                    "a closed account sends no mail any more".to_owned()
                }
                AccountState::Registered | AccountState::Active => {
                    format!(
                        "relayctl account show {} says what is missing",
                        account.name
                    )
                }
            },
        );
    }

    /// Whether there is any password that the device could sign in with.
    fn password(&mut self, account: &Account, user: &RelayUser, credentials: &[Credential]) {
        let names: Vec<_> = credentials
            .iter()
            .map(|credential| match &credential.last_use {
                Some(last) => format!("{} (last used {:.0})", credential.name, last.at),
                None => format!("{} (never used)", credential.name),
            })
            .collect();
        let detail = match names.as_slice() {
            [] => format!("{} has none", user.username),
            some => some.join(", "),
        };
        let remedy = format!(
            "relayctl user credential add {} {} --generate --account {}, and set it in the device",
            user.username,
            Credential::DEFAULT,
            account.name
        );
        self.note(
            "Password",
            !credentials.is_empty(),
            Reason::CredentialsRejected,
            detail,
            remedy,
        );
    }

    fn system(&mut self, account: &Account, system: &System) {
        self.note(
            "System",
            system.state == SystemState::Active,
            Reason::SystemSuspended,
            format!("{} at {} is {}", system.name, system.network, system.state),
            format!(
                "relayctl system edit {} --account {} --state active",
                system.name, account.name
            ),
        );
    }

    fn relay_user(&mut self, account: &Account, user: Option<&RelayUser>) {
        let username = user.map_or("NAME", |user| &user.username);
        self.note(
            "Relay user",
            user.is_some_and(|user| user.state == UserState::Active),
            Reason::UserSuspended,
            user.map_or_else(
                || "none".to_owned(),
                |user| format!("{} is {}", user.username, user.state),
            ),
            format!("relayctl user resume {username} --account {}", account.name),
        );
    }

    /// A ban of all its addresses stands in the way. A ban of some of them is only told: which of
    /// them the device has, nobody knows.
    fn bans(&mut self, system: &System, bans: &[Ban]) {
        if let Some(ban) = bans.iter().find(|ban| ban.network.covers(&system.network)) {
            let detail = format!("{} is banned until {:.0}", ban.client(), ban.until);
            let remedy = format!("correct the password in the device, then {}", lifting(ban));
            self.note("Address", false, Reason::AddressBanned, detail, remedy);
            return;
        }
        let mut told: Vec<_> = bans
            .iter()
            .take(NAMED)
            .map(|ban| {
                let client = ban.client();
                format!(
                    "{client} of it is banned until {:.0} ({})",
                    ban.until,
                    lifting(ban)
                )
            })
            .collect();
        if bans.len() > NAMED {
            told.push(format!("{} more are banned", bans.len() - NAMED));
        }
        let detail = match told.as_slice() {
            [] => format!("{} is not banned", system.network),
            some => format!("{}: {}", system.network, some.join("; ")),
        };
        self.note(
            "Address",
            true,
            Reason::AddressBanned,
            detail,
            String::new(),
        );
    }

    fn note(
        &mut self,
        name: &'static str,
        is_right: bool,
        reason: Reason,
        detail: String,
        remedy: String,
    ) {
        self.steps.push(TestStep {
            name,
            reason: (!is_right).then_some(reason),
            detail,
            remedy,
            only_delays: false,
        });
    }
}

fn lifting(ban: &Ban) -> String {
    format!("relayctl limits reset --scope ip {}", ban.client())
}

/// The step of a limit of which nothing is left.
fn used_up(line: &LimitLine, scope: LimitScope, name: &str, account: &str) -> Option<TestStep> {
    let (reason, what, when) = match line.name {
        LimitName::MessagesPerMinute => {
            (Reason::RateExceeded, "messages a minute", "wait a minute")
        }
        LimitName::MessagesPerDay => (
            Reason::QuotaExceeded,
            "messages a day",
            "wait until midnight UTC",
        ),
        LimitName::RecipientsPerDay => (
            Reason::QuotaExceeded,
            "recipients a day",
            "wait until midnight UTC",
        ),
        LimitName::RecipientsPerMessage | LimitName::MessageSize => return None,
    };
    let limit = line.in_force?.limit;
    line.used.filter(|used| *used >= limit)?;
    let target = match scope {
        LimitScope::Account => String::new(),
        LimitScope::User | LimitScope::System => format!(" {name} --scope {scope}"),
    };
    Some(TestStep {
        name: "Limits",
        reason: Some(reason),
        detail: format!("all {limit} {what} {} {name} are used", scope.whose()),
        remedy: format!(
            "{when}, or relayctl limits set{target} --account {account} --{} N",
            line.name.as_str().replace('_', "-")
        ),
        only_delays: false,
    })
}

impl Accounts {
    /// Whether a system could send now: every obstacle, not the first only. `relay` says whether
    /// relayd takes mail at all.
    pub async fn test_system(
        &self,
        account: &Account,
        key: &str,
        bans: &Bans,
        relay: &Result<(), Refusal>,
    ) -> Result<SystemTest, AdminError> {
        let SystemOverview { system, .. } = self.find_system(account, key).await?;
        let mut test = SystemTest { steps: Vec::new() };
        test.relay(relay);
        test.account(account);
        self.test_subscription(account, &mut test).await?;
        self.test_route(account, &mut test).await?;
        let user = self.store.relay_user(system.user_id).await?;
        test.relay_user(account, user.as_ref());
        self.test_domains(account, user.as_ref(), &mut test).await?;
        if let Some(user) = &user
            && system.auth == SystemAuth::Password
        {
            let credentials = self.store.credentials(user.id).await?;
            test.password(account, user, &credentials);
        }
        test.system(account, &system);
        if system.auth == SystemAuth::Address {
            self.test_listeners(account, &system, &mut test);
        }
        test.bans(&system, &bans.within(system.network));
        let username = user.as_ref().map(|user| user.username.as_str());
        self.test_limits(account, &system, username, &mut test)
            .await?;
        Ok(test)
    }

    async fn test_subscription(
        &self,
        account: &Account,
        test: &mut SystemTest,
    ) -> Result<(), AdminError> {
        let latest = match self.store.subscription(account.id).await? {
            Some(running) => Some(running),
            None => self.store.subscriptions(account.id, None, 1).await?.pop(),
        };
        let end = latest.as_ref().and_then(|latest| latest.end.as_ref());
        test.note(
            "Subscription",
            latest.is_some() && end.is_none(),
            Reason::NoSubscription,
            match (&latest, end) {
                (None, _) => "none".to_owned(),
                (Some(running), None) => running.plan_name.clone(),
                (Some(last), Some(end)) => {
                    format!("{} was cancelled at {:.0}", last.plan_name, end.at)
                }
            },
            format!(
                "relayctl subscription start --account {} --plan {}",
                account.name,
                latest
                    .as_ref()
                    .map_or("NAME", |latest| latest.plan_name.as_str())
            ),
        );
        Ok(())
    }

    /// The limits that mail of this system is counted against: of its relay user, its own, and of
    /// its account.
    async fn test_limits(
        &self,
        account: &Account,
        system: &System,
        username: Option<&str>,
        test: &mut SystemTest,
    ) -> Result<(), AdminError> {
        let targets = [
            (LimitScope::User, username),
            (LimitScope::System, Some(system.name.as_str())),
            (LimitScope::Account, Some(account.name.as_str())),
        ];
        let mut is_used_up = false;
        for (scope, name) in targets {
            let Some(name) = name else { continue };
            let target = LimitTarget {
                scope,
                name: name.to_owned(),
            };
            let limits = self.show_limits(account, &target).await?;
            for line in &limits.lines {
                if let Some(step) = used_up(line, scope, name, &account.name) {
                    is_used_up = true;
                    test.steps.push(step);
                }
            }
        }
        if !is_used_up {
            let detail = "something is left of each".to_owned();
            test.note("Limits", true, Reason::QuotaExceeded, detail, String::new());
        }
        Ok(())
    }

    /// The relay user's own sender must lie in a proven domain before anything is taken from it.
    async fn test_domains(
        &self,
        account: &Account,
        user: Option<&RelayUser>,
        test: &mut SystemTest,
    ) -> Result<(), AdminError> {
        let Some(user) = user else { return Ok(()) };
        let domains = self.store.sender_domains(account.id, account.domain_proof);
        let domains = domains.await?;
        let domain = user.sender.domain();
        test.note(
            "Domain",
            domains.cover(&user.sender),
            Reason::DomainNotVerified,
            match (&domains, domains.cover(&user.sender)) {
                (SenderDomains::Any, _) => format!("{domain} needs no proof"),
                (SenderDomains::Proven(_), true) => format!("{domain} is proven"),
                (SenderDomains::Proven(_), false) => format!("{domain} is not proven"),
            },
            format!(
                "relayctl domain add {domain} --account {0} shows the TXT record to publish; then \
                 relayctl domain verify {domain} --account {0}",
                account.name
            ),
        );
        Ok(())
    }

    /// A system that is known by its address needs a listener that looks at it.
    fn test_listeners(&self, account: &Account, system: &System, test: &mut SystemTest) {
        let listeners = &self.settings.address_listeners;
        test.note(
            "Listener",
            !listeners.is_empty(),
            Reason::AuthRequired,
            match listeners.as_slice() {
                [] => "no listener takes mail by address alone".to_owned(),
                some => format!("by address alone on {}", some.join(", ")),
            },
            format!(
                "address_auth = true on a [[listener]] of relayd.toml and a restart, or \
                 relayctl system edit {} --account {} --auth password",
                system.name, account.name
            ),
        );
    }

    async fn test_route(&self, account: &Account, test: &mut SystemTest) -> Result<(), AdminError> {
        let route = self.store.route_of(account.id).await?;
        let checked_at = route.as_ref().and_then(|route| route.checked_at);
        test.note(
            "Route",
            checked_at.is_some(),
            Reason::RouteNotReady,
            match (&route, checked_at) {
                (None, _) => "none".to_owned(),
                (Some(_), None) => "never checked with success".to_owned(),
                (Some(route), Some(at)) => format!("{}, checked at {at}", route.kind),
            },
            match &route {
                None => format!("relayctl route set --account {}", account.name),
                Some(_) => format!("relayctl route check --account {}", account.name),
            },
        );
        // A held lane still takes mail, it only does not deliver it.
        if let Some(route) = route
            && let Some(hold) = self.store.hold(route.id).await?
        {
            let needs_a_person = hold.kind != HoldKind::Quota;
            let remedy = hold_remedy(&hold, &account.name);
            test.steps.push(TestStep {
                name: "Lane",
                reason: needs_a_person.then_some(hold.reason),
                detail: format!("held since {:.0}: {}", hold.since, hold.detail),
                remedy,
                only_delays: true,
            });
        }
        Ok(())
    }
}
