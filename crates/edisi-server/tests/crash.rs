//! A newsroom that is killed again and again while it translates and publishes loses nothing and repeats nothing.

mod common;

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{SENTENCES, article, clean, open, set};
use edisi_server::Newsroom;
use edisi_server::newsroom::Origin;
use edisi_store::{EditionState, Effects, Id, Ingested, JobState, Webhook};
use edisi_text::Lang;
use jiff::Timestamp;

const KILLS: usize = 50;
const ARTICLES: usize = 20;
const LANGS: [Lang; 5] = [Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR];

struct Server(Child);

impl Server {
    fn start(data: &Path, log: &Path) -> Server {
        let child = Command::new(env!("CARGO_BIN_EXE_edisi-rehearsal"))
            .args([data.as_os_str(), "127.0.0.1:0".as_ref(), "2".as_ref(), log.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Server(child)
    }

    /// Waits until it listens.
    fn listening(&mut self) {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://"), "{line}");
    }

    /// SIGKILL: nothing of it gets to run again.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What deliveries were called, once for each time that one was answered.
type Heard = Arc<Mutex<Vec<String>>>;

/// Takes messages like a webhook's receiver.
fn receiver() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let out = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, seen) = (stream.unwrap(), Arc::clone(&seen));
            std::thread::spawn(move || answer(stream, &seen));
        }
    });
    (url, out)
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut delivery, mut length, mut line) = (String::new(), 0, String::new());
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "edisi-delivery" => delivery = value.trim().to_owned(),
                "content-length" => length = value.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
        line.clear();
    }
    let mut body = vec![0; length];
    // Whoever was killed while it spoke says it again.
    if reader.read_exact(&mut body).is_ok() && !delivery.is_empty() {
        seen.lock().unwrap().push(delivery);
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }
}

/// A small generator of numbers: the same on every run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// An article of its own: every sentence names it, so that none is known from another.
fn numbered(n: usize, revision: usize) -> edisi_article::Article {
    let sentences: Vec<String> =
        SENTENCES.iter().map(|s| s.replace("Lok Baru", &format!("Lok Baru nomor {}", n + 1000))).collect();
    let sentences: Vec<String> = sentences
        .iter()
        .enumerate()
        .map(|(i, s)| {
            if i == 1 {
                s.replace("312", &format!("{}", 312 + 10 * revision + 1000 * n))
            } else {
                format!("Di pasar {}: {s}", n + 1000)
            }
        })
        .collect();
    let mut article = article(&sentences.iter().map(String::as_str).collect::<Vec<_>>());
    article.url = Some(format!("https://kabar.example/{n}"));
    article
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_nothing_and_repeat_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (data, log) = (dir.path().join("data"), dir.path().join("engine.log"));
    std::fs::create_dir(&data).unwrap();
    let (url, seen) = receiver();
    let newsroom = open(&data).await;
    // The rehearsal's engine knows none of these sentences; what it makes of them is published all the same.
    set(&newsroom, |s| {
        clean(s, &LANGS);
        s.policy = "error=publish".into();
    })
    .await;
    let hook = Webhook {
        id: Id::new(),
        url,
        secret: "secret".into(),
        events: vec!["edition.published".into()],
        created: Timestamp::now(),
    };
    newsroom.store().add_webhook(&hook, Effects::default()).await.unwrap();

    let mut random = Random(20_261_128);
    let (mut taken, mut kills) = (Vec::new(), 0);
    while kills < KILLS {
        let mut server = Server::start(&data, &log);
        if random.below(4) > 0 {
            server.listening();
        }
        // What was acknowledged must be there in the end.
        if taken.len() < ARTICLES {
            taken.push(ingest(&newsroom, numbered(taken.len(), 0)).await);
        } else if kills % 3 == 0 {
            let n = kills % ARTICLES;
            ingest(&newsroom, numbered(n, kills)).await;
        }
        tokio::time::sleep(Duration::from_millis(random.below(800))).await;
        server.kill();
        kills += 1;
    }
    let mut server = Server::start(&data, &log);
    server.listening();
    wait(&newsroom).await;
    drop(server);

    for id in &taken {
        let row = newsroom.store().article(*id).await.unwrap();
        let editions = newsroom.store().editions(*id).await.unwrap();
        assert_eq!(editions.len(), LANGS.len(), "{}", row.title);
        for edition in editions {
            assert!(!edition.stale && edition.revision == row.revision, "{edition:?}");
            let segments = newsroom.store().segments(edition.id).await.unwrap();
            assert_eq!(segments.len(), 1 + SENTENCES.len());
            if edition.counts.unwrap().held == 0 {
                assert_eq!(edition.state, EditionState::Published, "{edition:?}");
                let publication = newsroom.store().publication(*id, edition.lang).await.unwrap().unwrap();
                assert_eq!((publication.stale, publication.revision), (false, row.revision));
                assert_eq!(publication.number, edition.published_number);
            }
        }
    }
    // Nothing was published twice: each publication of each revision is in the audit log once.
    let mut published = HashMap::new();
    let mut before = None;
    loop {
        let lines = newsroom.store().audit(None, before, 500).await.unwrap();
        let Some(last) = lines.last() else { break };
        before = Some(last.id);
        for line in lines.iter().filter(|l| l.action == "edition.published") {
            let key = (
                line.object.clone(),
                line.details["lang"].clone().to_string(),
                line.details["number"].to_string(),
            );
            *published.entry(key).or_insert(0) += 1;
        }
    }
    assert!(published.values().all(|n| *n == 1), "{published:?}");
    assert!(published.len() >= taken.len() * (1 + LANGS.len()), "{} of {}", published.len(), taken.len());
    // Every publication was told of, however often the teller was killed; what was told twice has the same id.
    let told: HashSet<String> = seen.lock().unwrap().iter().cloned().collect();
    assert_eq!(told.len(), published.len());

    // No finished sentence was translated again: of each kill, at most what was in the engine at that moment was.
    let mut times: HashMap<String, usize> = HashMap::new();
    for line in std::fs::read_to_string(&log).unwrap().lines() {
        *times.entry(line.to_owned()).or_insert(0) += 1;
    }
    let again: usize = times.values().map(|n| n - 1).sum();
    assert!(again <= KILLS, "{again} of {} sentences were translated again", times.len());
}

async fn ingest(newsroom: &Newsroom, article: edisi_article::Article) -> Id {
    match newsroom.ingest(article, Origin::default(), "test").await.unwrap() {
        Ingested::Created(row) | Ingested::Revised(row) | Ingested::Unchanged(row) => row.id,
    }
}

async fn wait(newsroom: &Newsroom) {
    let started = Instant::now();
    loop {
        let counts = newsroom.store().job_counts().await.unwrap();
        let parked = newsroom.store().jobs(Some(JobState::Parked), 10).await.unwrap();
        assert!(parked.is_empty(), "{parked:?}");
        if counts.iter().all(|(_, state, n)| *state == JobState::Done || *n == 0) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "jobs do not end: {counts:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
