//! The languages there are engines for.

use std::sync::Arc;

use axum::{Extension, Json};
use edisi_edition::{Pair, Router};
use edisi_text::Lang;
use serde_json::{Value, json};

use super::LibreError;
use crate::api::Api;

/// Languages that are asked for by name; others that a model translates are found by their code all the same.
#[rustfmt::skip]
const CODES: [&str; 66] = [
    "id", "en", "zh-Hans", "zh-Hant", "ja", "ar", "fr", "pt", "af", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy",
    "da", "de", "el", "eo", "es", "et", "eu", "fa", "fi", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "is", "it",
    "jv", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "ml", "mr", "ms", "mt", "my", "nb", "nl", "pl", "ro", "ru", "sk",
    "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi",
];

/// The languages there are engines for, each with those it can be translated into.
pub(crate) struct Languages(Vec<(Lang, Vec<Lang>)>);

impl Languages {
    pub fn of(router: &Router) -> Languages {
        let all: Vec<Lang> = CODES.iter().filter_map(|code| code.parse().ok()).collect();
        let targets = |source: Lang| {
            let into = |target: &Lang| *target == source || router.route(Pair::new(source, *target)).is_ok();
            all.iter().copied().filter(into).collect::<Vec<_>>()
        };
        let with_targets = all.iter().map(|lang| (*lang, targets(*lang)));
        // A language that can be translated into none but itself is there as a target only.
        Languages(with_targets.filter(|(_, targets)| targets.len() > 1).collect())
    }

    /// Whether there is an engine from or into it.
    pub fn has(&self, lang: Lang) -> bool {
        self.0.iter().any(|(source, targets)| *source == lang || targets.contains(&lang))
    }
}

/// A language by its code, also by those that LibreTranslate's clients know.
pub(super) fn parse(code: &str) -> Result<Lang, LibreError> {
    let unknown = |code: &str| LibreError::bad(format!("{code} is not supported"));
    match code.trim().to_ascii_lowercase().as_str() {
        "zt" => Ok(Lang::ZH_HANT),
        "pb" => Ok(Lang::PT),
        "no" => "nb".parse().map_err(|_| unknown(code)),
        _ => code.parse().map_err(|_| unknown(code)),
    }
}

pub(super) async fn languages(Extension(api): Extension<Arc<Api>>) -> Json<Value> {
    let entry = |(lang, targets): &(Lang, Vec<Lang>)| {
        let targets: Vec<String> = targets.iter().map(Lang::to_string).collect();
        json!({ "code": lang.to_string(), "name": lang.english_name(), "targets": targets })
    };
    Json(Value::Array(api.languages().0.iter().map(entry).collect()))
}
