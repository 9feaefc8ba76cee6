use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::*;
use crate::Reach;
use crate::reach::Guard;

/// Names, each with the addresses it has when asked the first time, the second, and so on.
#[derive(Default)]
struct Names(Mutex<HashMap<&'static str, Vec<Vec<SocketAddr>>>>);

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut names = self.0.lock().expect("no test panicked");
        let name = uri.host().expect("a host");
        let answers = names.get_mut(name).ok_or(ureq::Error::HostNotFound)?;
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        let mut found = self.empty();
        for address in answer {
            found.push(address);
        }
        Ok(found)
    }
}

/// A server that answers every request with `answer`; and the requests it has had.
fn serve(
    at: &str,
    answer: impl Fn(&str) -> String + Send + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(at).expect("an address");
    let address = listener.local_addr().expect("an address");
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            while reader.read_line(&mut request).is_ok_and(|n| n > 2) {}
            seen.lock().expect("no test panicked").push(request.to_ascii_lowercase());
            let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
            // A client that has seen enough hangs up.
            let _ = stream.write_all(answer(&path).as_bytes());
        }
    });
    (address, requests)
}

fn page(text: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// In these tests 127.0.0.1 is the internet, and 127.0.0.2 the network that is nobody's business.
fn outside(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1])
}

fn guarded(url: &str, names: Names) -> Result<Fetched, NetworkError> {
    let options = Options { timeout: Duration::from_secs(20), ..Options::default() };
    let guard = Guard { inner: names, allows: outside };
    let agent =
        ureq::Agent::with_parts(config(&options).proxy(None).build(), DefaultConnector::default(), guard);
    let url = Url::parse(url).expect("an address");
    ask(&agent, &url, &options, &Validators::default()).map_err(|e| match e.kind() {
        ErrorKind::Network(kind) => kind.clone(),
        other => panic!("{other:?}"),
    })
}

