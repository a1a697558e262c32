//! Lanes: whose, what it does, how much waits, for how long, and why.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use relay_proto::{Lane, LaneState};

use super::{Look, age, line_of};
use crate::chart::number::compact;
use crate::chart::{cut, left, right, width_of};
use crate::commands::top::model::{Focus, Model, Sort};
use crate::commands::top::words::{name, why};
use crate::output::cell::{duration, harmless};

/// `› `, the state, how many wait, for how long: with the space before each.
const STATE: u16 = 9;
const COUNT: u16 = 7;
const AGE: u16 = 12;

pub(super) fn draw(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let lanes = model.lanes();
    if area.height == 0 {
        return;
    }
    title(model, look, area, &lanes, buffer);
    let rows = area.height.saturating_sub(1);
    if lanes.is_empty() {
        let text = if model.filter.is_empty() {
            "No account has a route yet: relayctl route set"
        } else {
            "No lane matches; Esc clears the filter"
        };
        let area = line_of(area, area.y + 1);
        if rows > 0 {
            left(buffer, area, text, Style::new());
        }
        return;
    }
    let chosen = model.chosen_lane();
    let columns = Columns::fit(area.width, &lanes);
    // Without room beside it, the reason of the chosen lane stands below it.
    let below = match columns.why {
        None if rows > 1 && model.focus == Focus::Lanes => 1,
        _ => 0,
    };
    let most = usize::from(rows - below);
    let first = (chosen + 1).saturating_sub(most);
    let mut y = area.y + 1;
    for (place, lane) in lanes.iter().enumerate().skip(first).take(most) {
        let is_chosen = place == chosen && model.focus == Focus::Lanes;
        columns.row(lane, model.now, look, is_chosen, line_of(area, y), buffer);
        y += 1;
        if is_chosen && below > 0 {
            let text = cut(&harmless(&why(lane)), area.width.saturating_sub(2));
            let area = Rect::new(2, y, area.width.saturating_sub(2), 1);
            left(buffer, area, &text, look.with(Modifier::DIM));
            y += 1;
        }
    }
}

fn title(model: &Model, look: Look, area: Rect, lanes: &[&Lane], buffer: &mut Buffer) {
    let queue = &model.sample.queue;
    let mut text = format!("LANES  {} waiting", compact(queue.depth));
    let oldest = queue.oldest_at.map(|at| {
        let age = duration(age(model.now, at));
        format!(", oldest {age}")
    });
    let held = (queue.held > 0).then(|| format!(", {} held", compact(queue.held)));
    for more in [oldest, held].into_iter().flatten() {
        if width_of(&text) + width_of(&more) <= area.width {
            text += &more;
        }
    }
    let line = line_of(area, area.y);
    left(buffer, line, &cut(&text, area.width), look.bold());
    let aside = match (model.filter.as_str(), model.sort) {
        ("", Sort::Age) => String::new(),
        ("", sort) => sort.name().to_owned(),
        (filter, _) => format!("/{}: {}", harmless(filter), lanes.len()),
    };
    if width_of(&text) + 2 + width_of(&aside) <= area.width {
        right(buffer, line, &aside, look.with(Modifier::DIM));
    }
}

/// Where the columns of lanes stand.
struct Columns {
    account: u16,
    /// Where the reason begins, if there is room.
    why: Option<u16>,
}

impl Columns {
    fn fit(width: u16, lanes: &[&Lane]) -> Self {
        let longest = lanes.iter().map(|lane| width_of(&name(lane))).max();
        let fixed = 2 + STATE + COUNT + AGE;
        let account = longest
            .unwrap_or(1)
            .clamp(4, (width / 3).max(6))
            .min(width.saturating_sub(fixed).max(4));
        let begin = fixed + account + 2;
        Self {
            account,
            why: (begin + 24 <= width).then_some(begin),
        }
    }

    fn row(
        &self,
        lane: &Lane,
        now: Timestamp,
        look: Look,
        is_chosen: bool,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let y = area.y;
        let mut x = 2;
        if is_chosen {
            left(buffer, Rect::new(0, y, 1, 1), "›", look.bold());
        }
        let style = if is_chosen { look.bold() } else { Style::new() };
        let account = cut(&name(lane), self.account);
        left(buffer, Rect::new(x, y, self.account, 1), &account, style);
        x += self.account;
        let state = look.colored(color_of_state(lane.state));
        left(
            buffer,
            Rect::new(x + 2, y, STATE - 2, 1),
            lane.state.as_str(),
            state,
        );
        x += STATE;
        right(
            buffer,
            Rect::new(x, y, COUNT, 1),
            &compact(lane.depth),
            style,
        );
        x += COUNT;
        let waits = lane
            .oldest_at
            .map_or_else(|| "-".to_owned(), |at| duration(age(now, at)));
        right(buffer, Rect::new(x, y, AGE, 1), &waits, style);
        if let Some(x) = self.why {
            let room = area.width - x;
            let text = cut(&harmless(&why(lane)), room);
            left(buffer, Rect::new(x, y, room, 1), &text, Style::new());
        }
    }
}

const fn color_of_state(state: LaneState) -> Color {
    match state {
        LaneState::Held => Color::Red,
        LaneState::Waiting | LaneState::Paced => Color::Yellow,
        LaneState::Sending => Color::Green,
        LaneState::Idle => Color::Reset,
    }
}
