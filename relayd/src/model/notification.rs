//! What happened that people or programs want to be told of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Account, AccountId, Hold, HoldKind, IdSource, NotificationId, Reason, RouteId, SenderHold,
    text_enum,
};

text_enum! {
    /// What a notification is about; the `type` that programs see.
    NotificationKind {
        /// A registration waits for the operator.
        AccountWaiting = "account.waiting",
        /// An account may send.
        AccountActivated = "account.activated",
        /// A registration was not accepted.
        AccountRejected = "account.rejected",
        /// An account was stopped.
        AccountSuspended = "account.suspended",
        /// A stopped account goes on.
        AccountResumed = "account.resumed",
        /// An account has ended.
        AccountClosed = "account.closed",
        /// A lane stands still.
        LaneHeld = "lane.held",
        /// A lane goes on.
        LaneReleased = "lane.released",
        /// The server of a route does not take its credentials: the lane stands still.
        CredentialsRejected = "credentials.rejected",
        /// A relay user has used most of a limit of the day.
        QuotaWarning = "quota.warning",
        /// A relay user has used a limit of the day up.
        QuotaReached = "quota.reached",
        /// A certificate of a listener ends soon.
        CertificateExpiring = "certificate.expiring",
        /// A token ends soon.
        TokenExpiring = "token.expiring",
        /// What a route signs in with ends soon.
        RouteExpiring = "route.expiring",
        /// A domain is not proven any more.
        DomainFailing = "domain.failing",
        /// A webhook did not answer for days and gets nothing more.
        WebhookDisabled = "webhook.disabled",
    }
}

impl NotificationKind {
    /// Whether the operator gets a mail of it when nothing else is configured.
    pub const fn is_mailed(self) -> bool {
        !matches!(
            self,
            Self::AccountActivated
                | Self::AccountRejected
                | Self::AccountSuspended
                | Self::AccountResumed
                | Self::AccountClosed
                | Self::LaneReleased
        )
    }
}

/// What happened, with what there is to say of it. As JSON it is the `type` and `data` that
/// programs see: fields are added, never renamed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Occasion {
    /// See [`NotificationKind::AccountWaiting`].
    #[serde(rename = "account.waiting")]
    AccountWaiting {
        /// Contact e-mail.
        email: String,
        /// Company, or first and last name.
        holder: String,
    },
    /// See [`NotificationKind::AccountActivated`].
    #[serde(rename = "account.activated")]
    AccountActivated {},
    /// See [`NotificationKind::AccountRejected`].
    #[serde(rename = "account.rejected")]
    AccountRejected {
        /// Why, in the operator's words.
        reason: String,
    },
    /// See [`NotificationKind::AccountSuspended`].
    #[serde(rename = "account.suspended")]
    AccountSuspended {
        /// Why, in the operator's words; empty when nothing was said.
        reason: String,
    },
    /// See [`NotificationKind::AccountResumed`].
    #[serde(rename = "account.resumed")]
    AccountResumed {},
    /// See [`NotificationKind::AccountClosed`].
    #[serde(rename = "account.closed")]
    AccountClosed {},
    /// See [`NotificationKind::LaneHeld`].
    #[serde(rename = "lane.held")]
    LaneHeld {
        /// `quota`, `credentials` (whatever a person must mend about the route), or `manual`.
        kind: String,
        /// Code of the reason.
        reason: String,
        /// The literal reply, or what the person said.
        detail: String,
        /// When it goes on by itself; `None` when somebody must release it.
        until: Option<Timestamp>,
    },
    /// See [`NotificationKind::LaneReleased`].
    #[serde(rename = "lane.released")]
    LaneReleased {},
    /// See [`NotificationKind::CredentialsRejected`].
    #[serde(rename = "credentials.rejected")]
    CredentialsRejected {
        /// Code of the reason.
        reason: String,
        /// The literal reply.
        detail: String,
    },
    /// See [`NotificationKind::QuotaWarning`].
    #[serde(rename = "quota.warning")]
    QuotaWarning(QuotaUse),
    /// See [`NotificationKind::QuotaReached`].
    #[serde(rename = "quota.reached")]
    QuotaReached(QuotaUse),
    /// See [`NotificationKind::CertificateExpiring`].
    #[serde(rename = "certificate.expiring")]
    CertificateExpiring {
        /// File of the certificate.
        path: String,
        /// Whom it is for.
        subject: String,
        /// When it ends.
        expires_at: Timestamp,
        /// Whole days left; 0 when it has ended or ends within a day.
        days: i64,
    },
    /// See [`NotificationKind::TokenExpiring`].
    #[serde(rename = "token.expiring")]
    TokenExpiring {
        /// Name of the token.
        token: String,
        /// When it ends.
        expires_at: Timestamp,
        /// Whole days left; 0 when it ends within a day.
        days: i64,
    },
    /// See [`NotificationKind::RouteExpiring`].
    #[serde(rename = "route.expiring")]
    RouteExpiring {
        /// `client-secret`, `signing-certificate`, `client-certificate` or `sign-in`.
        what: String,
        /// `primary` or `fallback`.
        role: String,
        /// Kind of the route.
        kind: String,
        /// Its mailbox or server.
        name: String,
        /// When it ends.
        expires_at: Timestamp,
        /// Whole days left; 0 when it has ended or ends within a day.
        days: i64,
    },
    /// See [`NotificationKind::DomainFailing`].
    #[serde(rename = "domain.failing")]
    DomainFailing {
        /// The domain.
        domain: String,
        /// What is wrong with its record.
        detail: String,
        /// When it counts as proven no more; `None` when that is so already.
        until: Option<Timestamp>,
    },
    /// See [`NotificationKind::WebhookDisabled`].
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled {
        /// Name of the webhook.
        webhook: String,
        /// What went wrong last.
        detail: String,
    },
}

