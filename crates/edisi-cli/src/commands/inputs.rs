//! From what the user names to articles.

use std::path::Path;

use edisi_article::{Article, Block, BlockKind};
use edisi_text::Lang;

use crate::failure::{Code, Failure};

/// The articles of one input.
pub fn articles(input: &str, lang: Option<Lang>) -> Result<Vec<Article>, Failure> {
    let text = super::read_text(Path::new(input))?;
    let blocks: Vec<Block> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| Block::plain(BlockKind::Paragraph, l.trim()))
        .collect();
    if blocks.is_empty() {
        return Err(Failure::new(Code::Input, format!("{input} is empty")));
    }
    Ok(vec![Article { input: input.to_owned(), language: lang, blocks, ..Article::default() }])
}
