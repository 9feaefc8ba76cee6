//! Articles out and in again; ninjs against the property lists of its schema.

use edisi_article::{Article, Block, BlockKind, Image};
use edisi_extract::{Options, extract_bytes, render};
use edisi_text::Lang;
use serde_json::Value;

fn block(kind: BlockKind, level: u8, text: &str, html: &str) -> Block {
    Block { kind, level, ordered: false, text: text.to_owned(), html: html.to_owned() }
}

fn article() -> Article {
    Article {
        input: "jembatan.html".to_owned(),
        url: Some("https://warta.example/jembatan".to_owned()),
        title: Some("Jembatan \"Tua\" #1: Dibuka & Diresmikan".to_owned()),
        description: Some("Tiga minggu perbaikan.".to_owned()),
        byline: vec!["Bimo Satrio".to_owned(), "Laras Ayu".to_owned()],
        editors: vec!["Rina Hapsari".to_owned()],
        dateline: Some("SUKAMAJU".to_owned()),
        credited_sources: vec!["Antara".to_owned()],
        site_name: Some("Warta Sukamaju".to_owned()),
        section: Some("Daerah".to_owned()),
        keywords: vec!["jembatan".to_owned(), "jalan raya".to_owned()],
        published: Some("2025-02-03T10:20:00+07:00".to_owned()),
        modified: Some("2025-02-03T12:00:00+07:00".to_owned()),
        language: Some(Lang::ID),
        main_language: Some(Lang::ID),
        machine_translated: None,
        blocks: vec![
            block(
                BlockKind::Paragraph,
                0,
                "SUKAMAJU - Jembatan tua itu dibuka lagi pada Senin setelah diperbaiki.",
                "SUKAMAJU - Jembatan <strong>tua</strong> itu <a href=\"https://warta.example/lagi?a=1&amp;b=2\">dibuka lagi</a> pada Senin setelah diperbaiki.",
            ),
            block(BlockKind::Heading, 2, "1931. Sejarah * singkat", "1931. Sejarah * singkat"),
            block(BlockKind::ListItem, 1, "Dibangun pada 1931", "Dibangun pada 1931"),
            block(BlockKind::ListItem, 2, "oleh warga", "oleh warga"),
            block(
                BlockKind::ListItem,
                1,
                "Diperbaiki pada 2025 < 3 minggu",
                "Diperbaiki pada 2025 &lt; 3 minggu",
            ),
            block(BlockKind::Quote, 0, "Kami lega, kata dia.", "Kami <em>lega</em>, kata dia."),
            block(
                BlockKind::Paragraph,
                0,
                "2. Warga menyambutnya dengan arak-arakan panjang ke pasar.",
                "2. Warga menyambutnya dengan arak-arakan panjang ke pasar.",
            ),
        ],
        images: vec![Image {
            url: "https://warta.example/a.jpg".to_owned(),
            caption: Some("Jembatan tua".to_owned()),
            credit: Some("Bimo Satrio".to_owned()),
            alt: None,
        }],
        ..Article::default()
    }
}

fn back(name: &str, text: &str) -> Article {
    let mut articles = extract_bytes(name, text.as_bytes(), None, &Options::default())
        .unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(articles.len(), 1);
    articles.remove(0)
}

fn texts(article: &Article) -> Vec<(BlockKind, &str)> {
    article.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect()
}

#[test]
fn json_lines_lose_nothing() {
    let article = article();
    let line = render::json_line(&article);
    assert!(!line.contains('\n'));
    assert_eq!(back("-", &line), article);
}

#[test]
fn markdown_is_read_back() {
    let article = article();
    let markdown = render::markdown(&article);
    let got = back("a.md", &markdown);
    assert_eq!(texts(&got), texts(&article), "{markdown}");
    assert_eq!(got.blocks[0].html, article.blocks[0].html, "{markdown}");
    assert_eq!(got.blocks[5].html, article.blocks[5].html, "{markdown}");
    assert_eq!(got.title, article.title);
    assert_eq!(
        (got.byline, got.editors, got.credited_sources),
        (article.byline, article.editors, article.credited_sources)
    );
    assert_eq!((got.published, got.modified), (article.published, article.modified));
    assert_eq!(
        (got.url, got.site_name, got.section, got.keywords),
        (article.url, article.site_name, article.section, article.keywords)
    );
}

#[test]
fn plain_text_reads_like_a_page() {
    let text = render::text(&article());
    assert!(
        text.starts_with("Jembatan \"Tua\" #1: Dibuka & Diresmikan\n\nBimo Satrio, Laras Ayu\n\nSUKAMAJU - "),
        "{text}"
    );
    assert!(text.contains("- Dibangun pada 1931\n  - oleh warga\n- Diperbaiki"), "{text}");
}

