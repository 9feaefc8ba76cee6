//! The benchmark: corrupts, checks, counts.

use std::collections::BTreeMap;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;
use edisi_text::clean::{EncodingDamage, suspect_encoding};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::corrupt::between;
use crate::{Clean, Corpus, Kind, Random, corrupt};

/// The checks that are measured.
pub trait Checks {
    /// What is wrong with `target`, a translation of the sentence `source`.
    fn segment(&self, source: &str, target: &str) -> Vec<Finding>;

    /// What is wrong with `target`, a translation of `source`, both of several sentences.
    fn passage(&self, source: &str, target: &str) -> Vec<Finding>;
}

/// What findings are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Numbers, units, currencies.
    Quantity,
    /// Dates and times of day.
    Time,
    /// People, places, organisations.
    Name,
    /// Parts of sentences missing or added; who said it; length.
    Clause,
    /// Whole sentences missing or added.
    Sentence,
    /// Denials lost or added.
    Negation,
    /// Opposites: won for lost.
    Sense,
    /// Words that say how far something is claimed, lost or added.
    Qualifier,
    /// Not translated, or in the wrong language or script.
    Language,
    /// The same over and over.
    Repetition,
    /// How the text is written: questions, quotation marks, encoding, markup.
    Form,
    /// House style: terms, punctuation, consistency. No question of fact, so no alarm.
    Style,
}

impl Family {
    /// All families, in the order of the table.
    pub const ALL: [Family; 12] = [
        Family::Quantity,
        Family::Time,
        Family::Name,
        Family::Clause,
        Family::Sentence,
        Family::Negation,
        Family::Sense,
        Family::Qualifier,
        Family::Language,
        Family::Repetition,
        Family::Form,
        Family::Style,
    ];

    /// The family `kind` is counted in.
    pub fn of(kind: FindingKind) -> Family {
        use FindingKind::*;
        match kind {
            NumberMissing | NumberAdded | CurrencyChanged | UnitChanged => Family::Quantity,
            TimeMissing | TimeAdded => Family::Time,
            ClauseMissing | ClauseAdded | AttributionMissing | TruncatedEnd | LengthOutOfBounds => {
                Family::Clause
            }
            NameMissing | NameAdded | NameChanged | NameInconsistent => Family::Name,
            SentenceMissing | SentenceAdded => Family::Sentence,
            NegationMissing | NegationAdded => Family::Negation,
            SenseReversed => Family::Sense,
            QualifierMissing | QualifierAdded => Family::Qualifier,
            Untranslated | WrongScript | WrongLanguage => Family::Language,
            RepeatedPhrase => Family::Repetition,
            NameBook | TermMissing | TermForbidden | TermTranslated | Punctuation | InconsistentWording => {
                Family::Style
            }
            _ => Family::Form,
        }
    }

    /// Whether its alarms are counted together as `other`.
    pub fn is_other(self) -> bool {
        use Family::*;
        matches!(self, Sentence | Negation | Language | Repetition | Form)
    }

    /// The name used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Family::Quantity => "quantity",
            Family::Time => "time",
            Family::Name => "name",
            Family::Clause => "clause",
            Family::Sentence => "sentence",
            Family::Negation => "negation",
            Family::Sense => "sense",
            Family::Qualifier => "qualifier",
            Family::Language => "language",
            Family::Repetition => "repetition",
            Family::Form => "form",
            Family::Style => "style",
        }
    }
}

impl Kind {
    /// The families whose findings notice a corruption of this kind. A number and a date are told apart by their
    /// surroundings only, so either finding notices either.
    pub fn noticed_by(self) -> &'static [Family] {
        match self {
            Kind::Value | Kind::Digit | Kind::Scale | Kind::Unit | Kind::Currency | Kind::Date => {
                &[Family::Quantity, Family::Time]
            }
            Kind::NameSwapped | Kind::NameDropped => &[Family::Name],
            Kind::Clause => &[Family::Clause],
            Kind::Sentence => &[Family::Sentence],
            Kind::Negation => &[Family::Negation],
            Kind::Opposite => &[Family::Sense],
            Kind::Qualifier => &[Family::Qualifier],
            Kind::Untranslated | Kind::Language => &[Family::Language],
            Kind::Repeated => &[Family::Repetition],
        }
    }
}

