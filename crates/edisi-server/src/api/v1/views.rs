//! What the API shows of rows.

use edisi_store::{ArticleRow, EditionRow, Publication, Revision, SegmentRow};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A value that the document does not describe further.
pub(super) fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

/// The name of a state: what serde writes.
pub(super) fn name(of: &impl Serialize) -> String {
    value(of).as_str().unwrap_or_default().to_owned()
}

/// A story the newsroom has taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArticleView {
    /// What it is called.
    id: String,
    /// What makes it the same story when it comes again.
    origin: String,
    /// Its name in addresses of the site.
    slug: String,
    /// Where it was published.
    url: Option<String>,
    title: String,
    /// The language it is written in, a BCP 47 tag.
    lang: String,
    /// The watched source it came from.
    source: Option<String>,
    /// Its current revision.
    revision: String,
    /// RFC 3339.
    created: String,
    /// RFC 3339.
    updated: String,
}

impl From<&ArticleRow> for ArticleView {
    fn from(row: &ArticleRow) -> ArticleView {
        ArticleView {
            id: row.id.to_string(),
            origin: row.origin.clone(),
            slug: row.slug.clone(),
            url: row.url.clone(),
            title: row.title.clone(),
            lang: row.lang.to_string(),
            source: row.source.map(|id| id.to_string()),
            revision: row.revision.to_string(),
            created: row.created.to_string(),
            updated: row.updated.to_string(),
        }
    }
}

/// A state of an article.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RevisionView {
    id: String,
    article: String,
    /// 1 for the first.
    number: i64,
    /// SHA-256 of its texts, hexadecimal.
    hash: String,
    /// RFC 3339.
    created: String,
    /// The text and what the page says about it, as `edisi extract` writes it; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    content: Option<Value>,
}

impl RevisionView {
    pub fn of(row: &Revision, with_content: bool) -> RevisionView {
        RevisionView {
            id: row.id.to_string(),
            article: row.article.to_string(),
            number: row.number,
            hash: row.hash.clone(),
            created: row.created.to_string(),
            content: with_content.then(|| value(&row.content)),
        }
    }
}

/// One language version of an article.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EditionView {
    id: String,
    article: String,
    /// The headline of the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    lang: String,
    revision: String,
    /// Whether the article has a later revision than this edition.
    stale: bool,
    /// `translating`, `review`, `approved`, `published`, `rejected`, `failed`.
    state: String,
    /// Send it back with a change of the edition.
    version: i64,
    /// Send it back with an approval.
    content_version: i64,
    /// `draft` or `production`; none before it was made.
    tier: Option<String>,
    /// The engines that made it.
    #[schema(value_type = Vec<Object>)]
    route: Value,
    /// How much of what there is in it; none before it was made.
    #[schema(value_type = Option<Object>)]
    counts: Value,
    /// The higher the sooner an editor should look at it.
    urgency: i64,
    /// Who approved it, and when.
    #[schema(value_type = Option<Object>)]
    approved: Value,
    /// Number of its latest publication; 0 when it has none.
    published_number: i64,
    /// RFC 3339.
    made: Option<String>,
    /// RFC 3339.
    updated: String,
    /// Its sentences; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<Vec<SegmentView>>,
}

impl From<&EditionRow> for EditionView {
    fn from(row: &EditionRow) -> EditionView {
        EditionView {
            id: row.id.to_string(),
            article: row.article.to_string(),
            title: None,
            lang: row.lang.to_string(),
            revision: row.revision.to_string(),
            stale: row.stale,
            state: name(&row.state),
            version: row.version,
            content_version: row.content_version,
            tier: row.tier.map(|tier| tier.to_string()),
            route: value(&row.route),
            counts: value(&row.counts),
            urgency: row.urgency,
            approved: value(&row.approved),
            published_number: row.published_number,
            made: row.made.map(|at| at.to_string()),
            updated: row.updated.to_string(),
            segments: None,
        }
    }
}

impl EditionView {
    pub fn titled(self, title: &str) -> EditionView {
        EditionView { title: Some(title.to_owned()), ..self }
    }

    pub fn with(self, segments: &[SegmentRow]) -> EditionView {
        EditionView { segments: Some(segments.iter().map(SegmentView::from).collect()), ..self }
    }
}

/// A sentence of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SegmentView {
    id: String,
    edition: String,
    /// Its number in the edition, from 0.
    number: i64,
    /// The text of the article it belongs to.
    #[schema(value_type = Object)]
    place: Value,
    /// The original sentence.
    source: String,
    /// What stands in the edition.
    text: String,
    /// `machine`, `accepted`, `edited`, `rejected`.
    state: String,
    /// What the checks say; spans are bytes of `source` and `text`.
    #[schema(value_type = Vec<Object>)]
    findings: Value,
    /// What the policy says: `publish`, `hold`, `original`.
    decision: String,
    /// Other translations, the likelier first.
    alternatives: Vec<String>,
    /// How sure the engine was.
    #[schema(value_type = Option<Object>)]
    score: Value,
    /// Who last changed it, and when.
    #[schema(value_type = Option<Object>)]
    by: Value,
    /// Send it back with a change.
    version: i64,
}

impl From<&SegmentRow> for SegmentView {
    fn from(row: &SegmentRow) -> SegmentView {
        SegmentView {
            id: row.id.to_string(),
            edition: row.edition.to_string(),
            number: row.number,
            place: value(&row.place),
            source: row.source.clone(),
            text: row.text.clone(),
            state: name(&row.state),
            findings: value(&row.findings),
            decision: name(&row.decision),
            alternatives: row.machine.alternatives.clone(),
            score: value(&row.machine.segment.score),
            by: value(&row.by),
            version: row.version,
        }
    }
}

/// A version as it stands on the site.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicationView {
    id: String,
    article: String,
    slug: String,
    lang: String,
    /// 1 for the first of this article in this language.
    number: i64,
    title: String,
    /// RFC 3339.
    first_published: String,
    /// RFC 3339.
    published: String,
}

impl From<&Publication> for PublicationView {
    fn from(row: &Publication) -> PublicationView {
        PublicationView {
            id: row.id.to_string(),
            article: row.article.to_string(),
            slug: row.slug.clone(),
            lang: row.lang.to_string(),
            number: row.number,
            title: row.title.clone(),
            first_published: row.first_published.to_string(),
            published: row.published.to_string(),
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    pub items: Vec<T>,
    /// What to ask with for the next page; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
