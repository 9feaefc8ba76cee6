//! How like two sentences are.

use edisi_text::Lang;

use crate::token::{Token, tokens};
use crate::unit::plain;

/// What it costs to put a token in, take one out or replace it by one of another kind.
const EDIT: u32 = 10;
/// What it costs to replace a number by a number, or a name by a name.
const AKIN: u32 = 2;
/// What is not the same to the letter has at most this score.
const NOT_EQUAL: f32 = 0.99;

/// How like two sentences in `lang` are, 0 to 1: 1 when they are equal but for white space, else at most 0.99.
///
/// One minus the Levenshtein distance of their tokens over the number of tokens of the longer one. Upper and lower case
/// and punctuation do not count; a number in the place of another number, or a name in that of a name, counts a fifth.
///
/// ```
/// use edisi_memory::score;
/// use edisi_text::Lang;
///
/// let of = |a, b| score(a, b, Lang::ID);
/// assert_eq!(of("Harga beras naik.", "Harga  beras naik."), 1.0);
/// assert!(of("Harga beras naik 12 persen.", "Harga beras naik 15 persen.") > 0.9);
/// assert_eq!(of("Harga beras naik.", "Harga gula naik."), 2.0 / 3.0);
/// ```
pub fn score(a: &str, b: &str, lang: Lang) -> f32 {
    let (a, b) = (plain(a), plain(b));
    if a == b {
        return 1.0;
    }
    of_tokens(&tokens(&a, lang).list, &tokens(&b, lang).list, 0.0).unwrap_or(0.0)
}

/// The score of two unequal texts by their tokens; `None` where it is below `least`.
pub(crate) fn of_tokens(a: &[Token], b: &[Token], least: f32) -> Option<f32> {
    let longer = a.len().max(b.len());
    if longer == 0 {
        // Nothing but punctuation.
        return None;
    }
    let whole = (longer as u32 * EDIT) as f32;
    let most = ((1.0 - least) * whole).ceil() as u32;
    let distance = distance(a, b, most)?;
    let score = ((whole - distance as f32) / whole).min(NOT_EQUAL);
    (score >= least).then_some(score)
}

/// The cost of turning one into the other; `None` when it is above `most`. Only cells that `most` lets the cheapest way
/// pass through are computed.
fn distance(a: &[Token], b: &[Token], most: u32) -> Option<u32> {
    let band = (most / EDIT) as usize;
    if a.len().abs_diff(b.len()) > band {
        return None;
    }
    const FAR: u32 = u32::MAX / 2;
    let mut row: Vec<u32> = (0..=b.len()).map(|j| if j <= band { j as u32 * EDIT } else { FAR }).collect();
    for (i, &left) in a.iter().enumerate() {
        let (low, high) = ((i + 1).saturating_sub(band), (i + 1 + band).min(b.len()));
        let mut diagonal = row[low.saturating_sub(1)];
        if low == 0 {
            diagonal = row[0];
            row[0] = (i as u32 + 1) * EDIT;
        } else {
            row[low - 1] = FAR;
        }
        let mut best = if low == 0 { row[0] } else { FAR };
        for j in low.max(1)..=high {
            let right = b[j - 1];
            let change = match () {
                () if left == right => 0,
                () if left.is_akin(right) => AKIN,
                () => EDIT,
            };
            let above = if j == i + 1 + band { FAR } else { row[j] };
            let cost = (diagonal + change).min(above + EDIT).min(row[j - 1] + EDIT);
            diagonal = row[j];
            row[j] = cost;
            best = best.min(cost);
        }
        if best > most {
            return None;
        }
    }
    Some(row[b.len()]).filter(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, cell by cell.
    fn plainly(a: &[Token], b: &[Token]) -> u32 {
        let mut cells = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                cells[i][j] = match (i, j) {
                    (0, j) => j as u32 * EDIT,
                    (i, 0) => i as u32 * EDIT,
                    (i, j) => {
                        let (left, right) = (a[i - 1], b[j - 1]);
                        let change = if left == right {
                            0
                        } else if left.is_akin(right) {
                            AKIN
                        } else {
                            EDIT
                        };
                        (cells[i - 1][j - 1] + change).min(cells[i - 1][j] + EDIT).min(cells[i][j - 1] + EDIT)
                    }
                };
            }
        }
        cells[a.len()][b.len()]
    }

    fn some_tokens() -> impl Strategy<Value = Vec<Token>> {
        let token = (0u64..3, 0u64..4).prop_map(|(class, text)| Token(class << 32 | text));
        prop::collection::vec(token, 0..12)
    }

    proptest! {
        #[test]
        fn the_band_changes_nothing(a in some_tokens(), b in some_tokens(), most in 0u32..130) {
            let whole = plainly(&a, &b);
            prop_assert_eq!(distance(&a, &b, most), Some(whole).filter(|d| *d <= most));
        }
    }

    #[test]
    fn only_the_same_is_the_same() {
        let of = |a, b| score(a, b, Lang::ID);
        assert_eq!(of("Harga naik.", " Harga\u{a0}naik. "), 1.0);
        assert_eq!(of("Cafe\u{301} tutup.", "Café tutup."), 1.0);
        assert_eq!(of("Harga naik.", "Harga naik?"), NOT_EQUAL);
        let date = of("Pasar dibuka pada 12 Januari.", "Pasar dibuka pada 13 Januari.");
        assert!((0.9..1.0).contains(&date), "{date}");
        assert!(of("Pasar dibuka pada 12 Januari.", "Pasar ditutup pada 12 Januari.") < date);
        assert_eq!(of("Harga naik.", "Sungai meluap."), 0.0);
        assert_eq!(of("?", "!"), 0.0);
    }
}
