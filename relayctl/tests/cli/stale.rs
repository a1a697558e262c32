//! `completions/` must be what the present definition generates.

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn generated_files_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../completions");
    let mut found = BTreeMap::new();
    for below in ["", "man/"] {
        for entry in std::fs::read_dir(folder.join(below)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let name = format!("{below}{}", entry.file_name().to_str().unwrap());
                found.insert(name, std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let made: BTreeMap<_, _> = relayctl::generated::files()
        .unwrap()
        .into_iter()
        .map(|file| (file.name, file.text))
        .collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    let remedy = "run: cargo run -p relayctl --example generate";
    assert_eq!(names(&found), names(&made), "{remedy}");
    for (name, text) in &made {
        assert!(
            found[name] == *text,
            "completions/{name} is stale; {remedy}"
        );
    }
}
