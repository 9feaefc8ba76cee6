//! What elements do to a sentence.

/// Elements that end a sentence, also those of OpenDocument. What is not here stands within one.
#[rustfmt::skip]
const BLOCKS: [&str; 79] = [
    "address", "area", "article", "aside", "audio", "base", "blockquote", "body", "br", "button", "canvas", "caption",
    "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset", "figcaption",
    "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
    "hr", "html", "legend", "li", "link", "main", "menu", "meta", "nav", "office:annotation", "ol", "optgroup",
    "option", "p", "param", "picture", "pre", "script", "search", "section", "select", "slot", "source", "style", "summary", "table", "tbody",
    "td", "template", "text:h", "text:line-break", "text:p", "text:tab", "tfoot", "th", "thead", "title", "tr", "track", "ul",
];

/// Elements without an end.
#[rustfmt::skip]
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
];

/// Elements whose text is nothing to translate.
#[rustfmt::skip]
const KEPT: [&str; 16] = [
    "code", "kbd", "samp", "var", "tt", "svg", "math", "textarea", "iframe", "object", "canvas", "xmp", "noembed",
    "noframes", "noscript", "office:annotation",
];

/// The space of OpenDocument.
pub(super) fn is_space(name: &str) -> bool {
    name == "text:s"
}

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

pub(super) fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
}

#[test]
fn what_is_searched_is_sorted() {
    assert!(BLOCKS.is_sorted());
    assert!(VOID.iter().chain(&KEPT).all(|name| *name == name.to_ascii_lowercase()));
}
