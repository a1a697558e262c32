//! Promises about sender domains.

use relayd::{
    model::{
        AccountId, AccountState, Domain, DomainId, DomainProof, DomainState, SenderDomains, Sight,
    },
    store::{InsertDomainError, StoreError},
};

use super::world::{IDS, World, an_account, later, noon};

pub(super) fn a_domain(account: AccountId, name: &str) -> Domain {
    Domain {
        id: DomainId::new(&IDS, noon()),
        account_id: account,
        name: name.parse().unwrap(),
        token: format!("token-of-{name}"),
        state: DomainState::Pending,
        created_at: noon(),
        verified_at: None,
        failing_since: None,
        checked_at: None,
        next_check_at: later(600),
        found: String::new(),
        version: 1,
    }
}

impl World {
    async fn domain(&self, id: DomainId) -> Domain {
        self.store.domain(id).await.unwrap().unwrap()
    }
}

pub(super) async fn domains_stop_at_the_cap_and_are_an_accounts_own(world: World) {
    let other = an_account(AccountId::new(&IDS, noon()), "other");
    world.store.insert_account(&other).await.unwrap();
    let first = a_domain(world.account, "b.example");
    world.store.insert_domain(&first, 2).await.unwrap();
    assert_eq!(world.domain(first.id).await, first);
    let again = a_domain(world.account, "b.example");
    let taken = world.store.insert_domain(&again, 2).await;
    assert!(matches!(
        taken,
        Err(InsertDomainError::Store(StoreError::Conflict(_)))
    ));
    let second = a_domain(world.account, "a.example");
    world.store.insert_domain(&second, 2).await.unwrap();
    let third = a_domain(world.account, "c.example");
    let over = world.store.insert_domain(&third, 2).await;
    assert!(matches!(over, Err(InsertDomainError::OverLimit(2))));
    // The same domain of another account is another one.
    let same = a_domain(other.id, "b.example");
    world.store.insert_domain(&same, 2).await.unwrap();

    let (name, account) = (&first.name, world.account);
    let found = world.store.domain_by_name(account, name).await.unwrap();
    assert_eq!(found.as_ref(), Some(&first));
    let page = world.store.domains(account, "", 1).await.unwrap();
    assert_eq!(page, std::slice::from_ref(&second));
    let rest = world.store.domains(account, "a.example", 9).await.unwrap();
    assert_eq!(rest, [first]);
    world.store.delete_domain(second.id).await.unwrap();
    let gone = world.store.delete_domain(second.id).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
    world.store.insert_domain(&third, 2).await.unwrap();
}

pub(super) async fn a_look_at_a_domain_is_kept_and_overwrites_no_other(world: World) {
    let mut domain = a_domain(world.account, "acme.example");
    world.store.insert_domain(&domain, 9).await.unwrap();
    let stale = domain.clone();
    let generation = world.store.generation();
    domain.note(Sight::Missing, "nothing".to_owned(), later(600));
    world.store.note_domain_check(&domain).await.unwrap();
    domain.version += 1;
    assert_eq!(world.domain(domain.id).await, domain);
    assert_eq!(world.store.generation(), generation, "nothing has changed");

    domain.note(Sight::Seen, "there".to_owned(), later(700));
    world.store.update_domain(&domain).await.unwrap();
    domain.version += 1;
    assert_eq!(world.domain(domain.id).await, domain);
    assert!(world.store.generation() > generation);
    for late in [
        world.store.update_domain(&stale).await,
        world.store.note_domain_check(&stale).await,
    ] {
        assert!(matches!(late, Err(StoreError::NotFound)));
    }
    assert_eq!(world.domain(domain.id).await, domain);
}

pub(super) async fn domains_are_due_in_turn_and_those_of_closed_accounts_never(world: World) {
    let mut closed = an_account(AccountId::new(&IDS, noon()), "closed");
    world.store.insert_account(&closed).await.unwrap();
    for (account, name, due) in [
        (world.account, "late.example", 30),
        (world.account, "early.example", 10),
        (world.account, "middle.example", 20),
        (closed.id, "closed.example", 10),
    ] {
        let domain = Domain {
            next_check_at: later(due),
            ..a_domain(account, name)
        };
        world.store.insert_domain(&domain, 9).await.unwrap();
    }
    closed.state = AccountState::Closed;
    world.store.update_account_state(&closed).await.unwrap();
    let due = async |seconds, limit| {
        let due = world
            .store
            .domains_due(later(seconds), limit)
            .await
            .unwrap();
        let names = due.iter().map(|domain| domain.name.to_string());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(due(9, 9).await, "");
    assert_eq!(due(20, 9).await, "early.example middle.example");
    assert_eq!(due(99, 1).await, "early.example");
    assert_eq!(
        due(99, 9).await,
        "early.example middle.example late.example"
    );
}

pub(super) async fn a_sign_in_knows_the_proven_domains_unless_the_proof_is_waived(world: World) {
    let domains = async || {
        let login = world.store.login("scanner").await.unwrap().unwrap();
        login.standing.sender_domains
    };
    assert_eq!(domains().await, SenderDomains::Any);
    let mut account = world.store.account(world.account).await.unwrap().unwrap();
    account.domain_proof = DomainProof::Required;
    world.store.update_contact(&account).await.unwrap();
    assert_eq!(domains().await, SenderDomains::Proven(Vec::new()));
    for state in DomainState::ALL {
        let domain = Domain {
            state: *state,
            ..a_domain(world.account, &format!("{state}.example"))
        };
        world.store.insert_domain(&domain, 9).await.unwrap();
    }
    let SenderDomains::Proven(mut proven) = domains().await else {
        panic!("the proof is required");
    };
    proven.sort();
    let names: Vec<_> = proven.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["failing.example", "verified.example"]);
}
