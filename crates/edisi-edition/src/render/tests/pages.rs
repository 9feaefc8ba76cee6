use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::exchange::check_ninjs;
use super::*;

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
        let notices =
            elements(&page).iter().filter(|(_, a)| a.get("class").is_some_and(|c| c == "notice")).count();
        let is_edition = !matches!(file.as_str(), "index.html" | "id.html");
        assert_eq!(notices, if is_edition { 2 } else { 0 }, "{file}");
        if is_edition {
            let first = page.find("<aside").unwrap();
            assert!(
                first < page.find("<h1").unwrap()
                    && page.rfind("class=\"notice\"").unwrap() > page.find("</article>").unwrap()
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
        reviewed: false,
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
