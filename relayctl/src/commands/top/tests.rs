//! The screen, drawn without a terminal: what it shows at each size, and what keys make of it.

use std::time::Duration;

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use relay_proto::{Lane, QueueSummary, Reject, StatsSummary, Trace};
use serde::Deserialize;

use super::model::{Action, Key, Model, Page};
use super::view::{self, Look};
use super::worker::{News, Order, Sample};
use crate::chart::charset::Charset;
use crate::error::{Exit, Failure};

const TRACE: &str = r#"{"message":{"id":"06bq3k8zv1h4wcn2x9tg","account":"acme","user":"erp",
    "system":"erp-prod","state":"queued","sender":"erp@acme.example","recipient":"bob@example.net",
    "recipient_count":1,"header_from":"erp@acme.example","subject":"\u001b[31mInvoice",
    "message_id":"<1@acme.example>","size":18432,"client":"203.0.113.10","helo":"erp.acme.example",
    "tls":"TLSv1.3","accepted_at":"2026-11-22T11:12:30Z","due_at":null,"finished_at":null,
    "attempts":1,"last_reply":""},
    "recipients":[{"address":"bob@example.net","state":"queued","reply":""}],"events":[
    {"at":"2026-11-22T11:12:30Z","kind":"accepted","recipients":[],"reason":null,"reply":"",
    "detail":"listener submission, ESMTPSA; signed in with a password"},
    {"at":"2026-11-22T11:13:02Z","kind":"deferred","recipients":["bob@example.net"],
    "reason":"route-credentials-rejected","reply":"535 5.7.139 Authentication unsuccessful",
    "detail":"server smtp.office365.com"}],
    "next":{"sentence":"the lane is held until it is released","at":null,"held":true,
    "command":"relayctl queue release --lane --account acme"}}"#;

