use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;

use edisi_edition::Router;
use edisi_store::{ArticleFilter, ArticleRow, Effects, Id, Store};
use edisi_text::Lang;

use super::*;

/// A site of pages that tests change, and the requests it has had.
#[derive(Clone)]
struct Site {
    base: String,
    pages: Arc<Mutex<HashMap<String, String>>>,
    asked: Arc<Mutex<Vec<(String, String, Instant)>>>,
}

impl Site {
    fn start() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Site { base, pages: Arc::default(), asked: Arc::default() };
        let served = site.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = String::new();
                let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
                while reader.read_line(&mut request).is_ok_and(|n| n > 2) {}
                let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
                let answer = served.pages.lock().expect("pages").get(&path).cloned();
                let known = answer.as_deref().and_then(etag);
                let is_known =
                    known.is_some_and(|tag| request.contains(&format!("if-none-match: {tag}\r\n")));
                let answer = match answer {
                    _ if is_known => "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".into(),
                    Some(answer) => answer,
                    None => answered("404 Not Found", "", ""),
                };
                served.asked.lock().expect("requests").push((path, request, Instant::now()));
                // A client that has seen enough hangs up.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        site
    }

    fn set(&self, path: &str, answer: String) {
        self.pages.lock().expect("pages").insert(path.into(), answer);
    }

    /// A page with an article, and an `ETag` of its content.
    fn page(&self, path: &str, title: &str, sentence: &str) {
        let html = format!(
            "<!doctype html><html lang=id><head><title>{title}</title></head><body><article><h1>{title}</h1>\
             <p>BANJARMASIN - {sentence} Warga menyambutnya dengan gembira setelah menunggu selama tiga bulan.</p>\
             <p>Pemerintah kota mengatakan pekerjaan akan diteruskan sampai akhir tahun, kata wali kota kepada wartawan.</p>\
             </article></body></html>"
        );
        let tag = format!("ETag: \"{}\"\r\nContent-Type: text/html\r\n", html.len());
        self.set(path, answered("200 OK", &tag, &html));
    }

    fn feed(&self, paths: &[&str]) {
        let items: String = paths
            .iter()
            .map(|path| format!("<item><title>{path}</title><link>{}{path}</link></item>", self.base))
            .collect();
        let xml = format!(
            "<rss version=\"2.0\"><channel><title>Kabar</title><language>id</language>{items}</channel></rss>"
        );
        let tag = format!("ETag: \"{}\"\r\nContent-Type: application/rss+xml\r\n", xml.len());
        self.set("/feed", answered("200 OK", &tag, &xml));
    }

    /// The paths asked for since the last time.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("requests").drain(..).map(|(path, ..)| path).collect()
    }
}

fn etag(answer: &str) -> Option<String> {
    let (_, rest) = answer.split_once("ETag: ")?;
    Some(rest.split_once("\r\n")?.0.to_owned())
}

