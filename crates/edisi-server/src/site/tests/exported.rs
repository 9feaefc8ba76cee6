use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::{Address, Exported, Form, export};
use super::*;

fn files(dir: &Path) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut queue = vec![dir.to_owned()];
    while let Some(folder) = queue.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            match path.is_dir() {
                true => queue.push(path),
                false => {
                    out.insert(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
    }
    out
}

async fn write(world: &World, dir: &Path) -> Exported {
    let site = Site::open(world.dir.path()).unwrap();
    export(&site, world.store(), &world.newsroom.settings(), dir).await.unwrap()
}

#[tokio::test]
async fn files_are_the_bytes_that_are_served() {
    let world = World::new().await;
    for number in 0..22 {
        world.story(&format!("Berita {number:02}"), &[Lang::ID]).await;
    }
    world.story("Banjir surut", &[Lang::ID, Lang::EN, Lang::AR]).await;
    let out = tempfile::tempdir().unwrap();
    let done = write(&world, out.path()).await;
    let files = files(out.path());
    assert_eq!(done.written + 1, files.len(), "and the list");
    let site = world.served();
    let mut compared = 0;
    for file in &files {
        if matches!(file.as_str(), ".edisi-site.json" | "index.html" | "404.html") {
            continue;
        }
        let path = match file.strip_suffix("index.html") {
            Some(folder) => folder,
            None => file.strip_suffix(".html").unwrap_or(file),
        };
        let got = get(&site, &format!("/{path}"), &[]).await;
        assert_eq!(got.status, StatusCode::OK, "{file}");
        assert!(std::fs::read(out.path().join(file)).unwrap() == got.bytes, "{file} differs");
        compared += 1;
    }
    // 22 + 3 pages, 2 editions in two more forms, 3 fronts and one older, 3 each of three feeds, about and sitemap, and
    // the list of sitemaps, robots and the style sheet.
    assert_eq!(compared, 25 + 4 + 4 + 9 + 3 + 3 + 3, "{files:?}");
    let story = Address::Story { lang: Lang::EN, slug: "banjir-surut".into(), form: Form::Page };
    assert!(files.contains(&story.file()));
    let index = std::fs::read_to_string(out.path().join("index.html")).unwrap();
    assert!(index.contains("href=\"/ar/\"") && index.contains("العربية"), "{index}");
}

#[tokio::test]
async fn what_is_no_longer_on_the_site_goes_and_the_rest_stays() {
    let world = World::new().await;
    let row = world.story("Banjir surut", &[Lang::ID, Lang::EN]).await;
    let out = tempfile::tempdir().unwrap();
    write(&world, out.path()).await;
    std::fs::write(out.path().join("mine.txt"), "mine").unwrap();
    std::fs::write(out.path().join("en/mine.html"), "mine").unwrap();
    let again = write(&world, out.path()).await;
    assert_eq!((again.written, again.removed), (0, 0), "the same site, the same files");

    world.store().withdraw(row.id, Lang::EN, Effects::default()).await.unwrap();
    let done = write(&world, out.path()).await;
    assert!(done.removed >= 3, "{done:?}");
    let left = files(out.path());
    assert!(!left.iter().any(|f| f.starts_with("en/banjir")), "{left:?}");
    assert!(
        left.contains("mine.txt") && left.contains("en/mine.html") && left.contains("id/banjir-surut.html")
    );
}

#[tokio::test]
async fn a_list_of_files_can_not_reach_outside() {
    let world = World::new().await;
    world.story("Banjir surut", &[Lang::ID]).await;
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(dir.path().join("precious"), "x").unwrap();
    std::fs::write(out.join(".edisi-site.json"), r#"{"files": ["../precious", "/etc/hostname-none"]}"#)
        .unwrap();
    write(&world, &out).await;
    assert!(dir.path().join("precious").exists());
    std::fs::write(out.join(".edisi-site.json"), "no list").unwrap();
    let site = Site::open(world.dir.path()).unwrap();
    let error = export(&site, world.store(), &world.newsroom.settings(), &out).await.unwrap_err();
    assert!(error.to_string().contains(".edisi-site.json cannot be read"), "{error}");
}

#[tokio::test]
async fn without_an_address_there_are_no_sitemaps() {
    let world = World::new().await;
    world.set(|s| s.base_url = String::new()).await;
    world.story("Banjir surut", &[Lang::ID]).await;
    let out = tempfile::tempdir().unwrap();
    write(&world, out.path()).await;
    let files = files(out.path());
    assert!(files.contains("id/feed.rss") && !files.contains("sitemap.xml") && !files.contains("robots.txt"));
}
