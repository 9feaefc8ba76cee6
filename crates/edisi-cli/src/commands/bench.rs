//! `edisi bench`

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use edisi_edition::{Control, Pipeline};
use edisi_extract::bench::{BenchError, bench_dir};
use edisi_models::{Coverage, Manifest, Store};
use edisi_nmt::Files;
use edisi_text::Lang;

use super::{engines, pair, print, read_text};
use crate::args::{Bench, BenchWhat, Engine};
use crate::failure::{Code, Failure};
use crate::interrupt;

pub fn run(args: &Bench) -> Result<(), Failure> {
    match &args.what {
        BenchWhat::Extract { dir, predictions } => extract(dir, predictions.as_deref()),
        BenchWhat::Nmt { model, input, output, threads, alone, from } => {
            nmt(model, input, output.as_deref(), *threads, *alone, *from)
        }
        BenchWhat::Llm { input, pair, limit, engine } => llm(input, pair, *limit, engine),
        BenchWhat::Memory { units, queries, seed, dir } => memory(*units, *queries, *seed, dir.as_deref()),
    }
}

fn extract(dir: &Path, predictions: Option<&Path>) -> Result<(), Failure> {
    let report = bench_dir(dir, predictions).map_err(|e| match &e {
        BenchError::Io { path, .. } if Some(path.as_path()) == predictions => {
            Failure::new(Code::Output, e.to_string())
        }
        _ => Failure::new(Code::Input, e.to_string()),
    })?;
    // Processor time, where the system tells it: wall time on a shared machine says more about the neighbours.
    let cpu = report.pages_per_cpu_s.map_or(String::new(), |n| format!(" pages_per_cpu_s={n:.0}"));
    print(&format!(
        "f1={:.4} precision={:.4} recall={:.4} pages={} pages_per_s={:.0}{cpu}\n",
        report.f1, report.precision, report.recall, report.pages, report.pages_per_s
    ))
}

fn llm(input: &Path, languages: &str, limit: Option<usize>, engine: &Engine) -> Result<(), Failure> {
    let pair = pair(languages)?;
    let text = read_text(input)?;
    let lines: Vec<&str> =
        text.lines().filter(|l| !l.trim().is_empty()).take(limit.unwrap_or(usize::MAX)).collect();
    if lines.is_empty() {
        return Err(Failure::new(Code::Input, format!("{} has no lines to translate", input.display())));
    }
    let pipeline = Pipeline::new(engines::router(engine)?, None);
    let control = Control { deadline: None, cancel: Some(interrupt::flag()) };
    let start = Instant::now();
    let (route, made) = pipeline.translate_segments(&lines, pair, &control, &mut |_| {})?;
    let wall = start.elapsed().as_secs_f64();
    let seconds = made.iter().map(|m| m.micros).sum::<u64>() as f64 / 1e6;
    let tokens: usize =
        made.iter().map(|m| m.draft.tokens.len() + m.pivot.as_ref().map_or(0, |p| p.tokens.len())).sum();
    let words: usize = lines.iter().map(|l| l.split_whitespace().count()).sum();
    print(&format!(
        "model={} pair={pair} segments={} source_words={words} tokens={tokens} engine_s={seconds:.2} load_s={:.2} \
         tokens_per_s={:.1} source_words_per_s={:.1} peak_mb={}\n",
        route.legs.last().map_or("", |leg| leg.engine.id().model.as_str()),
        lines.len(),
        wall - seconds,
        tokens as f64 / seconds.max(1e-6),
        words as f64 / seconds.max(1e-6),
        peak_megabytes(),
    ))
}

