//! A segment as the editor's page shows it: values only, so that templates and script decide nothing.

use edisi_article::Finding;
use edisi_edition::Decision;
use edisi_edition::edition::Score;
use edisi_quality::glossary::Glossary;
use edisi_store::{By, SegmentRow, SegmentState};
use edisi_text::Lang;
use serde::Serialize;

use super::choices::{Choice, choices};
use super::marks::{self, Side, marked};
use super::words;
use crate::newsroom::counts;

/// A language as pages need it.
#[derive(Debug, Clone, Serialize)]
pub struct Tongue {
    /// Its tag.
    pub tag: String,
    /// Its name in English.
    pub name: String,
    /// Its own name.
    pub autonym: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
}

impl From<Lang> for Tongue {
    fn from(lang: Lang) -> Tongue {
        let dir = if lang.is_rtl() { "rtl" } else { "ltr" };
        Tongue { tag: lang.to_string(), name: lang.english_name(), autonym: lang.autonym(), dir }
    }
}

/// What a page shows of a segment.
#[derive(Debug, Serialize)]
pub struct SegmentView {
    id: String,
    /// From 1.
    number: i64,
    version: i64,
    state: String,
    state_words: &'static str,
    /// Whether somebody has looked at it.
    reviewed: bool,
    decision: String,
    /// Whether it stops approval, and why.
    blocks: Option<&'static str>,
    /// Marked up.
    source: String,
    /// Marked up.
    target: String,
    text: String,
    findings: Vec<FindingView>,
    worst: Option<&'static str>,
    choices: Vec<Choice>,
    terms: Vec<TermView>,
    pivot: Option<String>,
    failed: Option<String>,
    /// 0 (unsure) to 4 (sure).
    shade: Option<u8>,
    /// The mean probability of its tokens, in per cent.
    sure: Option<u8>,
    /// What the memory says about it, where it is from there.
    memory: Option<String>,
    /// Where it stands, when that is not the running text.
    place: Option<&'static str>,
    /// Whether it begins a text.
    begins: bool,
    by: Option<ByView>,
    can_undo: bool,
}

/// Who changed it.
#[derive(Debug, Serialize)]
pub struct ByView {
    name: String,
    at: String,
}

impl From<&By> for ByView {
    fn from(by: &By) -> ByView {
        ByView { name: by.name.clone(), at: by.at.to_string() }
    }
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct FindingView {
    number: usize,
    severity: &'static str,
    label: String,
    message: String,
    expected: Option<String>,
    found: Option<String>,
    /// What is replaced by what, and the whole text after it, where there is one way to put it right.
    fix: Option<FixView>,
}

/// A fix.
#[derive(Debug, Serialize)]
struct FixView {
    from: String,
    to: String,
    text: String,
}

/// A word that the house has a rule for.
#[derive(Debug, Serialize)]
pub struct TermView {
    word: String,
    wanted: String,
}

/// What a page knows around its segments.
pub struct Around<'a> {
    /// The glossary and the name book, for the pair.
    pub books: &'a [Glossary],
}

/// A segment as it is shown.
pub fn segment(row: &SegmentRow, around: &Around<'_>) -> SegmentView {
    let made = &row.machine.segment;
    let score = made.score.filter(|_| row.text == made.text);
    let sure = score.map(sureness);
    let findings = findings(&row.text, &row.findings);
    let memory = made.memory.as_ref().map(|m| {
        let how = words::words(&words::key(m.reuse)).to_lowercase();
        let day = m.review.at.strftime("%-d %b %Y");
        format!("From the memory, {how}; {} on {day}", m.review.by)
    });
    SegmentView {
        id: row.id.to_string(),
        number: row.number + 1,
        version: row.version,
        state: words::key(row.state),
        state_words: words::segment(row.state),
        reviewed: is_reviewed(row),
        decision: words::key(row.decision),
        blocks: blocks(row),
        source: marked(&row.source, &row.findings, Side::Source),
        target: marked(&row.text, &row.findings, Side::Target),
        text: row.text.clone(),
        worst: worst(&row.findings),
        findings,
        choices: choices(row),
        terms: terms(&row.source, around.books),
        pivot: made.pivot.as_ref().map(|p| p.text.clone()),
        failed: failed(row),
        shade: sure.map(|sure| match sure {
            90.. => 4,
            75.. => 3,
            60.. => 2,
            40.. => 1,
            _ => 0,
        }),
        sure,
        memory: memory.filter(|_| row.state == SegmentState::Machine),
        place: words::place(row.place).filter(|_| row.index == 0),
        begins: row.index == 0,
        by: row.by.as_ref().map(ByView::from),
        can_undo: row.version > 1,
    }
}

