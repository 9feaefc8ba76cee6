//! Which format an input is in.

use std::sync::LazyLock;

use regex::Regex;

use crate::error::ErrorKind;

/// The formats Edisi reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A web page.
    Html,
    /// A text dump of a page, or plain text.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// ninjs 3.1, Edisi's own articles, or JSON Feed: one document, an array of them, or one a line.
    Json,
    /// RSS or Atom.
    Feed,
}

/// The `charset` of a content type.
pub(crate) fn charset(content_type: &str) -> Option<&str> {
    let (_, value) = content_type
        .split(';')
        .skip(1)
        .filter_map(|p| p.split_once('='))
        .find(|(k, _)| k.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Tells the format by content type, then by content, then by the ending of the name.
///
/// The content type of `text/plain` and the endings of names are believed only where the content agrees:
/// servers and people mix them up.
pub(crate) fn format(name: &str, content_type: Option<&str>, text: &str) -> Result<Format, ErrorKind> {
    let mime = content_type.map(|t| t.split(';').next().unwrap_or(t).trim().to_ascii_lowercase());
    let by_content = by_content(text);
    match mime.as_deref() {
        Some("text/html" | "application/xhtml+xml") if by_content != Some(Format::Feed) => {
            return Ok(Format::Html);
        }
        Some("text/markdown" | "text/x-markdown") => return Ok(Format::Markdown),
        Some(
            "application/json" | "application/feed+json" | "application/x-ndjson" | "application/ld+json",
        ) => return Ok(Format::Json),
        Some(mime)
            if ["image/", "audio/", "video/", "font/"].iter().any(|p| mime.starts_with(p))
                || mime == "application/pdf" =>
        {
            return Err(ErrorKind::UnsupportedFormat { what: mime.to_owned() });
        }
        _ => {}
    }
    if let Some(format) = by_content {
        return Ok(format);
    }
    let path = name.split(['?', '#']).next().unwrap_or(name);
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let ending = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    Ok(match ending.as_deref() {
        Some("html" | "htm" | "xhtml" | "shtml") => Format::Html,
        Some("md" | "markdown" | "mkd") => Format::Markdown,
        Some("json" | "jsonl" | "ndjson" | "ninjs") => Format::Json,
        Some("rss" | "atom" | "rdf") => Format::Feed,
        Some("xml") => {
            return Err(ErrorKind::UnsupportedFormat {
                what: root(text).map_or("this XML".to_owned(), |r| format!("XML with the root <{r}>")),
            });
        }
        Some(
            ending @ ("csv" | "tsv" | "yaml" | "yml" | "css" | "js" | "rtf" | "tex" | "srt" | "vtt" | "po"
            | "tmx" | "xlf" | "xliff"),
        ) => {
            return Err(ErrorKind::UnsupportedFormat { what: format!("a .{ending} file") });
        }
        Some("txt" | "text") => Format::Text,
        _ if looks_like_markdown(text) => Format::Markdown,
        _ => Format::Text,
    })
}

fn by_content(text: &str) -> Option<Format> {
    static HTML: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|p|h[1-6]|base|link|script|style|nav|header)[\s>/]").expect("a valid pattern")
    });
    static FEED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?is)^(?:<\?xml[^>]*>\s*)?(?:<\?xml-stylesheet[^>]*>\s*)*(?:<!--.*?-->\s*)*(?:<!doctype\s+rss[^>]*>\s*)?<(?:rss|feed|atom:feed|rdf:rdf)[\s>]").expect("a valid pattern")
    });
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head = &start[..start.floor_char_boundary(8192)];
    if FEED.is_match(head) {
        Some(Format::Feed)
    } else if HTML.is_match(head) {
        Some(Format::Html)
    } else if starts_as_json(start) {
        Some(Format::Json)
    } else {
        None
    }
}

/// `{ "`, `[{`, `[ "`…: what text and Markdown (`[link](…)`, `{{ template }}`) do not start with.
fn starts_as_json(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| !c.is_whitespace());
    matches!((chars.next(), chars.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | ']')))
}

/// The name of the root element.
fn root(text: &str) -> Option<&str> {
    static ROOT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<([A-Za-z][\w:.-]{0,60})").expect("a valid pattern"));
    Some(ROOT.captures(&text[..text.floor_char_boundary(8192)])?.get(1)?.as_str())
}

/// Front matter, or two marks that text copied from a page does not have.
fn looks_like_markdown(text: &str) -> bool {
    static MARKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?m)^#{1,6} \S|^(?:---|\+\+\+)\s*$|\]\((?:https?://|/|#)[^)\s]*\)|\*\*[^*\n]+\*\*|^> \S|^```",
        )
        .expect("a valid pattern")
    });
    static FRONT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^---\r?\n(?:[\w-]+:.*\r?\n)").expect("a valid pattern"));
    FRONT.is_match(text) || text.starts_with("# ") || MARKS.find_iter(text).take(2).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told() {
        for (name, mime, text, want) in [
            ("a.html", None, "<!DOCTYPE html><p>x", Format::Html),
            ("a.txt", None, "<!doctype html><p>x", Format::Html),
            ("a", Some("text/html; charset=utf-8"), "x", Format::Html),
            ("https://x.example/a?b=c.md", Some("text/html"), "x", Format::Html),
            ("a.xml", None, "<?xml version=\"1.0\"?>\n<!-- hi -->\n<rss version=\"2.0\">", Format::Feed),
            (
                "a",
                Some("text/html"),
                "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">",
                Format::Feed,
            ),
            ("a.json", None, "{\"uri\": 1}", Format::Json),
            ("-", None, "{ \"uri\": 1}", Format::Json),
            ("-", None, "# Judul\n\nIsi.", Format::Markdown),
            ("a.md", None, "Isi saja.", Format::Markdown),
            ("-", None, "---\ntitle: Judul\n---\nIsi.", Format::Markdown),
            ("a.txt", None, "Satu kalimat.", Format::Text),
            ("-", None, "[Foto: Antara] Satu kalimat.", Format::Text),
            ("-", Some("text/plain"), "Harga **naik** 3 persen.", Format::Text),
        ] {
            assert_eq!(format(name, mime, text), Ok(want), "{name} {mime:?} {text}");
        }
        assert_eq!(
            format("a.xml", None, "<?xml version=\"1.0\"?><newsItem>"),
            Err(ErrorKind::UnsupportedFormat { what: "XML with the root <newsItem>".to_owned() })
        );
        assert_eq!(charset("text/html; Charset=\"Shift_JIS\""), Some("Shift_JIS"));
    }
}
