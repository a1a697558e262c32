//! Promises about counters: they agree with the log to the last mail.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use relayd::{
    model::{
        Address, Event, EventKind, Histogram, MessageId, Reason, Recipient, RecipientState,
        ReversePath, SystemId, UserId,
    },
    store::{
        GroupBy, MAX_RECIPIENT_DOMAINS, NewMessage, NoticeKind, OTHER_DOMAINS, Period, QueueAction,
        RecipientOutcome, RefusalRecord, Settlement, Span, Traffic,
    },
};

use super::{
    log::{Log, Piece},
    world::{IDS, World, later, noon, notice},
};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// From 21 November into December.
const SPAN: i64 = 12 * DAY;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % bound
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        let place = usize::try_from(self.below(of.len() as u64)).unwrap();
        of[place].clone()
    }

    fn seconds(&mut self, below: i64) -> i64 {
        i64::try_from(self.below(below.unsigned_abs())).unwrap()
    }
}

/// Mail in many hands, and refusals, over twelve days.
struct Traffickers {
    world: World,
    dice: Dice,
    users: Vec<UserId>,
    systems: Vec<SystemId>,
}

impl Traffickers {
    async fn new(world: World) -> Self {
        let (user, system) = (UserId::new(&IDS, noon()), SystemId::new(&IDS, noon()));
        let second = world.a_relay_user(user, "erp");
        let credential = super::world::a_credential();
        world
            .store
            .insert_relay_user(&second, &credential, 3)
            .await
            .unwrap();
        let second = world.a_system(system, "fax", "192.0.2.8");
        world.store.insert_system(&second).await.unwrap();
        Self {
            users: vec![world.user, user],
            systems: vec![world.system, system],
            world,
            dice: Dice(7),
        }
    }

