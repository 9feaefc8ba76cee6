use serde_json::Value;

use super::*;

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
        "![](<https://berita.example/2.jpg>)\\\n«Dermaga. Foto: Antara»",
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

pub(super) fn check_ninjs(value: &Value, path: &str) {
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