#[derive(Deserialize)]
struct Fixture {
    queue: QueueSummary,
    stats: StatsSummary,
    rejects: Vec<Reject>,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sample() -> Sample {
    let fixture: Fixture = serde_json::from_str(include_str!("sample.json")).unwrap();
    Sample {
        at: at("2026-11-22T13:47:05Z"),
        queue: fixture.queue,
        stats: fixture.stats,
        rejects: fixture.rejects,
    }
}

/// A screen that has been open for a while.
fn model() -> Model {
    let first = sample();
    let mut model = Model::new(
        "prod  all accounts".to_owned(),
        Duration::from_secs(2),
        true,
        first.clone(),
    );
    let mut stats = first.stats.clone();
    for (step, more) in (1..).zip([0, 1, 2, 4, 7, 9, 8, 6, 5, 7, 10, 12, 9, 4, 3, 5, 6, 4]) {
        stats.counts.accepted += more;
        stats.counts.delivered += more;
        stats.counts.deferred += more / 6;
        stats.refused += u64::from(more == 12);
        let next = Sample {
            at: first.at + Duration::from_secs(2 * step),
            stats: stats.clone(),
            ..first.clone()
        };
        assert!(model.hear(News::Sample(Box::new(next))).is_none());
        model.tick(first.at + Duration::from_secs(2 * step));
    }
    model
}

fn trace() -> Box<Trace> {
    serde_json::from_str(TRACE).unwrap()
}

fn mails(account: &str, ids: &[&str]) -> News {
    News::Mails {
        account: account.to_owned(),
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        trace: trace(),
    }
}

fn drawn_with(model: &mut Model, size: (u16, u16), charset: Charset) -> String {
    model.size = size;
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let look = Look {
        color: false,
        charset,
    };
    terminal
        .draw(|frame| view::draw(model, look, frame))
        .unwrap();
    let buffer = terminal.backend().buffer();
    let rows = buffer.content.chunks(size.0.into()).map(|cells| {
        let row: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
        row.trim_end().to_owned() + "\n"
    });
    rows.collect()
}

fn drawn(model: &mut Model, size: (u16, u16)) -> String {
    drawn_with(model, size, Charset::Unicode)
}

fn pressed(model: &mut Model, keys: &[Key]) -> Option<Action> {
    keys.iter().fold(None, |_, key| model.press(*key))
}

/// The screens in the documentation are these.
#[test]
fn screens_are_as_the_documentation_shows_them() {
    let mut overview = model();
    let mut held = model();
    pressed(&mut held, &[Key::Down, Key::Char('h')]);
    let mut reading = model();
    pressed(&mut reading, &[Key::Enter]);
    reading.hear(mails("acme", &["06bq3k8zv1h4wcn2x9tg", "06bq"]));
    let mut refusal = model();
    pressed(&mut refusal, &[Key::Tab, Key::Enter]);
    for (name, model, size) in [
        ("top at 80 columns", &mut overview, (80, 24)),
        ("top at 40 columns", &mut model(), (40, 12)),
        ("hold", &mut held, (80, 24)),
        ("trace", &mut reading, (80, 24)),
        ("refusal", &mut refusal, (80, 24)),
    ] {
        crate::chart::documented(name, &drawn(model, size));
    }
}

#[test]
fn a_wide_screen() {
    insta::assert_snapshot!(drawn(&mut model(), (120, 30)));
}

#[test]
fn a_screen_of_plain_ascii() {
    let text = drawn_with(&mut model(), (80, 24), Charset::Ascii);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_small_page_and_a_small_question() {
    let mut model = model();
    pressed(&mut model, &[Key::Char('h')]);
    pressed(&mut model, &[Key::Char('n'), Key::Down, Key::Char('h')]);
    let question = drawn(&mut model, (40, 12));
    pressed(&mut model, &[Key::Char('n'), Key::Enter]);
    model.hear(mails("contoso", &["06bq"]));
    let page = drawn(&mut model, (40, 12));
    insta::assert_snapshot!(question + "--\n" + &page);
}

#[test]
fn no_size_breaks_it_and_nothing_hostile_reaches_it() {
    let pages: [&[Key]; 5] = [
        &[],
        &[Key::Tab],
        &[Key::Char('?')],
        &[Key::Tab, Key::Enter],
        &[Key::Down, Key::Char('h')],
    ];
    for keys in pages {
        let mut model = model();
        pressed(&mut model, keys);
        for width in 1..=130 {
            for height in [1, 2, 7, 8, 9, 10, 11, 12, 17, 18, 24, 60] {
                let text = drawn(&mut model, (width, height));
                let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
                assert!(!text.contains(bad), "{width} x {height}: {text:?}");
            }
        }
    }
}

#[test]
fn the_slowest_lane_is_first_and_the_chosen_one_stays_chosen() {
    let mut model = model();
    let names = |model: &Model| -> Vec<String> {
        let lanes = model.lanes();
        lanes.iter().map(|lane| lane.account.clone()).collect()
    };
    let by_age = ["acme", "contoso", "northwind-traders", "fabrikam"];
    assert_eq!(names(&model), by_age);
    pressed(&mut model, &[Key::Down]);
    assert_eq!(model.chosen_lane(), 1);
    pressed(&mut model, &[Key::Char('s')]);
    assert_eq!(names(&model)[1], "northwind-traders");
    assert_eq!(model.chosen_lane(), 2, "contoso");
    pressed(&mut model, &[Key::Char('s'), Key::End]);
    assert_eq!(names(&model)[3], "northwind-traders");
    assert_eq!(model.chosen_lane(), 3);
    pressed(&mut model, &[Key::Down, Key::PageDown]);
    assert_eq!(model.chosen_lane(), 3);
}

#[test]
fn a_filter_is_for_lanes_and_refusals() {
    let mut model = model();
    pressed(&mut model, &[Key::Char('/')]);
    for key in "Contoso".chars() {
        pressed(&mut model, &[Key::Char(key)]);
    }
    assert!(drawn(&mut model, (80, 24)).ends_with("/Contoso_\n"));
    pressed(&mut model, &[Key::Enter]);
    let left = (model.lanes().len(), model.refusals().len());
    assert_eq!(left, (1, 1));
    let text = drawn(&mut model, (80, 24));
    assert!(text.contains("/Contoso: 1"), "{text}");
    assert!(!text.contains("No refusal matches"), "{text}");
    for key in [Key::Char('/'), Key::Char('?'), Key::Enter] {
        pressed(&mut model, &[key]);
    }
    let text = drawn(&mut model, (80, 24));
    assert!(text.contains("No refusal matches"), "{text}");
    assert!(!text.contains("Nothing was refused"), "{text}");
    pressed(&mut model, &[Key::Escape]);
    assert_eq!((model.lanes().len(), model.refusals().len()), (4, 3));
}

#[test]
fn nothing_is_changed_without_a_yes() {
    let mut model = model();
    pressed(&mut model, &[Key::Down]);
    for answer in [Key::Enter, Key::Char('n'), Key::Escape, Key::Char('h')] {
        assert!(pressed(&mut model, &[Key::Char('h')]).is_none());
        let question = model.question.clone().unwrap().text;
        assert_eq!(
            question,
            "Hold contoso? No mail of it leaves until it is released; 1 message waits. y/N"
        );
        assert!(pressed(&mut model, &[answer]).is_none(), "{answer:?}");
        assert_eq!(model.note(), Some("Nothing was changed."));
    }
    let action = pressed(&mut model, &[Key::Char('h'), Key::Char('y')]);
    let Some(Action::Order(Order::Hold { account })) = action else {
        panic!("{action:?}")
    };
    assert_eq!(account, "contoso");
    pressed(&mut model, &[Key::Char('r')]);
    assert_eq!(model.note(), Some("The lane of contoso is not held."));
    let action = pressed(&mut model, &[Key::Home, Key::Char('r'), Key::Char('y')]);
    assert!(matches!(action, Some(Action::Order(Order::Release { .. }))));
    let mut lane: Lane = model.sample.queue.lanes[0].clone();
    lane.hold = None;
    lane.state = relay_proto::LaneState::Sending;
    model.hear(News::Changed(Box::new(lane)));
    assert_eq!(
        model.note(),
        Some("The lane of acme was released; 14 messages wait.")
    );
    assert!(model.lanes()[0].hold.is_none());
}

#[test]
fn who_may_only_read_is_told_so() {
    let mut model = Model::new("a".to_owned(), Duration::from_secs(2), false, sample());
    pressed(&mut model, &[Key::Char('r')]);
    assert!(model.question.is_none());
    assert_eq!(model.note(), Some("This token may only read."));
}

#[test]
fn old_figures_say_how_old_they_are() {
    let mut model = model();
    assert_eq!(model.staleness(), None);
    model.hear(News::Away("cannot reach relayd at /run".to_owned()));
    model.tick(model.sample.at + Duration::from_secs(75));
    let text = drawn(&mut model, (80, 24));
    assert!(text.contains("reconnecting, 1 min old"), "{text}");
    assert!(text.contains("cannot reach relayd at /run; trying again"));
    assert!(drawn(&mut model, (40, 12)).contains("reconnecting, 1 min old"));
    let mut back = sample();
    back.at = model.now;
    model.hear(News::Sample(Box::new(back)));
    assert_eq!(model.staleness(), None);
    let action = pressed(&mut model, &[Key::Char('p')]);
    assert!(matches!(action, Some(Action::Order(Order::Pause(true)))));
    assert!(drawn(&mut model, (80, 24)).contains("paused, 0 s old"));
    let refused = Failure::new(Exit::Forbidden, "not-signed-in", "no");
    assert!(matches!(
        model.hear(News::Over(refused)),
        Some(Action::Fail(_))
    ));
}

#[test]
fn a_page_can_be_read_to_its_end_above_a_long_note() {
    let mut model = model();
    model.size = (40, 12);
    pressed(&mut model, &[Key::Char('?')]);
    let why = "cannot reach relayd at https://relay.example.com:8443: it was refused";
    model.hear(News::Away(why.to_owned()));
    pressed(&mut model, &[Key::End]);
    let text = drawn(&mut model, (40, 12));
    assert!(text.contains("trying again"), "{text}");
    let last = model.lines().last().cloned().unwrap();
    assert!(text.contains(&last), "{last:?} is not in\n{text}");
}

#[test]
fn an_answer_opens_only_what_was_asked_for_last() {
    let opened = |model: &Model| match &model.page {
        Page::Overview => "overview".to_owned(),
        Page::Help => "help".to_owned(),
        Page::Refusal(_) => "refusal".to_owned(),
        Page::Trace(reading) => reading.lane.clone().unwrap().account,
    };
    let cases: [(&[Key], &str, &str); 8] = [
        (&[Key::Enter, Key::Down], "acme", "acme"),
        (&[Key::Enter, Key::Down, Key::Enter], "acme", "overview"),
        (&[Key::Enter, Key::Down, Key::Enter], "contoso", "contoso"),
        (&[Key::Enter, Key::Char('?')], "acme", "help"),
        (
            &[Key::Enter, Key::Char('?'), Key::Escape],
            "acme",
            "overview",
        ),
        (&[Key::Enter, Key::Tab, Key::Enter], "acme", "refusal"),
        (&[Key::Enter, Key::Char('/')], "acme", "overview"),
        (&[Key::Enter, Key::Char('r')], "acme", "overview"),
    ];
    for (keys, account, expected) in cases {
        let mut model = model();
        pressed(&mut model, keys);
        model.hear(mails(account, &["06bq3k8zv1h4wcn2x9tg"]));
        assert_eq!(opened(&model), expected, "{keys:?}, then mail of {account}");
    }
}

/// What a key orders.
fn ordered(model: &mut Model, key: Key) -> Order {
    match model.press(key) {
        Some(Action::Order(order)) => order,
        action => panic!("{key:?} orders nothing: {action:?}"),
    }
}

/// A model that shows the first of three mails of acme.
fn reading() -> Model {
    let mut model = model();
    ordered(&mut model, Key::Enter);
    model.hear(mails("acme", &["06bq3k8zv1h4wcn2x9tg", "second", "third"]));
    model
}

/// Which mail the head names, and which is shown below it.
fn mail_shown(model: &Model) -> (usize, &str) {
    let Page::Trace(reading) = &model.page else {
        panic!("{:?}", model.page)
    };
    (reading.place + 1, &reading.trace.message.id)
}

fn mail(id: &str) -> News {
    let mut trace = trace();
    id.clone_into(&mut trace.message.id);
    News::Mail(trace)
}

#[test]
fn a_mail_that_cannot_be_shown_is_not_named() {
    let mut model = reading();
    let first = ordered(&mut model, Key::Char('n'));
    assert_eq!(mail_shown(&model).0, 2);
    model.hear(News::Vain(first, "it is gone".to_owned()));
    assert_eq!(mail_shown(&model), (1, "06bq3k8zv1h4wcn2x9tg"));
    assert_eq!(model.note(), Some("it is gone"));
    // Who has turned further meanwhile sees that one.
    let second = ordered(&mut model, Key::Char('n'));
    ordered(&mut model, Key::Char('n'));
    model.hear(News::Vain(second, "it is gone".to_owned()));
    model.hear(mail("third"));
    assert_eq!(mail_shown(&model), (3, "third"));
}

#[test]
fn a_lane_in_vain_takes_no_other_along() {
    let mut model = model();
    let acme = ordered(&mut model, Key::Enter);
    model.press(Key::Down);
    ordered(&mut model, Key::Enter);
    model.hear(News::Vain(acme, "No mail of acme waits.".to_owned()));
    model.hear(mails("contoso", &["06bq3k8zv1h4wcn2x9tg"]));
    assert_eq!(mail_shown(&model).0, 1);
    model.press(Key::Escape);
    let contoso = ordered(&mut model, Key::Enter);
    model.hear(News::Vain(contoso, "it is gone".to_owned()));
    model.hear(mails("contoso", &["06bq3k8zv1h4wcn2x9tg"]));
    assert!(matches!(model.page, Page::Overview));
}

#[test]
fn an_order_that_is_not_taken_leaves_all_as_it_was() {
    let mut model = reading();
    let second = ordered(&mut model, Key::Char('n'));
    model.take_back(second);
    assert_eq!(mail_shown(&model), (1, "06bq3k8zv1h4wcn2x9tg"));
    model.press(Key::Escape);
    let paused = ordered(&mut model, Key::Char('p'));
    assert!(model.is_paused);
    model.take_back(paused);
    assert!(!model.is_paused);
    let opened = ordered(&mut model, Key::Enter);
    model.take_back(opened);
    assert_eq!(
        model.note(),
        Some("relayd is slow to answer; press it again in a while")
    );
    model.hear(mails("acme", &["06bq"]));
    assert!(matches!(model.page, Page::Overview));
}

#[test]
fn an_order_that_is_not_taken_leaves_those_before_it() {
    let mut model = reading();
    ordered(&mut model, Key::Char('n'));
    let third = ordered(&mut model, Key::Char('n'));
    model.take_back(third);
    model.hear(mail("second"));
    assert_eq!(mail_shown(&model), (2, "second"));
    model.press(Key::Escape);
    ordered(&mut model, Key::Char('p'));
    let goes_on = ordered(&mut model, Key::Char('p'));
    model.take_back(goes_on);
    assert!(model.is_paused);
    ordered(&mut model, Key::Enter);
    model.press(Key::Down);
    let contoso = ordered(&mut model, Key::Enter);
    model.take_back(contoso);
    model.hear(mails("acme", &["06bq3k8zv1h4wcn2x9tg"]));
    assert_eq!(mail_shown(&model).0, 1);
}

#[test]
fn rates_are_per_minute_and_survive_the_hour() {
    let mut model = Model::new("a".to_owned(), Duration::from_secs(2), true, sample());
    let mut next = sample();
    next.at += Duration::from_secs(4);
    next.stats.counts.accepted += 2;
    model.hear(News::Sample(Box::new(next.clone())));
    assert_eq!(model.rates[0], [30]);
    // The span moved on by an hour: the count is smaller, and the rate is not known.
    next.at += Duration::from_secs(2);
    next.stats.since = at("2026-11-21T14:00:00Z");
    next.stats.counts.accepted -= 500;
    model.hear(News::Sample(Box::new(next)));
    assert_eq!(model.rates[0], [30, 30]);
}

#[test]
fn pages_scroll_and_turn_over() {
    let mut model = model();
    model.size = (40, 12);
    let action = pressed(&mut model, &[Key::Char('t')]);
    assert!(matches!(action, Some(Action::Order(Order::Oldest { .. }))));
    model.hear(mails("acme", &["06bq3k8zv1h4wcn2x9tg", "other"]));
    assert!(matches!(model.page, Page::Trace(_)));
    pressed(&mut model, &[Key::End]);
    let bottom = model.scroll;
    assert!(bottom > 0);
    pressed(&mut model, &[Key::Down]);
    assert_eq!(model.scroll, bottom);
    let last = drawn(&mut model, (40, 12));
    assert!(last.contains("relayctl queue release"), "{last}");
    let action = pressed(&mut model, &[Key::Char('n')]);
    let Some(Action::Order(Order::Mail { id, .. })) = action else {
        panic!("{action:?}")
    };
    assert_eq!(id, "other");
    assert!(pressed(&mut model, &[Key::Char('n')]).is_none());
    pressed(&mut model, &[Key::Char('q')]);
    assert!(matches!(model.page, Page::Overview));
    assert!(matches!(
        pressed(&mut model, &[Key::Char('q')]),
        Some(Action::Quit)
    ));
    // An answer that comes late tears nobody away.
    model.hear(mails("acme", &["06bq"]));
    assert!(matches!(model.page, Page::Overview));
}
