//! A close look at a route: beyond its probe, whatever a person would want to know before the first
//! mail, and all routes at once for the operator. Nothing is sent.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

use crate::{
    accounts::{Accounts, AdminError, DomainHint, Probe},
    model::{
        Account, AccountId, AccountState, Address, DomainName, Finding, FindingArea, FindingLevel,
        Reason, RelayUser, Route, RouteKind, RouteRole,
    },
    upstream::Remark,
};

/// Senders that the server is asked about.
const MOST_SENDERS: usize = 20;
/// Relay users whose senders are looked at.
const MOST_USERS: u32 = 200;
/// Sender domains whose SPF is looked at, and the time for all of them.
const MOST_DOMAINS: usize = 5;
const DNS_DEADLINE: Duration = Duration::from_secs(8);
/// For a look at one route: somebody waits for it.
const DEADLINE: Duration = Duration::from_secs(75);
/// Routes that the doctor looks at, how many at a time, and how long at each and at all.
const MOST_ROUTES: usize = 50;
const AT_A_TIME: usize = 4;
const EACH: Duration = Duration::from_secs(10);
const ALL: Duration = Duration::from_secs(16);

impl Accounts {
    /// Probes a route, and looks closer where that succeeds.
    pub(super) async fn examine_in_time(
        &self,
        account: &Account,
        route: &Route,
    ) -> Result<(Probe, Vec<Remark>), AdminError> {
        let users = self.store.relay_users(account.id, "", MOST_USERS).await?;
        let senders = senders_of(&users);
        let asked = senders.get(..MOST_SENDERS).unwrap_or(&senders);
        let examined = timeout(DEADLINE, self.probe.examine(route, asked)).await;
        let (probe, mut remarks) = match examined {
            Ok(examined) => examined,
            Err(_) => (super::change::out_of_time(DEADLINE), Vec::new()),
        };
        if probe.failure.is_some() {
            return Ok((probe, remarks));
        }
        let rest = senders.len() - asked.len();
        if rest > 0 && route.kind != RouteKind::Capture {
            let told = format!("{rest} more senders were not tried");
            remarks.push(Remark::ok("MAIL FROM", told));
        }
        remarks.extend(self.size_remark(&users, &probe).await?);
        if route.kind != RouteKind::Capture {
            remarks.extend(self.spf_remarks(account, route, &senders).await);
        }
        Ok((probe, remarks))
    }

    /// The limit of the account against what the other side takes.
    async fn size_remark(
        &self,
        users: &[RelayUser],
        probe: &Probe,
    ) -> Result<Option<Remark>, AdminError> {
        const NAME: &str = "size";
        let Some(takes) = probe.offer.and_then(|offer| offer.size) else {
            return Ok(None);
        };
        let Some(user) = users.first() else {
            return Ok(None);
        };
        let login = self.store.login(&user.username).await?;
        let Some(limits) = login.and_then(|login| login.standing.limits) else {
            return Ok(None);
        };
        let allowed = limits.message_size.min(self.settings.message_size);
        if allowed <= takes {
            let told = format!("the other side takes {takes} bytes, devices may send {allowed}");
            return Ok(Some(Remark::ok(NAME, told)));
        }
        let told = format!(
            "devices may send {allowed} bytes, the other side takes {takes}: larger mail is \
             refused while it comes in"
        );
        let remedy = "raise the limit there (Set-Mailbox -MaxSendSize), or lower it here: \
                      relayctl limits set";
        Ok(Some(Remark::warning(NAME, told, remedy)))
    }

    /// What receivers make of mail from the sender domains by this way.
    async fn spf_remarks(
        &self,
        account: &Account,
        route: &Route,
        senders: &[Address],
    ) -> Vec<Remark> {
        if self.spend_lookup(account).is_err() {
            let told = "not looked at: too many questions to DNS in a short time";
            return vec![Remark::ok("SPF", told)];
        }
        let domains: BTreeSet<_> = senders.iter().map(Address::domain).collect();
        let names = domains
            .iter()
            .filter_map(|it| it.parse::<DomainName>().ok());
        let names: Vec<_> = names.take(MOST_DOMAINS).collect();
        let looks = names.into_iter().map(|name| async move {
            let begin = Instant::now();
            let hint = timeout(DNS_DEADLINE, self.spf_of(&name, route)).await;
            (name, hint.ok(), begin.elapsed())
        });
        let found = join_all(looks).await;
        let told = found.into_iter().map(|(name, hint, elapsed)| {
            let remark = match hint {
                Some(hint) => of_hint(&name, route, hint),
                None => Remark::warning(
                    format!("SPF {name}"),
                    "DNS did not answer in time",
                    "try again later",
                ),
            };
            Remark { elapsed, ..remark }
        });
        told.collect()
    }

