//! `edisi publish`: a newsroom's site as files.

mod common;

use common::{Place, STORY};
use edisi_edition::publish::Snapshot;
use edisi_store::{ArticleFilter, Effects, NewPublication, Store};
use edisi_text::Lang;

/// Puts the newsroom's only article on its site, which a running server would do; or takes it off.
fn set_published(place: &Place, on: bool) {
    let database = edisi_server::serve::database_in(&place.path().join("kabar"));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&database).await.unwrap();
        let filter = ArticleFilter { limit: 1, ..ArticleFilter::default() };
        let article = store.articles(&filter).await.unwrap().remove(0);
        if !on {
            return store.withdraw(article.id, Lang::ID, Effects::default()).await.unwrap();
        }
        let revision = store.revision(article.revision).await.unwrap();
        let new = NewPublication {
            article: article.id,
            lang: Lang::ID,
            edition: None,
            revision: revision.id,
            title: article.title.clone(),
            content: Snapshot::original(&revision.content, Lang::ID, &revision.hash),
            approved: None,
        };
        store.publish(&new, |_| Effects::default()).await.unwrap();
    });
}

#[test]
fn a_site_is_written_and_follows() {
    let place = Place::bare();
    let story = place.file("cerita.txt", STORY);
    place.run(&["publish", "--data", "kabar", "-o", "www"]).fails(3, &["no newsroom in kabar", "--data"]);
    place.run(&["ingest", "--data", "kabar", "--from", "id", &story]).ok();
    set_published(&place, true);
    let publish = ["publish", "--data", "kabar", "-o", "www", "--base-url", "https://kabar.example"];
    let said = place.run(&publish).ok().out;
    assert!(said.starts_with("www: ") && said.ends_with(" 0 as they were, 0 taken away\n"), "{said}");
    let files = place.files("www");
    let page = &files["id/harga-beras-naik.html"];
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://kabar.example/id/harga-beras-naik\">"),
        "{page}"
    );
    assert!(files["id/index.html"].contains("href=\"/id/harga-beras-naik\""));
    assert!(files["id/sitemap.xml"].contains("https://kabar.example/id/harga-beras-naik"));

    let json = place.run(&[&publish[..], &["--json"]].concat()).ok().out;
    assert!(json.starts_with("{\"written\":0,") && json.ends_with("\"removed\":0}\n"), "{json}");
    set_published(&place, false);
    place.run(&publish).ok();
    assert!(!place.files("www").contains_key("id/harga-beras-naik.html"));

    place
        .run(&["publish", "--data", "kabar", "-o", "www", "--base-url", "kabar"])
        .fails(2, &["no base address"]);
    place.run(&["publish", "--data", "kabar", "-o", "cerita.txt"]).fails(7, &["cerita.txt", "-o"]);
    std::fs::create_dir(place.path().join("kabar/theme")).unwrap();
    place.file("kabar/theme/page.html", "\n\n{{ title");
    place.run(&publish).fails(3, &["page.html, line 3"]);
}
