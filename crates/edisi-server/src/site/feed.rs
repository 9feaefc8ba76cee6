//! Feeds of a language: RSS 2.0, Atom, JSON Feed 1.1.

use edisi_article::escape_html;
use edisi_text::Lang;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::sitemap::seconds;
use super::story::address;
use super::{Address, FeedKind, Form, Published, Shown, sanitise};

/// Stories in a feed.
pub const ENTRIES: i64 = 20;

/// Everything a feed says, in no form yet.
struct Feed<'a> {
    lang: Lang,
    title: String,
    /// The front page.
    home: String,
    /// The feed itself.
    own: String,
    hubs: &'a [String],
    updated: Timestamp,
    items: Vec<Item>,
}

struct Item {
    id: String,
    link: String,
    title: String,
    summary: String,
    /// The text, with a note at the top on how it came about.
    html: String,
    published: Timestamp,
    updated: Timestamp,
    authors: Vec<String>,
    tags: Vec<String>,
    image: Option<String>,
    /// Language and address of the other versions.
    others: Vec<(Lang, String)>,
}

/// The feed of a language, in which `stories` are the latest.
pub fn feed(stories: &[Published], lang: Lang, kind: FeedKind, shown: &Shown) -> String {
    let items: Vec<Item> = stories.iter().filter_map(|s| item(s, lang, shown)).collect();
    let feed = Feed {
        lang,
        title: xml_text(&shown.settings.name),
        home: shown.whole(&Address::Front(lang)),
        own: shown.whole(&Address::Feed(lang, kind)),
        hubs: &shown.settings.hubs,
        updated: items.iter().map(|i| i.updated).max().unwrap_or(Timestamp::UNIX_EPOCH),
        items,
    };
    match kind {
        FeedKind::Rss => rss(&feed),
        FeedKind::Atom => atom(&feed),
        FeedKind::Json => format!("{:#}\n", json_feed(&feed)),
    }
}

fn item(story: &Published, lang: Lang, shown: &Shown) -> Option<Item> {
    let version = story.version(lang)?;
    let article = &version.content.article;
    let told = story.syndicated(shown, lang)?;
    let mut html = String::new();
    if let Some((label, sentences)) = &told.notice {
        let link = match &told.original {
            Some((text, href)) => {
                format!(" <a href=\"{}\">{}</a>", escape_html(&absolute(href, shown)), escape_html(text))
            }
            None => String::new(),
        };
        let (label, sentences) = (escape_html(label), escape_html(sentences));
        html += &format!("<p><strong>{label}</strong> {sentences}{link}</p>\n");
    }
    html += &told.html;
    let whole = |v| shown.whole(&address(v, Form::Page));
    let mut others: Vec<(Lang, String)> =
        story.versions.iter().filter(|v| v.lang != lang).map(|v| (v.lang, whole(v))).collect();
    others.sort_by_key(|(lang, _)| shown.rank(*lang));
    Some(Item {
        id: id(&format!("{}\n{lang}", version.article)),
        link: whole(version),
        title: xml_text(&told.title),
        summary: xml_text(&told.summary),
        html: xml_text(sanitise::for_feed(&html).trim_end()),
        published: version.first_published,
        updated: version.published,
        authors: article.byline.iter().map(|name| xml_text(name)).collect(),
        tags: article.section.iter().chain(&article.keywords).map(|tag| xml_text(tag)).collect(),
        image: article.images.iter().map(|i| &i.url).find(|u| u.starts_with("https://")).map(|u| xml_text(u)),
        others,
    })
}

fn atom(feed: &Feed<'_>) -> String {
    let e = escape_html;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n\
         <title>{title}</title>\n<id>{id}</id>\n<updated>{updated}</updated>\n<author><name>{title}</name></author>\n\
         <generator>Edisi</generator>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" hreflang=\"{lang}\" href=\"{home}\"/>\n",
        lang = feed.lang,
        title = e(&feed.title),
        id = id(&feed.home),
        updated = seconds(feed.updated),
        own = e(&feed.own),
        home = e(&feed.home),
    );
    for hub in feed.hubs {
        out += &format!("<link rel=\"hub\" href=\"{}\"/>\n", e(&xml_text(hub)));
    }
    for item in &feed.items {
        out += &format!(
            "<entry xml:lang=\"{lang}\">\n<title>{title}</title>\n<id>{id}</id>\n<published>{published}</published>\n\
             <updated>{updated}</updated>\n<link rel=\"alternate\" type=\"text/html\" hreflang=\"{lang}\" href=\"{link}\"/>\n",
            lang = feed.lang,
            title = e(&item.title),
            id = item.id,
            published = seconds(item.published),
            updated = seconds(item.updated),
            link = e(&item.link),
        );
        for (lang, href) in &item.others {
            out += &format!(
                "<link rel=\"alternate\" type=\"text/html\" hreflang=\"{lang}\" href=\"{}\"/>\n",
                e(href)
            );
        }
        for name in &item.authors {
            out += &format!("<author><name>{}</name></author>\n", e(name));
        }
        for tag in &item.tags {
            out += &format!("<category term=\"{}\"/>\n", e(tag));
        }
        out += &format!(
            "<summary>{}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
            e(&item.summary),
            e(&item.html)
        );
    }
    out + "</feed>\n"
}