    fn sender(&mut self) -> &'static str {
        self.dice.one_of(&[
            "scanner@acme.example",
            "scanner@acme.example",
            "shop@acme-shop.example",
            "",
        ])
    }

    fn message(&mut self, seconds: i64) -> NewMessage {
        let count = 1 + usize::try_from(self.dice.below(4)).unwrap();
        let mut message = self.world.message(count);
        message.accepted_at = later(seconds);
        message.user_id = self.dice.one_of(&self.users);
        message.system_id = self.dice.one_of(&self.systems);
        message.size = 100 + self.dice.below(1000);
        message.envelope.reverse_path = self.sender().parse().unwrap();
        for (number, recipient) in message.envelope.recipients.iter_mut().enumerate() {
            let domain = self
                .dice
                .one_of(&["north.example", "south.example", "east.example"]);
            recipient.address = format!("r{number}@{domain}").parse().unwrap();
        }
        message
    }

    /// One attempt: what happens to each recipient, told as the lanes tell it.
    fn attempt(&mut self, message: &NewMessage, waiting: &[u32], seconds: i64) -> Settlement {
        let at = later(seconds);
        let mut events: Vec<Event> = Vec::new();
        let mut recipients = Vec::new();
        for position in waiting {
            let (state, kind, reason) = self.dice.one_of(&[
                (RecipientState::Delivered, EventKind::Delivered, None),
                (
                    RecipientState::Failed,
                    EventKind::Failed,
                    Some(Reason::RecipientRefused),
                ),
                (
                    RecipientState::Failed,
                    EventKind::Failed,
                    Some(Reason::Expired),
                ),
                (
                    RecipientState::Queued,
                    EventKind::Deferred,
                    Some(Reason::RouteQuota),
                ),
                (
                    RecipientState::Queued,
                    EventKind::Deferred,
                    Some(Reason::RouteThrottled),
                ),
            ]);
            let address = address_of(message, *position).to_string();
            let alike = events
                .iter_mut()
                .find(|event| event.kind == kind && event.reason == reason);
            match alike {
                Some(event) => event.recipients.push(address),
                None => events.push(Event {
                    at,
                    message_id: message.id,
                    kind,
                    recipients: vec![address],
                    reason,
                    reply: String::new(),
                    detail: String::new(),
                    client: None,
                }),
            }
            recipients.push(RecipientOutcome {
                position: *position,
                state,
                // So that the log tells why.
                reply: reason.map_or("", Reason::code).to_owned(),
                reason,
            });
        }
        Settlement {
            message_id: message.id,
            account_id: message.account_id,
            user_id: message.user_id,
            system_id: message.system_id,
            reverse_path: message.envelope.reverse_path.clone(),
            accepted_at: message.accepted_at,
            recipients,
            due_at: at,
            // Waiting for the other side's pace is none, and stands in the history still.
            is_attempt: self.dice.below(2) == 0,
            events,
            at,
            notices: Vec::new(),
        }
    }

    /// A bounce, when something failed.
    fn bounce(&mut self, message: &NewMessage, settlement: &mut Settlement) {
        let has_failed = |it: &RecipientOutcome| it.state == RecipientState::Failed;
        if !settlement.recipients.iter().any(has_failed) {
            return;
        }
        let mut bounce = self.world.message(1);
        bounce.user_id = message.user_id;
        bounce.system_id = message.system_id;
        bounce.accepted_at = settlement.at;
        bounce.envelope.reverse_path = ReversePath::Null;
        bounce.quotas = Vec::new();
        let notice = notice(message.id, NoticeKind::Failed, bounce);
        settlement.notices.push(notice);
    }

    /// Eight mails at once, each with up to three attempts, one of them twice in one batch; people
    /// cancel between the attempts, and while one is under way.
    async fn send(&mut self, begin: i64) {
        let messages: Vec<_> = (0..8)
            .map(|number| self.message(begin + number * 60))
            .collect();
        // The id that is there already spoils its batch, which is written entry by entry then.
        let twice = messages[0].clone();
        let all = messages.iter().cloned().chain([twice]);
        let accepted = join_all(all.map(|message| self.world.journal.accept(message))).await;
        assert_eq!(accepted.iter().filter(|it| it.is_ok()).count(), 8);
        let mut waiting: BTreeMap<MessageId, Vec<u32>> = messages
            .iter()
            .map(|it| {
                let count = u32::try_from(it.envelope.recipients.len()).unwrap();
                (it.id, (0..count).collect())
            })
            .collect();
        for _ in 0..2 {
            let mut settlements = Vec::new();
            let mut cancelled = Vec::new();
            for message in &messages {
                let places = waiting.get_mut(&message.id).unwrap();
                let took = self.dice.one_of(&[2, 40, 900, 3 * HOUR, DAY]);
                let at = begin + 480 + self.dice.seconds(took);
                let mut settlement = self.attempt(message, places, at);
                let outcomes = settlement.recipients.iter();
                *places = outcomes
                    .filter(|it| it.state == RecipientState::Queued)
                    .map(|it| it.position)
                    .collect();
                self.bounce(message, &mut settlement);
                match self.dice.below(8) {
                    0 => cancelled.push((message.id, at)),
                    // As when two attempts are written in one batch.
                    1 => settlements.push(a_second_later(&settlement)),
                    _ => {}
                }
                settlements.push(settlement);
            }
            for (id, at) in cancelled {
                self.world
                    .store
                    .act_on_messages(&[id], QueueAction::Cancel, "operator", later(at))
                    .await
                    .unwrap();
            }
            let settling = settlements
                .into_iter()
                .map(|settlement| self.world.journal.settle(settlement));
            assert!(join_all(settling).await.iter().all(Result::is_ok));
        }
    }

    fn refuse(&mut self, seconds: i64) {
        let is_known = self.dice.below(3) > 0;
        let sender = self.dice.one_of(&[
            "scanner@acme.example",
            "shop@acme-shop.example",
            "who@knows.example",
        ]);
        let domain = sender.rsplit_once('@').unwrap().1;
        let is_own = is_known && domain.starts_with("acme");
        let user = self.dice.one_of(&self.users);
        let system = self.dice.one_of(&self.systems);
        self.world.journal.record_refusal(RefusalRecord {
            at: later(seconds),
            account_id: is_known.then_some(self.world.account),
            user_id: is_known.then_some(user),
            system_id: (is_known && self.dice.below(2) == 0).then_some(system),
            username: String::new(),
            client: "192.0.2.7".parse().unwrap(),
            listener: "submission".to_owned(),
            helo: "printer".to_owned(),
            sender: sender.to_owned(),
            sender_domain: if is_own { domain } else { "" }.to_owned(),
            recipient: String::new(),
            reason: self
                .dice
                .one_of(&[Reason::SenderNotAllowed, Reason::CredentialsRejected]),
            reply: String::new(),
            is_listed: true,
        });
    }

    async fn run(&mut self) {
        // Time goes forward only, as the meters of rates expect.
        for round in 0..30 {
            let begin = round * (SPAN / 30);
            self.send(begin).await;
            for number in 0..3 {
                self.refuse(begin + number * 1000);
            }
            if round == 15 {
                // Refusals that wait are written before the end.
                self.world.restart().await;
            }
        }
        self.world.restart().await;
    }

    /// Compares every sum with the log.
    async fn compare(&self) {
        let log = Log::read(&self.world).await;
        let whole = Span::of(later(-DAY), later(SPAN + 1000 * DAY));
        // Hours count whole: what begins and ends within one is widened.
        let piece = Span::of(later(2 * DAY + 100), later(5 * DAY + 4000));
        let day = Span::of(later(3 * DAY + 12 * HOUR), later(4 * DAY + 12 * HOUR));
        for span in [whole, piece, day] {
            for span in self.narrowed(&span) {
                for period in [
                    None,
                    Some(Period::Hour),
                    Some(Period::Day),
                    Some(Period::Month),
                ] {
                    self.compare_usage(&log, &span, period).await;
                    self.compare_errors(&log, &span, period).await;
                }
            }
        }
        self.compare_recipient_domains(&log).await;
    }

    fn narrowed(&self, span: &Span) -> [Span; 5] {
        [
            span.clone(),
            Span {
                account: Some(self.world.account),
                ..span.clone()
            },
            Span {
                user: Some(self.users[1]),
                ..span.clone()
            },
            Span {
                system: Some(self.systems[0]),
                ..span.clone()
            },
            Span {
                account: Some(self.world.account),
                domain: Some("acme-shop.example".to_owned()),
                ..span.clone()
            },
        ]
    }

    async fn compare_usage(&self, log: &Log, span: &Span, period: Option<Period>) {
        for group in [
            GroupBy::Nothing,
            GroupBy::User,
            GroupBy::System,
            GroupBy::Domain,
        ] {
            let rows = self
                .world
                .store
                .usage(span, group, period, 10_000)
                .await
                .unwrap();
            let counted: BTreeMap<Piece, Traffic> = rows
                .into_iter()
                .map(|row| {
                    let who = row.user.or(row.system).or(row.domain);
                    ((row.begins_at, row.account, who), row.traffic)
                })
                .collect();
            let mut expected = log.usage(span, group, period);
            let what = format!("{span:?} {group:?} {period:?}");
            let keys: BTreeSet<_> = counted.keys().chain(expected.keys()).cloned().collect();
            for key in keys {
                let counted = counted.get(&key).cloned().unwrap_or_default();
                let (traffic, times) = expected.remove(&key).unwrap_or_default();
                assert_eq!(counted.counts, traffic.counts, "{key:?} of {what}");
                assert_eq!(counted.refused, traffic.refused, "{key:?} of {what}");
                agree(&counted.times, times);
            }
        }
    }

    async fn compare_errors(&self, log: &Log, span: &Span, period: Option<Period>) {
        let rows = self
            .world
            .store
            .errors_by_reason(span, period, 10_000)
            .await
            .unwrap();
        let counted: BTreeMap<_, u64> = rows
            .into_iter()
            .map(|row| {
                let who = (row.begins_at, row.account, row.user, row.system);
                ((who, row.kind, row.reason), row.count)
            })
            .collect();
        assert_eq!(counted, log.errors(span, period), "{span:?} {period:?}");
    }

    async fn compare_recipient_domains(&self, log: &Log) {
        let span = Span::of(jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
        for period in [None, Some(Period::Day), Some(Period::Month)] {
            let rows = self
                .world
                .store
                .usage_by_recipient_domain(&span, period, 10_000)
                .await
                .unwrap();
            let counted: BTreeMap<_, _> = rows
                .into_iter()
                .map(|row| {
                    let counts = [row.recipients, row.delivered, row.failed, row.deferred];
                    ((row.begins_at, row.domain), counts)
                })
                .collect();
            assert_eq!(counted, log.recipient_domains(period), "{period:?}");
        }
    }
}

