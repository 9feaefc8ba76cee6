//! Pages that are broken, empty or meant to hurt.

use edisi_article::BlockKind;
use edisi_extract::html::{HtmlError, extract};
use proptest::prelude::*;

const STORY: &str = "<p>The river rose by two metres in one night, and the old bridge had to be closed to traffic.</p>\
    <p>Nobody was hurt, said the mayor, who thanked the fire brigade for its work in the dark.</p>";

fn paragraphs(html: &str) -> Vec<String> {
    let article = extract(html, None).unwrap_or_else(|e| panic!("{e}: {}", &html[..html.len().min(200)]));
    article.blocks.into_iter().filter(|b| b.kind == BlockKind::Paragraph).map(|b| b.text).collect()
}

#[test]
fn no_article_is_an_error() {
    let links: String =
        (0..200).map(|i| format!("<li><a href='/{i}'>Headline number {i} of the day</a></li>")).collect();
    for html in [
        "",
        " \n",
        "<html></html>",
        "<p>Short.</p>",
        "\0\0\0",
        &format!("<ul>{links}</ul>"),
        "<script>document.write('<p>The river rose by two metres in one night, and more text.</p>')</script>",
        "<form><input type=password><button>Log in to read the whole of this long story today</button></form>",
    ] {
        assert_eq!(extract(html, None), Err(HtmlError::NoArticle), "{}", &html[..html.len().min(80)]);
    }
}

#[test]
fn nesting_however_deep_is_survived() {
    const N: usize = 100_000;
    for (open, close) in
        [("<div>", "</div>"), ("<b>", ""), ("<table><tr><td>", ""), ("<p><i>", ""), ("<ul><li>", "</ul>")]
    {
        let html = format!("<body>{}{STORY}{}</body>", open.repeat(N), close.repeat(N));
        let article = extract(&html, None).unwrap_or_else(|e| panic!("{open}: {e}"));
        assert!(article.body_text().contains("thanked the fire brigade"), "{open}");
    }
}

#[test]
fn formatting_left_open_does_not_multiply() {
    // The standard reopens every one of these in each paragraph.
    let open: String = (0..2_000).map(|i| format!("<font size={i}>")).collect();
    let html = format!("<body>{open}{}", "<p>A sentence of some length, which is text.".repeat(8_000));
    assert!(matches!(extract(&html, None), Ok(_) | Err(HtmlError::TooLarge { .. })));
}

#[test]
fn large_pages_are_read_and_endless_ones_refused() {
    let page = format!("<article>{STORY}</article><script>{}</script>", "var a = '<p>';\n".repeat(500_000));
    assert_eq!(paragraphs(&page).len(), 2);
    let page = format!("<article>{STORY}</article>{}", "<br>".repeat(2_000_000));
    assert!(matches!(extract(&page, None), Err(HtmlError::TooLarge { .. })));
}

#[test]
fn what_readers_do_not_see_is_left_out() {
    let html = format!(
        "<body><article>{STORY}<p hidden>Hidden words that nobody reads, as a paragraph of its own.</p>\
         <div style='color:red; display : none'><p>Styled away, a paragraph that nobody reads at all.</p></div>\
         <template><p>A template is not text, however long the paragraph in it may be.</p></template>\
         <noscript><p>Please turn on JavaScript to see the comments of this long article.</p></noscript>\
         <p>The bridge opens again on Monday, <script>track()</script>weather permitting, the mayor said.</p></article>"
    );
    let found = paragraphs(&html);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(found[2], "The bridge opens again on Monday, weather permitting, the mayor said.");
}

#[test]
fn markup_that_is_kept_is_safe() {
    let html = format!(
        "<article>{STORY}<p onclick='x()'>See <a href=' java\tscript:alert(1)' onmouseover=x>this</a>, \
         <a href='/b\"><script>'>that</a> &lt;script&gt; <b style='x'>and <b>more</b></b> of <font color=red>it</font>, \
         <img src=x onerror=y><u>says</u> the report.</p></article>"
    );
    let article = extract(&html, Some("https://example.org/x/")).expect("an article");
    let block = article.blocks.last().expect("blocks");
    assert_eq!(block.text, "See this, that <script> and more of it, says the report.");
    assert_eq!(
        block.html,
        "See this, <a href=\"https://example.org/b%22%3E%3Cscript%3E\">that</a> &lt;script&gt; \
         <strong>and more</strong> of it, says the report."
    );
    assert_eq!(article.links.len(), 1);
}

/// The text a browser shows for a block's HTML, which must be the block's text.
fn shown(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let (tag, after) = rest[at..].split_once('>').expect("a tag ends");
        if tag == "<br" {
            out.push('\n');
        }
        rest = after;
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<p>", "</p>", "<div class='article-body'>", "</div>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>",
            "<ol>", "<li>", "</ul>", "<b>", "</b>", "<i>", "<a href='/x?a=1&b'>", "<a href=\"javascript:x\">", "</a>", "<br>",
            "<br/>", "<h1>", "<h2>", "</h2>", "<pre>", "</pre>", "<code>", "<figure>", "<img data-src='/p.jpg' alt='p'>",
            "<figcaption>", "</figure>", "<blockquote>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "<svg>",
            "<template>", "<select><option>", "</body>", "<html lang='id'>", "<meta property='og:title' content='A title here'>",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2024-01-01T00:00\"}</script>",
            "<time datetime='2024-01-01T10:00+07:00'>", "<sup>", "<style>", "<title>", "<frameset>", "<base href='//x'>",
        ])
        .prop_map(str::to_owned),
        Just("Sebuah kalimat yang cukup panjang, dengan koma, supaya terbaca sebagai berita. ".to_owned()),
        "[ -~é中ا\u{200b}\u{ad}\n\t]{0,30}",
    ];
    prop::collection::vec(piece, 0..120).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn soup_is_survived_and_markup_is_the_text(html in soup()) {
        if let Ok(article) = extract(&html, Some("https://example.id/a")) {
            for block in &article.blocks {
                let want = shown(&block.html);
                prop_assert!(want == block.text || want.replace('\n', " ") == block.text, "{block:?}");
                prop_assert!(!block.text.is_empty());
            }
        }
    }
}
