//! That the domain of the senders is the customer's, where the operator wants to see that.

use relay_proto::Nothing;
use relay_proto::{
    AccountChange, AddDomain, Domain, DomainCheck, DomainPath, DomainProof, DomainState,
    EditAccount, ListDomains, NewDomain, PageQuery, VerifyDomain,
};

use super::{Desk, domain_of, is_mendable, later};
use crate::client::Part;
use crate::commands::domain::record_lines;
use crate::error::Failure;
use crate::prompt::check;

pub(super) fn prove(desk: &Desk) -> Result<(), Failure> {
    let screen = desk.screen;
    let account = desk.account()?;
    if account.domain_proof == DomainProof::Waived {
        return Ok(());
    }
    let client = desk.session.client()?;
    let listed =
        client.list::<ListDomains, _>(&desk.path(), &PageQuery::default(), &Part::default())?;
    let is_proven = |it: &&Domain| matches!(it.state, DomainState::Verified | DomainState::Failing);
    if let Some(domain) = listed.items.iter().find(is_proven) {
        screen.ok("domain", &format!("{}, proven", domain.name));
        return Ok(());
    }
    let known = listed.items.into_iter().next();
    if let Some(domain) = &known
        && look(desk, domain)?.proven
    {
        screen.ok("domain", &format!("{}, proven", domain.name));
        return Ok(());
    }
    screen.head(
        "Domain",
        "Sender addresses lie in a domain of the customer. A TXT record in its DNS proves that, \
         and stays there.",
    );
    if desk.is_operator && waives(desk)? {
        screen.ok("domain", "not to be proven; the operator answers for it");
        return Ok(());
    }
    let domain = match known {
        Some(domain) => domain,
        None => added(desk, domain_of(&account.email))?,
    };
    looks(desk, &domain)
}

/// The operator may answer for the domains of an account.
fn waives(desk: &Desk) -> Result<bool, Failure> {
    let items = [
        "prove it by a record".to_owned(),
        "I answer for the customer".to_owned(),
    ];
    if desk.session.prompts.choice("Domain", &items, 0)? == 0 {
        return Ok(false);
    }
    let change = AccountChange {
        domain_proof: Some(DomainProof::Waived),
        ..AccountChange::default()
    };
    let client = desk.session.client()?;
    client.call::<EditAccount>(&desk.path(), &change)?;
    Ok(true)
}

fn added(desk: &Desk, suggestion: &str) -> Result<Domain, Failure> {
    let prompts = &desk.session.prompts;
    let suggestion = Some(suggestion).filter(|it| !it.is_empty());
    loop {
        let name = prompts.line("Domain of the senders", suggestion, false, check::anything)?;
        let client = desk.session.client()?;
        match client.call::<AddDomain>(&desk.path(), &NewDomain { name }) {
            Ok(answer) => return Ok(answer.value),
            Err(failure) if is_mendable(&failure) => desk.screen.trouble(&failure),
            Err(failure) => return Err(failure),
        }
    }
}

/// Looks for the record, as often as the person wants.
fn looks(desk: &Desk, domain: &Domain) -> Result<(), Failure> {
    let screen = desk.screen;
    let name = &domain.name;
    let record = record_lines(domain);
    let lines: Vec<_> = record
        .trim_end()
        .lines()
        .map(|it| it.trim().to_owned())
        .collect();
    let mut is_shown = false;
    loop {
        let check = look(desk, domain)?;
        if check.proven {
            screen.ok("domain", &format!("{name}, proven"));
            return Ok(());
        }
        if !is_shown {
            screen.copy("Publish this record, in a form or a zone file:", &lines);
            is_shown = true;
        }
        screen.say(&format!("Not yet: {}", check.domain.found));
        let items = [
            "look again".to_owned(),
            "leave, and come back later".to_owned(),
        ];
        if desk.session.prompts.choice("Record", &items, 0)? == 1 {
            return Err(later(
                screen,
                &format!("Domain {name} waits for its record."),
            ));
        }
    }
}

fn look(desk: &Desk, domain: &Domain) -> Result<DomainCheck, Failure> {
    let path = DomainPath {
        account: desk.account.clone(),
        domain: domain.name.clone(),
    };
    let client = desk.session.client()?;
    Ok(client.call::<VerifyDomain>(&path, &Nothing {})?.value)
}
