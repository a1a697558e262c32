//! The doctor: what an administrator should know of the state of relayd.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints, words::words};

words! {
    /// What a finding is about.
    FindingArea {
        /// Who may connect, and how.
        Listeners = "listeners",
        /// Certificates.
        Tls = "tls",
        /// Time.
        Clock = "clock",
        /// The database and its disk.
        Store = "store",
        /// The routes of accounts.
        Exchange = "exchange",
    }
}

words! {
    /// How much a finding matters.
    FindingLevel {
        /// All is well.
        Ok = "ok",
        /// Mail goes through; something is unsafe, or will fail.
        Warning = "warning",
        /// Something does not work, or is open to anybody.
        Error = "error",
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// What it is about.
    pub area: FindingArea,
    /// How much it matters.
    pub level: FindingLevel,
    /// What was looked at, such as `certificate-expiry`; stable.
    pub check: String,
    /// What was found.
    pub sentence: String,
    /// What mends it; empty when nothing has to be.
    pub remedy: String,
}

/// Which findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorQuery {
    /// About this only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<FindingArea>,
}

/// One setting of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Setting {
    /// Its name in relayd.toml, with those of its tables before it.
    pub name: String,
    /// What is in force; passwords are masked.
    pub value: String,
}

endpoints! {
    /// Examines relayd: certificates, listeners, clock, store, and the routes of active accounts. Good news are listed, too.
    Examine: Operator Get "/v1/doctor" (Nothing, DoctorQuery, Nothing) -> 200 Page<Finding>;
    /// Lists the settings of relayd.toml that are in force, without passwords.
    ListSettings: Operator Get "/v1/doctor/configuration" (Nothing, Nothing, Nothing) -> 200 Page<Setting>;
}
