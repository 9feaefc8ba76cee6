//! The pages of a site: those of the versions with what a site adds to them, and the site's own.

mod around;
mod syndicate;

use std::borrow::Cow;

use edisi_text::Lang;
use serde::Serialize;

pub use syndicate::{Syndicated, syndicated, syndicated_original};

pub(super) use around::{Anchor, Around, Feed};

use super::furniture::{Furniture, fill};
use super::inline::direction;
use super::page::{Alternate, Head, Link, Page, Stamp, stamp};
use super::view::{EditionView, Story, is_web};
use super::{Index, RenderError, Renderer};
use crate::publish::file_stem;

/// A site, as far as its pages show it.
#[derive(Debug, Clone, Copy)]
pub struct SiteFrame<'a> {
    /// The publication's name.
    pub name: &'a str,
    /// The language it writes in.
    pub lang: Lang,
    /// The languages that have a front page, in the order in which they are to be listed.
    pub langs: &'a [Lang],
    /// Where the site is reached, without a slash at the end. While that is not known it is empty, and no address on
    /// the pages names a host.
    pub base: &'a str,
    /// The path of the style sheet, from the root of the site: `assets/site-0123.css`.
    pub style: &'a str,
    /// Whom readers write to about mistakes: an address of the web or of mail.
    pub contact: Option<&'a str>,
    /// Goes over all markup of a story before it becomes part of a page.
    pub clean: fn(&str) -> String,
}

impl SiteFrame<'_> {
    /// The path under which the site is reached, without a slash at the end: empty for one that has a host of its own.
    pub fn root(&self) -> &str {
        let after_host = self.base.split_once("://").map_or("", |(_, rest)| rest);
        after_host.find('/').map_or("", |at| after_host[at..].trim_end_matches('/'))
    }

    /// The path from the host's root to a page of the site.
    pub fn path(&self, page: &str) -> String {
        format!("{}/{page}", self.root())
    }

    /// The address of a page for readers elsewhere: absolute where that is known.
    pub fn address(&self, page: &str) -> String {
        format!("{}/{page}", self.base.trim_end_matches('/'))
    }

    /// An address on this site as a path: pages link to each other wherever they are read.
    fn local(&self, href: &str) -> String {
        let base = self.base.trim_end_matches('/');
        match href.strip_prefix(base) {
            Some(path) if path.starts_with('/') => format!("{}{path}", self.root()),
            _ => href.to_owned(),
        }
    }
}

/// How a version of a story stands on a site. Times are RFC 3339.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnSite<'a> {
    /// The path of its page, from the root of the site.
    pub path: &'a str,
    /// When the story first stood there in this language.
    pub first_published: &'a str,
    /// When this state of it was published.
    pub published: &'a str,
    /// When an editor took responsibility for it; without that it is never called reviewed.
    pub approved: Option<&'a str>,
    /// When the original was changed, where this version does not have the change.
    pub behind: Option<&'a str>,
    /// What readers are told about changes of the original, the latest first.
    pub corrections: &'a [Correction],
    /// Other forms of the version: what they are called, and their path.
    pub downloads: &'a [(&'a str, String)],
}

/// What readers are told about a change of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When it was made.
    pub at: String,
    /// What the newsroom says about it, in the language of the original; may be empty.
    pub note: String,
    /// Sentences before and after; one of them empty where a sentence is new or gone.
    pub changes: Vec<(String, String)>,
    /// Whether the version shown does not have it yet.
    pub pending: bool,
}

/// Where a text is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was written in its language.
    Original,
    /// A machine translated it, and no editor has taken responsibility for it.
    Machine,
    /// An editor has.
    Reviewed,
}

/// A story on a front page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path of its page, from the root of the site.
    pub path: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its stand-first.
    pub summary: Option<String>,
    /// The address of its picture.
    pub image: Option<String>,
    /// When it first stood on the site in this language: RFC 3339 or a date.
    pub published: String,
    /// Where its text is from.
    pub origin: Origin,
    /// Whether the original was corrected.
    pub corrected: bool,
}

/// A front page, or one of the pages of older stories behind it.
#[derive(Debug, Clone, Copy)]
pub struct Front<'a> {
    /// Its language.
    pub lang: Lang,
    /// Its path, from the root of the site.
    pub path: &'a str,
    /// Its stories.
    pub entries: &'a [Entry],
    /// The path of the page of older ones.
    pub older: Option<&'a str>,
    /// Whether this is one of the pages of older stories.
    pub is_old: bool,
}

/// Why there is no page at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// There never was one.
    NotFound,
    /// There was one.
    Gone,
    /// It cannot be made at the moment.
    Failed,
}

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
        Ok(format!("{}{}{}", css("style.css")?, Furniture::quotes_css(), css("site.css")?))
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

/// Letters that an address cannot have as they are, percent-encoded.
pub fn encode_path(name: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if name.bytes().all(plain) {
        return Cow::Borrowed(name);
    }
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    Cow::Owned(name.bytes().map(one).collect())
}
