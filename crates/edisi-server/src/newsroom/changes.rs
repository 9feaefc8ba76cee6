//! What changed between two revisions of an article, sentence by sentence.

use edisi_article::Article;
use edisi_edition::units;
use edisi_text::Lang;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The sentences that were changed, in order: before and after; one of them empty where a sentence is new or gone.
pub(crate) fn between(before: &Article, after: &Article, lang: Lang) -> Vec<(String, String)> {
    let (before, after) = (sentences(before, lang), sentences(after, lang));
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (&before[op.old_range()], &after[op.new_range()]);
        for i in 0..old.len().max(new.len()) {
            let at = |list: &[String]| list.get(i).cloned().unwrap_or_default();
            out.push((at(old), at(new)));
        }
    }
    out
}

fn sentences(article: &Article, lang: Lang) -> Vec<String> {
    let units = units::units(article, lang);
    units.iter().flat_map(|u| u.segments.iter().map(|range| u.text[range.clone()].to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use edisi_article::{Block, BlockKind};

    use super::*;

    fn article(text: &str) -> Article {
        Article { blocks: vec![Block::plain(BlockKind::Paragraph, text)], ..Article::default() }
    }

    #[test]
    fn a_changed_sentence_stands_beside_what_it_was() {
        let before = article("Pasar dibuka Senin. Ada 312 kios. Warga senang.");
        let after = article("Pasar dibuka Senin. Ada 321 kios. Warga senang. Bupati hadir.");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            between(&before, &after, Lang::ID),
            [pair("Ada 312 kios.", "Ada 321 kios."), pair("", "Bupati hadir.")]
        );
        assert_eq!(between(&after, &after, Lang::ID), []);
    }
}
