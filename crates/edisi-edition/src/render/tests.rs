use std::collections::{BTreeMap, BTreeSet};

use edisi_article::{Article, Block, BlockKind, Finding, FindingKind, Image, Severity};
use edisi_text::Lang;
use serde_json::Value;

use super::*;
use crate::markup::Inline;
use crate::translator::Tier;

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>{{ 917*13 }}";

fn block(kind: BlockKind, level: u8, text: &str) -> Block {
    Block { level, ..Block::plain(kind, text) }
}

fn article(title: &str) -> Article {
    Article {
        url: Some("https://berita.example/pelabuhan-buka".into()),
        title: Some(title.into()),
        description: Some("Kapal mulai bersandar.".into()),
        byline: vec!["Sari Wulandari".into(), "Budi".into()],
        site_name: Some("Kabar Pesisir".into()),
        section: Some("Ekonomi".into()),
        keywords: vec!["pelabuhan".into()],
        dateline: Some("MAKASSAR".into()),
        credited_sources: vec!["Antara".into()],
        published: Some("2022-01-08T10:30:00+07:00".into()),
        language: Some(Lang::ID),
        blocks: vec![
            Block {
                html: "Pelabuhan <a href=\"https://berita.example/p\">dibuka</a>. Kapal datang.".into(),
                ..Block::plain(BlockKind::Paragraph, "Pelabuhan dibuka. Kapal datang.")
            },
            block(BlockKind::Heading, 3, "Angka"),
            block(BlockKind::ListItem, 1, "satu"),
            block(BlockKind::ListItem, 2, "satu satu"),
            block(BlockKind::ListItem, 9, "terlalu dalam"),
            Block { ordered: true, ..block(BlockKind::ListItem, 1, "pertama") },
            block(BlockKind::Quote, 0, "Kami senang."),
            block(BlockKind::TableRow, 0, "Kota\tKapal"),
            block(BlockKind::TableRow, 0, "Makassar\t12"),
            block(BlockKind::Preformatted, 0, "a\n  b"),
            block(BlockKind::Caption, 0, "Dermaga. Foto: Antara"),
            block(BlockKind::Paragraph, 0, HOSTILE),
        ],
        images: vec![
            Image {
                url: "https://berita.example/1.jpg".into(),
                alt: Some("Dermaga".into()),
                ..Image::default()
            },
            Image {
                url: "https://berita.example/2.jpg".into(),
                caption: Some("Dermaga.".into()),
                credit: Some("Antara".into()),
                ..Image::default()
            },
            Image { url: "javascript:alert(1)".into(), ..Image::default() },
        ],
        ..Article::default()
    }
}

fn versions(title: &str) -> Vec<Version> {
    [Lang::ID, Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR, Lang::PT]
        .map(|lang| Version { lang, file: format!("{lang}.html"), title: Some(format!("{title} {lang}")) })
        .into()
}

fn story<'a>(article: &'a Article, versions: &'a [Version]) -> Story<'a> {
    Story {
        article,
        lang: Lang::ID,
        revision: "0123456789abcdef0123456789abcdef",
        base_url: Some("https://edisi.example/pelabuhan/"),
        index_file: "index.html",
        versions,
    }
}

fn passage(text: &str) -> Passage {
    Passage::plain(format!("«{text}»"))
}

fn edition<'a>(story: &'a Story<'a>, lang: Lang, findings: &'a [Finding]) -> EditionView<'a> {
    let mut blocks: Vec<Vec<Passage>> =
        story.article.blocks.iter().map(|b| b.text.split('\t').map(passage).collect()).collect();
    blocks[0] = vec![Passage {
        text: "The port opens. Kapal datang.".into(),
        markup: vec![Inline { tag: "a", href: Some("https://berita.example/p".into()), range: 9..14 }],
        gaps: std::iter::once(16..29).collect(),
    }];
    let images = story
        .article
        .images
        .iter()
        .map(|i| ImageTexts {
            caption: i.caption.as_deref().map(passage),
            alt: i.alt.as_deref().map(passage),
        })
        .collect();
    EditionView {
        story,
        lang,
        title: story.article.title.as_deref().map(passage),
        description: story.article.description.as_deref().map(passage),
        blocks,
        images,
        findings,
        engine: "edisi-llm",
        model: "model <x>",
        tier: Tier::Draft,
    }
}

fn findings() -> Vec<Finding> {
    let mut one = Finding::new(FindingKind::NumberMissing, Severity::Error, "12 is missing");
    (one.block, one.expected) = (Some(8), Some("12".into()));
    vec![one, Finding::new(FindingKind::RepeatedPhrase, Severity::Warning, HOSTILE)]
}

