//! Texts in lines of PowerShell that a person pastes. It takes typographic quotes for plain ones.

/// A literal string, quotes and all.
pub fn powershell_literal(text: &str) -> String {
    let mut literal = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            literal.push(c);
        }
        literal.push(c);
    }
    literal.push('\'');
    literal
}

/// What stands within double quotes.
pub fn powershell_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '`' | '$' | '"' | '\u{201c}'..='\u{201e}') {
            escaped.push('`');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_quote_ends_a_literal() {
        assert_eq!(powershell_literal("o'neil"), "'o''neil'");
        assert_eq!(powershell_literal("a\u{2019};x"), "'a\u{2019}\u{2019};x'");
        assert_eq!(powershell_escaped("$a\u{201d}`\""), "`$a`\u{201d}```\"");
    }
}
