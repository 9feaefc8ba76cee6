//! Whether Han characters are read as a name written in Latin letters.

use std::ops::Range;

use super::{fold, han};

/// The stretch of Han characters in `text` that can be read as `name` (in `a` to `z`), in Mandarin, Japanese or
/// Korean: the bytes, `None` when there is none. Names of fewer than three letters are not looked for.
pub fn reads_as(text: &str, name: &str) -> Option<Range<usize>> {
    if name.len() < 3 || name.len() > 24 {
        return None;
    }
    let short = plain(name);
    find(text, name).or_else(|| if short == name { None } else { find(text, &short) })
}

fn find(text: &str, name: &str) -> Option<Range<usize>> {
    for (start, c) in text.char_indices() {
        if !fold::is_han(c) {
            continue;
        }
        // Letters of the name that may be read so far, as a set of lengths.
        let mut reached: u32 = 1;
        for (at, c) in text[start..].char_indices().take(6) {
            let Some(character) = han::CHARACTERS.get(&c) else { break };
            let mut next: u32 = 0;
            for from in (0..name.len()).filter(|i| reached & (1 << i) != 0) {
                for reading in &character.readings {
                    if name.as_bytes()[from..].starts_with(reading.as_bytes()) {
                        next |= 1 << (from + reading.len());
                    }
                }
            }
            if next & (1 << name.len()) != 0 {
                let end = start + at + c.len_utf8();
                // One character read as three letters is a coincidence in most texts.
                let chars = text[start..end].chars().count();
                if chars >= 2 || name.len() >= 5 {
                    return Some(start..end);
                }
            }
            if next == 0 {
                break;
            }
            reached = next;
        }
    }
    None
}

/// Long vowels as the readings have them.
fn plain(name: &str) -> String {
    name.replace("ou", "o").replace("oo", "o").replace("uu", "u")
}
