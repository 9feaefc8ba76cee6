//! Fetching from a small server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use edisi_extract::{ErrorKind, ExtractError, Input, NetworkError, Options, Url, extract};

const PAGE: &str = "<!doctype html><html lang=id><head><title>Jembatan Dibuka Lagi</title></head><body><article><h1>Jembatan Dibuka Lagi</h1><p>SUKAMAJU - Jembatan tua itu dibuka lagi pada Senin setelah diperbaiki selama tiga minggu oleh pemerintah kabupaten.</p><p>Warga menyambutnya dengan arak-arakan panjang menuju <a href=\"/pasar\">pasar induk</a>, kata Lurah Rina Hapsari kepada wartawan.</p></article></body></html>";

/// Serves each connection with `answer`, which gets the request's path and headers.
fn serve(answer: impl Fn(&str, &str, &mut TcpStream) + Send + 'static) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while reader.read_line(&mut request).is_ok_and(|n| n > 2) {}
            let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
            answer(&path, &request, &mut stream);
        }
    });
    Url::parse(&format!("http://{address}/")).unwrap()
}

fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    // A client that has seen enough hangs up: no failure of the server's.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    let _ = stream.write_all(body);
}

fn quick() -> Options {
    Options { timeout: Duration::from_secs(20), ..Options::default() }
}

fn fails(url: &Url, options: &Options) -> ErrorKind {
    let error: ExtractError = extract(Input::Url(url.clone()), options).unwrap_err();
    assert!(error.to_string().starts_with(url.as_str()) && error.to_string().contains(';'), "{error}");
    error.kind().clone()
}

#[test]
fn a_page_after_a_redirect() {
    let url = serve(|path, request, stream| {
        assert!(
            request.to_ascii_lowercase().contains(concat!("user-agent: edisi/", env!("CARGO_PKG_VERSION"))),
            "{request}"
        );
        match path {
            "/" => respond(stream, "302 Found", "Location: /berita/jembatan\r\n", b""),
            _ => respond(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", PAGE.as_bytes()),
        }
    });
    let articles = extract(Input::Url(url.clone()), &quick()).unwrap();
    assert_eq!(articles[0].title.as_deref(), Some("Jembatan Dibuka Lagi"));
    assert_eq!(articles[0].input, url.as_str());
    assert_eq!(articles[0].links[0].url, url.join("/pasar").unwrap().as_str());
}

#[test]
fn the_charset_of_the_header_counts() {
    let url = serve(|_, _, stream| {
        let text = "Le maire a declare que le pont ferme des fevrier : les eleves prendront le bus\u{e9}.";
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        respond(stream, "200 OK", "Content-Type: text/plain; charset=iso-8859-1\r\n", &latin);
    });
    let articles = extract(Input::Url(url), &quick()).unwrap();
    assert!(articles[0].blocks[0].text.ends_with("busé."), "{:?}", articles[0].blocks);
}

#[test]
fn errors_of_the_server() {
    let url = serve(|_, _, stream| respond(stream, "404 Not Found", "", b"none"));
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Status(404)));
    let url = serve(|_, _, stream| respond(stream, "503 Service Unavailable", "", b""));
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Status(503)));
    let url = serve(|_, _, stream| drop(stream.write_all(b"\x16\x03\x01 no http at all\r\n\r\n")));
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Broken));
}

#[test]
fn redirects_end() {
    let url = serve(|path, _, stream| respond(stream, "302 Found", &format!("Location: {path}x\r\n"), b""));
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Redirects));
    // Five are followed.
    let url = serve(|path, _, stream| {
        if path.len() <= 5 {
            respond(stream, "302 Found", &format!("Location: {path}x\r\n"), b"");
        } else {
            respond(stream, "200 OK", "Content-Type: text/html\r\n", PAGE.as_bytes());
        }
    });
    assert_eq!(extract(Input::Url(url), &quick()).unwrap().len(), 1);
}

#[test]
fn a_server_that_never_answers() {
    let url = serve(|_, _, stream| {
        // Holds the connection until the client gives up.
        let _ = stream.read(&mut [0; 1]);
    });
    let options = Options { timeout: Duration::from_millis(300), ..Options::default() };
    assert_eq!(fails(&url, &options), ErrorKind::Network(NetworkError::Timeout));
    // Nor one that answers a byte at a time.
    let url = serve(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
        while stream.write_all(b"<p>").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(fails(&url, &options), ErrorKind::Network(NetworkError::Timeout));
}

#[test]
fn pages_beyond_the_limit() {
    let options = Options { max_bytes: 100_000, ..quick() };
    let url = serve(|_, _, stream| respond(stream, "200 OK", "", &vec![b'a'; 200_000]));
    assert_eq!(fails(&url, &options), ErrorKind::TooLarge { size: Some(200_000), limit: 100_000 });
    // Without a length, and without an end.
    let url = serve(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
        while stream.write_all(&[b'a'; 4096]).is_ok() {}
    });
    assert_eq!(fails(&url, &options), ErrorKind::TooLarge { size: None, limit: 100_000 });
}

#[test]
fn nobody_there() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{free}/")).unwrap();
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Refused));
    let url = Url::parse("http://tidak-ada.invalid/").unwrap();
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::UnknownHost));
    let plain = serve(|_, _, stream| respond(stream, "200 OK", "", b"x"));
    let url = Url::parse(plain.as_str().replace("http", "https").as_str()).unwrap();
    assert_eq!(fails(&url, &quick()), ErrorKind::Network(NetworkError::Tls));
}
