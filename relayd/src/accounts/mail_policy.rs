//! What a domain says of its own mail, SPF and DMARC, and what that means for mail that goes out
//! through the account's route. Hints: nothing is refused by them.

use super::{Accounts, AdminError, domain::shown};
use crate::model::{Account, DomainName, FindingLevel, Route};

/// Lookups of one SPF policy (RFC 7208 §4.6.4): receivers give up after as many.
const MOST_LOOKUPS: usize = 10;
/// Names above a domain that are looked at for its DMARC policy.
const MOST_PARENTS: usize = 4;

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainHint {
    /// `spf` or `dmarc`.
    pub check: &'static str,
    /// How much it matters.
    pub level: FindingLevel,
    /// What was found, as one sentence without its full stop.
    pub sentence: String,
    /// What mends it, as one sentence without its full stop; empty when nothing has to be.
    pub remedy: String,
    /// The record, when there is one.
    pub record: Option<String>,
}

impl DomainHint {
    fn ok(check: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            check,
            level: FindingLevel::Ok,
            sentence: sentence.into(),
            remedy: String::new(),
            record: None,
        }
    }

    fn warning(
        check: &'static str,
        sentence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            level: FindingLevel::Warning,
            remedy: remedy.into(),
            ..Self::ok(check, sentence)
        }
    }

    fn with_record(self, record: &str) -> Self {
        Self {
            record: Some(shown(record)),
            ..self
        }
    }
}

impl Accounts {
    /// What SPF and DMARC of a domain say of mail through the account's route.
    pub async fn domain_hints(
        &self,
        account: &Account,
        key: &str,
    ) -> Result<Vec<DomainHint>, AdminError> {
        let domain = self.find_domain(account, key).await?;
        self.spend_lookup(account)?;
        let route = self.store.route_of(account.id).await?;
        let include = route.as_ref().and_then(cloud_include);
        let (spf, dmarc) = tokio::join!(
            self.spf_hint(&domain.name, include),
            self.dmarc_hint(&domain.name),
        );
        Ok(vec![spf, dmarc])
    }

    /// What SPF of a domain says of mail by a route.
    pub(super) async fn spf_of(&self, domain: &DomainName, route: &Route) -> DomainHint {
        self.spf_hint(domain, cloud_include(route)).await
    }

    async fn spf_hint(&self, domain: &DomainName, include: Option<&'static str>) -> DomainHint {
        let policies = match self.dns.texts(domain.as_str()).await.found {
            Ok(texts) => spf_policies(&texts),
            Err(why) => return unanswered("spf", domain.as_str(), &why),
        };
        let wanted = include.map_or_else(
            || "v=spf1 include:SERVERS-OF-YOUR-ROUTE ~all".to_owned(),
            |include| format!("v=spf1 include:{include} ~all"),
        );
        let [policy] = policies.as_slice() else {
            return if policies.is_empty() {
                DomainHint::warning(
                    "spf",
                    format!("{domain} has no SPF record"),
                    format!("publish a TXT record at {domain}: {wanted}"),
                )
            } else {
                let count = policies.len();
                DomainHint::warning(
                    "spf",
                    format!("{domain} has {count} SPF records, which receivers take for none"),
                    "merge them into one".to_owned(),
                )
            };
        };
        let record = policy.text.clone();
        let hint = self.judge_spf(domain, policy, include).await;
        hint.with_record(&record)
    }

    async fn judge_spf(
        &self,
        domain: &DomainName,
        policy: &SpfPolicy,
        include: Option<&'static str>,
    ) -> DomainHint {
        if policy.passes_all {
            return DomainHint::warning(
                "spf",
                format!("SPF of {domain} allows every server of the world"),
                "end the record with ~all or -all".to_owned(),
            );
        }
        let Some(include) = include else {
            return DomainHint::ok(
                "spf",
                format!("{domain} has an SPF record; it must name the servers of the route"),
            );
        };
        if self.reaches(policy, include).await {
            return DomainHint::ok("spf", format!("SPF of {domain} allows Exchange Online"));
        }
        DomainHint::warning(
            "spf",
            format!("SPF of {domain} does not allow Exchange Online"),
            format!("add include:{include} to the record, before its all"),
        )
    }

    /// Whether a policy includes another one, itself or by those that it includes.
    async fn reaches(&self, policy: &SpfPolicy, include: &str) -> bool {
        let mut names = policy.included.clone();
        let mut looked_at = 0;
        while let Some(name) = names.get(looked_at).cloned() {
            if name == include {
                return true;
            }
            looked_at += 1;
            if looked_at > MOST_LOOKUPS {
                return false;
            }
            let texts = self.dns.texts(&name).await.found.unwrap_or_default();
            for further in spf_policies(&texts).into_iter().flat_map(|it| it.included) {
                if !names.contains(&further) && names.len() <= MOST_LOOKUPS {
                    names.push(further);
                }
            }
        }
        false
    }