fn answered(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

async fn newsroom(folder: &Path) -> Newsroom {
    let store = Store::open(&format!("sqlite:{}/edisi.db", folder.display())).await.expect("a store");
    Newsroom::open(store, Router::new(Vec::new()), folder).await.expect("a newsroom")
}

async fn source(newsroom: &Newsroom, kind: SourceKind, location: String) -> Id {
    let row = SourceRow {
        id: Id::new(),
        kind,
        location,
        lang: Some(Lang::ID),
        interval: 300,
        etag: None,
        last_modified: None,
        seen: Vec::new(),
        due: Timestamp::now(),
        failures: 0,
        error: None,
        paused: false,
        created: Timestamp::now(),
    };
    newsroom.store().add_source(&row, Effects::default()).await.expect("added");
    row.id
}

fn options() -> WatchOptions {
    WatchOptions {
        private_addresses: true,
        pause: Duration::ZERO,
        settled: Duration::ZERO,
        ..WatchOptions::default()
    }
}

async fn look(newsroom: &Newsroom, id: Id, options: &WatchOptions) -> (Polled, SourceRow) {
    let row = newsroom.store().source(id).await.expect("there");
    let polled = poll(newsroom, &row, options).await.expect("looked");
    (polled, newsroom.store().source(id).await.expect("there"))
}

/// Created, revised, unchanged, failed.
fn numbers(polled: Polled) -> [usize; 4] {
    [polled.created, polled.revised, polled.unchanged, polled.failed]
}

async fn articles(newsroom: &Newsroom) -> Vec<ArticleRow> {
    let all = ArticleFilter { limit: 1000, ..ArticleFilter::default() };
    newsroom.store().articles(&all).await.expect("articles")
}

#[tokio::test]
async fn a_feed_of_links() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    site.page("/a", "Pasar dibuka", "Pasar dibuka pada Sabtu.");
    site.page("/b", "Jembatan ditutup", "Jembatan ditutup pada Senin.");
    site.feed(&["/b", "/a"]);
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    let (polled, row) = look(&newsroom, id, &options()).await;
    assert_eq!(numbers(polled), [2, 0, 0, 0]);
    assert_eq!(site.asked(), ["/feed", "/robots.txt", "/a", "/b"], "the oldest first, the rules once");
    let rows = articles(&newsroom).await;
    assert_eq!(
        rows.iter().map(|r| r.title.as_str()).collect::<Vec<_>>(),
        ["Jembatan ditutup", "Pasar dibuka"]
    );
    assert_eq!((rows[0].origin.clone(), rows[0].source), (format!("{}/b", site.base), Some(id)));
    assert!(row.due > Timestamp::now() + SignedDuration::from_secs(290));

    // Nothing new: one question, answered with 304.
    let (polled, _) = look(&newsroom, id, &options()).await;
    assert_eq!((numbers(polled), site.asked()), ([0; 4], vec!["/feed".to_owned()]));

    // A page that was changed quietly is found when it is asked for again; one that was not costs nothing.
    site.page("/a", "Pasar dibuka", "Pasar dibuka pada Minggu pagi.");
    let soon = WatchOptions { recheck: Duration::ZERO, ..options() };
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let (polled, _) = look(&newsroom, id, &soon).await;
    assert_eq!(numbers(polled), [0, 1, 0, 0]);
    let mut asked = site.asked();
    asked.sort();
    assert_eq!(asked, ["/a", "/b", "/feed", "/robots.txt"]);
}

#[tokio::test]
async fn a_feed_that_carries_its_articles() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    let feed = |price: &str| {
        let text =
            format!("Harga beras naik menjadi {price} per kilogram pada Selasa, kata pedagang di pasar. ")
                .repeat(6);
        format!(
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Kabar</title>\
             <item><title>Harga naik &lt;script&gt;alert(1)&lt;/script&gt;</title><link>https://kabar.example/harga?utm_source=rss</link>\
             <content:encoded><![CDATA[<p>{text}</p><script>alert(1)</script>]]></content:encoded></item></channel></rss>"
        )
    };
    site.set("/feed", answered("200 OK", "", &feed("Rp15.400")));
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [1, 0, 0, 0]);
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0; 4]);
    site.set("/feed", answered("200 OK", "", &feed("Rp15.900")));
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0, 1, 0, 0]);
    assert_eq!(site.asked(), ["/feed"; 3], "the page is not needed");
    let row = &articles(&newsroom).await[0];
    assert_eq!(row.origin, "https://kabar.example/harga");
    let revision = newsroom.store().revision(row.revision).await.expect("there");
    assert!(revision.content.blocks.iter().all(|b| !b.html.contains("script") && !b.text.contains("alert")));
}

#[tokio::test]
async fn more_than_one_look_takes_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    let paths: Vec<String> = (0..9).map(|n| format!("/{n}")).collect();
    for path in &paths {
        site.page(path, &format!("Berita {path}"), &format!("Berita {path} terjadi pada Sabtu."));
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    site.feed(&paths[6..]);
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    let few = WatchOptions { at_most: 2, ..options() };
    assert_eq!(
        numbers(look(&newsroom, id, &few).await.0),
        [2, 0, 0, 0],
        "the first look leaves what is older"
    );
    assert_eq!(numbers(look(&newsroom, id, &few).await.0), [0; 4]);
    site.feed(&paths[3..]);
    let (polled, row) = look(&newsroom, id, &few).await;
    assert_eq!(numbers(polled), [2, 0, 0, 0]);
    assert!(row.due < Timestamp::now() + SignedDuration::from_secs(10), "there is more");
    assert_eq!(numbers(look(&newsroom, id, &few).await.0), [1, 0, 0, 0], "though the feed is as it was");
    let stopped = WatchOptions { stop: Arc::new(AtomicBool::new(true)), ..options() };
    site.feed(&paths);
    assert_eq!(numbers(look(&newsroom, id, &stopped).await.0), [0; 4], "the program is to stop");
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [3, 0, 0, 0]);
}

