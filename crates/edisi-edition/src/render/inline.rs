//! Passages as a stream of text and markup, and as HTML.

use std::ops::Range;

use edisi_article::escape_html;
use edisi_text::Lang;

use super::view::{Passage, Remembered, is_web};
use crate::markup::Inline;
use crate::recall::Reuse;

/// How a sentence left in the original language is marked.
pub(super) struct GapStyle<'a> {
    /// The language of the original.
    pub lang: Lang,
    /// The label in front of it, in the language of the edition.
    pub label: &'a str,
}

/// Something around a part of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span<'a> {
    /// A sentence left in the original language.
    Gap,
    /// A sentence from the memory.
    Remembered(&'a Remembered),
    /// A link to an address of the web or of a mailbox.
    Link(&'a str),
    /// `strong`, `em`, `code`, `sub` or `sup`.
    Element(&'a str),
}

/// A piece of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    Start(Span<'a>),
    End(Span<'a>),
    Text(&'a str),
}

/// The passage in reading order. Starts and ends nest; markup that does not, or is not known, is left out.
pub(super) fn events(passage: &Passage) -> Vec<Event<'_>> {
    let text = passage.text.as_str();
    let mut spans: Vec<(Range<usize>, Span<'_>)> =
        passage.gaps.iter().map(|r| (r.clone(), Span::Gap)).collect();
    // Where a link or emphasis goes beyond a sentence, it stays and the sentence is not marked.
    let crossed = |r: &Range<usize>| {
        passage.markup.iter().any(|m| {
            let meet = m.range.start < r.end && r.start < m.range.end;
            meet && (m.range.start < r.start || m.range.end > r.end)
        })
    };
    let remembered = passage.remembered.iter().filter(|(r, _)| !crossed(r));
    spans.extend(remembered.map(|(r, from)| (r.clone(), Span::Remembered(from))));
    spans.extend(passage.markup.iter().filter_map(|m| Some((m.range.clone(), span(m)?))));
    spans.retain(|(r, _)| r.start < r.end && text.get(r.clone()).is_some());
    // A stable sort, so that a sentence encloses markup of the same extent.
    spans.sort_by_key(|(r, _)| (r.start, usize::MAX - r.end));
    let mut walk = Walk { text, at: 0, open: Vec::new(), out: Vec::with_capacity(3 * spans.len() + 1) };
    for (range, span) in spans {
        walk.close_until(range.start);
        if walk.open.last().is_none_or(|(end, _)| range.end <= *end) {
            walk.text_until(range.start);
            walk.out.push(Event::Start(span));
            walk.open.push((range.end, span));
        }
    }
    walk.close_until(text.len());
    walk.text_until(text.len());
    walk.out
}

fn span(markup: &Inline) -> Option<Span<'_>> {
    match (markup.tag, markup.href.as_deref()) {
        ("a", Some(href)) if is_web(href) || is_mailbox(href) => Some(Span::Link(href)),
        (tag @ ("strong" | "em" | "code" | "sub" | "sup"), _) => Some(Span::Element(tag)),
        _ => None,
    }
}

fn is_mailbox(href: &str) -> bool {
    href.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("mailto:")) && !href.contains(char::is_whitespace)
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    open: Vec<(usize, Span<'a>)>,
    out: Vec<Event<'a>>,
}

impl Walk<'_> {
    fn text_until(&mut self, end: usize) {
        if self.at < end {
            self.out.push(Event::Text(&self.text[self.at..end]));
            self.at = end;
        }
    }

    fn close_until(&mut self, limit: usize) {
        while let Some((end, span)) = self.open.pop_if(|(end, _)| *end <= limit) {
            self.text_until(end);
            self.out.push(Event::End(span));
        }
    }
}

/// The passage as HTML: markup as elements, gaps as labelled spans with their language and direction.
pub(super) fn html(passage: &Passage, gap: &GapStyle<'_>) -> String {
    let mut out = String::with_capacity(passage.text.len() + 64);
    for event in events(passage) {
        match event {
            Event::Text(text) => out.push_str(&escape_html(text).replace('\n', "<br>")),
            Event::Start(Span::Gap) => {
                let (label, dir) = (escape_html(gap.label), direction(gap.lang));
                out.push_str(&format!("<span class=\"gap-label\">{label}</span> "));
                out.push_str(&format!("<span class=\"gap\" lang=\"{}\" dir=\"{dir}\">", gap.lang));
            }
            Event::Start(Span::Remembered(from)) => {
                let how = if from.reuse == Reuse::Reviewed { "reviewed" } else { "adapted" };
                out.push_str(&format!("<span data-{how}=\"{}\">", escape_html(&from.date)));
            }
            Event::Start(Span::Link(href)) => out.push_str(&format!("<a href=\"{}\">", escape_html(href))),
            Event::Start(Span::Element(tag)) => out.push_str(&format!("<{tag}>")),
            Event::End(Span::Gap | Span::Remembered(_)) => out.push_str("</span>"),
            Event::End(Span::Link(_)) => out.push_str("</a>"),
            Event::End(Span::Element(tag)) => out.push_str(&format!("</{tag}>")),
        }
    }
    out
}

/// `ltr` or `rtl`.
pub(super) fn direction(lang: Lang) -> &'static str {
    if lang.is_rtl() { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(tag: &'static str, href: Option<&str>, range: Range<usize>) -> Inline {
        Inline { tag, href: href.map(str::to_owned), range }
    }

    fn render(passage: &Passage) -> String {
        html(passage, &GapStyle { lang: Lang::ID, label: "Not translated" })
    }

    #[test]
    fn markup_nests_and_text_is_escaped() {
        let passage = Passage {
            text: "Tom & <b>Jerry</b> ran".into(),
            markup: vec![
                span("strong", None, 0..5),
                span("a", Some("https://example.org/?a=1&b=\"2\""), 0..3),
            ],
            ..Passage::default()
        };
        assert_eq!(
            render(&passage),
            "<strong><a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\">Tom</a> &amp;</strong> \
             &lt;b&gt;Jerry&lt;/b&gt; ran"
        );
    }

    #[test]
    fn a_gap_is_labelled_and_keeps_its_markup() {
        let passage = Passage {
            text: "One. Dua. Three.".into(),
            markup: vec![span("em", None, 5..9)],
            gaps: std::iter::once(5..9).collect(),
            ..Passage::default()
        };
        assert_eq!(
            render(&passage),
            "One. <span class=\"gap-label\">Not translated</span> \
             <span class=\"gap\" lang=\"id\" dir=\"ltr\"><em>Dua.</em></span> Three."
        );
    }

    #[test]
    fn sentences_from_the_memory_are_marked() {
        let from = |reuse| Remembered { reuse, date: "2026-11-02".into() };
        let mut passage = Passage {
            text: "One. Two. Three.".into(),
            markup: vec![span("em", None, 5..9)],
            remembered: vec![(0..4, from(Reuse::Reviewed)), (5..9, from(Reuse::Adapted))],
            ..Passage::default()
        };
        assert_eq!(
            render(&passage),
            "<span data-reviewed=\"2026-11-02\">One.</span> <span data-adapted=\"2026-11-02\"><em>Two.</em></span> Three."
        );
        passage.markup[0].range = 2..9;
        assert_eq!(
            render(&passage),
            "On<em>e. Two.</em> Three.",
            "a link or emphasis across sentences is not given up"
        );
    }

    #[test]
    fn what_cannot_be_trusted_is_left_out() {
        let passage = Passage {
            text: "é abc".into(),
            markup: vec![
                span("a", Some("javascript:alert(1)"), 0..2),
                span("script", None, 3..6),
                span("em", None, 1..3),
                span("em", None, 3..99),
                span("strong", None, 0..4),
                span("em", None, 3..6),
            ],
            ..Passage::default()
        };
        assert_eq!(render(&passage), "<strong>é a</strong>bc");
    }
}
