//! What changes, told to open pages as it happens.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use edisi_store::Id;
use futures_util::Stream;
use tokio::sync::broadcast::error::RecvError;

use crate::App;
use crate::auth::Reader;
use crate::auth::guard::SignedIn;
use jiff::Timestamp;

/// How often a stream looks whether its session still stands.
const LOOK: Duration = Duration::from_secs(30);

/// `GET /desk/events`: server-sent events, named as [`crate::events::Event`] has it. A page that was too slow, or comes
/// back after a break, gets `missed` and loads anew. Ends with the session.
pub async fn stream(
    State(app): State<App>,
    Reader(signed): Reader,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut watch = app.newsroom.events().watch();
    let SignedIn { session, user } = signed;
    let stream = async_stream::stream! {
        let (hash, user): (String, Id) = (session.hash, user.id);
        let mut look = tokio::time::interval(LOOK);
        look.tick().await;
        yield Ok(Event::default().event("hello").data("{}").retry(Duration::from_secs(3)));
        loop {
            tokio::select! {
                event = watch.recv() => match event {
                    Ok(event) => {
                        let json = serde_json::to_value(&event).unwrap_or_default();
                        let name = json["event"].as_str().unwrap_or("change").to_owned();
                        yield Ok(Event::default().event(name).data(json.to_string()));
                    }
                    Err(RecvError::Lagged(_)) => yield Ok(Event::default().event("missed").data("{}")),
                    Err(RecvError::Closed) => break,
                },
                _ = look.tick() => {
                    let stands = app.newsroom.store().session(&hash, Timestamp::now()).await;
                    match stands {
                        Ok(Some((_, found))) if found.id == user => {}
                        _ => break,
                    }
                }
            }
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