/// Elements of a page in order: name and attributes. Panics where tags do not balance or an attribute is
/// not quoted, which is stricter than HTML.
fn elements(html: &str) -> Vec<(String, BTreeMap<String, String>)> {
    const VOID: [&str; 5] = ["meta", "link", "img", "br", "hr"];
    let (mut out, mut open) = (Vec::new(), Vec::<String>::new());
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = tag_end(rest);
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "unbalanced at {:.80}", rest);
            continue;
        }
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "a bare < before {tag:.60}");
        out.push((name.clone(), attributes(&tag[name.len()..])));
        if name == "script" || name == "style" {
            rest = &rest[rest.find(&format!("</{name}")).expect("an end")..];
        }
        if !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    out
}

fn tag_end(rest: &str) -> usize {
    let mut quoted = false;
    rest.bytes()
        .position(|b| {
            quoted ^= b == b'"';
            b == b'>' && !quoted
        })
        .expect("a tag that ends")
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect("a closing quotation mark");
        assert!(out.insert(name.trim().to_owned(), value.to_owned()).is_none(), "{name} twice");
        rest = after;
    }
    assert!(rest.trim().is_empty(), "an attribute without a quoted value: {rest}");
    out
}

fn all_pages(title: &str) -> Vec<(String, String)> {
    let (article, versions) = (article(title), versions(title));
    let story = story(&article, &versions);
    let (renderer, findings) = (Renderer::new().unwrap(), findings());
    let mut out = vec![
        ("index.html".to_owned(), renderer.index(&story).unwrap()),
        ("id.html".to_owned(), renderer.original(&story).unwrap()),
    ];
    for version in &versions[1..] {
        let page = renderer.edition(&edition(&story, version.lang, &findings)).unwrap();
        out.push((version.file.clone(), page));
    }
    out
}

#[test]
fn pages_are_well_formed_and_hostile_text_stays_text() {
    for (file, page) in all_pages(HOSTILE) {
        let elements = elements(&page);
        for (name, attributes) in &elements {
            assert!(attributes.keys().all(|k| !k.starts_with("on")), "{file}: {attributes:?}");
            for key in ["href", "src"] {
                let value = attributes.get(key).map_or("", String::as_str);
                assert!(!value.to_lowercase().contains("javascript:"), "{file}: <{name} {key}={value}>");
            }
            assert!(name != "script" || attributes["type"] == "application/ld+json", "{file}");
        }
        assert!(elements.iter().filter(|(n, _)| n == "h1").count() == 1, "{file} has one headline");
        assert!(!page.contains("11921"), "{file}: text was run as a template");
        assert!(page.contains("{{ 917*13 }}") || file == "index.html");
    }
}

#[test]
fn language_and_direction_are_declared() {
    for (file, page) in all_pages("Pelabuhan buka") {
        let html = &elements(&page)[0];
        assert_eq!(html.0, "html");
        let lang = if file == "index.html" { "id" } else { file.trim_end_matches(".html") };
        assert_eq!(html.1["lang"], lang);
        assert_eq!(html.1["dir"], if lang == "ar" { "rtl" } else { "ltr" });
    }
}

#[test]
fn all_versions_name_each_other_and_themselves() {
    let pages = all_pages("Pelabuhan buka");
    let links = |page: &str| -> BTreeSet<(String, String)> {
        elements(page)
            .into_iter()
            .filter(|(name, a)| name == "link" && a.get("rel").is_some_and(|r| r == "alternate"))
            .map(|(_, a)| (a["hreflang"].clone(), a["href"].clone()))
            .collect()
    };
    let first = links(&pages[0].1);
    assert_eq!(first.len(), 8);
    assert!(first.contains(&("x-default".into(), "https://edisi.example/pelabuhan/index.html".into())));
    for (file, page) in &pages {
        assert_eq!(links(page), first, "{file}");
        let own = format!("https://edisi.example/pelabuhan/{file}");
        assert!(first.iter().any(|(_, href)| *href == own), "{file} does not list itself");
        let canonical =
            elements(page).into_iter().find(|(_, a)| a.get("rel").is_some_and(|r| r == "canonical"));
        let want = if file == "id.html" { "https://berita.example/pelabuhan-buka" } else { &own };
        assert_eq!(canonical.unwrap().1["href"], want, "{file}");
    }
}

#[test]
fn without_a_base_links_are_relative() {
    let (article, versions) = (article("Pelabuhan buka"), versions("Pelabuhan buka"));
    let story = Story { base_url: None, ..story(&article, &versions) };
    let page = Renderer::new().unwrap().edition(&edition(&story, Lang::FR, &[])).unwrap();
    assert!(page.contains("<link rel=\"alternate\" hreflang=\"zh-Hans\" href=\"zh-Hans.html\">"));
    assert!(!page.contains("og:url"));
}

