//! Units from TMX files, and as TMX writes them.
//!
//! A unit's translation carries who reviewed it and when; where it is from and the sentence before it are properties,
//! `x-origin` and `x-context`. What [`unit()`] writes, [`units`] reads again.
//!
//! ```
//! use edisi_bitext::tmx::{TmxWriter, read_tmx};
//! use edisi_memory::tmx::{self, Unsaid};
//! use edisi_memory::{Review, Unit};
//! use edisi_text::Lang;
//!
//! let known = Unit {
//!     pair: (Lang::ID, Lang::EN),
//!     source: "Harga naik.".into(),
//!     target: "Prices rise.".into(),
//!     review: Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse()? },
//!     origin: "pasar.html".into(),
//!     context: None,
//! };
//! let mut writer = TmxWriter::new(Vec::new(), &tmx::header([Lang::ID]))?;
//! writer.unit(&tmx::unit(known.clone()))?;
//! let file = read_tmx(&writer.finish()?)?;
//! let unsaid = Unsaid { by: "budi", at: "2026-11-03T08:00:00Z".parse()?, origin: "lama.tmx" };
//! assert_eq!(tmx::units(&file, (None, None), &unsaid).units, [known]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use edisi_bitext::tmx::{Tmx, TmxHeader, TmxUnit, TmxVariant};
use edisi_text::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::unit::plain;
use crate::{Review, Unit};

/// Properties of units.
const ORIGIN: &str = "x-origin";
const CONTEXT: &str = "x-context";
/// How TMX writes times.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// What is taken where a file does not say it.
#[derive(Debug, Clone, Copy)]
pub struct Unsaid<'a> {
    /// Who reviewed the translations.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// Where they are from.
    pub origin: &'a str,
}

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The units, in order: one for each translation.
    pub units: Vec<Unit>,
    /// Translations left out because they or their originals have no text.
    pub empty: usize,
    /// Units of the file left out because they have no original or no translation in the languages asked for.
    pub alone: usize,
}

impl Taken {
    /// How much was left out.
    pub fn skipped(&self) -> usize {
        self.empty + self.alone
    }
}

/// The translations in a file, `from` a language `into` a language. Without `from`, the original is in the language
/// that the unit names, else the header, else in the unit's first; without `into`, every other language counts.
pub fn units(tmx: &Tmx, (from, into): (Option<Lang>, Option<Lang>), unsaid: &Unsaid<'_>) -> Taken {
    let mut taken = Taken::default();
    for tu in &tmx.units {
        let original = match from.or(tu.source).or(tmx.source) {
            Some(lang) => tu.variants.iter().find(|v| v.lang == lang),
            None => tu.variants.first(),
        };
        let (units, empty) = (taken.units.len(), taken.empty);
        if let Some(original) = original {
            let wanted = |v: &&TmxVariant| v.lang != original.lang && into.is_none_or(|into| v.lang == into);
            for translation in tu.variants.iter().filter(wanted) {
                if plain(&original.text).is_empty() || plain(&translation.text).is_empty() {
                    taken.empty += 1;
                } else {
                    taken.units.push(between(tu, original, translation, unsaid));
                }
            }
        }
        taken.alone += usize::from((units, empty) == (taken.units.len(), taken.empty));
    }
    taken
}

fn between(tu: &TmxUnit, original: &TmxVariant, translation: &TmxVariant, unsaid: &Unsaid<'_>) -> Unit {
    Unit {
        pair: (original.lang, translation.lang),
        source: original.text.clone(),
        target: translation.text.clone(),
        review: Review {
            by: translation.by.clone().unwrap_or_else(|| unsaid.by.to_owned()),
            at: translation.at.as_deref().and_then(time).unwrap_or(unsaid.at),
        },
        origin: tu.prop(ORIGIN).unwrap_or(unsaid.origin).to_owned(),
        context: tu.prop(CONTEXT).map(str::to_owned),
    }
}

