//! The site as its pages show it, and where its addresses are.

use std::sync::Arc;

use edisi_edition::render::SiteFrame;
use edisi_text::Lang;

use super::{Address, sanitise};
use crate::settings::Settings;

/// The site as it is while pages are made.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What the newsroom decided.
    pub settings: Arc<Settings>,
    /// The languages in which something is published, in the order in which they are listed.
    pub langs: Vec<Lang>,
    /// Where the site is reached by those who need a whole address (feeds, sitemaps) while the settings do not say;
    /// without a slash at the end.
    pub fallback: String,
    /// The name of its style sheet.
    pub style: String,
}

impl Shown {
    /// The frame of its pages, with the path of the style sheet.
    pub(super) fn frame<'a>(&'a self, style: &'a str) -> SiteFrame<'a> {
        let contact = self.settings.contact.as_deref();
        SiteFrame {
            name: &self.settings.name,
            lang: self.settings.lang,
            langs: &self.langs,
            base: self.base(),
            style,
            contact,
            clean: sanitise::for_page,
        }
    }

    /// The path of the style sheet.
    pub(super) fn style_path(&self) -> String {
        Address::Style(self.style.clone()).path()
    }

    /// Where the site is reached, if the settings say.
    pub(super) fn base(&self) -> &str {
        self.settings.base_url.trim_end_matches('/')
    }

    /// The whole address of something on the site, as well as it is known.
    pub(super) fn whole(&self, address: &Address) -> String {
        let base = match self.base() {
            "" => self.fallback.trim_end_matches('/'),
            base => base,
        };
        format!("{base}/{}", address.path())
    }

    /// All languages the newsroom publishes in.
    pub(super) fn languages(settings: &Settings) -> Vec<Lang> {
        let main = settings.publish_original.then_some(settings.lang);
        let mut langs: Vec<Lang> = main.into_iter().chain(settings.editions.iter().copied()).collect();
        let mut seen = Vec::new();
        langs.retain(|lang| {
            !seen.contains(lang) && {
                seen.push(*lang);
                true
            }
        });
        langs
    }

    /// The place of a language in lists.
    pub(super) fn rank(&self, lang: Lang) -> (usize, Lang) {
        let langs = Shown::languages(&self.settings);
        (langs.iter().position(|l| *l == lang).unwrap_or(usize::MAX), lang)
    }

    /// The version for readers of none of a story's languages: in the newsroom's own, in English, else the first.
    pub(super) fn default_lang(&self, langs: impl IntoIterator<Item = Lang> + Clone) -> Option<Lang> {
        let has = |want: Lang| langs.clone().into_iter().find(|lang| *lang == want);
        has(self.settings.lang)
            .or_else(|| has(Lang::EN))
            .or_else(|| langs.clone().into_iter().min_by_key(|lang| self.rank(*lang)))
    }
}