/// What to measure on.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which corruptions are made; the same seed makes the same.
    pub seed: u64,
    /// The kinds to make.
    pub kinds: Vec<Kind>,
    /// Missed corruptions and false alarms to keep per kind and family.
    pub show: usize,
    /// Sentences in further languages for [`Kind::Language`], instead of the built-in ones.
    pub other: Vec<(Lang, Vec<String>)>,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: 1, kinds: Kind::ALL.to_vec(), show: 0, other: Vec::new() }
    }
}

/// What became of one kind of corruption.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Pairs corrupted.
    pub made: usize,
    /// Of them, pairs with a new finding of a family that notices the kind.
    pub noticed: usize,
    /// Of those that were not, pairs with a new finding of another family, style aside.
    pub elsewhere: usize,
}

impl Row {
    /// `noticed / made`; `None` when nothing could be corrupted.
    pub fn recall(&self) -> Option<f64> {
        (self.made > 0).then(|| self.noticed as f64 / self.made as f64)
    }
}

/// A corruption nobody noticed, or a finding on a clean pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Line of the files, from 1.
    pub line: usize,
    /// What was done, or what the finding says.
    pub what: String,
    /// The source.
    pub source: String,
    /// The translation that was checked.
    pub target: String,
}

/// The result for one pair of languages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Languages, as in `id-en`.
    pub pair: String,
    /// The seed.
    pub seed: u64,
    /// Clean pairs, one a line.
    pub segments: usize,
    /// Lines left out because one side or the other came with damaged letters (see [`is_sound`]).
    #[serde(default)]
    pub left_out: usize,
    /// Clean passages of several lines, for [`Kind::Sentence`].
    pub passages: usize,
    /// Per kind.
    pub kinds: BTreeMap<Kind, Row>,
    /// Clean segments with a finding, per family.
    pub alarms: BTreeMap<Family, usize>,
    /// Clean segments with a finding of any family counted as other.
    pub alarms_other: usize,
    /// Clean passages with a finding about whole sentences.
    pub alarms_sentence: usize,
    /// Lines in the passages; what [`Report::alarms_sentence`] is a share of.
    pub passage_lines: usize,
    /// Clean segments checked per second of processor time, on one core.
    pub pairs_per_s: f64,
    /// Corruptions nobody noticed.
    pub missed: BTreeMap<Kind, Vec<Example>>,
    /// Findings on clean pairs.
    pub false_alarms: BTreeMap<Family, Vec<Example>>,
}

/// Whether both sides of a pair can be read. A translation with `JimÃ©nez` in it is no clean pair, and to report the
/// damage is no false alarm.
pub fn is_sound(pair: (&str, &str), langs: (Lang, Lang)) -> bool {
    let sound = |text: &str, lang| {
        suspect_encoding(text, lang).iter().all(|(_, damage)| *damage == EncodingDamage::LostInitial)
    };
    sound(pair.0, langs.0) && sound(pair.1, langs.1)
}

/// The pairs that can be read, with their places among all.
fn sound_pairs<'t>(pairs: &[(&'t str, &'t str)], langs: (Lang, Lang)) -> Vec<(usize, (&'t str, &'t str))> {
    pairs.iter().copied().enumerate().filter(|(_, pair)| is_sound(*pair, langs)).collect()
}

/// Lines of a passage, in turn.
const PASSAGE: [usize; 3] = [3, 2, 4];

