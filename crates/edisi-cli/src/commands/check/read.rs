//! From what the user names to paragraphs or pairs.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use edisi_article::Article;
use edisi_bitext::{BitextError, Format, Unit};
use edisi_extract::{ErrorKind, Input};
use edisi_text::Lang;

use crate::args::Reading;
use crate::commands::inputs;
use crate::failure::{Code, Failure};

/// What one input holds.
#[derive(Debug, Clone)]
pub enum Text {
    /// Paragraphs of an article or plain text.
    Blocks(Vec<String>),
    /// Lines that answer to those of the other input one by one.
    Lines(Vec<String>),
    /// Segments with their translations.
    Bilingual(Vec<Unit>),
}

/// One input.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// What stands in it, where places can be shown in it; empty elsewhere.
    pub raw: String,
    pub text: Text,
    /// The languages it says its source and its translation are in; an article says the same for both.
    pub langs: (Option<Lang>, Option<Lang>),
}

impl Side {
    /// The text of a source.
    pub fn source_blocks(&self) -> Vec<String> {
        self.blocks(|unit| &unit.source)
    }

    /// The text of a translation.
    pub fn target_blocks(&self) -> Vec<String> {
        self.blocks(|unit| &unit.target)
    }

    fn blocks(&self, of: impl Fn(&Unit) -> &String) -> Vec<String> {
        match &self.text {
            Text::Blocks(blocks) | Text::Lines(blocks) => blocks.clone(),
            Text::Bilingual(units) => units.iter().map(|u| of(u).clone()).collect(),
        }
    }
}

/// Reads an input. `pair` chooses the languages of a file that has several.
pub fn side(
    input: &str,
    lang: Option<Lang>,
    pair: Option<(Lang, Lang)>,
    lines: bool,
    reading: &Reading,
) -> Result<Side, Failure> {
    if input == "-" || input.contains("://") {
        return article(inputs::articles(input, lang, reading)?, input, String::new());
    }
    let bytes = file(input.as_ref(), reading)?;
    if let Some(format) = Format::of(input, &bytes) {
        let bitext = edisi_bitext::read(&bytes, format, pair).map_err(|e| damaged(input, &e))?;
        let langs = (bitext.source, bitext.target);
        let raw = String::from_utf8(bytes).unwrap_or_default();
        return Ok(Side { name: input.to_owned(), raw, text: Text::Bilingual(bitext.units), langs });
    }
    let raw = String::from_utf8(bytes.clone()).unwrap_or_default();
    if lines {
        if raw.is_empty() {
            let message = format!("{input} is not UTF-8 text; convert it first");
            return Err(Failure::new(Code::Input, message));
        }
        let text = Text::Lines(raw.lines().map(str::to_owned).collect());
        return Ok(Side { name: input.to_owned(), raw, text, langs: (None, None) });
    }
    let options = inputs::options(lang, reading);
    match edisi_extract::extract(Input::Bytes { name: input.to_owned(), bytes }, &options) {
        Ok(articles) => article(articles, input, raw),
        // A few lines are no story, but they can be compared.
        Err(error)
            if matches!(error.kind(), ErrorKind::NoArticle)
                && !raw.trim().is_empty()
                && !raw.contains('<') =>
        {
            let blocks = raw.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
            Ok(Side { name: input.to_owned(), raw, text: Text::Blocks(blocks), langs: (None, None) })
        }
        Err(error) => Err(error.into()),
    }
}

fn article(articles: Vec<Article>, input: &str, raw: String) -> Result<Side, Failure> {
    let [article] = articles.as_slice() else {
        let message = format!("{input} has {} articles; check one at a time", articles.len());
        return Err(Failure::new(Code::Usage, message));
    };
    let head = [&article.title, &article.description].into_iter().flatten().cloned();
    let blocks = head.chain(article.blocks.iter().map(|b| b.text.clone())).collect();
    let langs = (article.language, article.language);
    Ok(Side { name: input.to_owned(), raw, text: Text::Blocks(blocks), langs })
}

fn file(path: &Path, reading: &Reading) -> Result<Vec<u8>, Failure> {
    let limit = reading.max_mb.saturating_mul(1 << 20);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|f| f.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|e| Failure::unreadable(path, &e))?;
    if bytes.len() as u64 > limit {
        let message =
            format!("{} is larger than {} MiB; allow more with --max-mb", path.display(), reading.max_mb);
        return Err(Failure::new(Code::Input, message));
    }
    Ok(bytes)
}

fn damaged(input: &str, error: &BitextError) -> Failure {
    Failure::new(Code::Input, format!("cannot read {input}: {error}"))
}
