//! The pages of a site: those of the versions with what a site adds to them, and the site's own.

mod around;
mod frame;
mod syndicate;

use edisi_text::Lang;
use serde::Serialize;

pub use frame::{Correction, Entry, Front, Missing, OnSite, Origin, SiteFrame, encode_path};
pub use syndicate::{Syndicated, syndicated, syndicated_original};

pub(super) use around::{Anchor, Around, Feed};

use super::furniture::{Furniture, fill};
use super::inline::direction;
use super::page::{Alternate, Head, Link, Page, Stamp, stamp};
use super::view::{EditionView, Story, is_web};
use super::{Index, RenderError, Renderer};
use crate::publish::file_stem;

/// What the site's own pages use.
#[derive(Serialize)]
struct Own {
    lang: String,
    dir: &'static str,
    furniture_lang: String,
    furniture_dir: &'static str,
    head: Head,
    site_name: Option<String>,
    switcher_label: String,
    switcher: Vec<Link>,
    site: Option<Around>,
    title: String,
    paragraphs: Vec<String>,
    entries: Vec<Listed>,
    elsewhere: Vec<Link>,
    elsewhere_label: String,
    newest: Option<Anchor>,
    older: Option<Anchor>,
    machine_editions: Option<String>,
    provenance: Vec<String>,
}

#[derive(Serialize)]
struct Listed {
    href: String,
    title: String,
    summary: Option<String>,
    image: Option<String>,
    date: Option<Stamp>,
    label: Option<String>,
    kind: &'static str,
    corrected: Option<String>,
}

impl Renderer {
    /// The page of an edition on a site.
    ///
    /// # Errors
    /// When the edition does not fit its story, or a template fails.
    pub fn site_edition(
        &self,
        edition: &EditionView<'_>,
        frame: &SiteFrame<'_>,
        on_site: &OnSite<'_>,
    ) -> Result<String, RenderError> {
        edition.check()?;
        let mut edition = edition.clone();
        edition.reviewed.is_all = on_site.approved.is_some();
        let mut page = Page::of_edition(&edition);
        if on_site.approved.is_some() {
            // What the checks noticed was for the editor, who has decided.
            page.checks = None;
        }
        around::dress(&mut page, edition.story, edition.lang, frame, on_site);
        page.head.jsonld = Some(around::jsonld_edition(&edition, frame, on_site));
        self.render("page.html", page)
    }

    /// The page of the original on a site.
    ///
    /// # Errors
    /// When the story does not list the original among its versions, or a template fails.
    pub fn site_original(
        &self,
        story: &Story<'_>,
        frame: &SiteFrame<'_>,
        on_site: &OnSite<'_>,
    ) -> Result<String, RenderError> {
        story.version(story.lang).ok_or(RenderError::NotListed(story.lang))?;
        let mut page = Page::of_original(story);
        around::dress(&mut page, story, story.lang, frame, on_site);
        page.head.jsonld = Some(around::jsonld_original(story, frame, on_site));
        self.render("page.html", page)
    }

    /// A front page.
    ///
    /// # Errors
    /// When a template fails.
    pub fn front(&self, front: &Front<'_>, frame: &SiteFrame<'_>) -> Result<String, RenderError> {
        let furniture = Furniture::of(front.lang);
        let words = &furniture.site;
        let mut own = Own::new(front.lang, frame, front.path, frame.name.to_owned());
        own.head.hidden = false;
        if !front.is_old {
            own.head.alternates = fronts(frame);
        }
        own.entries = front.entries.iter().map(|e| listed(e, frame, furniture)).collect();
        if front.entries.is_empty() {
            own.paragraphs.push(words.empty.clone());
        }
        let home = format!("{}/", file_stem(front.lang));
        own.newest = front.is_old.then(|| Anchor::new(frame.path(&home), &words.newest));
        own.older = front.older.map(|path| Anchor::new(frame.path(path), &words.older));
        if front.lang != frame.lang && front.entries.iter().any(|e| e.origin == Origin::Machine) {
            own.machine_editions = Some(furniture.about(&furniture.notice.main_language, frame.lang));
        }
        self.render("front.html", own)
    }

    /// The page on how the editions are made.
    ///
    /// # Errors
    /// When a template fails.
    pub fn about(&self, lang: Lang, path: &str, frame: &SiteFrame<'_>) -> Result<String, RenderError> {
        let furniture = Furniture::of(lang);
        let mut own = Own::new(lang, frame, path, furniture.site.about.clone());
        own.head.alternates = alternates(frame, |lang| format!("about/{}", file_stem(lang)), None);
        own.switcher = switcher(frame, Some(lang), |lang| format!("about/{}", file_stem(lang)));
        own.paragraphs = (furniture.site.how.iter())
            .map(|text| {
                let text = furniture.about(text, frame.lang);
                let text = fill(&text, "machine", &furniture.notice.label);
                let text = fill(&text, "reviewed", &furniture.notice.reviewed_label);
                fill(&text, "site", frame.name)
            })
            .collect();
        own.head.hidden = false;
        self.render("about.html", own)
    }

    /// What stands where there is no page. `elsewhere` names other versions of the story that was asked for: language, path,
    /// headline.
    ///
    /// # Errors
    /// When a template fails.
    pub fn missing(
        &self,
        lang: Lang,
        why: Missing,
        elsewhere: &[(Lang, String, Option<String>)],
        frame: &SiteFrame<'_>,
    ) -> Result<String, RenderError> {
        let words = &Furniture::of(lang).site;
        let (title, text) = match why {
            Missing::NotFound => (&words.missing_title, &words.missing),
            Missing::Gone => (&words.gone_title, &words.gone),
            Missing::Failed => (&words.error_title, &words.error),
        };
        let mut own = Own::new(lang, frame, "", title.clone());
        own.head.canonical.clear();
        own.head.og_url = None;
        own.paragraphs.push(text.clone());
        own.elsewhere_label.clone_from(&words.elsewhere);
        let link = |(lang, path, title): &(Lang, String, Option<String>)| Link {
            title: title.clone(),
            ..front_link(*lang, frame.path(path), false)
        };
        own.elsewhere = elsewhere.iter().map(link).collect();
        self.render("missing.html", own)
    }

