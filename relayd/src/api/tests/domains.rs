//! Sender domains: registered, proven, missed, lapsed; and what may be sent from.

use std::time::Duration;

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_account, new_user, settings, smarthost, user_at};
use crate::{accounts::Settings, model::DomainProof};

const CHALLENGE: &str = "_relayd-challenge.acme.example";

fn domain_at(account: &str, domain: &str) -> proto::DomainPath {
    proto::DomainPath {
        account: account.to_owned(),
        domain: domain.to_owned(),
    }
}

impl Bench {
    /// One whose accounts have to prove their domains.
    async fn strict() -> Self {
        let bench = Self::with(Settings {
            domain_proof: DomainProof::Required,
            ..settings()
        })
        .await;
        bench.customer("acme").await;
        bench
    }

    async fn add_domain(&self, account: &str, name: &str) -> Result<proto::Domain, proto::Problem> {
        let new = proto::NewDomain {
            name: name.to_owned(),
        };
        self.call::<proto::AddDomain>(at(account), NOTHING, new)
            .await
    }

    async fn show_domain(&self, name: &str) -> proto::Domain {
        self.call::<proto::ShowDomain>(domain_at("acme", name), NOTHING, NOTHING)
            .await
            .unwrap()
    }

    async fn verify(&self, account: &str, name: &str) -> proto::DomainCheck {
        self.call::<proto::VerifyDomain>(domain_at(account, name), NOTHING, NOTHING)
            .await
            .unwrap()
    }

    /// A domain of `acme` with its record in DNS.
    async fn proven(&self, name: &str) -> proto::Domain {
        let added = self.add_domain("acme", name).await.unwrap();
        self.dns.publish(&added.record.name, &[&added.record.value]);
        let check = self.verify("acme", name).await;
        assert!(check.proven && check.answered);
        check.domain
    }

    /// Why a relay user of `acme` with this sender is not created.
    async fn why_not(&self, sender: &str) -> Option<String> {
        let new = proto::NewRelayUser {
            sender: sender.to_owned(),
            ..new_user(None)
        };
        let made = self
            .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new)
            .await;
        made.err().map(|problem| problem.code)
    }
}

#[tokio::test]
async fn a_relay_user_sends_from_domains_that_are_proven() {
    let bench = Bench::strict().await;
    let not_proven = Some("domain-not-verified".to_owned());
    assert_eq!(bench.why_not("scanner@acme.example").await, not_proven);
    let added = bench.add_domain("acme", "ACME.example.").await.unwrap();
    assert_eq!(
        (added.name.as_str(), added.record.name.as_str(), added.state),
        ("acme.example", CHALLENGE, proto::DomainState::Pending)
    );
    let value = &added.record.value;
    assert!(value.starts_with("relayd-domain-proof="), "{value}");

    let check = bench.verify("acme", "acme.example").await;
    assert!(check.answered && !check.proven);
    assert!(check.domain.found.contains("no TXT record"), "{check:?}");
    assert_eq!(bench.why_not("scanner@acme.example").await, not_proven);
    bench.dns.publish(CHALLENGE, &["other", value]);
    let check = bench.verify("acme", "acme.example").await;
    assert!(check.proven);
    assert_eq!(check.texts, ["other", value]);
    for (sender, why_not) in [
        ("scanner@acme.example", None),
        ("scanner@mail.acme.example", None),
        ("scanner@notacme.example", not_proven.clone()),
    ] {
        assert_eq!(bench.why_not(sender).await, why_not, "{sender}");
    }
    let new = proto::NewRelayUser {
        allowed_senders: vec!["a@acme.example".to_owned(), "b@shop.example".to_owned()],
        ..new_user(Some("scanner"))
    };
    let refused = bench
        .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new)
        .await
        .unwrap_err();
    assert_eq!(refused.detail.as_deref(), Some("b@shop.example"));
    assert!(refused.remedy.contains("relayctl domain add"));
}

#[tokio::test]
async fn an_edit_is_refused_for_what_it_adds_not_for_what_was_there() {
    let bench = Bench::strict().await;
    let waive = |proof| proto::AccountChange {
        domain_proof: Some(proof),
        ..proto::AccountChange::default()
    };
    bench
        .call::<proto::EditAccount>(at("acme"), NOTHING, waive(proto::DomainProof::Waived))
        .await
        .unwrap();
    bench.user("acme", "scanner").await;
    let account = bench
        .call::<proto::EditAccount>(at("acme"), NOTHING, waive(proto::DomainProof::Required))
        .await
        .unwrap();
    assert_eq!(account.domain_proof, proto::DomainProof::Required);
    let edit = |allowed: &[&str]| proto::RelayUserChange {
        allowed_senders: Some(allowed.iter().map(|text| (*text).to_owned()).collect()),
        other_sender: Some(proto::OtherSender::Rewrite),
        ..proto::RelayUserChange::default()
    };
    for (allowed, is_taken) in [
        (&[][..], true),
        (&["SCANNER@acme.example"], true),
        (&["erp@acme.example"], false),
    ] {
        let edited = bench
            .call::<proto::EditRelayUser>(user_at("acme", "scanner"), NOTHING, edit(allowed))
            .await;
        assert_eq!(edited.is_ok(), is_taken, "{allowed:?} {edited:?}");
    }
}

