//! What the pages are made from.

use std::ops::Range;

use edisi_article::{Article, Finding, GlossaryVersion};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use super::furniture::Furniture;
use crate::markup::Inline;
use crate::recall::Reuse;
use crate::translator::Tier;

/// One story and the set of language versions it is published in. The same for every page of the set.
#[derive(Debug, Clone)]
pub struct Story<'a> {
    /// The original.
    pub article: &'a Article,
    /// The language of the original.
    pub lang: Lang,
    /// What identifies the state of the original that the editions were made from: a hash, hexadecimal.
    pub revision: &'a str,
    /// The address the folder of files is published under, ending in `/`. Without one, links between the
    /// versions are relative, which is right for reading but not for search engines.
    pub base_url: Option<&'a str>,
    /// The file name of the page that lists the versions.
    pub index_file: &'a str,
    /// Every version, the original among them, in the order in which they are to be listed.
    pub versions: &'a [Version],
}

/// One language version in the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its language.
    pub lang: Lang,
    /// The name of its HTML file, without folders.
    pub file: String,
    /// Its headline.
    pub title: Option<String>,
    /// Whether it is a translation of which an editor reviewed every sentence.
    pub reviewed: bool,
}

/// A version of a story that was not written but translated.
#[derive(Debug, Clone)]
pub struct EditionView<'a> {
    /// The story and its versions.
    pub story: &'a Story<'a>,
    /// The language of this version; one of the story's versions must have it.
    pub lang: Lang,
    /// The headline, when the original has one.
    pub title: Option<Passage>,
    /// The stand-first, when the original has one.
    pub description: Option<Passage>,
    /// For every block of the original its text; for a table row one passage a cell.
    pub blocks: Vec<Vec<Passage>>,
    /// For every image of the original its texts.
    pub images: Vec<ImageTexts>,
    /// What the checks noticed about this version.
    pub findings: &'a [Finding],
    /// The program that translated.
    pub engine: &'a str,
    /// The model it used.
    pub model: &'a str,
    /// How good the model is.
    pub tier: Tier,
    /// How much of it an editor reviewed before.
    pub reviewed: Reviewed,
    /// The glossaries it was made with.
    pub glossaries: &'a [GlossaryVersion],
}

/// How much of an edition an editor reviewed before it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Sentences.
    pub sentences: usize,
    /// Whether that is all there is: nothing was made by a machine.
    pub is_all: bool,
}

/// The translated texts that go with an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageTexts {
    /// The caption, when the original has one.
    pub caption: Option<Passage>,
    /// The text alternative, when the original has one.
    pub alt: Option<Passage>,
}

/// A text of an edition. Where a sentence could not be translated, the original sentence stands in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The text.
    pub text: String,
    /// Its inline markup, in order and nested; what is not so is left out.
    pub markup: Vec<Inline>,
    /// The byte ranges of `text` that hold original sentences, in order, apart from each other.
    pub gaps: Vec<Range<usize>>,
    /// The byte ranges of `text` that are from the memory.
    pub remembered: Vec<(Range<usize>, Remembered)>,
}

/// Where a sentence from the memory is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Whether it is as it was reviewed.
    pub reuse: Reuse,
    /// When it was reviewed: `2026-11-02`.
    pub date: String,
}

impl Passage {
    /// A translated text without markup.
    pub fn plain(text: impl Into<String>) -> Passage {
        Passage { text: text.into(), ..Passage::default() }
    }

    /// A text of which nothing is translated.
    pub fn gap(text: impl Into<String>) -> Passage {
        let text = text.into();
        Passage { gaps: std::iter::once(0..text.len()).collect(), text, ..Passage::default() }
    }
}

impl EditionView<'_> {
    /// What tells the reader how the text came about: a label, and sentences.
    pub(super) fn disclosure(&self, furniture: &Furniture) -> (String, Vec<String>) {
        let (words, lang) = (&furniture.notice, self.story.lang);
        if self.reviewed.is_all {
            return (words.reviewed_label.clone(), vec![furniture.about(&words.reviewed, lang)]);
        }
        let quality = if self.tier == Tier::Draft { &words.draft } else { &words.production };
        (words.label.clone(), vec![furniture.about(&words.made, lang), quality.clone()])
    }
}

impl Story<'_> {
    /// The address of one of the set's files: absolute where a base is known.
    pub(super) fn href(&self, file: &str) -> String {
        match self.base_url {
            Some(base) => format!("{}/{file}", base.trim_end_matches('/')),
            None => file.to_owned(),
        }
    }

    /// The version in `lang`.
    pub(super) fn version(&self, lang: Lang) -> Option<&Version> {
        self.versions.iter().find(|v| v.lang == lang)
    }

    /// The address of the version in `lang`; that of the list where there is none.
    pub(super) fn version_href(&self, lang: Lang) -> String {
        self.href(self.version(lang).map_or(self.index_file, |v| &v.file))
    }

    /// Where the original was published, when that is an address of the web.
    pub(super) fn published_at(&self) -> Option<&str> {
        [self.article.url.as_deref(), Some(self.article.input.as_str())]
            .into_iter()
            .flatten()
            .find(|u| is_web(u))
    }

    /// Where a reader finds the original: where it was published, else its page in the set; empty where it has none.
    pub(super) fn original_href(&self) -> String {
        let here = || self.version(self.lang).map_or_else(String::new, |v| self.href(&v.file));
        self.published_at().map_or_else(here, str::to_owned)
    }
}

/// Whether this is an address of the web that may be linked to.
pub(super) fn is_web(url: &str) -> bool {
    let scheme = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (scheme.starts_with("https://") || scheme.starts_with("http://")) && !url.contains(char::is_whitespace)
}
