//! `edisi eval mt`: BLEU and chrF of a translation.

use edisi_quality::metrics::{Bleu, BleuStats, Chrf, ChrfStats, Interval, Tokenizer, bootstrap};
use edisi_text::Lang;

use super::Reference;
use crate::args::EvalMt;
use crate::commands::{pair, print};
use crate::failure::{Code, Failure};

pub fn run(args: &EvalMt) -> Result<(), Failure> {
    let reference = Reference::read(&args.reference, &args.window)?;
    let hypotheses = reference.beside(&args.hypothesis)?;
    if let Some(source) = &args.src {
        reference.beside(source)?;
    }
    let target = match &args.pair {
        Some(text) => pair(text)?.target,
        None => edisi_text::detect(&reference.lines.join("\n")).map(|found| found.0).ok_or_else(|| {
            let file = args.reference.display();
            Failure::new(Code::Language, format!("cannot tell the language of {file}; name it with --pair"))
        })?,
    };
    let head = match &args.pair {
        Some(text) => format!("pair={}", pair(text)?),
        None => format!("target={}", target.code()),
    };
    let figures = Scores::of(&hypotheses, reference.taken(), target, args.bootstrap, args.seed);
    let window = &reference.window;
    print(&format!("{head} lines={}-{} {figures}\n", window.start + 1, window.end))
}

/// BLEU and chrF of a corpus.
pub(super) struct Scores {
    segments: usize,
    bleu: edisi_quality::metrics::BleuScore,
    chrf: f64,
    tokenizer: Tokenizer,
    /// Of BLEU and chrF, when asked for.
    intervals: Option<(Interval, Interval)>,
}

impl Scores {
    /// Scores `hypotheses`; `rounds` resamplings for the intervals, 0 for none.
    pub(super) fn of(
        hypotheses: &[String],
        references: &[String],
        target: Lang,
        rounds: usize,
        seed: u64,
    ) -> Scores {
        let tokenizer = Tokenizer::for_target(target);
        let (bleu, chrf) = (Bleu::new(tokenizer), Chrf::new());
        let pairs = || hypotheses.iter().zip(references);
        let words: Vec<BleuStats> = pairs().map(|(h, r)| bleu.stats(h, r)).collect();
        let letters: Vec<ChrfStats> = pairs().map(|(h, r)| chrf.stats(h, r)).collect();
        let intervals = (rounds > 0).then(|| {
            let low_high = bootstrap(&words, rounds, seed, |s: &BleuStats| s.score().score);
            (low_high, bootstrap(&letters, rounds, seed, ChrfStats::score))
        });
        Scores {
            segments: references.len(),
            bleu: words.iter().copied().sum::<BleuStats>().score(),
            chrf: letters.iter().copied().sum::<ChrfStats>().score(),
            tokenizer,
            intervals,
        }
    }
}

impl std::fmt::Display for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (bleu, chrf) = (&self.bleu, self.chrf);
        write!(f, "segments={} bleu={:.2} chrf={chrf:.2}", self.segments, bleu.score)?;
        write!(f, " tokenize={} brevity={:.3}", self.tokenizer.name(), bleu.brevity_penalty)?;
        if let Some((bleu, chrf)) = &self.intervals {
            write!(f, " bleu_95={:.2}-{:.2} chrf_95={:.2}-{:.2}", bleu.low, bleu.high, chrf.low, chrf.high)?;
        }
        Ok(())
    }
}
