//! Translations that are no translations.

use edisi_text::script::is_dense;

use super::{Clean, Corruption, between};
use crate::Random;
use crate::find::weight;

/// Texts shorter than this may be the same in both languages.
const ENOUGH: usize = 20;

pub(super) fn untranslated(clean: &Clean<'_>) -> Option<Corruption> {
    let enough = if clean.from.is_unspaced() { ENOUGH / 2 } else { ENOUGH };
    (weight(clean.source) >= enough).then(|| Corruption::new(clean.source.to_owned(), "source"))
}

pub(super) fn language(clean: &Clean<'_>, random: &mut Random) -> Option<Corruption> {
    let (lang, sentences) = random.pick(&clean.corpus.other)?;
    let text = random.pick(sentences)?;
    let enough = if lang.is_unspaced() { ENOUGH / 2 } else { ENOUGH };
    (weight(text) >= enough).then(|| Corruption::new(text.clone(), lang.to_string()))
}

pub(super) fn repeated(clean: &Clean<'_>, random: &mut Random) -> Option<Corruption> {
    let text = clean.target.trim();
    if weight(text) < ENOUGH / 2 {
        return None;
    }
    if random.below(3) == 0 {
        let times = 2 + random.below(2);
        let target = vec![text; times].join(between(clean.to));
        return Some(Corruption::new(target, format!("whole × {times}")));
    }
    let phrase = phrase(text, random)?;
    let times = 3 + random.below(3);
    let glue = if clean.to.is_unspaced() { "" } else { " " };
    let target = format!(
        "{}{}{}",
        &text[..phrase.start],
        vec![&text[phrase.clone()]; times].join(glue),
        &text[phrase.end..]
    );
    Some(Corruption::new(target, format!("{} × {times}", &text[phrase])))
}

/// Some words in a row, or some characters where words are not spaced.
fn phrase(text: &str, random: &mut Random) -> Option<std::ops::Range<usize>> {
    let mut tokens: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() || is_mark(c) {
            continue;
        }
        match tokens.last_mut() {
            Some(last) if last.end == at && !is_dense(c) && !text[..at].ends_with(is_dense) => last.end = end,
            _ => tokens.push(at..end),
        }
    }
    let dense = text.chars().filter(|c| is_dense(*c)).count() * 2 > weight(text);
    let length = if dense { 5 + random.below(5) } else { 3 + random.below(4) };
    let whole = |at: usize| {
        let (first, last) = (tokens.get(at)?, tokens.get(at + length - 1)?);
        let inside = &text[first.start..last.end];
        (!inside.contains(is_mark)).then_some(first.start..last.end)
    };
    let starts: Vec<std::ops::Range<usize>> = (0..tokens.len()).filter_map(whole).collect();
    random.pick(&starts).cloned()
}

/// Marks that a loop does not run across.
fn is_mark(c: char) -> bool {
    ".,;:!?()[]\"“”«»。、，；：！？（）「」『』،؛؟".contains(c)
}
