//! What is at an address: read from the store, then made into an answer by functions of plain values.

use axum::http::StatusCode;
use edisi_edition::render::{Front, Missing, RenderError, Renderer};
use edisi_store::{Id, Publication, PublishedFilter, Store, StoreError};
use edisi_text::Lang;
use jiff::Timestamp;

use super::finished::Finished;
use super::{Address, FeedKind, Form, Published, Shown, feed, sitemap, story};

/// Stories on a front page.
pub const PER_FRONT: i64 = 20;

/// What an answer is made from.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing but the address is needed.
    Fixed,
    /// A story.
    Story(Published),
    /// Versions in one language with whether their originals were corrected, the latest first; one more than a front
    /// page has, when there are more.
    Front(Vec<(Publication, bool)>),
    /// The latest stories of a language.
    Feed(Vec<Published>),
    /// Every version on the site.
    Index(Vec<sitemap::Row>),
    /// There is nothing at the address.
    Nothing {
        /// Whether there was.
        gone: bool,
        /// The story, when there is one of that name in other languages.
        elsewhere: Option<Published>,
    },
}

/// Reads what is at `address`.
///
/// # Errors
/// When the store fails.
pub async fn read(store: &Store, shown: &Shown, address: &Address) -> Result<Content, StoreError> {
    Ok(match address {
        Address::Languages | Address::About(_) | Address::Robots | Address::Style(_) | Address::Missing => {
            Content::Fixed
        }
        Address::Front(lang) => front(store, *lang, None).await?,
        Address::Older(lang, before) => front(store, *lang, Some(*before)).await?,
        Address::Story { lang, slug, .. } => match store.publication_by_slug(slug, *lang).await? {
            Some(version) => Content::Story(published(store, version.article).await?),
            None => Content::Nothing {
                gone: store.was_published(slug, *lang).await?,
                elsewhere: elsewhere(store, shown, slug).await?,
            },
        },
        Address::Feed(lang, _) => {
            let filter = PublishedFilter { lang: *lang, before: None, limit: feed::ENTRIES };
            let mut stories = Vec::new();
            for version in store.published(&filter).await? {
                stories.push(published(store, version.article).await?);
            }
            Content::Feed(stories)
        }
        Address::Sitemaps | Address::Sitemap(..) => Content::Index(store.published_index().await?),
    })
}

async fn front(store: &Store, lang: Lang, before: Option<Timestamp>) -> Result<Content, StoreError> {
    let filter = PublishedFilter { lang, before, limit: PER_FRONT + 1 };
    let mut entries = Vec::new();
    for version in store.published(&filter).await? {
        // A first publication that is up to date has nothing to correct.
        let may_be = version.stale || version.number > 1;
        let corrected = may_be && !store.corrections(version.article).await?.is_empty();
        entries.push((version, corrected));
    }
    Ok(Content::Front(entries))
}

async fn published(store: &Store, article: Id) -> Result<Published, StoreError> {
    Ok(Published {
        versions: store.publications(article).await?,
        corrections: store.corrections(article).await?,
        changed: store.article(article).await?.updated,
    })
}

async fn elsewhere(store: &Store, shown: &Shown, slug: &str) -> Result<Option<Published>, StoreError> {
    for lang in &shown.langs {
        if let Some(version) = store.publication_by_slug(slug, *lang).await? {
            return published(store, version.article).await.map(Some);
        }
    }
    Ok(None)
}

