use edisi_extract::{Options, extract_bytes};
use serde_json::Value;

use super::*;

async fn world() -> World {
    let world = World::new().await;
    world.story("Pasar dibuka", &[Lang::ID, Lang::EN]).await;
    let mut bad = article(&format!("Judul {HOSTILE}"));
    bad.byline = vec![HOSTILE.into()];
    bad.blocks.push(Block::plain(BlockKind::Paragraph, HOSTILE));
    let row = world.ingest(&bad, None).await;
    for lang in [Lang::ID, Lang::EN, Lang::AR] {
        world.publish(&row, lang, lang == Lang::AR).await;
    }
    world
}

#[tokio::test]
async fn atom_says_what_it_is() {
    let world = world().await;
    let got = world.get("/en/feed.atom").await;
    assert_eq!(got.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(
        got.header("link"),
        "<https://kabar.example/en/feed.atom>; rel=\"self\", <https://hub.example/>; rel=\"hub\""
    );
    let feed = atom_syndication::Feed::read_from(&got.bytes[..]).unwrap();
    assert_eq!(feed.lang.as_deref(), Some("en"));
    assert_eq!(feed.entries.len(), 2);
    let links =
        |rel: &str| feed.links.iter().filter(|l| l.rel == rel).map(|l| l.href.clone()).collect::<Vec<_>>();
    assert_eq!(links("self"), ["https://kabar.example/en/feed.atom"]);
    assert_eq!(links("hub"), ["https://hub.example/"]);
    let entry = &feed.entries[1];
    assert_eq!(entry.title.as_str(), "[en] Pasar dibuka");
    assert!(entry.id.starts_with("urn:uuid:"));
    assert!(entry.published.unwrap() <= entry.updated);
    let alternates: Vec<(Option<&str>, &str)> =
        entry.links.iter().map(|l| (l.hreflang.as_deref(), l.href.as_str())).collect();
    assert_eq!(
        alternates,
        [
            (Some("en"), "https://kabar.example/en/pasar-dibuka"),
            (Some("id"), "https://kabar.example/id/pasar-dibuka")
        ]
    );
    let content = entry.content.as_ref().unwrap();
    let html = content.value.as_deref().unwrap();
    assert_eq!(content.content_type.as_deref(), Some("html"));
    assert!(html.starts_with("<p><strong>Machine translation</strong> This text was translated"), "{html}");
    assert!(html.contains("<a href=\"https://kabar.example/id/pasar-dibuka\">Read the original"), "{html}");
    assert!(html.contains("<p>[en] Air surut. Warga pulang."), "{html}");
    assert_eq!(entry.summary.as_ref().unwrap().as_str(), "[en] Warga kembali ke rumah.");
    // The same entry in other feeds has the same name, later too.
    let again = atom_syndication::Feed::read_from(&world.get("/en/feed.atom").await.bytes[..]).unwrap();
    assert_eq!(again.entries[1].id, entry.id);
    let arabic = world.get("/ar/feed.atom").await;
    let arabic = atom_syndication::Feed::read_from(&arabic.bytes[..]).unwrap();
    assert_ne!(arabic.entries[0].id, feed.entries[0].id, "another language is another entry");
    assert!(arabic.entries[0].content.as_ref().unwrap().value.as_deref().unwrap().contains("ترجمة مراجَعة"));
}

#[tokio::test]
async fn rss_and_json_say_the_same() {
    let world = world().await;
    let got = world.get("/en/feed.rss").await;
    let channel = rss::Channel::read_from(&got.bytes[..]).unwrap();
    assert_eq!(channel.language(), Some("en"));
    assert_eq!(channel.items().len(), 2);
    let atom = atom_syndication::Feed::read_from(&world.get("/en/feed.atom").await.bytes[..]).unwrap();
    let json: Value = serde_json::from_slice(&world.get("/en/feed.json").await.bytes).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["language"], "en");
    assert_eq!(json["hubs"][0]["url"], "https://hub.example/");
    assert_eq!(atom.entries[0].title.as_str(), format!("[en] Judul {}", HOSTILE.trim_end_matches('\u{1}')));
    for (index, item) in channel.items().iter().enumerate() {
        let (entry, other) = (&atom.entries[index], &json["items"][index]);
        assert_eq!(item.guid().unwrap().value(), entry.id);
        assert_eq!(other["id"], entry.id);
        assert_eq!(item.title(), Some(entry.title.as_str()));
        assert_eq!(other["title"].as_str(), item.title());
        // Descriptions are HTML, and so is the text.
        assert!(!item.description().unwrap().contains("<"), "{item:?}");
        assert!(!item.content().unwrap().contains("<script") && !item.content().unwrap().contains("<img"));
        assert_eq!(item.content(), entry.content.as_ref().unwrap().value.as_deref());
        assert_eq!(other["content_html"].as_str(), item.content());
        assert_eq!(item.link(), other["url"].as_str());
    }
    // The original is not called a translation.
    let own: Value = serde_json::from_slice(&world.get("/id/feed.json").await.bytes).unwrap();
    assert!(own["items"][1]["content_html"].as_str().unwrap().starts_with("<p>Banjir di <a href="));
}

#[tokio::test]
async fn our_own_reader_reads_them_and_nothing_in_them_runs() {
    let world = world().await;
    for file in ["feed.rss", "feed.atom", "feed.json"] {
        let got = world.get(&format!("/en/{file}")).await;
        assert!(!got.text().contains('\u{1}') && !got.text().contains("\\u0001"), "{file}");
        let read = extract_bytes(file, &got.bytes, None, &Options::default()).unwrap();
        assert_eq!(read.len(), 2, "{file}");
        assert_eq!(read[1].title.as_deref(), Some("[en] Pasar dibuka"), "{file}");
        assert_eq!(read[1].url.as_deref(), Some("https://kabar.example/en/pasar-dibuka"), "{file}");
        assert_eq!(read[1].language, Some(Lang::EN), "{file}");
        assert!(read[1].body_text().contains("[en] Air surut. Warga pulang."), "{file}");
        for block in read.iter().flat_map(|article| &article.blocks) {
            assert!(
                !block.html.contains("<script") && !block.html.contains("<img"),
                "{file}: {}",
                block.html
            );
        }
    }
}

#[tokio::test]
async fn a_feed_of_nothing_is_a_feed() {
    let world = World::new().await;
    let got = world.get("/id/feed.atom").await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(atom_syndication::Feed::read_from(&got.bytes[..]).unwrap().entries.len(), 0);
    assert!(rss::Channel::read_from(&world.get("/id/feed.rss").await.bytes[..]).unwrap().items().is_empty());
    assert_eq!(world.get("/de/feed.rss").await.status, StatusCode::NOT_FOUND);
}
