//! On whose word a text reports: the paper, agency or person it names, and when they said so.
//!
//! Looked for by the phrases of `data/statements`. An attribution that is gone as a whole is one thing to an editor,
//! so what the other checks say of the names and dates inside it becomes part of one finding.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity, Span};

use super::segment::{Segment, Side};
use super::statements::{self, Class, Hit, Words};

/// Reports the attributions of the source that the translation lacks, and takes out of `findings` what is said of
/// their parts.
pub(super) fn check(segment: &Segment<'_>, words: &Words, findings: &mut Vec<Finding>) {
    if !statements::knows(segment.source.lang) || !statements::knows(segment.target.lang) {
        return;
    }
    let (here, there) = (&words.source, &words.target);
    let answers = there.iter().filter(|h| reports(h)).count();
    let asked = here.iter().filter(|h| reports(h)).count();
    let mut lost: Vec<(Range<usize>, Vec<Finding>)> = Vec::new();
    for hit in here.iter().filter(|h| reports(h)) {
        // A name that is gone from a phrase that is there is a name that is gone.
        let gone = if is_cite(&segment.source, hit) { answers < asked } else { answers == 0 };
        let phrase = phrase(&segment.source, hit);
        if !gone || lost.iter().any(|(other, _)| other.start < phrase.end && phrase.start < other.end) {
            continue;
        }
        let parts: Vec<Finding> = findings.iter().filter(|f| is_part(f, &phrase)).cloned().collect();
        // Where the phrase may be someone's own words, a number that is gone from it is a number that is gone.
        let names_someone = parts.iter().any(|f| f.kind == FindingKind::NameMissing);
        let cites = is_cite(&segment.source, hit) && (answers == 0 || !parts.is_empty());
        if names_someone || cites {
            lost.push((phrase, parts));
        }
        if answers + lost.len() >= asked {
            break;
        }
    }
    for (phrase, parts) in lost {
        findings.retain(|f| !is_part(f, &phrase));
        findings.push(finding(segment, phrase, &parts));
    }
}

fn finding(segment: &Segment<'_>, phrase: Range<usize>, parts: &[Finding]) -> Finding {
    let said = &segment.source.text[phrase.clone()];
    let mut names: Vec<&str> = Vec::new();
    for part in parts.iter().flat_map(|f| &f.source) {
        let text = &segment.source.text[part.start..part.end];
        if !names.contains(&text) {
            names.push(text);
        }
    }
    let mut message =
        format!("The source says on whose word it reports (`{said}`), the translation does not.");
    if !names.is_empty() {
        message.push_str(&format!(" Gone with it: {}.", names.join(", ")));
    }
    let severity = parts.iter().map(|f| f.severity).fold(Severity::Warning, Severity::max);
    let mut lost = Finding::new(FindingKind::AttributionMissing, severity, message);
    lost.expected = Some(said.to_owned());
    lost.source = vec![phrase.into()];
    lost.target = vec![segment.target.range().into()];
    let sure = parts.iter().filter_map(|f| f.confidence).fold(0.6, f32::max);
    lost.confidence = Some(sure);
    lost
}

/// Whether a phrase tells who said something.
fn reports(hit: &Hit) -> bool {
    [Class::Said, Class::Source, Class::Cite, Class::Opening].into_iter().any(|class| hit.is(class))
}

/// Whether it can mean nothing else.
fn is_cite(side: &Side<'_>, hit: &Hit) -> bool {
    hit.is(Class::Cite) || hit.is(Class::Opening) && clause(side, &hit.range).start == hit.range.start
}

/// Whether a finding is about a name or date in `phrase` that is gone without anything in its place.
fn is_part(finding: &Finding, phrase: &Range<usize>) -> bool {
    use FindingKind::{NameMissing, NumberMissing, TimeMissing};
    let inside = |span: &Span| phrase.start <= span.start && span.end <= phrase.end;
    matches!(finding.kind, NameMissing | NumberMissing | TimeMissing)
        && finding.found.is_none()
        && !finding.source.is_empty()
        && finding.source.iter().all(inside)
}

/// The phrase that `hit` begins or ends: with who said it, and when.
fn phrase(side: &Side<'_>, hit: &Hit) -> Range<usize> {
    let clause = clause(side, &hit.range);
    if !is_cite(side, hit) {
        return clause;
    }
    // Japanese names the source before the word, the others behind it.
    if side.lang.code() == "ja" { clause.start..hit.range.end } else { hit.range.start..clause.end }
}

/// From mark to mark, the part of the text that `range` stands in.
fn clause(side: &Side<'_>, range: &Range<usize>) -> Range<usize> {
    let parts = |(at, c): &(usize, char)| parts_clauses(side.text, *at, *c);
    let start =
        side.text[..range.start].char_indices().rev().find(parts).map_or(0, |(at, c)| at + c.len_utf8());
    let behind = side.text[range.end..].char_indices().map(|(at, c)| (at + range.end, c));
    let end = behind.into_iter().find(parts).map_or(side.text.len(), |(at, _)| at);
    let text = &side.text[start..end];
    let start = start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

/// Whether the mark `c` at `at` parts clauses: not in a number, and not behind a short form such as `Jan.`
fn parts_clauses(text: &str, at: usize, c: char) -> bool {
    let next = text[at + c.len_utf8()..].chars().next();
    let before = text[..at].chars().next_back();
    match c {
        ',' | ':' => !(next.is_some_and(char::is_numeric) && before.is_some_and(char::is_numeric)),
        '.' => {
            let follows = text[at + 1..].trim_start().chars().next();
            let spaced = next.is_none_or(|n| n.is_whitespace() || "\"”»’'".contains(n));
            spaced && follows.is_none_or(|n| !n.is_numeric() && !n.is_lowercase())
        }
        _ => "!?;\"“”„«»「」『』()（）[]—–，、。！？；：،؛؟\n".contains(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_text::Lang;

    fn phrases(text: &str, lang: Lang) -> Vec<&str> {
        let segment = Segment::new(text, "-", (lang, Lang::EN));
        let words = Words::new(&segment);
        let cites = words.source.iter().filter(|h| is_cite(&segment.source, h));
        cites.map(|h| &text[phrase(&segment.source, h)]).collect()
    }

    #[test]
    fn from_the_word_to_the_end_of_its_clause() {
        assert_eq!(
            phrases("Harga naik, mengutip Kantor Berita Sagara 8 Januari.", Lang::ID),
            ["mengutip Kantor Berita Sagara 8 Januari"]
        );
        assert_eq!(
            phrases("Prices rose, according to Sagara News on Jan. 8, officials fear.", Lang::EN),
            ["according to Sagara News on Jan. 8"]
        );
        assert_eq!(phrases("地元紙サガラによると、価格は上がった。", Lang::JA), ["地元紙サガラによると"]);
        assert_eq!(phrases("据萨加拉通讯社报道，价格上涨了。数据准确。", Lang::ZH), ["据萨加拉通讯社报道"]);
        assert_eq!(phrases("Les prix montent, selon l'agence Sagara.", Lang::FR), ["selon l'agence Sagara"]);
    }
}
