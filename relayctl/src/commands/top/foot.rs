//! The foot of the screen: one line of keys, or what is asked or told instead.

use super::model::{Model, Page};
use crate::chart::{cut, width_of};
use crate::output::cell::{harmless, wrap};

/// Keys, the most needed first.
const KEYS: [(&str, &str); 8] = [
    ("q", "quit"),
    ("?", "help"),
    ("h", "hold"),
    ("r", "release"),
    ("t", "trace"),
    ("/", "filter"),
    ("s", "sort"),
    ("p", "pause"),
];

/// The lines that stand there, at most the half of the screen.
pub(super) fn lines(model: &Model) -> Vec<String> {
    let (width, height) = model.size;
    let mut lines = all(model, width);
    lines.truncate((height / 2).into());
    lines
}

fn all(model: &Model, width: u16) -> Vec<String> {
    let room = usize::from(width);
    let text = if let Some(question) = &model.question {
        question.text.clone()
    } else if model.is_typing {
        return vec![cut_front(&format!("/{}_", harmless(&model.filter)), width)];
    } else if let Some(note) = model.note() {
        note.to_owned()
    } else if let Some(away) = &model.away {
        format!("{away}; trying again")
    } else {
        return vec![keys(model, room)];
    };
    wrap(&text, room)
        .iter()
        .map(|line| cut(line, width))
        .collect()
}

fn keys(model: &Model, room: usize) -> String {
    let keys: &[(&str, &str)] = match model.page {
        Page::Overview => &KEYS,
        Page::Trace(_) => &[("Esc", "back"), ("n", "next"), ("p", "previous")],
        Page::Help | Page::Refusal(_) => &[("Esc", "back")],
    };
    let mut text = String::new();
    for (key, word) in keys {
        let gap = if text.is_empty() { "" } else { "  " };
        if text.len() + gap.len() + key.len() + 1 + word.len() <= room {
            text.extend([gap, key, " ", word]);
        }
    }
    text
}

/// What was typed last stays in sight.
fn cut_front(text: &str, room: u16) -> String {
    let mut text = text.to_owned();
    while width_of(&text) > room && !text.is_empty() {
        text.remove(0);
    }
    text
}
