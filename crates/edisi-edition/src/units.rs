//! The texts of an article that an edition translates, and their segments.

use std::ops::Range;

use edisi_article::{Article, BlockKind};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::markup::{self, Inline};

/// Where in the article a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Place {
    /// The headline.
    Title,
    /// The stand-first.
    Description,
    /// A block of the body.
    Block {
        /// Index into the article's blocks.
        block: usize,
    },
    /// One cell of a table row.
    Cell {
        /// Index of the row into the article's blocks.
        block: usize,
        /// Column, from 0.
        column: usize,
    },
    /// The caption of a picture.
    Caption {
        /// Index into the article's images.
        image: usize,
    },
    /// The text alternative of a picture.
    Alt {
        /// Index into the article's images.
        image: usize,
    },
}

impl Place {
    /// The block it is in, if it is in the body.
    pub fn block(&self) -> Option<usize> {
        match *self {
            Place::Block { block } | Place::Cell { block, .. } => Some(block),
            _ => None,
        }
    }
}

/// One text and its segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Where it stands.
    pub place: Place,
    /// The text, as the article has it.
    pub text: String,
    /// Its inline markup.
    pub markup: Vec<Inline>,
    /// Its sentences, as byte ranges into `text`, in order, not overlapping, none of them blank.
    pub segments: Vec<Range<usize>>,
    /// Whether the first segment is the story's dateline, which editions keep as written.
    pub dateline: bool,
}

/// Takes an article apart, in reading order. Texts without a single sentence are left out.
pub fn units(article: &Article, lang: Lang) -> Vec<Unit> {
    let first = article.blocks.iter().position(|b| b.kind == BlockKind::Paragraph);
    let mut out = Vec::new();
    let mut add = |place: Place, text: &str, markup: Vec<Inline>| {
        let by_line =
            matches!(place, Place::Block { block } if article.blocks[block].kind == BlockKind::Preformatted);
        let dateline = match place {
            Place::Block { block } if Some(block) == first => dateline(article, text),
            _ => None,
        };
        let start = dateline.as_ref().map_or(0, |d| d.end);
        let sentences =
            segment(&text[start..], lang, by_line).into_iter().map(|s| start + s.start..start + s.end);
        let segments: Vec<Range<usize>> = dateline.clone().into_iter().chain(sentences).collect();
        if !segments.is_empty() {
            out.push(Unit { place, text: text.to_owned(), markup, segments, dateline: dateline.is_some() });
        }
    };
    if let Some(title) = &article.title {
        add(Place::Title, title, Vec::new());
    }
    if let Some(description) = &article.description {
        add(Place::Description, description, Vec::new());
    }
    for (block, b) in article.blocks.iter().enumerate() {
        let markup = markup::read(&b.html, &b.text).unwrap_or_default();
        if b.kind != BlockKind::TableRow {
            add(Place::Block { block }, &b.text, markup);
            continue;
        }
        let mut start = 0;
        for (column, cell) in b.text.split('\t').enumerate() {
            let end = start + cell.len();
            let inside = markup.iter().filter(|s| start <= s.range.start && s.range.end <= end);
            let inside =
                inside.map(|s| Inline { range: s.range.start - start..s.range.end - start, ..s.clone() });
            add(Place::Cell { block, column }, cell, inside.collect());
            start = end + 1;
        }
    }
    for (image, i) in article.images.iter().enumerate() {
        if let Some(caption) = &i.caption {
            add(Place::Caption { image }, caption, Vec::new());
        }
        if let Some(alt) = &i.alt {
            add(Place::Alt { image }, alt, Vec::new());
        }
    }
    out
}

/// Longest dateline with what stands between the place and the dash, in bytes.
const MAX_DATELINE: usize = 120;

/// Where the dateline of the story's first paragraph stands, its dash included: `ASTANA, Kazakhstan (Reuters) –`.
/// A model would translate the place as part of the sentence, or drop it.
fn dateline(article: &Article, text: &str) -> Option<Range<usize>> {
    let place = article.dateline.as_deref().filter(|place| !place.is_empty())?;
    let after = text.strip_prefix(place)?;
    let dash =
        ["-", "--", "–", "—"].iter().filter_map(|d| Some((after.find(&format!(" {d} "))?, d.len()))).min()?;
    let end = place.len() + dash.0 + 1 + dash.1;
    (end <= MAX_DATELINE && !text[end..].trim().is_empty()).then_some(0..end)
}

