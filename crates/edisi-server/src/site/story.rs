//! A story with all its versions on the site, as pages, files and entries of feeds.

use crate::settings::Settings;
use edisi_article::Article;
use edisi_edition::render::{
    Correction as Told, Entry, OnSite, Origin, RenderError, Renderer, Story, Syndicated, Version, syndicated,
    syndicated_original,
};
use edisi_store::{Correction, Publication};
use edisi_text::Lang;
use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

use super::{Address, Form, Shown};

/// A story as the site has it.
#[derive(Debug, Clone)]
pub struct Published {
    /// Its versions on the site; at least one.
    pub versions: Vec<Publication>,
    /// What readers are told about changes of the original, the latest first.
    pub corrections: Vec<Correction>,
    /// When the original was last changed.
    pub changed: Timestamp,
}

impl Published {
    /// The version in `lang`.
    pub fn version(&self, lang: Lang) -> Option<&Publication> {
        self.versions.iter().find(|v| v.lang == lang)
    }

    /// The page of the version in `lang`; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be rendered.
    pub fn page(
        &self,
        renderer: &Renderer,
        shown: &Shown,
        lang: Lang,
    ) -> Result<Option<String>, RenderError> {
        let Some(version) = self.version(lang) else { return Ok(None) };
        let versions = self.listed(shown);
        let story = story(version, &versions, shown);
        let style = shown.style_path();
        let frame = shown.frame(&style);
        let article = &version.content.article;
        let time = |at: Timestamp| stamp(at, article, &shown.settings);
        let path = address(version, Form::Page).path();
        let (first_published, published) = (time(version.first_published), time(version.published));
        let approved = version.approved.as_ref().map(|a| time(a.at));
        let behind = self.behind(version).map(time);
        let corrections: Vec<Told> = (self.corrections.iter())
            .map(|c| Told {
                at: time(c.at),
                note: c.note.clone(),
                changes: c.changes.clone(),
                pending: is_pending(c, version),
            })
            .collect();
        let downloads = match version.edition {
            Some(_) => vec![
                ("Markdown", address(version, Form::Markdown).path()),
                ("ninjs", address(version, Form::Ninjs).path()),
            ],
            None => Vec::new(),
        };
        let on_site = OnSite {
            path: &path,
            first_published: &first_published,
            published: &published,
            approved: approved.as_deref(),
            behind: behind.as_deref(),
            corrections: &corrections,
            downloads: &downloads,
        };
        let page = match version.content.view(&story) {
            Some(view) => renderer.site_edition(&view, &frame, &on_site)?,
            None => renderer.site_original(&story, &frame, &on_site)?,
        };
        Ok(Some(page))
    }

    /// The edition in `lang` as Markdown or ninjs; `None` when there is none. The original has no such form.
    ///
    /// # Errors
    /// When it cannot be rendered.
    pub fn file(&self, shown: &Shown, lang: Lang, form: Form) -> Result<Option<String>, RenderError> {
        let Some(version) = self.version(lang) else { return Ok(None) };
        let versions = self.listed(shown);
        let story = story(version, &versions, shown);
        let Some(mut view) = version.content.view(&story) else { return Ok(None) };
        view.reviewed.is_all = version.approved.is_some();
        Ok(match form {
            Form::Page => None,
            Form::Markdown => Some(view.markdown()?),
            Form::Ninjs => Some(format!("{:#}\n", view.ninjs()?)),
        })
    }

    /// The version in `lang` for feeds; `None` when there is none.
    pub(super) fn syndicated(&self, shown: &Shown, lang: Lang) -> Option<Syndicated> {
        let version = self.version(lang)?;
        let versions = self.listed(shown);
        let story = story(version, &versions, shown);
        Some(match version.content.view(&story) {
            Some(mut view) => {
                view.reviewed.is_all = version.approved.is_some();
                syndicated(&view)
            }
            None => syndicated_original(&story),
        })
    }

    /// Language, path and headline of every version, for a page that says where else the story is.
    pub(super) fn elsewhere(&self, shown: &Shown) -> Vec<(Lang, String, Option<String>)> {
        let one = |v: &Publication| {
            let title = v.content.title().map(str::to_owned);
            (v.lang, address(v, Form::Page).path(), title)
        };
        let mut all: Vec<_> = self.versions.iter().map(one).collect();
        all.sort_by_key(|(lang, ..)| shown.rank(*lang));
        all
    }

    /// When the original was changed in a way that `version` does not have.
    fn behind(&self, version: &Publication) -> Option<Timestamp> {
        let missing = self.corrections.iter().filter(|c| is_pending(c, version)).map(|c| c.at).min();
        version.stale.then(|| missing.unwrap_or(self.changed))
    }

    fn listed(&self, shown: &Shown) -> Vec<Version> {
        let one = |v: &Publication| Version {
            lang: v.lang,
            file: address(v, Form::Page).path(),
            title: v.content.title().map(str::to_owned),
            reviewed: v.approved.is_some(),
        };
        let mut all: Vec<Version> = self.versions.iter().map(one).collect();
        let source = self.versions[0].content.source;
        all.sort_by_key(|v| (v.lang != source, shown.rank(v.lang)));
        all
    }
}

/// A version on a front page.
pub(super) fn entry(version: &Publication, corrected: bool, settings: &Settings) -> Entry {
    let content = &version.content;
    let article = &content.article;
    let summary = match &content.translation {
        Some(translation) => translation.description.as_ref().map(|d| d.text.clone()),
        None => article.description.clone(),
    };
    let at = stamp(version.first_published, article, settings);
    Entry {
        path: address(version, Form::Page).path(),
        title: content.title().map(str::to_owned),
        summary,
        image: article.images.first().map(|i| i.url.clone()),
        published: at.split('T').next().unwrap_or(&at).to_owned(),
        origin: match (&content.translation, &version.approved) {
            (None, _) => Origin::Original,
            (_, Some(_)) => Origin::Reviewed,
            (_, None) => Origin::Machine,
        },
        corrected,
    }
}

/// Where a form of a version is.
pub(super) fn address(version: &Publication, form: Form) -> Address {
    Address::Story { lang: version.lang, slug: version.slug.clone(), form }
}

/// Revisions are called in the order in which they came.
fn is_pending(correction: &Correction, version: &Publication) -> bool {
    version.stale && correction.revision > version.revision
}

fn story<'a>(version: &'a Publication, versions: &'a [Version], shown: &'a Shown) -> Story<'a> {
    let fallback = shown.default_lang(versions.iter().map(|v| v.lang));
    let index = versions.iter().find(|v| Some(v.lang) == fallback);
    Story {
        article: &version.content.article,
        lang: version.content.source,
        revision: &version.content.revision,
        base_url: Some(shown.base()),
        index_file: index.map_or("", |v| v.file.as_str()),
        versions,
    }
}

/// A moment as the newsroom's clock has it: in the zone in which the article is dated, else in the newsroom's.
fn stamp(at: Timestamp, article: &Article, settings: &Settings) -> String {
    let dated = article.published.as_deref().or(article.modified.as_deref());
    let offset = dated.and_then(|d| Pieces::parse(d).ok()?.to_numeric_offset());
    let zone = offset.map_or_else(|| settings.time_zone(), TimeZone::fixed);
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
