//! What waits for an editor, the most urgent first.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Html;
use edisi_store::{EditionState, QueueFilter, Queued};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::edition::summary;
use super::pages::{Head, Pages};
use super::problem::Problem;
use super::view::Tongue;
use super::words;
use crate::App;
use crate::auth::Reader;

/// So many editions are on a page.
const A_PAGE: i64 = 50;

/// What the queue is asked with.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// A state; `open` (to be done) when it is not there, `all`.
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    stale: Option<String>,
    #[serde(default)]
    page: Option<i64>,
}

/// What the filters of the page are set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Filters {
    state: String,
    lang: String,
    stale: bool,
    page: i64,
}

const OPEN: [EditionState; 4] =
    [EditionState::Review, EditionState::Translating, EditionState::Failed, EditionState::Approved];

impl Asked {
    fn filters(&self) -> (Filters, QueueFilter) {
        let state = self.state.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| "open".into());
        let lang: Option<Lang> = self.lang.as_deref().and_then(|l| l.parse().ok());
        let stale = self.stale.as_deref().is_some_and(|s| !s.is_empty());
        let page = self.page.unwrap_or(1).clamp(1, 10_000);
        let states = match state.as_str() {
            "all" => Vec::new(),
            // What is behind its article is to be done whatever its state is.
            "open" if stale => Vec::new(),
            name => {
                let one: Vec<EditionState> =
                    words::EDITIONS.into_iter().filter(|s| words::key(s) == name).collect();
                if one.is_empty() { OPEN.to_vec() } else { one }
            }
        };
        let filter = QueueFilter {
            states,
            lang,
            stale: stale.then_some(true),
            offset: (page - 1) * A_PAGE,
            // One more, to know whether there is another page.
            limit: A_PAGE + 1,
        };
        let lang = lang.map(|l| l.to_string()).unwrap_or_default();
        (Filters { state, lang, stale, page }, filter)
    }
}

fn row(queued: &Queued) -> Value {
    let Queued { edition, article } = queued;
    json!({
        "edition": summary(edition),
        "article": { "id": article.id, "title": article.title, "lang": Tongue::from(article.lang) },
    })
}

async fn context(app: &App, asked: &Asked) -> Result<Value, Problem> {
    let store = app.newsroom.store();
    let (filters, filter) = asked.filters();
    let mut queued = store.queue(&filter).await?;
    let more = queued.len() as i64 > A_PAGE;
    queued.truncate(A_PAGE as usize);
    let counts = store.queue_counts().await?;
    let count = |state: EditionState| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    let states = words::EDITIONS
        .into_iter()
        .map(|state| json!({ "key": state, "words": words::edition(state), "count": count(state) }));
    let settings = app.newsroom.settings();
    let langs = settings.editions.iter().copied().map(Tongue::from);
    Ok(json!({
        "rows": queued.iter().map(row).collect::<Vec<_>>(),
        "more": more,
        "filters": filters,
        "states": states.collect::<Vec<_>>(),
        "open": OPEN.into_iter().map(count).sum::<i64>(),
        "langs": langs.collect::<Vec<_>>(),
    }))
}

/// `GET /desk`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let head = Head { template: "queue.html", title: "Queue", section: "queue" };
    pages.render(&app, Some(&signed), head, context(&app, &asked).await?)
}

/// `GET /desk/rows`: the list alone, for the script.
pub async fn rows(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let head = Head { template: "queue_rows.html", title: "", section: "queue" };
    pages.render(&app, Some(&signed), head, context(&app, &asked).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(state: &str, lang: &str, stale: &str) -> QueueFilter {
        let some = |s: &str| Some(s.to_owned());
        Asked { state: some(state), lang: some(lang), stale: some(stale), page: Some(2) }.filters().1
    }

    #[test]
    fn filters_are_read_leniently() {
        let filter = asked("review", "ar", "1");
        assert_eq!(
            (filter.states, filter.lang, filter.stale),
            (vec![EditionState::Review], Some(Lang::AR), Some(true))
        );
        assert_eq!(filter.offset, 50);
        let filter = asked("nonsense", "??", "");
        assert_eq!((filter.states, filter.lang, filter.stale), (OPEN.to_vec(), None, None));
        assert!(asked("all", "", "").states.is_empty());
        assert!(asked("open", "", "1").states.is_empty());
    }
}