fn failed(row: &SegmentRow) -> Option<String> {
    let failure = row.machine.segment.failed.as_ref()?;
    (row.state != SegmentState::Edited).then(|| failure.message.clone())
}

/// Whether an edition with this segment cannot be approved, and why.
pub fn blocks(row: &SegmentRow) -> Option<&'static str> {
    let why = match row.state {
        SegmentState::Rejected => "is rejected and has no new text",
        _ => "could not be translated",
    };
    counts::is_gap(row).then_some(why)
}

/// Whether somebody has looked at it, here or when the memory learned it.
pub fn is_reviewed(row: &SegmentRow) -> bool {
    counts::is_reviewed(row)
}

/// Whether the policy holds it still.
pub fn is_held(row: &SegmentRow) -> bool {
    row.decision == Decision::Hold && !is_reviewed(row)
}

fn sureness(score: Score) -> u8 {
    // Between 0 and 100: a probability.
    (score.mean.clamp(-100.0, 0.0).exp() * 100.0).round() as u8
}

fn worst(findings: &[Finding]) -> Option<&'static str> {
    findings.iter().map(|f| f.severity).max().map(marks::severity)
}

/// What the checks say of `text`, the gravest first.
pub fn findings(text: &str, findings: &[Finding]) -> Vec<FindingView> {
    let mut order: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    order.sort_by_key(|(_, f)| std::cmp::Reverse(f.severity));
    let view = |(number, f): (usize, &Finding)| FindingView {
        number,
        severity: marks::severity(f.severity),
        label: words::finding(f.kind),
        message: f.message.clone(),
        expected: f.expected.clone(),
        found: f.found.clone(),
        fix: fix(text, f),
    };
    order.into_iter().map(view).collect()
}

fn fix(text: &str, finding: &Finding) -> Option<FixView> {
    let fix = finding.fix.as_ref()?;
    let (start, end) = (fix.span.start, fix.span.end);
    let (before, from, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let whole = format!("{before}{}{after}", fix.text);
    Some(FixView { from: from.to_owned(), to: fix.text.clone(), text: whole })
}

fn terms(source: &str, books: &[Glossary]) -> Vec<TermView> {
    let mut out: Vec<TermView> = Vec::new();
    for mention in books.iter().flat_map(|book| book.mentions(source)) {
        let word = source.get(mention.source).unwrap_or_default().to_owned();
        if out.iter().all(|t| t.word != word) {
            out.push(TermView { word, wanted: mention.target });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::{FindingKind, Fix, Severity, Span};

    fn with_fix(start: usize, end: usize, text: &str) -> Finding {
        let fix = Some(Fix { span: Span { start, end }, text: text.into() });
        Finding { fix, ..Finding::new(FindingKind::NumberMissing, Severity::Error, "x") }
    }

    #[test]
    fn a_fix_gives_the_whole_text_and_never_half_a_character() {
        let fixed = fix("About 12 people", &with_fix(6, 8, "120")).unwrap();
        assert_eq!((fixed.from.as_str(), fixed.text.as_str()), ("12", "About 120 people"));
        assert_eq!(fix("日本", &with_fix(3, 3, "x")).unwrap().text, "日x本");
        assert!(fix("日本", &with_fix(1, 3, "x")).is_none());
        assert!(fix("ab", &with_fix(1, 9, "x")).is_none());
    }

    #[test]
    fn sureness_is_a_percentage() {
        let score = |mean| sureness(Score { mean, min: mean, tokens: 3 });
        assert_eq!((score(0.0), score(-0.105), score(-1000.0)), (100, 90, 0));
    }
}