/// Runs the benchmark on `pairs` of a source and a human translation, from the first language of `langs` into the
/// second. Pairs that cannot be read are left out ([`is_sound`]). `first_line` is the number of the first pair, for
/// examples; `progress` is told of each share done, 0–1.
pub fn run(
    pairs: &[(&str, &str)],
    langs: (Lang, Lang),
    first_line: usize,
    checks: &dyn Checks,
    options: &Options,
    progress: &mut dyn FnMut(f64),
) -> Report {
    let corpus = Corpus::new(pairs.iter().map(|p| p.1), langs, options.other.clone());
    let (places, sound): (Vec<usize>, Vec<(&str, &str)>) = sound_pairs(pairs, langs).into_iter().unzip();
    let mut bench = Bench {
        pairs: &sound,
        places: &places,
        langs,
        first_line,
        checks,
        options,
        corpus,
        clean: Vec::new(),
        report: Report {
            pair: format!("{}-{}", langs.0.code(), langs.1.code()),
            seed: options.seed,
            segments: sound.len(),
            left_out: pairs.len() - sound.len(),
            ..Report::default()
        },
    };
    bench.clean();
    for (done, kind) in options.kinds.iter().enumerate() {
        progress(done as f64 / options.kinds.len() as f64);
        if *kind == Kind::Sentence { bench.passages() } else { bench.kind(*kind) }
    }
    progress(1.0);
    bench.report
}

/// The corrupted pairs themselves, for other tools: kind, line, source, corrupted translation.
pub fn corrupted<'a>(
    pairs: &'a [(&'a str, &'a str)],
    langs: (Lang, Lang),
    options: &'a Options,
) -> Vec<(Kind, usize, &'a str, Corruption)> {
    let corpus = Corpus::new(pairs.iter().map(|p| p.1), langs, options.other.clone());
    let segments = options.kinds.iter().filter(|kind| **kind != Kind::Sentence);
    segments
        .flat_map(|kind| sound_pairs(pairs, langs).into_iter().map(move |(at, pair)| (*kind, at, pair)))
        .filter_map(|(kind, at, pair)| {
            let clean = Clean { source: pair.0, target: pair.1, from: langs.0, to: langs.1, corpus: &corpus };
            let made = corrupt(kind, &clean, &[], &mut random(options.seed, kind, at))?;
            Some((kind, at, pair.0, made))
        })
        .collect()
}

use crate::Corruption;

fn random(seed: u64, kind: Kind, line: usize) -> Random {
    Random::of(seed, kind as u64 + 1, line as u64)
}

struct Bench<'a> {
    /// The pairs that can be read.
    pairs: &'a [(&'a str, &'a str)],
    /// Where each stood among all, from 0.
    places: &'a [usize],
    langs: (Lang, Lang),
    first_line: usize,
    checks: &'a dyn Checks,
    options: &'a Options,
    corpus: Corpus,
    /// Findings on the clean pairs.
    clean: Vec<Vec<Finding>>,
    report: Report,
}

