//! The same name rendered in two ways in one article.

use std::collections::HashMap;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;
use edisi_text::name::{Cue, Letters};

use super::presence::{View, look};

/// From which score on the place that fits a name is taken for its rendering.
const SURE: f32 = 0.55;

/// Where a name of the source is rendered.
struct Rendering {
    segment: usize,
    source: Range<usize>,
    target: Range<usize>,
    /// As compared with others.
    key: String,
}

/// Names that the translation renders in more than one way. `segments` are the article's segments with their
/// translations, in order; [`Finding::segment`] is an index into them, spans are byte ranges into the segment's
/// source and translation. The rendering used most is taken for the right one, the first of equals.
///
/// Known names are left out: they have several right forms (a country and its people).
pub fn consistent_names(segments: &[(&str, &str)], (from, to): (Lang, Lang)) -> Vec<Finding> {
    let mut renderings: HashMap<String, Vec<Rendering>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for (segment, (source, translation)) in segments.iter().enumerate() {
        let (own, other) = (View::new(source, from), View::new(translation, to));
        for name in own.scan.names.iter().filter(|n| n.entries.is_empty() && n.cue > Cue::Common) {
            let (fit, _) = look(name, &own, &other);
            let sure = fit.score() >= SURE;
            let Some(target) = fit.range.filter(|_| sure) else { continue };
            let key = rendered(&other, &target);
            let text = source[name.range.clone()].to_owned();
            let all = renderings.entry(text.clone()).or_default();
            if all.is_empty() {
                order.push(text);
            }
            all.push(Rendering { segment, source: name.range.clone(), target, key });
        }
    }
    let mut findings = Vec::new();
    for name in order {
        let all = &renderings[&name];
        let uses = |key: &str| all.iter().filter(|r| r.key == key).count();
        // The last maximum would win; the first is wanted.
        let Some(usual) = all.iter().rev().max_by_key(|r| uses(&r.key)) else { continue };
        for odd in all.iter().filter(|r| differ(&r.key, &usual.key)) {
            let expected = &segments[usual.segment].1[usual.target.clone()];
            let found = &segments[odd.segment].1[odd.target.clone()];
            let message = format!("{name} is {found} here and {expected} elsewhere.");
            let mut finding = Finding::new(FindingKind::NameInconsistent, Severity::Warning, message);
            finding.segment = Some(odd.segment);
            finding.source = vec![odd.source.clone().into()];
            finding.target = vec![odd.target.clone().into()];
            finding.expected = Some(expected.to_owned());
            finding.found = Some(found.to_owned());
            finding.confidence = Some(0.7);
            findings.push(finding);
        }
    }
    findings.sort_by_key(|f| f.segment);
    findings
}

/// What the words at a place are compared by.
fn rendered(view: &View<'_>, range: &Range<usize>) -> String {
    let mut out = String::new();
    for word in view.scan.words.iter().filter(|w| w.range.start < range.end && range.start < w.range.end) {
        match word.letters {
            Letters::Latin | Letters::Arabic => out.push_str(&word.key),
            _ => {
                let clip = word.range.start.max(range.start)..word.range.end.min(range.end);
                out.push_str(&view.text[clip]);
            }
        }
    }
    out
}

/// Whether two renderings are two ways to write the name: neither a longer and a shorter stretch of one, nor, in
/// Arabic, the same behind other short words.
fn differ(a: &str, b: &str) -> bool {
    let whole = |text: &str| text.starts_with(|c: char| matches!(c, '\u{600}'..='\u{6ff}'));
    if whole(a) && whole(b) {
        return !bare(a).any(|a| bare(b).any(|b| a == b));
    }
    !a.contains(b) && !b.contains(a)
}

/// An Arabic word without none, one, two … of the letters that may be words written on to it.
fn bare(word: &str) -> impl Iterator<Item = &str> {
    let joined = word.chars().take(4).take_while(|c| "وفبكلا".contains(*c)).count();
    (0..=joined).map(move |skip| &word[2 * skip..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_written_one_way() {
        let twice = [
            ("Margaret Robinson spoke.", "玛格丽特·罗宾逊讲了话。"),
            ("Robinson left.", "罗宾逊离开了。"),
            ("Robinson came back.", "鲁滨逊回来了。"),
        ];
        let found = consistent_names(&twice, (Lang::EN, Lang::ZH));
        assert!(found.iter().all(|f| f.segment == Some(2)), "{found:?}");
        assert!(consistent_names(&twice[..2], (Lang::EN, Lang::ZH)).is_empty());
        let arabic = [
            ("Marsden won.", "فاز مارسدن."),
            ("The prize went to Marsden.", "ذهبت الجائزة لمارسدن."),
            ("Fans cheered Marsden.", "هتف المشجعون لمرسدين."),
        ];
        let found = consistent_names(&arabic, (Lang::EN, Lang::AR));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].found.as_deref(), Some("لمرسدين"));
    }
}