    /// Whether the routes of active accounts work: for the operator, who has no other way to see
    /// them all. Those that stand still come first.
    pub async fn examine_routes(&self) -> Vec<Finding> {
        let rows = match self.store.lane_rows(None).await {
            Ok(rows) => rows,
            Err(error) => {
                let told = format!("the routes cannot be read: {error}");
                return vec![error_of("routes", told, "see relayctl doctor store")];
            }
        };
        let mut names = BTreeSet::new();
        let (held, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.hold.is_some());
        let rows = held.into_iter().chain(others);
        let rows: Vec<_> = rows.filter(|row| names.insert(row.account_id)).collect();
        let (all, begin) = (rows.len(), Instant::now());
        let mut findings = Vec::new();
        for several in rows.get(..MOST_ROUTES).unwrap_or(&rows).chunks(AT_A_TIME) {
            let left = ALL.saturating_sub(begin.elapsed()).min(EACH);
            let looks = several.iter().map(|row| self.look_at(row.account_id, left));
            findings.extend(join_all(looks).await.into_iter().flatten());
        }
        if all > MOST_ROUTES {
            findings.push(Finding::warning(
                FindingArea::Exchange,
                "routes",
                format!("{} more routes were not looked at", all - MOST_ROUTES),
                "look at one by relayctl route check --account NAME",
            ));
        }
        if findings.is_empty() {
            let told = "no active account has a route";
            findings.push(Finding::ok(FindingArea::Exchange, "routes", told));
        }
        findings
    }
}

impl Accounts {
    /// Probes the route of an account that is active and has one.
    async fn look_at(&self, account: AccountId, deadline: Duration) -> Option<Finding> {
        let account = self.store.account(account).await.ok().flatten();
        let account = account.filter(|account| account.state == AccountState::Active)?;
        let route = self.store.route_in(account.id, RouteRole::Primary).await;
        let route = route.ok().flatten()?;
        let begin = Instant::now();
        let probe = timeout(deadline, self.probe.probe(&route)).await;
        let probe = probe.unwrap_or_else(|_| super::change::out_of_time(deadline));
        Some(judge(&account, &route, &probe, begin.elapsed()))
    }
}

fn error_of(check: &'static str, sentence: String, remedy: impl Into<String>) -> Finding {
    Finding::error(FindingArea::Exchange, check, sentence, remedy)
}

/// What the doctor tells of one route.
fn judge(account: &Account, route: &Route, probe: &Probe, elapsed: Duration) -> Finding {
    let name = &account.name;
    let place = match route.server.as_str() {
        "" => route.kind.to_string(),
        server => server.to_owned(),
    };
    let Some((reason, cause)) = &probe.failure else {
        let told = format!(
            "the route of {name} works ({place}, {} ms)",
            elapsed.as_millis()
        );
        return Finding::ok(FindingArea::Exchange, "route", told);
    };
    let step = probe.steps.iter().rfind(|step| !step.ok);
    let at = step.map_or_else(String::new, |step| format!(" at {}", step.name));
    let cause = if cause.is_empty() {
        reason.sentence()
    } else {
        cause
    };
    error_of(
        "route",
        format!("the route of {name} does not work ({place}){at}: {cause}"),
        format!("relayctl route check --account {name}"),
    )
}

/// Every address that the relay users send as, the own ones first, each once.
fn senders_of(users: &[RelayUser]) -> Vec<Address> {
    let mut seen = BTreeSet::new();
    let own = users.iter().map(|user| &user.sender);
    let further = users.iter().flat_map(|user| &user.allowed_senders);
    let all = own.chain(further);
    all.filter(|address| seen.insert(address.as_str().to_lowercase()))
        .cloned()
        .collect()
}

/// SPF is no obstacle: receivers judge by it, not the server of the route.
fn of_hint(name: &DomainName, route: &Route, hint: DomainHint) -> Remark {
    let mut remark = Remark::ok(format!("SPF {name}"), hint.sentence);
    if hint.level != FindingLevel::Ok {
        remark.level = FindingLevel::Warning;
        remark.reason = None::<Reason>;
        remark.remedy = hint.remedy;
    }
    if route.kind == RouteKind::Connector {
        remark
            .detail
            .push_str("; behind a connector it should name the address of this machine, too");
    }
    remark
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OtherSender;

    #[test]
    fn each_sender_is_tried_once_the_own_ones_first() {
        let user = |sender: &str, further: &[&str]| RelayUser {
            sender: sender.parse().unwrap(),
            allowed_senders: further.iter().map(|it| it.parse().unwrap()).collect(),
            ..RelayUser::scanner(OtherSender::Reject)
        };
        let users = [
            user("a@acme.example", &["x@acme.example", "B@acme.example"]),
            user("b@acme.example", &["x@acme.example"]),
        ];
        let senders: Vec<_> = senders_of(&users).iter().map(ToString::to_string).collect();
        assert_eq!(
            senders,
            ["a@acme.example", "b@acme.example", "x@acme.example"]
        );
    }
}