    /// The policy of the domain, or of the nearest one above it (RFC 7489 §6.6.3).
    async fn dmarc_hint(&self, domain: &DomainName) -> DomainHint {
        let own = domain.as_str();
        let parents = std::iter::successors(Some(own), |name| {
            let above = name.split_once('.')?.1;
            above.contains('.').then_some(above)
        });
        for name in parents.take(MOST_PARENTS) {
            let texts = match self.dns.texts(&format!("_dmarc.{name}")).await.found {
                Ok(texts) => texts,
                Err(why) => return unanswered("dmarc", &format!("_dmarc.{name}"), &why),
            };
            let records: Vec<_> = texts.iter().filter(|text| is_dmarc(text)).collect();
            match records.as_slice() {
                [] => {}
                [record] => return judge_dmarc(own, name, record).with_record(record),
                several => {
                    let count = several.len();
                    return DomainHint::warning(
                        "dmarc",
                        format!("{name} has {count} DMARC records, which receivers take for none"),
                        "leave one of them",
                    );
                }
            }
        }
        DomainHint::warning(
            "dmarc",
            format!("{own} has no DMARC policy"),
            format!("publish a TXT record at _dmarc.{own}: v=DMARC1; p=none; rua=mailto:ADDRESS"),
        )
    }
}

fn unanswered(check: &'static str, name: &str, why: &str) -> DomainHint {
    let sentence = format!("{name} could not be looked up: {}", shown(why));
    DomainHint::warning(check, sentence, "try again later")
}

/// What SPF has to include where a route leads to Exchange Online, by its cloud.
fn cloud_include(route: &Route) -> Option<&'static str> {
    if route.mx_of.is_some() && route.server.is_empty() {
        // The MX of a tenant, which this machine hands its mail to.
        return Some("spf.protection.outlook.com");
    }
    let server = route.server.to_ascii_lowercase();
    let is_in = |domain: &str| server == domain || server.ends_with(&format!(".{domain}"));
    if is_in("office365.com") || is_in("mail.protection.outlook.com") {
        Some("spf.protection.outlook.com")
    } else if is_in("office365.us") {
        Some("spf.protection.office365.us")
    } else if is_in("partner.outlook.cn") {
        Some("spf.protection.partner.outlook.cn")
    } else {
        None
    }
}

/// An SPF policy (RFC 7208), as far as the hints look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SpfPolicy {
    text: String,
    /// Whether it lets everything pass.
    passes_all: bool,
    /// The policies that it takes in, in lower case.
    included: Vec<String>,
}

/// Those among the TXT records of a name.
fn spf_policies(texts: &[String]) -> Vec<SpfPolicy> {
    let is_spf = |text: &&String| {
        let version = text.split(' ').next().unwrap_or_default();
        version.eq_ignore_ascii_case("v=spf1")
    };
    texts
        .iter()
        .filter(is_spf)
        .map(|text| parse_spf(text))
        .collect()
}

fn parse_spf(text: &str) -> SpfPolicy {
    let mut policy = SpfPolicy {
        text: text.to_owned(),
        passes_all: false,
        included: Vec::new(),
    };
    let terms: Vec<_> = text
        .split_ascii_whitespace()
        .skip(1)
        .map(str::to_ascii_lowercase)
        .collect();
    let mut redirect = None;
    for term in &terms {
        let directive = term.trim_start_matches(['+', '-', '~', '?']);
        if directive == "all" {
            policy.passes_all = directive.len() == term.len() || term.starts_with('+');
            // What stands behind is not looked at, a redirect neither (RFC 7208 §5.1).
            return policy;
        }
        if let Some(name) = directive.strip_prefix("include:") {
            policy.included.push(target(name));
        } else if let Some(name) = term.strip_prefix("redirect=") {
            redirect = Some(target(name));
        }
    }
    policy.included.extend(redirect);
    policy
}

fn target(name: &str) -> String {
    name.trim_end_matches('.').to_owned()
}

fn is_dmarc(text: &str) -> bool {
    let version = text.split(';').next().unwrap_or_default();
    let version: String = version.split_whitespace().collect();
    version.eq_ignore_ascii_case("v=DMARC1")
}

