//! What the templates of the pages are given.

use edisi_article::{GlossaryVersion, Severity};
use edisi_text::Lang;
use serde::Serialize;
use serde_json::Value;

use super::body::{Body, Figure, Node};
use super::furniture::{Furniture, fill};
use super::inline::{GapStyle, direction, html};
use super::jsonld;
use super::locale::{count, date};
use super::site::{Around, Feed};
use super::view::{EditionView, ImageTexts, Passage, Story, Version, is_web};
use crate::markup;
use crate::translator::Tier;

/// Everything `page.html` uses. Fields named `html`, and the headline and stand-first, are markup.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub lang: String,
    pub dir: &'static str,
    /// Language and direction of the words around the story, where they are not the page's.
    pub furniture_lang: String,
    pub furniture_dir: &'static str,
    pub head: Head,
    pub site_name: Option<String>,
    pub section: Option<String>,
    /// The language of what is shown as the original has it: the section.
    pub original_lang: String,
    pub original_dir: &'static str,
    pub switcher_label: String,
    pub switcher: Vec<Link>,
    pub notice: Option<Notice>,
    pub title: String,
    /// The title only says that there is none.
    pub untitled: bool,
    pub standfirst: Option<String>,
    pub credits: Vec<String>,
    pub dates: Vec<Stamp>,
    pub lead: Option<Figure>,
    pub body: Vec<Node>,
    pub source: Option<String>,
    pub machine_editions: Option<String>,
    pub provenance: Vec<String>,
    pub checks: Option<Checks>,
    /// What a site adds; nothing in a folder of files.
    pub site: Option<Around>,
}

/// What `head.html` uses.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    pub title: String,
    pub description: Option<String>,
    pub canonical: String,
    pub alternates: Vec<Alternate>,
    pub og_type: &'static str,
    pub og_locale: String,
    pub og_locales: Vec<String>,
    pub og_url: Option<String>,
    pub og_image: Option<String>,
    pub site_name: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub section: Option<String>,
    pub quotes: [String; 4],
    pub jsonld: Option<String>,
    /// The address of the style sheet; it stands in the page where there is none.
    pub style: Option<String>,
    pub feeds: Vec<Feed>,
    /// Search engines are to pass it over.
    pub hidden: bool,
}

/// Where the version in a language is, for search engines.
#[derive(Debug, Serialize)]
pub(super) struct Alternate {
    pub lang: String,
    pub href: String,
}