#[test]
fn editions_tell_at_top_and_foot_what_they_are() {
    for (file, page) in all_pages("Pelabuhan buka") {
        let notices = elements(&page).iter().filter(|(n, a)| n == "aside" && a["class"] == "notice").count();
        let is_edition = !matches!(file.as_str(), "index.html" | "id.html");
        assert_eq!(notices, if is_edition { 2 } else { 0 }, "{file}");
        if is_edition {
            let first = page.find("<aside").unwrap();
            assert!(
                first < page.find("<h1").unwrap()
                    && page.rfind("<aside").unwrap() > page.find("</article>").unwrap()
            );
            assert!(page.matches("href=\"https://berita.example/pelabuhan-buka\"").count() >= 2, "{file}");
        }
    }
}

#[test]
fn gaps_findings_and_structure_are_visible() {
    let (article, versions, findings) = (article("Pelabuhan buka"), versions("x"), findings());
    let story = story(&article, &versions);
    let page = Renderer::new().unwrap().edition(&edition(&story, Lang::EN, &findings)).unwrap();
    for want in [
        "The port <a href=\"https://berita.example/p\">opens</a>. <span class=\"gap-label\">Not translated</span> \
         <span class=\"gap\" lang=\"id\" dir=\"ltr\">Kapal datang.</span>",
        "<ul><li id=\"b2\">«satu»<ul><li id=\"b3\">«satu satu»<ul><li id=\"b4\">«terlalu dalam»</li></ul></li></ul></li></ul>\
         <ol><li id=\"b5\">«pertama»</li></ol>",
        "<h3 id=\"b1\">«Angka»</h3>",
        "<blockquote>",
        "<tr id=\"b8\"><td>«Makassar»</td><td>«12»</td></tr>",
        "<pre id=\"b9\">«a\n  b»</pre>",
        "<time datetime=\"2022-01-08T10:30:00+07:00\">January 8, 2022 at 10:30\u{202f}AM GMT+7</time>",
        "By Sari Wulandari, Budi",
        "<a href=\"#b8\">A number of the original is missing</a>",
        "Sentences left in the original language: 1",
        "Translated by edisi-llm, model model &lt;x&gt; (draft quality)",
        "Made from revision 0123456789ab of the original",
        "https://berita.example/1.jpg\" alt=\"«Dermaga»\" referrerpolicy",
        "<figure id=\"b10\">",
    ] {
        assert!(page.contains(want), "no {want}\nin {page}");
    }
    assert_eq!(page.matches("2.jpg").count(), 2, "in the text and in the data for search engines");
}

