//! Markdown → article. Front matter gives `title`, `author`, `date`, `lang` and the like.

use edisi_article::{Article, BlockKind};
use edisi_text::Lang;
use pulldown_cmark::{Options, Parser, html};

use crate::{date, news};

/// Reads Markdown; `None` when it has no text.
pub(crate) fn read(text: &str, base: Option<&str>, hint: Option<Lang>) -> Option<Article> {
    let (front, body) = front_matter(text);
    let mut page = String::new();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    html::push_html(&mut page, Parser::new_ext(body, options));
    let (blocks, images) = crate::html::fragment(&page, base);
    let mut article = Article { blocks, images, ..Article::default() };
    for (key, value) in front {
        fill(&mut article, key, value);
    }
    article.language =
        hint.or(article.language).or_else(|| edisi_text::detect(&article.body_text()).map(|(lang, _)| lang));
    let lang = article.language;
    article.published = article.published.and_then(|d| date::parse(&d, lang));
    article.modified = article.modified.and_then(|d| date::parse(&d, lang));
    // A first heading of the first level is the headline.
    if article.blocks.first().is_some_and(|b| b.kind == BlockKind::Heading && starts_with_title(body)) {
        let heading = article.blocks.remove(0);
        article.title.get_or_insert(heading.text);
    }
    news::filter_blocks(&mut article, hint);
    article.links = crate::html::links(&article.blocks);
    article.blocks.iter().any(|b| b.kind != BlockKind::Caption).then_some(article)
}

/// Whether the first block is written as a first-level heading: `# …`, or underlined with `=`.
fn starts_with_title(body: &str) -> bool {
    let mut lines = body.lines().skip_while(|l| l.trim().is_empty());
    let first = lines.next().unwrap_or_default().trim_start();
    let under = lines.next().unwrap_or_default().trim();
    (first.starts_with('#') && !first.starts_with("##"))
        || (!under.is_empty() && under.chars().all(|c| c == '='))
}

fn fill(article: &mut Article, key: &str, value: &str) {
    let one = || Some(scalar(value)).filter(|v| !v.is_empty());
    match key {
        "title" | "headline" => article.title = one(),
        "description" | "summary" | "excerpt" | "abstract" => article.description = one(),
        "author" | "authors" | "byline" => article.byline = list(value),
        "editor" | "editors" => article.editors = list(value),
        "source" | "sources" => article.credited_sources = list(value),
        "date" | "published" | "publishdate" | "pubdate" => article.published = one(),
        "modified" | "updated" | "lastmod" => article.modified = one(),
        "lang" | "language" | "locale" => article.language = scalar(value).parse().ok(),
        "url" | "canonical" | "link" | "permalink" => article.url = one(),
        "site" | "site_name" | "publication" => article.site_name = one(),
        "section" | "category" => article.section = one(),
        "tags" | "keywords" => article.keywords = list(value),
        "dateline" | "location" => article.dateline = one(),
        _ => {}
    }
}

/// The keys and values of YAML front matter (scalars and lists, all that pages use), and the text after it.
fn front_matter(text: &str) -> (Vec<(&str, &str)>, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let none = (Vec::new(), text);
    let Some(rest) = text.strip_prefix("---").and_then(|r| r.strip_prefix("\r\n").or(r.strip_prefix('\n')))
    else {
        return none;
    };
    let mut at = 0;
    let mut end = None;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            end = Some((at, at + line.len()));
            break;
        }
        at += line.len();
    }
    let Some((end, body)) = end else { return none };
    let mut fields = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    let front = &rest[..end];
    for line in front.split_inclusive('\n') {
        let starts_field = !line.starts_with([' ', '\t', '-', '#']) && line.contains(':');
        if starts_field {
            if let Some((key, from)) = open.take() {
                fields.push((key, front[from..at].trim()));
            }
            let (key, _) = line.split_once(':').expect("a colon was seen");
            open = Some((key.trim(), at + key.len() + 1));
        }
        at += line.len();
    }
    if let Some((key, from)) = open {
        fields.push((key, front[from..].trim()));
    }
    (fields, &rest[body..])
}

fn scalar(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            return if quote == '"' {
                inner.replace("\\\"", "\"").replace("\\\\", "\\")
            } else {
                inner.replace("''", "'")
            };
        }
    }
    edisi_text::clean::collapse_whitespace(
        value.split(" #").next().unwrap_or(value).trim_start_matches(['>', '|']),
    )
}

/// `[a, b]`, a list of `- item` lines, or one value.
fn list(value: &str) -> Vec<String> {
    let items: Vec<&str> = if let Some(inner) = value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        inner.split(',').collect()
    } else if value.trim_start().starts_with("- ") {
        value.lines().filter_map(|l| l.trim().strip_prefix("- ")).collect()
    } else {
        vec![value]
    };
    items.into_iter().map(scalar).filter(|i| !i.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_and_blocks() {
        let text = "---\ntitle: \"Jembatan: Dibuka Lagi\"\nauthor:\n  - Bimo Satrio\n  - Laras Ayu\ndate: 2025-02-03T10:20:00+07:00\nlang: id\ntags: [jembatan, 'jalan']\n---\n\n# Jembatan: Dibuka Lagi\n\nSUKAMAJU - Jembatan **tua** itu dibuka [lagi](https://warta.example/a) pada Senin.\n\n## Sejarah\n\n- Dibangun 1931\n- Diperbaiki 2025\n\n> Kami lega.\n";
        let a = read(text, None, None).unwrap();
        assert_eq!(a.title.as_deref(), Some("Jembatan: Dibuka Lagi"));
        assert_eq!(a.byline, ["Bimo Satrio", "Laras Ayu"]);
        assert_eq!(a.published.as_deref(), Some("2025-02-03T10:20:00+07:00"));
        assert_eq!(a.language, Some(Lang::ID));
        assert_eq!(a.keywords, ["jembatan", "jalan"]);
        assert_eq!(a.dateline.as_deref(), Some("SUKAMAJU"));
        let kinds: Vec<BlockKind> = a.blocks.iter().map(|b| b.kind).collect();
        assert_eq!(
            kinds,
            [
                BlockKind::Paragraph,
                BlockKind::Heading,
                BlockKind::ListItem,
                BlockKind::ListItem,
                BlockKind::Quote
            ]
        );
        assert!(
            a.blocks[0].html.contains("<strong>tua</strong>")
                && a.blocks[0].html.contains("href=\"https://warta.example/a\""),
            "{}",
            a.blocks[0].html
        );
        assert_eq!(a.links.len(), 1);
    }

    #[test]
    fn headline_and_plain_text() {
        let a = read(
            "Judul Berita\n============\n\nSatu paragraf tentang pasar yang dibuka lagi pada Senin.",
            None,
            Some(Lang::ID),
        )
        .unwrap();
        assert_eq!(a.title.as_deref(), Some("Judul Berita"));
        assert_eq!(a.blocks.len(), 1);
        assert!(read("---\ntitle: x\n---\n", None, None).is_none());
        assert_eq!(read("---\nno front matter, but a rule above.", None, None).unwrap().blocks.len(), 1);
    }
}
