//! Writes `completions/` and `docs/reasons.md` anew: `cargo run -p relayctl --example generate`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../completions");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    for file in relayctl::generated::files()? {
        let path = folder.join(file.name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        std::fs::write(path, file.text)?;
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reasons.md");
    std::fs::write(page, relayctl::generated::reasons_page())
}