fn nmt(
    model: &Path,
    input: &Path,
    output: Option<&Path>,
    threads: Option<NonZeroUsize>,
    alone: bool,
    from: Option<Lang>,
) -> Result<(), Failure> {
    let text = read_text(input)?;
    let lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return Err(Failure::new(Code::Input, format!("{} has no lines to translate", input.display())));
    }
    let folder = if model.is_dir() {
        model.to_owned()
    } else {
        Store::open_default()?.get(&model.to_string_lossy())?.folder
    };
    let damaged = |e: edisi_nmt::LoadError| Failure::new(Code::Model, e.to_string());
    let mut options = edisi_nmt::Options::default();
    if let Some(threads) = threads {
        options.threads = threads.get();
    }
    let start = Instant::now();
    let files = Files::in_folder(&folder).map_err(damaged)?;
    options.source = from.or_else(|| source_language(&folder, &files));
    let engine = edisi_nmt::Engine::open(&files, options).map_err(damaged)?;
    let load = start.elapsed();
    let control = edisi_nmt::Control { deadline: None, cancel: Some(interrupt::flag()) };
    let (mut first, mut took) = (None, Vec::new());
    let start = Instant::now();
    let made = if alone {
        let one = |line: &&str| {
            let start = Instant::now();
            let made = engine.translate(&[*line], &control, &mut |_, _| ()).remove(0);
            took.push(start.elapsed());
            made
        };
        lines.iter().map(one).collect()
    } else {
        engine.translate(&lines, &control, &mut |_, _| {
            first.get_or_insert_with(|| start.elapsed());
        })
    };
    let wall = start.elapsed();
    if made.iter().any(|t| t.finish == edisi_nmt::Finish::Cancelled) {
        return Err(Failure::interrupted());
    }
    if let Some(output) = output {
        let text: String = made.iter().flat_map(|t| [t.text.as_str(), "\n"]).collect();
        std::fs::write(output, text).map_err(|e| Failure::unwritable(output.display(), &e))?;
    }
    let cut = made.iter().filter(|t| t.finish == edisi_nmt::Finish::Length).count();
    let first = took.first().copied().or(first);
    took.sort_unstable();
    let times = match alone {
        true => {
            format!(" line_median_ms={:.2} line_p95_ms={:.2}", quantile(&took, 0.5), quantile(&took, 0.95))
        }
        false => String::new(),
    };
    let words: usize = lines.iter().map(|l| l.split_whitespace().count()).sum();
    let done = engine.statistics();
    // A line that is translated alone has one thread.
    let together = if alone { 1 } else { lines.len() };
    let busy = wall * engine.options().threads.min(together) as u32;
    let share = |part: Duration| 100.0 * part.as_secs_f64() / busy.as_secs_f64();
    let known = done.encoder + done.decoder + done.output + done.shortlist + done.text;
    print(&format!(
        "encoder {:.1} %, decoder {:.1} %, output {:.1} %, shortlist {:.1} %, text {:.1} %, other {:.1} %; {:.0} candidates a \
         sentence, {:.1} sentences a step\n",
        share(done.encoder),
        share(done.decoder),
        share(done.output),
        share(done.shortlist),
        share(done.text),
        100.0 - share(known),
        done.candidates as f64 / done.sentences.max(1) as f64,
        done.target_tokens as f64 / done.steps.max(1) as f64,
    ))?;
    print(&format!(
        "words_per_s={:.0} tokens_per_s={:.0} words={words} source_tokens={} target_tokens={} seconds={:.3} load_ms={:.1} \
         first_ms={:.1} peak_mb={} kernel={} threads={} cut_off={cut}{times}\n",
        words as f64 / wall.as_secs_f64(),
        done.target_tokens as f64 / wall.as_secs_f64(),
        done.source_tokens,
        done.target_tokens,
        wall.as_secs_f64(),
        load.as_secs_f64() * 1e3,
        first.unwrap_or(wall).as_secs_f64() * 1e3,
        peak_megabytes(),
        engine.kernel(),
        engine.options().threads,
    ))
}

/// What a model translates from: as its manifest says, or the file name that publishers give it, `model.enpt.….bin`.
fn source_language(folder: &Path, files: &Files) -> Option<Lang> {
    let installed = std::fs::read(folder.join(Manifest::FILE)).ok();
    let manifest: Option<Manifest> = installed.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(Coverage::Pairs(pairs)) = manifest.map(|m| m.coverage) {
        return pairs.first().map(|(source, _)| *source);
    }
    let name = files.model.file_name()?.to_string_lossy().into_owned();
    let pair = name.split('.').find(|p| p.len() == 4 && p.bytes().all(|b| b.is_ascii_lowercase()))?;
    pair[..2].parse().ok()
}

fn memory(units: u64, queries: u64, seed: u64, dir: Option<&Path>) -> Result<(), Failure> {
    let made = tempfile::tempdir().map_err(|e| Failure::unwritable("a temporary folder", &e))?;
    let figures = edisi_eval::memory::run(dir.unwrap_or(made.path()), units, queries, seed)?;
    let (times, wall) = (&figures.times, &figures.wall);
    print(&format!(
        "units={} build_s={:.1} disk_mb={:.1} queries={queries} median_ms={:.3} p95_ms={:.3} p99_ms={:.3} max_ms={:.3} \
         wall_median_ms={:.3} wall_p95_ms={:.3} recall_first={:.4} recall_shown={:.4} peak_mb={}\n",
        figures.units,
        figures.build.as_secs_f64(),
        figures.bytes as f64 / 1e6,
        quantile(times, 0.5),
        quantile(times, 0.95),
        quantile(times, 0.99),
        quantile(times, 1.0),
        quantile(wall, 0.5),
        quantile(wall, 0.95),
        figures.first,
        figures.shown,
        peak_megabytes(),
    ))
}

/// In milliseconds, what a share of the times, which are sorted and at least one, is below.
fn quantile(times: &[Duration], share: f64) -> f64 {
    let index = ((times.len() as f64 * share) as usize).min(times.len() - 1);
    times[index].as_secs_f64() * 1e3
}

/// Most memory this process has held, in MiB; 0 where the system does not say.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0).div_ceil(1024)
}
