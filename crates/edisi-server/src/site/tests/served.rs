use super::*;

#[tokio::test]
async fn readers_are_led_to_a_language_they_read() {
    let world = World::new().await;
    world.story("Banjir surut", &[Lang::ID, Lang::ZH]).await;
    let site = world.served();
    for (header, want) in [("zh-CN,zh;q=0.9", "/zh/"), ("en", "/id/"), ("", "/id/")] {
        let got = get(&site, "/", &[("accept-language", header)]).await;
        assert_eq!((got.status, got.header("location")), (StatusCode::FOUND, want));
        assert_eq!(got.header("vary"), "accept-language");
        assert!(got.headers.get("set-cookie").is_none());
    }
    let got = get(&site, "/about", &[("accept-language", "zh")]).await;
    assert_eq!(got.header("location"), "/about/zh");
    for (path, want) in [("/zh", "/zh/"), ("/zh-Hans/banjir-surut", "/zh/banjir-surut"), ("/ZH/", "/zh/")] {
        let got = get(&site, path, &[]).await;
        assert_eq!((got.status, got.header("location")), (StatusCode::MOVED_PERMANENTLY, want), "{path}");
    }
    world.set(|s| s.base_url = "https://media.example/kabar".into()).await;
    let got = get(&world.served(), "/", &[("accept-language", "zh")]).await;
    assert_eq!(got.header("location"), "/kabar/zh/", "under a path of the host");
}

#[tokio::test]
async fn what_the_reader_has_is_not_sent_again() {
    let world = World::new().await;
    world.story("Banjir surut", &[Lang::ID, Lang::EN]).await;
    let site = world.served();
    let plain = get(&site, "/en/banjir-surut", &[]).await;
    let (tag, text) = (plain.header("etag").to_owned(), plain.text().to_owned());
    assert!(tag.starts_with('"') && !plain.headers.contains_key("content-encoding"));
    assert_eq!(plain.header("x-content-type-options"), "nosniff");
    assert_eq!(plain.header("referrer-policy"), "strict-origin-when-cross-origin");
    assert!(plain.header("content-security-policy").contains("frame-ancestors 'none'"));
    let zipped = get(&site, "/en/banjir-surut", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert_eq!(zipped.header("vary"), "accept-encoding");
    assert_ne!(zipped.header("etag"), tag, "other bytes, another tag");
    let mut unzipped = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&zipped.bytes[..]), &mut unzipped)
        .unwrap();
    assert_eq!(unzipped, text);
    for (known, accept, want) in [
        (tag.as_str(), "identity", StatusCode::NOT_MODIFIED),
        (&format!("W/{tag}, \"x\""), "identity", StatusCode::NOT_MODIFIED),
        ("*", "gzip", StatusCode::NOT_MODIFIED),
        (tag.as_str(), "gzip", StatusCode::OK),
        ("\"x\"", "identity", StatusCode::OK),
        (tag.as_str(), "gzip;q=0", StatusCode::NOT_MODIFIED),
    ] {
        let got =
            get(&site, "/en/banjir-surut", &[("if-none-match", known), ("accept-encoding", accept)]).await;
        assert_eq!(got.status, want, "{known} {accept}");
        assert_eq!(got.bytes.is_empty(), want == StatusCode::NOT_MODIFIED);
    }
    let style = attributes(&text, "rel=\"stylesheet\"", "href")[0].to_owned();
    assert!(get(&site, &style, &[]).await.header("cache-control").contains("immutable"));
    assert_eq!(get(&site, "/assets/site-0.css", &[]).await.status, StatusCode::NOT_FOUND);
    let head = Request::head("/en/banjir-surut").body(Body::empty()).unwrap();
    let head = site.clone().oneshot(head).await.unwrap();
    assert_eq!((head.status(), head.headers()["etag"].to_str().unwrap()), (StatusCode::OK, tag.as_str()));
    assert!(to_bytes(head.into_body(), usize::MAX).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_publication_is_seen_at_once_or_soon() {
    let world = World::new().await;
    let row = world.story("Banjir surut", &[Lang::ID]).await;
    let site = world.served();
    let got = get(&site, "/en/banjir-surut", &[]).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    assert!(got.text().contains("You can read this article in:"), "{}", got.text());
    assert!(got.text().contains("href=\"/id/banjir-surut\""), "{}", got.text());
    assert!(got.text().contains("<meta name=\"robots\" content=\"noindex\">"));
    world.publish(&row, Lang::EN, false).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(get(&site, "/en/banjir-surut", &[]).await.status, StatusCode::OK);
    let original = get(&site, "/id/banjir-surut", &[]).await;
    assert!(original.text().contains("hreflang=\"en\""), "pages in memory are those of now");
    world.set(|s| s.name = "Kabar Baru".into()).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(get(&site, "/en/", &[]).await.text().contains("Kabar Baru"));
    world.store().withdraw(row.id, Lang::EN, Effects::default()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let gone = get(&site, "/en/banjir-surut", &[]).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text().contains("No longer available") && gone.text().contains("href=\"/id/banjir-surut\""));
}

#[tokio::test]
async fn there_is_nothing_at_other_addresses() {
    let world = World::new().await;
    world.story("Banjir surut", &[Lang::ID]).await;
    for path in [
        "/favicon.ico",
        "/en/x/y",
        "/de/",
        "/id/before/1",
        "/id/before/x",
        "/en/%ff",
        "/x",
        "/id/banjir-surut.md",
        "/about/de",
        "/id/%2e%2e%2fetc",
    ] {
        let got = world.get(path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(got.text().contains("lang=\""), "{path}: in a language");
    }
    let arabic = world.get("/ar/none").await;
    assert!(arabic.text().contains("الصفحة غير موجودة"), "in the reader's language");
    let empty = world.get("/fr/").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text().contains("Il n’y a pas encore d’articles"));
    let post = Request::post("/id/banjir-surut").body(Body::empty()).unwrap();
    assert_eq!(world.served().oneshot(post).await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn older_stories_are_behind_the_front_page() {
    let world = World::new().await;
    for number in 0..45 {
        world.story(&format!("Berita {number:02}"), &[Lang::ID]).await;
    }
    let site = world.served();
    let (mut seen, mut path) = (Vec::new(), "/id/".to_owned());
    loop {
        let got = get(&site, &path, &[]).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        let links = attributes(got.text(), "a href=\"/id/berita", "href");
        seen.extend(links.into_iter().map(str::to_owned));
        match attributes(got.text(), "rel=\"next\"", "href").first() {
            Some(next) => path = (*next).to_owned(),
            None => break,
        }
    }
    let want: Vec<String> = (0..45).rev().map(|n| format!("/id/berita-{n:02}")).collect();
    assert_eq!(seen, want);
    assert!(path.starts_with("/id/before/"));
}