#[test]
fn structured_data_ties_original_and_editions_together() {
    let pages: BTreeMap<String, String> = all_pages(HOSTILE).into_iter().collect();
    let data = |file: &str| -> Value {
        let page = &pages[file];
        let start = page.find("ld+json\">").unwrap() + "ld+json\">".len();
        serde_json::from_str(&page[start..start + page[start..].find("</script>").unwrap()]).unwrap()
    };
    let (original, edition) = (data("id.html"), data("ja.html"));
    assert_eq!(original["@type"], "NewsArticle");
    assert_eq!(original["headline"], HOSTILE);
    assert_eq!(original["workTranslation"].as_array().unwrap().len(), 6);
    assert_eq!(original["@id"], edition["translationOfWork"]["@id"]);
    assert_eq!(edition["inLanguage"], "ja");
    assert_eq!(edition["digitalSourceType"], "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
    assert!(edition["translator"]["name"].as_str().unwrap().contains("edisi-llm"));
    let listed = original["workTranslation"].as_array().unwrap();
    assert!(listed.iter().any(|w| w["@id"] == edition["@id"]));
}

#[test]
fn markdown_keeps_structure_and_escapes() {
    let (article, versions) = (article("# *Bukan* tajuk"), versions("x"));
    let story = story(&article, &versions);
    let text = edition(&story, Lang::EN, &[]).markdown().unwrap();
    let (head, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    for want in
        ["title: \"«# *Bukan* tajuk»\"", "language: \"en\"", "machine_translated: true", "tier: \"draft\""]
    {
        assert!(head.contains(want), "{head}");
    }
    for want in [
        "# «# \\*Bukan\\* tajuk»",
        "The port [opens](<https://berita.example/p>). \\[*Not translated*: Kapal datang.\\]",
        "- «satu»\n    - «satu satu»",
        "| «Kota» | «Kapal» |\n| --- | --- |\n| «Makassar» | «12» |",
        "```\n«a\n  b»\n```",
        "> «Kami senang.»",
        "\\<script\\>",
    ] {
        assert!(body.contains(want), "no {want}\nin {body}");
    }
}

/// The properties ninjs 3.1 knows, for what Edisi writes: the schema allows no others.
fn allowed(path: &str) -> &'static [&'static str] {
    match path {
        "" => &[
            "standard",
            "uri",
            "type",
            "representationType",
            "language",
            "version",
            "contentCreated",
            "title",
            "headlines",
            "descriptions",
            "bodies",
            "by",
            "located",
            "digitalSourceType",
            "edNote",
            "altIds",
            "subjects",
            "infoSources",
            "associations",
        ],
        "associations" => {
            &["name", "rel", "uri", "type", "language", "headlines", "descriptions", "by", "renditions"]
        }
        "standard" => &["name", "version", "schema"],
        "headlines" | "descriptions" | "bodies" => &["role", "contentType", "value"],
        "digitalSourceType" => &["name", "uri", "literal"],
        "altIds" => &["role", "value"],
        "subjects" => &["name", "rel", "uri", "literal", "creator", "relevance", "confidence"],
        "infoSources" => &["name", "role", "uri", "literal", "contactInfo"],
        "renditions" => &["name", "href"],
        _ => panic!("no object at {path}"),
    }
}

fn check_ninjs(value: &Value, path: &str) {
    for (key, value) in value.as_object().unwrap() {
        assert!(allowed(path).contains(&key.as_str()), "{path} has no {key}");
        match value {
            Value::Array(items) => items.iter().for_each(|i| check_ninjs(i, key)),
            Value::Object(_) => check_ninjs(value, key),
            Value::String(text) if matches!(key.as_str(), "uri" | "href" | "schema") => {
                assert!(text.is_ascii() && text.contains(':') && !text.contains(' '), "{text}");
            }
            other => assert!(other.is_string(), "{path}.{key}: {other}"),
        }
    }
}

#[test]
fn ninjs_has_only_what_the_schema_knows() {
    for base_url in [None, Some("https://edisi.example/a b/é")] {
        let (article, versions, findings) = (article(HOSTILE), versions("x"), findings());
        let story = Story { base_url, ..story(&article, &versions) };
        let item = edition(&story, Lang::AR, &findings).ninjs().unwrap();
        check_ninjs(&item, "");
        assert_eq!(item["language"], "ar");
        assert_eq!(
            item["digitalSourceType"]["uri"],
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        );
        let associated = item["associations"].as_array().unwrap();
        let original = associated.iter().find(|a| a["rel"] == "translationOf").unwrap();
        assert_eq!(original["uri"], "https://berita.example/pelabuhan-buka");
        assert_eq!(associated.iter().filter(|a| a["rel"] == "translation").count(), 5);
        assert!(item["edNote"].as_str().unwrap().contains("1 sentences left in id; 2 findings"));
        assert!(!item["bodies"][0]["value"].as_str().unwrap().contains("<script"));
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (article, versions) = (article("x"), versions("x"));
    let whole = story(&article, &versions);
    let renderer = Renderer::new().unwrap();
    let mut short = edition(&whole, Lang::EN, &[]);
    short.blocks.pop();
    assert!(matches!(renderer.edition(&short), Err(RenderError::Blocks { expected: 12, found: 11 })));
    assert!(short.markdown().is_err() && short.ninjs().is_err());
    let without = Story { versions: &versions[2..], ..story(&article, &versions) };
    assert!(matches!(
        renderer.edition(&edition(&without, Lang::JA, &[])),
        Err(RenderError::NotListed(Lang::ID))
    ));
    assert!(matches!(renderer.original(&without), Err(RenderError::NotListed(Lang::ID))));
}

#[test]
fn an_article_with_nothing_in_it_still_makes_pages() {
    let article = Article::default();
    let versions = [Lang::ID, "de".parse().unwrap()].map(|lang| Version {
        lang,
        file: format!("{lang}.html"),
        title: None,
    });
    let story = Story { article: &article, base_url: None, ..story(&article, &versions) };
    let renderer = Renderer::new().unwrap();
    let edition = EditionView {
        title: None,
        description: None,
        blocks: Vec::new(),
        images: Vec::new(),
        ..edition_of_nothing(&story, versions[1].lang)
    };
    for page in [
        renderer.edition(&edition).unwrap(),
        renderer.original(&story).unwrap(),
        renderer.index(&story).unwrap(),
    ] {
        elements(&page);
    }
    check_ninjs(&edition.ninjs().unwrap(), "");
    let page = renderer.edition(&edition).unwrap();
    assert!(
        page.contains("<aside class=\"notice\" lang=\"en\" dir=\"ltr\""),
        "English words in a German page say so"
    );
}

fn edition_of_nothing<'a>(story: &'a Story<'a>, lang: Lang) -> EditionView<'a> {
    EditionView {
        story,
        lang,
        title: None,
        description: None,
        blocks: Vec::new(),
        images: Vec::new(),
        findings: &[],
        engine: "edisi-llm",
        model: "m",
        tier: Tier::Production,
    }
}
