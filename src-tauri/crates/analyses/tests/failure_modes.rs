//! The table of what breaks revenue reports names tests that exist.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

use std::path::Path;

#[test]
fn every_failure_mode_has_a_test() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let table = crates.join("../../docs/failure-modes.md");
    let table = std::fs::read_to_string(table).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let mut cases = 0;
    for row in rows.skip(1) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (file, test) = cells[2].trim_matches('`').split_once("::").unwrap();
        let source = std::fs::read_to_string(crates.join(file)).unwrap();
        assert!(
            source.contains(&format!("#[test]\nfn {test}()")),
            "{file} has no test {test}"
        );
        cases += usize::from(!cells[1].is_empty());
    }
    assert_eq!(cases, 25, "cases");
}