#[tokio::test]
async fn a_record_that_goes_missing_is_forgiven_for_a_week() {
    use proto::DomainState::{Failing, Lapsed, Verified};
    let bench = Bench::strict().await;
    let domain = bench.proven("acme.example").await;
    let look = async |hours: u64| {
        bench.clock.advance(Duration::from_hours(hours));
        bench.accounts.check_due_domains().await.unwrap()
    };
    assert_eq!(look(23).await, 0, "looked at this day");
    assert_eq!(look(1).await, 1);
    let generation = bench.store.generation();
    // Nobody answers: nothing is said of the proof, for however long.
    bench.dns.fail(CHALLENGE);
    for _ in 0..20 {
        assert_eq!(look(24).await, 1);
    }
    let shown = bench.show_domain("acme.example").await;
    assert_eq!(shown.state, Verified);
    assert!(shown.found.contains("did not answer"), "{shown:?}");
    assert_eq!(bench.store.generation(), generation, "nothing has changed");

    bench.dns.publish(CHALLENGE, &["other"]);
    let mut states = Vec::new();
    for _ in 0..9 {
        look(24).await;
        states.push(bench.show_domain("acme.example").await.state);
    }
    let expected = [vec![Failing; 7], vec![Lapsed; 2]].concat();
    assert_eq!(states, expected);
    let refused = Some("domain-not-verified".to_owned());
    assert_eq!(bench.why_not("scanner@acme.example").await, refused);
    bench.dns.publish(CHALLENGE, &[&domain.record.value]);
    look(24).await;
    assert_eq!(bench.show_domain("acme.example").await.state, Verified);
    assert_eq!(bench.why_not("scanner@acme.example").await, None);

    let query = proto::AuditQuery {
        actor: Some("relayd".to_owned()),
        ..proto::AuditQuery::default()
    };
    let entries = bench
        .call::<proto::ListAudit>(NOTHING, query, NOTHING)
        .await
        .unwrap()
        .items;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            assert_eq!(entry.account.as_deref(), Some("acme"));
            assert_eq!(entry.object, "domain acme.example");
            entry.after.as_ref().unwrap()["state"].as_str().unwrap()
        })
        .collect();
    assert_eq!(told, ["verified", "lapsed", "failing"]);
}

#[tokio::test]
async fn each_account_proves_a_domain_by_a_record_of_its_own() {
    let bench = Bench::strict().await;
    bench.customer("office").await;
    let first = bench.proven("acme.example").await;
    let second = bench.add_domain("office", "acme.example").await.unwrap();
    assert_ne!(first.record.value, second.record.value);
    assert_eq!(first.record.name, second.record.name);
    assert!(!bench.verify("office", "acme.example").await.proven);
    bench
        .dns
        .publish(CHALLENGE, &[&first.record.value, &second.record.value]);
    assert!(bench.verify("office", "acme.example").await.proven);
    assert!(bench.verify("acme", "acme.example").await.proven);
}

#[tokio::test]
async fn a_domain_is_registered_once_found_by_either_form_and_removed() {
    let bench = Bench::strict().await;
    let added = bench.add_domain("acme", "müller.example").await.unwrap();
    assert_eq!(added.name, "xn--mller-kva.example");
    for (name, code) in [
        ("xn--MLLER-kva.example", "name-taken"),
        ("com", "invalid-value"),
        ("192.0.2.1", "invalid-value"),
        ("a@acme.example", "invalid-value"),
        ("", "invalid-value"),
    ] {
        let refused = bench.add_domain("acme", name).await.unwrap_err();
        assert_eq!(refused.code, code, "{name}");
    }
    assert_eq!(bench.show_domain("MÜLLER.example").await, added);
    assert_eq!(bench.show_domain(&added.id).await, added);
    bench.add_domain("acme", "acme.example").await.unwrap();
    let listed = bench
        .call::<proto::ListDomains>(at("acme"), proto::PageQuery::default(), NOTHING)
        .await
        .unwrap();
    let names: Vec<_> = listed.items.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["acme.example", "xn--mller-kva.example"]);
    let path = || domain_at("acme", "müller.example");
    bench
        .call::<proto::RemoveDomain>(path(), NOTHING, NOTHING)
        .await
        .unwrap();
    let gone = bench
        .call::<proto::RemoveDomain>(path(), NOTHING, NOTHING)
        .await;
    assert_eq!(gone.unwrap_err().code, "not-found");
}

