//! Editions as IPTC ninjs 3.1 (News in JSON).
//!
//! ninjs has no field for translations: original and editions are tied together by `associations` whose `rel`
//! says `translationOf` or `translation`, and `digitalSourceType` says what made the text.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::body::Body;
use super::furniture::{Furniture, fill};
use super::inline::GapStyle;
use super::locale::is_date_time;
use super::page::named_version;
use super::view::{EditionView, Reviewed, Story, Version, is_web};
use crate::translator::Tier;

const MADE_BY_MODEL: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const SCHEMA: &str = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#";

pub(super) fn edition(edition: &EditionView<'_>) -> Value {
    let (story, article) = (edition.story, edition.story.article);
    let furniture = Furniture::of(edition.lang);
    let text =
        |role: &str, kind: &str, value: String| json!({ "role": role, "contentType": kind, "value": value });
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() && value.as_array().is_none_or(|a| !a.is_empty()) {
            out.insert(key.to_owned(), value);
        }
    };
    put("standard", json!({ "name": "ninjs", "version": "3.1", "schema": SCHEMA }));
    put("uri", json!(uri(story, edition.lang)));
    put("type", json!("text"));
    put("representationType", json!("full"));
    put("language", json!(edition.lang));
    put("version", json!(story.revision));
    put("contentCreated", json!(article.published.as_deref().filter(|p| is_date_time(p))));
    put("title", json!(edition.title.as_ref().map(|t| &t.text)));
    if let Some(title) = &edition.title {
        put("headlines", json!([text("main", "text/plain", title.text.clone())]));
    }
    let mut descriptions = Vec::new();
    if let Some(description) = &edition.description {
        descriptions.push(text("summary", "text/plain", description.text.clone()));
    }
    let (label, sentences) = edition.disclosure(furniture);
    let disclosure = format!("{label}: {}", sentences.join(" "));
    descriptions.push(text("disclosure", "text/plain", disclosure));
    put("descriptions", json!(descriptions));
    put(
        "bodies",
        json!([
            text("main", "text/html", body_html(edition)),
            text("plain", "text/plain", body_text(edition))
        ]),
    );
    if !article.byline.is_empty() {
        put("by", json!(fill(&furniture.story.by, "names", &furniture.list(&article.byline))));
    }
    put("located", json!(article.dateline));
    if !edition.reviewed.is_all {
        put("digitalSourceType", json!({ "name": "Created using Generative AI", "uri": MADE_BY_MODEL }));
    }
    let tier = if edition.tier == Tier::Draft { "draft" } else { "production" };
    let made = match edition.reviewed {
        Reviewed { is_all: true, .. } => "Translation reviewed by an editor sentence by sentence".to_owned(),
        Reviewed { sentences, .. } => {
            let reviewed = match sentences {
                0 => "not reviewed".to_owned(),
                n => format!("not reviewed but for {n} sentences"),
            };
            format!(
                "Machine translation by {} with {}, tier {tier}, {reviewed}",
                edition.engine, edition.model
            )
        }
    };
    let glossaries: String =
        edition.glossaries.iter().map(|g| format!("; glossary {}", named_version(g))).collect();
    put(
        "edNote",
        json!(format!(
            "{made}; {} sentences left in {}; {} findings{glossaries}.",
            edition.gaps(),
            story.lang,
            edition.findings.len()
        )),
    );
    put("altIds", json!([{ "role": "original-revision", "value": story.revision }]));
    put("subjects", article.keywords.iter().map(|k| json!({ "name": k, "rel": "about" })).collect());
    let publisher = article.site_name.iter().map(|n| json!({ "name": n, "role": "publisher" }));
    let sources = article.credited_sources.iter().map(|n| json!({ "name": n, "role": "source" }));
    put("infoSources", publisher.chain(sources).collect());
    put("associations", associations(edition));
    Value::Object(out)
}

fn associations(edition: &EditionView<'_>) -> Value {
    let story = edition.story;
    let mut out = Vec::new();
    for Version { lang, title, .. } in story.versions.iter().filter(|v| v.lang != edition.lang) {
        let rel = if *lang == story.lang { "translationOf" } else { "translation" };
        let mut one = json!({
            "name": format!("{rel}-{lang}"), "rel": rel, "uri": uri(story, *lang), "type": "text", "language": lang,
        });
        if let Some(title) = title {
            one["headlines"] = json!([{ "role": "main", "contentType": "text/plain", "value": title }]);
        }
        out.push(one);
    }
    for (number, (image, texts)) in story.article.images.iter().zip(&edition.images).enumerate() {
        if !is_web(&image.url) {
            continue;
        }
        let href = ascii(&image.url);
        let mut one = json!({
            "name": format!("image-{}", number + 1), "rel": "image", "uri": href, "type": "picture",
            "renditions": [{ "name": "original", "href": href }],
        });
        if let Some(caption) = &texts.caption {
            one["descriptions"] =
                json!([{ "role": "caption", "contentType": "text/plain", "value": caption.text }]);
        }
        if let Some(credit) = &image.credit {
            one["by"] = json!(credit);
        }
        out.push(one);
    }
    json!(out)
}

/// The address of a version, or, where the set has none yet, a name made of revision and language.
fn uri(story: &Story<'_>, lang: edisi_text::Lang) -> String {
    let address = match story.published_at() {
        Some(url) if lang == story.lang => url.to_owned(),
        _ => story.version_href(lang),
    };
    if is_web(&address) {
        return ascii(&address);
    }
    let mut bytes: [u8; 16] = Sha256::digest(format!("edisi\n{}\n{lang}", story.revision))[..16]
        .try_into()
        .expect("a digest has 32 bytes");
    // RFC 9562: version 8, a layout of our own, with the standard's variant.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut out = String::from("urn:uuid:");
    for (i, byte) in bytes.iter().enumerate() {
        let dash = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
        let _ = write!(out, "{dash}{byte:02x}");
    }
    out
}

/// The address with everything that RFC 3986 does not allow in one percent-encoded.
fn ascii(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn body_html(edition: &EditionView<'_>) -> String {
    let furniture = Furniture::of(edition.lang);
    let body = Body {
        article: edition.story.article,
        blocks: &edition.blocks,
        images: &edition.images,
        gap: GapStyle { lang: edition.story.lang, label: &furniture.story.not_translated },
        furniture,
    };
    let mut out = String::new();
    for node in body.nodes().1 {
        node.write_html(&mut out);
    }
    out
}

fn body_text(edition: &EditionView<'_>) -> String {
    let lines: Vec<String> = edition
        .blocks
        .iter()
        .map(|cells| cells.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\t"))
        .collect();
    lines.join("\n")
}
