//! Pages that feeds and sitemaps name.

use std::collections::HashSet;

use edisi_extract::sitemap::{self, Listed, Sitemap};
use edisi_extract::{
    ErrorKind, ExtractError, Fetched, NetworkError, Options, Page, Url, Validators, extract_bytes,
};
use jiff::Timestamp;

use super::seen::{self, Entry};
use super::visit::{Refusal, Visitor};
use super::{Look, LookError};

/// Sitemaps of a list that are read in one look, the last changed first.
const SITEMAPS: usize = 10;

/// A page to be read.
pub(super) struct Wanted {
    /// What the source calls it.
    pub(super) key: String,
    pub(super) url: Url,
    /// What tells this state of it from another.
    pub(super) mark: String,
}

pub(super) async fn look_at_sitemap(look: &mut Look<'_>) -> Result<(), LookError> {
    let address = look.address()?;
    let mut visitor = Visitor::new(look.options);
    if let Fetched::Page(page) = visitor.list(&address, &look.validators).await? {
        let mut pages = match sitemap::read(address.as_str(), &page.bytes, usize::MAX)? {
            Sitemap::Pages(pages) => {
                look.validators = page.validators;
                pages
            }
            Sitemap::Index(sitemaps) => {
                // That the list is as it was does not say that its sitemaps are.
                look.validators = Validators::default();
                read_all(&visitor, sitemaps).await?
            }
        };
        newest_first(&mut pages);
        pages.truncate(seen::MOST);
        take(look, &mut visitor, pages).await?;
    }
    recheck(look, &mut visitor).await
}

async fn read_all(visitor: &Visitor<'_>, mut sitemaps: Vec<Listed>) -> Result<Vec<Listed>, LookError> {
    newest_first(&mut sitemaps);
    let mut pages = Vec::new();
    for Listed { url, .. } in sitemaps.into_iter().take(SITEMAPS) {
        if let Fetched::Page(page) = visitor.list(&url, &Validators::default()).await?
            && let Sitemap::Pages(more) = sitemap::read(url.as_str(), &page.bytes, usize::MAX)?
        {
            pages.extend(more);
        }
    }
    Ok(pages)
}

/// Those without a date come last, in their order.
fn newest_first(listed: &mut Vec<Listed>) {
    let mut urls = HashSet::new();
    listed.retain(|page| urls.insert(page.url.clone()));
    listed.sort_by_key(|page| std::cmp::Reverse(page.changed));
}

async fn take(look: &mut Look<'_>, visitor: &mut Visitor<'_>, pages: Vec<Listed>) -> Result<(), LookError> {
    let mut wanted: Vec<Wanted> = pages
        .into_iter()
        .map(|page| Wanted {
            key: page.url.to_string(),
            mark: page.changed.map(|at| at.to_string()).unwrap_or_default(),
            url: page.url,
        })
        .collect();
    look.seen.keep(&wanted.iter().map(|page| page.key.clone()).collect::<Vec<_>>());
    if look.seen.is_first {
        for Wanted { key, mark, .. } in wanted.split_off(wanted.len().min(look.options.at_most)) {
            look.seen.set(&key, Entry { mark, ..Entry::default() });
        }
    }
    wanted.retain(|page| look.seen.is_new(&page.key, &page.mark));
    look.is_more |= wanted.len() > look.options.at_most;
    wanted.truncate(look.options.at_most);
    wanted.reverse();
    read_pages(look, visitor, wanted).await
}

/// Reads pages and takes their articles in.
pub(super) async fn read_pages(
    look: &mut Look<'_>,
    visitor: &mut Visitor<'_>,
    pages: Vec<Wanted>,
) -> Result<(), LookError> {
    for wanted in pages {
        if !look.has_room() {
            break;
        }
        look.read += 1;
        let now = Timestamp::now().as_second();
        let before = look.seen.get(&wanted.key).cloned().unwrap_or_default();
        let entry = Entry {
            mark: wanted.mark.clone(),
            first: if before.first > 0 { before.first } else { now },
            checked: now,
            ..Entry::default()
        };
        match visitor.page(&wanted.url, &before.validators()).await? {
            Ok(Fetched::NotModified) => {
                let known = before.validators();
                let entry = Entry { etag: known.etag, last_modified: known.last_modified, ..entry };
                look.seen.set(&wanted.key, entry);
            }
            Ok(Fetched::Page(page)) => {
                let Validators { etag, last_modified } = page.validators.clone();
                take_page(look, &wanted, page).await?;
                look.seen.set(&wanted.key, Entry { etag, last_modified, ..entry });
            }
            Err(Refusal::Robots) => {
                look.fail(format!("{}: the site's robots.txt asks to leave it alone", wanted.url));
                // Not asked for again while it is listed as it is.
                look.seen.set(&wanted.key, Entry { mark: wanted.mark, ..Entry::default() });
            }
            Err(Refusal::RobotsUnknown) => {
                look.fail(format!(
                    "{}: the site's robots.txt cannot be had, and so nothing is read",
                    wanted.url
                ));
                look.seen.failed(&wanted.key, &wanted.mark);
            }
            Err(Refusal::Failed(error)) => failed(look, &wanted, &error),
        }
    }
    Ok(())
}

