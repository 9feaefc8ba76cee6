//! Editions as files: HTML pages, Markdown, ninjs.
//!
//! A [`Story`] names the set of versions, an [`EditionView`] holds one of them. All pages of a set list each other
//! and themselves (`hreflang`), every edition tells its reader at the top and the foot how it came about,
//! and nothing here looks at the clock: the same input gives the same bytes.
//!
//! The words around the story are in `data/furniture/<lang>.toml`, the pages in `templates/`.

mod body;
mod furniture;
mod inline;
mod jsonld;
mod locale;
mod markdown;
mod ninjs;
mod page;
mod site;
mod theme;
mod view;

use edisi_article::escape_html;
use edisi_text::Lang;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

pub use site::{
    Correction, Entry, Front, Missing, OnSite, Origin, SiteFrame, Syndicated, encode_path, syndicated,
    syndicated_original,
};
pub use view::{EditionView, ImageTexts, Passage, Remembered, Reviewed, Story, Version};

pub use theme::ThemeError;

use furniture::Furniture;
use page::{Head, Link, Page};

/// Why something could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The story does not list the version to be rendered, so that no page would link to it.
    #[error("the story has no version in {0}; add it to the list of versions before rendering")]
    NotListed(Lang),
    /// The edition does not have a text for every block of the original.
    #[error("the edition has {found} blocks and the original {expected}; give one list of passages a block")]
    Blocks {
        /// Blocks of the original.
        expected: usize,
        /// Blocks of the edition.
        found: usize,
    },
    /// A file of a theme cannot be used.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// A template is wrong.
    #[error("a page template failed; if it is your own, correct it as the message says")]
    Template(#[from] minijinja::Error),
}

/// The templates compiled in.
const TEMPLATES: [(&str, &str); 13] = [
    ("page.html", include_str!("../../templates/page.html")),
    ("index.html", include_str!("../../templates/index.html")),
    ("head.html", include_str!("../../templates/head.html")),
    ("masthead.html", include_str!("../../templates/masthead.html")),
    ("foot.html", include_str!("../../templates/foot.html")),
    ("body.html", include_str!("../../templates/body.html")),
    ("notice.html", include_str!("../../templates/notice.html")),
    ("front.html", include_str!("../../templates/front.html")),
    ("about.html", include_str!("../../templates/about.html")),
    ("missing.html", include_str!("../../templates/missing.html")),
    ("style.css", include_str!("../../templates/style.css")),
    ("site.css", include_str!("../../templates/site.css")),
    // A newsroom's own, added to the others.
    ("theme.css", ""),
];

/// What `index.html` uses.
#[derive(Serialize)]
struct Index {
    lang: String,
    dir: &'static str,
    head: Head,
    site_name: Option<String>,
    choose: String,
    title: String,
    versions: Vec<Link>,
}

/// Makes pages from templates.
#[derive(Debug)]
pub struct Renderer {
    templates: Environment<'static>,
}

impl Renderer {
    /// The pages as Edisi brings them.
    ///
    /// # Errors
    /// [`RenderError::Template`] when a template cannot be read; those compiled in always can.
    pub fn new() -> Result<Renderer, RenderError> {
        Renderer::with(TEMPLATES.iter().map(|(name, text)| (*name, (*text).into())))
    }

    /// The page of an edition.
    ///
    /// # Errors
    /// When the edition does not fit its story, or a template fails.
    pub fn edition(&self, edition: &EditionView<'_>) -> Result<String, RenderError> {
        edition.check()?;
        edition.story.version(edition.story.lang).ok_or(RenderError::NotListed(edition.story.lang))?;
        self.render("page.html", Page::of_edition(edition))
    }

    /// The page of the original, which belongs to the set of versions like the editions.
    ///
    /// # Errors
    /// When the story does not list the original among its versions, or a template fails.
    pub fn original(&self, story: &Story<'_>) -> Result<String, RenderError> {
        story.version(story.lang).ok_or(RenderError::NotListed(story.lang))?;
        self.render("page.html", Page::of_original(story))
    }

    /// The page that lists the versions.
    ///
    /// # Errors
    /// When a template fails.
    pub fn index(&self, story: &Story<'_>) -> Result<String, RenderError> {
        let furniture = Furniture::of(story.lang);
        let title = story.article.title.clone().unwrap_or_else(|| furniture.story.untitled.clone());
        let page_title = format!("{title} – {}", furniture.story.index_title);
        let index = Index {
            lang: furniture.lang.to_string(),
            dir: inline::direction(furniture.lang),
            head: Head::new(story, furniture, page_title, story.href(story.index_file)),
            site_name: story.article.site_name.clone(),
            choose: furniture.story.choose.clone(),
            title,
            versions: page::links(story, None),
        };
        self.render("index.html", index)
    }

    fn with(
        templates: impl IntoIterator<Item = (&'static str, std::borrow::Cow<'static, str>)>,
    ) -> Result<Renderer, RenderError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
            true => AutoEscape::Html,
            false => AutoEscape::None,
        });
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
                Ok(out.write_str(&escape_html(text))?)
            }
            _ => minijinja::escape_formatter(out, state, value),
        });
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        for (name, text) in templates {
            environment.add_template_owned(name, text)?;
        }
        Ok(Renderer { templates: environment })
    }

    fn render(&self, name: &str, context: impl Serialize) -> Result<String, RenderError> {
        Ok(self.templates.get_template(name)?.render(Serde(context))?)
    }
}

impl EditionView<'_> {
    /// The edition as Markdown with YAML front matter.
    ///
    /// # Errors
    /// When the edition does not fit its story.
    pub fn markdown(&self) -> Result<String, RenderError> {
        self.check()?;
        Ok(markdown::edition(self))
    }

    /// The edition as IPTC ninjs 3.1.
    ///
    /// # Errors
    /// When the edition does not fit its story.
    pub fn ninjs(&self) -> Result<serde_json::Value, RenderError> {
        self.check()?;
        Ok(ninjs::edition(self))
    }

    /// How many sentences stand in the original language.
    pub fn gaps(&self) -> usize {
        let images = self.images.iter().flat_map(|i| [&i.caption, &i.alt]).flatten();
        let heads = [&self.title, &self.description].into_iter().flatten();
        heads.chain(self.blocks.iter().flatten()).chain(images).map(|p| p.gaps.len()).sum()
    }

    fn check(&self) -> Result<(), RenderError> {
        self.story.version(self.lang).ok_or(RenderError::NotListed(self.lang))?;
        let (expected, found) = (self.story.article.blocks.len(), self.blocks.len());
        if expected != found {
            return Err(RenderError::Blocks { expected, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