fn rss(feed: &Feed<'_>) -> String {
    let e = escape_html;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <channel>\n<title>{title}</title>\n<link>{home}</link>\n<description>{title}</description>\n\
         <language>{lang}</language>\n<lastBuildDate>{updated}</lastBuildDate>\n<generator>Edisi</generator>\n\
         <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{own}\"/>\n",
        title = e(&feed.title),
        home = e(&feed.home),
        lang = feed.lang,
        updated = rfc2822(feed.updated),
        own = e(&feed.own),
    );
    for hub in feed.hubs {
        out += &format!("<atom:link rel=\"hub\" href=\"{}\"/>\n", e(&xml_text(hub)));
    }
    for item in &feed.items {
        out += &format!(
            "<item xml:lang=\"{lang}\">\n<title>{title}</title>\n<link>{link}</link>\n<guid isPermaLink=\"false\">{id}</guid>\n\
             <pubDate>{published}</pubDate>\n<dc:language>{lang}</dc:language>\n<atom:updated>{updated}</atom:updated>\n",
            lang = feed.lang,
            title = e(&item.title),
            link = e(&item.link),
            id = item.id,
            published = rfc2822(item.published),
            updated = seconds(item.updated),
        );
        for (lang, href) in &item.others {
            out += &format!(
                "<atom:link rel=\"alternate\" type=\"text/html\" hreflang=\"{lang}\" href=\"{}\"/>\n",
                e(href)
            );
        }
        for name in &item.authors {
            out += &format!("<dc:creator>{}</dc:creator>\n", e(name));
        }
        for tag in &item.tags {
            out += &format!("<category>{}</category>\n", e(tag));
        }
        out += &format!(
            "<description>{}</description>\n<content:encoded>{}</content:encoded>\n</item>\n",
            // What stands there is read as HTML.
            e(&e(&item.summary)),
            e(&item.html)
        );
    }
    out + "</channel>\n</rss>\n"
}

fn json_feed(feed: &Feed<'_>) -> Value {
    let item = |item: &Item| {
        let mut value = json!({
            "id": item.id, "url": item.link, "title": item.title, "summary": item.summary,
            "content_html": item.html, "date_published": seconds(item.published),
            "date_modified": seconds(item.updated), "language": feed.lang,
        });
        let authors: Vec<Value> = item.authors.iter().map(|name| json!({ "name": name })).collect();
        for (key, list) in [("authors", json!(authors)), ("tags", json!(item.tags))] {
            if list.as_array().is_some_and(|l| !l.is_empty()) {
                value[key] = list;
            }
        }
        if let Some(image) = &item.image {
            value["image"] = json!(image);
        }
        // JSON Feed has no field for other languages; names that begin with `_` are for what it has none for.
        let versions: Vec<Value> =
            item.others.iter().map(|(lang, url)| json!({ "language": lang, "url": url })).collect();
        if !versions.is_empty() {
            value["_edisi"] = json!({ "versions": versions });
        }
        value
    };
    let mut out = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": feed.home,
        "feed_url": feed.own, "language": feed.lang, "items": feed.items.iter().map(item).collect::<Vec<_>>(),
    });
    if !feed.hubs.is_empty() {
        let hub = |url: &String| json!({ "type": "WebSub", "url": url });
        out["hubs"] = feed.hubs.iter().map(hub).collect();
    }
    out
}

/// An address of ours as a whole one; others as they are.
fn absolute(href: &str, shown: &Shown) -> String {
    match href.strip_prefix('/') {
        Some(path) if shown.base().is_empty() => format!("{}/{path}", shown.fallback.trim_end_matches('/')),
        _ => href.to_owned(),
    }
}

/// A name for what `what` says that stays the same wherever the site moves to.
fn id(what: &str) -> String {
    let bytes: [u8; 16] = Sha256::digest(format!("edisi feed\n{what}"))[..16].try_into().expect("it has 32");
    uuid::Builder::from_custom_bytes(bytes).into_uuid().urn().to_string()
}

fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The text without the characters XML cannot have.
fn xml_text(text: &str) -> String {
    let fits = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}
