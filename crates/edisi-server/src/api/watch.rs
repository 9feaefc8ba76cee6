//! For those who run the newsroom: `/metrics` in the text format of OpenMetrics, `/health` as JSON.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use edisi_edition::batched::Ran;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serde_json::json;

use super::Api;
use crate::App;
use crate::auth::secret;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request_ {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Model {
    model: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    kind: String,
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EditionLabels {
    state: String,
}

type Seconds = Counter<f64, AtomicU64>;

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Request_, Counter>,
    latency: Family<Route, Histogram>,
    segments: Family<Model, Counter>,
    batches: Family<Model, Histogram>,
    engine: Family<Model, Seconds>,
    waiting: Family<Model, Gauge>,
    jobs: Family<JobLabels, Gauge>,
    editions: Family<EditionLabels, Gauge>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let latency =
            || Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0]);
        let sizes = || Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0]);
        let mut metrics = Metrics {
            registry: Registry::with_prefix("edisi"),
            requests: Family::default(),
            latency: Family::new_with_constructor(latency),
            segments: Family::default(),
            batches: Family::new_with_constructor(sizes),
            engine: Family::default(),
            waiting: Family::default(),
            jobs: Family::default(),
            editions: Family::default(),
        };
        let r = &mut metrics.registry;
        r.register("http_requests", "Requests of programs", metrics.requests.clone());
        r.register_with_unit(
            "http_request_duration",
            "How long they took",
            Unit::Seconds,
            metrics.latency.clone(),
        );
        r.register("translate_segments", "Sentences that engines were given", metrics.segments.clone());
        r.register("translate_batch_segments", "Sentences in a batch", metrics.batches.clone());
        r.register_with_unit("translate_engine", "Time in engines", Unit::Seconds, metrics.engine.clone());
        r.register(
            "translate_waiting_segments",
            "Sentences that wait for an engine",
            metrics.waiting.clone(),
        );
        r.register("jobs", "Jobs by kind and state", metrics.jobs.clone());
        r.register("editions", "Editions by state", metrics.editions.clone());
        metrics
    }
}

impl Metrics {
    /// A batch has been with an engine.
    pub fn ran(&self, model: &str, ran: Ran) {
        let label = Model { model: model.to_owned() };
        self.segments.get_or_create(&label).inc_by(ran.items as u64);
        self.batches.get_or_create(&label).observe(ran.items as f64);
        self.engine.get_or_create(&label).inc_by(ran.time.as_secs_f64());
    }
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/metrics", get(metrics)).route("/health", get(health))
}

/// What requests are called by, in answers and in the log.
const REQUEST_ID: &str = "x-request-id";

/// Counts a request, gives it a number, and writes it into the log.
pub(super) async fn count(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("", |path| path.as_str()).to_owned();
    let method = request.method().to_string();
    let sent = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let id = match sent {
        Some(id) if id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
            id.to_owned()
        }
        _ => edisi_store::Id::new().to_string(),
    };
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    let time = start.elapsed();
    api.metrics
        .requests
        .get_or_create(&Request_ { method: method.clone(), route: route.clone(), status })
        .inc();
    api.metrics.latency.get_or_create(&Route { route: route.clone() }).observe(time.as_secs_f64());
    tracing::info!(request = %id, %method, %route, status, ms = time.as_millis() as u64, "request");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn metrics(State(app): State<App>, Extension(api): Extension<Arc<Api>>) -> Response {
    let m = &api.metrics;
    for (model, waiting) in api.queues() {
        m.waiting.get_or_create(&Model { model: model.to_owned() }).set(waiting as i64);
    }
    let store = app.newsroom.store();
    // Without a database there are still the other figures.
    if let Ok(counts) = store.job_counts().await {
        m.jobs.clear();
        for (kind, state, count) in counts {
            let state = format!("{state:?}").to_lowercase();
            m.jobs.get_or_create(&JobLabels { kind, state }).set(count);
        }
    }
    if let Ok(counts) = store.queue_counts().await {
        m.editions.clear();
        for (state, count) in counts {
            m.editions
                .get_or_create(&EditionLabels { state: format!("{state:?}").to_lowercase() })
                .set(count);
        }
    }
    let mut text = String::new();
    match encode(&mut text, &m.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether everything that is needed is there. `status` is what LibreTranslate's clients look at.
async fn health(State(app): State<App>, Extension(api): Extension<Arc<Api>>) -> Response {
    let database = app.newsroom.store().ping().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
    });
    let probe = app.data.join(format!(".health-{}", &secret::random()[..16]));
    let disk = tokio::task::spawn_blocking(move || {
        std::fs::write(&probe, b"x").and_then(|()| std::fs::remove_file(&probe))
    })
    .await
    .is_ok_and(|done| done.is_ok());
    let models = api.router().engines().len();
    let good = |is_good: bool| if is_good { "ok" } else { "error" };
    let all = database.is_ok() && disk;
    let body = json!({
        "status": good(all), "database": good(database.is_ok()), "disk": good(disk), "models": models,
    });
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
