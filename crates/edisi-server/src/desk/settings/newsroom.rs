//! The newsroom itself: its name, languages, addresses, what is published without an editor.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_text::Lang;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Admin;
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::view::Tongue;
use crate::newsroom::NewsroomError;
use crate::settings::ApiSettings;
use crate::{App, PublishMode, Settings};

const HEAD: Head<'static> =
    Head { template: "settings_newsroom.html", title: "Newsroom", section: "settings" };

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: Option<String>,
}

fn context(settings: &Settings, wrong: Option<&str>, done: bool) -> Value {
    let mut langs: Vec<Lang> = Lang::EDITIONS.to_vec();
    langs.extend([Lang::PT, Lang::ZH_HANT]);
    langs.extend(settings.editions.iter().copied().chain([settings.lang]));
    let mut seen = Vec::new();
    langs.retain(|lang| {
        !seen.contains(lang) && {
            seen.push(*lang);
            true
        }
    });
    let lang = |lang: &Lang| {
        json!({
            "lang": Tongue::from(*lang),
            "main": *lang == settings.lang,
            "edition": settings.editions.contains(lang),
            "clean": settings.mode(*lang) == PublishMode::Clean,
        })
    };
    json!({
        "settings": settings,
        "langs": langs.iter().map(lang).collect::<Vec<_>>(),
        "hubs": settings.hubs.join("\n"),
        "wrong": wrong,
        "done": done,
    })
}

/// `GET /desk/settings`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let context = context(&app.newsroom.settings(), None, asked.done.is_some());
    pages.render(&app, Some(&signed), HEAD, context)
}

/// The settings that a form asks for; what it has no field for stays as it was.
fn asked_for(form: &Form, before: &Settings) -> Result<Settings, Problem> {
    let lang: Lang = form.parse("lang")?;
    let (mut editions, mut publish) = (Vec::new(), BTreeMap::new());
    let others = form.get("other").split([',', ' ']).filter(|tag| !tag.is_empty());
    for tag in form.all("edition").chain(others) {
        let edition: Lang = tag.parse().map_err(|e| Problem::input(format!("{e}.")))?;
        if edition == lang || editions.contains(&edition) {
            continue;
        }
        editions.push(edition);
        if form.all("clean").any(|clean| clean == tag) {
            publish.insert(edition, PublishMode::Clean);
        }
    }
    let proxies = form.get("proxies").split([',', ' ']).filter(|address| !address.is_empty());
    let proxy = |address: &str| {
        address
            .parse()
            .map_err(|_| Problem::input(format!("A proxy has an address such as 10.0.0.2, not “{address}”.")))
    };
    let api = ApiSettings {
        key_required: form.has("key_required"),
        per_minute: form.parse("per_minute")?,
        per_minute_key: form.parse("per_minute_key")?,
        proxies: proxies.map(proxy).collect::<Result<_, _>>()?,
        ..before.api.clone()
    };
    let hubs = form.get("hubs").split_whitespace().map(str::to_owned).collect();
    Ok(Settings {
        name: form.get("name").trim().to_owned(),
        lang,
        editions,
        base_url: form.get("base_url").trim().trim_end_matches('/').to_owned(),
        publish,
        policy: form.get("policy").trim().to_owned(),
        publish_original: form.has("publish_original"),
        hubs,
        contact: form.some("contact").map(str::to_owned),
        zone: form.get("zone").trim().to_owned(),
        api,
    })
}

/// `POST /desk/settings`
pub async fn change(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    form: Form,
) -> Result<Response, Problem> {
    let settings = asked_for(&form, &app.newsroom.settings())?;
    match app.newsroom.set_settings(settings.clone(), &signed.user.login).await {
        Ok(()) => Ok(Redirect::to("/desk/settings?done=1").into_response()),
        Err(NewsroomError::Refused(message)) => {
            let page = pages.render(&app, Some(&signed), HEAD, context(&settings, Some(&message), false))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