/// The sentences of a text, trimmed; with `by_line` every line break ends one.
pub(crate) fn segment(text: &str, lang: Lang, by_line: bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(if by_line { '\n' } else { '\0' }) {
        for range in edisi_text::sentences(line, lang) {
            let sentence = &line[range.clone()];
            let trimmed = sentence.trim_start();
            let from = start + range.start + (sentence.len() - trimmed.len());
            let len = trimmed.trim_end().len();
            if len > 0 {
                out.push(from..from + len);
            }
        }
        start += line.len();
    }
    out
}

/// Whether there is anything to translate in `text`: a letter outside addresses and handles.
pub fn is_translatable(text: &str) -> bool {
    text.split_whitespace().any(|word| !is_address(word) && word.chars().any(char::is_alphabetic))
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '#' | '/'));
    let lower = word.to_ascii_lowercase();
    if lower.contains("://") || lower.starts_with("www.") {
        return true;
    }
    if let Some(handle) = lower.strip_prefix('@') {
        return handle.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    }
    match lower.split_once('@') {
        Some((user, host)) => !user.is_empty() && host.contains('.') && lower.is_ascii(),
        None => false,
    }
}

/// Puts translated segments of one text together again.
///
/// Between two segments stands a space, or nothing where both sides are written without spaces; a line break
/// of the source between them is kept; a space always follows a dateline. Returns the text and each segment's byte range in it.
pub fn join(unit: &Unit, translated: &[&str], target: Lang) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut ranges = Vec::with_capacity(translated.len());
    for (i, part) in translated.iter().enumerate() {
        if i > 0 {
            let gap = &unit.text[unit.segments[i - 1].end..unit.segments[i].start];
            if gap.contains('\n') {
                text.push('\n');
            } else if (unit.dateline && i == 1) || needs_space(&text, part, target) {
                text.push(' ');
            }
        }
        let start = text.len();
        text.push_str(part);
        ranges.push(start..text.len());
    }
    (text, ranges)
}

