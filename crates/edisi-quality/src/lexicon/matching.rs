//! Words of one text paired off with words of another, each used once.
//!
//! [`Direction::evidence`] asks of a word whether a translation of it is anywhere. That is too kind to two sentences
//! laid beside the translation of one: what they share, a name above all, would be found for both. Here a word of
//! the translation answers for one word of the source.

use std::collections::HashMap;

use super::{ALIKE, Direction, SAME, STEM, Unit};

/// Numbers for word forms, the same on both sides of a text.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    ids: HashMap<String, u32>,
}

impl Forms {
    fn id(&mut self, form: &str) -> u32 {
        let next = self.ids.len() as u32;
        *self.ids.entry(form.to_owned()).or_insert(next)
    }
}

/// What a unit can be recognised by; equal tags of both sides are the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tag {
    /// A word of the table's side.
    Word(u32),
    /// A form, or ideographs.
    Form(u32),
    /// The beginning of a form.
    Stem(u32),
}

/// A unit looked up in a table.
#[derive(Debug, Clone)]
struct Known {
    /// First token of the piece and number of tokens.
    tokens: (usize, usize),
    /// Evidence that its translation is missing if none of its links is there.
    absent: f32,
    /// What it may answer to on the other side, the likeliest first, in nats.
    wants: Vec<(Tag, f32)>,
    /// What it is to the other side.
    tags: [Option<Tag>; 3],
}

/// A sentence looked up in a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looked {
    units: Vec<Known>,
    tokens: usize,
}

impl Looked {
    /// Looks up `units`, which stand in a piece of `tokens` tokens in the first language of `links`.
    pub(crate) fn new(units: &[Unit<'_>], tokens: usize, links: Direction<'_>, forms: &mut Forms) -> Looked {
        let here = &links.table.sides[links.from];
        let known = |unit: &Unit<'_>| {
            let word = here.get(&*unit.key);
            let linked = word.map_or(&[][..], |w| &links.table.links[links.from][w.links.clone()]);
            let mut wants: Vec<(Tag, f32)> = linked.iter().map(|l| (Tag::Word(l.0), l.1)).collect();
            let form = if unit.form.is_empty() { &unit.key } else { &unit.form };
            let same = Tag::Form(forms.id(form));
            wants.push((same, SAME));
            let stem = (!unit.form.is_empty() && form.len() >= STEM && form.is_char_boundary(STEM))
                .then(|| Tag::Stem(forms.id(&form[..STEM])));
            wants.extend(stem.map(|tag| (tag, ALIKE)));
            wants.sort_by(|a, b| b.1.total_cmp(&a.1));
            Known {
                tokens: unit.tokens,
                absent: word.map_or(0.0, |w| w.absent),
                wants,
                tags: [word.map(|w| Tag::Word(w.id)), Some(same), stem],
            }
        };
        Looked { units: units.iter().map(known).collect(), tokens }
    }
}

/// Some sentences of one side, ready to be matched.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    units: Vec<Known>,
    tokens: usize,
    /// Tags and the units that have them, sorted.
    index: Vec<(Tag, u32)>,
}

impl Crowd {
    /// The sentences `pieces` as one.
    pub(crate) fn new<'l>(pieces: impl IntoIterator<Item = &'l Looked>) -> Crowd {
        let mut crowd = Crowd::default();
        for piece in pieces {
            let moved = |unit: &Known| Known {
                tokens: (unit.tokens.0 + crowd.tokens, unit.tokens.1),
                ..unit.clone()
            };
            crowd.units.extend(piece.units.iter().map(moved));
            crowd.tokens += piece.tokens;
        }
        for (at, unit) in crowd.units.iter().enumerate() {
            crowd.index.extend(unit.tags.iter().flatten().map(|tag| (*tag, at as u32)));
        }
        crowd.index.sort_unstable();
        crowd
    }

    /// How many tokens there are.
    pub(crate) fn tokens(&self) -> usize {
        self.tokens
    }

    fn having(&self, tag: Tag) -> impl Iterator<Item = &Known> {
        let from = self.index.partition_point(|e| e.0 < tag);
        self.index[from..].iter().take_while(move |e| e.0 == tag).map(|e| &self.units[e.1 as usize])
    }
}

/// How far the words of one side are found on the other, in nats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Matched {
    /// For them: the strengths of what was found.
    pub found: f32,
    /// Against them: what should be there and is not.
    pub absent: f32,
    /// Against them, but less: what is there and answers for another word already.
    pub used: f32,
}

