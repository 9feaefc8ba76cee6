//! A saved web page → the article on it.

mod chunk;
mod dom;
mod hints;
mod inline;
mod story;

use edisi_article::{Article, Block, BlockKind};

use dom::Dom;

/// Why a page gave no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// Nothing on the page reads like a story.
    #[error("no article found on the page: is it a front page, a login wall, or filled in by JavaScript?")]
    NoArticle,
}

/// Finds the article on a page.
///
/// # Errors
/// [`HtmlError::NoArticle`] when nothing on the page reads like a story.
pub fn extract(html: &str, _base: Option<&str>) -> Result<Article, HtmlError> {
    let dom = Dom::parse(html);
    let survey = story::Survey::of(&dom);
    let chunks = chunk::chunks(&dom, Dom::ROOT, |n| survey.is_furniture(&dom, n));
    let top = story::container(&dom, &survey, &chunks).ok_or(HtmlError::NoArticle)?;
    let mut article = Article::default();
    for c in &chunks {
        if !dom.lineage(c.node).any(|n| n == top) {
            continue;
        }
        if c.link_density() > 0.6 && c.kind != BlockKind::Heading {
            continue;
        }
        article.blocks.push(Block {
            kind: c.kind,
            level: c.level,
            ordered: c.ordered,
            text: c.text.clone(),
            html: String::new(),
        });
    }
    Ok(article)
}
