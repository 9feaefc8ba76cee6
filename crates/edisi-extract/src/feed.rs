//! RSS, Atom and JSON Feed → one article an entry.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use edisi_article::{Article, BlockKind, Image};
use edisi_text::Lang;
use feed_rs::model::{Entry, Feed};

use crate::error::ErrorKind;
use crate::{date, html, news};

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// What the feed calls it.
    pub id: String,
    /// The page it is about.
    pub link: Option<String>,
    /// When it was last changed, or else published, if the feed says.
    pub changed: Option<jiff::Timestamp>,
    /// What the feed has of the story, if it has any text.
    pub article: Option<Article>,
    /// Whether that is said to be all of it, not a summary.
    pub is_whole: bool,
}

/// Reads a feed. Entries without text are left out.
pub(crate) fn read(text: &str, base: Option<&str>, hint: Option<Lang>) -> Result<Vec<Article>, ErrorKind> {
    Ok(entries(text, base, hint)?.into_iter().filter_map(|entry| entry.article).collect())
}

/// Reads a feed, those entries too that only name a page.
pub(crate) fn entries(
    text: &str,
    base: Option<&str>,
    hint: Option<Lang>,
) -> Result<Vec<FeedEntry>, ErrorKind> {
    let times = Times::default();
    let parser = feed_rs::parser::Builder::new().base_uri(base).timestamp_parser(times.reader()).build();
    // The text is decoded already: its declaration of an encoding no longer holds.
    let feed = parser
        .parse(without_declaration(text).as_bytes())
        .map_err(|e| ErrorKind::BadFeed { reason: e.to_string() })?;
    let entry = |entry: &Entry| FeedEntry {
        id: entry.id.clone(),
        link: link(entry),
        changed: entry
            .updated
            .or(entry.published)
            .and_then(|at| jiff::Timestamp::from_millisecond(at.timestamp_millis()).ok()),
        article: article(entry, &feed, &times, base, hint),
        is_whole: entry
            .content
            .as_ref()
            .and_then(|c| c.body.as_deref())
            .is_some_and(|b| !b.trim().is_empty()),
    };
    Ok(feed.entries.iter().map(entry).collect())
}

fn link(entry: &Entry) -> Option<String> {
    let links = &entry.links;
    let page = links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"));
    page.or(links.first()).map(|l| l.href.clone())
}

fn article(
    entry: &Entry,
    feed: &Feed,
    times: &Times,
    base: Option<&str>,
    hint: Option<Lang>,
) -> Option<Article> {
    let plain = |text: &feed_rs::model::Text| inline_text(&text.content);
    let address = link(entry);
    let base = entry.base.as_deref().or(address.as_deref()).or(base);
    let summary = entry.summary.as_ref().map(|s| s.content.as_str()).filter(|s| !s.trim().is_empty());
    let content = entry.content.as_ref().and_then(|c| c.body.as_deref()).filter(|b| !b.trim().is_empty());
    let (blocks, images) = html::fragment(content.or(summary)?, base);
    let mut article = Article {
        url: address,
        title: entry.title.as_ref().map(plain).filter(|t| !t.is_empty()),
        description: content.and(summary).map(inline_text).filter(|t| !t.is_empty()),
        byline: entry.authors.iter().filter_map(|p| p.name.clone()).filter(|n| !n.is_empty()).collect(),
        site_name: feed.title.as_ref().map(plain).filter(|t| !t.is_empty()),
        keywords: entry
            .categories
            .iter()
            .map(|c| c.label.clone().unwrap_or_else(|| c.term.clone()))
            .collect(),
        published: entry.published.and_then(|t| times.written(t.timestamp())),
        modified: entry.updated.and_then(|t| times.written(t.timestamp())),
        blocks,
        images,
        ..Article::default()
    };
    let stated = entry.language.as_deref().or(feed.language.as_deref()).and_then(|l| l.parse().ok());
    article.language =
        hint.or(stated).or_else(|| edisi_text::detect(&article.body_text()).map(|(lang, _)| lang));
    for image in entry.media.iter().flat_map(|m| &m.content) {
        if let Some(url) = &image.url
            && image.content_type.as_ref().is_some_and(|t| t.ty().as_str() == "image")
            && !article.images.iter().any(|i| i.url == url.as_str())
        {
            article.images.push(Image { url: url.to_string(), ..Image::default() });
        }
    }
    news::filter_blocks(&mut article, hint);
    article.links = html::links(&article.blocks);
    article.blocks.iter().any(|b| b.kind != BlockKind::Caption).then_some(article)
}

/// Text of an element that may hold mark-up.
fn inline_text(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return edisi_text::clean::collapse_whitespace(text);
    }
    let (blocks, _) = html::fragment(text, None);
    blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    }
}

/// Times as the feed writes them. The parser hands out moments in UTC; the zone the feed states is kept here.
#[derive(Clone, Default)]
struct Times {
    written: Arc<Mutex<HashMap<i64, String>>>,
}