#[tokio::test]
async fn what_a_site_asks_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    for path in ["/a", "/privat/b"] {
        site.page(path, &format!("Berita {path}"), "Pasar dibuka pada Sabtu.");
    }
    site.feed(&["/a", "/privat/b"]);
    site.set("/robots.txt", answered("503 Service Unavailable", "", ""));
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    let (polled, row) = look(&newsroom, id, &options()).await;
    assert_eq!(
        (numbers(polled), site.asked()),
        ([0, 0, 0, 2], vec!["/feed".into(), "/robots.txt".to_owned()])
    );
    assert!(row.error.is_some_and(|e| e.contains("robots.txt")) && row.failures == 0);

    site.set("/robots.txt", answered("200 OK", "", "User-agent: *\nDisallow: /privat\n"));
    let slow = WatchOptions { pause: Duration::from_millis(150), ..options() };
    let (polled, row) = look(&newsroom, id, &slow).await;
    assert_eq!(numbers(polled), [1, 0, 0, 1]);
    assert!(row.error.is_some_and(|e| e.contains("/privat/b")));
    let times: Vec<(String, Instant)> =
        site.asked.lock().expect("requests").drain(..).map(|(path, _, at)| (path, at)).collect();
    assert_eq!(times.iter().map(|(p, _)| p.as_str()).collect::<Vec<_>>(), ["/feed", "/robots.txt", "/a"]);
    for pair in times.windows(2) {
        assert!(pair[1].1 - pair[0].1 >= Duration::from_millis(150), "a pause in between");
    }

    site.page("/c", "Berita baru", "Pasar ditutup pada Minggu.");
    site.set("/c", answered("429 Too Many Requests", "Retry-After: 7200\r\n", ""));
    site.feed(&["/c", "/a"]);
    let (_, row) = look(&newsroom, id, &options()).await;
    assert!(row.due > Timestamp::now() + SignedDuration::from_secs(7000), "it asks to be left alone");
}

#[tokio::test]
async fn a_source_that_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    let mut last = SignedDuration::ZERO;
    for failures in 1..=3 {
        let (polled, row) = look(&newsroom, id, &options()).await;
        assert_eq!((numbers(polled), row.failures), ([0; 4], failures));
        assert!(row.error.is_some_and(|e| e.contains("404")));
        let wait = row.due.duration_since(Timestamp::now());
        assert!(wait > last, "longer each time");
        last = wait;
    }
    site.feed(&[]);
    site.set("/map", answered("200 OK", "", "<rss></rss>"));
    let (_, row) = look(&newsroom, id, &options()).await;
    assert_eq!((row.failures, row.error), (0, None));
    for (kind, location) in [
        (SourceKind::Sitemap, format!("{}/map", site.base)),
        (SourceKind::Feed, "kabar".into()),
        (SourceKind::Feed, "file:///etc/passwd".into()),
        (SourceKind::Folder, "/tidak/ada".into()),
    ] {
        let id = source(&newsroom, kind, location.clone()).await;
        assert_eq!(look(&newsroom, id, &options()).await.1.failures, 1, "{location}");
    }
}