/// A version of the story, as a link to it.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub lang: String,
    pub dir: &'static str,
    pub href: String,
    pub text: String,
    pub title: Option<String>,
    pub current: bool,
    /// How it came about, in its own language where there are words for it.
    pub made: Option<&'static str>,
    pub made_lang: String,
    pub made_dir: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Notice {
    pub label: String,
    pub text: String,
    pub link: String,
    /// Where the original is; nowhere that a reader can go, when empty.
    pub href: String,
    pub original_lang: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Stamp {
    /// The sentence up to the date, and from it on.
    pub before: String,
    pub datetime: String,
    pub text: String,
    pub after: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Checks {
    pub title: String,
    pub items: Vec<Check>,
}

#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub severity: Severity,
    pub label: String,
    pub anchor: Option<String>,
    pub expected: Option<String>,
    pub found: Option<String>,
}

impl Page {
    pub(super) fn of_edition(edition: &EditionView<'_>) -> Page {
        let story = edition.story;
        let furniture = Furniture::of(edition.lang);
        let parts = Parts {
            lang: edition.lang,
            title: edition.title.as_ref(),
            description: edition.description.as_ref(),
            blocks: &edition.blocks,
            images: &edition.images,
            jsonld: jsonld::edition(edition),
        };
        let mut page = parts.page(story, furniture);
        page.notice = Some(notice(edition, furniture));
        let tier = match edition.tier {
            Tier::Draft => &furniture.provenance.tier_draft,
            Tier::Production => &furniture.provenance.tier_production,
        };
        let engine = fill(&furniture.provenance.engine, "engine", edition.engine);
        let engine = fill(&engine, "model", &format!("{} ({tier})", edition.model));
        // Where nothing was made by a machine, no machine is named.
        if !edition.reviewed.is_all {
            page.provenance.insert(0, engine);
        }
        let words = &furniture.provenance;
        if edition.reviewed.sentences > 0 {
            let sentences = count(edition.reviewed.sentences, furniture);
            page.provenance.push(fill(&words.reviewed, "count", &sentences));
        }
        if !edition.glossaries.is_empty() {
            let names: Vec<String> = edition.glossaries.iter().map(named_version).collect();
            page.provenance.push(fill(&words.glossary, "names", &furniture.list(&names)));
        }
        let gaps = edition.gaps();
        if gaps > 0 {
            page.provenance.push(fill(&furniture.provenance.gaps, "count", &count(gaps, furniture)));
        }
        page.checks = checks(edition, furniture);
        page
    }

    pub(super) fn of_original(story: &Story<'_>) -> Page {
        let article = story.article;
        let blocks: Vec<Vec<Passage>> = article.blocks.iter().map(source_passages).collect();
        let images: Vec<ImageTexts> = article
            .images
            .iter()
            .map(|i| ImageTexts {
                caption: i.caption.clone().map(Passage::plain),
                alt: i.alt.clone().map(Passage::plain),
            })
            .collect();
        let furniture = Furniture::of(story.lang);
        let (title, description) =
            (article.title.clone().map(Passage::plain), article.description.clone().map(Passage::plain));
        let parts = Parts {
            lang: story.lang,
            title: title.as_ref(),
            description: description.as_ref(),
            blocks: &blocks,
            images: &images,
            jsonld: jsonld::original(story),
        };
        let mut page = parts.page(story, furniture);
        if story.versions.iter().any(|v| v.lang != story.lang && !v.reviewed) {
            page.machine_editions = Some(furniture.story.also_machine.clone());
        }
        if article.machine_translated == Some(true) {
            page.provenance.push(furniture.notice.label.clone());
        }
        page
    }
}

pub(super) fn source_passages(block: &edisi_article::Block) -> Vec<Passage> {
    if block.kind == edisi_article::BlockKind::TableRow {
        return block.text.split('\t').map(Passage::plain).collect();
    }
    let markup = markup::read(&block.html, &block.text).unwrap_or_default();
    vec![Passage { text: block.text.clone(), markup, ..Passage::default() }]
}

/// What differs between the page of the original and those of the editions.
struct Parts<'a> {
    lang: Lang,
    title: Option<&'a Passage>,
    description: Option<&'a Passage>,
    blocks: &'a [Vec<Passage>],
    images: &'a [ImageTexts],
    jsonld: Value,
}

impl Parts<'_> {
    fn page(&self, story: &Story<'_>, furniture: &Furniture) -> Page {
        let article = story.article;
        let gap = || GapStyle { lang: story.lang, label: &furniture.story.not_translated };
        let body = Body { article, blocks: self.blocks, images: self.images, gap: gap(), furniture };
        let (lead, body) = body.nodes();
        let untitled = || furniture.story.untitled.clone();
        let plain_title = self.title.map_or_else(untitled, |t| t.text.clone());
        let named = |template: &str, names: &[String]| {
            (!names.is_empty()).then(|| fill(template, "names", &furniture.list(names)))
        };
        let canonical = match story.published_at() {
            Some(url) if self.lang == story.lang => url.to_owned(),
            _ => story.version_href(self.lang),
        };
        Page {
            lang: self.lang.to_string(),
            dir: direction(self.lang),
            furniture_lang: furniture.lang.to_string(),
            furniture_dir: direction(furniture.lang),
            head: Head {
                description: self.description.map(|d| d.text.clone()),
                jsonld: Some(jsonld::embed(&self.jsonld)),
                section: article.section.clone(),
                og_type: "article",
                ..Head::new(story, furniture, plain_title.clone(), canonical)
            },
            site_name: article.site_name.clone(),
            section: article.section.clone(),
            original_lang: story.lang.to_string(),
            original_dir: direction(story.lang),
            switcher_label: furniture.story.editions.clone(),
            switcher: links(story, Some(self.lang)),
            notice: None,
            title: self.title.map_or(plain_title, |t| html(t, &gap())),
            untitled: self.title.is_none(),
            standfirst: self.description.map(|d| html(d, &gap())),
            credits: [
                named(&furniture.story.by, &article.byline),
                named(&furniture.story.edited_by, &article.editors),
            ]
            .into_iter()
            .flatten()
            .collect(),
            dates: [
                (&furniture.story.published, &article.published),
                (&furniture.story.updated, &article.modified),
            ]
            .into_iter()
            .filter_map(|(template, at)| stamp(template, at.as_deref()?, furniture))
            .collect(),
            lead,
            body,
            source: named(&furniture.story.source, &article.credited_sources),
            machine_editions: None,
            provenance: vec![fill(&furniture.provenance.revision, "revision", short(story.revision))],
            checks: None,
            site: None,
        }
    }
}

