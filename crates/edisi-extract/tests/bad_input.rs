//! What is no article says what it is and what to do.

use std::error::Error as _;
use std::io::Write as _;

use edisi_extract::{ErrorKind, ExtractError, Format, Input, NetworkError, Options, extract, extract_bytes};

fn kind(name: &str, bytes: &[u8]) -> ErrorKind {
    kind_and_message(name, bytes).0
}

/// The kind, and the message, which must name the input and a next step.
fn kind_and_message(name: &str, bytes: &[u8]) -> (ErrorKind, String) {
    let error = extract_bytes(name, bytes, None, &Options::default()).expect_err(name);
    checked(error, name)
}

fn checked(error: ExtractError, name: &str) -> (ErrorKind, String) {
    let message = error.to_string();
    assert!(message.starts_with(&format!("{name}: ")), "{message}");
    assert!(message.contains(';'), "no next step in `{message}`");
    assert!(!message.contains('\n'), "{message}");
    (error.kind().clone(), message)
}

#[test]
fn empty() {
    for bytes in [&b""[..], b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", "\u{a0}\n".as_bytes()] {
        assert_eq!(kind("kosong.txt", bytes), ErrorKind::Empty, "{bytes:?}");
    }
}

#[test]
fn binary() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let (got, message) = kind_and_message("foto.html", png);
    assert_eq!(got, ErrorKind::Binary { what: Some("a PNG image") });
    assert!(message.contains("a PNG image"), "{message}");
    assert_eq!(
        kind("edisi", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        ErrorKind::Binary { what: Some("a program") }
    );
    assert_eq!(kind("a.pdf", b"%PDF-1.7\n%\xe2\xe3"), ErrorKind::Binary { what: Some("a PDF") });
    let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(kind("derau", &noise), ErrorKind::Binary { what: None });
}

#[test]
fn too_large() {
    let limit = Options::default().max_bytes;
    let page = vec![b'a'; 50 << 20];
    let (got, message) = kind_and_message("besar.html", &page);
    assert_eq!(got, ErrorKind::TooLarge { size: Some(50 << 20), limit });
    assert!(message.contains("50.0 MiB") && message.contains("32.0 MiB"), "{message}");
    // A file is refused by its size, unread.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.as_file_mut().set_len(50 << 20).unwrap();
    let error = extract(Input::Path(file.path().to_owned()), &Options::default()).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooLarge { size: Some(50 << 20), limit });
    let small = Options { max_bytes: 10, ..Options::default() };
    let error = extract_bytes("a.txt", b"eleven bytes", None, &small).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooLarge { size: Some(12), limit: 10 });
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("tidak-ada.html");
    let error = extract(Input::Path(missing.clone()), &Options::default()).unwrap_err();
    assert!(error.source().is_some());
    assert_eq!(checked(error, &missing.display().to_string()).0, ErrorKind::NotFound);
    let error = extract(Input::Path(folder.path().to_owned()), &Options::default()).unwrap_err();
    assert_eq!(checked(error, &folder.path().display().to_string()).0, ErrorKind::Directory);
}

#[test]
fn bad_encodings() {
    // A mark that promises UTF-8, and nothing but stray bytes.
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend([0xb0; 400]);
    assert_eq!(kind("rusak.txt", &bytes), ErrorKind::BadEncoding { encoding: "UTF-8" });
    // UTF-16 cut in the middle of a character is read, and the damage is marked.
    let text = "Jembatan tua itu dibuka lagi pada Senin setelah diperbaiki selama tiga minggu penuh.\nWarga menyambutnya dengan arak-arakan panjang";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.pop();
    let articles = extract_bytes("potong.txt", &bytes, None, &Options::default()).unwrap();
    assert!(articles[0].blocks[0].text.starts_with("Jembatan tua"));
}

#[test]
fn json_that_is_nothing_we_know() {
    let (got, message) = kind_and_message("a.json", b"{\"nama\": \"Rina\"}");
    assert!(matches!(got, ErrorKind::BadJson { line: 1, column: 0, .. }), "{got:?}");
    assert!(message.contains("ninjs"), "{message}");
    let (got, message) = kind_and_message("a.json", b"{\"uri\": \"x:1\",\n \"bodies\": [}");
    assert!(matches!(got, ErrorKind::BadJson { line: 2, column: 13, .. }), "{got:?}");
    assert!(message.contains("line 2, column 13"), "{message}");
    assert_eq!(
        kind("a.json", b"{\"uri\": \"http://x.example/1\", \"headlines\": [{\"value\": \"x\"}]}"),
        ErrorKind::NoArticle
    );
    assert!(matches!(kind("a.json", b"{\"uri\": \"x:1\", \"bodies\": \"x\"}"), ErrorKind::BadJson { .. }));
    assert!(matches!(kind("a.json", "[".repeat(100_000).as_bytes()), ErrorKind::BadJson { .. }));
}

#[test]
fn feeds_without_entries() {
    let rss = b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Kosong</title></channel></rss>";
    assert_eq!(kind("a.rss", rss), ErrorKind::NoArticle);
    assert!(matches!(
        kind("a.rss", b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item>"),
        ErrorKind::BadFeed { .. }
    ));
}

#[test]
fn formats_we_do_not_read() {
    assert!(matches!(
        kind("a.xml", b"<?xml version=\"1.0\"?><newsItem guid=\"1\"/>"),
        ErrorKind::UnsupportedFormat { .. }
    ));
    assert!(matches!(kind("a.csv", b"a,b\n1,2\n"), ErrorKind::UnsupportedFormat { .. }));
    let error =
        extract_bytes("https://x.example/a", b"abc", Some("video/mp4"), &Options::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnsupportedFormat { .. }));
}

#[test]
fn pages_and_texts_without_a_story() {
    assert_eq!(
        kind("a.html", b"<!doctype html><title>x</title><nav><a href=/>Home</a></nav>"),
        ErrorKind::NoArticle
    );
    assert_eq!(kind("a.txt", b"Home\nLogin\nShare"), ErrorKind::NoArticle);
    assert_eq!(kind("a.md", b"---\ntitle: x\n---\n"), ErrorKind::NoArticle);
}

#[test]
fn arguments() {
    assert_eq!(Input::from_arg("-").unwrap(), Input::Stdin);
    assert_eq!(Input::from_arg("a b.html").unwrap(), Input::Path("a b.html".into()));
    assert!(matches!(Input::from_arg("https://x.example/a").unwrap(), Input::Url(_)));
    for bad in ["ftp://x.example/a", "file:///etc/passwd", "http://"] {
        let error = Input::from_arg(bad).expect_err(bad);
        assert_eq!(*error.kind(), ErrorKind::Network(NetworkError::Scheme), "{bad}");
    }
}

#[test]
fn a_format_can_be_told() {
    let options = Options { format: Some(Format::Markdown), ..Options::default() };
    let text = "**Jembatan** itu dibuka lagi pada Senin setelah diperbaiki selama tiga minggu.";
    let articles = extract_bytes("a.txt", text.as_bytes(), None, &options).unwrap();
    assert!(articles[0].blocks[0].html.contains("<strong>"));
}

#[test]
fn standard_errors_chain() {
    let mut file = tempfile::NamedTempFile::with_suffix(".html").unwrap();
    file.write_all(b"<p>x").unwrap();
    let error = extract(Input::Path(file.path().to_owned()), &Options::default()).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NoArticle);
    assert!(error.source().is_some());
}
