//! A version of a story for feeds.

use crate::render::body::Body;
use crate::render::furniture::Furniture;
use crate::render::inline::GapStyle;
use crate::render::page::source_passages;
use crate::render::view::{EditionView, Passage, Story};

/// What a feed says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syndicated {
    /// Its headline.
    pub title: String,
    /// Its stand-first, else the beginning of its text.
    pub summary: String,
    /// Its text as HTML, without pictures.
    pub html: String,
    /// How it came about: a label and a sentence or more; `None` for an original.
    pub notice: Option<(String, String)>,
    /// What a link to the original says, and where it is; `None` for an original, and where there is no address.
    pub original: Option<(String, String)>,
}

/// An edition. Whether it is called reviewed is for [`EditionView::reviewed`] to say.
pub fn syndicated(edition: &EditionView<'_>) -> Syndicated {
    let (story, furniture) = (edition.story, Furniture::of(edition.lang));
    let (label, mut sentences) = edition.disclosure(furniture);
    if story.article.machine_translated == Some(true) {
        sentences.push(furniture.notice.source_was_machine.clone());
    }
    let joined = sentences.join(if furniture.lang.is_unspaced() { "" } else { " " });
    let original = Some(story.original_href()).filter(|o| !o.is_empty());
    Syndicated {
        notice: Some((label, joined)),
        original: original.map(|o| (furniture.about(&furniture.notice.read_original, story.lang), o)),
        ..plain(story, furniture, edition.title.as_ref(), edition.description.as_ref(), &edition.blocks)
    }
}

/// The original.
pub fn syndicated_original(story: &Story<'_>) -> Syndicated {
    let blocks: Vec<Vec<Passage>> = story.article.blocks.iter().map(source_passages).collect();
    let passage = |text: &Option<String>| text.clone().map(Passage::plain);
    let (title, description) = (passage(&story.article.title), passage(&story.article.description));
    plain(story, Furniture::of(story.lang), title.as_ref(), description.as_ref(), &blocks)
}

fn plain(
    story: &Story<'_>,
    furniture: &Furniture,
    title: Option<&Passage>,
    description: Option<&Passage>,
    blocks: &[Vec<Passage>],
) -> Syndicated {
    let gap = GapStyle { lang: story.lang, label: &furniture.story.not_translated };
    let body = Body { article: story.article, blocks, images: &[], gap, furniture };
    let mut html = String::new();
    for node in body.nodes().1 {
        node.write_html(&mut html);
    }
    let beginning = || blocks.iter().flatten().map(|p| p.text.as_str()).find(|t| !t.trim().is_empty());
    Syndicated {
        title: title.map_or_else(|| furniture.story.untitled.clone(), |t| t.text.clone()),
        summary: description.map(|d| d.text.as_str()).or_else(beginning).map(clip).unwrap_or_default(),
        html,
        notice: None,
        original: None,
    }
}

/// At most 300 letters, cut between words where there are some.
fn clip(text: &str) -> String {
    const MOST: usize = 300;
    let Some((end, _)) = text.char_indices().nth(MOST) else { return text.to_owned() };
    let head = &text[..end];
    let cut = head.rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", head[..cut].trim_end())
}
