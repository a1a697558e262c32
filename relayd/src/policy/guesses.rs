//! Guesses at passwords: counted for each client and each user name, answered late, then not at
//! all for a while.
//!
//! What counts is a *different* guess. A device with an old password repeats the same one for days
//! and stays a single guess; an attacker has no use for a password that was refused. Nothing here
//! depends on whether a user name exists. Names and passwords are kept as keyed hashes only, and in
//! memory only.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    bans::{BanChanges, Bans, MOST_BANS},
    scores::{FLOOD, LONGEST_DELAY, RECOGNISED_AT_A_NAME, Site, Tries, watch},
};
use crate::model::{Ban, Network, Reason, Refusal, Secret};

/// Guesses at one user name, from anywhere, from which on clients that are not registered for it
/// are turned away.
const USER_LIMIT: u32 = 50;
/// Highest score of a user name, and of an exempt client: it is forgotten within five hours.
const HIGHEST: u32 = 2 * USER_LIMIT;
/// How much more an address may fail from which a registered device signed in within a day.
const PATIENCE: u32 = 4;
const GOOD_FOR: Duration = Duration::from_hours(24);
/// A sign-in that succeeds halves the score of its address, but no more often than this.
const FORGIVING: Duration = Duration::from_mins(10);
/// Sign-ins of one address that are looked at at one time: while none has failed, half of those of
/// all (an office after a power cut), and then a few.
const AT_A_TIME: u32 = 256;
const AT_A_TIME_AFTER_FAILURES: u32 = 16;

/// When guessing leads to a ban.
#[derive(Debug, Clone)]
pub struct GuessSettings {
    /// Different guesses of one address until it is banned.
    pub ban_after: u32,
    /// Networks that are slowed but never banned.
    pub exempt: Vec<Network>,
}

/// Watches sign-ins. Shared by those who ask.
#[derive(Debug)]
pub struct Guesses {
    settings: GuessSettings,
    key: [u8; 32],
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    sites: HashMap<Network, Site>,
    users: HashMap<u64, Tries>,
    bans: Bans,
}

/// What a wrong guess leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct Consequence {
    /// How long after its beginning the attempt is answered.
    pub delay: Duration,
    /// The ban that it brought about.
    pub ban: Option<Ban>,
}

/// A sign-in that is being looked at.
#[derive(Debug)]
pub struct Attempt {
    guesses: Arc<Guesses>,
    site: Network,
    user: u64,
    guess: u32,
    /// The name was guessed at a lot: only a device at a registered address may go on.
    pub is_user_under_attack: bool,
}

impl Guesses {
    /// Nothing known yet. `key` must be random.
    pub fn new(settings: GuessSettings, key: [u8; 32]) -> Self {
        Self {
            settings,
            key,
            state: Mutex::new(State {
                sites: HashMap::new(),
                users: HashMap::new(),
                bans: Bans::new(usize::try_from(MOST_BANS).unwrap_or(usize::MAX)),
            }),
        }
    }

    /// Whether a client may connect.
    pub fn check(&self, client: IpAddr, now: Timestamp) -> Result<(), Refusal> {
        let site = self.site(client);
        match self.state().bans.of(site, now) {
            Some(ban) if !self.is_exempt(site) => Err(banned(ban)),
            _ => Ok(()),
        }
    }

    /// A sign-in begins. Refused, without a look at the name, for a client that is banned by now or
    /// has too many of them under way.
    pub fn begin(
        self: &Arc<Self>,
        client: IpAddr,
        (username, password): (&str, &Secret),
        now: Timestamp,
    ) -> Result<Attempt, Refusal> {
        self.check(client, now)?;
        let site = self.site(client);
        let user = u64::from_le_bytes(self.fingerprint(&[username]));
        let guess = u32::from_le_bytes(self.fingerprint(&[username, password.expose()]));
        let mut state = self.state();
        let is_user_under_attack = state.is_under_attack(user, now);
        let known = watch(&mut state.sites, site, || Site::new(now), Site::worth);
        known.drain(now);
        if is_busy(known) {
            return Err(Reason::AuthThrottled.into());
        }
        known.running += 1;
        Ok(Attempt {
            guesses: Arc::clone(self),
            site,
            user,
            guess,
            is_user_under_attack,
        })
    }

