//! Promises about accounts and what belongs to them, the log and the statistics.

use relayd::{
    model::{
        AccountId, AccountState, Ban, Hold, HoldKind, IdSource, MessageId, MessageState, Reason,
        RecipientState, SystemAuth, SystemId, TokenId, UserId, UserState,
    },
    store::{
        AddressFilter, GroupBy, InsertUserError, LogEntry, LogFilter, Order, RefusalRecord,
        RejectFilter, Span, Store, StoreError, Token, WriteSystemError,
    },
};

use super::world::{IDS, World, a_credential, an_account, later, noon};

pub(super) async fn accounts_page_by_name_and_keep_their_version(world: World) {
    let store = &world.store;
    for name in ["beta", "gamma"] {
        let account = an_account(AccountId::new(&IDS, noon()), name);
        store.insert_account(&account).await.unwrap();
        assert_eq!(store.account_by_name(name).await.unwrap(), Some(account));
    }
    let taken = an_account(AccountId::new(&IDS, noon()), "beta");
    let taken = store.insert_account(&taken).await;
    assert_eq!(taken, Err(StoreError::Conflict("accounts.name".to_owned())));
    let page = store.accounts(None, "acme", 1).await.unwrap();
    assert_eq!(page.iter().map(|a| &*a.name).collect::<Vec<_>>(), ["beta"]);

    let mut account = store.account(world.account).await.unwrap().unwrap();
    account.state = AccountState::Active;
    account.activated_at = Some(later(1));
    store.update_account_state(&account).await.unwrap();
    let stale = store.update_account_state(&account).await;
    assert_eq!(stale, Err(StoreError::NotFound));
    account.version += 1;
    assert_eq!(store.account(world.account).await.unwrap(), Some(account));
}

pub(super) async fn relay_users_stop_at_the_cap_and_names_are_taken_once(world: World) {
    let store = &world.store;
    let second = world.a_relay_user(UserId::new(&IDS, noon()), "nas");
    let insert = async |user, cap| store.insert_relay_user(user, &a_credential(), cap).await;
    let over = insert(&second, 1).await;
    assert!(
        matches!(
            over,
            Err(InsertUserError::OverLimit {
                used: 1,
                allowed: 1
            })
        ),
        "{over:?}"
    );
    insert(&second, 2).await.unwrap();
    assert_eq!(store.count_relay_users(world.account).await.unwrap(), 2);
    let taken = world.a_relay_user(UserId::new(&IDS, noon()), "nas");
    let Err(InsertUserError::Store(StoreError::Conflict(column))) = insert(&taken, 9).await else {
        panic!("the name is taken")
    };
    assert_eq!(column, "relay_users.username");

    let mut user = store.relay_user(second.id).await.unwrap().unwrap();
    assert_eq!(user, second);
    user.state = UserState::Suspended;
    user.allowed_senders.clear();
    store.update_relay_user(&user).await.unwrap();
    assert_eq!(
        store.update_relay_user(&user).await,
        Err(StoreError::NotFound)
    );
    user.version += 1;
    assert_eq!(
        store.relay_user_by_name("nas").await.unwrap(),
        Some(user.clone())
    );
    let page = store.relay_users(world.account, "nas", 10).await.unwrap();
    let [scanner] = page.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (&*scanner.username, scanner.allowed_senders.len()),
        ("scanner", 1)
    );

    assert_eq!(world.number("SELECT COUNT(*) FROM credentials").await, 2);
    store.delete_relay_user(user.id).await.unwrap();
    assert_eq!(store.relay_user(user.id).await.unwrap(), None);
    assert_eq!(
        store.delete_relay_user(user.id).await,
        Err(StoreError::NotFound)
    );
    let named = store.delete_relay_user(world.user).await;
    assert!(matches!(named, Err(StoreError::Conflict(_))), "{named:?}");
    assert!(store.relay_user(world.user).await.unwrap().is_some());
}

