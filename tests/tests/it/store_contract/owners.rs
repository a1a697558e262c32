//! Promises about owners: sign-in, sessions, codes, invitations, tokens.

use jiff::Timestamp;
use relayd::{
    model::{
        Account, AccountId, AccountState, Authority, InvitationId, LimitSet, Override, SessionId,
        Subject, TokenId,
    },
    store::{
        AuditFilter, CodePurpose, EmailCode, Invitation, OwnerSession, Registration, SignedInBy,
        Store, StoreError, Token,
    },
};

use super::{
    audit::origin,
    world::{IDS, World, an_account, later, noon},
};

fn account(name: &str, email: &str) -> Account {
    let mut account = an_account(AccountId::new(&IDS, noon()), name);
    account.contact.email = email.parse().unwrap();
    account.self_registered = true;
    account
}

fn registration<'r>(account: &'r Account, hash: &'r str) -> Registration<'r> {
    Registration {
        account,
        hash: Some(hash),
        invitation: None,
        route: None,
    }
}

pub(super) async fn tokens_of_accounts_are_named_apart(world: World) {
    let store = &world.store;
    let token = |account_id, number: u8| Token {
        id: TokenId::new(&IDS, noon()),
        account_id,
        name: "ci".to_owned(),
        hash: vec![number; 32],
        read_only: false,
        created_at: noon(),
        expires_at: None,
        last_used_at: None,
        created_by: "operator".to_owned(),
    };
    let own = Some(world.account);
    for token in [token(None, 1), token(own, 2)] {
        store.insert_token(&token).await.unwrap();
        let owner = token.account_id;
        let named = store.token_by_name(owner, "ci").await.unwrap();
        assert_eq!(named.as_ref(), Some(&token));
        assert_eq!(store.token(token.id).await.unwrap(), named);
        let listed = store.tokens(owner, "", 9).await.unwrap();
        assert_eq!(listed, [token]);
    }
    let again = store.insert_token(&token(own, 3)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

pub(super) async fn a_registration_is_whole_or_nothing(world: World) {
    let store = &world.store.on_behalf_of(origin(0, "operator"));
    let invitation = Invitation {
        id: InvitationId::new(&IDS, noon()),
        hash: vec![7; 32],
        email: Some("Ada@beta.example".parse().unwrap()),
        created_at: noon(),
        expires_at: later(60),
        used_at: None,
    };
    store.insert_invitation(&invitation).await.unwrap();
    let register = async |name: &str, email: &str, hash: &[u8], seconds| {
        let mut account = account(name, email);
        account.created_at = later(seconds);
        let new = Registration {
            invitation: Some(hash),
            ..registration(&account, "hash")
        };
        store.register(&new).await
    };
    for (email, hash, seconds) in [
        ("ada@beta.example", [8; 32], 1),
        ("bob@beta.example", [7; 32], 1),
        ("ada@beta.example", [7; 32], 60),
    ] {
        let refused = register("beta", email, &hash, seconds).await;
        assert_eq!(refused, Err(StoreError::NotFound), "{email} {seconds}");
    }
    // A name that is taken does not use the invitation up.
    let taken = register("acme", "ada@beta.example", &[7; 32], 1).await;
    assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
    assert_eq!(world.number("SELECT COUNT(*) FROM sign_ins").await, 0);
    let done = register("beta", "ada@beta.example", &[7; 32], 1).await;
    assert_eq!(done, Ok(()));
    let again = register("gamma", "ada@beta.example", &[7; 32], 2).await;
    assert_eq!(again, Err(StoreError::NotFound), "used up");
    let names = "SELECT name FROM accounts WHERE name <> 'acme'";
    assert_eq!(world.texts(names).await, ["beta"]);
}

pub(super) async fn an_e_mail_means_the_account_that_can_be_signed_in_to(world: World) {
    let store = &world.store;
    let email = "ops@beta.example";
    let squatter = account("aaa", email);
    let mut verified = account("bbb", "Ops@beta.example");
    verified.verified_at = Some(later(1));
    let mut active = account("ccc", email);
    active.state = AccountState::Active;
    let means = async |name: Option<&str>| {
        let found = store.sign_in("OPS@beta.example", name).await.unwrap();
        found.map(|found| (found.account.name, found.hash.unwrap_or_default()))
    };
    assert_eq!(means(None).await, None);
    for account in [&squatter, &verified, &active] {
        let new = registration(account, &account.name);
        store.register(&new).await.unwrap();
        let name = account.name.clone();
        assert_eq!(means(None).await, Some((name.clone(), name)));
    }
    let named = means(Some("aaa")).await;
    assert_eq!(named, Some(("aaa".to_owned(), "aaa".to_owned())));
    assert_eq!(means(Some("acme")).await, None, "another e-mail");
    let nothing_set = store.sign_in("ada@acme.example", None).await.unwrap();
    assert_eq!(nothing_set.unwrap().hash, None);
}

fn session(account_id: AccountId, number: u8, seconds: i64) -> OwnerSession {
    OwnerSession {
        id: SessionId::new(&IDS, noon()),
        account_id,
        hash: vec![number; 32],
        created_at: later(seconds),
        created_from: "203.0.113.7".to_owned(),
        used_at: later(seconds),
        used_from: "203.0.113.7".to_owned(),
        expires_at: later(seconds + 60),
    }
}

/// Begins a session of somebody who gave the password of this hash.
async fn begin(
    store: &Store,
    session: &OwnerSession,
    hash: &str,
    used_since: Timestamp,
) -> Result<(), StoreError> {
    let account = store.account(session.account_id).await.unwrap().unwrap();
    let by = SignedInBy {
        email: &account.contact.email,
        hash,
    };
    store.insert_session(session, &by, used_since).await
}

pub(super) async fn another_password_ends_the_sessions(world: World) {
    let store = &world.store.on_behalf_of(origin(0, "operator"));
    assert_eq!(store.sign_in_hash(world.account).await.unwrap(), None);
    let (first, second) = (session(world.account, 1, 0), session(world.account, 2, 1));
    let nobody = begin(store, &first, "zero", Timestamp::MIN).await;
    assert_eq!(nobody, Err(StoreError::NotFound), "no password yet");
    let set = store.set_sign_in(world.account, "zero", noon(), &[]);
    set.await.unwrap();
    for session in [&first, &second] {
        begin(store, session, "zero", Timestamp::MIN).await.unwrap();
    }
    let touched = store.touch_session(first.id, later(2), "198.51.100.9");
    touched.await.unwrap();
    let read = store.session_by_hash(&first.hash).await.unwrap().unwrap();
    assert_eq!((read.used_at, read.id), (later(2), first.id));
    assert_eq!(read.used_from, "198.51.100.9");
    assert_eq!(read.created_from, "203.0.113.7");

    let set = async |hash: &str, kept: &[u8]| {
        let set = store.set_sign_in(world.account, hash, later(3), kept).await;
        set.unwrap();
        let read = store.sign_in_hash(world.account).await.unwrap();
        assert_eq!(read.as_deref(), Some(hash));
    };
    set("one", &second.hash).await;
    assert_eq!(store.session_by_hash(&first.hash).await.unwrap(), None);
    let kept = store.session_by_hash(&second.hash).await.unwrap();
    assert_eq!(kept, Some(second.clone()));
    set("two", &[]).await;
    assert_eq!(store.session_by_hash(&second.hash).await.unwrap(), None);

    // The old password was verified, and a session is to begin after the new one was set.
    let late = begin(store, &first, "one", Timestamp::MIN).await;
    assert_eq!(late, Err(StoreError::NotFound));
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 0);

    // What has ended by itself goes when the next begins, and by hand at any time.
    let (old, new) = (session(world.account, 3, 0), session(world.account, 4, 60));
    begin(store, &old, "two", Timestamp::MIN).await.unwrap();
    begin(store, &new, "two", Timestamp::MIN).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    store.delete_session(new.id).await.unwrap();
    assert_eq!(store.session_by_hash(&new.hash).await.unwrap(), None);

    let entries = store.audit_entries(&AuditFilter::default(), None, 9).await;
    let entries = entries.unwrap().entries;
    assert_eq!(entries.len(), 8, "four begun, three passwords, one ended");
    assert!(entries[0].before.contains("\"account\""), "{entries:?}");
    assert_eq!(entries[0].after, "");
    assert!(entries[3].after.contains("\"sessions\":0"), "{entries:?}");
}

pub(super) async fn sessions_are_listed_while_they_go_on_and_end_for_their_account(world: World) {
    let store = &world.store;
    let all: Vec<_> = (1..=3)
        .map(|number: u8| session(world.account, number, i64::from(number)))
        .collect();
    let set = store.set_sign_in(world.account, "hash", noon(), &[]);
    set.await.unwrap();
    for session in &all {
        begin(store, session, "hash", Timestamp::MIN).await.unwrap();
    }
    let ids = async |after, limit, now, used_since| {
        let listed = store.sessions(world.account, after, limit, later(now), later(used_since));
        let listed = listed.await.unwrap();
        listed.iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let [first, second, third] = [all[0].id, all[1].id, all[2].id];
    assert_eq!(ids(None, 9, 5, 0).await, [first, second, third]);
    assert_eq!(ids(None, 2, 5, 0).await, [first, second]);
    assert_eq!(ids(Some(first), 9, 5, 0).await, [second, third]);
    assert_eq!(ids(None, 9, 61, 0).await, [second, third], "over");
    assert_eq!(ids(None, 9, 5, 2).await, [third], "not used for too long");

    let other = AccountId::new(&IDS, noon());
    let foreign = store.delete_session_of(other, first).await;
    assert_eq!(foreign, Err(StoreError::NotFound));
    let own = store.delete_session_of(world.account, first).await;
    assert_eq!(own, Ok(()));
    let again = store.delete_session_of(world.account, first).await;
    assert_eq!(again, Err(StoreError::NotFound));
    assert_eq!(store.delete_sessions(other, &[]).await, Ok(0));
    let others = store.delete_sessions(world.account, &all[1].hash).await;
    assert_eq!(others, Ok(1));
    assert_eq!(ids(None, 9, 5, 0).await, [second]);
}

pub(super) async fn sessions_of_an_account_are_bounded(world: World) {
    let store = &world.store;
    let set = store.set_sign_in(world.account, "hash", noon(), &[]);
    set.await.unwrap();
    let all: Vec<_> = (1..=52)
        .map(|number: u8| session(world.account, number, i64::from(number)))
        .collect();
    for session in &all {
        begin(store, session, "hash", Timestamp::MIN).await.unwrap();
    }
    let lives = async |place: usize| {
        let found = store.session_by_hash(&all[place].hash).await.unwrap();
        found.is_some()
    };
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 50);
    assert_eq!((lives(1).await, lives(2).await), (false, true));

    // Those that were not used for too long go, too.
    let next = session(world.account, 53, 53);
    begin(store, &next, "hash", later(51)).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
    assert!(lives(51).await);
}

pub(super) async fn a_code_is_void_after_five_tries(world: World) {
    let store = &world.store;
    let code = code(world.account, CodePurpose::Reset, 1);
    store.put_code(&code).await.unwrap();
    let tried = async |now: i64| {
        let tried = store.try_code(world.account, CodePurpose::Reset, later(now));
        tried.await.unwrap()
    };
    assert_eq!(tried(60).await, None, "it has ended then");
    for _ in 0..5 {
        assert_eq!(tried(1).await.as_ref(), Some(&code));
    }
    assert_eq!(tried(1).await, None);
    store.forgive_try(&code).await.unwrap();
    assert_eq!(tried(1).await.as_ref(), Some(&code));
    assert_eq!(tried(1).await, None);
    store.put_code(&code).await.unwrap();
    assert!(tried(1).await.is_some(), "the next one has its own");
    let none = store.try_code(world.account, CodePurpose::Verify, noon());
    assert_eq!(none.await, Ok(None));
    let total = world.number("SELECT total FROM code_tries").await;
    assert_eq!(total, 11, "each try writes");
}

pub(super) async fn codes_go_with_password_and_e_mail(world: World) {
    let store = &world.store;
    let codes = async || world.number("SELECT COUNT(*) FROM email_codes").await;
    let sessions = async || world.number("SELECT COUNT(*) FROM sessions").await;
    let change = code(world.account, CodePurpose::ChangeEmail, 1);
    let reset = code(world.account, CodePurpose::Reset, 2);
    let put = async || {
        store.put_code(&change).await.unwrap();
        store.put_code(&reset).await.unwrap();
    };
    put().await;
    let set = store.set_sign_in(world.account, "one", noon(), &[]);
    set.await.unwrap();
    assert_eq!(codes().await, 0);
    let again = store.reset_sign_in(&reset, "two", noon()).await;
    assert_eq!(again, Ok(false));
    let hash = store.sign_in_hash(world.account).await.unwrap();
    assert_eq!(hash.as_deref(), Some("one"));

    put().await;
    let first = session(world.account, 1, 0);
    begin(store, &first, "one", Timestamp::MIN).await.unwrap();
    let done = store.reset_sign_in(&reset, "two", noon()).await;
    assert_eq!(done, Ok(true));
    assert_eq!((codes().await, sessions().await), (0, 0));

    put().await;
    begin(store, &first, "two", Timestamp::MIN).await.unwrap();
    let mut account = store.account(world.account).await.unwrap().unwrap();
    account.contact.city = "Bern".into();
    store.update_contact(&account).await.unwrap();
    assert_eq!(codes().await, 2, "the e-mail is the same");
    account.version += 1;
    let old = account.contact.email.clone();
    account.contact.email = "new@acme.example".parse().unwrap();
    store.update_contact(&account).await.unwrap();
    assert_eq!((codes().await, sessions().await), (0, 1));
    let late = SignedInBy {
        email: &old,
        hash: "two",
    };
    let second = session(world.account, 2, 1);
    let late = store.insert_session(&second, &late, Timestamp::MIN).await;
    assert_eq!(late, Err(StoreError::NotFound), "by the old e-mail");
    put().await;
    account.version += 1;
    account.contact.email = old;
    store.replace_contact(&account).await.unwrap();
    assert_eq!((codes().await, sessions().await), (0, 0));
    put().await;
    store.delete_codes(world.account).await.unwrap();
    assert_eq!(codes().await, 0);
}

pub(super) async fn an_e_mail_of_any_letters_is_found_as_it_was_given(world: World) {
    let store = &world.store;
    let account = account("uemit", "\u{dc}mit@acme.example");
    let new = registration(&account, "hash");
    store.register(&new).await.unwrap();
    for (email, is_found) in [
        ("\u{dc}mit@acme.example", true),
        ("\u{dc}MIT@ACME.example", true),
        ("umit@acme.example", false),
    ] {
        let found = store.sign_in(email, None).await.unwrap();
        assert_eq!(found.is_some(), is_found, "{email}");
    }
}

pub(super) fn code(account_id: AccountId, purpose: CodePurpose, number: u8) -> EmailCode {
    EmailCode {
        account_id,
        purpose,
        hash: vec![number; 32],
        email: "ada@acme.example".parse().unwrap(),
        sent_at: noon(),
        expires_at: later(60),
    }
}

pub(super) async fn a_code_is_used_up_once(world: World) {
    let store = &world.store.on_behalf_of(origin(0, "operator"));
    let code = |purpose, number| code(world.account, purpose, number);
    let (first, second) = (code(CodePurpose::Verify, 1), code(CodePurpose::Verify, 2));
    let reset = code(CodePurpose::Reset, 3);
    for code in [&first, &reset, &second] {
        store.put_code(code).await.unwrap();
        let read = store.code(world.account, code.purpose).await.unwrap();
        assert_eq!(read.as_ref(), Some(code));
    }
    assert!(
        !store.take_code(&first).await.unwrap(),
        "the next took its place"
    );
    assert!(store.take_code(&second).await.unwrap());
    assert!(!store.take_code(&second).await.unwrap());
    let kept = store.code(world.account, CodePurpose::Reset).await.unwrap();
    assert_eq!(kept, Some(reset));

    let entries = store.audit_entries(&AuditFilter::default(), None, 9).await;
    let entries = entries.unwrap().entries;
    assert_eq!(entries.len(), 1, "only what was used up");
    assert!(entries[0].before.contains("\"purpose\":\"verify\""));
}

pub(super) async fn what_nobody_confirmed_is_swept(world: World) {
    let store = &world.store;
    let names = "SELECT name FROM accounts ORDER BY name";
    for (name, change) in [
        ("stale", (|_| ()) as fn(&mut Account)),
        ("fresh", |it| it.created_at = later(60)),
        ("looked-at", |it| it.activated_at = Some(noon())),
        ("confirmed", |it| it.verified_at = Some(noon())),
        ("by-operator", |it| it.self_registered = false),
    ] {
        let mut account = account(name, "ada@beta.example");
        change(&mut account);
        let new = registration(&account, "hash");
        store.register(&new).await.unwrap();
        let code = EmailCode {
            account_id: account.id,
            purpose: CodePurpose::Verify,
            hash: vec![1; 32],
            email: account.contact.email.clone(),
            sent_at: noon(),
            expires_at: later(60),
        };
        store.put_code(&code).await.unwrap();
    }
    // One that the operator gave limits was looked at, too.
    let limited = account("limited", "ada@beta.example");
    let new = registration(&limited, "hash");
    store.register(&new).await.unwrap();
    let decide = |_| {
        Ok::<_, StoreError>(Override {
            limits: LimitSet {
                messages_per_day: Some(5),
                ..LimitSet::default()
            },
            set_by: Authority::Operator,
        })
    };
    let subject = Subject::Account(limited.id);
    let changing = store.change_limits(limited.id, subject, noon(), decide);
    changing.await.unwrap();

    let told = store.on_behalf_of(origin(0, "relayd"));
    assert_eq!(told.sweep_registrations(later(60)).await, Ok(1));
    assert_eq!(
        world.texts(names).await,
        [
            "acme",
            "by-operator",
            "confirmed",
            "fresh",
            "limited",
            "looked-at"
        ]
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM sign_ins").await, 5);
    assert_eq!(world.number("SELECT COUNT(*) FROM email_codes").await, 4);
    let entries = store.audit_entries(&AuditFilter::default(), None, 1).await;
    let after = &entries.unwrap().entries[0].after;
    assert!(after.contains(r#""names":["stale"]"#), "{after}");
    assert_eq!(store.sweep_registrations(later(60)).await, Ok(0));
}

pub(super) async fn one_registration_that_cannot_go_stops_no_other(world: World) {
    let store = &world.store;
    for name in ["first", "stuck", "third"] {
        let account = account(name, "ada@beta.example");
        let new = registration(&account, "hash");
        store.register(&new).await.unwrap();
    }
    // A table that relayd knows nothing of.
    for statement in [
        "CREATE TABLE extra (account_id BYTEA REFERENCES accounts (id))",
        "INSERT INTO extra SELECT id FROM accounts WHERE name = 'stuck'",
    ] {
        sqlx::query(statement).execute(&world.sql).await.unwrap();
    }
    assert_eq!(store.sweep_registrations(later(60)).await, Ok(2));
    let names = "SELECT name FROM accounts ORDER BY name";
    assert_eq!(world.texts(names).await, ["acme", "stuck"]);
    let kept = world.number("SELECT COUNT(*) FROM sign_ins").await;
    assert_eq!(kept, 1, "nothing of it is gone");
}

pub(super) async fn data_of_an_account_are_not_overwritten(world: World) {
    let store = &world.store;
    let mut account = store.account(world.account).await.unwrap().unwrap();
    account.contact.city = "Bern".into();
    account.contact.email = "new@acme.example".parse().unwrap();
    account.verified_at = Some(later(1));
    store.update_contact(&account).await.unwrap();
    let stale = store.update_contact(&account).await;
    assert_eq!(stale, Err(StoreError::NotFound));
    account.version += 1;
    let read = store.account(world.account).await.unwrap();
    assert_eq!(read, Some(account.clone()));

    account.state = AccountState::Closed;
    account.note = "no contract".into();
    store.update_account_state(&account).await.unwrap();
    let closed = store.accounts(Some(AccountState::Closed), "", 9).await;
    assert_eq!(closed.unwrap()[0].note, "no contract");
    let active = store.accounts(Some(AccountState::Active), "", 9).await;
    assert_eq!(active.unwrap(), []);
}

pub(super) async fn an_invitation_is_listed_and_taken_back(world: World) {
    let mut ids = Vec::new();
    for (number, expires_at) in [later(60), later(600), later(600)].into_iter().enumerate() {
        let invitation = Invitation {
            id: InvitationId::new(&IDS, noon()),
            hash: vec![u8::try_from(number).unwrap(); 32],
            email: (number == 1).then(|| "ada@acme.example".parse().unwrap()),
            created_at: noon(),
            expires_at,
            used_at: None,
        };
        world.store.insert_invitation(&invitation).await.unwrap();
        ids.push(invitation.id);
    }
    let listed = async |open_at, before, limit| {
        let found = world.store.invitations(open_at, before, limit).await;
        found.unwrap().iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, None, 10).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(listed(Some(later(61)), None, 10).await, [ids[2], ids[1]]);
    assert_eq!(listed(None, Some(ids[2]), 1).await, [ids[1]]);

    world.store.delete_invitation(ids[2]).await.unwrap();
    let again = world.store.delete_invitation(ids[2]).await;
    assert_eq!(again, Err(StoreError::NotFound));
    let account = an_account(AccountId::new(&IDS, noon()), "used");
    let registration = Registration {
        account: &account,
        hash: None,
        invitation: Some(&[0; 32]),
        route: None,
    };
    world.store.register(&registration).await.unwrap();
    let used = world.store.delete_invitation(ids[0]).await;
    assert_eq!(used, Err(StoreError::NotFound), "it was used");
    let all = world.store.invitations(None, None, 10).await.unwrap();
    assert_eq!(all[1].used_at, Some(account.created_at));
}
