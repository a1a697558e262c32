//! Domains, and what was found of them.

use relay_proto as proto;

use crate::{
    accounts::{DomainCheck, DomainHint},
    model,
};

pub(in crate::api) fn domain(domain: model::Domain, account: &str) -> proto::Domain {
    proto::Domain {
        id: domain.id.to_string(),
        account: account.to_owned(),
        state: domain.state.into(),
        record: proto::DnsRecord {
            name: domain.record_name(),
            r#type: "TXT".to_owned(),
            value: domain.record_value(),
        },
        created_at: domain.created_at,
        verified_at: domain.verified_at,
        checked_at: domain.checked_at,
        failing_since: domain.failing_since,
        lapses_at: domain.lapses_at(),
        name: domain.name.to_string(),
        found: domain.found,
        version: domain.version,
    }
}

pub(in crate::api) fn domain_check(check: DomainCheck, account: &str) -> proto::DomainCheck {
    proto::DomainCheck {
        domain: domain(check.domain, account),
        proven: check.sight == model::Sight::Seen,
        answered: check.sight != model::Sight::Unclear,
        texts: check.texts,
        asked: check.asked,
    }
}

pub(in crate::api) fn domain_hint(hint: DomainHint) -> proto::DomainHint {
    proto::DomainHint {
        check: hint.check.to_owned(),
        level: hint.level.into(),
        sentence: hint.sentence,
        remedy: hint.remedy,
        record: hint.record,
    }
}