impl Bench<'_> {
    /// The line that the pair `at` stood in.
    fn line(&self, at: usize) -> usize {
        self.first_line + self.places[at]
    }

    fn clean(&mut self) {
        if let Some(pair) = self.pairs.first() {
            // Lists are read at the first call; that is not what is measured.
            self.checks.segment(pair.0, pair.1);
        }
        let clock = Clock::start();
        self.clean = self.pairs.iter().map(|pair| counted(self.checks.segment(pair.0, pair.1))).collect();
        let seconds = clock.elapsed().as_secs_f64();
        self.report.pairs_per_s = self.pairs.len() as f64 / seconds.max(1e-9);
        for family in Family::ALL {
            let count = self.clean.iter().filter(|f| of(f, &[family]).next().is_some()).count();
            self.report.alarms.insert(family, count);
        }
        let other: Vec<Family> = Family::ALL.into_iter().filter(|f| f.is_other()).collect();
        self.report.alarms_other = self.clean.iter().filter(|f| of(f, &other).next().is_some()).count();
        for (at, findings) in self.clean.iter().enumerate() {
            let line = self.first_line + self.places[at];
            for finding in findings {
                let shown = self.report.false_alarms.entry(Family::of(finding.kind)).or_default();
                if shown.len() < self.options.show {
                    shown.push(Example {
                        line,
                        what: format!("{:?}: {}", finding.kind, finding.message),
                        source: self.pairs[at].0.to_owned(),
                        target: self.pairs[at].1.to_owned(),
                    });
                }
            }
        }
    }

    fn kind(&mut self, kind: Kind) {
        let mut row = Row::default();
        for (at, pair) in self.pairs.iter().enumerate() {
            let (from, to) = self.langs;
            let clean = Clean { source: pair.0, target: pair.1, from, to, corpus: &self.corpus };
            let Some(made) =
                corrupt(kind, &clean, &[], &mut random(self.options.seed, kind, self.places[at]))
            else {
                continue;
            };
            let findings = counted(self.checks.segment(pair.0, &made.target));
            if !row.count(kind, &self.clean[at], &findings) {
                let line = self.line(at);
                note(&mut self.report, self.options.show, kind, line, pair.0, made);
            }
        }
        self.report.kinds.insert(kind, row);
    }

    fn passages(&mut self) {
        let kind = Kind::Sentence;
        let (from, to) = self.langs;
        let mut row = Row::default();
        let mut at = 0;
        for (turn, size) in PASSAGE.into_iter().cycle().enumerate() {
            let Some(lines) = self.pairs.get(at..at + size) else { break };
            // A line that does not close is a headline, and no sentence follows it in its paragraph.
            let closed: Vec<bool> = lines.iter().map(|p| closes(p.0) && closes(p.1)).collect();
            let parts = |texts: Vec<&str>| -> Vec<String> {
                let ended = |(text, closed): (&str, &bool)| {
                    text.trim().to_owned() + if *closed { "" } else { "\n\n" }
                };
                texts.into_iter().zip(&closed).map(ended).collect()
            };
            let sources = parts(lines.iter().map(|p| p.0).collect());
            let targets = parts(lines.iter().map(|p| p.1).collect());
            let (source, target) = (sources.join(between(from)), targets.join(between(to)));
            let parts: Vec<&str> = targets.iter().map(String::as_str).collect();
            let clean = Clean { source: &source, target: &target, from, to, corpus: &self.corpus };
            let before = counted(self.checks.passage(&source, &target));
            self.report.passages += 1;
            self.report.passage_lines += size;
            self.report.alarms_sentence += usize::from(of(&before, &[Family::Sentence]).next().is_some());
            if let Some(made) = corrupt(kind, &clean, &parts, &mut random(self.options.seed, kind, turn)) {
                let after = counted(self.checks.passage(&source, &made.target));
                if !row.count(kind, &before, &after) {
                    let line = self.line(at);
                    note(&mut self.report, self.options.show, kind, line, &source, made);
                }
            }
            at += size;
        }
        self.report.kinds.insert(kind, row);
    }
}

/// Whether a line ends as sentences do.
fn closes(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»」』)）]】".contains(c));
    line.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '．', ':', '：'])
}

fn note(report: &mut Report, show: usize, kind: Kind, line: usize, source: &str, made: Corruption) {
    let missed = report.missed.entry(kind).or_default();
    if missed.len() < show {
        missed.push(Example { line, what: made.what, source: source.to_owned(), target: made.target });
    }
}

impl Row {
    /// Counts one corrupted pair; says whether it was noticed.
    fn count(&mut self, kind: Kind, before: &[Finding], after: &[Finding]) -> bool {
        let is_new = |f: &&Finding| !before.iter().any(|b| same_place(b, f));
        let noticed = of(after, kind.noticed_by()).any(|f| is_new(&f));
        let other = || after.iter().filter(is_new).any(|f| Family::of(f.kind) != Family::Style);
        self.made += 1;
        self.noticed += usize::from(noticed);
        self.elsewhere += usize::from(!noticed && other());
        noticed
    }
}

/// Notes are asides; what is counted is what an editor is asked to look at.
fn counted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|f| f.severity > Severity::Note);
    findings
}

fn of<'f>(findings: &'f [Finding], families: &[Family]) -> impl Iterator<Item = &'f Finding> {
    findings.iter().filter(move |f| families.contains(&Family::of(f.kind)))
}

/// Whether two findings, on a clean translation and on a corrupted one, are about the same: the same words of the
/// source or, when they name none, the same words of the translation.
fn same_place(a: &Finding, b: &Finding) -> bool {
    let source = !b.source.is_empty() && a.source == b.source;
    let target = b.source.is_empty() && a.source.is_empty() && a.found == b.found;
    Family::of(a.kind) == Family::of(b.kind) && (source || target)
}