fn failed(look: &mut Look<'_>, wanted: &Wanted, error: &ExtractError) {
    look.fail(error.to_string());
    match error.kind() {
        ErrorKind::Network(NetworkError::Status(429 | 503)) => {
            // The site is left alone for as long as it asks for; the page is not to blame.
            look.wait = Some(error.retry_after().unwrap_or_default());
        }
        ErrorKind::Network(
            NetworkError::Timeout
            | NetworkError::Refused
            | NetworkError::UnknownHost
            | NetworkError::Broken
            | NetworkError::Tls
            | NetworkError::Status(500..),
        ) => look.seen.failed(&wanted.key, &wanted.mark),
        // It will be no better the next time.
        _ => look.seen.set(&wanted.key, Entry { mark: wanted.mark.clone(), ..Entry::default() }),
    }
}

async fn take_page(look: &mut Look<'_>, wanted: &Wanted, page: Page) -> Result<(), LookError> {
    let options = Options { lang: look.source.lang, base: Some(page.url.clone()), ..Options::default() };
    let (bytes, content_type, name) = (page.bytes, page.content_type, wanted.url.to_string());
    let read =
        tokio::task::spawn_blocking(move || extract_bytes(&name, &bytes, content_type.as_deref(), &options));
    let read =
        read.await.map_err(|e| LookError::source(format!("{}: the reader ended early: {e}", wanted.url)))?;
    match read {
        Ok(articles) => {
            let Some(mut article) = articles.into_iter().next() else { return Ok(()) };
            let address = address(article.url.as_deref(), &page.url);
            article.url = Some(address.clone());
            look.take_in(article, address).await
        }
        // Sitemaps list front pages and tags too.
        Err(error) if *error.kind() == ErrorKind::NoArticle => {
            look.polled.failed += 1;
            Ok(())
        }
        Err(error) => {
            look.fail(error.to_string());
            Ok(())
        }
    }
}

/// The address of an article: what its page says, if that is on the same site (a page must not pass for one of another
/// site), else where it was.
pub(super) fn address(stated: Option<&str>, fetched: &Url) -> String {
    let site = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    let stated = stated.and_then(|url| Url::parse(url).ok()).filter(|url| site(url) == site(fetched));
    let mut url = stated.unwrap_or_else(|| fetched.clone());
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("utm_"))
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    if kept.len() != url.query_pairs().count() {
        match kept.is_empty() {
            true => url.set_query(None),
            false => drop(url.query_pairs_mut().clear().extend_pairs(kept)),
        }
    }
    url.into()
}

/// Asks again for pages that may have been changed quietly.
pub(super) async fn recheck(look: &mut Look<'_>, visitor: &mut Visitor<'_>) -> Result<(), LookError> {
    let now = Timestamp::now();
    let mut due = Vec::new();
    for key in look.seen.keys() {
        let Some(entry) = look.seen.get(&key) else { continue };
        if entry.is_due(look.options.recheck, now)
            && let Ok(url) = Url::parse(&key)
        {
            due.push(Wanted { mark: entry.mark.clone(), url, key });
        }
    }
    // There is no hurry: what does not fit comes with the next ordinary look.
    due.truncate(look.options.at_most.saturating_sub(look.read));
    read_pages(look, visitor, due).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_article_is_called() {
        let fetched = Url::parse("https://www.kabar.example/a?utm_source=x&id=1#top").expect("an address");
        assert_eq!(address(None, &fetched), "https://www.kabar.example/a?id=1");
        assert_eq!(address(Some("https://kabar.example/b"), &fetched), "https://kabar.example/b");
        assert_eq!(address(Some("https://lain.example/b"), &fetched), "https://www.kabar.example/a?id=1");
        assert_eq!(address(Some("halo"), &fetched), "https://www.kabar.example/a?id=1");
        let only = Url::parse("https://kabar.example/a?utm_medium=x").expect("an address");
        assert_eq!(address(None, &only), "https://kabar.example/a");
    }
}
