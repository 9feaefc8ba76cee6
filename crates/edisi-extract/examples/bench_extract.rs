//! Measures extraction on a benchmark folder: `bench_extract DIR [--predictions FILE] [--worst N]`.
//!
//! The two halves are the pages whose name's first hexadecimal byte is even and odd, so that rules tuned on
//! one can be checked on the other.

use std::path::PathBuf;
use std::process::ExitCode;

use edisi_extract::bench::{BenchReport, bench_dir};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut dir, mut predictions, mut worst) = (None, None, 0usize);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--predictions" => predictions = args.next().map(PathBuf::from),
            "--worst" => worst = args.next().and_then(|n| n.parse().ok()).unwrap_or(20),
            _ => dir = Some(PathBuf::from(arg)),
        }
    }
    let Some(dir) = dir else {
        eprintln!("usage: bench_extract DIR [--predictions FILE] [--worst N]");
        return ExitCode::from(2);
    };
    let report = match bench_dir(&dir, predictions.as_deref()) {
        Ok(report) => report,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    let mut scores: Vec<_> = report.scores.iter().collect();
    let f1 = |p: f64, r: f64| if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    scores.sort_by_key(|s| (f1(s.precision.unwrap_or(0.0), s.recall.unwrap_or(0.0)) * 1e6) as u64);
    for s in scores.iter().take(worst) {
        let of = |v: Option<f64>| v.map_or("  none".to_owned(), |v| format!("{v:6.3}"));
        println!(
            "{}  precision {}  recall {}",
            &s.page[..s.page.len().min(12)],
            of(s.precision),
            of(s.recall)
        );
    }
    let even = |page: &str| page.get(..2).and_then(|b| u8::from_str_radix(b, 16).ok()).unwrap_or(0) % 2 == 0;
    line("even half", &report.subset(even));
    line("odd half ", &report.subset(|p| !even(p)));
    println!(
        "f1={:.4} precision={:.4} recall={:.4} pages={} pages_per_s={:.0} pages_per_cpu_s={:.0}",
        report.f1,
        report.precision,
        report.recall,
        report.pages,
        report.pages_per_s,
        report.pages_per_cpu_s.unwrap_or(f64::NAN)
    );
    ExitCode::SUCCESS
}

fn line(name: &str, r: &BenchReport) {
    println!(
        "{name}  F1 {:.4}  precision {:.4}  recall {:.4}  pages {}",
        r.f1, r.precision, r.recall, r.pages
    );
}