fn names(names: &[(&'static str, &[&[SocketAddr]])]) -> Names {
    let all = names.iter().map(|(name, answers)| (*name, answers.iter().map(|a| a.to_vec()).collect()));
    Names(Mutex::new(all.collect()))
}

#[test]
fn a_name_for_an_inside_address() {
    let (inside, requests) = serve("127.0.0.2:0", |_| page("secret"));
    let (out, _) = serve("127.0.0.1:0", |_| page("news"));
    let got = guarded("http://evil.example/", names(&[("evil.example", &[&[inside]])]));
    assert_eq!(got, Err(NetworkError::NotPublic));
    // A name with both leads outside.
    let got = guarded("http://both.example/", names(&[("both.example", &[&[inside, out]])]));
    let Ok(Fetched::Page(got)) = got else { panic!("{got:?}") };
    assert_eq!(got.bytes, b"news");
    assert!(requests.lock().expect("requests").is_empty());
}

#[test]
fn a_redirect_to_an_inside_address() {
    let (inside, requests) = serve("127.0.0.2:0", |_| page("secret"));
    let (out, _) = serve("127.0.0.1:0", |path| match path {
        "/name" => redirect("http://inside.example/"),
        "/file" => redirect("file:///etc/passwd"),
        _ => redirect("gopher://inside.example/"),
    });
    let known = || names(&[("news.example", &[&[out]]), ("inside.example", &[&[inside]])]);
    assert_eq!(guarded("http://news.example/name", known()), Err(NetworkError::NotPublic));
    for other in ["http://news.example/file", "http://news.example/gopher"] {
        let got = guarded(other, known());
        assert!(matches!(got, Err(NetworkError::Scheme | NetworkError::Broken)), "{got:?}");
    }
    assert!(requests.lock().expect("requests").is_empty());
}

#[test]
fn a_name_that_changes_its_address() {
    let (inside, requests) = serve("127.0.0.2:0", |_| page("secret"));
    let (out, _) = serve("127.0.0.1:0", |_| redirect("http://evil.example/again"));
    let got = guarded("http://evil.example/", names(&[("evil.example", &[&[out], &[inside]])]));
    assert_eq!(got, Err(NetworkError::NotPublic));
    assert!(requests.lock().expect("requests").is_empty());
}

#[test]
fn addresses_written_as_numbers() {
    let (inside, requests) = serve("127.0.0.1:0", |_| page("secret"));
    let options = Options { reach: Reach::Public, ..Options::default() };
    let port = inside.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",
        "[::ffff:7f00:1]",
        "[::1]",
    ] {
        let url = Url::parse(&format!("http://{host}:{port}/")).expect(host);
        let error = fetch(&url, &options, &Validators::default()).expect_err(host);
        assert_eq!(*error.kind(), ErrorKind::Network(NetworkError::NotPublic), "{error}");
    }
    assert!(requests.lock().expect("requests").is_empty());
    let anywhere = Options::default();
    let url = Url::parse(&format!("http://{inside}/")).expect("an address");
    assert!(fetch(&url, &anywhere, &Validators::default()).is_ok());
}

#[test]
fn asked_again_with_what_is_known() {
    let (server, requests) = serve("127.0.0.1:0", |path| {
        match path {
        "/new" => "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nLast-Modified: Mon, 02 Nov 2026 08:00:00 GMT\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx".into(),
        _ => "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".into(),
    }
    });
    let url = |path: &str| Url::parse(&format!("http://{server}{path}")).expect("an address");
    let first = fetch(&url("/new"), &Options::default(), &Validators::default());
    let Ok(Fetched::Page(first)) = first else { panic!("{first:?}") };
    assert_eq!(first.validators.etag.as_deref(), Some("\"a\""));
    let again = fetch(&url("/"), &Options::default(), &first.validators).expect("an answer");
    assert_eq!(again, Fetched::NotModified);
    let asked = requests.lock().expect("requests").pop().expect("a request");
    assert!(asked.contains("if-none-match: \"a\"\r\n"), "{asked}");
    assert!(asked.contains("if-modified-since: mon, 02 nov 2026 08:00:00 gmt\r\n"), "{asked}");
    // A server that says so without being asked has nothing to show.
    let odd = fetch(&url("/"), &Options::default(), &Validators::default()).expect_err("no page");
    assert_eq!(*odd.kind(), ErrorKind::Network(NetworkError::Status(304)));
}

#[test]
fn a_server_that_wants_to_be_left_alone() {
    let (server, _) = serve("127.0.0.1:0", |path| {
        let wait = match path {
            "/seconds" => "Retry-After: 120\r\n",
            "/far" => "Retry-After: 99999999\r\n",
            "/past" => "Retry-After: Mon, 02 Nov 2020 08:00:00 GMT\r\n",
            "/then" => "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
            _ => "",
        };
        format!("HTTP/1.1 429 Too Many Requests\r\n{wait}Content-Length: 0\r\nConnection: close\r\n\r\n")
    });
    for (path, wait) in [
        ("/seconds", Some(Duration::from_secs(120))),
        ("/far", Some(MAX_WAIT)),
        ("/past", None),
        ("/then", Some(MAX_WAIT)),
        ("/none", None),
    ] {
        let url = Url::parse(&format!("http://{server}{path}")).expect("an address");
        let error = fetch(&url, &Options::default(), &Validators::default()).expect_err(path);
        assert_eq!(*error.kind(), ErrorKind::Network(NetworkError::Status(429)));
        assert_eq!(error.retry_after(), wait, "{path}");
    }
}

#[test]
fn packed_files_are_unpacked_within_the_limit() {
    let pack = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).expect("written");
        out.finish().expect("written")
    };
    let (small, bomb) = (pack(b"<urlset/>"), pack(&vec![b'x'; 10 << 20]));
    assert!(bomb.len() < 20_000);
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    let server = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for (mut stream, bytes) in listener.incoming().flatten().zip([small, bomb]) {
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            while reader.read_line(&mut request).is_ok_and(|n| n > 2) {}
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
        }
    });
    let options = Options { max_bytes: 1 << 20, ..Options::default() };
    let url = Url::parse(&format!("http://{server}/sitemap.xml.gz")).expect("an address");
    let first = fetch(&url, &options, &Validators::default());
    let Ok(Fetched::Page(first)) = first else { panic!("{first:?}") };
    assert_eq!(first.bytes, b"<urlset/>");
    let second = fetch(&url, &options, &Validators::default()).expect_err("too large");
    assert!(matches!(second.kind(), ErrorKind::TooLarge { .. }), "{second}");
}