impl Head {
    pub(super) fn new(story: &Story<'_>, furniture: &Furniture, title: String, canonical: String) -> Head {
        let mut alternates: Vec<Alternate> = story
            .versions
            .iter()
            .map(|v| Alternate { lang: v.lang.to_string(), href: story.href(&v.file) })
            .collect();
        alternates.push(Alternate { lang: "x-default".into(), href: story.href(story.index_file) });
        let locales = story.versions.iter().map(|v| Furniture::of(v.lang).og_locale.clone());
        let article = story.article;
        Head {
            title,
            description: None,
            og_type: "website",
            og_locale: furniture.og_locale.clone(),
            og_locales: locales.filter(|l| *l != furniture.og_locale).collect(),
            og_url: is_web(&canonical).then(|| canonical.clone()),
            og_image: article.images.iter().map(|i| i.url.clone()).find(|u| is_web(u)),
            canonical,
            alternates,
            site_name: article.site_name.clone(),
            published: article.published.clone(),
            modified: article.modified.clone(),
            section: None,
            quotes: furniture.quotes.clone(),
            jsonld: None,
            style: None,
            feeds: Vec::new(),
            hidden: false,
        }
    }
}

/// Links to all versions, named in their own languages.
pub(super) fn links(story: &Story<'_>, current: Option<Lang>) -> Vec<Link> {
    let link = |v: &Version| {
        let words = Furniture::of(v.lang);
        Link {
            lang: v.lang.to_string(),
            dir: direction(v.lang),
            href: story.href(&v.file),
            text: v.lang.autonym(),
            title: v.title.clone(),
            current: current == Some(v.lang),
            made: Some(match v.lang == story.lang {
                true => &words.story.original,
                false if v.reviewed => &words.notice.reviewed_label,
                false => &words.notice.label,
            }),
            made_lang: words.lang.to_string(),
            made_dir: direction(words.lang),
        }
    };
    story.versions.iter().map(link).collect()
}

fn notice(edition: &EditionView<'_>, furniture: &Furniture) -> Notice {
    let story = edition.story;
    let words = &furniture.notice;
    let (label, mut sentences) = edition.disclosure(furniture);
    if story.article.machine_translated == Some(true) {
        sentences.push(words.source_was_machine.clone());
    }
    let main = story.article.main_language.unwrap_or(story.lang);
    sentences.push(furniture.about(&words.main_language, main));
    Notice {
        label,
        text: sentences.join(if furniture.lang.is_unspaced() { "" } else { " " }),
        link: furniture.about(&words.read_original, story.lang),
        href: story.original_href(),
        original_lang: story.lang.to_string(),
    }
}

pub(super) fn stamp(template: &str, at: &str, furniture: &Furniture) -> Option<Stamp> {
    let (before, after) = template.split_once("{date}")?;
    (!at.trim().is_empty()).then(|| Stamp {
        before: before.to_owned(),
        datetime: at.to_owned(),
        text: date(at, furniture),
        after: after.to_owned(),
    })
}

fn checks(edition: &EditionView<'_>, furniture: &Furniture) -> Option<Checks> {
    let value =
        |key: &str, value: &Option<String>| value.as_ref().map(|v| fill(furniture.checks(key), "value", v));
    let items: Vec<Check> = edition
        .findings
        .iter()
        .map(|f| Check {
            severity: f.severity,
            label: furniture.finding(f.kind).to_owned(),
            anchor: f.block.map(|b| format!("b{b}")),
            expected: value("expected", &f.expected),
            found: value("found", &f.found),
        })
        .collect();
    (!items.is_empty()).then(|| Checks { title: furniture.checks("title").to_owned(), items })
}

/// A glossary's name and version: `house.csv 2026-11 (0123456789ab)`.
pub(super) fn named_version(glossary: &GlossaryVersion) -> String {
    let said = glossary.version.as_ref().map_or_else(String::new, |v| format!(" {v}"));
    format!("{}{said} ({})", glossary.name, short(&glossary.hash))
}

/// Enough of a hash to tell revisions of one story apart.
fn short(revision: &str) -> &str {
    revision.get(..12).unwrap_or(revision)
}
