//! What stands in one cell, and how it is written for people and for scripts.

use jiff::Timestamp;

/// A value before it is decided who reads it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Nothing: `-` for people, empty for scripts.
    None,
    Text(String),
    Count(i64),
    /// Octets.
    Bytes(u64),
    Time(Timestamp),
    /// The beginning of an hour, day or month, in UTC.
    Begin(Timestamp),
    /// A duration in milliseconds.
    Millis(u64),
    List(Vec<String>),
    YesNo(bool),
}

impl Cell {
    /// A text; an empty one is nothing.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// Any number that counts things.
    pub(crate) fn count(number: impl TryInto<i64>) -> Self {
        Self::Count(number.try_into().unwrap_or(i64::MAX))
    }

    /// A value that may be missing.
    pub(crate) fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::None, cell)
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::None => true,
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// For a table. `now` is given when times are to be relative to it.
    pub(crate) fn for_people(&self, now: Option<Timestamp>) -> String {
        match self {
            Self::None => "-".to_owned(),
            Self::Text(text) => harmless(text),
            Self::Count(number) => grouped(*number),
            Self::Bytes(bytes) => size(*bytes),
            Self::Time(time) => match now {
                Some(now) => relative(*time, now),
                None => to_the_second(*time),
            },
            Self::Begin(time) => begin(*time),
            Self::Millis(millis) => millis_for_people(*millis),
            Self::List(items) if items.is_empty() => "-".to_owned(),
            Self::List(items) => harmless(&items.join(", ")),
            Self::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        }
    }

    /// For `tsv`: integers, RFC 3339, comma lists, nothing escaped yet.
    pub(crate) fn for_scripts(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(number) => number.to_string(),
            Self::Bytes(bytes) => bytes.to_string(),
            Self::Time(time) | Self::Begin(time) => time.to_string(),
            Self::Millis(millis) => millis.to_string(),
            Self::List(items) => items.join(","),
            Self::YesNo(yes) => yes.to_string(),
        }
    }
}

/// Replaces what could move the cursor, hide text or turn its direction. Subjects and HELO names
/// come from anybody.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Breaks a text between words; a word that is longer than a line stays whole, to be copied.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    let text = harmless(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.extend([" ", word]);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Escapes tab, newline, carriage return and backslash for `tsv`.
pub(crate) fn escape_tsv(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

/// `12,345`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// `18 KiB`, `1.5 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut tenths = bytes.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or("TiB");
    if tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

/// `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
pub(crate) fn duration(seconds: i64) -> String {
    let two = |big: i64, big_unit: &str, small: i64, small_unit: &str| {
        if small == 0 {
            format!("{big} {big_unit}")
        } else {
            format!("{big} {big_unit} {small} {small_unit}")
        }
    };
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

/// `3 min ago`, `in 2 h`; further away than four weeks, the date.
pub(crate) fn relative(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - time.as_second();
    let short = |seconds: i64| match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    };
    match seconds {
        0 => "now".to_owned(),
        1..2_419_200 => format!("{} ago", short(seconds)),
        -2_419_200..0 => format!("in {}", short(-seconds)),
        _ => time.strftime("%Y-%m-%d").to_string(),
    }
}

/// `2026-11-21` at midnight, `2026-11-21 14:00Z` else.
fn begin(time: Timestamp) -> String {
    let text = time.strftime("%Y-%m-%d %H:%MZ").to_string();
    text.strip_suffix(" 00:00Z")
        .map_or_else(|| text.clone(), str::to_owned)
}

/// `840 ms`, `1.2 s`, `14 min`, `3.5 h`, `12 d`: two digits at least.
fn millis_for_people(millis: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1_000, "s"),
    ];
    let unit = UNITS.iter().find(|(length, _)| millis >= *length);
    let Some((length, name)) = unit else {
        return format!("{millis} ms");
    };
    if millis / length >= 10 {
        return format!("{} {name}", millis / length);
    }
    let tenths = millis * 10 / length;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// RFC 3339 without fractions.
pub(crate) fn to_the_second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_beginnings_are_short_for_people_and_exact_for_scripts() {
        for (millis, expected) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (12_345, "12 s"),
            (90_000, "1.5 min"),
            (3_600_000, "1.0 h"),
            (900_000_000, "10 d"),
        ] {
            assert_eq!(Cell::Millis(millis).for_people(None), expected);
            assert_eq!(Cell::Millis(millis).for_scripts(), millis.to_string());
        }
        for (time, expected) in [
            ("2026-11-21T00:00:00Z", "2026-11-21"),
            ("2026-11-21T14:00:00Z", "2026-11-21 14:00Z"),
        ] {
            let cell = Cell::Begin(time.parse().unwrap());
            assert_eq!(cell.for_people(Some(Timestamp::UNIX_EPOCH)), expected);
            assert_eq!(cell.for_scripts(), time);
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn sizes_and_durations_read_well() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (18 * 1024, "18 KiB"),
            (1024 * 1024 - 1, "1023 KiB"),
            (36_700_160, "35 MiB"),
            (u64::MAX, "1677721 TiB"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_600, "1 h"),
            (12_000, "3 h 20 min"),
            (187_200, "2 d 4 h"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn times_are_relative_only_when_asked() {
        let cell = Cell::Time(at("2026-11-21T20:41:07.25Z"));
        assert_eq!(cell.for_people(None), "2026-11-21T20:41:07Z");
        assert_eq!(cell.for_scripts(), "2026-11-21T20:41:07.25Z");
        for (now, text) in [
            ("2026-11-21T20:41:07Z", "now"),
            ("2026-11-21T20:41:12Z", "5 s ago"),
            ("2026-11-21T20:44:30Z", "3 min ago"),
            ("2026-11-21T18:41:07Z", "in 2 h"),
            ("2026-11-24T20:41:07Z", "3 d ago"),
            ("2027-11-24T20:41:07Z", "2026-11-21"),
        ] {
            assert_eq!(cell.for_people(Some(at(now))), text);
        }
    }

    #[test]
    fn hostile_text_cannot_move_the_cursor_or_turn_its_direction() {
        assert_eq!(harmless("a\x1b[31mb\u{9b}c"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(harmless("one\ntwo\tthree"), "one two three");
        for c in [
            '\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{7f}', '\0', '\u{2028}',
        ] {
            assert_eq!(harmless(&c.to_string()), "\u{fffd}", "{:x}", u32::from(c));
        }
        assert_eq!(harmless("Grüße 你好 😀"), "Grüße 你好 😀");
    }

    #[test]
    fn tsv_escapes_what_would_break_the_line() {
        assert_eq!(escape_tsv("a\tb\nc\\d\r"), "a\\tb\\nc\\\\d\\r");
    }

    #[test]
    fn numbers_are_grouped_for_people_and_plain_for_scripts() {
        assert_eq!(Cell::count(1_234_567_u32).for_people(None), "1,234,567");
        assert_eq!(Cell::count(-1_000_i64).for_people(None), "-1,000");
        assert_eq!(Cell::count(999_u16).for_people(None), "999");
        assert_eq!(Cell::count(1_234_567_u32).for_scripts(), "1234567");
    }
}
