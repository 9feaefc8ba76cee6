//! Sitemaps, lists of them, and what news sitemaps say about time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use url::Url;

use crate::encoding;
use crate::error::{ErrorKind, ExtractError};

/// What a sitemap holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sitemap {
    /// Pages.
    Pages(Vec<Listed>),
    /// Other sitemaps.
    Index(Vec<Listed>),
}

/// An address in a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The address.
    pub url: Url,
    /// When it was last changed, or else published, if the sitemap says.
    pub changed: Option<Timestamp>,
}

/// Reads a sitemap; at most `limit` addresses of it. Those that are no addresses of the web are left out.
///
/// # Errors
/// [`ErrorKind::BadFeed`] for what is no sitemap.
pub fn read(name: &str, bytes: &[u8], limit: usize) -> Result<Sitemap, ExtractError> {
    let bad = |reason: String| ExtractError::new(name, ErrorKind::BadFeed { reason });
    let decoded = encoding::decode(bytes, None).map_err(|kind| ExtractError::new(name, kind))?;
    let mut reader = Reader::from_str(&decoded.text);
    let mut path: Vec<String> = Vec::new();
    let mut is_index = None;
    let mut listed = Vec::new();
    let mut entry = Entry::default();
    while listed.len() < limit {
        match reader.read_event().map_err(|e| bad(e.to_string()))? {
            Event::Start(e) => {
                let name = local(e.local_name().as_ref());
                if path.is_empty() {
                    is_index = match name.as_str() {
                        "urlset" => Some(false),
                        "sitemapindex" => Some(true),
                        other => return Err(bad(format!("it begins with <{other}>, it is no sitemap"))),
                    };
                }
                if path.len() == 1 {
                    entry = Entry::default();
                }
                path.push(name);
            }
            Event::End(_) => {
                path.pop();
                if path.len() == 1 {
                    listed.extend(std::mem::take(&mut entry).listed());
                }
            }
            Event::Text(e) => entry.hear(&path, &e.xml10_content()),
            Event::CData(e) => entry.hear(&path, &e.xml10_content()),
            Event::GeneralRef(e) => match e.resolve_char_ref() {
                Ok(Some(c)) => entry.hear(&path, c.encode_utf8(&mut [0; 4])),
                // What the document declares itself is not looked up: a few lines can declare gigabytes.
                _ => entry.hear(&path, resolve_xml_entity(&local(e.as_ref())).unwrap_or_default()),
            },
            Event::Eof => break,
            _ => {}
        }
    }
    match is_index {
        None => Err(bad("it is no sitemap".into())),
        Some(false) => Ok(Sitemap::Pages(listed)),
        Some(true) => Ok(Sitemap::Index(listed)),
    }
}

/// What is known of an entry so far.
#[derive(Default)]
struct Entry {
    address: String,
    changed: String,
    published: String,
}

/// Longer texts are no addresses and no dates.
const LONGEST: usize = 4096;

impl Entry {
    fn hear(&mut self, path: &[String], text: &str) {
        let (Some(last), 3..=4) = (path.last(), path.len()) else { return };
        let field = match (last.as_str(), path.len()) {
            ("loc", 3) => &mut self.address,
            ("lastmod", 3) => &mut self.changed,
            ("publication_date", 4) if path[2] == "news" => &mut self.published,
            _ => return,
        };
        if field.len() + text.len() <= LONGEST {
            field.push_str(text);
        }
    }

    fn listed(self) -> Option<Listed> {
        let url = Url::parse(self.address.trim()).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let changed = moment(&self.changed).max(moment(&self.published));
        is_web.then_some(Listed { url, changed })
    }
}

/// A moment as W3C writes it, to the day or finer.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let day: Date = text.parse().ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

fn local(name: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(name.as_ref()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<(String, Option<String>)> {
        match read("peta", text.as_bytes(), 100).expect("a sitemap") {
            Sitemap::Pages(listed) | Sitemap::Index(listed) => {
                listed.into_iter().map(|l| (l.url.into(), l.changed.map(|at| at.to_string()))).collect()
            }
        }
    }

    #[test]
    fn a_news_sitemap() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://kabar.example/?a=1&amp;b=2&#38;c </loc><lastmod>2026-11-02T10:00+07:00</lastmod>
<image:image><image:loc>https://kabar.example/foto.jpg</image:loc></image:image></url>
<url><loc><![CDATA[https://kabar.example/2]]></loc><news:news><news:publication><news:name>Kabar</news:name></news:publication>
<news:publication_date>2026-11-03</news:publication_date><news:title>Air</news:title></news:news></url>
<url><loc>https://kabar.example/3</loc><lastmod>kemarin</lastmod></url>
<url><loc>ftp://kabar.example/4</loc></url><url><loc>/5</loc></url><url></url>
</urlset>"#;
        let listed = pages(text);
        let wanted = [
            ("https://kabar.example/?a=1&b=2&c", Some("2026-11-02T03:00:00Z")),
            ("https://kabar.example/2", Some("2026-11-03T00:00:00Z")),
            ("https://kabar.example/3", None),
        ];
        assert_eq!(listed, wanted.map(|(url, at)| (url.to_owned(), at.map(String::from))));
    }

    #[test]
    fn a_list_of_sitemaps() {
        let text = "<sitemapindex><sitemap><loc>https://kabar.example/a.xml</loc><lastmod>2026-11-02T10:00:00Z</lastmod></sitemap></sitemapindex>";
        assert!(matches!(read("peta", text.as_bytes(), 9), Ok(Sitemap::Index(listed)) if listed.len() == 1));
        assert_eq!(pages(text)[0].1.as_deref(), Some("2026-11-02T10:00:00Z"));
    }

    #[test]
    fn what_is_refused_or_bounded() {
        for text in ["", "halo", "<html><body></body></html>", "<urlset><url></loc>", "<urlset><url><loc>"] {
            let read = read("peta", text.as_bytes(), 9);
            let is_bad = matches!(&read, Err(e) if matches!(e.kind(), ErrorKind::BadFeed { .. }));
            assert!(is_bad || text.ends_with("<loc>"), "{text}: {read:?}");
        }
        let bomb = r#"<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<urlset><url><loc>https://kabar.example/&b;</loc></url></urlset>"#;
        assert_eq!(pages(bomb), [("https://kabar.example/".to_owned(), None)]);
        let many = format!("<urlset>{}</urlset>", "<url><loc>https://kabar.example/</loc></url>".repeat(50));
        let Ok(Sitemap::Pages(listed)) = read("peta", many.as_bytes(), 20) else { panic!("no sitemap") };
        assert_eq!(listed.len(), 20);
    }
}
