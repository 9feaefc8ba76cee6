//! Translation Memory eXchange 1.4b: `tu` units with one `tuv` a language.

use edisi_text::Lang;

use crate::xml::{Step, Steps, attribute, tidy};
use crate::{Bitext, BitextError, Unit};

/// Elements whose content is code, not text.
const CODES: [&str; 5] = ["bpt", "ept", "ph", "it", "ut"];

/// A unit in all its languages.
struct Tu {
    id: String,
    line: usize,
    texts: Vec<(Lang, String)>,
}

pub(crate) fn read(text: &str, pair: Option<(Lang, Lang)>) -> Result<Bitext, BitextError> {
    let mut steps = Steps::new(text);
    let mut header: Option<Lang> = None;
    let mut units: Vec<Tu> = Vec::new();
    // The language of the open variant, its text, and how many code elements are open in it.
    let (mut lang, mut segment, mut codes): (Option<Lang>, Option<String>, usize) = (None, None, 0);
    loop {
        let line = steps.line();
        match steps.next()? {
            Step::End => break,
            Step::Open(name, element, empty) => match name.as_str() {
                "header" => header = attribute(&element, &["srclang"]).and_then(|l| l.parse().ok()),
                "tu" => {
                    let id = attribute(&element, &["tuid"]).unwrap_or_else(|| (units.len() + 1).to_string());
                    units.push(Tu { id, line, texts: Vec::new() });
                }
                "tuv" => lang = attribute(&element, &["xml:lang", "lang"]).and_then(|l| l.parse().ok()),
                "seg" if !empty => segment = Some(String::new()),
                name if CODES.contains(&name) && !empty => codes += 1,
                _ => {}
            },
            Step::Close(name) => match name.as_str() {
                "seg" => {
                    if let (Some(text), Some(lang), Some(tu)) = (segment.take(), lang, units.last_mut()) {
                        tu.texts.push((lang, tidy(&text)));
                    }
                    codes = 0;
                }
                "tuv" => lang = None,
                name if CODES.contains(&name) => codes = codes.saturating_sub(1),
                _ => {}
            },
            Step::Text(text) => {
                if let Some(segment) = segment.as_mut().filter(|_| codes == 0) {
                    segment.push_str(&text);
                }
            }
        }
    }
    let first = units.iter().find_map(|u| u.texts.first()).map(|t| t.0);
    let from = pair.map(|p| p.0).or(header).or(first);
    let others = || units.iter().flat_map(|u| &u.texts).map(|t| t.0);
    let to = pair.map(|p| p.1).or_else(|| others().find(|l| Some(*l) != from));
    let text = |tu: &Tu, lang: Option<Lang>| {
        let found = tu.texts.iter().find(|t| lang.is_some_and(|l| l.code() == t.0.code()));
        found.map(|t| t.1.clone())
    };
    let units = units.iter().filter_map(|tu| {
        let (source, target) = (text(tu, from), text(tu, to));
        let either = source.is_some() || target.is_some();
        let unit = |source: Option<String>, target: Option<String>| Unit {
            id: tu.id.clone(),
            line: tu.line,
            source: source.unwrap_or_default(),
            target: target.unwrap_or_default(),
        };
        either.then(|| unit(source, target))
    });
    Ok(Bitext { source: from, target: to, units: units.collect() })
}
