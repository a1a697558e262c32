//! `docs/smtp-attacks.md` names the tests that hold each attack off. What it names exists.

use std::{fs, path::Path};

#[test]
fn every_test_and_dialogue_of_the_page_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/smtp-attacks.md")).expect("the page");
    let mut sources = String::new();
    for folder in ["relayd/src", "tests/tests", "tests/src"] {
        read_all(&root.join(folder), &mut sources);
    }
    let (mut sections, mut named, mut missing) = (0, 0, Vec::new());
    for section in page.split("\n## ").skip(1) {
        sections += 1;
        let mut of_section = 0;
        let list = section.split("\n- ").skip(1).collect::<Vec<_>>().join(" ");
        for name in list.split('`').skip(1).step_by(2) {
            of_section += 1;
            let exists = if Path::new(name).extension().is_some_and(|it| it == "smtp") {
                root.join("tests/dialogs").join(name).exists()
            } else {
                sources.contains(&format!("fn {name}("))
            };
            if !exists {
                missing.push(name.to_owned());
            }
        }
        let title = section.lines().next().unwrap_or_default();
        assert!(of_section > 0, "{title} names no test");
        named += of_section;
    }
    assert!(
        sections > 15 && named > 100,
        "{sections} sections, {named} names: is the reader broken?"
    );
    assert!(missing.is_empty(), "these do not exist: {missing:?}");
}

fn read_all(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(path).expect("readable"));
        }
    }
}
