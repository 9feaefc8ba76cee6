//! The last look at markup before it is sent out.
//!
//! What the renderer writes is safe by itself: it makes every element anew from a list it knows. Stored stories outlive
//! programs, though, and so all markup of theirs is cleaned once more here.

use std::sync::LazyLock;

use ammonia::Builder;

static PAGE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = basic();
    builder
        .add_tags(["span"])
        .add_generic_attributes(["lang", "dir", "id"])
        .add_tag_attributes("span", ["data-reviewed", "data-adapted"])
        .add_allowed_classes("span", ["gap", "gap-label"]);
    builder
});

static FEED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = basic();
    builder.add_tags(["span"]).add_generic_attributes(["lang", "dir"]);
    builder
});

fn basic() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .add_tags([
            "p",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "li",
            "blockquote",
            "table",
            "tbody",
            "tr",
            "td",
            "pre",
            "a",
            "strong",
            "em",
            "code",
            "sub",
            "sup",
            "br",
        ])
        .clean_content_tags(["script", "style"].into())
        .add_tag_attributes("a", ["href"])
        .add_url_schemes(["http", "https", "mailto"])
        .link_rel(None);
    builder
}

/// Markup of a story for a page.
pub fn for_page(html: &str) -> String {
    clean(&PAGE, html)
}

/// Markup of a story for feeds: without what only our own pages use.
pub fn for_feed(html: &str) -> String {
    clean(&FEED, html)
}

fn clean(builder: &Builder<'_>, html: &str) -> String {
    // Text without markup need not be parsed.
    if !html.contains('<') && !html.contains('\0') {
        return html.to_owned();
    }
    builder.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_renderer_writes_stays() {
        let html = "Port <a href=\"https://a.example/?a=1&amp;b=2\">opens</a>. <span class=\"gap-label\">x</span> \
                    <span class=\"gap\" lang=\"id\" dir=\"ltr\"><em>Kapal.</em></span><br>\
                    <span data-reviewed=\"2026-11-02\">One.</span>";
        assert_eq!(for_page(html), html);
        let list = "<ul><li id=\"b2\">a<ol><li id=\"b3\">b</li></ol></li></ul>";
        assert_eq!(for_page(list), list);
        assert_eq!(for_feed(list), "<ul><li>a<ol><li>b</li></ol></li></ul>");
    }

    #[test]
    fn what_could_run_goes() {
        for html in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<iframe src=\"https://a.example\"></iframe>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<span style=\"position:fixed\" class=\"notice\">x</span>",
            "<p onclick=alert(1)>x</p>",
            "<form action=x><input name=y></form>",
            "<base href=\"https://evil.example\">",
            "<style>body{display:none}</style>",
        ] {
            for clean in [for_page(html), for_feed(html)] {
                let low = clean.to_lowercase();
                for bad in [
                    "alert",
                    "javascript",
                    "data:text",
                    "<img",
                    "<svg",
                    "<iframe",
                    "style",
                    "<form",
                    "<base",
                    "notice",
                ] {
                    assert!(!low.contains(bad), "{html} became {clean}");
                }
            }
        }
    }
}