/// Pairs off the words of `here` with those of `there`, the surest first; `chance` is taken off each strength.
pub(crate) fn matched(here: &Crowd, there: &Crowd, chance: f32) -> Matched {
    let best = |unit: &Known| unit.wants.iter().find(|w| there.having(w.0).next().is_some()).map(|w| w.1);
    let mut order: Vec<(f32, usize)> =
        here.units.iter().enumerate().map(|(at, unit)| (best(unit).unwrap_or(0.0), at)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // Per token of either side: the token on the other side it was paired with first; per token of this side
    // besides: strength, and what is against it.
    let mut paired: Vec<Option<usize>> = vec![None; here.tokens];
    let mut taken = vec![false; there.tokens];
    let mut signs = vec![(0.0f32, 0.0f32, false); here.tokens];
    for (strength, at) in order {
        let unit = &here.units[at];
        let span = unit.tokens.0..unit.tokens.0 + unit.tokens.1;
        if strength == 0.0 {
            for sign in &mut signs[span] {
                sign.1 = sign.1.max(unit.absent);
            }
            continue;
        }
        if signs[span.clone()].iter().all(|s| s.0 > 0.0) {
            continue;
        }
        // Several tokens beside each other may be one word on the other side.
        let beside = [span.start.checked_sub(1), Some(span.end)];
        let shared = |to: usize| {
            beside
                .into_iter()
                .flatten()
                .chain(span.clone())
                .any(|t| paired.get(t).copied().flatten() == Some(to))
        };
        let free = |other: &Known| {
            let to = other.tokens.0..other.tokens.0 + other.tokens.1;
            taken[to.clone()].iter().any(|t| !t) || shared(to.start)
        };
        let hit = unit.wants.iter().find_map(|(tag, nats)| {
            there
                .having(*tag)
                .find(|other| free(other))
                .map(|other| (other.tokens, (*nats - chance).max(0.0)))
        });
        match hit {
            Some(((start, len), nats)) => {
                taken[start..start + len].fill(true);
                for token in span {
                    paired[token].get_or_insert(start);
                    signs[token].0 = signs[token].0.max(nats.max(f32::MIN_POSITIVE));
                }
            }
            None => {
                for sign in &mut signs[span] {
                    (sign.1, sign.2) = (sign.1.max(unit.absent), true);
                }
            }
        }
    }
    signs.into_iter().fold(Matched::default(), |mut sum, (found, against, used)| {
        match (found > 0.0, used) {
            (true, _) => sum.found += found,
            (false, true) => sum.used += against,
            (false, false) => sum.absent += against,
        }
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tokens;
    use crate::lexicon::units;
    use edisi_text::Lang;

    fn both(here: &[&str], there: &[&str]) -> Matched {
        let links = Direction::of(Lang::ID, Lang::EN).expect("a built-in table");
        let mut forms = Forms::default();
        let mut look = |text: &&str, lang, links| {
            let tokens = tokens(text);
            Looked::new(&units(text, &tokens, lang), tokens.len(), links, &mut forms)
        };
        let here: Vec<Looked> = here.iter().map(|t| look(t, Lang::ID, links)).collect();
        let there: Vec<Looked> = there.iter().map(|t| look(t, Lang::EN, links.back())).collect();
        matched(&Crowd::new(&here), &Crowd::new(&there), 0.0)
    }

    #[test]
    fn a_word_answers_once() {
        let once = both(&["Rahmatia pulang."], &["Rahmatia went home."]);
        let twice = both(&["Rahmatia pulang.", "Rahmatia tidur."], &["Rahmatia went home."]);
        let each =
            both(&["Rahmatia pulang.", "Rahmatia tidur."], &["Rahmatia went home.", "Rahmatia slept."]);
        assert!(once.found >= SAME);
        assert!(twice.found < once.found + SAME, "{twice:?}");
        assert!(each.found >= once.found + SAME, "{each:?}");
    }

    #[test]
    fn what_is_missing_counts_against() {
        let there =
            both(&["Pemerintah menaikkan harga beras."], &["The government raised the price of rice."]);
        let gone = both(&["Pemerintah menaikkan harga beras."], &["Twelve birds sang."]);
        assert!(there.found > gone.found && there.absent < gone.absent, "{there:?} {gone:?}");
    }
}
