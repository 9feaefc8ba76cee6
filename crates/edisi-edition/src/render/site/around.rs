//! What a site adds to the page of a version: its frame, corrections, and what search engines are told.

use edisi_text::Lang;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{OnSite, SiteFrame};
use crate::publish::file_stem;
use crate::render::body::Node;
use crate::render::furniture::{Furniture, fill};
use crate::render::jsonld::{self, EDITED_BY_PERSON, put};
use crate::render::page::{Page, Stamp, stamp};
use crate::render::view::{EditionView, Story, is_web};

/// The frame that a site puts around a page.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Around {
    skip: String,
    home: Anchor,
    about: Anchor,
    feeds_label: String,
    feeds: Vec<Feed>,
    contact: Option<Anchor>,
    download_label: String,
    downloads: Vec<Anchor>,
    /// The original was changed and this version does not have it.
    stale: Option<Stamp>,
    reviewed: Option<Stamp>,
    corrections: Option<Corrections>,
}

/// A link with its words.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Anchor {
    href: String,
    text: String,
}

/// A feed of the site.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Feed {
    kind: &'static str,
    href: String,
    text: &'static str,
}

#[derive(Debug, Serialize)]
struct Corrections {
    title: String,
    was: String,
    now: String,
    added: String,
    removed: String,
    what_changed: String,
    notes: Vec<Note>,
}

#[derive(Debug, Serialize)]
struct Note {
    stamp: Option<Stamp>,
    text: String,
    /// What stands between sentences.
    space: &'static str,
    /// Whether this version has it.
    standing: Option<String>,
    changes: Vec<(String, String)>,
}

impl Anchor {
    pub(super) fn new(href: String, text: &str) -> Anchor {
        Anchor { href, text: text.to_owned() }
    }
}

impl Around {
    /// The frame of a page that is of no story.
    pub(super) fn of_site(lang: Lang, frame: &SiteFrame<'_>) -> Around {
        let words = &Furniture::of(lang).site;
        let stem = file_stem(lang);
        Around {
            skip: words.skip.clone(),
            home: Anchor::new(frame.path(&format!("{stem}/")), &words.home),
            about: Anchor::new(frame.path(&format!("about/{stem}")), &words.about),
            feeds_label: words.feeds.clone(),
            feeds: feeds(lang, frame),
            contact: frame.contact.and_then(contact).map(|href| Anchor::new(href, &words.contact)),
            download_label: words.download.clone(),
            downloads: Vec::new(),
            stale: None,
            reviewed: None,
            corrections: None,
        }
    }
}

pub(super) fn feeds(lang: Lang, frame: &SiteFrame<'_>) -> Vec<Feed> {
    let stem = file_stem(lang);
    [
        ("application/rss+xml", "feed.rss", "RSS"),
        ("application/atom+xml", "feed.atom", "Atom"),
        ("application/feed+json", "feed.json", "JSON"),
    ]
    .map(|(kind, name, text)| Feed { kind, href: frame.path(&format!("{stem}/{name}")), text })
    .into()
}

/// Where readers write to, as a link.
fn contact(address: &str) -> Option<String> {
    let address = address.trim();
    let is_mailbox = address.contains('@') && !address.contains(char::is_whitespace);
    match address {
        _ if is_web(address) => Some(address.to_owned()),
        _ if address.starts_with("mailto:") && is_mailbox => Some(address.to_owned()),
        _ if is_mailbox => Some(format!("mailto:{address}")),
        _ => None,
    }
}

/// Puts a site's frame around the page of a version in `lang`.
pub(super) fn dress(
    page: &mut Page,
    story: &Story<'_>,
    lang: Lang,
    frame: &SiteFrame<'_>,
    on_site: &OnSite<'_>,
) {
    let furniture = Furniture::of(lang);
    let words = &furniture.site;
    page.head.style = Some(frame.path(frame.style));
    page.head.feeds = feeds(lang, frame);
    page.head.site_name = Some(frame.name.to_owned());
    page.head.published.get_or_insert_with(|| on_site.first_published.to_owned());
    page.head.modified = Some(on_site.published.to_owned());
    page.site_name = Some(frame.name.to_owned());
    for link in &mut page.switcher {
        link.href = frame.local(&link.href);
    }
    if let Some(notice) = &mut page.notice {
        notice.href = frame.local(&notice.href);
    }
    if story.article.published.is_none() {
        page.dates.extend(stamp(&furniture.story.published, on_site.first_published, furniture));
    }
    if lang != story.lang {
        page.dates.extend(stamp(&words.edition_date, on_site.published, furniture));
    }
    clean(page, frame.clean);
    let corrections = (!on_site.corrections.is_empty()).then(|| corrections(story, lang, on_site));
    page.site = Some(Around {
        downloads: on_site.downloads.iter().map(|(text, path)| Anchor::new(frame.path(path), text)).collect(),
        stale: on_site.behind.and_then(|at| stamp(&words.stale, at, furniture)),
        reviewed: on_site.approved.and_then(|at| stamp(&words.reviewed_on, at, furniture)),
        corrections,
        ..Around::of_site(lang, frame)
    });
}

