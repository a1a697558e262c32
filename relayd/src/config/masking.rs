//! Text of the configuration without the passwords of its URLs: complaints go to the log.

/// The text with `*` for each character of a password, so that a caret below it stays in place.
/// Of `scheme://user:password@host` all up to the last `@` of the line, since a password that is
/// not encoded as it should be may hold anything; of `?password=…` all up to the next parameter.
pub(super) fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    let Some((scheme, rest)) = line.split_once("://") else {
        return line.to_owned();
    };
    let (user, rest) = match rest.rsplit_once('@') {
        Some((credentials, rest)) => match credentials.split_once(':') {
            Some((user, password)) => (format!("{user}:{}@", stars(password)), rest),
            None => (format!("{credentials}@"), rest),
        },
        None => (String::new(), rest),
    };
    let rest = match rest.split_once("password=") {
        Some((before, value)) => {
            let end = value.find(|c: char| c.is_whitespace() || "&\"'`".contains(c));
            let (password, behind) = value.split_at(end.unwrap_or(value.len()));
            format!("{before}password={}{behind}", stars(password))
        }
        None => rest.to_owned(),
    };
    format!("{scheme}://{user}{rest}")
}

fn stars(password: &str) -> String {
    "*".repeat(password.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_urls_are_masked_and_the_rest_stays() {
        for (text, shown) in [
            (
                "url = \"sqlite:/var/a@b.db\"",
                "url = \"sqlite:/var/a@b.db\"",
            ),
            ("postgres://relayd@db/relayd", "postgres://relayd@db/relayd"),
            (
                "a: 1\n2 │ url = \"postgres://relayd:pä/s:s@w d@db/relayd\" # x\n  ^ here\n",
                "a: 1\n2 │ url = \"postgres://relayd:**********@db/relayd\" # x\n  ^ here\n",
            ),
            (
                "url = 'postgres://db/x?user=a&password=geheim&sslmode=require'",
                "url = 'postgres://db/x?user=a&password=******&sslmode=require'",
            ),
            (
                "\"postgres://a:b@db/x?password=geheim\"",
                "\"postgres://a:*@db/x?password=******\"",
            ),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
