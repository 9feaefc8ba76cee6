//! What a page says about its story outside of the story: JSON-LD, OpenGraph, meta elements, microdata.

use std::collections::HashMap;

use edisi_article::Article;
use edisi_text::Lang;
use html5ever::local_name;
use serde_json::{Map, Value};

use super::dom::Dom;
use super::inline::collapse;
use super::jsonld::{self, Graph};
use super::links::Base;
use super::shown;
use crate::date::{self, Stamp};
use crate::news::{Chrome, Layer};

/// The statements of a page.
pub(crate) struct Meta {
    /// Meta elements by lower-case `property`, `name` or `itemprop`; the first of each name counts.
    tags: HashMap<String, Vec<String>>,
    graph: Graph,
    /// Text of `<title>`.
    document_title: Option<String>,
    /// Texts of the `<h1>` elements.
    h1: Vec<String>,
    canonical: Option<String>,
    html_lang: Option<String>,
    /// What links are relative to.
    pub(crate) base: Base,
}

impl Meta {
    /// Reads the statements of a page that was found at `address`, if that is known.
    pub(crate) fn of(dom: &Dom, address: Option<&str>) -> Meta {
        let mut tags: HashMap<String, Vec<String>> = HashMap::new();
        let (mut title, mut canonical, mut html_lang, mut base_href) = (None, None, None, None);
        let mut h1 = Vec::new();
        for n in dom.subtree(Dom::ROOT) {
            match dom.name(n) {
                Some(&local_name!("meta")) => {
                    let Some(content) = dom.attr(n, "content").map(text).filter(|c| !c.is_empty()) else {
                        continue;
                    };
                    for key in ["property", "name", "itemprop", "http-equiv"] {
                        if let Some(name) = dom.attr(n, key) {
                            tags.entry(name.trim().to_ascii_lowercase()).or_default().push(content.clone());
                        }
                    }
                }
                Some(&local_name!("title")) if title.is_none() => {
                    // Not the title of a drawing.
                    let of_page = dom.parent(n).is_some_and(|p| !dom.is(p, &local_name!("svg")));
                    title = of_page.then(|| dom.clean_text(n)).filter(|t| !t.is_empty());
                }
                Some(&local_name!("h1")) => h1.extend(Some(dom.clean_text(n)).filter(|t| !t.is_empty())),
                Some(&local_name!("html")) => {
                    html_lang = dom.attr(n, "lang").or(dom.attr(n, "xml:lang")).map(str::to_owned);
                }
                Some(&local_name!("base")) if base_href.is_none() => {
                    base_href = dom.attr(n, "href").map(str::to_owned);
                }
                Some(&local_name!("link")) if canonical.is_none() => {
                    let rel = dom.attr(n, "rel").unwrap_or_default();
                    if rel.split_whitespace().any(|r| r.eq_ignore_ascii_case("canonical")) {
                        canonical = dom.attr(n, "href").map(|h| h.trim().to_owned());
                    }
                }
                _ => {}
            }
        }
        let og_url = tags.get("og:url").and_then(|v| v.first()).map_or("", String::as_str);
        let base = Base::new(
            base_href.as_deref(),
            &[address.unwrap_or(""), canonical.as_deref().unwrap_or(""), og_url],
        );
        Meta { graph: Graph::of(dom), document_title: title, h1, canonical, html_lang, base, tags }
    }

