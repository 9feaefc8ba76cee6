//! A saved web page → the article on it.
//!
//! The page is parsed by the HTML standard into an arena (`dom`, `tree`), cut into text chunks (`chunk`), and the
//! element that holds the story is found by how much its chunks read like running text (`story`, after the
//! idea of Arc90's Readability). Then head and tail are trimmed (`trim`), the news layer takes out inserts
//! and labels ([`crate::news`]), and the page's statements about itself are read (`meta`).

mod chunk;
mod dom;
mod hints;
mod inline;
mod jsonld;
mod links;
mod media;
mod meta;
mod shown;
mod story;
mod tree;
mod trim;

use edisi_article::{Article, Block, BlockKind, Image, Link};
use edisi_text::Lang;

use chunk::Chunk;
use dom::Dom;
use inline::links_of;
use links::Base;
use meta::Meta;
use story::{Hidden, Survey};
use trim::Titles;

/// Less text than this, by [`chunk::mass`], is no story.
const LEAST_STORY: u32 = 60;
/// With less text than this the page may have its story elsewhere.
const FALLBACK: u32 = 300;

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
    let mut found = story_of(&dom, &meta, &Survey::of(&dom, Hidden::Skip));
    if found.mass < FALLBACK {
        // Some pages hide their story until a script has run.
        let all = story_of(&dom, &meta, &Survey::of(&dom, Hidden::Read));
        if all.mass > 3 * found.mass {
            found = all;
        }
    }
    if let Some(body) = meta.stated_body() {
        // Others leave it to a script altogether, and state it for search engines.
        let stated: u32 = body.iter().map(|line| chunk::mass(line)).sum();
        if stated >= FALLBACK && found.mass < stated / 3 {
            let blocks = body.into_iter().map(|line| Block::plain(BlockKind::Paragraph, line)).collect();
            found = Found { blocks, images: Vec::new(), mass: stated };
        }
    }
    let mut article = Article { blocks: found.blocks, images: found.images, ..Article::default() };
    article.language = language(&article, meta.language());
    meta.fill(&dom, &mut article);
    if article.images.is_empty() {
        let stated = meta.picture().map(|(url, alt)| Image { url, alt, ..Image::default() });
        article.images.extend(stated);
    }
    crate::news::filter_blocks(&mut article, None);
    article.links = links(&article.blocks);
    if mass(&article.blocks) < LEAST_STORY { Err(HtmlError::NoArticle) } else { Ok(article) }
}

/// The story's blocks and pictures, and how much text there is.
#[derive(Default)]
struct Found {
    blocks: Vec<Block>,
    images: Vec<Image>,
    mass: u32,
}

fn story_of(dom: &Dom, meta: &Meta, survey: &Survey) -> Found {
    let mut chunks = chunk::chunks(dom, Dom::ROOT, |n| survey.is_furniture(dom, n));
    story::mark_captions(dom, survey, &mut chunks);
    let Some(top) = story::container(dom, survey, &chunks) else { return Found::default() };
    let inside: Vec<&Chunk> = chunks.iter().filter(|c| dom.lineage(c.node).any(|n| n == top)).collect();
    let titles = Titles::new(&meta.titles());
    let keep = trim::keep(dom, &meta.base, &titles, &inside);
    let kept: Vec<&Chunk> = inside.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(c, _)| *c).collect();
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return Found::default() };
    // A lead picture stands between headline and text.
    let above = chunks.iter().take_while(|c| c.node != first.node);
    let headline = above.filter(|c| titles.has(&c.text)).last().map(|c| c.node);
    let images = media::images(dom, survey, &meta.base, headline.unwrap_or(first.node), last.node);
    let blocks: Vec<Block> =
        kept.iter().map(|c| inline::block(dom, &meta.base, c)).filter(|b| !b.text.is_empty()).collect();
    Found { mass: mass(&blocks), blocks, images }
}

/// How much text there is in blocks, captions aside.
fn mass(blocks: &[Block]) -> u32 {
    blocks.iter().filter(|b| b.kind != BlockKind::Caption).map(|b| chunk::mass(&b.text)).sum()
}

/// The blocks and pictures of a piece of mark-up that is a story already: a feed's entry, a wire story's body.
pub(crate) fn fragment(html: &str, address: Option<&str>) -> (Vec<Block>, Vec<Image>) {
    let dom = Dom::parse(html);
    let base = Base::new(None, address.as_slice());
    let survey = Survey::of(&dom, Hidden::Read);
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