pub(super) async fn systems_that_sign_in_by_address_do_not_overlap(world: World) {
    let store = &world.store;
    let system = |name: &str, network: &str| {
        let mut system = world.a_system(SystemId::new(&IDS, noon()), name, network);
        system.auth = SystemAuth::Address;
        system
    };
    let mut nas = system("nas", "198.51.100.0/24");
    store.insert_system(&nas).await.unwrap();
    let within = store.insert_system(&system("ups", "198.51.100.7")).await;
    assert!(
        matches!(within, Err(WriteSystemError::Overlap { .. })),
        "{within:?}"
    );
    let taken = store.insert_system(&system("nas", "203.0.113.1")).await;
    let Err(WriteSystemError::Store(StoreError::Conflict(columns))) = taken else {
        panic!("{taken:?}")
    };
    assert_eq!(columns, "systems.account_id, systems.name");

    nas.network = "198.51.100.0/25".parse().unwrap();
    store.update_system(&nas).await.unwrap();
    nas.version += 1;
    assert_eq!(store.system(nas.id).await.unwrap(), Some(nas.clone()));
    let by_name = store.system_by_name(world.account, "nas").await.unwrap();
    assert_eq!(by_name, Some(nas.clone()));
    let page = store.systems(world.account, "nas", 10).await.unwrap();
    assert_eq!(
        page.iter().map(|s| &*s.name).collect::<Vec<_>>(),
        ["printer"]
    );
    store.delete_system(nas.id).await.unwrap();
    assert_eq!(store.delete_system(nas.id).await, Err(StoreError::NotFound));
}

pub(super) async fn tokens_are_found_by_their_hash(world: World) {
    let store = &world.store;
    let mut token = Token {
        id: TokenId::new(&IDS, noon()),
        account_id: None,
        name: "ci".to_owned(),
        hash: vec![0xff; 32],
        read_only: true,
        created_at: noon(),
        expires_at: Some(later(60)),
        last_used_at: None,
        created_by: "operator".to_owned(),
    };
    store.insert_token(&token).await.unwrap();
    store.touch_token(token.id, later(1)).await.unwrap();
    token.last_used_at = Some(later(1));
    assert_eq!(
        store.token_by_hash(&[0xff; 32]).await.unwrap(),
        Some(token.clone())
    );
    assert_eq!(store.token_by_hash(&[0xfe; 32]).await.unwrap(), None);
    assert_eq!(
        store.token_by_name(None, "ci").await.unwrap(),
        Some(token.clone())
    );
    assert_eq!(
        store.tokens(None, "", 10).await.unwrap(),
        std::slice::from_ref(&token)
    );
    store.delete_token(token.id).await.unwrap();
    assert_eq!(
        store.delete_token(token.id).await,
        Err(StoreError::NotFound)
    );
}

/// What pages of one message each hold, however far they have to look.
async fn walked(store: &Store, filter: &LogFilter) -> Vec<LogEntry> {
    let (mut behind, mut walked) = (None, Vec::new());
    loop {
        let (page, next) = store.search_page(filter, behind, 1).await.unwrap();
        assert!(page.len() <= 1);
        walked.extend(page);
        if next.is_none() {
            return walked;
        }
        assert!(behind.is_none() || next < behind, "a page leads on");
        behind = next;
    }
}