/// How much of a limit of the day a relay user has used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaUse {
    /// Name of the relay user.
    pub user: String,
    /// `messages_per_day` or `recipients_per_day`.
    pub limit: String,
    /// How much was used.
    pub used: u32,
    /// Of how much.
    pub of: u32,
    /// When the counts begin anew.
    pub resets_at: Timestamp,
}

impl Occasion {
    /// What it is about.
    pub const fn kind(&self) -> NotificationKind {
        match self {
            Self::AccountWaiting { .. } => NotificationKind::AccountWaiting,
            Self::AccountActivated {} => NotificationKind::AccountActivated,
            Self::AccountRejected { .. } => NotificationKind::AccountRejected,
            Self::AccountSuspended { .. } => NotificationKind::AccountSuspended,
            Self::AccountResumed {} => NotificationKind::AccountResumed,
            Self::AccountClosed {} => NotificationKind::AccountClosed,
            Self::LaneHeld { .. } => NotificationKind::LaneHeld,
            Self::LaneReleased {} => NotificationKind::LaneReleased,
            Self::CredentialsRejected { .. } => NotificationKind::CredentialsRejected,
            Self::QuotaWarning(_) => NotificationKind::QuotaWarning,
            Self::QuotaReached(_) => NotificationKind::QuotaReached,
            Self::CertificateExpiring { .. } => NotificationKind::CertificateExpiring,
            Self::TokenExpiring { .. } => NotificationKind::TokenExpiring,
            Self::RouteExpiring { .. } => NotificationKind::RouteExpiring,
            Self::DomainFailing { .. } => NotificationKind::DomainFailing,
            Self::WebhookDisabled { .. } => NotificationKind::WebhookDisabled,
        }
    }

    /// A lane that stands still for this.
    pub fn of_hold(hold: &Hold) -> Self {
        let (reason, detail) = (hold.reason.code().to_owned(), hold.detail.clone());
        match hold.kind {
            HoldKind::Credentials
                if matches!(
                    hold.reason,
                    Reason::RouteCredentialsRejected | Reason::RouteBasicAuthDisabled
                ) =>
            {
                Self::CredentialsRejected { reason, detail }
            }
            HoldKind::Credentials | HoldKind::Quota | HoldKind::Manual => Self::LaneHeld {
                kind: hold.kind.as_str().to_owned(),
                reason,
                detail,
                until: hold.until,
            },
        }
    }
}

/// Something that happened, to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Identifier.
    pub id: NotificationId,
    /// The account that it concerns, if it concerns one.
    pub account_id: Option<AccountId>,
    /// Cause and period: of the same there is only one.
    pub once: String,
    /// What happened.
    pub occasion: Occasion,
    /// When.
    pub at: Timestamp,
}

impl Notification {
    /// One that is told once for `cause`, which says what makes it different from others of its
    /// kind: the object, and the period.
    pub fn new(
        ids: &IdSource,
        at: Timestamp,
        account_id: Option<AccountId>,
        occasion: Occasion,
        cause: impl std::fmt::Display,
    ) -> Self {
        Self {
            id: NotificationId::new(ids, at),
            account_id,
            once: format!("{} {cause}", occasion.kind()),
            occasion,
            at,
        }
    }

    /// A lane that stands still. The same trouble within an hour is told once: a lane that is
    /// released and stopped again at once is no news.
    pub fn of_hold(ids: &IdSource, account_id: AccountId, route: RouteId, hold: &Hold) -> Self {
        const HOUR: i64 = 60 * 60;
        let period = match hold.kind {
            HoldKind::Manual => hold.since.as_microsecond(),
            HoldKind::Quota | HoldKind::Credentials => hold.since.as_second().div_euclid(HOUR),
        };
        let cause = format_args!("{route} {} {} {period}", hold.kind, hold.reason.code());
        let occasion = Occasion::of_hold(hold);
        Self::new(ids, hold.since, Some(account_id), occasion, cause)
    }

