//! A program that is killed at any moment has neither lost what it was told was kept, nor half of a change.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use edisi_store::*;
use edisi_text::Lang;

use crate::common::*;

const DATABASE: &str = "EDISI_TEST_KILLED";
const LEASE: Duration = Duration::from_secs(3600);

/// What the killed program does: takes articles in, has jobs publish them, and says what was kept.
#[tokio::test]
#[ignore = "the other half of `killed_fifty_times`, which runs it"]
async fn the_program_that_is_killed() {
    let store = Store::open(&std::env::var(DATABASE).expect(DATABASE)).await.expect("opened");
    store.release_all().await.expect("handed back");
    println!("begun");
    loop {
        let name = Id::new().to_string();
        let new = incoming(&format!("https://kabar.example/{name}"), &name, &["Air."]);
        let follows = |ingested: &Ingested| {
            let Ingested::Created(row) = ingested else { panic!("{ingested:?}") };
            let publish =
                NewJob { max_attempts: 1000, payload: row.id.to_string().into(), ..job("publish", &name) };
            Effects { jobs: vec![publish], audit: vec![line("article.created", &name)] }
        };
        store.ingest(&new, None, follows).await.expect("taken in");
        println!("kept {name}");
        while let Some(job) = store.claim(&["publish"], LEASE, at(0)).await.expect("asked") {
            let id = job.payload.as_str().and_then(|id| id.parse().ok()).expect("an article");
            let row = store.article(id).await.expect("there");
            let told = |p: &Publication| Effects {
                jobs: vec![],
                audit: vec![line("published", &format!("{} {}", row.slug, p.number))],
            };
            store.publish(&publication(&row, None, &row.title), told).await.expect("published");
            println!("published {}", row.slug);
            store.finish(&job, none()).await.expect("finished");
        }
        std::io::stdout().flush().expect("written");
    }
}

#[tokio::test]
async fn killed_fifty_times() {
    let db = Db::sqlite().await;
    let mut told: HashMap<&str, HashSet<String>> =
        HashMap::from([("kept", HashSet::new()), ("published", HashSet::new())]);
    // Moments that differ, the same in each run of the test.
    let mut moment: u64 = 12_345;
    for _ in 0..50 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "kill::the_program_that_is_killed", "--ignored", "--nocapture"])
            .env(DATABASE, &db.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let begun = lines.by_ref().any(|line| line.is_ok_and(|line| line.ends_with("begun")));
        assert!(begun, "the program ended by itself");
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((moment >> 33) % 60_000));
        child.kill().expect("killed");
        child.wait().expect("ended");
        for line in lines.map_while(Result::ok) {
            if let Some((what, name)) = line.split_once(' ')
                && let Some(told) = told.get_mut(what)
            {
                told.insert(name.into());
            }
        }
    }
    let store = Store::open(&db.url).await.expect("opened");
    let mut kept = HashSet::new();
    let filter = ArticleFilter { limit: i64::MAX, ..ArticleFilter::default() };
    for row in store.articles(&filter).await.expect("articles") {
        kept.insert(row.slug);
    }
    let published: Vec<String> =
        store.published_index().await.expect("an index").into_iter().map(|(_, slug, ..)| slug).collect();
    assert!(told["kept"].is_subset(&kept), "an article that was kept is gone");
    assert!(kept.len() > 10, "it was killed before it did anything");
    assert!(told["published"].is_subset(&published.iter().cloned().collect()), "a publication is gone");

    // Each change is there with all that belongs to it, once.
    let log = store.audit(None, None, i64::MAX).await.expect("lines");
    let of = |action: &str| {
        let mut objects: Vec<String> =
            log.iter().filter(|l| l.action == action).map(|l| l.object.clone()).collect();
        objects.sort();
        objects
    };
    let sorted = |names: &mut dyn Iterator<Item = String>| {
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(of("article.created"), sorted(&mut kept.iter().cloned()));
    assert_eq!(of("published"), sorted(&mut published.iter().map(|slug| format!("{slug} 1"))));
    let jobs = store.jobs(None, i64::MAX).await.expect("jobs");
    assert_eq!(sorted(&mut jobs.iter().map(|job| job.key.clone())), sorted(&mut kept.iter().cloned()));
    assert!(jobs.iter().all(|job| job.state != JobState::Parked));
    let done: HashSet<&String> = jobs.iter().filter(|j| j.state == JobState::Done).map(|j| &j.key).collect();
    assert!(done.iter().all(|name| published.contains(name)), "a job is done and its work is not");
    let first = published.first().expect("one");
    let shown = store.publication_by_slug(first, Lang::ID).await.expect("there").expect("there");
    assert_eq!(&shown.title, first);
    println!("{} kept, {} published, {} jobs done", kept.len(), published.len(), done.len());
}
