//! `docs/reasons.md`: the table of reasons as a page, by who is told.

use std::fmt::Write as _;

use relay_proto::ReasonInfo;

use crate::error::Exit;

const HEAD: &str = "# Reasons

Every refusal and failure that relayd tells of has a code, which never changes its meaning. It stands in
brackets at the end of an SMTP reply, in the field `code` of an API problem, and in the log. `relayctl help
error CODE` explains it on the spot; `relayctl log rejects` lists what was refused at the door.

This page is made from [proto/src/reasons.rs](../proto/src/reasons.rs) by `cargo run -p relayctl --example
generate`.
";

const SMTP: &str = "
## Told to devices, over SMTP

A reply that begins with 4 means: try again later; with 5: not in this form. Some of these are told by the API
too, with the HTTP status that is given.

| code | SMTP reply | HTTP | meaning | remedy |
|---|---|---|---|---|
";

const ROUTE: &str = "
## Told of a route and of mail that is under way

In `relayctl queue show`, `log trace` and bounces, and by `relayctl route check`, which ends with exit code 9.

| code | meaning | remedy |
|---|---|---|
";

const API: &str = "
## Told by the API and relayctl

| code | HTTP | exit code | meaning | remedy |
|---|---|---|---|---|
";

/// The page.
pub(super) fn page() -> String {
    let reasons = relay_proto::reasons();
    let (smtp, others): (Vec<_>, Vec<_>) = reasons.iter().partition(|it| it.smtp.is_some());
    // 502 is what the API answers when the other side is to blame.
    let (api, route): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|it| it.http.is_some_and(|status| status != 502));
    let mut text = HEAD.to_owned();
    for (head, reasons, row) in [
        (SMTP, smtp, smtp_row as fn(&ReasonInfo) -> String),
        (ROUTE, route, route_row),
        (API, api, api_row),
    ] {
        text.push_str(head);
        for reason in reasons {
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}", row(reason));
        }
    }
    text
}

fn smtp_row(reason: &ReasonInfo) -> String {
    let http = reason.http.map(|status| status.to_string());
    row(&[
        &format!("`{}`", reason.code),
        reason.smtp.as_deref().unwrap_or_default(),
        &http.unwrap_or_default(),
        &reason.sentence,
        &reason.remedy,
    ])
}

fn route_row(reason: &ReasonInfo) -> String {
    let code = format!("`{}`", reason.code);
    row(&[&code, &reason.sentence, &reason.remedy])
}

fn api_row(reason: &ReasonInfo) -> String {
    let status = reason.http.unwrap_or_default();
    row(&[
        &format!("`{}`", reason.code),
        &status.to_string(),
        &Exit::of_answer(status, &reason.code).to_string(),
        &reason.sentence,
        &reason.remedy,
    ])
}

fn row(cells: &[&str]) -> String {
    let escaped = |cell: &&str| cell.replace('|', "\\|").replace('<', "\\<");
    let cells: Vec<_> = cells.iter().map(escaped).collect();
    format!("| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_reason_has_one_row() {
        let page = super::page();
        for reason in relay_proto::reasons() {
            let row = format!("\n| `{}` | ", reason.code);
            assert_eq!(page.matches(&row).count(), 1, "{}", reason.code);
        }
    }
}
