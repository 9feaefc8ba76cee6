//! Reading: `tu` units with one `tuv` a language.

use edisi_text::Lang;
use quick_xml::events::BytesStart;

use super::{Tmx, TmxUnit, TmxVariant};
use crate::xml::{Step, Steps, attribute, tidy};
use crate::{Bitext, BitextError, Unit};

/// Elements whose content is code, not text.
const CODES: [&str; 5] = ["bpt", "ept", "ph", "it", "ut"];

/// Who and when, of a unit or a variant.
type Change = (Option<String>, Option<String>);

pub(super) fn units(text: &str) -> Result<Tmx, BitextError> {
    let mut steps = Steps::new(text);
    let mut tmx = Tmx::default();
    let mut of_unit: Change = (None, None);
    // The open variant, its text and how many code elements are open in it; the open property of a unit.
    let mut variant: Option<(Lang, Change)> = None;
    let (mut segment, mut codes, mut in_variant): (Option<String>, usize, bool) = (None, 0, false);
    let mut prop: Option<(String, String)> = None;
    loop {
        let line = steps.line();
        match steps.next()? {
            Step::End => return Ok(tmx),
            Step::Open(name, element, empty) => match name.as_str() {
                "header" => tmx.source = attribute(&element, &["srclang"]).and_then(|l| l.parse().ok()),
                "tu" => {
                    let id =
                        attribute(&element, &["tuid"]).unwrap_or_else(|| (tmx.units.len() + 1).to_string());
                    let source = attribute(&element, &["srclang"]).and_then(|l| l.parse().ok());
                    of_unit = change(&element);
                    tmx.units.push(TmxUnit { id, line, source, ..TmxUnit::default() });
                }
                "tuv" => {
                    let lang = attribute(&element, &["xml:lang", "lang"]).and_then(|l| l.parse().ok());
                    variant = lang.map(|lang| (lang, change(&element)));
                    in_variant = !empty;
                }
                "prop" if !in_variant && !empty => {
                    prop = attribute(&element, &["type"]).map(|kind| (kind, String::new()));
                }
                "seg" if !empty => segment = Some(String::new()),
                name if CODES.contains(&name) && !empty => codes += 1,
                _ => {}
            },
            Step::Close(name) => match name.as_str() {
                "seg" => {
                    if let (Some(text), Some((lang, own)), Some(tu)) =
                        (segment.take(), variant.take(), tmx.units.last_mut())
                    {
                        let (by, at) = (own.0.or(of_unit.0.clone()), own.1.or(of_unit.1.clone()));
                        tu.variants.push(TmxVariant { lang, text: tidy(&text), by, at });
                    }
                    codes = 0;
                }
                "tuv" => in_variant = false,
                "prop" => {
                    if let (Some((kind, text)), Some(tu)) = (prop.take(), tmx.units.last_mut()) {
                        tu.props.push((kind, tidy(&text)));
                    }
                }
                name if CODES.contains(&name) => codes = codes.saturating_sub(1),
                _ => {}
            },
            Step::Text(text) => match (&mut segment, &mut prop) {
                (Some(segment), _) if codes == 0 => segment.push_str(&text),
                (None, Some((_, said))) => said.push_str(&text),
                _ => {}
            },
        }
    }
}

/// Who changed an element last, or made it, and when.
fn change(element: &BytesStart<'_>) -> Change {
    let value = |name: &str| attribute(element, &[name]).filter(|v| !v.is_empty());
    (value("changeid").or_else(|| value("creationid")), value("changedate").or_else(|| value("creationdate")))
}

pub(crate) fn read(text: &str, pair: Option<(Lang, Lang)>) -> Result<Bitext, BitextError> {
    let tmx = units(text)?;
    let first = tmx.units.iter().find_map(|u| u.variants.first()).map(|t| t.lang);
    let from = pair.map(|p| p.0).or(tmx.source).or(first);
    let others = || tmx.units.iter().flat_map(|u| &u.variants).map(|t| t.lang);
    let to = pair.map(|p| p.1).or_else(|| others().find(|l| Some(*l) != from));
    let text = |tu: &TmxUnit, lang: Option<Lang>| {
        let found = tu.variants.iter().find(|t| lang.is_some_and(|l| l.code() == t.lang.code()));
        found.map(|t| t.text.clone())
    };
    let units = tmx.units.iter().filter_map(|tu| {
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