    /// What would come of a sign-in that begins now, as far as that is known before its password:
    /// refused, or under attack, as [`Attempt`] says it. Counts nothing and keeps nothing; time goes by
    /// without it, too.
    pub fn foresee(&self, client: IpAddr, username: &str, now: Timestamp) -> Result<bool, Refusal> {
        self.check(client, now)?;
        let mut state = self.state();
        let known = state.sites.get_mut(&self.site(client));
        let is_busy = known.is_some_and(|known| {
            known.drain(now);
            is_busy(known)
        });
        drop(state);
        if is_busy {
            return Err(Reason::AuthThrottled.into());
        }
        Ok(self.is_under_attack(username, now))
    }

    /// Whether a user name was guessed at a lot lately, whoever asks.
    pub fn is_under_attack(&self, username: &str, now: Timestamp) -> bool {
        let user = u64::from_le_bytes(self.fingerprint(&[username]));
        self.state().is_under_attack(user, now)
    }

    /// The bans in force, by network.
    pub fn bans(&self, now: Timestamp) -> Vec<Ban> {
        let mut bans = self.state().bans.in_force(now);
        bans.sort_by_key(|ban| ban.network);
        bans
    }

    /// Takes back the ban of a client, or the memory of one that is over, with all that is known of
    /// its guesses. Without a ban nothing changes.
    pub fn lift(&self, client: IpAddr, now: Timestamp) -> Option<Ban> {
        let site = Network::site_of(client);
        let mut state = self.state();
        let lifted = state.bans.lift(site)?;
        if let Some(known) = state.sites.get_mut(&site) {
            known.forget(now);
        }
        Some(lifted)
    }

    /// Takes in the bans that the store kept.
    pub fn restore(&self, bans: Vec<Ban>, now: Timestamp) {
        self.state().bans.restore(bans, now);
    }

    /// At most `limit` changes of bans that the store has not seen.
    pub fn take_changes(&self, limit: usize) -> BanChanges {
        self.state().bans.take_changes(limit)
    }

    /// What the store has not seen of the ban of one client.
    pub fn take_change(&self, network: Network) -> BanChanges {
        self.state().bans.take_change(network)
    }

    /// The store could not take these: they are offered again.
    pub fn put_back(&self, changes: &BanChanges) {
        self.state().bans.put_back(changes);
    }

    /// Forgets what is long over.
    pub fn sweep(&self, now: Timestamp) {
        let mut state = self.state();
        state.bans.sweep(now);
        state.sites.retain(|_, site| site.is_of_interest(now));
        state.users.retain(|_, tries| {
            tries.fade(now);
            tries.score > 0
        });
    }

    /// What a client is counted as. An exempt network within a /64 is one of its own: what is tried
    /// from there harms nobody else, and a ban of the others does not reach it.
    fn site(&self, client: IpAddr) -> Network {
        let site = Network::site_of(client);
        let mut exempt = self.settings.exempt.iter();
        let within = exempt.find(|network| network.contains(client) && site.covers(network));
        within.copied().unwrap_or(site)
    }

    fn is_exempt(&self, site: Network) -> bool {
        let mut exempt = self.settings.exempt.iter();
        exempt.any(|network| network.covers(&site))
    }