/// A time as TMX writes it.
fn time(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime(TIME, text).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The head of a file of units with originals in `sources`. It names their language where that is one and the same.
pub fn header(sources: impl IntoIterator<Item = Lang>) -> TmxHeader {
    let mut sources = sources.into_iter();
    let first = sources.next();
    let source = first.filter(|first| sources.all(|other| other == *first));
    TmxHeader { tool: "edisi".into(), version: env!("CARGO_PKG_VERSION").into(), source }
}

/// A unit as it stands in a file.
pub fn unit(unit: Unit) -> TmxUnit {
    let id = unit.id();
    let props = [(ORIGIN, Some(unit.origin).filter(|o| !o.is_empty())), (CONTEXT, unit.context)];
    let at = unit.review.at.strftime(TIME).to_string();
    TmxUnit {
        id,
        line: 0,
        source: Some(unit.pair.0),
        props: props.into_iter().filter_map(|(kind, text)| Some((kind.to_owned(), text?))).collect(),
        variants: vec![
            TmxVariant { lang: unit.pair.0, text: unit.source, by: None, at: None },
            TmxVariant { lang: unit.pair.1, text: unit.target, by: Some(unit.review.by), at: Some(at) },
        ],
    }
}

#[cfg(test)]
mod tests {
    use edisi_bitext::tmx::{TmxWriter, read_tmx};

    use super::*;

    fn unsaid() -> Unsaid<'static> {
        Unsaid { by: "budi", at: "2026-11-03T08:00:00Z".parse().unwrap(), origin: "file.tmx" }
    }

    /// A file with `units`, each as texts by language.
    fn file(source: Option<Lang>, units: &[&[(Lang, &str)]]) -> Tmx {
        let variant = |(lang, text): &(Lang, &str)| TmxVariant {
            lang: *lang,
            text: (*text).into(),
            by: None,
            at: None,
        };
        let unit = |texts: &&[(Lang, &str)]| TmxUnit {
            variants: texts.iter().map(variant).collect(),
            ..TmxUnit::default()
        };
        Tmx { source, units: units.iter().map(unit).collect() }
    }

    fn pairs(taken: &Taken) -> Vec<(Lang, Lang)> {
        taken.units.iter().map(|unit| unit.pair).collect()
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let at: Timestamp = "2026-11-02T08:00:05Z".parse().unwrap();
        assert_eq!(at.strftime(TIME).to_string(), "20261102T080005Z");
        assert_eq!(time("20261102T080005Z"), Some(at));
        assert_eq!(time("yesterday"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let known = Unit {
            pair: (Lang::ID, Lang::EN),
            source: "Pasar <baru> dibuka & ramai.".into(),
            target: "The <new> market opened & was busy.".into(),
            review: Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse().unwrap() },
            origin: "article/1".into(),
            context: Some("Sebelumnya.".into()),
        };
        let mut writer = TmxWriter::new(Vec::new(), &header([Lang::ID])).unwrap();
        writer.unit(&unit(known.clone())).unwrap();
        let tmx = read_tmx(&writer.finish().unwrap()).unwrap();
        let taken = units(&tmx, (None, None), &unsaid());
        assert_eq!((taken.skipped(), taken.units), (0, vec![known]));
    }

    #[test]
    fn what_a_file_does_not_say_is_filled_in() {
        let mut tmx = file(None, &[&[(Lang::ID, "Satu."), (Lang::EN, "One.")]]);
        let taken = units(&tmx, (None, None), &unsaid());
        let filled = &taken.units[0];
        assert_eq!((filled.review.by.as_str(), filled.review.at), ("budi", unsaid().at));
        assert_eq!((filled.origin.as_str(), &filled.context), ("file.tmx", &None));
        tmx.units[0].variants[1].at = Some("yesterday".into());
        assert_eq!(units(&tmx, (None, None), &unsaid()), taken);
    }

    #[test]
    fn the_language_of_originals_is_the_one_asked_for_else_of_the_unit_else_of_the_file_else_the_first() {
        let mut tmx = file(None, &[&[(Lang::ID, "Satu."), (Lang::EN, "One."), (Lang::JA, "一。")]]);
        let found = |tmx: &Tmx, asked| pairs(&units(tmx, asked, &unsaid()));
        assert_eq!(found(&tmx, (None, None)), [(Lang::ID, Lang::EN), (Lang::ID, Lang::JA)]);
        tmx.source = Some(Lang::EN);
        assert_eq!(found(&tmx, (None, None)), [(Lang::EN, Lang::ID), (Lang::EN, Lang::JA)]);
        tmx.units[0].source = Some(Lang::JA);
        assert_eq!(found(&tmx, (None, None)), [(Lang::JA, Lang::ID), (Lang::JA, Lang::EN)]);
        assert_eq!(found(&tmx, (Some(Lang::ID), Some(Lang::JA))), [(Lang::ID, Lang::JA)]);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let tmx = file(
            Some(Lang::ID),
            &[
                &[(Lang::ID, "Satu.")],
                &[(Lang::EN, "Two."), (Lang::JA, "二。")],
                &[(Lang::ID, "Tiga."), (Lang::EN, "Three."), (Lang::JA, " ")],
                &[(Lang::ID, ""), (Lang::EN, "Four.")],
            ],
        );
        let taken = units(&tmx, (None, None), &unsaid());
        assert_eq!(pairs(&taken), [(Lang::ID, Lang::EN)]);
        assert_eq!((taken.empty, taken.alone, taken.skipped()), (2, 2, 4));
        let taken = units(&tmx, (None, Some(Lang::JA)), &unsaid());
        assert_eq!((taken.units.len(), taken.empty, taken.alone), (0, 1, 3));
    }

    #[test]
    fn the_head_names_one_language_only() {
        assert_eq!(header([Lang::ID, Lang::ID]).source, Some(Lang::ID));
        assert_eq!(header([Lang::ID, Lang::EN, Lang::ID]).source, None);
        assert_eq!(header([]).source, None);
    }
}
