//! A saved web page → the article on it.

mod chunk;
mod dom;
mod hints;
mod inline;
mod story;
mod trim;

use edisi_article::{Article, Block};

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
    let mut chunks = chunk::chunks(&dom, Dom::ROOT, |n| survey.is_furniture(&dom, n));
    story::mark_captions(&dom, &survey, &mut chunks);
    let top = story::container(&dom, &survey, &chunks).ok_or(HtmlError::NoArticle)?;
    let mut page = trim::Page::default();
    for n in dom.subtree(Dom::ROOT) {
        match dom.name(n) {
            Some(&html5ever::local_name!("title")) => page.titles.push(dom.clean_text(n)),
            Some(&html5ever::local_name!("meta")) => {
                let name = dom.attr(n, "property").or(dom.attr(n, "name")).unwrap_or_default();
                if name == "og:title" || name == "twitter:title" {
                    page.titles.push(dom.attr(n, "content").unwrap_or_default().to_owned());
                }
            }
            _ => {}
        }
    }
    let mut article = Article::default();
    let story: Vec<&chunk::Chunk> = chunks.iter().filter(|c| dom.lineage(c.node).any(|n| n == top)).collect();
    let keep = trim::keep(&dom, &survey, &page, &story);
    for (c, keep) in story.iter().zip(keep) {
        if keep {
            article.blocks.push(Block { kind: c.kind, level: c.level, ordered: c.ordered, text: c.text.clone(), html: String::new() });
        }
    }
    Ok(article)
}