/// The value of a tag of a DMARC record, in lower case.
fn dmarc_tag(record: &str, tag: &str) -> Option<String> {
    record.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case(tag)
            .then(|| value.trim().to_ascii_lowercase())
    })
}

/// What the record at `name` means for mail of the domain `own`, which is the same or below.
fn judge_dmarc(own: &str, name: &str, record: &str) -> DomainHint {
    let inherited = (own != name).then(|| dmarc_tag(record, "sp")).flatten();
    let policy = inherited.or_else(|| dmarc_tag(record, "p"));
    let whose = if own == name {
        format!("DMARC of {own}")
    } else {
        format!("DMARC of {own}, inherited from {name},")
    };
    let aligned = "SPF or DKIM must pass for a name in the domain: switch on DKIM for it in \
                   Microsoft 365 or at the server of the route";
    match policy.as_deref() {
        Some("none") => DomainHint::ok(
            "dmarc",
            format!("{whose} asks receivers for nothing but reports"),
        ),
        Some(policy @ ("quarantine" | "reject")) => DomainHint {
            remedy: aligned.to_owned(),
            ..DomainHint::ok(
                "dmarc",
                format!("{whose} has receivers {policy} mail that is not authenticated"),
            )
        },
        _ => DomainHint::warning(
            "dmarc",
            format!("{whose} has no valid policy"),
            format!("give the record at _dmarc.{name} a tag p=none, p=quarantine or p=reject"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spf_policies_are_found_and_read() {
        let read = |text: &str| {
            let policies = spf_policies(&[text.to_owned()]);
            policies
                .into_iter()
                .map(|it| (it.passes_all, it.included.join(" ")))
                .next()
        };
        for (text, expected) in [
            (
                "v=spf1 include:spf.protection.outlook.com -all",
                Some((false, "spf.protection.outlook.com")),
            ),
            (
                "V=SPF1 Include:SPF.Protection.Outlook.COM. ~ALL",
                Some((false, "spf.protection.outlook.com")),
            ),
            (
                "v=spf1 +include:a.example ?include:b.example",
                Some((false, "a.example b.example")),
            ),
            (
                "v=spf1 redirect=_spf.acme.example",
                Some((false, "_spf.acme.example")),
            ),
            ("v=spf1 redirect=_spf.acme.example -all", Some((false, ""))),
            ("v=spf1 -all include:late.example", Some((false, ""))),
            ("v=spf1 +all", Some((true, ""))),
            ("v=spf1 all", Some((true, ""))),
            ("v=spf1 ?all", Some((false, ""))),
            ("v=spf1", Some((false, ""))),
            ("v=spf1 include: \u{fffd} ip4:= ::", Some((false, ""))),
            ("v=spf10 +all", None),
            ("spf2.0/pra include:a.example", None),
            ("v=spf1include:a.example", None),
            ("", None),
        ] {
            let expected = expected.map(|(all, included): (bool, &str)| (all, included.to_owned()));
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn dmarc_records_are_told_from_others() {
        for (text, is) in [
            ("v=DMARC1; p=none", true),
            ("v = DMARC1 ;p=none", true),
            ("v=DMARC1", true),
            ("v=DMARC10; p=none", false),
            ("p=none; v=DMARC1", false),
            ("", false),
        ] {
            assert_eq!(is_dmarc(text), is, "{text}");
        }
    }

    #[test]
    fn a_dmarc_policy_is_that_of_the_domain_or_for_those_below() {
        use FindingLevel::{Ok, Warning};
        for (own, record, level, part) in [
            (
                "acme.example",
                "v=DMARC1; p=none",
                Ok,
                "nothing but reports",
            ),
            (
                "acme.example",
                "v=DMARC1; P = Reject; sp=none",
                Ok,
                "has receivers reject",
            ),
            (
                "acme.example",
                "v=DMARC1;p=quarantine;",
                Ok,
                "receivers quarantine",
            ),
            (
                "mail.acme.example",
                "v=DMARC1; p=reject; sp=none",
                Ok,
                "nothing but reports",
            ),
            (
                "mail.acme.example",
                "v=DMARC1; p=reject",
                Ok,
                "inherited from acme.example",
            ),
            (
                "acme.example",
                "v=DMARC1; p=maybe",
                Warning,
                "no valid policy",
            ),
            (
                "acme.example",
                "v=DMARC1; ;;=;p",
                Warning,
                "no valid policy",
            ),
        ] {
            let hint = judge_dmarc(own, "acme.example", record);
            assert_eq!(hint.level, level, "{record}");
            assert!(hint.sentence.contains(part), "{}", hint.sentence);
        }
    }
}
