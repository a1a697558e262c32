//! What relayd says of itself.

use relay_proto as proto;

use crate::model;

pub(in crate::api) fn finding(finding: model::Finding) -> proto::Finding {
    proto::Finding {
        area: finding.area.into(),
        level: finding.level.into(),
        check: finding.check.to_owned(),
        sentence: finding.sentence,
        remedy: finding.remedy,
    }
}

pub(in crate::api) fn reason(reason: model::Reason) -> proto::ReasonInfo {
    proto::ReasonInfo {
        code: reason.code().to_owned(),
        sentence: reason.sentence().to_owned(),
        remedy: reason.remedy().to_owned(),
        smtp: reason.smtp().map(|code| code.to_string()),
        http: reason.http(),
    }
}
