//! XLIFF: `trans-unit` in 1.2, `segment` inside `unit` in 2.x.

use crate::xml::{Step, Steps, attribute, tidy};
use crate::{Bitext, BitextError, Unit};

/// Elements of a unit that are not its text: codes of 1.2, other people's translations, notes.
const SKIPPED: [&str; 9] =
    ["bpt", "ept", "ph", "it", "alt-trans", "note", "originalData", "seg-source", "matches"];

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Source,
    Target,
}

pub(crate) fn read(text: &str) -> Result<Bitext, BitextError> {
    let mut steps = Steps::new(text);
    let mut out = Bitext::default();
    let (mut unit, mut part, mut skipped): (Option<Unit>, Option<Part>, usize) = (None, None, 0);
    // The name of the unit around segments.
    let mut outer = String::new();
    loop {
        let line = steps.line();
        match steps.next()? {
            Step::End => break,
            Step::Open(name, element, empty) => match name.as_str() {
                "xliff" | "file" => {
                    let lang = |names: &[&str]| attribute(&element, names).and_then(|l| l.parse().ok());
                    out.source = out.source.or(lang(&["srcLang", "source-language"]));
                    out.target = out.target.or(lang(&["trgLang", "target-language"]));
                }
                "unit" => outer = attribute(&element, &["id"]).unwrap_or_default(),
                "trans-unit" | "segment" if !empty => {
                    let own = attribute(&element, &["id"]);
                    let id = match (outer.is_empty(), own) {
                        (true, Some(own)) => own,
                        (true, None) => (out.units.len() + 1).to_string(),
                        (false, Some(own)) => format!("{outer}/{own}"),
                        (false, None) => outer.clone(),
                    };
                    unit = Some(Unit { id, line, ..Unit::default() });
                }
                "source" if skipped == 0 && !empty => part = Some(Part::Source),
                "target" if skipped == 0 && !empty => part = Some(Part::Target),
                name if SKIPPED.contains(&name) && !empty => skipped += 1,
                _ => {}
            },
            Step::Close(name) => match name.as_str() {
                "trans-unit" | "segment" => out.units.extend(unit.take().map(|unit| Unit {
                    source: tidy(&unit.source),
                    target: tidy(&unit.target),
                    ..unit
                })),
                "unit" => outer.clear(),
                "source" | "target" if skipped == 0 => part = None,
                name if SKIPPED.contains(&name) => skipped = skipped.saturating_sub(1),
                _ => {}
            },
            Step::Text(text) => {
                if let (Some(unit), Some(part), 0) = (unit.as_mut(), part, skipped) {
                    let side = if part == Part::Source { &mut unit.source } else { &mut unit.target };
                    side.push_str(&text);
                }
            }
        }
    }
    Ok(out)
}