fn corrections(story: &Story<'_>, lang: Lang, on_site: &OnSite<'_>) -> Corrections {
    let furniture = Furniture::of(lang);
    let words = &furniture.site;
    let is_original = lang == story.lang;
    let notes = on_site.corrections.iter().map(|correction| Note {
        stamp: stamp(
            if is_original { &words.corrected_here } else { &words.corrected },
            &correction.at,
            furniture,
        ),
        text: correction.note.trim().to_owned(),
        space: if furniture.lang.is_unspaced() { "" } else { " " },
        standing: (!is_original)
            .then(|| if correction.pending { words.pending.clone() } else { words.followed.clone() }),
        changes: correction.changes.clone(),
    });
    Corrections {
        title: words.corrections.clone(),
        was: words.was.clone(),
        now: words.now.clone(),
        added: words.added.clone(),
        removed: words.removed.clone(),
        what_changed: furniture.about(&words.what_changed, story.lang),
        notes: notes.collect(),
    }
}

/// Goes over the markup that comes from the story.
fn clean(page: &mut Page, clean: fn(&str) -> String) {
    let over = |html: &mut String| *html = clean(html);
    over(&mut page.title);
    page.standfirst.iter_mut().for_each(over);
    page.lead.iter_mut().filter_map(|f| f.caption.as_mut()).for_each(over);
    for node in &mut page.body {
        match node {
            Node::Paragraph { html, .. }
            | Node::Heading { html, .. }
            | Node::List { html }
            | Node::Preformatted { html, .. }
            | Node::Caption { html, .. } => over(html),
            Node::Quote { paragraphs } => paragraphs.iter_mut().for_each(|p| over(&mut p.html)),
            Node::Table { rows } => rows.iter_mut().flat_map(|r| &mut r.cells).for_each(over),
            Node::Figure(figure) => figure.caption.iter_mut().for_each(over),
        }
    }
}

pub(super) fn jsonld_edition(
    edition: &EditionView<'_>,
    frame: &SiteFrame<'_>,
    on_site: &OnSite<'_>,
) -> String {
    let mut data = jsonld::edition(edition);
    if on_site.approved.is_some() {
        data["digitalSourceType"] = EDITED_BY_PERSON.into();
    }
    if let Value::Object(data) = &mut data {
        on_the_site(data, edition.story, edition.lang, frame, on_site);
    }
    jsonld::embed(&data)
}

pub(super) fn jsonld_original(story: &Story<'_>, frame: &SiteFrame<'_>, on_site: &OnSite<'_>) -> String {
    let mut data = jsonld::original(story);
    let editions = data.get_mut("workTranslation").and_then(Value::as_array_mut);
    for edition in editions.into_iter().flatten() {
        if edition.get("digitalSourceType").is_none() {
            edition["digitalSourceType"] = EDITED_BY_PERSON.into();
        }
    }
    if let Value::Object(data) = &mut data {
        on_the_site(data, story, story.lang, frame, on_site);
    }
    jsonld::embed(&data)
}

fn on_the_site(
    data: &mut Map<String, Value>,
    story: &Story<'_>,
    lang: Lang,
    frame: &SiteFrame<'_>,
    on_site: &OnSite<'_>,
) {
    if !data.contains_key("datePublished") {
        put(data, "datePublished", on_site.first_published);
    }
    put(data, "dateModified", on_site.published);
    if !data.contains_key("publisher") {
        put(data, "publisher", json!({ "@type": "Organization", "name": frame.name }));
    }
    let page = frame.address(on_site.path);
    put(data, "mainEntityOfPage", json!({ "@type": "WebPage", "@id": page }));
    let said: Vec<Value> = on_site
        .corrections
        .iter()
        .map(|correction| {
            let (text, text_lang) = match correction.note.trim() {
                "" => {
                    let furniture = Furniture::of(lang);
                    let words = match lang == story.lang {
                        true => &furniture.site.corrected_here,
                        false => &furniture.site.corrected,
                    };
                    let day = correction.at.split('T').next().unwrap_or_default();
                    let day = crate::render::locale::date(day, furniture);
                    (fill(words, "date", &day), furniture.lang)
                }
                note => (note.to_owned(), story.lang),
            };
            json!({
                "@type": "CorrectionComment", "text": text, "inLanguage": text_lang.to_string(),
                "datePublished": correction.at,
            })
        })
        .collect();
    put(data, "correction", said);
    put(data, "isAccessibleForFree", true);
}
