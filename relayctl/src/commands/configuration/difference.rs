//! What would change, for people: `+` is new, `~` changes, `-` goes.

use relay_proto::{
    ConfigurationAction, ConfigurationChange, ConfigurationLeftover, ConfigurationPart,
    ConfigurationResult, ConfigurationValue,
};

use super::ROUTE_NAMES;
use crate::commands::counted;
use crate::output::cell::{harmless, wrap};

/// Width where the terminal does not say.
const WIDTH: usize = 100;
/// Names that are left alone and told; the others are counted.
const TOLD: usize = 8;

/// How many things come, change and go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    add: usize,
    change: usize,
    remove: usize,
}

impl Counts {
    pub(super) fn of(changes: &[ConfigurationChange]) -> Self {
        let count = |action| changes.iter().filter(|it| it.action == action).count();
        Self {
            add: count(ConfigurationAction::Add),
            change: count(ConfigurationAction::Change),
            remove: count(ConfigurationAction::Remove),
        }
    }

    /// `3 to add, 2 to change, 1 to remove`.
    pub(super) fn to_do(self) -> String {
        self.told("to ")
    }

    /// `3 added, 2 changed, 1 removed`.
    pub(super) fn done(self) -> String {
        self.told("")
    }

    fn told(self, to: &str) -> String {
        let words = if to.is_empty() {
            ["added", "changed", "removed"]
        } else {
            ["add", "change", "remove"]
        };
        let counts = [self.add, self.change, self.remove].into_iter().zip(words);
        let parts: Vec<_> = counts
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {to}{word}"))
            .collect();
        parts.join(", ")
    }
}

/// All that differs, and what is left alone.
pub(super) fn shown(result: &ConfigurationResult, width: Option<usize>, color: bool) -> String {
    let page = Page {
        width: width.unwrap_or(WIDTH).clamp(20, WIDTH),
        color,
    };
    let mut lines = Vec::new();
    for change in &result.changes {
        page.change(change, &mut lines);
    }
    if !result.changes.is_empty() {
        lines.push(String::new());
    }
    page.left(&result.left, &mut lines);
    lines.into_iter().map(|line| line + "\n").collect()
}

/// What the changes do to mail, as a sentence without full stop.
pub(super) fn effect(account: &str, result: &ConfigurationResult) -> String {
    let mut text = format!("account {account}: {}", Counts::of(&result.changes).to_do());
    let is_route = |it: &&ConfigurationChange| {
        matches!(
            it.part,
            ConfigurationPart::Route | ConfigurationPart::Fallback
        )
    };
    if result.changes.iter().any(|it| is_route(&it)) {
        let waiting = counted(
            usize::try_from(result.queued).unwrap_or(usize::MAX),
            "message",
        );
        text.extend([
            "; mail then leaves by the new route, ",
            &waiting,
            " in the queue included",
        ]);
    }
    text
}

/// What goes for good, as a sentence without full stop; `None` when nothing does.
pub(super) fn loss(account: &str, changes: &[ConfigurationChange]) -> Option<String> {
    let gone = |part| {
        let of_part = changes
            .iter()
            .filter(|it| it.part == part && it.action == ConfigurationAction::Remove);
        of_part.count()
    };
    let counts = [
        (gone(ConfigurationPart::User), "relay user"),
        (gone(ConfigurationPart::Domain), "domain"),
        (gone(ConfigurationPart::Fallback), "fallback"),
    ];
    let parts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let all = parts.join(", ");
    (!all.is_empty()).then(|| {
        format!("{all} of account {account} will be removed, with passwords, proofs and secrets")
    })
}

/// Whether mail that is sent now is treated in another way afterwards.
pub(super) fn affects_mail(changes: &[ConfigurationChange]) -> bool {
    changes.iter().any(|it| match it.part {
        ConfigurationPart::Account => it.values.iter().any(|value| value.name == "domain_proof"),
        ConfigurationPart::Limits
        | ConfigurationPart::UserLimits
        | ConfigurationPart::SystemLimits => true,
        _ => it.action != ConfigurationAction::Add,
    })
}

struct Page {
    width: usize,
    color: bool,
}

