//! Feeds: the pages they link to, or the articles they carry whole.

use edisi_article::BlockKind;
use edisi_extract::{FeedEntry, Fetched, Options, Url, feed_entries};
use sha2::{Digest, Sha256};

use super::pages::{Wanted, address, read_pages, recheck};
use super::seen::Entry;
use super::visit::Visitor;
use super::{Look, LookError};

/// Entries of a feed that are looked at.
const MOST: usize = 500;
/// An article that a feed carries has at least so many characters; with fewer it is taken for a summary.
const LEAST: usize = 400;

pub(super) async fn look(look: &mut Look<'_>) -> Result<(), LookError> {
    let address = look.address()?;
    let mut visitor = Visitor::new(look.options);
    match visitor.list(&address, &look.validators).await? {
        Fetched::NotModified => {}
        Fetched::Page(page) => {
            look.validators = page.validators;
            let options = Options { lang: look.source.lang, base: Some(page.url), ..Options::default() };
            let entries =
                feed_entries(address.as_str(), &page.bytes, page.content_type.as_deref(), &options)?;
            take(look, &mut visitor, entries).await?;
        }
    }
    recheck(look, &mut visitor).await
}

/// What is new among the entries; the newest come first in a feed.
async fn take(
    look: &mut Look<'_>,
    visitor: &mut Visitor<'_>,
    entries: Vec<FeedEntry>,
) -> Result<(), LookError> {
    let mut entries: Vec<(String, String, FeedEntry)> = entries
        .into_iter()
        .take(MOST)
        .filter(|entry| entry.link.is_some() || entry.article.is_some())
        .map(|entry| (key(look, &entry), mark(&entry), entry))
        .collect();
    let listed: Vec<String> = entries.iter().map(|(key, ..)| key.clone()).collect();
    look.seen.keep(&listed);
    if look.seen.is_first {
        for (key, mark, _) in entries.split_off(entries.len().min(look.options.at_most)) {
            look.seen.set(&key, Entry { mark, ..Entry::default() });
        }
    }
    entries.retain(|(key, mark, _)| look.seen.is_new(key, mark));
    // The newest fit into this look; among them the oldest comes first, as it did on the site.
    look.is_more |= entries.len() > look.options.at_most;
    entries.truncate(look.options.at_most);
    for (key, mark, entry) in entries.into_iter().rev() {
        if !look.has_room() {
            break;
        }
        match (page(&entry), entry.article) {
            (Some(url), _) => read_pages(look, visitor, vec![Wanted { key, url, mark }]).await?,
            (None, Some(article)) => {
                look.read += 1;
                let link = entry.link.as_deref().and_then(|link| Url::parse(link).ok());
                let name = link.map_or_else(|| key.clone(), |url| address(None, &url));
                look.take_in(article, name).await?;
                look.seen.set(&key, Entry { mark, ..Entry::default() });
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// The page to read for an entry; none when the feed has all of it, or names none.
fn page(entry: &FeedEntry) -> Option<Url> {
    let has_all = entry.is_whole
        && entry.article.as_ref().is_some_and(|article| {
            let body = article.blocks.iter().filter(|b| b.kind != BlockKind::Caption);
            body.map(|b| b.text.chars().count()).sum::<usize>() >= LEAST
        });
    let url = entry.link.as_deref().and_then(|link| Url::parse(link).ok());
    url.filter(|url| !has_all && matches!(url.scheme(), "http" | "https"))
}

/// What an entry is called: its page, or else what the feed calls it.
fn key(look: &Look<'_>, entry: &FeedEntry) -> String {
    match &entry.link {
        Some(link) => link.clone(),
        None => format!("{}#{}", look.source.location, entry.id),
    }
}

/// What tells one state of an entry from another.
fn mark(entry: &FeedEntry) -> String {
    let mut hash = Sha256::new();
    if let Some(at) = entry.changed {
        hash.update(at.to_string());
    }
    if let Some(article) = &entry.article {
        for text in article.title.iter().chain(article.blocks.iter().map(|b| &b.text)) {
            hash.update([0]);
            hash.update(text);
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