/// Property names that the ninjs 3.1 schema allows where we write, its required ones, and nothing else: the
/// schema forbids all others (`unevaluatedProperties: false`).
fn check_ninjs(value: &Value) {
    const NEWS: &[&str] = &[
        "uri",
        "type",
        "representationType",
        "profile",
        "version",
        "firstCreated",
        "versionCreated",
        "contentCreated",
        "embargoedUntil",
        "pubStatus",
        "urgency",
        "copyrightHolder",
        "copyrightNotice",
        "usageTerms",
        "edNote",
        "language",
        "descriptions",
        "bodies",
        "headlines",
        "people",
        "organisations",
        "places",
        "subjects",
        "events",
        "eventDetails",
        "plannedCoverage",
        "objects",
        "infoSources",
        "title",
        "by",
        "slugline",
        "located",
        "renditions",
        "associations",
        "altIds",
        "trustIndicators",
        "standard",
        "genres",
        "expires",
        "rightsInfo",
        "digitalSourceType",
    ];
    const TYPES: &[&str] =
        &["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"];
    let names = |value: &Value, allowed: &[&str], at: &str| {
        for key in value.as_object().unwrap_or_else(|| panic!("{at} is no object")).keys() {
            assert!(allowed.contains(&key.as_str()), "{at}.{key} is not in the schema");
        }
    };
    let list = |key: &str| {
        value.get(key).map_or(&[][..], |v| v.as_array().unwrap_or_else(|| panic!("{key} is no array")))
    };
    names(value, NEWS, "ninjs");
    edisi_extract::Url::parse(value["uri"].as_str().expect("uri")).expect("uri is a URI");
    assert!(TYPES.contains(&value["type"].as_str().unwrap()));
    for key in ["firstCreated", "versionCreated"] {
        if let Some(at) = value.get(key) {
            let at = at.as_str().unwrap();
            assert!(at.len() >= 20 && at.as_bytes()[10] == b'T', "{key}: {at}");
        }
    }
    for (key, allowed) in [
        ("headlines", &["role", "contentType", "value"][..]),
        ("descriptions", &["role", "contentType", "value"]),
        ("bodies", &["role", "contentType", "charCount", "wordCount", "value"]),
        ("people", &["name", "rel", "uri", "literal", "contactInfo"]),
        ("organisations", &["name", "rel", "uri", "literal", "symbols", "contactInfo"]),
        ("subjects", &["name", "rel", "uri", "literal", "creator", "relevance", "confidence"]),
        ("infoSources", &["name", "role", "uri", "literal", "contactInfo"]),
    ] {
        for item in list(key) {
            names(item, allowed, key);
            if allowed.contains(&"value") {
                assert!(item["value"].is_string(), "{key} without value");
            }
        }
    }
    if let Some(standard) = value.get("standard") {
        names(standard, &["name", "version", "schema"], "standard");
    }
    if let Some(made) = value.get("digitalSourceType") {
        names(made, &["name", "uri", "literal"], "digitalSourceType");
    }
    for item in list("associations") {
        let mut allowed = NEWS.to_vec();
        allowed.extend(["name", "rel"]);
        names(item, &allowed, "associations");
        assert!(item["name"].is_string() && item["uri"].is_string());
    }
}

#[test]
fn ninjs_is_valid_and_read_back() {
    let article = article();
    let text = render::ninjs(&article);
    check_ninjs(&serde_json::from_str(&text).unwrap());
    let got = back("a.json", &text);
    assert_eq!(texts(&got), texts(&article));
    assert_eq!(got.blocks[0].html, article.blocks[0].html);
    assert_eq!(
        got,
        Article {
            input: "a.json".to_owned(),
            links: got.links.clone(),
            blocks: got.blocks.clone(),
            ..article
        }
    );
}

#[test]
fn ninjs_of_an_article_that_says_little() {
    let bare = Article {
        blocks: vec![Block::plain(BlockKind::Paragraph, "Satu kalimat saja tentang pasar yang dibuka lagi.")],
        machine_translated: Some(true),
        ..Article::default()
    };
    let value: Value = serde_json::from_str(&render::ninjs(&bare)).unwrap();
    check_ninjs(&value);
    let uri = value["uri"].as_str().unwrap();
    assert!(uri.starts_with("ni:///sha-256;") && uri.len() == 14 + 43, "{uri}");
    assert_eq!(value["uri"], serde_json::from_str::<Value>(&render::ninjs(&bare)).unwrap()["uri"]);
    assert_eq!(
        value["digitalSourceType"]["uri"],
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    );
    assert_eq!(back("-", &value.to_string()).machine_translated, Some(true));
}

#[test]
fn wire_copy_in_plain_text() {
    let wire = r#"{"uri": "http://kantor.example/1", "language": "en", "by": "Ann Lee and Tom Okafor", "versionCreated": "2025-03-03T10:20:00Z", "headlines": [{"value": "Bridge reopens"}], "bodies": [{"contentType": "text/plain", "value": "BRINDLE (Reuters) - The bridge reopened on Monday.\n\nDrivers cheered, the council said."}], "unknownKey": 1}"#;
    let got = back("wire.json", wire);
    assert_eq!(got.byline, ["Ann Lee", "Tom Okafor"]);
    assert_eq!(got.dateline.as_deref(), Some("BRINDLE"));
    assert_eq!(got.credited_sources, ["Reuters"]);
    assert_eq!(got.published.as_deref(), Some("2025-03-03T10:20:00+00:00"));
    assert_eq!(got.blocks.len(), 2);
}
