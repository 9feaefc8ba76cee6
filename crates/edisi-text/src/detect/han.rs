//! Telling apart texts all in Han characters.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Lang;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Simplified,
    Traditional,
    Japanese,
}

/// The characters of `data/detect/han.txt` that only one of the three ways of writing has.
static FORMS: LazyLock<HashMap<char, Form>> = LazyLock::new(|| {
    let mut all: HashMap<char, Vec<Form>> = HashMap::new();
    for line in include_str!("../../data/detect/han.txt").lines() {
        let form = match line.split_once(' ') {
            Some(("hans", _)) => Form::Simplified,
            Some(("hant", _)) => Form::Traditional,
            Some(("ja", _)) => Form::Japanese,
            _ => continue,
        };
        for c in line.chars().filter(|c| !c.is_ascii()) {
            let forms = all.entry(c).or_default();
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    all.into_iter().filter(|(_, f)| f.len() == 1).map(|(c, f)| (c, f[0])).collect()
});

/// Simplified Chinese, traditional Chinese or Japanese without kana; simplified when nothing tells.
pub(super) fn told_apart(text: &str) -> (Lang, f32) {
    let count = |form| text.chars().filter(|c| FORMS.get(c) == Some(&form)).count() as f32;
    let (hans, hant, ja) = (count(Form::Simplified), count(Form::Traditional), count(Form::Japanese));
    let told = hans + hant + ja + 1.0;
    if ja > hans && ja * 2.0 >= hant {
        (Lang::JA, 0.6 * ja / told)
    } else if hant > hans {
        (Lang::ZH_HANT, (hant - hans) / told)
    } else {
        (Lang::ZH, 0.5 + (hans - hant) / told / 2.0)
    }
}
