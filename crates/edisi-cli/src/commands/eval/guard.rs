//! `edisi eval guard`: how much the checks see.

use edisi_article::Finding;
use edisi_eval::{Checks, Kind, Options, guard};
use edisi_quality::{CheckOptions, check_passage, check_segment};
use edisi_text::Lang;

use super::Reference;
use crate::args::EvalGuard;
use crate::commands::{pair, print, read_text};
use crate::failure::{Code, Failure};
use crate::progress::say;

pub fn run(args: &EvalGuard) -> Result<(), Failure> {
    let pair = pair(&args.pair)?;
    let target = Reference::read(&args.target, &args.window)?;
    let source = target.beside(&args.source)?;
    let langs = (pair.source, pair.target);
    let lines: Vec<(&str, &str)> =
        source.iter().map(String::as_str).zip(target.taken().iter().map(String::as_str)).collect();
    let options = Options {
        seed: args.seed,
        kinds: kinds(&args.kinds)?,
        show: args.show,
        other: args.other.iter().map(|text| other(text)).collect::<Result<_, _>>()?,
    };
    if let Some(file) = &args.write {
        let text: String = guard::corrupted(&lines, langs, &options)
            .into_iter()
            .map(|(kind, at, source, made)| {
                let line = target.window.start + at + 1;
                format!("{kind}\t{line}\t{}\t{}\n", flat(source), flat(&made.target))
            })
            .collect();
        std::fs::write(file, text).map_err(|e| Failure::unwritable(file.display(), &e))?;
    }
    let checks = Ours { langs, options: CheckOptions::default() };
    let mut told = 0;
    let mut progress = |share: f64| {
        let tenths = (share * 10.0) as usize;
        if tenths > told && !args.quiet {
            told = tenths;
            say(&format!("{pair}: {} %", tenths * 10));
        }
    };
    let report = guard::run(&lines, langs, target.window.start + 1, &checks, &options, &mut progress);
    if args.json {
        let json = serde_json::to_string(&report).map_err(|e| Failure::new(Code::Internal, e.to_string()))?;
        print(&format!("{json}\n{}\n", report.summary()))
    } else {
        print(&format!("{}\n{}\n", report.table(), report.summary()))
    }
}

/// Without what separates columns and rows.
fn flat(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn kinds(names: &[String]) -> Result<Vec<Kind>, Failure> {
    if names.is_empty() {
        return Ok(Kind::ALL.to_vec());
    }
    let find = |name: &String| {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let all: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
            Failure::new(Code::Usage, format!("`{name}` is no kind of error; there are {}", all.join(", ")))
        })
    };
    names.iter().map(find).collect()
}

/// `ja=flores-dev.ja`
fn other(text: &str) -> Result<(Lang, Vec<String>), Failure> {
    let (lang, file) = text.split_once('=').ok_or_else(|| {
        Failure::new(Code::Usage, format!("`{text}` is no LANG=FILE; write one such as ja=lines.ja"))
    })?;
    let lines = read_text(file.as_ref())?.lines().map(str::to_owned).collect();
    Ok((lang.parse()?, lines))
}

/// Edisi's own checks.
struct Ours {
    langs: (Lang, Lang),
    options: CheckOptions,
}

impl Checks for Ours {
    fn segment(&self, source: &str, target: &str) -> Vec<Finding> {
        check_segment(source, target, self.langs, &self.options)
    }

    fn passage(&self, source: &str, target: &str) -> Vec<Finding> {
        check_passage(source, target, self.langs, &self.options)
    }
}