    /// The page at the root of a site whose server does not know the reader's language: it lists the front pages.
    ///
    /// # Errors
    /// When a template fails.
    pub fn languages(&self, frame: &SiteFrame<'_>) -> Result<String, RenderError> {
        let furniture = Furniture::of(frame.lang);
        let mut head = Head::plain(frame, furniture, frame.name.to_owned(), "");
        head.alternates = fronts(frame);
        let index = Index {
            lang: furniture.lang.to_string(),
            dir: direction(furniture.lang),
            head,
            site_name: None,
            choose: furniture.story.choose.clone(),
            title: frame.name.to_owned(),
            versions: switcher(frame, None, |lang| format!("{}/", file_stem(lang))),
        };
        self.render("index.html", index)
    }

    /// The style sheet of a site.
    ///
    /// # Errors
    /// When a template fails.
    pub fn stylesheet(&self) -> Result<String, RenderError> {
        let css = |name: &str| self.render(name, ());
        let quotes = Furniture::quotes_css();
        Ok([css("style.css")?, quotes, css("site.css")?, css("theme.css")?].concat())
    }
}

/// What a text is labelled with in `lang`; `None` for an original.
fn label(origin: Origin, lang: Lang) -> Option<&'static str> {
    let words = &Furniture::of(lang).notice;
    match origin {
        Origin::Original => None,
        Origin::Machine => Some(&words.label),
        Origin::Reviewed => Some(&words.reviewed_label),
    }
}

impl Own {
    fn new(lang: Lang, frame: &SiteFrame<'_>, path: &str, title: String) -> Own {
        let furniture = Furniture::of(lang);
        let mut head = Head::plain(frame, furniture, title.clone(), path);
        head.feeds = around::feeds(lang, frame);
        head.hidden = true;
        Own {
            lang: lang.to_string(),
            dir: direction(lang),
            furniture_lang: furniture.lang.to_string(),
            furniture_dir: direction(furniture.lang),
            head,
            site_name: Some(frame.name.to_owned()),
            switcher_label: furniture.site.languages.clone(),
            switcher: switcher(frame, Some(lang), |lang| format!("{}/", file_stem(lang))),
            site: Some(Around::of_site(lang, frame)),
            title,
            paragraphs: Vec::new(),
            entries: Vec::new(),
            elsewhere: Vec::new(),
            elsewhere_label: String::new(),
            newest: None,
            older: None,
            machine_editions: None,
            provenance: Vec::new(),
        }
    }
}

impl Head {
    /// The head of a page that is of no story.
    fn plain(frame: &SiteFrame<'_>, furniture: &Furniture, title: String, path: &str) -> Head {
        let canonical = frame.address(path);
        Head {
            site_name: (title != frame.name).then(|| frame.name.to_owned()),
            title,
            description: None,
            og_type: "website",
            og_locale: furniture.og_locale.clone(),
            og_locales: Vec::new(),
            og_url: is_web(&canonical).then(|| canonical.clone()),
            og_image: None,
            canonical,
            alternates: Vec::new(),
            published: None,
            modified: None,
            section: None,
            quotes: furniture.quotes.clone(),
            jsonld: None,
            style: Some(frame.path(frame.style)),
            feeds: Vec::new(),
            hidden: false,
        }
    }
}

/// Where the front pages are, for search engines.
fn fronts(frame: &SiteFrame<'_>) -> Vec<Alternate> {
    alternates(frame, |lang| format!("{}/", file_stem(lang)), Some(""))
}

fn alternates(frame: &SiteFrame<'_>, path: impl Fn(Lang) -> String, other: Option<&str>) -> Vec<Alternate> {
    let one = |lang: &Lang| Alternate { lang: lang.to_string(), href: frame.address(&path(*lang)) };
    let other = other.map(|path| Alternate { lang: "x-default".into(), href: frame.address(path) });
    frame.langs.iter().map(one).chain(other).collect()
}

fn switcher(frame: &SiteFrame<'_>, current: Option<Lang>, path: impl Fn(Lang) -> String) -> Vec<Link> {
    frame.langs.iter().map(|l| front_link(*l, frame.path(&path(*l)), current == Some(*l))).collect()
}

fn front_link(lang: Lang, href: String, current: bool) -> Link {
    let words = Furniture::of(lang);
    Link {
        lang: lang.to_string(),
        dir: direction(lang),
        href,
        text: lang.autonym(),
        title: None,
        current,
        made: None,
        made_lang: words.lang.to_string(),
        made_dir: direction(words.lang),
    }
}

fn listed(entry: &Entry, frame: &SiteFrame<'_>, furniture: &Furniture) -> Listed {
    let title = entry.title.clone().unwrap_or_else(|| furniture.story.untitled.clone());
    Listed {
        href: frame.path(&entry.path),
        title,
        summary: entry.summary.clone(),
        image: entry.image.clone().filter(|i| is_web(i)),
        date: stamp("{date}", &entry.published, furniture),
        label: label(entry.origin, furniture.lang).map(str::to_owned),
        kind: if entry.origin == Origin::Machine { "machine" } else { "reviewed" },
        corrected: entry.corrected.then(|| furniture.site.corrections.clone()),
    }
}