    /// A sender whose mail waits; told once an hour like the hold of a lane.
    pub fn of_sender_hold(
        ids: &IdSource,
        account_id: AccountId,
        route: RouteId,
        hold: &SenderHold,
    ) -> Self {
        const HOUR: i64 = 60 * 60;
        let period = hold.since.as_second().div_euclid(HOUR);
        let code = hold.reason.code();
        let cause = format_args!("{route} {} {code} {period}", hold.sender);
        let occasion = Occasion::LaneHeld {
            kind: "sender".to_owned(),
            reason: code.to_owned(),
            detail: format!("mail of {} waits: {}", hold.sender, hold.detail),
            until: Some(hold.until),
        };
        Self::new(ids, hold.since, Some(account_id), occasion, cause)
    }

    /// A lane that goes on.
    pub fn of_release(
        ids: &IdSource,
        at: Timestamp,
        account_id: AccountId,
        route: RouteId,
    ) -> Self {
        let cause = format_args!("{route} {}", at.as_microsecond());
        Self::new(ids, at, Some(account_id), Occasion::LaneReleased {}, cause)
    }

    /// Another state of an account.
    pub fn of_account(
        ids: &IdSource,
        at: Timestamp,
        account: &Account,
        occasion: Occasion,
    ) -> Self {
        let cause = format_args!("{} {}", account.id, account.version);
        Self::new(ids, at, Some(account.id), occasion, cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(kind: HoldKind, reason: Reason, since: &str) -> Hold {
        Hold {
            kind,
            reason,
            detail: "535 5.7.3 no".to_owned(),
            since: since.parse().unwrap(),
            until: None,
        }
    }

    #[test]
    fn programs_see_type_and_data() {
        let use_of_day = QuotaUse {
            user: "scanner".to_owned(),
            limit: "messages_per_day".to_owned(),
            used: 800,
            of: 1000,
            resets_at: "2026-11-22T00:00:00Z".parse().unwrap(),
        };
        let json = serde_json::to_value(Occasion::QuotaWarning(use_of_day)).unwrap();
        assert_eq!(json["type"], "quota.warning");
        assert_eq!(json["data"]["used"], 800);
        assert_eq!(json["data"]["resets_at"], "2026-11-22T00:00:00Z");
        let json = serde_json::to_value(Occasion::LaneReleased {}).unwrap();
        assert_eq!(
            json.to_string(),
            r#"{"data":{},"type":"lane.released"}"#.to_owned()
        );
    }

    #[test]
    fn the_same_trouble_is_told_once_an_hour() {
        let ids = IdSource::new();
        let (account, route) = (AccountId::NONE, RouteId::NONE);
        let once = |hold: &Hold| Notification::of_hold(&ids, account, route, hold).once;
        let (kind, reason) = (HoldKind::Credentials, Reason::RouteCredentialsRejected);
        let first = once(&hold(kind, reason, "2026-11-21T20:00:00Z"));
        assert!(first.starts_with("credentials.rejected "), "{first}");
        assert_eq!(first, once(&hold(kind, reason, "2026-11-21T20:59:59Z")));
        assert_ne!(first, once(&hold(kind, reason, "2026-11-21T21:00:00Z")));
        let manual = |since| once(&hold(HoldKind::Manual, Reason::HeldByOperator, since));
        assert!(manual("2026-11-21T20:00:00Z").starts_with("lane.held "));
        assert_ne!(
            manual("2026-11-21T20:00:00Z"),
            manual("2026-11-21T20:00:01Z")
        );
    }

    #[test]
    fn every_kind_has_an_occasion_that_reads_back() {
        for kind in NotificationKind::ALL {
            let everything = serde_json::json!({
                "type": kind.as_str(),
                "data": {
                    "email": "a@b.example", "holder": "B", "reason": "r", "kind": "quota",
                    "detail": "d", "until": null, "user": "u", "limit": "messages_per_day",
                    "used": 1, "of": 2, "resets_at": "2026-11-22T00:00:00Z", "path": "p",
                    "subject": "s", "expires_at": "2026-11-22T00:00:00Z", "days": 3, "token": "t",
                    "domain": "b.example", "webhook": "w", "what": "client-secret",
                    "role": "primary", "name": "n",
                },
            });
            let occasion: Occasion = serde_json::from_value(everything).unwrap();
            assert_eq!(occasion.kind(), *kind);
        }
    }
}