impl Times {
    fn reader<T>(&self) -> impl Fn(&str) -> Option<T> + Send + Sync + 'static
    where
        T: std::str::FromStr,
    {
        let written = Arc::clone(&self.written);
        move |text| {
            let stamp = date::read(text, Some(Lang::EN))?;
            let at = stamp.rfc3339()?;
            let moment = stamp.instant()?.as_second();
            written.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(moment, at.clone());
            at.parse().ok()
        }
    }

    fn written(&self, moment: i64) -> Option<String> {
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&moment).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Warta Sukamaju</title><link>https://warta.example/</link><language>id-ID</language>
<item><title>Jembatan Tua &amp; Pasar Dibuka Lagi</title><link>https://warta.example/jembatan</link>
<dc:creator>Bimo Satrio</dc:creator><category>Daerah</category>
<pubDate>Mon, 03 Feb 2025 10:20:00 +0700</pubDate>
<description>Jembatan dibuka lagi.</description>
<content:encoded><![CDATA[<p>SUKAMAJU - Jembatan tua itu <strong>dibuka lagi</strong> pada Senin setelah diperbaiki tiga minggu.</p>
<p>Baca juga: <a href="/pasar">Pasar Induk Direnovasi</a></p><p>Warga menyambutnya, kata <a href="/lurah">Lurah Rina</a>.</p>]]></content:encoded></item>
<item><title>Hanya ringkasan</title><link>https://warta.example/2</link><description>Harga cabai naik dua kali lipat di pasar induk sejak awal pekan ini.</description></item>
<item><title>Tanpa isi</title><link>https://warta.example/3</link></item>
</channel></rss>"#;

    #[test]
    fn entries_become_articles() {
        let got = read(RSS, None, None).unwrap();
        assert_eq!(got.len(), 2);
        let a = &got[0];
        assert_eq!(a.title.as_deref(), Some("Jembatan Tua & Pasar Dibuka Lagi"));
        assert_eq!(a.byline, ["Bimo Satrio"]);
        assert_eq!(a.site_name.as_deref(), Some("Warta Sukamaju"));
        assert_eq!(a.published.as_deref(), Some("2025-02-03T10:20:00+07:00"));
        assert_eq!(a.language, Some(Lang::ID));
        assert_eq!(a.dateline.as_deref(), Some("SUKAMAJU"));
        assert_eq!(a.description.as_deref(), Some("Jembatan dibuka lagi."));
        assert_eq!(a.blocks.len(), 2, "{:#?}", a.blocks);
        assert!(a.blocks[0].html.contains("<strong>dibuka lagi</strong>"), "{}", a.blocks[0].html);
        assert_eq!(a.links[0].url, "https://warta.example/lurah");
        assert_eq!(
            got[1].blocks[0].text,
            "Harga cabai naik dua kali lipat di pasar induk sejak awal pekan ini."
        );
    }

    #[test]
    fn atom_and_json_feed() {
        let atom = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Port</title><id>urn:x:1</id><updated>2025-03-03T10:20:00+01:00</updated>
<entry><title type="html">Le pont &lt;em&gt;rouvre&lt;/em&gt;</title><id>urn:x:2</id><link href="https://port.example/pont"/><updated>2025-03-03T10:20:00+01:00</updated><author><name>Claire Petit</name></author>
<content type="html">&lt;p&gt;Le pont a rouvert lundi apr&#232;s trois semaines de travaux, a annonc&#233; la mairie.&lt;/p&gt;</content></entry></feed>"#;
        let got = read(atom, None, None).unwrap();
        assert_eq!(got[0].title.as_deref(), Some("Le pont rouvre"));
        assert_eq!(
            got[0].blocks[0].text,
            "Le pont a rouvert lundi après trois semaines de travaux, a annoncé la mairie."
        );
        assert_eq!(got[0].modified.as_deref(), Some("2025-03-03T10:20:00+01:00"));
        assert_eq!(got[0].language, Some(Lang::FR));
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Daily", "language": "en", "items": [{"id": "1", "url": "https://harbour.example/bridge", "title": "Bridge reopens", "content_html": "<p>The bridge reopened on Monday after three weeks of repairs, the council said.</p>", "date_published": "2025-03-03T10:20:00Z"}]}"#;
        let got = read(json, None, None).unwrap();
        assert_eq!(got[0].title.as_deref(), Some("Bridge reopens"));
        assert_eq!(got[0].published.as_deref(), Some("2025-03-03T10:20:00+00:00"));
    }

    #[test]
    fn what_is_no_feed_says_so() {
        assert!(matches!(read("<rss><channel><item>", None, None), Err(ErrorKind::BadFeed { .. })));
        assert_eq!(
            read("<rss version=\"2.0\"><channel><title>Kosong</title></channel></rss>", None, None),
            Ok(vec![])
        );
    }
}
