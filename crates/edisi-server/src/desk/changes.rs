//! What changed between two texts, as markup.

use edisi_article::{Article, escape_html};
use edisi_edition::units;
use edisi_text::Lang;
use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A sentence that changed, with what is gone in `<del>` and what is new in `<ins>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it was; empty when it is new. HTML.
    pub before: String,
    /// What it is; empty when it is gone. HTML.
    pub after: String,
}

/// What changed from one state of an article to another, sentence by sentence, in reading order.
pub fn of_articles(before: &Article, after: &Article, lang: Lang) -> Vec<Change> {
    of_sentences(&sentences(before, lang), &sentences(after, lang))
}

/// The sentences of an article, in reading order.
fn sentences(article: &Article, lang: Lang) -> Vec<String> {
    let units = units::units(article, lang);
    let all = units.iter().flat_map(|u| u.segments.iter().map(|range| u.text[range.clone()].to_owned()));
    all.collect()
}

fn of_sentences(before: &[String], after: &[String]) -> Vec<Change> {
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let (old, new) = (&before[op.old_range()], &after[op.new_range()]);
        for i in 0..old.len().max(new.len()) {
            out.push(of_texts(old.get(i).map_or("", String::as_str), new.get(i).map_or("", String::as_str)));
        }
    }
    out
}

/// What changed between two sentences, by words; by letters where there are no spaces.
pub fn of_texts(before: &str, after: &str) -> Change {
    let (a, b) = (words(before), words(after));
    let (mut old, mut new) = (String::new(), String::new());
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (gone, come) = (a[op.old_range()].concat(), b[op.new_range()].concat());
        match op {
            DiffOp::Equal { .. } => {
                old.push_str(&escape_html(&gone));
                new.push_str(&escape_html(&come));
            }
            _ => {
                set_off(&mut old, "del", &gone);
                set_off(&mut new, "ins", &come);
            }
        }
    }
    Change { before: old, after: new }
}

/// White space at the end stays outside of the element.
fn set_off(out: &mut String, element: &str, text: &str) {
    let word = text.trim_end();
    if !word.is_empty() {
        out.push_str(&format!("<{element}>{}</{element}>", escape_html(word)));
    }
    out.push_str(&escape_html(&text[word.len()..]));
}

/// Words with the white space behind them, and marks as words of their own, save those inside a word or number (`2,4`);
/// letters of scripts without spaces are words of their own.
fn words(text: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let is_word = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_alphanumeric());
    // A mark with letters or digits on both sides joins them.
    let joins =
        |i: usize| !is_word(i) && !chars[i].1.is_whitespace() && i > 0 && is_word(i - 1) && is_word(i + 1);
    let mut cuts = vec![0];
    for i in 1..chars.len() {
        let ((_, before), (at, c)) = (chars[i - 1], chars[i]);
        let after_space = before.is_whitespace() && !c.is_whitespace();
        let at_mark = is_word(i - 1) != is_word(i) && !c.is_whitespace() && !joins(i - 1) && !joins(i);
        if after_space || is_wide(before) || is_wide(c) || at_mark {
            cuts.push(at);
        }
    }
    cuts.push(text.len());
    cuts.dedup();
    cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::{Block, BlockKind};

    fn change(before: &str, after: &str) -> (String, String) {
        let Change { before, after } = of_texts(before, after);
        (before, after)
    }

    #[test]
    fn words_that_differ_are_set_off() {
        let (before, after) = change("Sebanyak 120 warga mengungsi.", "Sebanyak 210 warga mengungsi.");
        assert_eq!(before, "Sebanyak <del>120</del> warga mengungsi.");
        assert_eq!(after, "Sebanyak <ins>210</ins> warga mengungsi.");
        assert_eq!(change("水曜日に開く", "木曜日に開く").1, "<ins>木</ins>曜日に開く");
        assert_eq!(change("Rp2,4 miliar.", "Rp2,6 miliar!").1, "<ins>Rp2,6</ins> miliar<ins>!</ins>");
        assert_eq!(change("", "<b>").1, "<ins>&lt;b&gt;</ins>");
        assert_eq!(change("sama", "sama"), ("sama".into(), "sama".into()));
    }

    #[test]
    fn only_sentences_that_changed_are_listed() {
        let article = |texts: &[&str]| Article {
            title: Some("Jembatan dibuka".into()),
            blocks: texts.iter().map(|t| Block::plain(BlockKind::Paragraph, *t)).collect(),
            ..Article::default()
        };
        let old = article(&["Jembatan dibuka pada 3 Mei. Warga senang.", "Biayanya Rp2 miliar."]);
        let new = article(&[
            "Jembatan dibuka pada 4 Mei. Warga senang.",
            "Biayanya Rp2 miliar.",
            "Lalu lintas lancar.",
        ]);
        let changes = of_articles(&old, &new, Lang::ID);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].after, "Jembatan dibuka pada <ins>4</ins> Mei.");
        assert_eq!(
            changes[1],
            Change { before: String::new(), after: "<ins>Lalu lintas lancar.</ins>".into() }
        );
        assert_eq!(of_articles(&new, &new, Lang::ID), []);
    }
}