#[tokio::test]
async fn private_addresses_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    site.feed(&[]);
    let id = source(&newsroom, SourceKind::Feed, format!("{}/feed", site.base)).await;
    let (_, row) = look(&newsroom, id, &WatchOptions { private_addresses: false, ..options() }).await;
    assert!(row.error.is_some_and(|e| e.contains("private network")));
    assert_eq!(site.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn sitemaps_and_lists_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (newsroom, site) = (newsroom(folder.path()).await, Site::start());
    let map = |entries: &[(&str, &str)]| {
        let urls: String = entries
            .iter()
            .map(|(path, at)| format!("<url><loc>{}{path}</loc><lastmod>{at}</lastmod></url>", site.base))
            .collect();
        answered("200 OK", "", &format!("<urlset>{urls}</urlset>"))
    };
    for path in ["/a", "/b", "/old"] {
        site.page(path, &format!("Berita {path}"), &format!("Berita {path} terjadi pada Sabtu."));
    }
    site.set(
        "/tag",
        answered("200 OK", "Content-Type: text/html\r\n", "<html><body><a href=/a>a</a></body></html>"),
    );
    let index = format!("<sitemapindex><sitemap><loc>{}/news.xml</loc></sitemap></sitemapindex>", site.base);
    site.set("/sitemap.xml", answered("200 OK", "ETag: \"x\"\r\n", &index));
    site.set(
        "/news.xml",
        map(&[("/old", "2020-01-01"), ("/a", "2026-11-02"), ("/tag", "2026-11-03"), ("/b", "2026-11-01")]),
    );
    let id = source(&newsroom, SourceKind::Sitemap, format!("{}/sitemap.xml", site.base)).await;
    let few = WatchOptions { at_most: 3, ..options() };
    let (polled, row) = look(&newsroom, id, &few).await;
    assert_eq!(
        (numbers(polled), row.error),
        ([2, 0, 0, 1], None),
        "that a tag's page has no article is no trouble"
    );
    assert_eq!(site.asked(), ["/sitemap.xml", "/news.xml", "/robots.txt", "/b", "/a", "/tag"]);
    assert_eq!(numbers(look(&newsroom, id, &few).await.0), [0; 4]);

    site.page("/b", "Berita /b", "Berita /b terjadi pada Minggu pagi.");
    site.set(
        "/news.xml",
        map(&[("/old", "2020-01-01"), ("/a", "2026-11-02"), ("/tag", "2026-11-03"), ("/b", "2026-11-04")]),
    );
    assert_eq!(numbers(look(&newsroom, id, &few).await.0), [0, 1, 0, 0]);
}

#[tokio::test]
async fn a_folder() {
    let (folder, files) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let newsroom = newsroom(folder.path()).await;
    let write = |name: &str, text: &str| std::fs::write(files.path().join(name), text).expect("written");
    let story = |day: &str| {
        format!(
            "Pasar Dibuka\n\nBANJARMASIN - Pasar terapung dibuka kembali pada {day} setelah diperbaiki selama tiga bulan.\n"
        )
    };
    std::fs::create_dir(files.path().join("2026")).expect("a folder");
    write("2026/pasar.txt", &story("Sabtu"));
    write(
        "kawat.json",
        r#"{"uri": "https://kabar.example/kawat", "language": "id", "headlines": [{"value": "Jembatan ditutup"}],
        "bodies": [{"contentType": "text/plain", "value": "Jembatan lama ditutup pada Senin untuk diperbaiki selama tiga bulan."}]}"#,
    );
    write("foto.jpg", "JFIF");
    write(".sedang.txt", &story("Rabu"));
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", files.path().join("tautan.txt")).expect("a link");
    let id = source(&newsroom, SourceKind::Folder, files.path().display().to_string()).await;
    let patient = WatchOptions { settled: Duration::from_secs(3600), ..options() };
    assert_eq!(numbers(look(&newsroom, id, &patient).await.0), [0; 4], "they may still be being written");
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [2, 0, 0, 0]);
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0; 4]);
    let mut origins: Vec<String> = articles(&newsroom).await.into_iter().map(|row| row.origin).collect();
    origins.sort();
    let text = files.path().join("2026/pasar.txt").display().to_string();
    assert_eq!(origins, [text, "https://kabar.example/kawat".into()]);

    write("2026/pasar.txt", &story("Minggu pagi"));
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0, 1, 0, 0]);
    // Written anew as it was: another time, the same content.
    tokio::time::sleep(Duration::from_millis(20)).await;
    write("2026/pasar.txt", &story("Minggu pagi"));
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0; 4]);
    write("rusak.json", "{");
    let (polled, row) = look(&newsroom, id, &options()).await;
    assert_eq!((numbers(polled), row.failures), ([0, 0, 0, 1], 0));
    assert!(row.error.is_some_and(|e| e.contains("rusak.json")));
    assert_eq!(numbers(look(&newsroom, id, &options()).await.0), [0; 4], "not again while it is as it is");
    assert!(files.path().join("kawat.json").exists(), "files stay where they are");
}
