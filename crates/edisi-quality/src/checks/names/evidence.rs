//! What speaks for a name being on the other side, and against it, as numbers that the trees ask for.

use edisi_text::Lang;
use edisi_text::name::{
    Cue, Letters, Name, NameKind, arabic_name_odds, begins, foreign_odds, is_definite, is_ordinary, is_part,
};

use super::beside;
use super::presence::{Match, View, Word, look};

/// What the trees ask for; see `Evidence::features`.
pub const FEATURES: usize = 72;

/// A name of one side and what the other side has of it.
#[derive(Debug, Clone)]
pub(super) struct Evidence<'v> {
    pub name: &'v Name,
    /// How well it fits the place it fits best.
    pub best: Match,
    /// The same of the part of it that fits worst.
    worst: f32,
    /// How far the word links find it: see [`Links`].
    links: Links,
}

/// What the word links say of the words of a name.
#[derive(Debug, Clone, Copy, Default)]
struct Links {
    /// The strongest link found, and the mean of what was found, in nats.
    found: (f32, f32),
    /// Mean evidence that the words' translations are missing, in nats.
    absent: f32,
    /// Share of the words of which nothing is known.
    unknown: f32,
}

/// The names of a side that nothing of the other side answers to.
#[derive(Debug, Default)]
pub(super) struct Idle {
    /// Where those are that are more than an ordinary word with a capital: shares of the text before them.
    places: Vec<f32>,
    /// How many are such words.
    common: usize,
}

