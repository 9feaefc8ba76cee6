//! What is known of Han characters: `data/names/han.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A Han character.
#[derive(Debug)]
pub(super) struct Character {
    /// Its simplified form; itself where there is none.
    pub simple: char,
    /// Mandarin, Japanese and Korean readings, in Latin letters without tones.
    pub readings: Vec<&'static str>,
    /// Ten times the log odds of standing in the transcription of a foreign name against standing in any text.
    pub foreign: i16,
}

/// Odds of characters that no transcription was seen with.
const NEVER: i16 = -45;

pub(super) static CHARACTERS: LazyLock<HashMap<char, Character>> = LazyLock::new(|| {
    let lines = include_str!("../../data/names/han.tsv").lines().filter(|l| !l.starts_with('#'));
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<(char, Character)> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().unwrap_or("");
    let c = cell().chars().next()?;
    let simple = cell().chars().next().unwrap_or(c);
    let pinyin = cell();
    let mut readings: Vec<&str> =
        cell().split(' ').chain(cell().split(' ')).filter(|r| !r.is_empty()).collect();
    readings.push(pinyin);
    let foreign = cell().parse().unwrap_or(NEVER);
    Some((c, Character { simple, readings, foreign }))
}

/// Log odds that Han characters write foreign sounds, against any text; 0 for other characters.
pub fn foreign_odds(text: &str) -> f32 {
    let odds = |c: char| CHARACTERS.get(&c).map_or(0.0, |h| f32::from(h.foreign) / 10.0);
    text.chars().filter(|c| super::fold::is_han(*c)).map(odds).sum()
}
