//! Sender domains of an account.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::AddDomain, _, _>(add)
        .add::<proto::ListDomains, _, _>(list)
        .add::<proto::ShowDomain, _, _>(show)
        .add::<proto::VerifyDomain, _, _>(verify)
        .add::<proto::ShowDomainHints, _, _>(hints)
        .add::<proto::RemoveDomain, _, _>(remove)
}

async fn add(api: Api, call: Call<proto::AddDomain>) -> Result<proto::Domain, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let domain = api.accounts.add_domain(&account, &call.body.name).await?;
    Ok(convert::domain(domain, &account.name))
}

async fn list(
    api: Api,
    call: Call<proto::ListDomains>,
) -> Result<proto::Page<proto::Domain>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let (after, limit) = cursor::by_name(&call.query)?;
    let domains = api.accounts.list_domains(&account, &after, limit).await?;
    Ok(cursor::page(domains, |domain| {
        convert::domain(domain, &account.name)
    }))
}

async fn show(api: Api, call: Call<proto::ShowDomain>) -> Result<proto::Domain, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let key = &call.path.domain;
    let domain = api.accounts.find_domain(&account, key).await?;
    Ok(convert::domain(domain, &account.name))
}

async fn verify(api: Api, call: Call<proto::VerifyDomain>) -> Result<proto::DomainCheck, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let key = &call.path.domain;
    let check = api.accounts.verify_domain(&account, key).await?;
    Ok(convert::domain_check(check, &account.name))
}

async fn hints(
    api: Api,
    call: Call<proto::ShowDomainHints>,
) -> Result<proto::DomainHints, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let key = &call.path.domain;
    let hints = api.accounts.domain_hints(&account, key).await?;
    Ok(proto::DomainHints {
        hints: hints.into_iter().map(convert::domain_hint).collect(),
    })
}

async fn remove(api: Api, call: Call<proto::RemoveDomain>) -> Result<proto::Nothing, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let key = &call.path.domain;
    api.accounts.remove_domain(&account, key).await?;
    Ok(proto::Nothing {})
}
