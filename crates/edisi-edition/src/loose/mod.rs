//! Texts that belong to no article: what clients of a translation API send.
//!
//! [Plain text](Format::Text) keeps every line break and every gap between sentences. [HTML](Format::Html) keeps every
//! tag, attribute and comment as it was written; text and the attributes `alt` and `title` are translated, a sentence
//! with the elements in it as one. What asks not to be translated (`translate="no"`, `class="notranslate"`) and code
//! stay as they are. An element whose place in the translation is not clear encloses the whole sentence; none is
//! dropped.
//!
//! Nothing is checked here but what every edition is: a translation that cannot stand is a gap, and the original
//! sentence stands in its place.

mod html;
mod plain;
mod run;
#[cfg(test)]
mod tests;

use edisi_text::Lang;

use crate::pipeline::{Made, PipelineError};
use crate::router::Router;
use crate::translator::{Control, Pair};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Lines of text.
    #[default]
    Text,
    /// HTML: a page, or any part of one.
    Html,
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    /// The translation.
    pub text: String,
    /// Other translations, the likelier first; none of them equal to another.
    pub alternatives: Vec<String>,
    /// How many sentences there are in it.
    pub segments: usize,
    /// How many of them stand untranslated because no engine could.
    pub gaps: usize,
}

/// A text and its sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Unit {
    text: String,
    /// Bytes of `text`, in order, none blank; between them is white space only.
    segments: Vec<std::ops::Range<usize>>,
    /// Bytes of `text` that must stand in the translation as they are; each within one segment.
    keeps: Vec<std::ops::Range<usize>>,
}

/// A text taken apart: its units, and what is needed to put it together again.
enum Parsed<'a> {
    Plain(Unit),
    Html(html::Page<'a>),
}

impl Parsed<'_> {
    fn units(&self) -> &[Unit] {
        match self {
            Parsed::Plain(unit) => std::slice::from_ref(unit),
            Parsed::Html(page) => page.units(),
        }
    }

    fn segments(&self) -> usize {
        self.units().iter().map(|unit| unit.segments.len()).sum()
    }

    /// The text again, with a translation for each of its segments.
    fn written(&self, segments: &[Segment<'_>], pair: Pair) -> String {
        match self {
            Parsed::Plain(unit) => plain::write(unit, segments, pair.target),
            Parsed::Html(page) => page.write(segments, pair.target),
        }
    }
}

/// What stands for a segment, and how it is tied to the original.
#[derive(Clone, Copy)]
struct Segment<'a> {
    text: &'a str,
    made: &'a Made,
    /// Whether `text` is what the alignment of `made` is of.
    aligned: bool,
}

/// Translates texts, all side by side, by the route that `router` has for `pair`. With each come up to `alternatives`
/// other translations, where the engine followed more than one.
///
/// # Errors
/// When there is no route, an engine cannot work, or someone asked to stop.
pub fn translate(
    router: &Router,
    texts: &[&str],
    format: Format,
    pair: Pair,
    alternatives: usize,
    control: &Control<'_>,
) -> Result<Vec<Loose>, PipelineError> {
    if pair.source == pair.target {
        let same = |text: &&str| {
            let segments = parse(text, format, pair.source).segments();
            Loose { text: (*text).to_owned(), alternatives: Vec::new(), segments, gaps: 0 }
        };
        return Ok(texts.iter().map(same).collect());
    }
    let route = router.route(pair)?;
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text, format, pair.source)).collect();
    let made = run::run(router, &route, &run::tasks(&parsed), control)?;
    let mut made = &made[..];
    let mut results = Vec::with_capacity(texts.len());
    for parsed in &parsed {
        let (own, rest) = made.split_at(parsed.segments());
        made = rest;
        results.push(put_together(parsed, own, pair, alternatives));
    }
    Ok(results)
}

fn parse(text: &str, format: Format, lang: Lang) -> Parsed<'_> {
    match format {
        Format::Text => Parsed::Plain(plain::read(text, lang)),
        Format::Html => Parsed::Html(html::Page::read(text, lang)),
    }
}

fn put_together(parsed: &Parsed<'_>, made: &[Made], pair: Pair, alternatives: usize) -> Loose {
    let sources = parsed.units().iter().flat_map(|u| u.segments.iter().map(|s| &u.text[s.clone()]));
    let best: Vec<Segment<'_>> = made
        .iter()
        .zip(sources)
        .map(|(made, source)| match made.draft.failed {
            None => Segment { text: made.draft.text.trim(), made, aligned: true },
            Some(_) => Segment { text: source, made, aligned: false },
        })
        .collect();
    let text = parsed.written(&best, pair);
    let mut others: Vec<String> = Vec::new();
    let most = made.iter().map(|m| m.draft.alternatives.len()).max().unwrap_or_default();
    for rank in 0..most {
        if others.len() == alternatives {
            break;
        }
        let ranked: Vec<Segment<'_>> = best
            .iter()
            .map(|best| match best.made.draft.alternatives.get(rank) {
                Some(other) if best.made.draft.failed.is_none() && !other.text.trim().is_empty() => {
                    Segment { text: other.text.trim(), aligned: false, ..*best }
                }
                _ => *best,
            })
            .collect();
        let other = parsed.written(&ranked, pair);
        if other != text && !others.contains(&other) {
            others.push(other);
        }
    }
    let gaps = made.iter().filter(|m| m.draft.failed.is_some()).count();
    Loose { text, alternatives: others, segments: made.len(), gaps }
}

/// The text of HTML that a reader sees, white space single.
pub fn visible_text(html: &str) -> String {
    html::visible(html)
}
