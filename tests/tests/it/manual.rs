//! The man pages: what the programs that show them say of them.

use std::{fs, process::Command};

use tempfile::TempDir;

/// All pages in a folder, by name.
fn pages() -> (TempDir, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let pages = relayctl::generated::man_pages();
    for page in &pages {
        fs::write(folder.path().join(&page.name), &page.text).unwrap();
    }
    let names = pages.into_iter().map(|page| page.name).collect();
    (folder, names)
}

#[test]
fn mandoc_finds_nothing_to_complain_of() {
    let (folder, names) = pages();
    let output = Command::new("mandoc")
        .args(["-T", "lint", "-W", "warning"])
        .args(&names)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // A page is as old as the binary it comes from.
    let complaints = said.lines().filter(|line| !line.contains("missing date"));
    assert_eq!(complaints.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn groff_finds_nothing_to_complain_of() {
    let (folder, names) = pages();
    for name in &names {
        let output = Command::new("groff")
            .args(["-ww", "-man", "-Tutf8", "-z", name])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{name}: {said}");
    }
}

#[test]
fn a_page_says_what_people_look_for() {
    let pages = relayctl::generated::man_pages();
    for page in &pages {
        let is_command = page.name.ends_with(".1");
        let sections: &[&str] = if is_command {
            &[
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "EXAMPLES",
                "EXIT STATUS",
                "SEE ALSO",
            ]
        } else {
            &["NAME", "DESCRIPTION", "SEE ALSO"]
        };
        for section in sections {
            let heading = format!(".SH \"{section}\"\n");
            assert!(page.text.contains(&heading), "{}: {section}", page.name);
        }
        // What a page refers to is there.
        for line in page
            .text
            .lines()
            .filter(|line| line.starts_with("\\fBrelayctl"))
        {
            let Some((name, section)) = line.trim_start_matches("\\fB").split_once("\\fR(") else {
                continue;
            };
            let section = section.chars().next().unwrap_or_default();
            let wanted = format!("{}.{section}", name.replace("\\-", "-"));
            assert!(
                pages.iter().any(|page| page.name == wanted),
                "{} refers to {wanted}",
                page.name
            );
        }
    }
}
