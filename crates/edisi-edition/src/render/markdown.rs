//! Editions as Markdown (CommonMark with tables), with YAML front matter.

use edisi_article::BlockKind;
use serde_json::{Value, json};

use super::body::pictures_by_block;
use super::furniture::{Furniture, fill};
use super::inline::{Event, Span, events};
use super::page::named_version;
use super::view::{EditionView, Passage, is_web};

pub(super) fn edition(edition: &EditionView<'_>) -> String {
    let furniture = Furniture::of(edition.lang);
    let (story, article) = (edition.story, edition.story.article);
    let writer = Writer { not_translated: &furniture.story.not_translated };
    let mut parts = Vec::new();
    if let Some(title) = &edition.title {
        parts.push(format!("# {}", writer.line(title)));
    }
    let notice = &furniture.notice;
    let (label, sentences) = edition.disclosure(furniture);
    let original = story.original_href();
    let link = match original.is_empty() {
        true => String::new(),
        false => format!(
            " [{}]({})",
            escape(&furniture.about(&notice.read_original, story.lang)),
            destination(&original)
        ),
    };
    parts.push(format!("> **{}**: {}{link}", escape(&label), escape(&sentences.join(" "))));
    if let Some(description) = &edition.description {
        parts.push(format!("**{}**", writer.line(description)));
    }
    for (template, names) in
        [(&furniture.story.by, &article.byline), (&furniture.story.edited_by, &article.editors)]
    {
        if !names.is_empty() {
            parts.push(escape_line(&fill(template, "names", &furniture.list(names))));
        }
    }
    let placed = pictures_by_block(article);
    let mut loose = (0..article.images.len()).filter(|i| !placed.contains(&Some(*i)));
    parts.extend(loose.by_ref().find_map(|i| writer.picture(edition, i, None)));
    let mut at = 0;
    while at < article.blocks.len() {
        let kind = article.blocks[at].kind;
        let run = at + article.blocks[at..].iter().take_while(|b| b.kind == kind).count();
        let end = if matches!(kind, BlockKind::ListItem | BlockKind::TableRow) { run } else { at + 1 };
        let picture = placed[at].and_then(|i| writer.picture(edition, i, edition.blocks[at].first()));
        parts.push(picture.unwrap_or_else(|| writer.blocks(edition, kind, at, end)));
        at = end;
    }
    parts.extend(loose.filter_map(|i| writer.picture(edition, i, None)));
    if !article.credited_sources.is_empty() {
        parts.push(escape_line(&fill(
            &furniture.story.source,
            "names",
            &furniture.list(&article.credited_sources),
        )));
    }
    format!("{}\n{}\n", front_matter(edition), parts.join("\n\n"))
}

fn front_matter(edition: &EditionView<'_>) -> String {
    let (story, article) = (edition.story, edition.story.article);
    let versions: Value =
        story.versions.iter().map(|v| (v.lang.to_string(), json!(story.href(&v.file)))).collect();
    let fields = [
        ("title", json!(edition.title.as_ref().map(|t| &t.text))),
        ("description", json!(edition.description.as_ref().map(|t| &t.text))),
        ("language", json!(edition.lang)),
        ("authors", json!(article.byline)),
        ("published", json!(article.published)),
        ("modified", json!(article.modified)),
        ("section", json!(article.section)),
        ("machine_translated", json!(!edition.reviewed.is_all)),
        ("reviewed", json!(edition.reviewed.is_all)),
        ("reviewed_sentences", json!(edition.reviewed.sentences)),
        ("glossaries", edition.glossaries.iter().map(named_version).collect()),
        ("tier", json!(edition.tier)),
        ("engine", json!(edition.engine)),
        ("model", json!(edition.model)),
        ("original_language", json!(story.lang)),
        ("original", json!(Some(story.original_href()).filter(|o| !o.is_empty()))),
        ("original_revision", json!(story.revision)),
        ("untranslated_sentences", json!(edition.gaps())),
        ("versions", versions),
    ];
    // JSON values are YAML values.
    let lines: Vec<String> = fields
        .iter()
        .filter(|(_, v)| !v.is_null() && !v.as_array().is_some_and(Vec::is_empty))
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    format!("---\n{}\n---", lines.join("\n"))
}

struct Writer<'a> {
    not_translated: &'a str,
}

