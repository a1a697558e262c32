//! Promises about a configuration that is written as a whole.

use relayd::{
    model::{
        Account, DomainId, DomainState, LimitSet, Override, Plan, SubscriptionId, SystemAuth,
        SystemId, UserId,
    },
    store::{
        NewSubscription, Reconfiguration, ReconfigureError, Stamp, Step, StoreError,
        WriteSystemError,
    },
};

use super::{
    audit::origin,
    world::{IDS, World, a_credential, noon},
};

impl World {
    async fn mine(&self) -> Account {
        self.store.account(self.account).await.unwrap().unwrap()
    }

    async fn stamp(&self) -> Stamp {
        let stamp = self.store.configuration_stamp(self.account);
        stamp.await.unwrap()
    }

    async fn apply(&self, stamp: Stamp, steps: &[Step]) -> Result<(), ReconfigureError> {
        let account = self.mine().await;
        let all = Reconfiguration {
            account: &account,
            stamp,
            steps,
            most_domains: 1,
            now: noon(),
        };
        let store = self.store.on_behalf_of(origin(1, "operator"));
        store.reconfigure(&all).await
    }

    fn new_system(&self, name: &str, network: &str, auth: SystemAuth) -> Step {
        let id = SystemId::new(&IDS, noon());
        Step::AddSystem(relayd::model::System {
            auth,
            ..self.a_system(id, name, network)
        })
    }

    fn new_user(&self, name: &str) -> Step {
        let user = self.a_relay_user(UserId::new(&IDS, noon()), name);
        Step::AddUser(user, a_credential())
    }

    fn new_domain(&self, name: &str) -> Step {
        Step::AddDomain(relayd::model::Domain {
            id: DomainId::new(&IDS, noon()),
            account_id: self.account,
            name: name.parse().unwrap(),
            token: "abcdefghijkmnopqrstuvwxyz2".to_owned(),
            state: DomainState::Pending,
            created_at: noon(),
            verified_at: None,
            failing_since: None,
            checked_at: None,
            next_check_at: noon(),
            found: String::new(),
            version: 1,
        })
    }

    async fn book(&self, name: &str) -> Plan {
        let plan = self.store.plan_by_name(name).await.unwrap().unwrap();
        let new = NewSubscription {
            id: SubscriptionId::new(&IDS, noon()),
            account_id: self.account,
            plan_id: plan.id,
            started_at: noon(),
        };
        self.store.start_subscription(&new).await.unwrap();
        plan
    }
}

fn nine_a_day() -> Override {
    Override {
        limits: LimitSet {
            messages_per_day: Some(9),
            ..LimitSet::default()
        },
        set_by: relayd::model::Authority::Operator,
    }
}

pub(super) async fn a_configuration_is_written_as_a_whole_with_an_entry_each(world: World) {
    let plan = world.book("starter").await;
    let before = world.stamp().await;
    assert_eq!(before, world.stamp().await, "nothing changed");
    let generation = world.store.generation();
    let account = world.mine().await;
    let system = world.new_system("mfp", "198.51.100.7/32", SystemAuth::Password);
    let Step::AddSystem(added) = &system else {
        panic!("a system");
    };
    let limits = nine_a_day();
    let subject = relayd::model::Subject::System(added.id);
    let steps = [
        Step::Contact(
            Box::new(Account {
                note: String::new(),
                bounces_to: relayd::model::BouncesTo::None,
                ..account
            }),
            false,
        ),
        world.new_user("fax"),
        world.new_domain("acme.example"),
        system.clone(),
        Step::SetLimits(subject, "mfp".to_owned(), limits),
    ];
    world.apply(before, &steps).await.unwrap();
    assert_ne!(world.stamp().await, before);
    assert_eq!(world.store.generation(), generation + 1, "told once");
    assert_eq!(world.rows("domains").await, 1);
    assert_eq!(world.store.limits_of(subject).await.unwrap(), Some(limits));
    assert!(
        world
            .store
            .relay_user_by_name("fax")
            .await
            .unwrap()
            .is_some()
    );
    let told = world
        .texts("SELECT action AS t FROM audit ORDER BY id")
        .await;
    assert_eq!(
        told,
        [
            "CreateToken",
            "EditAccount",
            "CreateRelayUser",
            "AddDomain",
            "AddSystem",
            "SetLimits"
        ],
        "the request, and each change"
    );
    assert!(
        world
            .store
            .check_audit(None)
            .await
            .unwrap()
            .broken
            .is_none()
    );

    // What it was based on is no more.
    let again = world.apply(before, &[world.new_user("late")]).await;
    assert!(matches!(again, Err(ReconfigureError::Stale)), "{again:?}");
    assert!(plan.relay_users >= 2);
}

/// Tells whether a failure is the right one.
type Expected = fn(&ReconfigureError) -> bool;

pub(super) async fn of_a_configuration_that_cannot_be_nothing_is_written(world: World) {
    let plan = world.book("starter").await;
    let other = world.new_system("first", "198.51.100.0/24", SystemAuth::Address);
    let stamp = world.stamp().await;
    world.apply(stamp, &[other]).await.unwrap();
    let stamp = world.stamp().await;
    let (entries, systems) = (world.rows("audit").await, world.rows("systems").await);
    let good = world.new_system("good", "203.0.113.1/32", SystemAuth::Password);
    let crowd: Vec<_> = (0..plan.relay_users)
        .map(|number| world.new_user(&format!("user-{number}")))
        .collect();
    let taken = world.store.relay_user(world.user).await.unwrap().unwrap();
    let bad: [(Vec<Step>, Expected); 4] = [
        (crowd, |error| {
            matches!(error, ReconfigureError::OverPlan { .. })
        }),
        (vec![world.new_user(&taken.username)], |error| {
            matches!(error, ReconfigureError::Step(1, StoreError::Conflict(_)))
        }),
        (
            vec![world.new_domain("a.example"), world.new_domain("b.example")],
            |error| matches!(error, ReconfigureError::TooManyDomains(2)),
        ),
        (
            vec![world.new_system("late", "198.51.100.9/32", SystemAuth::Address)],
            |error| {
                let ReconfigureError::System(error) = error else {
                    return false;
                };
                matches!(error, WriteSystemError::Overlap { system, .. } if system == "first")
            },
        ),
    ];
    for (steps, is_expected) in bad {
        let all = [vec![good.clone()], steps].concat();
        let refused = world.apply(stamp, &all).await.unwrap_err();
        assert!(is_expected(&refused), "{refused}");
        assert_eq!(world.stamp().await, stamp);
        assert_eq!(world.rows("audit").await, entries);
        assert_eq!(world.rows("systems").await, systems);
    }
}

/// Each in its turn, addresses would overlap for a moment.
pub(super) async fn systems_may_swap_their_addresses(world: World) {
    let one = world.new_system("one", "198.51.100.1/32", SystemAuth::Address);
    let two = world.new_system("two", "198.51.100.2/32", SystemAuth::Address);
    let stamp = world.stamp().await;
    world
        .apply(stamp, &[one.clone(), two.clone()])
        .await
        .unwrap();
    let (Step::AddSystem(mut one), Step::AddSystem(mut two)) = (one, two) else {
        panic!("systems");
    };
    std::mem::swap(&mut one.network, &mut two.network);
    let stamp = world.stamp().await;
    let swapped = [Step::EditSystem(one.clone()), Step::EditSystem(two)];
    world.apply(stamp, &swapped).await.unwrap();
    let found = world.store.system(one.id).await.unwrap().unwrap();
    assert_eq!(found.network, one.network);
}
