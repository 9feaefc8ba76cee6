//! All that the pages of a version of a story need, to be kept when it is published.

use edisi_article::{Article, BlockKind, Finding, GlossaryVersion};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::edition::{Edition, EditionUnit};
use crate::recall::Reuse;
use crate::render::{EditionView, ImageTexts, Passage, Remembered, Reviewed, Story};
use crate::router::LegReport;
use crate::translator::Tier;
use crate::units::Place;

/// A version of a story as it was when it was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The original, in the state that the version is of.
    pub article: Article,
    /// The language of the original.
    pub source: Lang,
    /// What identifies that state: a hash, hexadecimal.
    pub revision: String,
    /// The version's language.
    pub lang: Lang,
    /// How it came about; `None` when it is the original itself.
    pub translation: Option<Translation>,
}

/// The texts of a translated version, and how they came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Translation {
    /// See [`EditionView::title`].
    pub title: Option<Passage>,
    /// See [`EditionView::description`].
    pub description: Option<Passage>,
    /// See [`EditionView::blocks`].
    pub blocks: Vec<Vec<Passage>>,
    /// See [`EditionView::images`].
    pub images: Vec<ImageTexts>,
    /// What the checks noticed.
    pub findings: Vec<Finding>,
    /// The program that translated.
    pub engine: String,
    /// The model it used.
    pub model: String,
    /// How good the model is.
    pub tier: Tier,
    /// How much of it an editor reviewed.
    pub reviewed: Reviewed,
    /// The glossaries it was made with.
    pub glossaries: Vec<GlossaryVersion>,
}

impl Snapshot {
    /// The original.
    pub fn original(article: &Article, source: Lang, revision: &str) -> Snapshot {
        let (article, revision) = (article.clone(), revision.to_owned());
        Snapshot { article, source, revision, lang: source, translation: None }
    }

    /// An edition of `article`, which is written in `source`.
    pub fn of(article: &Article, source: Lang, revision: &str, edition: &Edition) -> Snapshot {
        let at = |place: Place| edition.unit(place).map(passage);
        let blocks = article.blocks.iter().enumerate().map(|(block, b)| match b.kind {
            // What has no segments (an empty cell, a rule) stands as it is.
            BlockKind::TableRow => {
                let cells = b.text.split('\t').enumerate();
                cells
                    .map(|(column, c)| at(Place::Cell { block, column }).unwrap_or_else(|| Passage::plain(c)))
                    .collect()
            }
            _ => vec![at(Place::Block { block }).unwrap_or_else(|| Passage::plain(&b.text))],
        });
        let images = (0..article.images.len())
            .map(|image| ImageTexts { caption: at(Place::Caption { image }), alt: at(Place::Alt { image }) });
        let translation = Translation {
            title: at(Place::Title),
            description: at(Place::Description),
            blocks: blocks.collect(),
            images: images.collect(),
            findings: edition.findings().map(|(_, f)| f.clone()).collect(),
            engine: names(edition, |l| &l.engine.engine),
            model: names(edition, |l| &l.engine.model),
            tier: edition.tier,
            reviewed: Reviewed {
                sentences: edition.recalled(Reuse::Reviewed),
                is_all: edition.is_reviewed(),
            },
            glossaries: edition.glossaries.clone(),
        };
        Snapshot {
            lang: edition.lang,
            translation: Some(translation),
            ..Snapshot::original(article, source, revision)
        }
    }

    /// Its headline, where it has one.
    pub fn title(&self) -> Option<&str> {
        match &self.translation {
            Some(translation) => translation.title.as_ref().map(|t| t.text.as_str()),
            None => self.article.title.as_deref(),
        }
    }

    /// It as a page, among the versions of `story`; `None` for the original, which has a page of its own kind.
    pub fn view<'a>(&'a self, story: &'a Story<'a>) -> Option<EditionView<'a>> {
        let t = self.translation.as_ref()?;
        Some(EditionView {
            story,
            lang: self.lang,
            title: t.title.clone(),
            description: t.description.clone(),
            blocks: t.blocks.clone(),
            images: t.images.clone(),
            findings: &t.findings,
            engine: &t.engine,
            model: &t.model,
            tier: t.tier,
            reviewed: t.reviewed,
            glossaries: &t.glossaries,
        })
    }
}

/// What the legs of a route have for `name`, each once.
fn names<'a>(edition: &'a Edition, name: fn(&'a LegReport) -> &'a String) -> String {
    let mut names: Vec<&str> = edition.route.iter().map(|leg| name(leg).as_str()).collect();
    names.dedup();
    names.join(" + ")
}

fn passage(unit: &EditionUnit) -> Passage {
    let gaps = unit.segments.iter().filter(|s| s.failed.is_some()).map(|s| s.range.clone());
    let remembered = unit.segments.iter().filter_map(|s| {
        let from = s.memory.as_ref()?;
        let date = from.review.at.to_string();
        let date = date.split('T').next().unwrap_or_default().to_owned();
        Some((s.range.clone(), Remembered { reuse: from.reuse, date }))
    });
    Passage {
        text: unit.text.clone(),
        markup: unit.markup.clone(),
        gaps: gaps.collect(),
        remembered: remembered.collect(),
    }
}