impl Writer<'_> {
    /// An image with its caption under it: `caption`, or its own.
    fn picture(&self, edition: &EditionView<'_>, image: usize, caption: Option<&Passage>) -> Option<String> {
        let url = Some(&edition.story.article.images[image].url).filter(|u| is_web(u))?;
        let texts = edition.images.get(image).cloned().unwrap_or_default();
        let alt = texts.alt.map(|a| escape(&a.text.replace('\n', " "))).unwrap_or_default();
        let caption = caption.or(texts.caption.as_ref()).map(|c| format!("\\\n{}", self.line(c)));
        Some(format!("![{alt}]({}){}", destination(url), caption.unwrap_or_default()))
    }

    /// The blocks `at..end` of one kind.
    fn blocks(&self, edition: &EditionView<'_>, kind: BlockKind, at: usize, end: usize) -> String {
        let blocks = &edition.story.article.blocks;
        let text = |i: usize| edition.blocks[i].iter().map(|p| self.inline(p)).collect::<Vec<_>>().join(" ");
        match kind {
            BlockKind::Paragraph => start_safe(text(at)),
            BlockKind::Caption => format!("*{}*", text(at).replace("\\\n", " ")),
            BlockKind::Heading => {
                let level = usize::from(blocks[at].level.clamp(2, 6));
                format!("{} {}", "#".repeat(level), text(at).replace("\\\n", " "))
            }
            BlockKind::Quote => format!("> {}", start_safe(text(at)).replace('\n', "\n> ")),
            BlockKind::ListItem => (at..end)
                .map(|i| {
                    let indent = "    ".repeat(usize::from(blocks[i].level.clamp(1, 6)) - 1);
                    let bullet = if blocks[i].ordered { "1." } else { "-" };
                    format!(
                        "{indent}{bullet} {}",
                        start_safe(text(i)).replace('\n', &format!("\n{indent}    "))
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
            BlockKind::TableRow => {
                let row = |i: usize| {
                    let cells: Vec<String> =
                        edition.blocks[i].iter().map(|p| self.inline(p).replace("\\\n", " ")).collect();
                    format!("| {} |", cells.join(" | "))
                };
                let columns = edition.blocks[at].len().max(1);
                let mut rows = vec![row(at), format!("|{}", " --- |".repeat(columns))];
                rows.extend((at + 1..end).map(row));
                rows.join("\n")
            }
            BlockKind::Preformatted => {
                let plain = edition.blocks[at].iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
                let ticks = plain.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1;
                format!("{0}\n{plain}\n{0}", "`".repeat(ticks))
            }
        }
    }

    /// On one line.
    fn line(&self, passage: &Passage) -> String {
        self.inline(passage).replace("\\\n", " ")
    }

    fn inline(&self, passage: &Passage) -> String {
        let mut out = String::with_capacity(passage.text.len() + 16);
        let mut code = 0;
        for event in events(passage) {
            match event {
                Event::Text(text) if code > 0 => out.push_str(&text.replace(['`', '\n'], " ")),
                Event::Text(text) => out.push_str(&escape(text).replace('\n', "\\\n")),
                Event::Start(Span::Gap) => out.push_str(&format!("\\[*{}*: ", escape(self.not_translated))),
                Event::End(Span::Gap) => out.push_str("\\]"),
                Event::Start(Span::Link(_)) if code == 0 => out.push('['),
                Event::End(Span::Link(href)) if code == 0 => {
                    out.push_str(&format!("]({})", destination(href)))
                }
                Event::Start(Span::Element("strong")) | Event::End(Span::Element("strong")) if code == 0 => {
                    out.push_str("**");
                }
                Event::Start(Span::Element("em")) | Event::End(Span::Element("em")) if code == 0 => {
                    out.push('*')
                }
                Event::Start(Span::Element("code")) => {
                    code += 1;
                    out.push_str(if code == 1 { "`" } else { "" });
                }
                Event::End(Span::Element("code")) => {
                    out.push_str(if code == 1 { "`" } else { "" });
                    code -= 1;
                }
                // Markdown has no marks for where a sentence is from (the front matter counts them), no superscripts
                // or subscripts, and no markup inside code.
                Event::Start(_) | Event::End(_) => {}
            }
        }
        out
    }
}

/// Escapes what Markdown would read as markup anywhere in a line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn escape_line(text: &str) -> String {
    start_safe(escape(text))
}

/// Escapes what Markdown would read as a heading, list or rule at the start of a block.
fn start_safe(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => Some(digits),
        Some(b'#' | b'-' | b'+' | b'=') if digits == 0 => Some(0),
        _ => None,
    };
    match marker {
        Some(at) => format!("{}\\{}", &text[..at], &text[at..]),
        None => text,
    }
}

/// An address as a link destination; it cannot end the link early.
fn destination(href: &str) -> String {
    format!(
        "<{}>",
        href.replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C").replace(['\n', '\r'], "")
    )
}
