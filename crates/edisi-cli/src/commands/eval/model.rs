//! `edisi eval model`: translates with a model and scores what comes out.

use edisi_edition::{Control, Pair};

use super::Reference;
use super::mt::Scores;
use crate::args::EvalModel;
use crate::commands::{engines, pair, print};
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::{Progress, warn};

pub fn run(args: &EvalModel) -> Result<(), Failure> {
    let pair = pair(&args.pair)?;
    let reference = Reference::read(&args.reference, &args.window)?;
    let (hypotheses, how) = translate(args, pair, reference.beside(&args.src)?)?;
    let scores = Scores::of(&hypotheses, reference.taken(), pair.target, 0, 0);
    let window = &reference.window;
    print(&format!("pair={pair} lines={}-{} {scores}{how}\n", window.start + 1, window.end))
}

/// Translates line by line; returns the lines and what to say of how.
fn translate(args: &EvalModel, pair: Pair, lines: Vec<String>) -> Result<(Vec<String>, String), Failure> {
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
