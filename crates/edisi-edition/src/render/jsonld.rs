//! schema.org `NewsArticle` for search engines.

use serde_json::{Map, Value, json};

use super::view::{EditionView, Story, is_web};

/// IPTC's `trainedAlgorithmicMedia` as schema.org spells it.
const MADE_BY_MODEL: &str = "https://schema.org/TrainedAlgorithmicMediaDigitalSource";
/// The same once a person has edited it.
pub(super) const EDITED_BY_PERSON: &str =
    "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource";

/// The original's description of itself.
pub(super) fn original(story: &Story<'_>) -> Value {
    let mut out = common(story);
    put(&mut out, "@id", story.original_href());
    put(&mut out, "url", story.original_href());
    put(&mut out, "inLanguage", story.lang.to_string());
    put(&mut out, "headline", story.article.title.clone());
    put(&mut out, "description", story.article.description.clone());
    let editions: Vec<Value> = story
        .versions
        .iter()
        .filter(|v| v.lang != story.lang)
        .map(|v| {
            let mut version = json!({
                "@type": "NewsArticle", "@id": story.href(&v.file), "inLanguage": v.lang.to_string(),
                "headline": v.title,
            });
            if !v.reviewed {
                version["digitalSourceType"] = MADE_BY_MODEL.into();
            }
            version
        })
        .collect();
    put(&mut out, "workTranslation", editions);
    if story.article.machine_translated == Some(true) {
        put(&mut out, "digitalSourceType", MADE_BY_MODEL);
    }
    Value::Object(out)
}

/// An edition's description of itself.
pub(super) fn edition(edition: &EditionView<'_>) -> Value {
    let story = edition.story;
    let mut out = common(story);
    let href = story.version_href(edition.lang);
    put(&mut out, "@id", href.clone());
    put(&mut out, "url", href);
    put(&mut out, "inLanguage", edition.lang.to_string());
    put(&mut out, "headline", edition.title.as_ref().map(|t| t.text.clone()));
    put(&mut out, "description", edition.description.as_ref().map(|t| t.text.clone()));
    if !edition.reviewed.is_all {
        put(&mut out, "digitalSourceType", MADE_BY_MODEL);
        // schema.org lets only persons and organisations translate; the name says what this one is.
        let name = format!("Machine translation: {} ({})", edition.engine, edition.model);
        put(&mut out, "translator", json!({ "@type": "Organization", "name": name }));
    }
    let mut original = Map::new();
    put(&mut original, "@type", "NewsArticle");
    put(&mut original, "@id", story.original_href());
    put(&mut original, "inLanguage", story.lang.to_string());
    put(&mut original, "headline", story.article.title.clone());
    put(&mut out, "translationOfWork", original);
    Value::Object(out)
}

fn common(story: &Story<'_>) -> Map<String, Value> {
    let article = story.article;
    let person = |name: &String| json!({ "@type": "Person", "name": name });
    let mut out = Map::new();
    put(&mut out, "@context", "https://schema.org");
    put(&mut out, "@type", "NewsArticle");
    put(&mut out, "author", article.byline.iter().map(person).collect::<Vec<_>>());
    put(&mut out, "editor", article.editors.iter().map(person).collect::<Vec<_>>());
    put(&mut out, "datePublished", article.published.clone());
    put(&mut out, "dateModified", article.modified.clone());
    put(&mut out, "articleSection", article.section.clone());
    put(&mut out, "dateline", article.dateline.clone());
    put(&mut out, "keywords", article.keywords.clone());
    let images: Vec<&str> = article.images.iter().map(|i| i.url.as_str()).filter(|u| is_web(u)).collect();
    put(&mut out, "image", json!(images));
    if let Some(name) = &article.site_name {
        put(&mut out, "publisher", json!({ "@type": "Organization", "name": name }));
    }
    out
}

/// Adds a property unless its value is null or empty.
pub(super) fn put(out: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    let value = value.into();
    let empty = match &value {
        Value::Null => true,
        Value::Array(a) => a.is_empty(),
        Value::String(s) => s.is_empty(),
        _ => false,
    };
    if !empty {
        out.insert(key.to_owned(), value);
    }
}

/// The text to put inside a `script` element: nothing in it can end the element.
pub(super) fn embed(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
