//! IPTC ninjs 3.1 in and out.
//!
//! The schema forbids properties it does not name, so what ninjs has no place for (findings, an article's other
//! languages) is left out rather than invented. Reading is lenient: unknown properties are passed over.

use edisi_article::{Article, Block, BlockKind, Image};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::{date, html, news, render};

/// What the digital source type of machine-made text is: IPTC NewsCodes, `digitalsourcetype`.
const MACHINE_MADE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/// The properties of ninjs 3.1 that Edisi reads and writes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Ninjs {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    standard: Option<Standard>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headlines: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    descriptions: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bodies: Vec<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    located: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organisations: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subjects: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    info_sources: Vec<Source>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    associations: Vec<Association>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digital_source_type: Option<Named>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Standard {
    name: String,
    version: String,
    schema: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Text {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    value: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Named {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Source {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
}

/// A picture of the story.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Association {
    name: String,
    uri: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rel: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    descriptions: Vec<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

/// Reads a ninjs document; `Ok(None)` when it has no text.
pub(crate) fn read(value: Value, hint: Option<Lang>) -> Result<Option<Article>, String> {
    let doc: Ninjs = serde_json::from_value(value).map_err(|e| format!("ninjs with a bad field: {e}"))?;
    let markup =
        doc.bodies.iter().find(|b| b.content_type.as_deref().is_some_and(|t| t.contains("html"))).or_else(
            || doc.bodies.iter().find(|b| b.content_type.is_none() && b.value.trim_start().starts_with('<')),
        );
    let address = Some(doc.uri.clone()).filter(|u| u.starts_with("http"));
    let (blocks, mut images) = match (markup, doc.bodies.first()) {
        (Some(body), _) => html::fragment(&body.value, address.as_deref()),
        (None, Some(body)) => {
            let blocks = crate::unwrap::lines(&body.value);
            (blocks.into_iter().map(|l| Block::plain(BlockKind::Paragraph, l)).collect(), Vec::new())
        }
        (None, None) => return Ok(None),
    };
    for picture in doc.associations.iter().filter(|a| a.kind.as_deref() == Some("picture")) {
        if !images.iter().any(|i| i.url == picture.uri) {
            let caption = picture.descriptions.first().map(|d| d.value.clone());
            images.push(Image {
                url: picture.uri.clone(),
                caption,
                credit: picture.by.clone(),
                ..Image::default()
            });
        }
    }
    let named = |list: &[Named], rel: &str| -> Vec<String> {
        list.iter().filter(|n| n.rel.as_deref() == Some(rel)).filter_map(|n| n.name.clone()).collect()
    };
    let main = |texts: &[Text]| {
        texts.iter().find(|t| t.role.as_deref() == Some("main")).or(texts.first()).map(|t| t.value.clone())
    };
    let mut article = Article {
        url: address,
        title: main(&doc.headlines).or(doc.title).map(|t| plain(&t)).filter(|t| !t.is_empty()),
        description: main(&doc.descriptions).map(|t| plain(&t)).filter(|t| !t.is_empty()),
        byline: named(&doc.people, "author"),
        editors: named(&doc.people, "editor"),
        dateline: doc.located,
        credited_sources: doc.info_sources.into_iter().filter_map(|s| s.name).collect(),
        site_name: named(&doc.organisations, "publisher").into_iter().next(),
        section: named(&doc.subjects, "section").into_iter().next(),
        keywords: doc
            .subjects
            .iter()
            .filter(|s| s.rel.as_deref() != Some("section"))
            .filter_map(|s| s.name.clone())
            .collect(),
        published: doc
            .first_created
            .as_deref()
            .or(doc.version_created.as_deref())
            .and_then(|d| date::parse(d, None)),
        machine_translated: doc
            .digital_source_type
            .filter(|t| t.uri.as_deref() == Some(MACHINE_MADE))
            .map(|_| true),
        blocks,
        images,
        ..Article::default()
    };
    if doc.first_created.is_some() && doc.version_created != doc.first_created {
        article.modified = doc.version_created.as_deref().and_then(|d| date::parse(d, None));
    }
    if article.byline.is_empty() {
        article.byline = doc.by.map(|by| news::Layer::for_lang(None).names(&by)).unwrap_or_default();
    }
    let stated = doc.language.as_deref().and_then(|l| l.parse().ok());
    article.language =
        hint.or(stated).or_else(|| edisi_text::detect(&article.body_text()).map(|(lang, _)| lang));
    news::filter_blocks(&mut article, hint);
    article.links = html::links(&article.blocks);
    Ok(article.blocks.iter().any(|b| b.kind != BlockKind::Caption).then_some(article))
}

fn plain(text: &str) -> String {
    edisi_text::clean::collapse_whitespace(text)
}

/// Writes an article as ninjs 3.1; see [`crate::render::ninjs`].
pub(crate) fn write(article: &Article) -> Ninjs {
    let text = |role: &str, content_type: &str, value: String| Text {
        role: Some(role.to_owned()),
        content_type: Some(content_type.to_owned()),
        value,
    };
    let named = |names: &[String], rel: &str| -> Vec<Named> {
        names.iter().map(|n| Named { name: Some(n.clone()), rel: Some(rel.to_owned()), uri: None }).collect()
    };
    let body = render::html(article);
    let mut people = named(&article.byline, "author");
    people.extend(named(&article.editors, "editor"));
    let mut subjects: Vec<Named> = named(&article.section.clone().into_iter().collect::<Vec<_>>(), "section");
    subjects.extend(named(&article.keywords, "keyword"));
    let pictures =
        article.images.iter().filter(|i| Url::parse(&i.url).is_ok()).enumerate().map(|(n, image)| {
            Association {
                name: format!("picture-{}", n + 1),
                uri: image.url.clone(),
                kind: Some("picture".to_owned()),
                rel: Some("illustration".to_owned()),
                descriptions: image
                    .caption
                    .clone()
                    .or(image.alt.clone())
                    .map(|c| text("caption", "text/plain", c))
                    .into_iter()
                    .collect(),
                by: image.credit.clone(),
            }
        });
    Ninjs {
        uri: identifier(article, &body),
        standard: Some(Standard {
            name: "ninjs".to_owned(),
            version: "3.1".to_owned(),
            schema: "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#".to_owned(),
        }),
        kind: Some("text".to_owned()),
        language: article.language.map(|l| l.to_string()),
        first_created: article.published.clone(),
        version_created: article.modified.clone().or(article.published.clone()),
        title: None,
        headlines: article.title.clone().map(|t| text("main", "text/plain", t)).into_iter().collect(),
        descriptions: article
            .description
            .clone()
            .map(|d| text("summary", "text/plain", d))
            .into_iter()
            .collect(),
        bodies: vec![text("main", "text/html", body), text("plain", "text/plain", render::body(article))],
        by: (!article.byline.is_empty()).then(|| article.byline.join(", ")),
        located: article.dateline.clone(),
        people,
        organisations: named(&article.site_name.clone().into_iter().collect::<Vec<_>>(), "publisher"),
        subjects,
        info_sources: article
            .credited_sources
            .iter()
            .map(|s| Source { name: Some(s.clone()), role: Some("originator".to_owned()) })
            .collect(),
        associations: pictures.collect(),
        digital_source_type: (article.machine_translated == Some(true)).then(|| Named {
            name: Some("machine translation".to_owned()),
            rel: None,
            uri: Some(MACHINE_MADE.to_owned()),
        }),
    }
}

/// The article's own address; where it has none, the hash of headline and text as a URI (RFC 6920).
fn identifier(article: &Article, body: &str) -> String {
    if let Some(url) = article.url.as_ref().filter(|u| Url::parse(u).is_ok()) {
        return url.clone();
    }
    let mut hash = Sha256::new();
    hash.update(article.title.as_deref().unwrap_or_default());
    hash.update([0]);
    hash.update(body);
    format!("ni:///sha-256;{}", base64url(&hash.finalize()))
}

/// Base64 with the URL alphabet and no padding (RFC 4648 §5).
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * at)) as usize & 63]));
        }
    }
    out
}