    fn fingerprint<const LENGTH: usize>(&self, parts: &[&str]) -> [u8; LENGTH] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        for part in parts {
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut short = [0; LENGTH];
        hasher.finalize_xof().fill(&mut short);
        short
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a name was guessed at a lot lately.
    fn is_under_attack(&mut self, user: u64, now: Timestamp) -> bool {
        self.users.get_mut(&user).is_some_and(|tries| {
            tries.fade(now);
            tries.score >= USER_LIMIT
        })
    }
}

/// Whether an address has as many sign-ins under way as it may.
fn is_busy(site: &Site) -> bool {
    let limit = match site.failures {
        0 => AT_A_TIME,
        _ => AT_A_TIME_AFTER_FAILURES,
    };
    site.running >= limit
}

impl Attempt {
    /// The password was right. From a registered address (`is_registered`) that speaks for all
    /// who are behind it.
    pub fn succeeded(self, is_registered: bool, now: Timestamp) {
        if !is_registered {
            return;
        }
        if let Some(site) = self.guesses.state().sites.get_mut(&self.site) {
            site.good_until = now + GOOD_FOR;
            site.tries.fade(now);
            // A customer could guess at others and sign in itself in between.
            if now.duration_since(site.forgiven_at).unsigned_abs() >= FORGIVING {
                site.tries.score /= 2;
                site.forgiven_at = now;
            }
        }
    }

