//! `edisi serve`, `edisi settings`, `edisi ingest`

use std::collections::BTreeMap;
use std::time::Duration;

use edisi_edition::Router;
use edisi_server::newsroom::Origin;
use edisi_server::serve::{database_in, make_folder};
use edisi_server::{Newsroom, NewsroomError, Options, PublishMode, ServeError, Settings as Kept};
use edisi_store::{Ingested, Store, StoreError};
use edisi_text::Lang;
use serde_json::json;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use super::{engines, inputs, print, wait};
use crate::args::{Ingest, LogFormat, Place, Serve, Settings};
use crate::failure::{Code, Failure};
use crate::interrupt;

/// Between two looks whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(100);

pub fn serve(args: &Serve) -> Result<(), Failure> {
    log(args.log_format);
    let options = Options {
        listen: args.listen.clone(),
        data: args.place.data.clone(),
        database: args.place.database.clone(),
        router: engines::router(&args.engine)?,
        private_addresses: args.allow_private_addresses,
    };
    let stop = async {
        while !interrupt::is_asked() {
            tokio::time::sleep(LOOK).await;
        }
    };
    let ready = |on: &edisi_server::Listening| {
        let mut text = format!("site   {}\ndesk   {}desk/\n", on.url, on.url);
        if let Some(setup) = &on.setup {
            text +=
                &format!("setup  {setup}\n       make the first administrator there; the link works once\n");
        }
        // Nobody reading on is no reason to stop.
        let _ = print(&text);
    };
    runtime()?.block_on(edisi_server::serve(options, stop, ready))?;
    Ok(())
}

pub fn settings(args: &Settings) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let newsroom = open(&args.place).await?;
        let before = (*newsroom.settings()).clone();
        let after = changed(before.clone(), args)?;
        if after != before {
            newsroom.set_settings(after.clone(), "command line").await?;
        }
        let text = match args.json {
            true => serde_json::to_string_pretty(&after).expect("settings are plain data") + "\n",
            false => overview(&after),
        };
        print(&text)
    })
}

pub fn ingest(args: &Ingest) -> Result<(), Failure> {
    let from: Option<Lang> = args.from.as_deref().map(str::parse).transpose()?;
    runtime()?.block_on(async {
        let newsroom = open(&args.place).await?;
        let mut taken = Vec::new();
        for input in &args.inputs {
            for article in inputs::articles(input, from, &args.reading)? {
                let origin = Origin { note: args.note.clone(), ..Origin::default() };
                let done = newsroom.ingest(article, origin, "command line").await?;
                let (what, row) = match &done {
                    Ingested::Created(row) => ("created", row),
                    Ingested::Revised(row) => ("revised", row),
                    Ingested::Unchanged(row) => ("unchanged", row),
                };
                print(&match args.json {
                    true => format!(
                        "{}\n",
                        json!({ "result": what, "id": row.id, "slug": row.slug, "title": row.title })
                    ),
                    false => format!("{what:9} {}  {}\n", row.id, row.title),
                })?;
                taken.push(row.id);
            }
        }
        match args.wait {
            true => {
                // Of another database nobody here knows who works on it.
                let data = args.place.database.is_none().then_some(args.place.data.as_path());
                wait::for_editions(&newsroom, data, &taken, args.json).await
            }
            false => Ok(()),
        }
    })
}

/// The newsroom of a folder, to be changed and not run: a server that runs it does the work that follows.
async fn open(place: &Place) -> Result<Newsroom, Failure> {
    make_folder(&place.data)?;
    let database = place.database.clone().unwrap_or_else(|| database_in(&place.data));
    let store = Store::open(&database).await?;
    Ok(Newsroom::open(store, Router::new(Vec::new()), &place.data).await?)
}

pub fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|e| Failure::new(Code::Internal, format!("cannot start threads: {e}")))
}

fn changed(mut settings: Kept, args: &Settings) -> Result<Kept, Failure> {
    if let Some(name) = &args.name {
        settings.name.clone_from(name);
    }
    if let Some(lang) = &args.lang {
        settings.lang = lang.parse()?;
    }
    if let Some(langs) = &args.editions {
        settings.editions = langs.iter().map(|l| l.parse()).collect::<Result<_, _>>()?;
    }
    if let Some(zone) = &args.zone {
        settings.zone.clone_from(zone);
    }
    if let Some(url) = &args.base_url {
        settings.base_url = url.trim_end_matches('/').to_owned();
    }
    if let Some(modes) = &args.publish {
        settings.publish = publish_modes(settings.publish, &settings.editions, modes)?;
    }
    if let Some(policy) = &args.policy {
        settings.policy.clone_from(policy);
    }
    if let Some(hubs) = &args.hubs {
        settings.hubs = hubs.iter().filter(|hub| !hub.is_empty()).cloned().collect();
    }
    if let Some(contact) = &args.contact {
        settings.contact = Some(contact.clone()).filter(|c| !c.is_empty());
    }
    Ok(settings)
}

fn publish_modes(
    mut modes: BTreeMap<Lang, PublishMode>,
    editions: &[Lang],
    rules: &[String],
) -> Result<BTreeMap<Lang, PublishMode>, Failure> {
    for rule in rules {
        let (langs, mode) = match rule.split_once('=') {
            None => (editions.to_vec(), rule.as_str()),
            Some((lang, mode)) => (vec![lang.parse()?], mode),
        };
        let mode = match mode {
            "clean" => PublishMode::Clean,
            "review" => PublishMode::Review,
            other => {
                let message =
                    format!("`{other}` is no way to publish; write `clean` or `review`, such as en=clean");
                return Err(Failure::new(Code::Usage, message));
            }
        };
        modes.extend(langs.into_iter().map(|lang| (lang, mode)));
    }
    Ok(modes)
}

fn overview(settings: &Kept) -> String {
    let langs: Vec<String> = settings
        .editions
        .iter()
        .map(|&lang| match settings.mode(lang) {
            PublishMode::Clean => format!("{lang} (published when clean)"),
            PublishMode::Review => format!("{lang} (after review)"),
        })
        .collect();
    format!(
        "name      {}\nlanguage  {}\neditions  {}\nclock     {}\naddress   {}\npolicy    {}\n",
        settings.name,
        settings.lang,
        langs.join(", "),
        settings.zone,
        if settings.base_url.is_empty() { "where it listens" } else { &settings.base_url },
        if settings.policy.is_empty() { "errors are held" } else { &settings.policy },
    )
}

fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("EDISI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let code = match error {
            StoreError::Backup(_) | StoreError::TooNew { .. } | StoreError::Damaged { .. } => Code::Input,
            StoreError::Database(_) => Code::Output,
            _ => Code::Usage,
        };
        Failure::new(code, error.to_string())
    }
}

impl From<NewsroomError> for Failure {
    fn from(error: NewsroomError) -> Failure {
        match error {
            NewsroomError::Store(error) => error.into(),
            NewsroomError::Refused(message) => Failure::new(Code::Input, message),
            error => Failure::new(Code::Internal, error.to_string()),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        match error {
            ServeError::Store(error) => error.into(),
            ServeError::Newsroom(error) => error.into(),
            ServeError::Folder { .. } | ServeError::Busy(_) => Failure::new(Code::Output, error.to_string()),
            ServeError::Listen { .. } => Failure::new(Code::Network, error.to_string()),
            error => Failure::new(Code::Internal, error.to_string()),
        }
    }
}