fn a_second_later(settlement: &Settlement) -> Settlement {
    let mut later = settlement.clone();
    later.at += jiff::SignedDuration::from_secs(1);
    for event in &mut later.events {
        event.at = later.at;
    }
    later.notices.clear();
    later
}

fn address_of(message: &NewMessage, position: u32) -> &Address {
    &message.envelope.recipients[position as usize].address
}

/// A histogram against the times themselves.
fn agree(histogram: &Histogram, mut millis: Vec<u64>) {
    millis.sort_unstable();
    assert_eq!(histogram.count(), millis.len() as u64);
    for percent in [50, 95] {
        let rank = (millis.len() * percent).div_ceil(100);
        let exact = rank.checked_sub(1).map(|place| millis[place]);
        let told = histogram.percentile(percent as u64);
        let told = told.map(|time| u64::try_from(time.as_millis()).unwrap());
        let is_near = match (exact, told) {
            (Some(exact), Some(told)) => exact.abs_diff(told) * 17 <= exact + 17,
            (None, None) => true,
            _ => false,
        };
        assert!(is_near, "p{percent} is {exact:?}, not {told:?}");
    }
}

pub(super) async fn counters_agree_with_the_log_to_the_last_mail(world: World) {
    let mut traffickers = Traffickers::new(world).await;
    traffickers.run().await;
    traffickers.compare().await;
    let log = Log::read(&traffickers.world).await;
    let whole = log.usage(&Span::of(noon(), later(SPAN + DAY)), GroupBy::Nothing, None);
    let (traffic, times) = &whole[&(None, None, None)];
    let counts = traffic.counts;
    assert!(counts.notices > 0 && counts.cancelled > 0 && counts.deferred > 0);
    assert!(counts.failed > 0 && traffic.refused > 0 && times.len() > 100);

    // Summed up, all is the same.
    let store = traffickers.world.store.clone();
    let now = later(SPAN + 3 * DAY);
    assert!(store.sum_up_days(now).await.unwrap() > 10);
    assert_eq!(store.sum_up_days(now).await.unwrap(), 0);
    traffickers.compare().await;

    // What is counted late opens its day again.
    traffickers.world.restart().await;
    traffickers.send(SPAN).await;
    traffickers.refuse(SPAN + 1);
    traffickers.world.restart().await;
    traffickers.compare().await;
    let store = traffickers.world.store.clone();
    assert!(store.sum_up_days(now).await.unwrap() >= 1);
    traffickers.compare().await;

    // Who is deleted has sent what it sent.
    let (user, system) = (traffickers.users[1], traffickers.systems[1]);
    store.delete_system(system).await.unwrap();
    store.delete_relay_user(user).await.unwrap();
    traffickers.compare().await;
}