    fn tag(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|n| self.tags.get(*n)?.first()).map(String::as_str)
    }

    fn story(&self) -> Option<&Map<String, Value>> {
        let og = self.tag(&["og:url"]).unwrap_or_default();
        self.graph.story(&[self.canonical.as_deref().unwrap_or_default(), og])
    }

    fn story_text(&self, key: &str) -> Option<String> {
        jsonld::strings(self.story()?.get(key)).map(text).find(|t| !t.is_empty())
    }

    /// Every form in which the page states its headline.
    pub(crate) fn titles(&self) -> Vec<String> {
        let og = self.tag(&["og:title"]).map(str::to_owned);
        let twitter = self.tag(&["twitter:title"]).map(str::to_owned);
        [og, self.story_text("headline"), twitter, self.document_title.clone()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Picture that stands for the story: address and alternative text.
    pub(crate) fn picture(&self) -> Option<(String, Option<String>)> {
        let url = self.tag(&[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
        ])?;
        Some((self.base.picture(url)?, self.tag(&["og:image:alt", "twitter:image:alt"]).map(str::to_owned)))
    }

    /// The body as JSON-LD states it, its lines kept apart.
    pub(crate) fn stated_body(&self) -> Option<Vec<String>> {
        let body = jsonld::strings(self.story()?.get("articleBody")).next()?;
        let lines: Vec<String> = body.lines().map(text).filter(|l| !l.is_empty()).collect();
        (!lines.is_empty()).then_some(lines)
    }

    /// The language the page says it is in.
    pub(crate) fn language(&self) -> Option<Lang> {
        let story = self.story().and_then(|s| jsonld::strings(s.get("inLanguage")).next());
        let stated = [
            self.html_lang.as_deref(),
            story,
            self.tag(&["og:locale", "content-language", "language", "dc.language"]),
        ];
        stated.into_iter().flatten().find_map(|t| t.split(',').next()?.trim().parse().ok())
    }

    /// Fills the fields of an article.
    pub(crate) fn fill(&self, dom: &Dom, article: &mut Article) {
        let story = self.story();
        let address = self
            .canonical
            .as_deref()
            .or(self.tag(&["og:url"]))
            .or_else(|| jsonld::strings(story?.get("url")).next());
        article.url = address.and_then(|u| self.base.link(u)).filter(|u| u.starts_with("http"));
        article.site_name = self.site_name();
        article.title = self.title(article.site_name.as_deref());
        article.description = self.description();
        article.section =
            self.tag(&["article:section"]).map(str::to_owned).or_else(|| self.story_text("articleSection"));
        article.keywords = self.keywords();
        let layer = Layer::for_lang(article.language);
        article.byline = self.byline(dom, layer, article.site_name.as_deref());
        article.editors = story.map(|s| people(layer, &jsonld::names(s.get("editor")))).unwrap_or_default();
        self.dates(dom, article);
    }

    /// The abstract as the page states it.
    pub(crate) fn description(&self) -> Option<String> {
        self.tag(&["og:description", "description", "twitter:description", "dc.description"])
            .map(str::to_owned)
            .or_else(|| self.story_text("description"))
    }

    fn site_name(&self) -> Option<String> {
        if let Some(name) = self.tag(&["og:site_name", "application-name", "al:android:app_name"]) {
            return Some(name.to_owned());
        }
        let publisher = self.story().map(|s| jsonld::names(s.get("publisher"))).unwrap_or_default();
        let site = self.graph.of_type(|t| t == "WebSite").flat_map(|n| jsonld::strings(n.get("name"))).next();
        publisher.first().copied().or(site).map(text).filter(|t| !t.is_empty())
    }

    /// The headline without the site's name: an `<h1>` that one of the stated titles agrees with, else the
    /// stated title.
    fn title(&self, site: Option<&str>) -> Option<String> {
        let stated = self.titles();
        let key = |t: &str| letters(t);
        let agreed = self.h1.iter().find(|h| {
            let h = key(h);
            h.chars().count() >= 4 && stated.iter().any(|t| key(t).starts_with(&h))
        });
        if let Some(h1) = agreed
            && site.is_none_or(|s| key(s) != key(h1))
        {
            return Some(h1.clone());
        }
        match (stated.first(), &self.h1[..]) {
            (Some(title), _) => Some(without_site(title, site)),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }

    fn keywords(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |t: &str| {
            let t = text(t);
            if !t.is_empty() && !out.contains(&t) {
                out.push(t);
            }
        };
        let tags = self.tags.get("article:tag").map(Vec::as_slice).unwrap_or_default();
        let story =
            self.story().map(|s| jsonld::strings(s.get("keywords")).collect::<Vec<_>>()).unwrap_or_default();
        let stated: Vec<&str> = if !story.is_empty() {
            story
        } else if let Some(k) = self.tag(&["news_keywords", "keywords"]) {
            vec![k]
        } else {
            tags.iter().map(String::as_str).collect()
        };
        for list in stated {
            list.split([',', ';', '、', '،']).for_each(&mut add);
        }
        out
    }

    fn byline(&self, dom: &Dom, layer: &Layer, site: Option<&str>) -> Vec<String> {
        let story = self.story().map(|s| jsonld::names(s.get("author"))).unwrap_or_default();
        let tags: Vec<&str> = [
            "author",
            "article:author",
            "dc.creator",
            "parsely-author",
            "sailthru.author",
            "content_author",
            "cxenseparse:author",
        ]
        .iter()
        .find_map(|n| self.tags.get(*n))
        .map(|v| v.iter().map(String::as_str).collect())
        .unwrap_or_default();
        let shown = shown::authors(dom, layer);
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let is_site = |name: &String| {
            site.is_some_and(|s| letters(s) == letters(name))
                || self.base.host().is_some_and(|h| letters(h) == letters(name))
        };
        for source in [story, tags, shown] {
            let mut names = people(layer, &source);
            names.retain(|n| !is_site(n));
            if !names.is_empty() {
                return names;
            }
        }
        Vec::new()
    }

    fn dates(&self, dom: &Dom, article: &mut Article) {
        let lang = article.language;
        let read = |t: &str| date::read(t, lang);
        let story = |key: &str| self.story().and_then(|s| s.get(key)).and_then(Value::as_str);
        let published = [
            "article:published_time",
            "og:published_time",
            "datepublished",
            "content_publisheddate",
            "publishdate",
            "dtk:publishdate",
            "publish-date",
            "pubdate",
            "parsely-pub-date",
            "sailthru.date",
            "cxenseparse:recs:publishtime",
            "dc.date.issued",
            "dcterms.created",
            "date",
            "dc.date",
            "article.published",
        ];
        let modified = [
            "article:modified_time",
            "og:updated_time",
            "datemodified",
            "lastmod",
            "dcterms.modified",
            "article.updated",
            "revised",
        ];
        let mut p: Vec<Stamp> = story("datePublished").and_then(read).into_iter().collect();
        p.extend(published.iter().filter_map(|n| self.tag(&[n])).filter_map(read));
        let mut m: Vec<Stamp> = story("dateModified").and_then(read).into_iter().collect();
        m.extend(modified.iter().filter_map(|n| self.tag(&[n])).filter_map(read));
        let shown = shown::dates(dom, lang);
        p.extend(shown.published);
        m.extend(shown.modified);
        // Lines that do not say what they date: the first is the day of publication, if nothing else is.
        let loose = shown.loose;
        if p.is_empty() {
            p.extend(loose.first().copied());
        }
        // A time without its zone takes the one the page states for any other of its times.
        let all: Vec<Stamp> = p.iter().chain(&m).chain(&loose).copied().collect();
        article.published = settle(&p, &all);
        article.modified = settle(&m, &all);
    }
}

/// The first complete date; in the page's own zone where the page shows the same moment in one.
fn settle(stamps: &[Stamp], all: &[Stamp]) -> Option<String> {
    let first = stamps.iter().find(|s| s.time.is_some())?;
    let mut first = *first;
    if first.offset.is_none() {
        // UTC says only how a date was stored.
        let mut offsets: Vec<_> = all.iter().filter_map(|s| s.offset).filter(|o| o.seconds() != 0).collect();
        offsets.sort();
        offsets.dedup();
        let twin = all.iter().find(|s| s.date == first.date && s.offset.is_some() && same_minute(s, &first));
        first.offset = twin.and_then(|s| s.offset).or(match offsets[..] {
            [only] => Some(only),
            _ => None,
        });
    }
    let moment = first.instant();
    let local = all
        .iter()
        .find(|s| moment.is_some() && same_moment(s, moment) && s.offset.is_some_and(|o| o.seconds() != 0));
    match (first.offset, local) {
        (Some(offset), Some(local)) if offset.seconds() == 0 => local.rfc3339(),
        _ => first.rfc3339(),
    }
}

fn same_minute(a: &Stamp, b: &Stamp) -> bool {
    match (a.time, b.time) {
        (Some(a), Some(b)) => (a.hour(), a.minute()) == (b.hour(), b.minute()),
        _ => false,
    }
}

/// Whether two dates name one minute; pages show no seconds.
fn same_moment(a: &Stamp, moment: Option<jiff::Timestamp>) -> bool {
    match (a.instant(), moment) {
        (Some(a), Some(b)) => a.as_second().div_euclid(60) == b.as_second().div_euclid(60),
        _ => false,
    }
}

/// Cuts statements of authors into names: no addresses, no `By`.
fn people(layer: &Layer, stated: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for s in stated {
        let mut s = text(s);
        // `Name | Paper` names one person.
        s.truncate(s.find(" | ").unwrap_or(s.len()));
        if s.is_empty() || s.contains("://") || s.starts_with("www.") || s.contains('@') && !s.contains(' ') {
            continue;
        }
        let names = match layer.classify(&s) {
            Some(Chrome::Credit(credits)) => credits.into_iter().flat_map(|c| c.names).collect(),
            _ => layer.names(&s),
        };
        // A name the list of names does not know is a name all the same: the page states it.
        let names = if names.is_empty() { vec![s] } else { names };
        for name in names {
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

/// A title without the site's name at its end or beginning.
fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site.map(letters).filter(|s| !s.is_empty()) else { return title.to_owned() };
    let separators = [" - ", " – ", " — ", " | ", " • ", " · ", " :: ", " » ", " « ", "｜", " : "];
    for sep in separators {
        if let Some((head, tail)) = title.rsplit_once(sep) {
            let (h, t) = (letters(head), letters(tail));
            if t == site || (!t.is_empty() && (t == format!("{site}com") || site == format!("{t}com"))) {
                return head.trim().to_owned();
            }
            if h == site {
                return tail.trim().to_owned();
            }
        }
    }
    title.to_owned()
}

/// Letters and digits, lower case.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A statement's text: tags and entities that a content system put there decoded, white space collapsed.
pub(super) fn text(s: &str) -> String {
    let coded = s.contains('<') || s.find('&').is_some_and(|at| s[at..].contains(';'));
    if coded { Dom::parse(s).clean_text(Dom::ROOT) } else { collapse(s) }
}
