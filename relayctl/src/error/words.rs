//! What libraries and the system say of an error, in the words of people.

/// Leaves out what only a programmer reads: the numbers of the system, the words of parsers.
pub(crate) fn plain(text: &str) -> String {
    const WORDS: [(&str, &str); 6] = [
        ("invalid digit found in string", "it is no whole number"),
        ("number too large to fit in target type", "it is too large"),
        ("number too small to fit in target type", "it is too small"),
        ("cannot parse integer from empty string", "it is empty"),
        (
            "stream did not contain valid UTF-8",
            "it is no text in UTF-8",
        ),
        ("entity not found", "it does not exist"),
    ];
    let mut text = text.to_owned();
    while let Some(begin) = text.find(" (os error ") {
        let length = text.get(begin..).and_then(|rest| rest.find(')'));
        let Some(length) = length else { break };
        text.replace_range(begin..=begin + length, "");
    }
    for (word, meaning) in WORDS {
        text = text.replace(word, meaning);
    }
    text
}

/// Where a JSON text cannot be understood, and what is wrong there.
pub(crate) fn json_fault(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if !error.is_data() {
        return format!("it cannot be read from line {line}, column {column} on");
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let text = text.replace("missing field", "there is no field");
    let text = text.replace("invalid type: ", "of the wrong kind: ");
    format!("line {line}, column {column}: {text}")
}

/// An error with everything that lies under it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        // Many errors repeat their source in their own text.
        if !text.contains(&more) {
            text += ": ";
            text += &more;
        }
        next = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_programmer_reads_is_left_out() {
        for (text, expected) in [
            (
                "cannot open x: No such file or directory (os error 2)",
                "cannot open x: No such file or directory",
            ),
            ("a (os error 2): b (os error 13)", "a: b"),
            ("(os error", "(os error"),
            (
                "--port: invalid digit found in string",
                "--port: it is no whole number",
            ),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    /// The texts of the program itself: string literals outside of tests.
    fn texts(source: &str) -> Vec<String> {
        let production = source.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
        let code = production.lines().filter(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.contains("reason =")
        });
        let code = code.collect::<Vec<_>>().join("\n");
        let code = code.replace("\\\\", "/").replace("\\\"", "'");
        let code = code.replace("'\"'", "' '");
        let literals = code.split('"').skip(1).step_by(2);
        literals
            .filter(|it| it.contains(' '))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn no_text_speaks_the_language_of_the_program() {
        const WORDS: [&str; 18] = [
            "unwrap",
            "Err(",
            "Some(",
            "None)",
            "os error",
            "panick",
            "backtrace",
            "stack trace",
            "deserializ",
            "serializ",
            "serde",
            "reqwest",
            "hyper",
            "tokio",
            "struct",
            "enum ",
            "stdin_",
            "Option",
        ];
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                // This file translates such words.
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs")
                    && !path.ends_with("error/words.rs")
                {
                    for text in texts(&std::fs::read_to_string(&path).unwrap()) {
                        count += 1;
                        for word in WORDS {
                            assert!(!text.contains(word), "{}: {word}: {text}", path.display());
                        }
                    }
                }
            }
        }
        assert!(count > 1000, "{count} texts were found");
    }
}
