//! Spans of a text as markup: what findings are about, set off in the sentence.

use std::fmt::Write as _;

use edisi_article::{Finding, Severity, Span, escape_html};

/// Which side of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The original.
    Source,
    /// The translation.
    Target,
}

/// A stretch of a text that something is said about.
#[derive(Debug, Clone)]
struct Mark<'a> {
    start: usize,
    end: usize,
    /// Number of the finding.
    number: usize,
    severity: Severity,
    message: &'a str,
}

/// `text` as HTML, with what the findings say of this side of it in `<mark>`s. Spans may overlap; those that are not of
/// this text (past its end, inside a character) are put where they fit.
pub fn marked(text: &str, findings: &[Finding], side: Side) -> String {
    let marks = findings.iter().enumerate().flat_map(|(number, finding)| {
        let spans = match side {
            Side::Source => &finding.source,
            Side::Target => &finding.target,
        };
        spans.iter().map(move |span| mark(text, span, number, finding))
    });
    let marks: Vec<Mark<'_>> = marks.collect();
    let mut cuts: Vec<usize> = marks.iter().flat_map(|m| [m.start, m.end]).chain([0, text.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut out = String::with_capacity(text.len() + 96 * marks.len());
    for (i, &start) in cuts.iter().enumerate() {
        // Where something is missing there is nothing to underline: a mark without text.
        let points: Vec<&Mark<'_>> = marks.iter().filter(|m| m.start == start && m.end == start).collect();
        if !points.is_empty() {
            open(&mut out, &points, true);
            out.push_str("</mark>");
        }
        let Some(&end) = cuts.get(i + 1) else { break };
        let over: Vec<&Mark<'_>> = marks.iter().filter(|m| m.start <= start && end <= m.end).collect();
        let piece = escape_html(&text[start..end]);
        if over.is_empty() {
            out.push_str(&piece);
        } else {
            open(&mut out, &over, false);
            out.push_str(&piece);
            out.push_str("</mark>");
        }
    }
    out
}

fn mark<'a>(text: &str, span: &Span, number: usize, finding: &'a Finding) -> Mark<'a> {
    let start = floor(text, span.start);
    let end = ceil(text, span.end.max(start));
    Mark { start, end, number, severity: finding.severity, message: &finding.message }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn ceil(text: &str, at: usize) -> usize {
    (at.min(text.len())..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

fn open(out: &mut String, marks: &[&Mark<'_>], point: bool) {
    let worst = marks.iter().map(|m| m.severity).max().unwrap_or(Severity::Note);
    let mut seen: Vec<usize> = marks.iter().map(|m| m.number).collect();
    seen.dedup();
    let numbers: Vec<String> = seen.iter().map(usize::to_string).collect();
    let mut messages: Vec<&str> = marks.iter().map(|m| m.message).collect();
    messages.dedup();
    let _ = write!(
        out,
        "<mark class=\"{}{}\" data-finding=\"{}\" title=\"{}\">",
        severity(worst),
        if point { " point" } else { "" },
        numbers.join(" "),
        escape_html(&messages.join(" · ")),
    );
}

/// A severity as a class.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::FindingKind;

    fn finding(severity: Severity, message: &str, target: &[(usize, usize)]) -> Finding {
        let target = target.iter().map(|&(start, end)| Span { start, end }).collect();
        Finding { target, ..Finding::new(FindingKind::NumberMissing, severity, message) }
    }

    /// The text with marks as `[numbers|…]`.
    fn plain(text: &str, findings: &[Finding]) -> String {
        let html = marked(text, findings, Side::Target);
        let mut out = String::new();
        let mut rest = html.as_str();
        while let Some(at) = rest.find("<mark") {
            out.push_str(&rest[..at]);
            let close = rest.find('>').unwrap();
            let numbers = rest[at..].split("data-finding=\"").nth(1).unwrap().split('"').next().unwrap();
            let _ = write!(out, "[{numbers}|");
            rest = &rest[close + 1..];
            let end = rest.find("</mark>").unwrap();
            out.push_str(&rest[..end]);
            out.push(']');
            rest = &rest[end + 7..];
        }
        out + rest
    }

    #[test]
    fn overlapping_spans_are_cut_at_their_ends() {
        let both = [finding(Severity::Warning, "a", &[(0, 8)]), finding(Severity::Error, "b", &[(4, 12)])];
        assert_eq!(plain("abcdefghijklmnop", &both), "[0|abcd][0 1|efgh][1|ijkl]mnop");
        let html = marked("abcdefghijklmnop", &both, Side::Target);
        assert!(
            html.contains("<mark class=\"error\" data-finding=\"0 1\" title=\"a · b\">efgh</mark>"),
            "{html}"
        );
        assert_eq!(marked("abcdefghijklmnop", &both, Side::Source), "abcdefghijklmnop");
    }

    #[test]
    fn spans_inside_characters_and_past_the_end_are_put_where_they_fit() {
        // 日 and 本 are three bytes each.
        assert_eq!(plain("日本", &[finding(Severity::Note, "a", &[(1, 2)])]), "[0|日]本");
        assert_eq!(plain("日本", &[finding(Severity::Note, "a", &[(4, 99)])]), "日[0|本]");
        assert_eq!(plain("日本", &[finding(Severity::Note, "a", &[(50, 99)])]), "日本[0|]");
        assert_eq!(plain("日本", &[finding(Severity::Note, "a", &[(3, 0)])]), "日[0|]本");
        assert_eq!(plain("", &[finding(Severity::Note, "a", &[(0, 4)])]), "[0|]");
    }

    #[test]
    fn the_same_finding_twice_in_a_place_is_named_once() {
        assert_eq!(plain("abc", &[finding(Severity::Note, "a", &[(0, 3), (1, 2)])]), "[0|a][0|b][0|c]");
    }

    #[test]
    fn texts_and_messages_are_escaped() {
        let hostile = finding(Severity::Error, "\"><script>alert(1)</script>", &[(0, 3)]);
        let html = marked("<b>&\"</b>", &[hostile], Side::Target);
        assert!(!html.contains("<b>") && !html.contains("<script"), "{html}");
        assert!(html.contains("&lt;b&gt;</mark>&amp;"), "{html}");
    }

    #[test]
    fn no_span_breaks_the_text() {
        let text = "a日b😀c";
        for start in 0..14 {
            for end in 0..14 {
                let all = [
                    finding(Severity::Note, "x", &[(start, end)]),
                    finding(Severity::Error, "y", &[(end, start)]),
                ];
                let html = marked(text, &all, Side::Target);
                let bare: String = html.split('<').map(|p| p.rsplit('>').next().unwrap()).collect();
                assert_eq!(bare, text);
            }
        }
    }
}
