use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

const ALL: [Lang; 6] = [Lang::ID, Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR];

fn jsonld(page: &str) -> Value {
    let (_, after) = page.split_once("ld+json\">").unwrap();
    serde_json::from_str(after.split_once("</script>").unwrap().0).unwrap()
}

#[tokio::test]
async fn every_version_names_every_other_and_itself() {
    let world = World::new().await;
    world.story("Banjir surut", &ALL).await;
    world.story("Pasar dibuka", &[Lang::ID, Lang::JA]).await;
    world.story("日本の話", &[Lang::EN, Lang::FR]).await;
    let site = world.served();
    let mut links: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    let mut queue: Vec<String> = ["id", "en", "zh", "ja", "ar", "fr"].map(|l| format!("{BASE}/{l}/")).into();
    while let Some(url) = queue.pop() {
        if links.contains_key(&url) {
            continue;
        }
        let got = get(&site, url.strip_prefix(BASE).unwrap(), &[]).await;
        assert_eq!(got.status, StatusCode::OK, "{url}");
        let page = got.text();
        assert_eq!(attributes(page, "rel=\"canonical\"", "href"), [url.as_str()]);
        let langs = attributes(page, "link rel=\"alternate\" hreflang", "hreflang");
        let hrefs = attributes(page, "link rel=\"alternate\" hreflang", "href");
        assert_eq!(langs.len(), hrefs.len());
        let own = langs.iter().zip(&hrefs).map(|(l, h)| ((*l).to_owned(), (*h).to_owned())).collect();
        queue.extend(hrefs.iter().filter(|h| **h != format!("{BASE}/")).map(|h| (*h).to_owned()));
        queue.extend(attributes(page, "a href=", "href").iter().filter(|h| h.starts_with('/')).filter_map(
            |h| {
                let is_page = !h.contains("feed.")
                    && !h.contains(".md")
                    && !h.contains(".json")
                    && !h.contains("about");
                is_page.then(|| format!("{BASE}{h}"))
            },
        ));
        links.insert(url, own);
    }
    assert_eq!(links.len(), 6 + 6 + 2 + 2, "{:?}", links.keys());
    for (url, named) in &links {
        assert!(named.iter().any(|(_, href)| href == url), "{url} does not name itself");
        assert_eq!(named.iter().filter(|(lang, _)| lang == "x-default").count(), 1, "{url}");
        for (_, href) in named.iter().filter(|(_, href)| *href != format!("{BASE}/")) {
            assert_eq!(&links[href], named, "{url} and {href} do not name the same");
        }
    }
    let default = |url: &str| links[url].iter().find(|(l, _)| l == "x-default").unwrap().1.clone();
    assert_eq!(default(&format!("{BASE}/zh/banjir-surut")), format!("{BASE}/id/banjir-surut"));
    let japanese = format!("{BASE}/fr/%E6%97%A5%E6%9C%AC%E3%81%AE%E8%A9%B1");
    assert_eq!(
        default(&japanese),
        japanese.replace("/fr/", "/en/"),
        "in English, where there is no original"
    );

    // Sitemaps say the same.
    let list = get(&site, "/sitemap.xml", &[]).await;
    assert_eq!(list.text().matches("<sitemap>").count(), 6);
    let map = get(&site, "/zh/sitemap.xml", &[]).await;
    let of_map: BTreeSet<(String, String)> = attributes(map.text(), "xhtml:link", "hreflang")
        .into_iter()
        .zip(attributes(map.text(), "xhtml:link", "href"))
        .map(|(l, h)| (l.to_owned(), h.to_owned()))
        .collect();
    assert_eq!(of_map, links[&format!("{BASE}/zh/banjir-surut")]);
    assert_eq!(get(&site, "/zh/sitemap-2.xml", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_what_an_editor_approved_is_called_reviewed() {
    let world = World::new().await;
    world.story("Banjir surut", &ALL).await;
    let machine = world.get("/en/banjir-surut").await;
    let page = machine.text();
    assert!(page.find("Machine translation").unwrap() < page.find("<h1").unwrap(), "at first exposure");
    assert!(!page.contains("Reviewed translation"), "whatever the segments say");
    assert_eq!(jsonld(page)["digitalSourceType"], "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
    assert!(page.contains("<span class=\"gap\" lang=\"id\" dir=\"ltr\">Kalimat asli.</span>"), "{page}");

    let reviewed = world.get("/ar/banjir-surut").await;
    let page = reviewed.text();
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">"), "{page}");
    assert!(page.contains("ترجمة مراجَعة") && !page.contains("ترجمة آلية"), "{page}");
    assert!(page.contains("رُوجعت في <time datetime=\"2026-11-20T12:00:00+07:00\">"), "{page}");
    assert!(!page.contains("Sari"), "who it was is the newsroom's business");
    let data = jsonld(page);
    assert_eq!(
        data["digitalSourceType"],
        "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
    );
    assert_eq!(data["translationOfWork"]["@id"], format!("{BASE}/id/banjir-surut"));

    let original = world.get("/id/banjir-surut").await;
    let works = jsonld(original.text())["workTranslation"].clone();
    let kinds: BTreeSet<&str> =
        works.as_array().unwrap().iter().map(|w| w["digitalSourceType"].as_str().unwrap()).collect();
    assert_eq!((works.as_array().unwrap().len(), kinds.len()), (5, 2));
    let front = world.get("/ar/").await;
    assert!(front.text().contains("<span class=\"tag reviewed\">ترجمة مراجَعة</span>"), "{}", front.text());
    assert!(world.get("/ar/banjir-surut.md").await.text().contains("reviewed: true"));
    assert!(world.get("/en/banjir-surut.md").await.text().contains("machine_translated: true"));
    let ninjs: Value = serde_json::from_slice(&world.get("/en/banjir-surut.ninjs.json").await.bytes).unwrap();
    assert_eq!(ninjs["uri"], format!("{BASE}/en/banjir-surut"));
}

#[tokio::test]
async fn a_correction_is_told_in_every_edition_and_what_has_it_not_says_so() {
    let world = World::new().await;
    let row = world.story("Banjir surut", &[Lang::ID, Lang::EN, Lang::AR]).await;
    let mut changed = article("Banjir surut");
    changed.blocks[1] = Block::plain(BlockKind::Paragraph, "Air mulai surut. Warga pulang.");
    let row = world
        .ingest(&Article { input: row.origin.clone(), ..changed }, Some("Air <b>belum</b> surut."))
        .await;
    world.publish(&row, Lang::ID, false).await;

    let original = world.get("/id/banjir-surut").await;
    let page = original.text();
    assert!(
        page.contains("Diralat pada <time") && page.contains("Air &lt;b&gt;belum&lt;/b&gt; surut."),
        "{page}"
    );
    assert!(!page.contains("class=\"stale\"") && !page.contains("belum memuat"), "{page}");
    let stale = world.get("/en/banjir-surut").await;
    let page = stale.text();
    assert!(page.find("class=\"stale\"").unwrap() < page.find("<h1").unwrap());
    assert!(page.contains("this translation does not have the change yet."), "{page}");
    assert!(page.contains("The original was corrected on <time"), "{page}");
    assert!(page.contains("This translation does not have the change yet."), "{page}");
    assert!(page.contains("What changed, in Indonesian"), "{page}");
    assert!(page.contains("<dd lang=\"id\" dir=\"ltr\"><del>Air surut.</del></dd>"), "{page}");
    assert!(page.contains("<ins>Air mulai surut.</ins>"), "{page}");
    let data = jsonld(page);
    assert_eq!(data["correction"][0]["text"], "Air <b>belum</b> surut.");
    assert_eq!(data["correction"][0]["@type"], "CorrectionComment");
    assert!(world.get("/ar/banjir-surut").await.text().contains("ولم يدخل التعديل هذه الترجمة بعد."));

    world.publish(&row, Lang::EN, false).await;
    let followed = world.get("/en/banjir-surut").await;
    let page = followed.text();
    assert!(!page.contains("class=\"stale\"") && page.contains("This translation has the change."), "{page}");
    assert!(world.get("/en/").await.text().contains("<span class=\"tag corrected\">Corrections</span>"));
}

#[tokio::test]
async fn hostile_text_stays_text() {
    let world = World::new().await;
    world
        .set(|s| {
            s.name = HOSTILE.into();
            s.contact = Some("javascript:alert(1)".into());
        })
        .await;
    let mut bad = article(&format!("Judul {HOSTILE}"));
    bad.byline = vec![HOSTILE.into()];
    bad.section = Some(HOSTILE.into());
    bad.description = Some(HOSTILE.into());
    bad.images[0].url = "javascript:alert(1)".into();
    bad.blocks.push(Block {
        html: format!("<a href=\"javascript:alert(1)\" onclick=\"alert(1)\">x</a>{HOSTILE}"),
        ..Block::plain(BlockKind::Paragraph, HOSTILE)
    });
    let row = world.ingest(&bad, None).await;
    for lang in [Lang::ID, Lang::EN] {
        world.publish(&row, lang, false).await;
    }
    bad.blocks.push(Block::plain(BlockKind::Quote, "x"));
    world.ingest(&bad, Some(HOSTILE)).await;
    let slug = edisi_edition::render::encode_path(&row.slug).into_owned();
    for path in
        [format!("/en/{slug}"), format!("/id/{slug}"), "/en/".into(), "/about/en".into(), "/en/none".into()]
    {
        let got = world.get(&path).await;
        let page = got.text();
        let low = page.to_lowercase();
        assert!(
            !low.contains("<img src=x") && !low.contains("<script>") && !low.contains("11921"),
            "{path}: {page}"
        );
        assert!(!low.contains("href=\"javascript:") && !low.contains("src=\"javascript:"), "{path}: {page}");
        assert!(
            low.matches("<script").count() == low.matches("<script type=\"application/ld+json\">").count()
        );
        for tag in page.split('<').filter_map(|t| t.split_once('>')).map(|(tag, _)| tag) {
            assert!(!tag.contains(" onclick=") && !tag.contains(" onerror=alert(1) "), "{path}: {tag}");
        }
        assert!(got.header("content-security-policy").contains("script-src 'none'"), "{path}");
    }
}

#[tokio::test]
async fn pages_can_be_used_by_everybody() {
    let world = World::new().await;
    world.story("Banjir surut", &ALL).await;
    for path in ["/en/", "/ar/banjir-surut", "/id/banjir-surut", "/about/ja", "/fr/none"] {
        let got = world.get(path).await;
        let page = got.text();
        assert!(page.contains("<a class=\"skip\" href=\"#text\""), "{path}");
        assert!(page.contains("<main id=\"text\"") && page.matches("<h1").count() == 1, "{path}");
        assert!(page.contains("<footer") && page.contains("<nav aria-label=\""), "{path}");
        assert!(page.contains("mailto:redaksi@kabar.example"), "{path}");
        assert!(!page.contains("<style") && !page.contains(" style=\""), "{path}: {page}");
        assert_eq!(attributes(page, "rel=\"stylesheet\"", "href").len(), 1, "{path}");
        for image in attributes(page, "img ", "referrerpolicy") {
            assert_eq!(image, "no-referrer");
        }
        assert_eq!(page.matches("<img").count(), page.matches("referrerpolicy=\"no-referrer\"").count());
    }
}

#[tokio::test]
async fn without_a_site_of_the_original_the_newsroom_s_own_page_is_linked() {
    let world = World::new().await;
    world.set(|s| s.publish_original = false).await;
    let mut article = article("Banjir surut");
    article.url = Some("https://cms.example/banjir".into());
    let row = world.ingest(&article, None).await;
    world.publish(&row, Lang::EN, false).await;
    world.publish(&row, Lang::FR, false).await;
    let got = world.get("/fr/banjir-surut").await;
    assert!(got.text().matches("href=\"https://cms.example/banjir\"").count() >= 2, "{}", got.text());
    assert_eq!(jsonld(got.text())["translationOfWork"]["@id"], "https://cms.example/banjir");
    let front = world.get("/").await;
    assert_eq!(front.header("location"), "/en/", "there is no front page in the main language");
    // Nor is there a link where there is no address at all.
    article = super::article("Pasar dibuka");
    let row = world.ingest(&article, None).await;
    world.publish(&row, Lang::EN, false).await;
    let got = world.get("/en/pasar-dibuka").await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(
        !got.text().contains("Read the original in") && !got.text().contains("href=\"\""),
        "{}",
        got.text()
    );
}

#[tokio::test]
async fn a_theme_replaces_templates_and_a_broken_one_is_refused() {
    let world = World::new().await;
    world.story("Banjir surut", &ALL).await;
    let theme = world.dir.path().join(super::super::THEME);
    std::fs::create_dir(&theme).unwrap();
    std::fs::write(theme.join("theme.css"), ".mine { color: teal }").unwrap();
    std::fs::write(theme.join("about.html"), "<h1>{{ title }}</h1> ours").unwrap();
    assert!(world.get("/about/en").await.text().ends_with("ours"));
    let page = world.get("/en/").await;
    let style = attributes(page.text(), "rel=\"stylesheet\"", "href")[0].to_owned();
    let css = world.get(&style).await;
    assert!(
        css.text().contains(".mine") && css.text().contains(".masthead") && css.text().contains(".entries"),
        "{}",
        css.text()
    );

    std::fs::write(theme.join("front.html"), "<h1>\n{% if %}").unwrap();
    let error = Site::open(world.dir.path()).err().unwrap().to_string();
    assert!(error.contains("theme/front.html, line 2"), "{error}");
    std::fs::write(theme.join("front.html"), "<h1>\n\n{{ entries.nothing.here }}").unwrap();
    let error = Site::open(world.dir.path()).err().unwrap().to_string();
    assert!(error.contains("theme/front.html, line 3"), "{error}");
    std::fs::remove_file(theme.join("front.html")).unwrap();
    std::fs::write(theme.join("fornt.html"), "").unwrap();
    let error = Site::open(world.dir.path()).err().unwrap().to_string();
    assert!(error.contains("fornt.html replaces nothing") && error.contains("front.html"), "{error}");
}