/// Whether sentences that end and begin like this have a space between them.
pub(crate) fn needs_space(before: &str, after: &str, target: Lang) -> bool {
    let (Some(a), Some(b)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    !target.is_unspaced() || !(is_wide(a) || is_wide(b))
}

/// Han, kana, Hangul and full-width forms: what is set without spaces around it.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::{Block, Image};

    #[test]
    fn a_dateline_is_a_segment_of_its_own() {
        let with = |dateline: &str, text: &str| {
            let article = Article {
                dateline: Some(dateline.into()),
                blocks: vec![
                    Block::plain(BlockKind::Paragraph, text),
                    Block::plain(BlockKind::Paragraph, text),
                ],
                ..Article::default()
            };
            units(&article, Lang::ID)
        };
        let cut = with("MUARA SENTANI", "MUARA SENTANI, Kabar (9/3) – Pasar dibuka. Warga senang.");
        let text = |r: &Range<usize>| cut[0].text[r.clone()].to_owned();
        let texts: Vec<String> = cut[0].segments.iter().map(text).collect();
        assert_eq!(texts, ["MUARA SENTANI, Kabar (9/3) –", "Pasar dibuka.", "Warga senang."]);
        assert!(cut[0].dateline && !cut[1].dateline);
        assert_eq!(
            join(&cut[0], &["MUARA SENTANI –", "市场开放。"], Lang::ZH).0,
            "MUARA SENTANI – 市场开放。"
        );
        // The place alone, or no dash: nothing is kept from translation.
        assert!(!with("Jakarta", "Jakarta macet lagi hari ini.")[0].dateline);
        assert!(!with("Jakarta", "Jakarta - ")[0].dateline);
    }
    use proptest::prelude::*;

    fn article() -> Article {
        Article {
            title: Some("Harga beras naik".into()),
            blocks: vec![
                Block::plain(BlockKind::Paragraph, "Harga naik. Warga mengeluh! Benarkah?"),
                Block::plain(BlockKind::TableRow, "Kota\t9.900\t"),
                Block::plain(BlockKind::Preformatted, "baris satu\nbaris dua"),
                Block::plain(BlockKind::Paragraph, "  "),
            ],
            images: vec![Image { caption: Some("Pasar pagi.".into()), ..Image::default() }],
            ..Article::default()
        }
    }

    #[test]
    fn every_text_is_found_in_order() {
        let units = units(&article(), Lang::ID);
        let seen: Vec<(Place, Vec<&str>)> = units
            .iter()
            .map(|u| (u.place, u.segments.iter().map(|r| &u.text[r.clone()]).collect()))
            .collect();
        assert_eq!(
            seen,
            [
                (Place::Title, vec!["Harga beras naik"]),
                (Place::Block { block: 0 }, vec!["Harga naik.", "Warga mengeluh!", "Benarkah?"]),
                (Place::Cell { block: 1, column: 0 }, vec!["Kota"]),
                (Place::Cell { block: 1, column: 1 }, vec!["9.900"]),
                (Place::Block { block: 2 }, vec!["baris satu", "baris dua"]),
                (Place::Caption { image: 0 }, vec!["Pasar pagi."]),
            ]
        );
    }

    #[test]
    fn markup_of_a_row_goes_to_its_cells() {
        let mut article = article();
        article.blocks[1].html = "<strong>Kota</strong>\t<em>9.900</em>\t".into();
        let units = units(&article, Lang::ID);
        assert_eq!(units[2].markup, [Inline { tag: "strong", href: None, range: 0..4 }]);
        assert_eq!(units[3].markup, [Inline { tag: "em", href: None, range: 0..5 }]);
    }

    #[test]
    fn numbers_addresses_and_marks_are_not_translated() {
        for text in [
            "9.900",
            "2–1",
            "https://contoh.example/berita?id=1",
            "redaksi@contoh.example",
            "@contoh_id",
            "—",
            "🙂",
        ] {
            assert!(!is_translatable(text), "{text}");
        }
        for text in ["9.900 orang", "Lihat https://contoh.example", "#banjir", "a", "米国", "السلام"]
        {
            assert!(is_translatable(text), "{text}");
        }
    }

    #[test]
    fn joins_as_the_target_is_written() {
        let unit = &units(&article(), Lang::ID)[1];
        let (text, ranges) = join(unit, &["Prices rise.", "People complain!", "Really?"], Lang::EN);
        assert_eq!(text, "Prices rise. People complain! Really?");
        assert_eq!(&text[ranges[1].clone()], "People complain!");
        assert_eq!(
            join(unit, &["物价上涨。", "居民抱怨！", "真的吗？"], Lang::ZH).0,
            "物价上涨。居民抱怨！真的吗？"
        );
        assert_eq!(join(unit, &["GDP up.", "OK.", "真的吗？"], Lang::JA).0, "GDP up. OK.真的吗？");
    }

    proptest! {
        #[test]
        fn segments_and_joins_keep_every_letter(text in r#"[a-zA-Zé。！？.!?" \n「」0-9ا-ي]{0,80}"#, part in "[a-z世。.]{0,5}") {
            let article = Article {
                blocks: vec![Block::plain(BlockKind::Paragraph, text), Block::plain(BlockKind::Preformatted, "a\nb")],
                ..Article::default()
            };
            for unit in units(&article, Lang::ID) {
                let kept: String = unit.segments.iter().flat_map(|r| unit.text[r.clone()].chars()).collect();
                let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert_eq!(letters(&kept), letters(&unit.text));
                prop_assert!(unit.segments.windows(2).all(|w| w[0].end <= w[1].start));
                for lang in Lang::EDITIONS {
                    let parts = vec![part.as_str(); unit.segments.len()];
                    let (joined, ranges) = join(&unit, &parts, lang);
                    prop_assert!(ranges.iter().all(|r| joined[r.clone()] == part));
                    prop_assert_eq!(letters(&joined), part.repeat(parts.len()));
                }
            }
        }
    }

    #[test]
    fn line_breaks_of_the_source_stay() {
        let unit = &units(&article(), Lang::ID)[4];
        assert_eq!(join(unit, &["line one", "line two"], Lang::EN).0, "line one\nline two");
    }
}
