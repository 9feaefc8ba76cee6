//! Articles as JSON lines, Markdown, plain text, HTML and ninjs.

use edisi_article::{Article, Block, BlockKind, escape_html};

use crate::ninjs as wire;

/// One line of JSON, without the line break; [`crate::extract_bytes`] reads it back.
pub fn json_line(article: &Article) -> String {
    serde_json::to_string(article).expect("an article has string keys only")
}

/// IPTC ninjs 3.1, indented. `uri` is the article's address, or the hash of its text where it has none; the
/// text is given as HTML and as plain text. ninjs has no place for findings, nor for who translated a text:
/// that a machine did is said by `digitalSourceType`.
pub fn ninjs(article: &Article) -> String {
    serde_json::to_string_pretty(&wire::write(article)).expect("ninjs has string keys only")
}

/// Plain text: headline, byline, an empty line between paragraphs.
pub fn text(article: &Article) -> String {
    let mut out = String::new();
    if let Some(title) = &article.title {
        out.push_str(title);
        out.push_str("\n\n");
    }
    if !article.byline.is_empty() {
        out.push_str(&article.byline.join(", "));
        out.push_str("\n\n");
    }
    out.push_str(&body(article));
    out.push('\n');
    out
}

/// The blocks as plain text, an empty line between them, none between the items of a list.
pub(crate) fn body(article: &Article) -> String {
    let mut out = String::new();
    let mut previous: Option<BlockKind> = None;
    for block in &article.blocks {
        let runs_on =
            matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow) && previous == Some(block.kind);
        if previous.is_some() {
            out.push_str(if runs_on { "\n" } else { "\n\n" });
        }
        if block.kind == BlockKind::ListItem {
            out.push_str(&"  ".repeat(usize::from(block.level.saturating_sub(1))));
            out.push_str("- ");
        }
        out.push_str(&block.text);
        previous = Some(block.kind);
    }
    out
}

/// The blocks as HTML elements.
pub(crate) fn html(article: &Article) -> String {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rows = false;
    for block in &article.blocks {
        let depth = if block.kind == BlockKind::ListItem { usize::from(block.level.clamp(1, 6)) } else { 0 };
        while open.len() > depth {
            out += &format!("</{}>", open.pop().expect("open is longer than depth"));
        }
        if rows && block.kind != BlockKind::TableRow {
            out.push_str("</table>");
            rows = false;
        }
        let inner = if block.html.is_empty() { escape_html(&block.text) } else { block.html.clone() };
        match block.kind {
            BlockKind::Paragraph => out.push_str(&format!("<p>{inner}</p>")),
            BlockKind::Heading => out.push_str(&format!("<h{0}>{inner}</h{0}>", block.level.clamp(2, 6))),
            BlockKind::Quote => out.push_str(&format!("<blockquote><p>{inner}</p></blockquote>")),
            BlockKind::Caption => out.push_str(&format!("<figure><figcaption>{inner}</figcaption></figure>")),
            BlockKind::Preformatted => out.push_str(&format!("<pre>{}</pre>", escape_html(&block.text))),
            BlockKind::TableRow => {
                if !rows {
                    out.push_str("<table>");
                    rows = true;
                }
                out.push_str("<tr>");
                for cell in block.text.split('\t') {
                    out += &format!("<td>{}</td>", escape_html(cell));
                }
                out.push_str("</tr>");
            }
            BlockKind::ListItem => {
                while open.len() < depth {
                    let list = if block.ordered { "ol" } else { "ul" };
                    out += &format!("<{list}>");
                    open.push(list);
                }
                out += &format!("<li>{inner}</li>");
            }
        }
    }
    if rows {
        out.push_str("</table>");
    }
    while let Some(list) = open.pop() {
        out += &format!("</{list}>");
    }
    out
}

