//! Articles on their way in.

use edisi_article::Article;
use edisi_edition::{Pair, pipeline, publish};
use edisi_store::{EditionRow, EditionState, Effects, Id, Incoming, Ingested, NewJob, StoreError};
use edisi_text::Lang;
use serde_json::json;

use super::jobs::{self, MakePayload};
use super::{Newsroom, NewsroomError, Result, audit, changes};
use crate::events::Event;

/// Where an article comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// What makes it the same when it comes again; its canonical address, else its input's name, when `None`.
    pub key: Option<String>,
    /// The watched source.
    pub source: Option<Id>,
    /// What the newsroom says about the change, when it is another revision.
    pub note: Option<String>,
}

impl Newsroom {
    /// Takes an article in; editions are made, or follow, in the background.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] for an article without text, or in a language that nobody named and its text does
    /// not tell.
    pub async fn ingest(&self, article: Article, origin: Origin, actor: &str) -> Result<Ingested> {
        let settings = self.settings();
        let refused = |e: edisi_edition::PipelineError| NewsroomError::Refused(e.to_string());
        let lang = pipeline::language(&article).map_err(refused)?;
        let content = Article { language: Some(lang), ..article };
        let hash = pipeline::revision(&content, lang);
        let key = origin.key.or_else(|| content.url.clone()).unwrap_or_else(|| content.input.clone());
        let title = content.title.as_deref().and_then(publish::slug);
        let slug = title.unwrap_or_else(|| format!("article-{}", &hash[..12]));
        let incoming = Incoming { origin: key, slug, lang, source: origin.source, hash, content };

        let _door = self.0.door.lock().await;
        let (mut correction, mut published) = (None, Vec::new());
        if let Some(known) = self.store().article_by_origin(&incoming.origin).await? {
            let before = self.store().revision(known.revision).await?;
            let changed = changes::between(&before.content, &incoming.content, lang);
            correction = Some((origin.note.unwrap_or_default(), changed));
            published = self.store().editions(known.id).await?;
            published.retain(|e| e.published_number > 0);
        }
        let langs = self.targets(lang);
        let with_original = settings.publish_original;
        let effects = |done: &Ingested| follow(done, &langs, &published, with_original, actor);
        let done = self.store().ingest(&incoming, correction, effects).await?;
        self.work().notify_waiters();
        match &done {
            Ingested::Unchanged(_) => {}
            Ingested::Created(row) => self.events().tell(Event::Article { article: row.id }),
            Ingested::Revised(row) => {
                self.events().tell(Event::Article { article: row.id });
                for edition in self.store().editions(row.id).await? {
                    self.tell(&edition);
                }
            }
        }
        Ok(done)
    }

    /// The languages in which an article written in `lang` gets editions: the newsroom's own and its editions'.
    pub fn targets(&self, lang: Lang) -> Vec<Lang> {
        let settings = self.settings();
        let mut out: Vec<Lang> = Vec::new();
        for target in std::iter::once(settings.lang).chain(settings.editions.iter().copied()) {
            if target != lang && !out.contains(&target) {
                out.push(target);
            }
        }
        out
    }

    /// Has an edition made (again): in a language the article has none in, or after new models or terms. What editors
    /// did stays.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] for the article's own language and for one that no installed model translates into.
    pub async fn translate(&self, article: Id, lang: Lang, actor: &str) -> Result<EditionRow> {
        let row = self.store().article(article).await?;
        if row.lang == lang {
            let name = lang.english_name();
            return Err(NewsroomError::Refused(format!(
                "the article is written in {name}; name another language"
            )));
        }
        let pair = Pair::new(row.lang, lang);
        self.router().route(pair).map_err(|e| NewsroomError::Refused(e.to_string()))?;
        let edition = self.store().open_edition(article, lang).await?;
        let payload =
            MakePayload { article, revision: row.revision, langs: vec![lang], actor: actor.to_owned() };
        let line = audit(actor, "edition.asked", "edition", edition.id, json!({ "lang": lang }));
        self.store().record(Effects { jobs: vec![jobs::make(&payload)], audit: vec![line] }).await?;
        self.work().notify_waiters();
        Ok(edition)
    }

    /// Takes an article out, with all its editions and publications.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub async fn remove(&self, article: Id, actor: &str) -> Result<()> {
        let row = self.store().article(article).await?;
        let line = audit(actor, "article.deleted", "article", article, json!({ "title": row.title }));
        self.store().delete_article(article, line.into()).await?;
        self.events().tell(Event::Article { article });
        Ok(())
    }

    /// Replaces what the newsroom says about a correction.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub async fn set_correction_note(&self, id: Id, note: &str, actor: &str) -> Result<()> {
        let line = audit(actor, "correction.note", "correction", id, json!({ "note": note }));
        match self.store().set_correction_note(id, note, line.into()).await {
            Ok(()) => Ok(()),
            Err(e @ StoreError::NotFound { .. }) => Err(NewsroomError::Refused(e.to_string())),
            Err(e) => Err(e.into()),
        }
    }

    /// Tells watchers how an edition stands.
    pub(super) fn tell(&self, edition: &EditionRow) {
        // What changed may have left something to do.
        self.work().notify_waiters();
        self.events().tell(Event::Edition {
            article: edition.article,
            edition: edition.id,
            lang: edition.lang,
            state: edition.state,
            stale: edition.stale,
        });
    }
}

/// What follows from taking an article in.
fn follow(
    done: &Ingested,
    langs: &[Lang],
    published: &[EditionRow],
    with_original: bool,
    actor: &str,
) -> Effects {
    let (row, action) = match done {
        Ingested::Unchanged(_) => return Effects::default(),
        Ingested::Created(row) => (row, "article.created"),
        Ingested::Revised(row) => (row, "article.revised"),
    };
    let mut jobs: Vec<NewJob> = Vec::new();
    if with_original {
        jobs.push(jobs::original(row.id, row.revision));
    }
    if matches!(done, Ingested::Revised(_)) {
        let stale = |e: &EditionRow| jobs::announce("edition.stale", row.id, Some(e.id), e.lang, None);
        jobs.extend(published.iter().filter(|e| e.state != EditionState::Rejected).map(stale));
    }
    if !langs.is_empty() {
        let payload = MakePayload {
            article: row.id,
            revision: row.revision,
            langs: langs.to_vec(),
            actor: actor.to_owned(),
        };
        jobs.push(jobs::make(&payload));
    }
    let details = json!({ "title": row.title, "revision": row.revision, "url": row.url });
    Effects { jobs, audit: vec![audit(actor, action, "article", row.id, details)] }
}
