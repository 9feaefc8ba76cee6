//! What the pages say around the article, per language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use edisi_article::FindingKind;
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

/// The strings of one language, as `data/furniture/<lang>.toml` has them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Furniture {
    /// The language the strings are in.
    #[serde(skip, default = "english")]
    pub lang: Lang,
    /// Open Graph's name of the locale.
    pub og_locale: String,
    /// Quotation marks: outer pair, inner pair.
    pub quotes: [String; 4],
    /// What stands between the names of a list.
    pub list_separator: String,
    /// Names of time zones by offset, where the language's own country has some.
    #[serde(default)]
    pub zones: BTreeMap<String, String>,
    languages: BTreeMap<String, String>,
    #[serde(default)]
    languages_with_article: BTreeMap<String, String>,
    /// What tells the reader how the text came about.
    pub notice: Notice,
    /// What stands around headline and body.
    pub story: StoryStrings,
    /// What the pages of a site say around that.
    pub site: SiteStrings,
    /// Engine, model, revision.
    pub provenance: Provenance,
    checks: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notice {
    pub label: String,
    pub made: String,
    pub draft: String,
    pub production: String,
    pub main_language: String,
    pub source_was_machine: String,
    pub reviewed_label: String,
    pub reviewed: String,
    pub read_original: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoryStrings {
    pub by: String,
    pub edited_by: String,
    pub published: String,
    pub updated: String,
    pub source: String,
    pub photo: String,
    pub not_translated: String,
    pub original: String,
    pub editions: String,
    pub index_title: String,
    pub choose: String,
    pub also_machine: String,
    pub untitled: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteStrings {
    pub skip: String,
    pub home: String,
    pub languages: String,
    pub newest: String,
    pub older: String,
    pub empty: String,
    pub about: String,
    pub feeds: String,
    pub download: String,
    pub contact: String,
    pub edition_date: String,
    pub reviewed_on: String,
    pub stale: String,
    pub corrections: String,
    pub corrected: String,
    pub corrected_here: String,
    pub followed: String,
    pub pending: String,
    pub what_changed: String,
    pub was: String,
    pub now: String,
    pub added: String,
    pub removed: String,
    pub missing_title: String,
    pub missing: String,
    pub gone_title: String,
    pub gone: String,
    pub elsewhere: String,
    pub error_title: String,
    pub error: String,
    /// The paragraphs of the page on how the editions are made.
    pub how: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provenance {
    pub engine: String,
    pub tier_draft: String,
    pub tier_production: String,
    pub revision: String,
    pub reviewed: String,
    pub glossary: String,
    pub gaps: String,
}

fn english() -> Lang {
    Lang::EN
}

static ALL: LazyLock<Vec<Furniture>> = LazyLock::new(|| {
    [
        (Lang::EN, include_str!("../../data/furniture/en.toml")),
        (Lang::ID, include_str!("../../data/furniture/id.toml")),
        (Lang::ZH, include_str!("../../data/furniture/zh-Hans.toml")),
        (Lang::JA, include_str!("../../data/furniture/ja.toml")),
        (Lang::AR, include_str!("../../data/furniture/ar.toml")),
        (Lang::FR, include_str!("../../data/furniture/fr.toml")),
        (Lang::PT, include_str!("../../data/furniture/pt.toml")),
    ]
    .map(|(lang, text)| {
        let furniture: Furniture = toml::from_str(text).expect("furniture files are checked by a test");
        Furniture { lang, ..furniture }
    })
    .into()
});

impl Furniture {
    /// The strings for pages in `lang`: in that language, or in English where there are none.
    pub(super) fn of(lang: Lang) -> &'static Furniture {
        ALL.iter().find(|f| f.lang == lang).unwrap_or(&ALL[0])
    }

    /// Fills `{language}` and `{the_language}` with the name of `lang`.
    pub(super) fn about(&self, template: &str, lang: Lang) -> String {
        let tag = lang.to_string();
        let plain = self.languages.get(&tag).cloned().unwrap_or_else(|| lang.autonym());
        let with_article = self.languages_with_article.get(&tag).unwrap_or(&plain);
        template.replace("{the_language}", with_article).replace("{language}", &plain)
    }

    /// All quotation marks by language, as rules of a style sheet.
    pub(super) fn quotes_css() -> String {
        let rule = |f: &Furniture| {
            let [a, b, c, d] = &f.quotes;
            format!(":root:lang({}) {{ quotes: \"{a}\" \"{b}\" \"{c}\" \"{d}\"; }}\n", f.lang)
        };
        ALL.iter().map(rule).collect()
    }

    /// The names as a list.
    pub(super) fn list(&self, names: &[String]) -> String {
        names.join(&self.list_separator)
    }

    /// What a finding of this kind is called.
    pub(super) fn finding(&self, kind: FindingKind) -> &str {
        let key = serde_json::to_value(kind).ok();
        let key = key.as_ref().and_then(|k| k.as_str()).unwrap_or("other");
        self.checks.get(key).unwrap_or(&self.checks["other"])
    }

    /// A string of the checks' section: `title`, `expected` or `found`.
    pub(super) fn checks(&self, key: &str) -> &str {
        &self.checks[key]
    }
}

/// Puts `value` where `{key}` stands.
pub(super) fn fill(template: &str, key: &str, value: &str) -> String {
    template.replace(&format!("{{{key}}}"), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_string_and_keeps_the_places_to_fill() {
        let english = Furniture::of(Lang::EN);
        let places = |s: &str| s.matches('{').count();
        for f in ALL.iter() {
            for lang in ALL.iter().map(|f| f.lang) {
                assert!(f.languages.contains_key(&lang.to_string()), "{} has no name for {lang}", f.lang);
            }
            assert!(
                f.languages_with_article.is_empty() || f.languages_with_article.len() == f.languages.len()
            );
            assert_eq!(
                f.checks.keys().collect::<Vec<_>>(),
                english.checks.keys().collect::<Vec<_>>(),
                "{}",
                f.lang
            );
            let fields = |f: &Furniture| -> Vec<(String, String)> {
                let parts = [serde_json::to_value(&f.story).unwrap(), serde_json::to_value(&f.site).unwrap()];
                let each = |part: &serde_json::Value| part.as_object().unwrap().clone();
                parts.iter().flat_map(each).map(|(key, text)| (key, text.to_string())).collect()
            };
            for ((key, ours), (_, theirs)) in fields(f).iter().zip(fields(english).iter()) {
                assert_eq!(places(ours), places(theirs), "{}: {key}", f.lang);
            }
            assert_eq!(f.site.how.len(), english.site.how.len(), "{}", f.lang);
            for text in [&f.notice.made, &f.notice.reviewed, &f.notice.main_language, &f.notice.read_original]
            {
                let filled = f.about(text, Lang::ID);
                assert!(filled != **text && places(&filled) == 0, "{}: {filled}", f.lang);
            }
            assert_eq!(places(&f.provenance.engine), 2, "{}", f.lang);
            assert!(f.provenance.revision.contains("{revision}") && f.provenance.gaps.contains("{count}"));
            assert!(f.provenance.reviewed.contains("{count}") && f.provenance.glossary.contains("{names}"));
            assert!(f.checks["expected"].contains("{value}") && f.checks["found"].contains("{value}"));
        }
    }

    #[test]
    fn every_finding_has_a_name() {
        let english = Furniture::of(Lang::EN);
        assert_eq!(english.finding(FindingKind::NumberMissing), "A number of the original is missing");
    }

    #[test]
    fn a_language_without_strings_gets_english() {
        let german: Lang = "de".parse().unwrap();
        assert_eq!(Furniture::of(german).lang, Lang::EN);
        assert_eq!(Furniture::of(Lang::FR).about("depuis {the_language}", Lang::ID), "depuis l’indonésien");
    }
}
