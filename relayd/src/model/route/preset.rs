//! Submission servers of Microsoft beside Exchange Online, ready to use.

use super::{Handling, Pace, RouteKind, UnknownOutcome};
use crate::model::text_enum;

text_enum! {
    /// Servers whose host and limits are known.
    Preset {
        /// Azure Communication Services, Email.
        Acs = "acs",
        /// High Volume Email for Microsoft 365: recipients inside the organisation only.
        Hve = "hve",
    }
}

impl Preset {
    /// Its host.
    pub const fn server(self) -> &'static str {
        match self {
            Self::Acs => "smtp.azurecomm.net",
            Self::Hve => "smtp.hve.mx.microsoft",
        }
    }

    /// What it tolerates. A new resource of Azure Communication Services begins with 30 messages a
    /// minute; High Volume Email has no limit of rate.
    pub const fn pace(self) -> Pace {
        Pace {
            per_minute: match self {
                Self::Acs => Some(30),
                Self::Hve => None,
            },
            ..Pace::of(RouteKind::Smarthost)
        }
    }

    /// How mails are handed over: both take 50 recipients in one.
    pub const fn handling(self) -> Handling {
        Handling {
            recipients: 50,
            unknown_outcome: UnknownOutcome::Retry,
            ..Handling::of(RouteKind::Smarthost)
        }
    }
}