pub(super) async fn recipient_domains_are_bounded_and_lose_nothing(mut world: World) {
    let message = |world: &World, from: usize, to: usize| {
        let mut message = world.message(0);
        message.envelope.recipients = (from..to)
            .map(|number| Recipient {
                address: format!("r@d{number:04}.example").parse().unwrap(),
                notify: None,
                original: String::new(),
            })
            .collect();
        message
    };
    let half = MAX_RECIPIENT_DOMAINS / 2;
    let first = message(&world, 0, half);
    world.journal.accept(first).await.unwrap();
    // What has a row is known after a restart, too.
    world.restart().await;
    let second = message(&world, half - 1, MAX_RECIPIENT_DOMAINS + 50);
    let id = second.id;
    world.journal.accept(second).await.unwrap();
    let last = u32::try_from(MAX_RECIPIENT_DOMAINS + 50 - half).unwrap();
    let outcomes = [
        (0, RecipientState::Delivered),
        (last, RecipientState::Failed),
    ];
    world.settle(id, &outcomes).await;

    let span = Span::of(noon(), later(1));
    let rows = world
        .store
        .usage_by_recipient_domain(&span, None, 1000)
        .await
        .unwrap();
    assert_eq!(rows.len(), MAX_RECIPIENT_DOMAINS + 1);
    let of = |domain: &str| {
        let row = rows.iter().find(|row| row.domain == domain).unwrap();
        [row.recipients, row.delivered, row.failed, row.deferred]
    };
    assert_eq!(of(OTHER_DOMAINS), [50, 0, 1, 0]);
    assert_eq!(of(&format!("d{:04}.example", half - 1)), [2, 1, 0, 0]);
    assert_eq!(of("d0000.example"), [1, 0, 0, 0]);
    let all: u64 = rows.iter().map(|row| row.recipients).sum();
    assert_eq!(all, (MAX_RECIPIENT_DOMAINS + 51) as u64);
}

/// Thousands of deliveries in one hour leave a short text behind.
pub(super) async fn a_busy_hour_keeps_its_histogram_short(world: World) {
    let mut dice = Dice(3);
    let mut times = Vec::new();
    for _ in 0..60 {
        let message = world.message(4);
        let id = message.id;
        world.journal.accept(message).await.unwrap();
        for position in 0..4 {
            let millis = 1 + dice.below(20_000);
            times.push(millis);
            let mut settlement = world.settlement(id, &[(position, RecipientState::Delivered)]);
            let took = i64::try_from(millis).unwrap() * 1000;
            let micros = noon().as_microsecond() + took;
            settlement.at = jiff::Timestamp::from_microsecond(micros).unwrap();
            world.journal.settle(settlement).await.unwrap();
        }
    }
    let traffic = world
        .store
        .sum_usage(&Span::of(noon(), later(HOUR)))
        .await
        .unwrap();
    agree(&traffic.times, times);
    let length = world.number("SELECT LENGTH(times) FROM usage").await;
    assert!((1..=700).contains(&length), "{length}");
}
