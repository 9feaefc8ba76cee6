//! Embeds the catalogue: every folder under `models/` that has a `model.toml`, with the files beside it, so
//! that an installed program needs no checkout. Adding a model is adding a folder (`models/README.md`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut paths: Vec<_> = entries.map(|e| e.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn main() {
    let root = Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../../models");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut code = String::from("pub(crate) const FOLDERS: &[&[(&str, &[u8])]] = &[\n");
    for folder in sorted(&root).into_iter().filter(|f| f.join("model.toml").is_file()) {
        code.push_str("    &[\n");
        for file in sorted(&folder).into_iter().filter(|f| f.is_file()) {
            let name = file.file_name().and_then(|n| n.to_str()).expect("a file name in UTF-8");
            let path = file.canonicalize().expect("a file that exists");
            let path = path.to_str().expect("a path in UTF-8");
            writeln!(code, "        ({name:?}, include_bytes!({path:?})),").expect("a string takes all");
        }
        code.push_str("    ],\n");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("folders.rs");
    fs::write(out, code).expect("OUT_DIR can be written");
}