    /// The guess was wrong, or not even looked at. `username` is what the list of bans shows.
    pub fn failed(self, username: &str, now: Timestamp) -> Consequence {
        let mut guard = self.guesses.state();
        let state = &mut *guard;
        let user = watch(
            &mut state.users,
            self.user,
            || Tries::new(now),
            |tries| (false, tries.score),
        );
        user.add(self.guess, RECOGNISED_AT_A_NAME, now);
        user.score = user.score.min(HIGHEST);
        let is_exempt = self.guesses.is_exempt(self.site);
        // None begins under a ban. What was on its way when the ban fell must not lead to another,
        // nor fill the score for the time after it.
        if !is_exempt && state.bans.of(self.site, now).is_some() {
            return Consequence {
                delay: LONGEST_DELAY,
                ban: None,
            };
        }
        let site = watch(&mut state.sites, self.site, || Site::new(now), Site::worth);
        site.fail(self.guess, now);
        let delay = site.delay();
        let patience = if now < site.good_until { PATIENCE } else { 1 };
        let limit = self.guesses.settings.ban_after.saturating_mul(patience);
        let too_many = site.tries.score >= limit || site.failures >= FLOOD * patience;
        if is_exempt {
            site.tries.score = site.tries.score.min(HIGHEST);
            site.failures = site.failures.min(FLOOD);
            return Consequence { delay, ban: None };
        }
        if !too_many {
            return Consequence { delay, ban: None };
        }
        site.tries.score = 0;
        site.failures = 0;
        let ban = state.bans.impose(self.site, username, now);
        Consequence {
            delay,
            ban: Some(ban),
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(site) = self.guesses.state().sites.get_mut(&self.site) {
            site.running = site.running.saturating_sub(1);
        }
    }
}

fn banned(ban: &Ban) -> Refusal {
    let until = ban.until.strftime("%Y-%m-%d %H:%M UTC");
    Refusal::new(Reason::AddressBanned, format!("until {until}"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::scores::{DELAY, FORGOTTEN, WATCHED},
        *,
    };

    const ATTACKER: &str = "198.51.100.66";
    const OFFICE: &str = "192.0.2.1";

    fn noon() -> Timestamp {
        "2026-05-04T12:00:00Z".parse().unwrap()
    }

    fn guesses() -> Arc<Guesses> {
        let settings = GuessSettings {
            ban_after: 15,
            exempt: vec!["203.0.113.0/24".parse().unwrap()],
        };
        Arc::new(Guesses::new(settings, [7; 32]))
    }

    fn begin(
        guesses: &Arc<Guesses>,
        (client, username, password): (&str, &str, &str),
        now: Timestamp,
    ) -> Result<Attempt, Refusal> {
        let password = Secret::new(password);
        guesses.begin(client.parse().unwrap(), (username, &password), now)
    }

    fn fail(guesses: &Arc<Guesses>, said: (&str, &str, &str), now: Timestamp) -> Consequence {
        begin(guesses, said, now).unwrap().failed(said.1, now)
    }

    /// Different wrong passwords until there is a ban; how many it took.
    fn until_banned(guesses: &Arc<Guesses>, client: &str, user: &str, now: Timestamp) -> u32 {
        (1..1000)
            .find(|n| {
                fail(guesses, (client, user, &n.to_string()), now)
                    .ban
                    .is_some()
            })
            .unwrap()
    }

    fn is_banned(guesses: &Guesses, client: &str, now: Timestamp) -> bool {
        guesses.check(client.parse().unwrap(), now).is_err()
    }

    #[test]
    fn different_guesses_are_answered_ever_later_and_then_banned() {
        let guesses = guesses();
        let delays: Vec<_> = (0..14)
            .map(|n| {
                fail(&guesses, (ATTACKER, "scan", &n.to_string()), noon())
                    .delay
                    .as_secs()
            })
            .collect();
        assert_eq!(delays[..6], [1, 2, 4, 8, 8, 8]);
        assert!(!is_banned(&guesses, ATTACKER, noon()));
        assert!(
            fail(&guesses, (ATTACKER, "scan", "last"), noon())
                .ban
                .is_some()
        );
        assert!(is_banned(&guesses, ATTACKER, noon()));
        let refused = begin(&guesses, (ATTACKER, "scan", "x"), noon()).unwrap_err();
        assert_eq!(refused.reason, Reason::AddressBanned);
        assert_eq!(refused.detail, "until 2026-05-04 12:05 UTC");
        assert!(!is_banned(&guesses, OFFICE, noon()));
        assert!(!is_banned(
            &guesses,
            ATTACKER,
            noon() + Duration::from_mins(5)
        ));
    }

    #[test]
    fn an_ipv6_client_is_its_64() {
        let guesses = guesses();
        for number in 0..15 {
            let client = format!("2001:db8::{number:x}");
            fail(&guesses, (&client, "scan", &number.to_string()), noon());
        }
        assert!(is_banned(&guesses, "2001:db8::ffff", noon()));
        assert!(!is_banned(&guesses, "2001:db8:0:1::1", noon()));
    }

    /// A printer with an old password tries every minute, for days.
    #[test]
    fn the_same_wrong_password_again_and_again_is_one_guess() {
        let guesses = guesses();
        for minute in 0..3 * 24 * 60 {
            let now = noon() + Duration::from_mins(minute);
            let consequence = fail(&guesses, (OFFICE, "scan", "old"), now);
            assert_eq!(
                consequence,
                Consequence {
                    delay: DELAY,
                    ban: None
                }
            );
        }
    }

    #[test]
    fn a_flood_of_the_same_guess_is_slowed_and_then_banned() {
        let guesses = guesses();
        let same = (ATTACKER, "scan", "same");
        let count = (1..1000).find(|_| fail(&guesses, same, noon()).ban.is_some());
        assert_eq!(count, Some(FLOOD));
        // Ten devices that try again as soon as they have their answer.
        let mut due = [noon(); 10];
        for _ in 0..2000 {
            let next = (0..10).min_by_key(|n| due[*n]).unwrap();
            let consequence = fail(&guesses, (OFFICE, &format!("u{next}"), "old"), due[next]);
            assert_eq!(consequence.ban, None);
            due[next] += consequence.delay;
        }
    }

    #[test]
    fn an_address_with_a_good_device_has_more_patience_but_not_without_end() {
        let guesses = guesses();
        let good = begin(&guesses, (OFFICE, "good", "right"), noon()).unwrap();
        good.succeeded(true, noon());
        assert_eq!(
            until_banned(&guesses, OFFICE, "scan", noon()),
            15 * PATIENCE
        );

        // A sign-in at another's address says nothing about it.
        let other = self::guesses();
        begin(&other, (ATTACKER, "good", "right"), noon())
            .unwrap()
            .succeeded(false, noon());
        assert_eq!(until_banned(&other, ATTACKER, "scan", noon()), 15);
    }

    #[test]
    fn a_success_halves_the_score_every_ten_minutes_at_most() {
        let guesses = guesses();
        let score = || {
            guesses.state().sites[&Network::site_of(OFFICE.parse().unwrap())]
                .tries
                .score
        };
        for number in 0..8 {
            fail(&guesses, (OFFICE, "scan", &number.to_string()), noon());
        }
        for (seconds, expected) in [(0, 4), (60, 4), (60 * 10, 0)] {
            let now = noon() + Duration::from_secs(seconds);
            begin(&guesses, (OFFICE, "good", "right"), now)
                .unwrap()
                .succeeded(true, now);
            assert_eq!(score(), expected, "after {seconds} s");
        }
    }

    #[test]
    fn guesses_fade_with_time_and_a_clock_that_goes_back_harms_nobody() {
        let guesses = guesses();
        for number in 0..100 {
            let now = noon() + FORGOTTEN * number;
            assert_eq!(
                fail(&guesses, (OFFICE, "scan", &number.to_string()), now).ban,
                None
            );
        }
        for number in 100..113 {
            fail(&guesses, (OFFICE, "scan", &number.to_string()), noon());
        }
        assert!(!is_banned(&guesses, OFFICE, noon()));
        let later = noon() + FORGOTTEN * 20;
        assert_eq!(fail(&guesses, (OFFICE, "scan", "x"), later).delay, DELAY);
    }

    #[test]
    fn exempt_networks_are_slowed_only() {
        let guesses = guesses();
        for number in 0..200 {
            let said = ("203.0.113.9", "scan", &*number.to_string());
            let consequence = fail(&guesses, said, noon());
            assert_eq!(consequence.ban, None);
        }
        assert_eq!(
            fail(&guesses, ("203.0.113.9", "a", "b"), noon())
                .delay
                .as_secs(),
            8
        );
    }

    /// Guesses of `client` until it would be banned, if it can be.
    fn guess_a_lot(guesses: &Arc<Guesses>, client: &str) -> bool {
        (0..20).any(|number| {
            fail(
                guesses,
                (client, "scan", &format!("{client} {number}")),
                noon(),
            )
            .ban
            .is_some()
        })
    }

    #[test]
    fn exempt_is_who_is_named_and_neither_its_neighbours_nor_less() {
        let exempt = [
            "2001:db8:1::5",
            "2001:db8:2::/112",
            "2001:db8:3::/48",
            "203.0.113.0/24",
            "192.0.2.7",
        ];
        let settings = GuessSettings {
            ban_after: 15,
            exempt: exempt.map(|network| network.parse().unwrap()).to_vec(),
        };
        for (client, is_exempt, neighbour) in [
            ("2001:db8:1::5", true, "2001:db8:1::6"),
            ("2001:db8:1::6", false, "2001:db8:1::7"),
            // The first address of its /64, which is in the exempt /112, says nothing about it.
            ("2001:db8:2::1:0", false, "2001:db8:2::ffff:0"),
            ("2001:db8:2::ffff", true, "2001:db8:2::1:0"),
            ("2001:db8:3:4::1", true, "2001:db8:4::1"),
            ("203.0.113.9", true, "203.0.114.9"),
            ("::ffff:203.0.113.9", true, "203.0.114.9"),
            ("192.0.2.7", true, "192.0.2.8"),
            ("192.0.2.8", false, "192.0.2.8"),
        ] {
            let guesses = Arc::new(Guesses::new(settings.clone(), [7; 32]));
            assert_eq!(guess_a_lot(&guesses, client), !is_exempt, "{client}");
            let is_harmed = is_banned(&guesses, neighbour, noon());
            assert_eq!(is_harmed, !is_exempt, "{neighbour} by {client}");
            if is_exempt {
                // A ban of the neighbours does not reach it.
                assert!(guess_a_lot(&guesses, neighbour), "{neighbour}");
                assert!(!is_banned(&guesses, client, noon()), "{client}");
                assert!(begin(&guesses, (client, "a", "b"), noon()).is_ok());
            }
        }
    }

    #[test]
    fn who_became_exempt_is_not_kept_out_by_an_old_ban() {
        let before = Guesses::new(
            GuessSettings {
                ban_after: 3,
                exempt: Vec::new(),
            },
            [7; 32],
        );
        let before = Arc::new(before);
        until_banned(&before, "203.0.113.9", "scan", noon());
        let after = guesses();
        after.restore(before.bans(noon()), noon());
        assert!(!is_banned(&after, "203.0.113.9", noon()));
        assert!(begin(&after, ("203.0.113.9", "a", "b"), noon()).is_ok());
    }

    #[test]
    fn a_name_and_an_exempt_client_recover_within_hours() {
        let guesses = guesses();
        for number in 0..5000 {
            let said = ("203.0.113.9", "scan", &*number.to_string());
            assert_eq!(fail(&guesses, said, noon()).ban, None);
        }
        let attack = |now| {
            begin(&guesses, (OFFICE, "scan", "x"), now)
                .unwrap()
                .is_user_under_attack
        };
        assert!(attack(noon() + FORGOTTEN * USER_LIMIT));
        let later = noon() + FORGOTTEN * (USER_LIMIT + 1);
        assert!(!attack(later));
        let later = noon() + FORGOTTEN * HIGHEST;
        assert_eq!(
            fail(&guesses, ("203.0.113.9", "a", "b"), later).delay,
            DELAY
        );
    }

    #[test]
    fn an_office_of_devices_with_old_passwords_is_not_banned() {
        let guesses = guesses();
        // One more in every round; those of the earlier rounds repeat what they said.
        for round in 0..256 {
            for device in 0..=round {
                let said = (OFFICE, "scan", &*format!("old {device}"));
                let now = noon() + FORGOTTEN * round + Duration::from_millis(500) * device;
                assert_eq!(fail(&guesses, said, now).ban, None, "{device} of {round}");
            }
        }
    }

    #[test]
    fn lifting_forgets_a_ban_that_is_over_and_changes_nothing_without_one() {
        let guesses = guesses();
        let (attacker, office) = (ATTACKER.parse().unwrap(), OFFICE.parse().unwrap());
        until_banned(&guesses, ATTACKER, "scan", noon());
        let later = noon() + Duration::from_mins(10);
        assert!(!is_banned(&guesses, ATTACKER, later));
        let lifted = guesses.lift(attacker, later).unwrap();
        assert!(!lifted.is_in_force(later));
        assert_eq!(guesses.lift(attacker, later), None);
        until_banned(&guesses, ATTACKER, "scan", later);
        assert_eq!(guesses.bans(later)[0].times, 1, "the earlier is forgotten");

        fail(&guesses, (OFFICE, "scan", "x"), later);
        fail(&guesses, (OFFICE, "scan", "y"), later);
        assert_eq!(guesses.lift(office, later), None);
        assert_eq!(
            fail(&guesses, (OFFICE, "scan", "z"), later).delay.as_secs(),
            4
        );
    }

    #[test]
    fn a_name_that_many_guess_at_is_under_attack_whether_it_exists_or_not() {
        let guesses = guesses();
        for number in 0..50 {
            let client = format!("198.51.100.{number}");
            let attempt = begin(&guesses, (&client, "scan", &number.to_string()), noon());
            let attempt = attempt.unwrap();
            assert!(!attempt.is_user_under_attack);
            attempt.failed("scan", noon());
        }
        let attack = |user, now| {
            begin(&guesses, (OFFICE, user, "x"), now)
                .unwrap()
                .is_user_under_attack
        };
        assert!(attack("scan", noon()));
        assert!(!attack("other", noon()));
        assert!(!attack("scan", noon() + FORGOTTEN));
    }

    #[test]
    fn one_address_does_not_take_every_place() {
        let guesses = guesses();
        let mut running: Vec<_> = (0..AT_A_TIME)
            .map(|_| begin(&guesses, (ATTACKER, "scan", "x"), noon()).unwrap())
            .collect();
        let refused = begin(&guesses, (ATTACKER, "scan", "x"), noon()).unwrap_err();
        assert_eq!(refused.reason, Reason::AuthThrottled);
        assert!(begin(&guesses, (OFFICE, "scan", "x"), noon()).is_ok());
        drop(running.pop());
        assert!(begin(&guesses, (ATTACKER, "scan", "x"), noon()).is_ok());
        running.pop().unwrap().failed("scan", noon());
        running.truncate(20);
        assert!(begin(&guesses, (ATTACKER, "scan", "x"), noon()).is_err());
        running.truncate(15);
        assert!(begin(&guesses, (ATTACKER, "scan", "x"), noon()).is_ok());
    }

    #[test]
    fn what_was_under_way_when_a_ban_fell_leads_to_no_other() {
        let guesses = guesses();
        let passwords: Vec<_> = (0..100).map(|n| n.to_string()).collect();
        let burst: Vec<_> = passwords
            .iter()
            .map(|password| begin(&guesses, (ATTACKER, "scan", password), noon()).unwrap())
            .collect();
        let later = noon() + Duration::from_secs(4);
        let answers: Vec<_> = burst
            .into_iter()
            .map(|attempt| attempt.failed("scan", later))
            .collect();
        let banned = answers.iter().position(|answer| answer.ban.is_some());
        assert_eq!(banned, Some(14));
        assert!(answers[15..].iter().all(|answer| *answer
            == Consequence {
                delay: LONGEST_DELAY,
                ban: None
            }));
        let bans = guesses.bans(later);
        let minutes = bans[0].until.duration_since(bans[0].since).as_mins();
        assert_eq!((bans.len(), bans[0].times, minutes), (1, 1, 5));

        // Afterwards it has as many guesses as anybody, and the next ban is the second. For the
        // name, the guesses count all the same.
        assert_eq!(until_banned(&guesses, ATTACKER, "else", bans[0].until), 15);
        assert_eq!(guesses.bans(bans[0].until)[0].times, 2);
        let attempt = begin(&guesses, (OFFICE, "scan", "x"), later).unwrap();
        assert!(attempt.is_user_under_attack);
    }

    #[test]
    fn many_addresses_do_not_make_one_forgotten_or_memory_grow() {
        let guesses = guesses();
        for number in 0..10 {
            fail(&guesses, (ATTACKER, "scan", &number.to_string()), noon());
        }
        for number in 0..WATCHED + 1000 {
            let client = IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());
            let password = Secret::new("x");
            let attempt = guesses.begin(client, (&number.to_string(), &password), noon());
            attempt.unwrap().failed("x", noon());
        }
        let state = guesses.state();
        assert!(state.sites.len() <= WATCHED && state.users.len() <= WATCHED);
        let attacker = &state.sites[&Network::site_of(ATTACKER.parse().unwrap())];
        assert_eq!(attacker.tries.score, 10);
        drop(state);
        guesses.sweep(noon() + FORGOTTEN * 20);
        let state = guesses.state();
        assert_eq!((state.sites.len(), state.users.len()), (0, 0));
    }

    #[test]
    fn neither_names_nor_passwords_are_kept() {
        let guesses = guesses();
        fail(&guesses, (ATTACKER, "scan-name", "secret-word"), noon());
        let kept = format!("{guesses:?}");
        assert!(!kept.contains("scan-name") && !kept.contains("secret-word"));
    }
}
