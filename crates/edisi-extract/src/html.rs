//! A saved web page → the article on it.
//!
//! The page is parsed by the HTML standard into an arena ([`dom`]), cut into text chunks ([`chunk`]), and the
//! element that holds the story is found by how much its chunks read like running text ([`story`], after the
//! idea of Arc90's Readability). Then head and tail are trimmed ([`trim`]), the news layer takes out inserts
//! and labels ([`crate::news`]), and the page's statements about itself are read ([`meta`]).

mod chunk;
mod dom;
mod hints;
mod inline;
mod jsonld;
mod links;
mod media;
mod meta;
mod story;
mod trim;

use edisi_article::{Article, Block, BlockKind, Image, Link};
use edisi_text::Lang;

use chunk::Chunk;
use dom::{Dom, NodeId};
use inline::links_of;
use links::Base;
use meta::Meta;
use story::Survey;
use trim::Titles;

/// Less text than this, by [`chunk::mass`], is no story.
const LEAST_STORY: u32 = 60;

/// Why a page gave no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// Nothing on the page reads like a story.
    #[error(
        "no article found on the page: is it a front page, a login wall, or filled in by JavaScript? Save the page from a browser once it shows the story"
    )]
    NoArticle,
    /// The page has more elements and texts than any page a newsroom publishes.
    #[error(
        "the page has more than {limit} elements and texts; save the story alone, in the browser's reader view, and try again"
    )]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
}

/// Finds the article on a page.
///
/// `address` is where the page was found; relative links are resolved against it, or against the canonical
/// address the page states. The article's `input` is left empty.
///
/// # Errors
/// [`HtmlError::NoArticle`] when nothing on the page reads like a story, [`HtmlError::TooLarge`] when it has
/// too many elements to be read.
pub fn extract(html: &str, address: Option<&str>) -> Result<Article, HtmlError> {
    let dom = Dom::parse(html);
    if dom.is_cut() {
        return Err(HtmlError::TooLarge { limit: dom::MAX_NODES });
    }
    let meta = Meta::of(&dom, address);
    let survey = Survey::of(&dom);
    let mut chunks = chunk::chunks(&dom, Dom::ROOT, |n| survey.is_furniture(&dom, n));
    story::mark_captions(&dom, &survey, &mut chunks);
    let top = story::container(&dom, &survey, &chunks).ok_or(HtmlError::NoArticle)?;
    let titles = Titles::new(&meta.titles());
    let inside: Vec<&Chunk> = chunks.iter().filter(|c| dom.lineage(c.node).any(|n| n == top)).collect();
    let keep = trim::keep(&dom, &titles, &inside);
    let kept: Vec<&Chunk> = inside.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(c, _)| *c).collect();

    let mut article = Article::default();
    article.blocks =
        kept.iter().map(|c| inline::block(&dom, &meta.base, c)).filter(|b| !b.text.is_empty()).collect();
    article.language = language(&article, meta.language());
    meta.fill(&dom, &mut article);
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return Err(HtmlError::NoArticle) };
    // A lead picture stands between headline and text.
    let above = chunks.iter().take_while(|c| c.node != first.node);
    let headline = above.filter(|c| titles.has(&c.text)).last().map(|c| c.node);
    article.images = pictures(&dom, &survey, &meta, headline.unwrap_or(first.node), last.node);
    crate::news::filter_blocks(&mut article, None);
    article.links = article.blocks.iter().flat_map(|b| links_of(&b.html)).collect();
    let text: u32 =
        article.blocks.iter().filter(|b| b.kind != BlockKind::Caption).map(|b| chunk::mass(&b.text)).sum();
    if text < LEAST_STORY { Err(HtmlError::NoArticle) } else { Ok(article) }
}

/// The blocks and pictures of a piece of mark-up that is a story already: a feed's entry, a wire story's body.
pub(crate) fn fragment(html: &str, address: Option<&str>) -> (Vec<Block>, Vec<Image>) {
    let dom = Dom::parse(html);
    let base = Base::new(None, address.as_slice());
    let survey = Survey::of(&dom);
    let mut chunks = chunk::chunks(&dom, Dom::ROOT, |_| false);
    story::mark_captions(&dom, &survey, &mut chunks);
    let blocks =
        chunks.iter().map(|c| inline::block(&dom, &base, c)).filter(|b| !b.text.is_empty()).collect();
    let images = match (chunks.first(), chunks.last()) {
        (Some(first), Some(last)) => media::images(&dom, &survey, &base, first.node, last.node),
        _ => Vec::new(),
    };
    (blocks, images)
}

/// The links in the text of blocks.
pub(crate) fn links(blocks: &[Block]) -> Vec<Link> {
    blocks.iter().flat_map(|b| links_of(&b.html)).collect()
}

/// The language the page states, unless the text is clearly in another.
fn language(article: &Article, stated: Option<Lang>) -> Option<Lang> {
    let detected = edisi_text::detect(&article.body_text());
    match (stated, detected) {
        (Some(stated), Some((lang, sure))) if sure > 0.5 && lang.code() != stated.code() => Some(lang),
        (Some(stated), _) => Some(stated),
        (None, Some((lang, sure))) if sure > 0.5 => Some(lang),
        (None, _) => None,
    }
}

/// The pictures between two nodes; else the one the page states.
fn pictures(dom: &Dom, survey: &Survey, meta: &Meta, from: NodeId, to: NodeId) -> Vec<Image> {
    let images = media::images(dom, survey, &meta.base, from, to);
    if !images.is_empty() {
        return images;
    }
    meta.picture().map(|(url, alt)| Image { url, alt, ..Image::default() }).into_iter().collect()
}
