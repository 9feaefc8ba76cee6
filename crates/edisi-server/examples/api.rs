//! The translation API by itself, for tests with other people's clients and for timing.
//!
//! `api serve DATA`: a newsroom with an engine that knows a few sentences by heart; prints its address and a key, and
//! ends when standard input does.
//!
//! `api time MODEL FILE [CLIENTS [LINES]]`: how many lines a second the engine itself translates in one batch, and how
//! many so many clients get over HTTP on loopback, LINES at a time, in turn, three times.

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use edisi_edition::engines::MarianEngine;
use edisi_edition::translator::{Batch, Constraints, Item};
use edisi_edition::{Control, Pair, Router, Translator};
use edisi_server::api::{Api, routes};
use edisi_server::auth::token;
use edisi_server::settings::{ApiSettings, Settings};
use edisi_server::testing::Parrot;
use edisi_server::{App, Newsroom, Options, serve};
use edisi_store::{ApiToken, Effects, Id, Role, Store, User};
use edisi_text::Lang;
use jiff::Timestamp;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    match &args[..] {
        ["serve", data] => runtime.block_on(run(Path::new(data))),
        ["time", model, file, rest @ ..] => {
            let number = |at: usize, or: usize| rest.get(at).map_or(Ok(or), |n| n.parse());
            time(&runtime, model, file, number(0, 32)?, number(1, 1)?)
        }
        _ => Err("say `serve DATA` or `time MODEL FILE [CLIENTS [LINES]]`".into()),
    }
}

/// A key of a new user.
async fn key(store: &Store) -> Result<String> {
    let user = User {
        id: Id::new(),
        login: format!("program-{}", Id::new()),
        name: "Program".into(),
        role: Role::Reader,
        password_hash: "-".into(),
        disabled: false,
        created: Timestamp::now(),
    };
    store.create_user(&user, Effects::default()).await?;
    let (key, hash) = token::generate();
    let row = ApiToken {
        id: Id::new(),
        name: "api".into(),
        hash,
        scopes: vec!["translate".into()],
        user: user.id,
        created: Timestamp::now(),
        expires: None,
        used: None,
        revoked: false,
    };
    store.create_token(&row, Effects::default()).await?;
    Ok(key)
}

async fn run(data: &Path) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let database = format!("sqlite:{}", data.join("edisi.db").display());
    let key = key(&Store::open(&database).await?).await?;
    let router = Router::new(vec![Arc::new(Parrot::new(Duration::ZERO, None))]);
    let options = Options {
        listen: "127.0.0.1:0".into(),
        data: data.to_owned(),
        database: None,
        router,
        private_addresses: false,
    };
    let stop = async {
        // Whoever started this ends it by closing the pipe, or by ending itself.
        let read = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = read.await;
    };
    serve(options, stop, |on| println!("{} {key}", on.url)).await?;
    Ok(())
}

fn time(
    runtime: &tokio::runtime::Runtime,
    model: &str,
    file: &str,
    clients: usize,
    lines: usize,
) -> Result<()> {
    let installed = edisi_models::Store::open_default()?.get(model)?;
    let pair = match model.split('-').collect::<Vec<_>>()[..] {
        [source, target] => Pair::new(source.parse::<Lang>()?, target.parse::<Lang>()?),
        _ => return Err("a model called by its languages: en-pt".into()),
    };
    let engine: Arc<dyn Translator> = Arc::new(MarianEngine::new(installed, 0).ok_or("no Marian model")?);
    let text = std::fs::read_to_string(file)?;
    let texts: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let item = |text: &&str| Item {
        pair,
        text: (*text).to_owned(),
        context: Vec::new(),
        document: 0,
        constraints: Constraints::default(),
    };
    let batch = Batch { items: texts.iter().map(item).collect() };
    let folder = tempfile::tempdir()?;
    let (url, _server) = runtime.block_on(listen(folder.path(), Arc::clone(&engine)))?;
    // The first call reads the model.
    engine.translate(&Batch { items: batch.items[..1].to_vec() }, &Control::default(), &mut |_| {})?;
    let (mut alone, mut served) = (Vec::new(), Vec::new());
    for round in 1..=3 {
        let start = Instant::now();
        engine.translate(&batch, &Control::default(), &mut |_| {})?;
        let engine_rate = texts.len() as f64 / start.elapsed().as_secs_f64();
        let (rate, mut waits) = load(&url, pair, &texts, clients, lines)?;
        waits.sort_unstable();
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_millis();
        println!(
            "round {round}: engine {engine_rate:.1} lines/s, {clients} clients {rate:.1} lines/s ({:.0} %), wait p50 {} ms p99 {} ms",
            100.0 * rate / engine_rate,
            at(0.5),
            at(0.99)
        );
        alone.push(engine_rate);
        served.push(rate);
    }
    alone.sort_by(f64::total_cmp);
    served.sort_by(f64::total_cmp);
    println!(
        "median: engine {:.1}, served {:.1} lines/s: {:.0} %",
        alone[1],
        served[1],
        100.0 * served[1] / alone[1]
    );
    Ok(())
}

/// The API on a free port of loopback.
async fn listen(folder: &Path, engine: Arc<dyn Translator>) -> Result<(String, tokio::task::JoinHandle<()>)> {
    let store = Store::open(&format!("sqlite:{}", folder.join("edisi.db").display())).await?;
    let newsroom = Newsroom::open(store, Router::new(vec![engine]), folder).await?;
    let api = ApiSettings { key_required: false, per_minute: 0, ..ApiSettings::default() };
    newsroom.set_settings(Settings { api, ..Settings::default() }, "api").await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/translate", listener.local_addr()?);
    let api = Arc::new(Api::new(&newsroom, folder, false));
    let app =
        App { newsroom, data: Arc::new(folder.to_owned()), local_url: url.as_str().into(), secure: false };
    let service = routes(api).with_state(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move {
        axum::serve(listener, service).await.expect("the listener stays open");
    });
    Ok((url, server))
}

/// All texts, by so many clients that each wait for their answer; lines a second, and how long each waited.
fn load(url: &str, pair: Pair, texts: &[&str], clients: usize, lines: usize) -> Result<(f64, Vec<Duration>)> {
    let requests: Vec<String> = texts.chunks(lines.max(1)).map(|chunk| chunk.join("\n")).collect();
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let waits = std::thread::scope(|scope| {
        let client = || {
            let agent = ureq::Agent::new_with_defaults();
            let mut waits = Vec::new();
            while let Some(text) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let asked = serde_json::json!({ "q": text, "source": pair.source, "target": pair.target });
                let began = Instant::now();
                let answer =
                    agent.post(url).header("content-type", "application/json").send(asked.to_string());
                let body = answer
                    .map_err(|e| e.to_string())?
                    .body_mut()
                    .read_to_string()
                    .map_err(|e| e.to_string())?;
                waits.push(began.elapsed());
                let made: serde_json::Value = serde_json::from_str(&body).map_err(|e| e.to_string())?;
                if made["translatedText"].as_str().is_none_or(|t| t.lines().count() != text.lines().count()) {
                    return Err(format!("not an answer: {body}"));
                }
            }
            Ok::<_, String>(waits)
        };
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        clients
            .into_iter()
            .map(|c| c.join().expect("no client panics"))
            .collect::<std::result::Result<Vec<_>, String>>()
    })?;
    Ok((texts.len() as f64 / start.elapsed().as_secs_f64(), waits.concat()))
}