impl Page {
    fn change(&self, it: &ConfigurationChange, lines: &mut Vec<String>) {
        let mark = match it.action {
            ConfigurationAction::Add => '+',
            ConfigurationAction::Change => '~',
            ConfigurationAction::Remove => '-',
        };
        let title = titled(it.part, &it.name);
        let is_short = matches!(it.part, ConfigurationPart::User | ConfigurationPart::System)
            && it.action != ConfigurationAction::Change;
        if is_short {
            let values: Vec<_> = it.values.iter().filter_map(unusual).collect();
            self.begin(mark, &format!("{title}  {}", values.join(", ")), lines);
            return;
        }
        if it.part == ConfigurationPart::Plan {
            let value = it.values.first().map(turn).unwrap_or_default();
            self.begin(mark, &format!("{title}  {value}"), lines);
            return;
        }
        self.begin(mark, &title, lines);
        let wide = it
            .values
            .iter()
            .map(|value| name_of(it.part, &value.name).len());
        let wide = wide.max().unwrap_or_default();
        // Values stand beside their names where there is room, and below them else.
        let is_narrow = self.width < wide + 30;
        for value in &it.values {
            let name = name_of(it.part, &value.name);
            let text = turn(value);
            let indent = if is_narrow { 6 } else { wide + 6 };
            let parts = wrap(&text, self.width.saturating_sub(indent).max(8));
            if is_narrow {
                lines.push(format!("    {name}"));
                lines.extend(parts.into_iter().map(|part| format!("      {part}")));
                continue;
            }
            for (number, part) in parts.into_iter().enumerate() {
                let name = if number == 0 { name } else { "" };
                lines.push(format!("    {name:<wide$}  {part}"));
            }
        }
    }

    /// The first line of a change, in its colour.
    fn begin(&self, mark: char, text: &str, lines: &mut Vec<String>) {
        let (on, off) = match (self.color, mark) {
            (false, _) => ("", ""),
            (true, '+') => ("\x1b[32m", "\x1b[0m"),
            (true, '-') => ("\x1b[31m", "\x1b[0m"),
            (true, _) => ("\x1b[33m", "\x1b[0m"),
        };
        let parts = wrap(text.trim_end(), self.width.saturating_sub(4).max(8));
        for (number, part) in parts.into_iter().enumerate() {
            if number == 0 {
                lines.push(format!("{on}{mark} {part}{off}"));
            } else {
                lines.push(format!("    {part}"));
            }
        }
    }

    fn left(&self, left: &[ConfigurationLeftover], lines: &mut Vec<String>) {
        if left.is_empty() {
            return;
        }
        let mut names: Vec<_> = left
            .iter()
            .take(TOLD)
            .map(|it| titled(it.part, &it.name))
            .collect();
        if left.len() > TOLD {
            names.push(format!("{} more", left.len() - TOLD));
        }
        let text = format!("Not in the file, left alone: {}", names.join(", "));
        lines.extend(wrap(&text, self.width));
        lines.push(String::new());
    }
}

/// `system erp-prod`.
fn titled(part: ConfigurationPart, name: &str) -> String {
    let noun = match part {
        ConfigurationPart::Account => "account",
        ConfigurationPart::Plan => "plan",
        ConfigurationPart::Route => "route",
        ConfigurationPart::Fallback => "fallback",
        ConfigurationPart::Domain => "domain",
        ConfigurationPart::User => "user",
        ConfigurationPart::System => "system",
        ConfigurationPart::Limits => "limits",
        ConfigurationPart::UserLimits => "limits of user",
        ConfigurationPart::SystemLimits => "limits of system",
    };
    harmless(format!("{noun} {name}").trim_end())
}

/// What the file calls it.
fn name_of(part: ConfigurationPart, name: &str) -> &str {
    let is_route = matches!(part, ConfigurationPart::Route | ConfigurationPart::Fallback);
    let mut known = ROUTE_NAMES.iter().filter(|_| is_route);
    match name {
        "password" | "client_secret" | "certificate" => name,
        _ => known
            .find(|(theirs, _)| *theirs == name)
            .map_or(name, |(_, ours)| *ours),
    }
}

/// `before → after`, or the one that there is.
fn turn(value: &ConfigurationValue) -> String {
    match (&value.before, &value.after) {
        (Some(before), Some(after)) => harmless(&format!("{before} → {after}")),
        (None, Some(after)) => harmless(after),
        (Some(before), None) => harmless(&format!("{before} → (none)")),
        (None, None) => String::new(),
    }
}

/// A value of something that comes or goes, unless it is what most have.
fn unusual(value: &ConfigurationValue) -> Option<String> {
    let text = value.after.as_ref().or(value.before.as_ref())?;
    let text = harmless(text);
    match (value.name.as_str(), text.as_str()) {
        ("sender" | "address", _) => Some(text),
        ("user", _) => Some(format!("as {text}")),
        ("allowed_senders", _) => Some(format!("also {text}")),
        ("state", "active")
        | ("auth", "password")
        | ("priority", "normal")
        | ("other_sender", "reject") => None,
        (name, _) => Some(format!("{name} {text}")),
    }
}
