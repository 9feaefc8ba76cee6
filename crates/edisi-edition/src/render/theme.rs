//! A site's own templates in place of those compiled in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use edisi_article::{Article, Block, BlockKind, Finding, FindingKind, Image, Severity};
use edisi_text::Lang;

use super::site::{Correction, Entry, Front, Missing, OnSite, Origin, SiteFrame};
use super::{EditionView, ImageTexts, Passage, RenderError, Renderer, Reviewed, Story, TEMPLATES, Version};
use crate::translator::Tier;

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// A file or the folder cannot be read.
    #[error("the theme's {} cannot be read: {source}; correct its permissions or take it away", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has another name than the templates have.
    #[error("the theme's {} replaces nothing; templates are called {}", path.display(), known())]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A template does not work.
    #[error("the theme's {}, line {line}: {problem}; correct it or take it away", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Where in it, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

fn known() -> String {
    TEMPLATES.map(|(name, _)| name).join(", ")
}

impl Renderer {
    /// The pages with those templates replaced that `dir` has files for: `page.html`, `style.css` and so on. All pages are
    /// tried out; a folder that is not there replaces nothing.
    ///
    /// # Errors
    /// [`RenderError::Theme`] when a file cannot be read or does not work.
    pub fn themed(dir: &Path) -> Result<Renderer, RenderError> {
        let mut own = read(dir)?;
        if own.is_empty() {
            return Renderer::new();
        }
        let paths: BTreeMap<&str, PathBuf> = own.keys().map(|name| (*name, dir.join(name))).collect();
        let told = |error: RenderError| match error {
            RenderError::Template(error) => match error.name().and_then(|name| paths.get(name)) {
                Some(path) => RenderError::Theme(ThemeError::Broken {
                    path: path.clone(),
                    line: error.line().unwrap_or(1),
                    problem: problem(&error),
                }),
                None => RenderError::Template(error),
            },
            other => other,
        };
        let templates = TEMPLATES
            .iter()
            .map(|(name, text)| (*name, own.remove(name).map_or(Cow::Borrowed(*text), Cow::Owned)));
        let renderer = Renderer::with(templates).map_err(told)?;
        proof(&renderer).map_err(told)?;
        Ok(renderer)
    }
}

fn problem(error: &minijinja::Error) -> String {
    let detail = error.detail().map(|d| format!(": {d}")).unwrap_or_default();
    format!("{}{detail}", error.kind())
}

fn read(dir: &Path) -> Result<BTreeMap<&'static str, String>, ThemeError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ThemeError::Read { path, source }
    };
    let entries = match std::fs::read_dir(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.map_err(failed(dir))?,
    };
    let mut own = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(failed(dir))?.path();
        if !path.extension().is_some_and(|e| e == "html" || e == "css") {
            continue;
        }
        let name = TEMPLATES.iter().map(|(name, _)| *name).find(|name| path.ends_with(name));
        let name = name.ok_or_else(|| ThemeError::Unknown { path: path.clone() })?;
        own.insert(name, std::fs::read_to_string(&path).map_err(failed(&path))?);
    }
    Ok(own)
}

/// Renders one of every page.
fn proof(renderer: &Renderer) -> Result<(), RenderError> {
    let article = article();
    let langs = [Lang::ID, Lang::EN];
    let versions = langs.map(|lang| Version {
        lang,
        file: format!("{lang}/x"),
        title: Some("x".into()),
        reviewed: false,
    });
    let story = Story {
        article: &article,
        lang: Lang::ID,
        revision: "0123456789abcdef",
        base_url: Some("https://kabar.example"),
        index_file: "id/x",
        versions: &versions,
    };
    let frame = SiteFrame {
        name: "Kabar",
        lang: Lang::ID,
        langs: &langs,
        base: "https://kabar.example",
        style: "assets/site.css",
        contact: Some("redaksi@kabar.example"),
        clean: str::to_owned,
    };
    let time = "2026-11-02T08:00:00Z";
    let corrections = [Correction {
        at: time.into(),
        note: "x".into(),
        changes: vec![("a".into(), "b".into()), (String::new(), "c".into()), ("d".into(), String::new())],
        pending: true,
    }];
    let downloads = [("Markdown", "en/x.md".to_owned())];
    let on_site = OnSite {
        path: "en/x",
        first_published: time,
        published: time,
        approved: None,
        behind: Some(time),
        corrections: &corrections,
        downloads: &downloads,
    };
    let findings = [Finding {
        block: Some(0),
        expected: Some("1".into()),
        ..Finding::new(FindingKind::NumberMissing, Severity::Error, "x")
    }];
    let edition = edition(&story, &findings);
    renderer.site_edition(&edition, &frame, &on_site)?;
    renderer.site_edition(&edition, &frame, &OnSite { approved: Some(time), ..on_site })?;
    renderer.site_original(&story, &frame, &on_site)?;
    let entry = |origin| Entry {
        path: "en/x".into(),
        title: Some("x".into()),
        summary: Some("x".into()),
        image: Some("https://kabar.example/x.jpg".into()),
        published: time.into(),
        origin,
        corrected: true,
    };
    let entries = [entry(Origin::Machine), entry(Origin::Original)];
    let front =
        Front { lang: Lang::EN, path: "en/", entries: &entries, older: Some("en/before/1"), is_old: true };
    renderer.front(&front, &frame)?;
    renderer.front(&Front { entries: &[], older: None, is_old: false, ..front }, &frame)?;
    renderer.about(Lang::EN, "about/en", &frame)?;
    renderer.missing(Lang::EN, Missing::NotFound, &[(Lang::ID, "id/x".into(), Some("x".into()))], &frame)?;
    renderer.languages(&frame)?;
    renderer.stylesheet()?;
    renderer.index(&story)?;
    renderer.edition(&edition)?;
    Ok(())
}

fn article() -> Article {
    let kinds = [
        BlockKind::Paragraph,
        BlockKind::Heading,
        BlockKind::Quote,
        BlockKind::ListItem,
        BlockKind::TableRow,
        BlockKind::Caption,
        BlockKind::Preformatted,
    ];
    Article {
        title: Some("x".into()),
        description: Some("x".into()),
        byline: vec!["x".into()],
        section: Some("x".into()),
        credited_sources: vec!["x".into()],
        published: Some("2026-11-02T08:00:00Z".into()),
        blocks: kinds.map(|kind| Block::plain(kind, "x")).into(),
        images: vec![Image {
            url: "https://kabar.example/x.jpg".into(),
            caption: Some("y".into()),
            credit: Some("z".into()),
            ..Image::default()
        }],
        ..Article::default()
    }
}

fn edition<'a>(story: &'a Story<'a>, findings: &'a [Finding]) -> EditionView<'a> {
    EditionView {
        story,
        lang: Lang::EN,
        title: Some(Passage::plain("x")),
        description: Some(Passage::plain("x")),
        blocks: story.article.blocks.iter().map(|b| vec![Passage::gap(&b.text)]).collect(),
        images: vec![ImageTexts::default()],
        findings,
        engine: "x",
        model: "x",
        tier: Tier::Draft,
        reviewed: Reviewed::default(),
        glossaries: &[],
    }
}