pub(super) async fn the_log_is_searched_and_a_message_traced(world: World) {
    let store = &world.store;
    let first = world.accepted(1).await;
    let second = world.accepted(3).await;
    world.settle(second, &[(2, RecipientState::Failed)]).await;
    let found = async |filter: LogFilter| {
        let order = Order::NewestFirst(None);
        let found = store.search_messages(&filter, order, 10).await.unwrap();
        assert_eq!(walked(store, &filter).await, found);
        found.iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(found(LogFilter::default()).await, [second, first]);
    let to = |text| LogFilter {
        to: Some(AddressFilter::of(text)),
        ..LogFilter::default()
    };
    assert_eq!(found(to("R2@example.com")).await, [second]);
    assert_eq!(found(to("@example.com")).await, [second, first]);
    assert_eq!(found(to("@ple.com")).await, []);
    let of = |user: &str, states: &[MessageState]| LogFilter {
        account: Some(world.account),
        user: Some(user.to_owned()),
        system: Some("printer".to_owned()),
        states: states.to_vec(),
        ..LogFilter::default()
    };
    assert_eq!(
        found(of("scanner", &[MessageState::Queued])).await,
        [second, first]
    );
    assert_eq!(found(of("scanner", &[MessageState::Held])).await, []);
    assert_eq!(found(of("other", &[])).await, []);
    let filter = LogFilter::default();
    assert_eq!(store.count_messages(&filter).await.unwrap(), 2);
    let page = store
        .search_messages(&filter, Order::OldestFirst(Some(first)), 10)
        .await
        .unwrap();
    assert_eq!((page.len(), page[0].id), (1, second));
    let selected = store.select_messages(&filter, None, 1).await.unwrap();
    assert_eq!((selected.len(), selected[0].id), (1, first));

    for (key, count) in [
        (&*second.to_string(), 1),
        ("1@acme.example", 2),
        ("5.1.10", 1),
    ] {
        let traced = store
            .trace_messages(key, Some(world.account), 10)
            .await
            .unwrap();
        assert_eq!(traced.len(), count, "{key}");
    }
    let nobody = AccountId::new(&IDS, noon());
    assert_eq!(
        store
            .trace_messages("5.1.10", Some(nobody), 10)
            .await
            .unwrap(),
        []
    );
    let events = store.events_of(second).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["accepted", "failed"]);
    assert_eq!(events[0].client, Some("192.0.2.7".parse().unwrap()));
}

pub(super) async fn mail_is_found_whose_id_is_of_before_a_clock_was_put_back(world: World) {
    let mut message = world.message(1);
    message.id = MessageId::new(&IdSource::new(), later(5 * 3600));
    let id = message.id;
    world.journal.accept(message).await.unwrap();
    let to = Some(AddressFilter::of("@example.com"));
    for to in [None, to] {
        let filter = LogFilter {
            to,
            until: Some(later(1)),
            ..LogFilter::default()
        };
        let found = walked(&world.store, &filter).await;
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
    }
}

pub(super) async fn refusals_are_found_and_summed(mut world: World) {
    let refusal = |username: &str, reason| RefusalRecord {
        at: later(1),
        account_id: Some(world.account),
        user_id: Some(world.user),
        system_id: Some(world.system),
        username: username.to_owned(),
        client: "192.0.2.7".parse().unwrap(),
        listener: "submission".to_owned(),
        helo: "printer".to_owned(),
        sender: "a@acme.example".to_owned(),
        sender_domain: "acme.example".to_owned(),
        recipient: String::new(),
        reason,
        reply: "550 no".to_owned(),
        is_listed: true,
    };
    for record in [
        refusal("scanner", Reason::SenderNotAllowed),
        refusal("scanner", Reason::SenderNotAllowed),
        refusal("root", Reason::CredentialsRejected),
    ] {
        world.journal.record_refusal(record);
    }
    world.restart().await;
    let store = &world.store;
    let all = store
        .search_rejects(&RejectFilter::default(), None, 10)
        .await
        .unwrap();
    let names: Vec<_> = all.iter().map(|entry| &*entry.username).collect();
    assert_eq!(names, ["root", "scanner", "scanner"]);
    assert_eq!(all[0].system.as_deref(), Some("printer"));
    let older = RejectFilter {
        account: Some(world.account),
        reason: Some(Reason::SenderNotAllowed),
        ..RejectFilter::default()
    };
    let older = store
        .search_rejects(&older, Some(all[1].id), 10)
        .await
        .unwrap();
    assert_eq!(older, all[2..]);

    let span = span(&world);
    assert_eq!(store.sum_usage(&span).await.unwrap().refused, 3);
    let reasons = store.errors_by_reason(&span, None, 10).await.unwrap();
    let counts: Vec<_> = reasons.iter().map(|row| (row.reason, row.count)).collect();
    let expected = [
        (Reason::SenderNotAllowed, 2),
        (Reason::CredentialsRejected, 1),
    ];
    assert_eq!(counts, expected);
}

fn span(world: &World) -> Span {
    Span {
        account: Some(world.account),
        ..Span::of(later(1), later(3_600))
    }
}

