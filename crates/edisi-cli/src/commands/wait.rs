//! Waits for a newsroom that another process runs.

use std::path::Path;
use std::time::Duration;

use edisi_edition::publish::file_stem;
use edisi_server::serve::is_running;
use edisi_server::{Newsroom, PublishMode};
use edisi_store::{EditionRow, EditionState, Id};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::print;
use crate::failure::{Code, Failure};
use crate::interrupt;

const LOOK: Duration = Duration::from_millis(300);

/// Waits until all editions of these articles are made, and those that are published without an editor are on the site;
/// then says how they stand.
pub async fn for_editions(
    newsroom: &Newsroom,
    data: Option<&Path>,
    articles: &[Id],
    json: bool,
) -> Result<(), Failure> {
    let mut expected = 0;
    for &id in articles {
        expected += newsroom.targets(newsroom.store().article(id).await?.lang).len();
    }
    let bar = ProgressBar::with_draw_target(Some(expected as u64), ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{bar:30} {pos} of {len} editions, {elapsed} passed, {eta} to go");
    bar.set_style(style.expect("the template is right"));
    bar.enable_steady_tick(LOOK);
    let editions = loop {
        let editions = all(newsroom, articles).await?;
        let settled = editions.iter().filter(|e| is_settled(newsroom, e)).count();
        bar.set_position(settled as u64);
        if settled >= expected {
            break editions;
        }
        if interrupt::is_asked() {
            bar.finish_and_clear();
            return Err(Failure::interrupted());
        }
        if let Some(data) = data.filter(|data| !is_running(data)) {
            bar.finish_and_clear();
            let message = format!(
                "no newsroom runs on {}; the articles are in, `edisi serve --data {}` makes their editions",
                data.display(),
                data.display()
            );
            return Err(Failure::new(Code::Input, message));
        }
        tokio::time::sleep(LOOK).await;
    };
    bar.finish_and_clear();
    for edition in &editions {
        print(&line(edition, json))?;
    }
    Ok(())
}

async fn all(newsroom: &Newsroom, articles: &[Id]) -> Result<Vec<EditionRow>, Failure> {
    let mut out = Vec::new();
    for &id in articles {
        out.extend(newsroom.store().editions(id).await?);
    }
    Ok(out)
}

fn is_settled(newsroom: &Newsroom, edition: &EditionRow) -> bool {
    let held = edition.counts.is_some_and(|c| c.held > 0);
    match edition.state {
        EditionState::Translating => false,
        EditionState::Failed | EditionState::Rejected => true,
        _ if edition.stale => false,
        EditionState::Review => held || newsroom.settings().mode(edition.lang) == PublishMode::Review,
        EditionState::Approved | EditionState::Published => true,
    }
}

fn line(edition: &EditionRow, json: bool) -> String {
    let counts = edition.counts;
    if json {
        let line = json!({
            "edition": edition.id, "article": edition.article, "lang": edition.lang, "state": edition.state,
            "counts": counts,
        });
        return format!("{line}\n");
    }
    let state = match edition.state {
        EditionState::Published => "published",
        EditionState::Failed => "failed",
        EditionState::Rejected => "rejected",
        _ => "waits for an editor",
    };
    let what = counts.map_or(String::new(), |c| {
        format!(
            "{:3} sentences, {} gaps, {} errors, {} warnings, {} held; ",
            c.segments, c.failed, c.errors, c.warnings, c.held
        )
    });
    format!("  {:8} {what}{state}\n", file_stem(edition.lang))
}
