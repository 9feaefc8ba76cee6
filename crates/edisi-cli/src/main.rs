//! The `edisi` command.
fn main() {}
