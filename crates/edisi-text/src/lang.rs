//! Language tags as Edisi uses them.

use std::fmt;
use std::str::FromStr;

use icu_locale_core::LanguageIdentifier;
use icu_locale_core::subtags::{Language, Script as ScriptSubtag, language, script};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A written language: an ISO 639 language and, where the language is written in more than one script, the
/// script. Regions are dropped (`en-GB` is `en`), Chinese always names its script (`zh` is `zh-Hans`).
///
/// Its text form is a BCP 47 tag.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang {
    language: Language,
    script: Option<ScriptSubtag>,
}

/// A text that is not a language tag.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is not a language tag; write one such as `id`, `en`, `zh`, `ja`, `ar`, `fr`")]
pub struct LangError(String);

struct Known {
    lang: Lang,
    english: &'static str,
    autonym: &'static str,
}

const fn plain(language: Language) -> Lang {
    Lang { language, script: None }
}

const KNOWN: &[Known] = &[
    Known { lang: Lang::ID, english: "Indonesian", autonym: "Bahasa Indonesia" },
    Known { lang: Lang::EN, english: "English", autonym: "English" },
    Known { lang: Lang::ZH, english: "Chinese", autonym: "简体中文" },
    Known { lang: Lang::ZH_HANT, english: "Traditional Chinese", autonym: "繁體中文" },
    Known { lang: Lang::JA, english: "Japanese", autonym: "日本語" },
    Known { lang: Lang::AR, english: "Arabic", autonym: "العربية" },
    Known { lang: Lang::FR, english: "French", autonym: "Français" },
    Known { lang: Lang::PT, english: "Portuguese", autonym: "Português" },
];

impl Lang {
    /// Indonesian, the default main language.
    pub const ID: Lang = plain(language!("id"));
    /// English.
    pub const EN: Lang = plain(language!("en"));
    /// Chinese in simplified characters.
    pub const ZH: Lang = Lang { language: language!("zh"), script: Some(script!("Hans")) };
    /// Chinese in traditional characters.
    pub const ZH_HANT: Lang = Lang { language: language!("zh"), script: Some(script!("Hant")) };
    /// Japanese.
    pub const JA: Lang = plain(language!("ja"));
    /// Arabic.
    pub const AR: Lang = plain(language!("ar"));
    /// French.
    pub const FR: Lang = plain(language!("fr"));
    /// Portuguese.
    pub const PT: Lang = plain(language!("pt"));
    /// The languages an edition can be made in without further set-up, main language first.
    pub const EDITIONS: [Lang; 6] = [Lang::ID, Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR];

    /// The primary language subtag: `zh` for `zh-Hans`.
    pub fn code(&self) -> &str {
        self.language.as_str()
    }

    /// The language's name in English, for prompts and messages; the tag itself when Edisi has no name.
    pub fn english_name(&self) -> String {
        self.known().map_or_else(|| self.to_string(), |k| k.english.to_owned())
    }

    /// The language's name in itself, for language switchers; the tag itself when Edisi has no name.
    pub fn autonym(&self) -> String {
        self.known().map_or_else(|| self.to_string(), |k| k.autonym.to_owned())
    }

    /// Whether the language is written from right to left.
    pub fn is_rtl(&self) -> bool {
        matches!(self.code(), "ar" | "fa" | "he" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv")
    }

    /// Whether words are written without spaces between them.
    pub fn is_unspaced(&self) -> bool {
        matches!(self.code(), "zh" | "ja" | "th" | "lo" | "km" | "my" | "yue")
    }

    fn known(&self) -> Option<&'static Known> {
        KNOWN.iter().find(|k| k.lang == *self)
    }
}

impl FromStr for Lang {
    type Err = LangError;

    /// Reads a BCP 47 tag, `_` or `-` between subtags, in any case; old codes (`in`, `iw`) are renewed.
    fn from_str(text: &str) -> Result<Self, LangError> {
        let err = || LangError(text.to_owned());
        let id = LanguageIdentifier::try_from_str(&text.trim().replace('_', "-")).map_err(|_| err())?;
        if id.language.is_unknown() {
            return Err(err());
        }
        let language = match id.language.as_str() {
            "in" => language!("id"),
            "iw" => language!("he"),
            "cmn" => language!("zh"),
            _ => id.language,
        };
        let script = if language == language!("zh") {
            match (id.script, id.region.as_ref().map(|r| r.as_str())) {
                (Some(s), _) => Some(s),
                (None, Some("TW" | "HK" | "MO")) => Some(script!("Hant")),
                _ => Some(script!("Hans")),
            }
        } else {
            None
        };
        Ok(Lang { language, script })
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.language.as_str())?;
        match &self.script {
            Some(s) => write!(f, "-{}", s.as_str()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({self})")
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_normalised() {
        for (given, want) in [
            ("id", "id"),
            ("in_ID", "id"),
            ("en-GB", "en"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh_TW", "zh-Hant"),
            ("zh-hant", "zh-Hant"),
            ("AR", "ar"),
            ("pt-BR", "pt"),
        ] {
            assert_eq!(given.parse::<Lang>().unwrap().to_string(), want, "{given}");
        }
        for bad in ["", "x", "english language", "12", "und"] {
            assert!(bad.parse::<Lang>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_edition_language_has_names_and_a_direction() {
        for lang in Lang::EDITIONS {
            assert_ne!(lang.english_name(), lang.to_string());
            assert_ne!(lang.autonym(), lang.to_string());
            assert_eq!(lang.is_rtl(), lang == Lang::AR);
        }
    }
}