/// Markdown with YAML front matter; [`crate::extract_bytes`] reads it back.
pub fn markdown(article: &Article) -> String {
    let mut out = front_matter(article);
    if let Some(title) = &article.title {
        out += &format!("# {}\n\n", escape(title));
    }
    let mut previous: Option<&Block> = None;
    for block in &article.blocks {
        let runs_on = previous.is_some_and(|p| {
            p.kind == block.kind && matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow)
        });
        if previous.is_some() {
            out.push_str(if runs_on { "\n" } else { "\n\n" });
        }
        let inner = || if block.html.is_empty() { escape(&block.text) } else { inline(&block.html) };
        match block.kind {
            BlockKind::Paragraph => out.push_str(&inner()),
            BlockKind::Heading => {
                out.push_str(&format!("{} {}", "#".repeat(usize::from(block.level.clamp(2, 6))), inner()))
            }
            BlockKind::Quote => out.push_str(&format!("> {}", inner().replace('\n', "\n> "))),
            BlockKind::ListItem => {
                let indent = "   ".repeat(usize::from(block.level.saturating_sub(1)));
                out += &format!("{indent}{} {}", if block.ordered { "1." } else { "-" }, inner());
            }
            BlockKind::TableRow => {
                let cells: Vec<String> =
                    block.text.split('\t').map(|c| escape(c).replace('|', "\\|")).collect();
                out += &format!("| {} |", cells.join(" | "));
                if !runs_on {
                    out += &format!("\n|{}", " --- |".repeat(cells.len()));
                }
            }
            BlockKind::Caption => out.push_str(&format!("*{}*", escape(&block.text))),
            BlockKind::Preformatted => {
                out.push_str(&format!("```\n{}\n```", block.text.replace("```", "'''")))
            }
        }
        previous = Some(block);
    }
    out.push('\n');
    out
}

fn front_matter(article: &Article) -> String {
    let mut out = String::from("---\n");
    // JSON strings are YAML strings.
    let quoted = |text: &str| serde_json::to_string(text).expect("a string");
    let mut one = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            out += &format!("{key}: {}\n", quoted(value));
        }
    };
    one("title", article.title.as_deref());
    one("description", article.description.as_deref());
    one("lang", article.language.map(|l| l.to_string()).as_deref());
    one("date", article.published.as_deref());
    one("modified", article.modified.as_deref());
    one("dateline", article.dateline.as_deref());
    one("site", article.site_name.as_deref());
    one("section", article.section.as_deref());
    one("url", article.url.as_deref());
    let mut list = |key: &str, values: &[String]| {
        if !values.is_empty() {
            out += &format!("{key}:\n");
            for value in values {
                out += &format!("  - {}\n", quoted(value));
            }
        }
    };
    list("author", &article.byline);
    list("editor", &article.editors);
    list("source", &article.credited_sources);
    list("tags", &article.keywords);
    if out == "---\n" { String::new() } else { out + "---\n\n" }
}

/// Inline mark-up of a block as Markdown.
fn inline(html: &str) -> String {
    let mut out = String::new();
    let mut links: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&escape(&unescape(&rest[..open])));
        let Some(close) = rest[open..].find('>').map(|c| open + c) else { break };
        let tag = &rest[open + 1..close];
        match tag.split_whitespace().next().unwrap_or_default().trim_end_matches('/') {
            "strong" | "/strong" | "b" | "/b" => out.push_str("**"),
            "em" | "/em" | "i" | "/i" => out.push('*'),
            "code" | "/code" => out.push('`'),
            "br" => out.push_str("\\\n"),
            "a" => {
                links.push(href(tag));
                out.push('[');
            }
            "/a" => out.push_str(&format!("](<{}>)", links.pop().unwrap_or_default())),
            "sub" => out.push_str("<sub>"),
            "/sub" => out.push_str("</sub>"),
            "sup" => out.push_str("<sup>"),
            "/sup" => out.push_str("</sup>"),
            _ => {}
        }
        rest = &rest[close + 1..];
    }
    out.push_str(&escape(&unescape(rest)));
    out
}

fn href(tag: &str) -> String {
    let value = tag.split_once("href=\"").and_then(|(_, v)| v.split_once('"')).map_or("", |(v, _)| v);
    unescape(value).replace('<', "%3C").replace('>', "%3E").replace(['\n', '\r'], "")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

/// Text that means itself in Markdown.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let first = at == 0;
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '^' => true,
            '#' | '>' | '+' | '-' | '|' | '=' => first,
            '&' => text[at..].split_once(';').is_some_and(|(e, _)| {
                e.len() < 10 && e[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
            }),
            // `1. ` and `1) ` start lists.
            '.' | ')' => {
                at > 0
                    && at < 10
                    && text[..at].bytes().all(|b| b.is_ascii_digit())
                    && text[at + 1..].starts_with(' ')
            }
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
