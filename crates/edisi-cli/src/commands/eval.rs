//! `edisi eval`: BLEU and chrF of a translation.

use std::path::Path;

use edisi_edition::{Control, Pair};
use edisi_quality::metrics::{Bleu, Chrf, Tokenizer};

use super::{engines, pair, print, read_text};
use crate::args::Eval;
use crate::failure::{Code, Failure};
use crate::interrupt;
use crate::progress::{Progress, warn};

pub fn run(args: &Eval) -> Result<(), Failure> {
    let pair = pair(&args.pair)?;
    let references = read_text(&args.target)?;
    let all: Vec<&str> = references.lines().collect();
    let window = args.skip.min(all.len())..args.limit.map_or(all.len(), |n| (args.skip + n).min(all.len()));
    if window.is_empty() {
        let message = format!("{} has {} lines; nothing is left to score", args.target.display(), all.len());
        return Err(Failure::new(Code::Usage, message));
    }
    let (hypotheses, how) = match (&args.hypothesis, &args.source) {
        (Some(file), _) => (lines_like(file, all.len(), &window)?, String::new()),
        (None, Some(source)) => translate(args, pair, lines_like(source, all.len(), &window)?)?,
        (None, None) => unreachable!("clap asks for one of the two"),
    };
    let references = &all[window.clone()];
    let bleu = Bleu::new(Tokenizer::for_target(pair.target));
    let score = bleu.corpus(&hypotheses, references);
    let chrf = Chrf::new().corpus(&hypotheses, references);
    print(&format!(
        "pair={pair} lines={}-{} segments={} bleu={:.2} chrf={chrf:.2} tokenize={} brevity={:.3}{how}\n",
        window.start + 1,
        window.end,
        references.len(),
        score.score,
        bleu.tokenizer().name(),
        score.brevity_penalty,
    ))
}

/// The lines of a file beside `total` references that `window` is of; a file of the window's length is taken
/// to be the window.
fn lines_like(file: &Path, total: usize, window: &std::ops::Range<usize>) -> Result<Vec<String>, Failure> {
    let text = read_text(file)?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() == total {
        Ok(lines[window.clone()].to_vec())
    } else if lines.len() == window.len() {
        Ok(lines)
    } else {
        let message = format!(
            "{} has {} lines and the reference {total}; give files that match line by line",
            file.display(),
            lines.len()
        );
        Err(Failure::new(Code::Input, message))
    }
}

/// Translates line by line; returns the lines and what to say of how.
fn translate(args: &Eval, pair: Pair, lines: Vec<String>) -> Result<(Vec<String>, String), Failure> {
    let pipeline = engines::pipeline(&args.engine, &args.cache)?;
    let mut progress = Progress::new(args.quiet, false, &format!("{pair}, {} lines", lines.len()));
    let control = Control { deadline: None, cancel: Some(interrupt::flag()) };
    let segments: Vec<&str> = lines.iter().map(String::as_str).collect();
    let result = pipeline.translate_segments(&segments, pair, &control, &mut |event| progress.event(event));
    progress.finish();
    let (route, made) = result?;
    if let Some(trouble) = pipeline.take_cache_trouble() {
        warn(&trouble.to_string());
    }
    let failed = made.iter().filter(|m| m.draft.failed.is_some()).count();
    let seconds = made.iter().map(|m| m.micros).sum::<u64>() as f64 / 1e6;
    let legs: Vec<String> =
        route.legs.iter().map(|leg| format!("{}:{}", leg.pair, leg.engine.id().model)).collect();
    // What failed is scored as the engine said it: the score is the engine's, not the gaps'.
    let translated: Vec<String> = made.into_iter().map(|m| m.draft.text.replace('\n', " ")).collect();
    if let Some(path) = &args.output {
        let text: String = translated.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(path, text).map_err(|e| Failure::unwritable(path.display(), &e))?;
    }
    Ok((translated, format!(" failed={failed} engine_s={seconds:.1} route={}", legs.join(">"))))
}
