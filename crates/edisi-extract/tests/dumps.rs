//! Invented pages saved as text, against what a person reads off them.

use std::path::Path;

#[path = "support/expected.rs"]
mod expected;

#[test]
fn dumps_are_read_as_a_person_reads_them() {
    let cases = expected::cases(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dumps")));
    assert!(cases.len() >= 14, "tests/dumps lost its cases");
    expected::check(&cases);
}