impl Idle {
    pub(super) fn of(all: &[Evidence<'_>], own: &View<'_>) -> Idle {
        let mut idle = Idle::default();
        for one in all.iter().filter(|e| !e.is_there()) {
            if one.is_idle() {
                idle.places.push(own.place(one.name.range.start));
            } else {
                idle.common += usize::from(one.name.cue == Cue::Common);
            }
        }
        idle
    }

    /// How far the nearest one is from a place, 1 where there is none.
    fn nearest(&self, place: f32) -> f32 {
        self.places.iter().map(|p| (p - place).abs()).fold(1.0, f32::min)
    }
}

impl<'v> Evidence<'v> {
    pub(super) fn of(name: &'v Name, own: &View<'_>, other: &View<'_>) -> Evidence<'v> {
        let (best, worst) = look(name, own, other);
        Evidence { name, best, worst, links: links(name, own) }
    }

    /// Whether something of the other side very likely is this name.
    pub(super) fn is_there(&self) -> bool {
        self.best.score() >= 0.6 || self.best.kin || self.links.found.0 >= 1.5
    }

    /// Whether nothing answers to the name, and it is more than an ordinary word with a capital.
    pub(super) fn is_idle(&self) -> bool {
        self.name.cue > Cue::Weak && !self.is_there()
    }

    /// What speaks for the name being absent. `idle` are the names of its own side and of the other that nothing
    /// answers to; `length` is how far the other side is longer than usual (above 0) or shorter, in standard
    /// deviations.
    pub(super) fn features(
        &self,
        own: &View<'_>,
        other: &View<'_>,
        idle: [&Idle; 2],
        length: f32,
    ) -> [f32; FEATURES] {
        let flag = |is: bool| f32::from(u8::from(is));
        let length = length.clamp(-3.0, 3.0);
        let best = &self.best;
        let base = best.score();
        let over = |limit: f32| (base - limit).max(0.0);
        let words: Vec<&Word> = own.words_in(&self.name.range).collect();
        let letters: usize = words.iter().map(|w| w.key.chars().count()).sum();
        let name = self.name;
        let known = name.cue == Cue::Known;
        let foreign_letters = words.first().is_some_and(|w| w.letters == Letters::Latin)
            && matches!(own.lang.code(), "zh" | "ja" | "ar");
        let french = own.lang.code() == "fr" || other.lang.code() == "fr";
        let is_name = words.iter().any(|w| is_part(&w.key));
        // Latin words in texts in other letters are mostly English.
        let lang = if foreign_letters { Lang::EN } else { own.lang };
        let ordinary = words.iter().all(|w| is_ordinary(&w.key, lang));
        let dot = |c: Option<char>| c.is_some_and(|c| "·・•‧＝･".contains(c));
        let dotted = dot(own.text[..name.range.start].chars().next_back())
            || dot(own.text[name.range.end..].chars().next());
        let shapes = words
            .iter()
            .filter(|w| w.letters == Letters::Arabic)
            .flat_map(|w| begins(w).map(|at| arabic_name_odds(&w.key[at..])));
        let foreign = shapes.reduce(f32::max).unwrap_or_else(|| foreign_odds(&own.text[name.range.clone()]));
        let foreign = foreign.clamp(-10.0, 20.0);
        // What goes on in such characters may be a part of a longer name.
        let goes_on = |c: Option<char>| c.is_some_and(|c| foreign_odds(c.encode_utf8(&mut [0; 4])) > 2.5);
        let inside = goes_on(own.text[..name.range.start].chars().next_back())
            || goes_on(own.text[name.range.end..].chars().next());
        let definite = words.iter().all(|w| w.letters == Letters::Arabic && is_definite(w));
        let idle_here = idle[0].places.len() - usize::from(self.is_idle());
        let idle_there = idle[1].places.len().min(3) as f32;
        let (before, behind) = own.beside(&name.range);
        let links = &self.links;
        let (gap, near) = (other.surest_gap(None), other.surest_gap(Some(own.place(name.range.start))));
        // A name that is given twice may have been dropped once.
        let fewer = own.mentions(&name.entries).saturating_sub(other.mentions(&name.entries)).min(3) as f32;
        [
            flag(best.known),
            flag(best.form),
            flag(best.alike >= 0.99),
            best.alike,
            best.share,
            (best.odds / 10.0).min(2.0),
            flag(best.read),
            base,
            over(0.3),
            over(0.5),
            over(0.75),
            self.worst,
            (self.worst - 0.5).max(0.0),
            links.found.0 / 4.0,
            links.found.1 / 4.0,
            links.absent / 2.0,
            links.unknown,
            flag(links.found.0 > 0.0).max(base) * flag(base < 0.5),
            links.absent * (1.0 - base),
            links.unknown * (1.0 - base),
            (letters as f32).ln(),
            (letters as f32).ln() * (1.0 - base),
            idle_here.min(3) as f32,
            idle_there,
            idle_there * flag(base < 0.5),
            flag(words.len() > 1),
            flag(name.cue == Cue::Known && name.kind == NameKind::Person),
            flag(known && name.kind.is_place()),
            flag(known && name.kind != NameKind::Person && !name.kind.is_place()),
            flag(name.cue == Cue::Title),
            flag(name.cue == Cue::Capital),
            flag(name.cue == Cue::Transcribed),
            flag(name.cue == Cue::Acronym),
            flag(name.cue == Cue::Common),
            flag(foreign_letters),
            flag(french),
            flag(best.form) * (1.0 - base),
            flag(best.listed),
            flag(best.listable),
            flag(best.listable) * (1.0 - base),
            flag(is_name),
            flag(ordinary),
            flag(ordinary) * (1.0 - base),
            flag(ordinary) * links.unknown,
            other.spare.absent.ln_1p() * (1.0 - base),
            own.spare.absent.ln_1p() * (1.0 - base),
            other.spare.found * (1.0 - base),
            own.spare.found * (1.0 - base),
            length * (1.0 - base),
            -length.min(0.0) * (1.0 - base),
            flag(best.kin),
            flag(beside::may_be_left_out(name, own)),
            flag(inside),
            flag(inside) * (1.0 - base),
            flag(dotted),
            flag(dotted) * (1.0 - base),
            foreign / 10.0,
            foreign / 10.0 * (1.0 - base),
            flag(definite),
            flag(links.found.0 > 0.0) * flag(base < 0.5),
            flag(links.absent > 0.0) * flag(is_name),
            gap,
            gap * (1.0 - base),
            near,
            near * (1.0 - base),
            own.surest_gap(None),
            best.whole,
            fewer,
            idle[1].nearest(own.place(name.range.start)),
            idle[1].common.min(3) as f32,
            before,
            behind,
        ]
    }
}

fn links(name: &Name, own: &View<'_>) -> Links {
    let mut out = Links::default();
    let mut count = 0.0f32;
    let tokens = own.tokens.iter().zip(own.cover);
    for (_, evidence) in
        tokens.filter(|(t, _)| t.range.start < name.range.end && name.range.start < t.range.end)
    {
        count += 1.0;
        if *evidence < 0.0 {
            out.found.0 = out.found.0.max(-evidence);
            out.found.1 -= evidence;
        } else if *evidence > 0.0 {
            out.absent += evidence;
        } else {
            out.unknown += 1.0;
        }
    }
    let count = count.max(1.0);
    Links {
        found: (out.found.0, out.found.1 / count),
        absent: out.absent / count,
        unknown: out.unknown / count,
    }
}
