//! What would come of a mail: what the door says, and what it would meet in the queue.

use std::net::IpAddr;

use super::{
    Accounts, AdminError, Explained, ExplainedStep, LanePhase, MailQuestion, StepVerdict,
    field::Fields,
};
use crate::model::{
    Account, Authority, Hold, HoldKind, Reason, ReversePath, Route, RouteId, RouteRole,
};

/// Longest text of an address or a header that is asked about.
const LONGEST: usize = 500;

/// A mail to explain, as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct MailToExplain {
    /// Name or id of the relay user that signs in; by address alone without one.
    pub user: Option<String>,
    /// Where the device connects from.
    pub address: String,
    /// Name of the listener.
    pub listener: Option<String>,
    /// Whether the device encrypts.
    pub encrypts: Option<bool>,
    /// MAIL FROM; empty for none.
    pub sender: String,
    /// The header From: that of the envelope when not given, none when empty.
    pub from: Option<String>,
    /// RCPT TO.
    pub recipients: Vec<String>,
    /// Bytes of the mail.
    pub size: Option<u64>,
}

/// What would come of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was looked at.
    pub explained: Explained,
    /// The way it would go: its kind and where it leads.
    pub route: Option<String>,
}

impl Explanation {
    /// What a device would meet first.
    pub fn refused(&self) -> Option<&ExplainedStep> {
        let mut steps = self.explained.steps.iter();
        steps.find(|step| step.verdict == StepVerdict::Refused)
    }

    /// Whether the mail would be taken, and would wait.
    pub fn waits(&self) -> bool {
        let mut steps = self.explained.steps.iter();
        let waits =
            |step: &ExplainedStep| step.verdict == StepVerdict::Warning && step.stage == QUEUE;
        self.refused().is_none() && steps.any(waits)
    }
}

/// Where a mail is once it was taken.
const QUEUE: &str = "queue";

impl Accounts {
    /// Says what would come of a mail. Nothing is sent, counted or written down.
    pub async fn explain_mail(
        &self,
        account: &Account,
        mail: MailToExplain,
        authority: Authority,
    ) -> Result<Explanation, AdminError> {
        let mut fields = Fields::default();
        let client: Option<IpAddr> = fields.parse("address", &mail.address);
        let sender = fields.line("from", &mail.sender, LONGEST);
        let sender = match sender.as_str() {
            "<>" => String::new(),
            _ => sender,
        };
        let from = mail.from.as_deref().unwrap_or(&sender);
        let from = fields.line("header_from", from, LONGEST);
        if mail.recipients.is_empty() {
            fields.refuse("to", "is required");
        }
        let recipients = mail.recipients.iter();
        let recipients = recipients
            .map(|to| fields.line("to", to, LONGEST))
            .collect();
        let client = fields.finish(client)?;
        let username = match &mail.user {
            Some(key) => Some(self.find_relay_user(account, key).await?.username),
            None => None,
        };
        let question = MailQuestion {
            account: account.id,
            account_name: account.name.clone(),
            knows_bans: authority == Authority::Operator,
            username,
            client,
            listener: mail.listener,
            encrypts: mail.encrypts,
            sender,
            from: (!from.is_empty()).then_some(from),
            recipients,
            size: mail.size,
        };
        let mut explained = self
            .door
            .explain(question)
            .await
            .map_err(AdminError::Refused)?;
        let mut leads = None;
        if let Some(id) = explained.route
            && let Some(route) = self.store.route(id).await?
        {
            leads = Some(leads_to(&route));
            let lane = self.explain_lane(account, &route, explained.sender.as_ref());
            explained.steps.push(lane.await?);
        }
        Ok(Explanation {
            explained,
            route: leads,
        })
    }

    /// What the mail meets behind the door.
    async fn explain_lane(
        &self,
        account: &Account,
        route: &Route,
        sender: Option<&ReversePath>,
    ) -> Result<ExplainedStep, AdminError> {
        let leads = leads_to(route);
        if let Some(hold) = self.store.hold(route.id).await? {
            let mut detail = format!("{leads} is held since {:.0}: {}", hold.since, hold.detail);
            if hold.kind != HoldKind::Manual && self.has_other_way(account).await? {
                detail.push_str("; its mail goes by the fallback meanwhile");
            }
            return Ok(lane(
                detail,
                Some((hold.reason, hold_remedy(&hold, &account.name))),
            ));
        }
        let holds = self.store.sender_holds(route.id, self.clock.now()).await?;
        let held = sender.and_then(|sender| holds.iter().find(|hold| hold.is_of(sender)));
        if let Some(hold) = held {
            let detail = format!("mail of {} waits on {leads}: {}", hold.sender, hold.detail);
            let remedy = hold.reason.remedy().to_owned();
            return Ok(lane(detail, Some((hold.reason, remedy))));
        }
        Ok(match self.paced(route.id) {
            Some(why) => lane(
                format!("{leads} waits for its pace: {why}"),
                Some((
                    Reason::RouteThrottled,
                    Reason::RouteThrottled.remedy().to_owned(),
                )),
            ),
            None => lane(leads, None),
        })
    }

    /// Whether mail of a lane that is held may go by another one.
    async fn has_other_way(&self, account: &Account) -> Result<bool, AdminError> {
        let other = self.store.route_in(account.id, RouteRole::Fallback).await?;
        let Some(other) = other.filter(|other| other.checked_at.is_some()) else {
            return Ok(false);
        };
        Ok(self.store.hold(other.id).await?.is_none())
    }

    /// Why a lane waits for its pace at this moment, if it does.
    fn paced(&self, route: RouteId) -> Option<String> {
        let mut lanes = self.queue.lanes().into_iter();
        let lane = lanes.find(|lane| lane.route_id == route)?;
        (lane.phase == LanePhase::Paced).then_some(lane.why)
    }
}

/// What lets the lane of a route go on.
pub(super) fn hold_remedy(hold: &Hold, account: &str) -> String {
    match hold.kind {
        HoldKind::Manual => format!("relayctl queue release --lane --account {account}"),
        HoldKind::Credentials | HoldKind::Quota => hold.reason.remedy().to_owned(),
    }
}

fn lane(detail: String, waits: Option<(Reason, String)>) -> ExplainedStep {
    let (reason, remedy) = match waits {
        Some((reason, remedy)) => (Some(reason), remedy),
        None => (None, String::new()),
    };
    ExplainedStep {
        name: "Lane",
        stage: QUEUE,
        verdict: match reason {
            Some(_) => StepVerdict::Warning,
            None => StepVerdict::Ok,
        },
        detail,
        reason,
        remedy,
        reply: None,
    }
}

/// What kind of way it is, and where it leads.
fn leads_to(route: &Route) -> String {
    let place = match (&route.mx_of, route.server.as_str()) {
        (Some(domain), "") => format!(" to the MX of {domain}"),
        (None, "") => String::new(),
        (_, server) => format!(" to {server}:{}", route.port),
    };
    let mailbox = match route.mailbox.as_str() {
        "" => String::new(),
        mailbox => format!(" as {mailbox}"),
    };
    format!("{}{place}{mailbox}", route.kind)
}