/// Makes the answer for `address` from what is there.
///
/// # Errors
/// When a page cannot be rendered.
pub fn answer(
    renderer: &Renderer,
    shown: &Shown,
    address: &Address,
    content: &Content,
) -> Result<Finished, RenderError> {
    let style = shown.style_path();
    let frame = shown.frame(&style);
    let reader = address.lang().unwrap_or(shown.settings.lang);
    let missing = |gone: bool, known: Option<&Published>| {
        let elsewhere = known.map(|story| story.elsewhere(shown)).unwrap_or_default();
        let (status, why) = match gone {
            true => (StatusCode::GONE, Missing::Gone),
            false => (StatusCode::NOT_FOUND, Missing::NotFound),
        };
        Ok(html(status, renderer.missing(reader, why, &elsewhere, &frame)?))
    };
    let ok = |media_type, body| Ok(Finished::new(StatusCode::OK, media_type, body, None));
    let page = |page| Ok(html(StatusCode::OK, page));
    let exists = |lang: &Lang| shown.langs.contains(lang) || Shown::languages(&shown.settings).contains(lang);
    match (address, content) {
        (Address::Languages, _) => page(renderer.languages(&frame)?),
        (Address::About(lang), _) if exists(lang) => page(renderer.about(*lang, &address.path(), &frame)?),
        (Address::Robots, _) => ok("text/plain; charset=utf-8", sitemap::robots(shown)),
        (Address::Style(name), _) if *name == shown.style => {
            ok("text/css; charset=utf-8", renderer.stylesheet()?)
        }
        (Address::Missing, _) => page(renderer.missing(reader, Missing::NotFound, &[], &frame)?),
        (Address::Front(lang) | Address::Older(lang, _), Content::Front(found)) => {
            let is_old = matches!(address, Address::Older(..));
            if found.is_empty() && (is_old || !exists(lang)) {
                return missing(false, None);
            }
            let older = last_of_full(found.iter().map(|(version, _)| version));
            let older = older.map(|last| Address::Older(*lang, last).path());
            let entries: Vec<_> = found
                .iter()
                .take(PER_FRONT as usize)
                .map(|(version, corrected)| story::entry(version, *corrected, &shown.settings))
                .collect();
            let path = address.path();
            let front =
                Front { lang: *lang, path: &path, entries: &entries, older: older.as_deref(), is_old };
            page(renderer.front(&front, &frame)?)
        }
        (Address::Story { lang, form: Form::Page, .. }, Content::Story(story)) => {
            match story.page(renderer, shown, *lang)? {
                Some(text) => page(text),
                None => missing(false, Some(story)),
            }
        }
        (Address::Story { lang, form, .. }, Content::Story(story)) => {
            let media_type = match form {
                Form::Ninjs => "application/json",
                _ => "text/markdown; charset=utf-8",
            };
            match story.file(shown, *lang, *form)? {
                Some(text) => ok(media_type, text),
                None => missing(false, Some(story)),
            }
        }
        (Address::Feed(lang, kind), Content::Feed(stories)) if exists(lang) => {
            let body = feed::feed(stories, *lang, *kind, shown);
            let media_type = match kind {
                FeedKind::Rss => "application/rss+xml; charset=utf-8",
                FeedKind::Atom => "application/atom+xml; charset=utf-8",
                FeedKind::Json => "application/feed+json",
            };
            Ok(Finished::new(StatusCode::OK, media_type, body, Some(links(address, shown))))
        }
        (Address::Sitemaps, Content::Index(rows)) => {
            ok("application/xml; charset=utf-8", sitemap::list(rows, shown))
        }
        (Address::Sitemap(lang, number), Content::Index(rows)) => {
            match sitemap::of_language(rows, *lang, *number, shown) {
                Some(body) => ok("application/xml; charset=utf-8", body),
                None => missing(false, None),
            }
        }
        (_, Content::Nothing { gone, elsewhere }) => missing(*gone, elsewhere.as_ref()),
        _ => missing(false, None),
    }
}

/// When the last story on a front page was first published, if there are more than it has place for.
pub(super) fn last_of_full<'a>(
    found: impl IntoIterator<Item = &'a Publication, IntoIter: ExactSizeIterator>,
) -> Option<Timestamp> {
    let mut found = found.into_iter();
    let most = PER_FRONT as usize;
    if found.len() <= most {
        return None;
    }
    found.nth(most - 1).map(|last| last.first_published)
}

/// The page of a path at which there can be nothing.
pub(super) fn nowhere(renderer: &Renderer, shown: &Shown) -> Result<Finished, RenderError> {
    answer(renderer, shown, &Address::Style(String::new()), &Content::Fixed)
}

/// What readers get when something fails.
pub(super) fn failed(renderer: &Renderer, shown: &Shown, lang: Lang) -> Result<Finished, RenderError> {
    let style = shown.style_path();
    let page = renderer.missing(lang, Missing::Failed, &[], &shown.frame(&style))?;
    Ok(html(StatusCode::SERVICE_UNAVAILABLE, page))
}

fn html(status: StatusCode, page: String) -> Finished {
    Finished::new(status, "text/html; charset=utf-8", page, None)
}

/// The `Link` header of a feed: itself, and the hubs that tell of changes.
fn links(address: &Address, shown: &Shown) -> String {
    let own = format!("<{}>; rel=\"self\"", shown.whole(address));
    let hubs = shown.settings.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\""));
    std::iter::once(own).chain(hubs).collect::<Vec<_>>().join(", ")
}