pub(super) async fn statistics_add_up(world: World) {
    let store = &world.store;
    let first = world.accepted(2).await;
    world.accepted(1).await;
    let outcomes = [(0, RecipientState::Delivered), (1, RecipientState::Queued)];
    world.settle(first, &outcomes).await;
    let counts = store.sum_usage(&span(&world)).await.unwrap().counts;
    assert_eq!(
        (counts.accepted, counts.recipients, counts.bytes),
        (2, 3, 8)
    );
    assert_eq!(
        (counts.delivered, counts.failed, counts.deferred),
        (1, 0, 1)
    );
    let users = store
        .usage(&span(&world), GroupBy::User, None, 10)
        .await
        .unwrap();
    let [user] = users.as_slice() else {
        panic!("{users:?}")
    };
    assert_eq!(user.user.as_deref(), Some("scanner"));
    assert_eq!(user.traffic.counts, counts);
    let systems = store
        .usage(&span(&world), GroupBy::System, None, 10)
        .await
        .unwrap();
    let [system] = systems.as_slice() else {
        panic!("{systems:?}")
    };
    assert_eq!(system.system.as_deref(), Some("printer"));
    assert_eq!(system.traffic.counts, counts);
    let before = Span {
        until: noon(),
        ..span(&world)
    };
    assert_eq!(store.sum_usage(&before).await.unwrap().counts.accepted, 0);
}

pub(super) async fn lanes_show_depth_and_hold(world: World) {
    let store = &world.store;
    let first = world.accepted(1).await;
    world.settle(first, &[(0, RecipientState::Queued)]).await;
    world.accepted(1).await;
    let hold = Hold {
        kind: HoldKind::Quota,
        reason: Reason::RouteQuota,
        detail: "452 4.3.1 quota".to_owned(),
        since: noon(),
        until: Some(later(60)),
    };
    store.set_hold(world.route, &hold).await.unwrap();
    let lanes = store.lane_rows(Some(world.account)).await.unwrap();
    let [lane] = lanes.as_slice() else {
        panic!("{lanes:?}")
    };
    assert_eq!((&*lane.account, lane.depth, lane.held), ("acme", 2, 0));
    assert_eq!(
        (lane.oldest_at, lane.next_due_at),
        (Some(noon()), Some(noon()))
    );
    assert_eq!(lane.hold, Some(hold));
    assert_eq!(store.lane_rows(None).await.unwrap(), lanes);
}

pub(super) async fn bans_are_kept_one_for_each_network(world: World) {
    let store = &world.store;
    let ban = |network: &str, times: u32| Ban {
        network: network.parse().unwrap(),
        since: later(i64::from(times)),
        until: later(i64::from(times) + 300),
        times,
        username: "scan\0ner".to_owned(),
    };
    let kept = async || {
        let bans = store.bans(100).await.unwrap();
        let text = bans
            .iter()
            .map(|ban| format!("{} {}", ban.network, ban.times));
        text.collect::<Vec<_>>()
    };
    let generation = store.generation();
    let first = [ban("192.0.2.1", 1), ban("2001:db8::/64", 2)];
    store.write_bans(&first, &[]).await.unwrap();
    assert_eq!(kept().await, ["2001:db8::/64 2", "192.0.2.1/32 1"]);
    let again = ban("192.0.2.1", 3);
    let gone = [first[1].network, "192.0.2.99".parse().unwrap()];
    store
        .write_bans(std::slice::from_ref(&again), &gone)
        .await
        .unwrap();
    let bans = store.bans(100).await.unwrap();
    assert_eq!((bans[0].since, bans[0].until), (again.since, again.until));
    assert_eq!(kept().await, ["192.0.2.1/32 3"]);
    assert_eq!(store.sweep_bans(later(303)).await.unwrap(), 0);
    assert_eq!(store.sweep_bans(later(304)).await.unwrap(), 1);
    assert_eq!(kept().await, [""; 0]);
    assert_eq!(store.generation(), generation, "caches may stay");
    store.try_write().await.unwrap();
}