#[tokio::test]
async fn an_account_makes_relayd_ask_dns_so_often_and_no_more() {
    let bench = Bench::strict().await;
    bench.add_domain("acme", "acme.example").await.unwrap();
    for _ in 0..60 {
        bench.verify("acme", "acme.example").await;
    }
    let path = || domain_at("acme", "acme.example");
    let refused = bench
        .call::<proto::ShowDomainHints>(path(), NOTHING, NOTHING)
        .await;
    assert_eq!(refused.unwrap_err().code, "requests-throttled");
    bench.clock.advance(Duration::from_mins(15));
    bench.verify("acme", "acme.example").await;
}

#[tokio::test]
async fn the_operator_decides_which_accounts_prove_their_domains() {
    let bench = Bench::new().await;
    let account = bench.customer("acme").await;
    assert_eq!(account.domain_proof, proto::DomainProof::Waived);
    let new = proto::NewAccount {
        domain_proof: Some(proto::DomainProof::Required),
        ..new_account("strict")
    };
    let strict = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new)
        .await
        .unwrap();
    assert_eq!(strict.account.domain_proof, proto::DomainProof::Required);
}

/// `mail.acme.example` of an account whose mail leaves through Exchange Online.
async fn at_exchange_online() -> Bench {
    let bench = Bench::strict().await;
    let route = proto::RouteSettings {
        server: Some("smtp.office365.com".to_owned()),
        ..smarthost()
    };
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, route)
        .await
        .unwrap();
    bench.add_domain("acme", "mail.acme.example").await.unwrap();
    bench
}

/// What a hint on `mail.acme.example` says: its level, and its sentence with its remedy.
async fn hint(bench: &Bench, check: &str) -> (proto::FindingLevel, String) {
    let path = domain_at("acme", "mail.acme.example");
    let found = bench
        .call::<proto::ShowDomainHints>(path, NOTHING, NOTHING)
        .await
        .unwrap();
    let hint = found.hints.iter().find(|hint| hint.check == check).unwrap();
    (hint.level, format!("{} | {}", hint.sentence, hint.remedy))
}

#[tokio::test]
async fn spf_is_followed_to_exchange_online() {
    use proto::FindingLevel::{Ok, Warning};
    const INCLUDE: &str = "v=spf1 include:spf.protection.outlook.com -all";
    let bench = at_exchange_online().await;
    let (level, text) = hint(&bench, "spf").await;
    let wanted = "v=spf1 include:spf.protection.outlook.com";
    assert!(level == Warning && text.contains(wanted), "{text}");
    for (name, text) in [
        (
            "_spf.acme.example",
            "v=spf1 include:_m365.acme.example -all",
        ),
        ("_m365.acme.example", INCLUDE),
        (
            "loop.example",
            "v=spf1 include:LOOP.example include:a.example -all",
        ),
    ] {
        bench.dns.publish(name, &[text]);
    }
    for (texts, level, part) in [
        (&["v=spf1 ~all"][..], Warning, "add include:spf.protection"),
        (&["v=spf1 ~all", "v=spf1 -all"], Warning, "merge them"),
        (&["v=spf1 +all"], Warning, "every server"),
        (&[INCLUDE], Ok, "allows Exchange Online"),
        (
            &["v=spf1 redirect=_spf.acme.example"],
            Ok,
            "allows Exchange",
        ),
        (
            &["v=spf1 include:loop.example -all"],
            Warning,
            "does not allow",
        ),
    ] {
        bench.dns.publish("mail.acme.example", texts);
        let (found, text) = hint(&bench, "spf").await;
        assert!(found == level && text.contains(part), "{text}");
    }
    bench.dns.fail("mail.acme.example");
    let (level, text) = hint(&bench, "spf").await;
    assert!(level == Warning && text.contains("could not be"), "{text}");
}

#[tokio::test]
async fn the_dmarc_policy_of_the_domain_above_counts() {
    use proto::FindingLevel::{Ok, Warning};
    let bench = at_exchange_online().await;
    let (level, text) = hint(&bench, "dmarc").await;
    let wanted = "at _dmarc.mail.acme.example: v=DMARC1";
    assert!(level == Warning && text.contains(wanted), "{text}");
    bench
        .dns
        .publish("_dmarc.acme.example", &["v=DMARC1; p=none; sp=reject"]);
    let (level, text) = hint(&bench, "dmarc").await;
    let inherited = "inherited from acme.example, has receivers reject";
    assert!(level == Ok && text.contains(inherited), "{text}");
    bench
        .dns
        .publish("_dmarc.mail.acme.example", &["v=DMARC1; p=none"]);
    let (level, text) = hint(&bench, "dmarc").await;
    assert!(
        level == Ok && text.contains("nothing but reports"),
        "{text}"
    );
}
