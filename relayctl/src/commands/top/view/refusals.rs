//! The last refusals: when, why, who; and below, what mends it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Look, ROOMY, line_of};
use crate::chart::{cut, left, width_of};
use crate::commands::top::model::{Focus, Model, Refusal};
use crate::output::cell::harmless;

pub(super) fn draw(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let gap = u16::from(area.width >= ROOMY.0 && area.height > 3);
    if area.height < 2 {
        return;
    }
    let refusals = model.refusals();
    left(buffer, line_of(area, area.y + gap), "REFUSED", look.bold());
    let rows = area.height - 1 - gap;
    let first = area.y + 1 + gap;
    if refusals.is_empty() {
        let text = if model.filter.is_empty() {
            "Nothing was refused"
        } else {
            "No refusal matches; Esc clears the filter"
        };
        left(buffer, line_of(area, first), text, Style::new());
        return;
    }
    let most = usize::from(rows / 2).max(1);
    let chosen = model.chosen_refusal();
    let skipped = match model.focus {
        Focus::Refusals => (chosen + 1).saturating_sub(most),
        Focus::Lanes => 0,
    };
    let shown = refusals.iter().enumerate().skip(skipped).take(most);
    for (y, (place, refusal)) in (first..).step_by(2).zip(shown) {
        let is_chosen = place == chosen && model.focus == Focus::Refusals;
        if is_chosen {
            left(buffer, Rect::new(0, y, 1, 1), "›", look.bold());
        }
        let room = area.width - 2;
        let line = Rect::new(2, y, room, 1);
        let style = if is_chosen { look.bold() } else { Style::new() };
        left(buffer, line, &cut(&told(refusal, room), room), style);
        if usize::from(rows) > 2 * (place - skipped) + 1 {
            let line = Rect::new(4, y + 1, room - 2, 1);
            let remedy = cut(&harmless(&refusal.remedy), room - 2);
            left(buffer, line, &remedy, look.with(Modifier::DIM));
        }
    }
}

/// A refusal in one line.
fn told(refusal: &Refusal, room: u16) -> String {
    let last = &refusal.last;
    let times = match refusal.count {
        1 => String::new(),
        count => format!(" ×{count}"),
    };
    let reason = harmless(&last.reason);
    let mut text = format!("{}  {reason}{times}", last.at.strftime("%H:%M:%S"));
    for more in [&last.client, &last.username] {
        let more = harmless(more);
        if !more.is_empty() && width_of(&text) + 2 + width_of(&more) <= room {
            text.extend(["  ", &more]);
        }
    }
    text
}
