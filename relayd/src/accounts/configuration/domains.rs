//! Domains of a configuration: which come and go, and which are proven afterwards.

use super::{Action, Part, Wanted, plan::Work};
use crate::{
    accounts::{Accounts, AdminError, domain},
    model::{DomainName, DomainProof, SenderDomains},
    store::Step,
};

impl Accounts {
    pub(super) fn plan_domains(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let mut named: Vec<DomainName> = Vec::new();
        for text in work.unrepeated("domains", wanted.domains.iter().map(String::as_str)) {
            let at = format!("domains.{text}");
            let name: Result<DomainName, _> = text.trim().parse();
            match name {
                Err(error) => work.refuse(&at, error.to_string()),
                Ok(name) if named.contains(&name) => work.refuse(&at, "is named twice"),
                Ok(name) if work.present.domains.iter().any(|it| it.name == name) => {
                    named.push(name);
                }
                Ok(name) => {
                    let domain = self.new_domain(work.present.account.id, name.clone())?;
                    work.steps.new.push(Step::AddDomain(domain));
                    work.note(Action::Add, Part::Domain, text.trim(), Vec::new());
                    named.push(name);
                }
            }
        }
        let mut count = named.len();
        for domain in &work.present.domains {
            if named.contains(&domain.name) {
                continue;
            }
            let name = domain.name.to_string();
            if work.is_pruned {
                work.steps.gone.push(Step::RemoveDomain(domain.clone()));
                work.note(Action::Remove, Part::Domain, &name, Vec::new());
            } else {
                work.leave(Part::Domain, &name);
                count += 1;
            }
        }
        let adds = |step: &Step| matches!(step, Step::AddDomain(_));
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count > domain::MOST && work.steps.new.iter().any(adds) {
            work.accept::<()>("domains", Err(domain::too_many(count)))?;
        }
        Ok(())
    }
}

/// Where senders may lie: what goes with this change is proven no more.
pub(super) fn proven(work: &Work<'_>) -> SenderDomains {
    if work.account.domain_proof == DomainProof::Waived {
        return SenderDomains::Any;
    }
    let goes = |name: &DomainName| {
        work.steps
            .gone
            .iter()
            .any(|step| matches!(step, Step::RemoveDomain(domain) if domain.name == *name))
    };
    let domains = work.present.domains.iter();
    let proven = domains.filter(|it| it.state.is_proven() && !goes(&it.name));
    SenderDomains::Proven(proven.map(|it| it.name.clone()).collect())
}
