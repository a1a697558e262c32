//! What serde says of a body or a query, in words for whoever sent it: no types of a program, and
//! the place only where the text cannot be read at all.

/// What serde expects, and how people call it. The first that fits counts.
const KINDS: [(&str, &str); 9] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number"),
    ("u64", "a whole number"),
    ("usize", "a whole number"),
    ("i64", "a whole number"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("struct ", "an object"),
];
/// Beginnings of texts about values, which are understood; all else is no JSON.
const OF_VALUES: [&str; 5] = [
    "missing field",
    "unknown field",
    "unknown variant",
    "invalid ",
    "duplicate field",
];

/// An error of a JSON body.
pub(super) fn of_json(error: &serde_json::Error) -> String {
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        return format!("is no JSON: it cannot be read from line {line}, column {column} on");
    }
    let text = error.to_string();
    of_value(text.split(" at line ").next().unwrap_or_default())
}

/// An error of a query.
pub(super) fn of_query(text: &str) -> String {
    let text = text.rsplit("query string: ").next().unwrap_or(text);
    // `limit: invalid digit found in string`
    let text = match text.split_once(": ") {
        Some((name, rest)) if !name.contains(' ') => rest,
        _ => text,
    };
    match text {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number".to_owned()
        }
        "number too large to fit in target type" => "is too large".to_owned(),
        "provided string was not `true` or `false`" => "must be true or false".to_owned(),
        text => of_value(text),
    }
}

/// The field that an error of a query begins with.
pub(super) fn field_of_query(text: &str) -> Option<&str> {
    let text = text.rsplit("query string: ").next()?;
    let (name, _) = text.split_once(": ")?;
    Some(name).filter(|name| !name.contains(' '))
}

fn of_value(text: &str) -> String {
    if !OF_VALUES.iter().any(|begin| text.starts_with(begin)) {
        return text.to_owned();
    }
    let expected = text.split(", expected ").nth(1).unwrap_or_default();
    let choices = expected.trim_start_matches("one of ");
    let named = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("missing field") {
        return "is missing".to_owned();
    }
    if text.starts_with("duplicate field") {
        return "stands there twice".to_owned();
    }
    if text.starts_with("unknown field") {
        return match choices {
            "" => "is no field of this object".to_owned(),
            choices => format!("is no field of this object; it has {choices}"),
        };
    }
    if text.starts_with("unknown variant") {
        return format!("`{named}` is none of {choices}");
    }
    let kind = KINDS.iter().find(|(kind, _)| expected.starts_with(kind));
    let kind = kind.map_or(expected, |(_, words)| words);
    match kind {
        "" => "is not valid".to_owned(),
        kind => format!("must be {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what cannot be read is looked at")]
    struct Sample {
        name: String,
        limit: Option<u32>,
        on: Option<bool>,
        kind: Option<Kind>,
        all: Option<Vec<String>>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        One,
        Two,
    }

    #[test]
    fn bodies_are_refused_in_plain_words() {
        for (body, text) in [
            (
                "{",
                "is no JSON: it cannot be read from line 1, column 1 on",
            ),
            (
                "{\"name\": }",
                "is no JSON: it cannot be read from line 1, column 10 on",
            ),
            ("{}", "is missing"),
            (
                "{\"nome\":1}",
                "is no field of this object; it has `name`, `limit`, `on`, `kind`, `all`",
            ),
            ("{\"name\":1}", "must be a string"),
            ("{\"name\":\"a\",\"limit\":\"x\"}", "must be a whole number"),
            ("{\"name\":\"a\",\"limit\":-1}", "must be a whole number"),
            ("{\"name\":\"a\",\"on\":1}", "must be true or false"),
            ("{\"name\":\"a\",\"all\":1}", "must be a list"),
            (
                "{\"name\":\"a\",\"kind\":\"x\"}",
                "`x` is none of `one` or `two`",
            ),
            ("{\"name\":\"a\",\"name\":\"b\"}", "stands there twice"),
        ] {
            let error = serde_json::from_str::<Sample>(body).unwrap_err();
            assert_eq!(of_json(&error), text, "{body}: {error}");
        }
    }

    #[test]
    fn queries_are_refused_in_plain_words() {
        for (text, expected) in [
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "must be a whole number",
            ),
            (
                "Failed to deserialize query string: missing field `from`",
                "is missing",
            ),
            ("number too large to fit in target type", "is too large"),
            (
                "a name has letters and digits",
                "a name has letters and digits",
            ),
        ] {
            assert_eq!(of_query(text), expected);
        }
    }
}
