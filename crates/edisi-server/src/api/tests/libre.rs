use axum::http::Method;
use serde_json::json;

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

fn parts(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--xx\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        let head = "content-type: application/octet-stream\r\n\r\n";
        let disposition = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
        body.extend(format!("--xx\r\n{disposition}{head}").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--xx--\r\n");
    ("multipart/form-data; boundary=xx".into(), body)
}

#[tokio::test]
async fn a_text_comes_as_json_form_or_parts() {
    let case = Case::new().await;
    let asked = json!({ "q": "Harga naik.\n\nPasar sepi.", "source": "id", "target": "en" });
    let answer = case.post("/translate", None, asked).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), json!({ "translatedText": "[en] Harga naik.\n\n[en] Pasar sepi." }));
    let form = "q=Harga+naik.&source=id&target=en&format=text";
    assert_eq!(
        case.ask(Method::POST, "/translate", None, FORM, form).await.json(),
        json!({ "translatedText": "[en] Harga naik." })
    );
    let (kind, body) = parts(&[("q", "Harga naik."), ("source", "id"), ("target", "fr")], None);
    let answer = case.ask(Method::POST, "/translate", None, &kind, body).await;
    assert_eq!(answer.json(), json!({ "translatedText": "[fr] [en] Harga naik." }));
}

#[tokio::test]
async fn lists_html_and_alternatives() {
    let case = Case::new().await;
    let asked =
        json!({ "q": ["Satu.", "<b>Dua</b> & tiga."], "source": "id", "target": "en", "format": "html" });
    let answer = case.post("/translate", None, asked).await;
    assert_eq!(answer.json()["translatedText"][0], "[en] Satu.");
    let second = answer.json()["translatedText"][1].as_str().unwrap().to_owned();
    assert!(second.contains("<b>Dua</b> &amp; tiga."), "{second}");
    let asked = json!({ "q": "RAGU 5 ekor.", "source": "id", "target": "en", "alternatives": 2 });
    let answer = case.post("/translate", None, asked).await;
    assert_eq!(answer.json()["alternatives"], json!(["[en] RAGU 5 ekor."]));
    let asked = json!({ "q": ["Satu."], "source": "id", "target": "en", "alternatives": 2 });
    assert_eq!(case.post("/translate", None, asked).await.json()["alternatives"], json!([[]]));
    let asked = json!({ "q": [], "source": "id", "target": "en" });
    assert_eq!(case.post("/translate", None, asked).await.json(), json!({ "translatedText": [] }));
}

#[tokio::test]
async fn the_language_is_told() {
    let case = Case::new().await;
    let text = "Pemerintah daerah mengatakan bahwa harga beras naik karena panen terlambat tahun ini.";
    let answer = case.post("/translate", None, json!({ "q": text, "source": "auto", "target": "en" })).await;
    let made = answer.json();
    assert_eq!(made["detectedLanguage"]["language"], "id");
    assert!(made["detectedLanguage"]["confidence"].as_i64().unwrap() > 50);
    assert!(made["translatedText"].as_str().unwrap().ends_with(text));
    let english = "The regional government said that the price of rice is rising because of a late harvest.";
    let asked = json!({ "q": [text, english], "source": "auto", "target": "en" });
    let made = case.post("/translate", None, asked).await.json();
    assert_eq!(made["detectedLanguage"][1]["language"], "en");
    assert_eq!(made["translatedText"][1], english);
    let found = case.post("/detect", None, json!({ "q": english })).await.json();
    assert_eq!((found[0]["language"].as_str(), found.as_array().unwrap().len()), (Some("en"), 1));
    let nothing = case.post("/detect", None, json!({ "q": "123" })).await.json();
    assert_eq!(nothing[0]["confidence"], 0);
}

#[tokio::test]
async fn requests_that_make_no_sense_say_why() {
    let case = Case::with(ApiSettings {
        key_required: false,
        characters: 20,
        texts: 2,
        per_minute: 0,
        ..ApiSettings::default()
    })
    .await;
    let good = json!({ "q": "Satu.", "source": "id", "target": "en" });
    let with = |name: &str, value: Value| {
        let mut asked = good.clone();
        asked[name] = value;
        asked
    };
    for (asked, error) in [
        (with("q", Value::Null), "Invalid request: missing q parameter"),
        (with("source", Value::Null), "Invalid request: missing source parameter"),
        (with("target", json!("")), "Invalid request: missing target parameter"),
        (with("q", json!({ "a": 1 })), "Invalid request: q is not a string"),
        (with("q", json!(["a", 1])), "Invalid request: q holds what is not a string"),
        (with("source", json!("x")), "x is not supported"),
        (with("target", json!("klingon language")), "klingon language is not supported"),
        (with("format", json!("pdf")), "pdf format is not supported"),
        (with("alternatives", json!("many")), "Invalid request: alternatives must be a number from 0 to 16"),
        (with("alternatives", json!(17)), "Invalid request: alternatives must be a number from 0 to 16"),
        (with("q", json!("123456789012345678901")), "Invalid request: request (21) exceeds text limit (20)"),
        (with("q", json!(["a", "b", "c"])), "Invalid request: request (3) exceeds batch limit (2)"),
    ] {
        let answer = case.post("/translate", None, asked.clone()).await;
        assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, error), "{asked}");
    }
    let answer = case.post("/translate", None, with("target", json!("ja"))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.error().contains("no installed model translates"), "{}", answer.error());
    let json = "application/json";
    let deep = "[".repeat(100_000);
    for (kind, body) in [
        (json, "{"),
        (json, "[]"),
        (json, deep.as_str()),
        ("multipart/form-data", "x"),
        (json, "{\"q\":\"\\ud800\"}"),
    ] {
        let answer = case.ask(Method::POST, "/translate", None, kind, body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{kind} {}", &body[..body.len().min(20)]);
        assert!(!answer.error().is_empty());
    }
    let huge = "x".repeat(5 << 20);
    let answer = case.ask(Method::POST, "/translate", None, json, huge).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(case.get("/translate", None).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn keys_are_asked_for_and_looked_at() {
    let case = Case::with(ApiSettings { per_minute_key: 3, ..ApiSettings::default() }).await;
    let asked = |key: Option<&str>| {
        let mut asked = json!({ "q": "Satu.", "source": "id", "target": "en" });
        if let Some(key) = key {
            asked["api_key"] = json!(key);
        }
        asked
    };
    let answer = case.post("/translate", None, asked(None)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.error(), "Please contact the server operator to get an API key");
    for wrong in ["x", "edisi_0", "edisi_../../"] {
        let answer = case.post("/translate", None, asked(Some(wrong))).await;
        assert_eq!((answer.status, answer.error().as_str()), (StatusCode::FORBIDDEN, "Invalid API key"));
    }
    let other = case.key(Role::Admin, &["articles:read"]).await;
    assert_eq!(case.post("/translate", None, asked(Some(&other))).await.status, StatusCode::FORBIDDEN);
    let key = case.key(Role::Reader, &["translate"]).await;
    assert_eq!(case.post("/translate", None, asked(Some(&key))).await.status, StatusCode::OK);
    assert_eq!(case.post("/translate", Some(&key), asked(None)).await.status, StatusCode::OK);
    let form = format!("q=Satu.&api_key={key}");
    assert_eq!(case.ask(Method::POST, "/detect", None, FORM, form).await.status, StatusCode::OK);
    let answer = case.post("/translate", None, asked(Some(&key))).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.error().starts_with("Slowdown"), "{}", answer.error());
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn addresses_without_a_key_are_kept_to_a_rate() {
    let case = Case::with(ApiSettings { key_required: false, per_minute: 2, ..ApiSettings::default() }).await;
    let statuses = [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS];
    for status in statuses {
        assert_eq!(case.post("/detect", None, json!({ "q": "Satu." })).await.status, status);
    }
    // What only tells is not counted.
    assert_eq!(case.get("/languages", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_no_engine_could_is_told() {
    let case = Case::new().await;
    let asked = json!({ "q": "Satu. GAGAL dua.", "source": "id", "target": "en" });
    let answer = case.post("/translate", None, asked).await;
    assert_eq!(answer.json()["translatedText"], "[en] Satu. GAGAL dua.");
    assert_eq!(answer.header("edisi-untranslated"), "1");
}

#[tokio::test]
async fn languages_and_settings() {
    let case = Case::new().await;
    let languages = case.get("/languages", None).await.json();
    let id = languages.as_array().unwrap().iter().find(|l| l["code"] == "id").unwrap();
    assert_eq!(*id, json!({ "code": "id", "name": "Indonesian", "targets": ["id", "en", "fr"] }));
    assert_eq!(languages.as_array().unwrap().len(), 2);
    let settings = case.get("/frontend/settings", None).await.json();
    assert_eq!(settings["keyRequired"], false);
    assert_eq!(settings["charLimit"], 50_000);
    assert_eq!(settings["language"]["target"], json!({ "code": "en", "name": "English" }));
    assert_eq!(
        case.get("/spec", None).await.json()["paths"]["/translate"]["post"]["summary"],
        "Translate a text or several"
    );
    let answer =
        case.post("/suggest", None, json!({ "q": "a", "s": "b", "source": "id", "target": "en" })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn files_are_translated_and_fetched() {
    let case = Case::new().await;
    let send = async |name: &str, bytes: &[u8]| {
        let (kind, body) = parts(&[("source", "id"), ("target", "en")], Some((name, bytes)));
        case.ask(Method::POST, "/translate_file", None, &kind, body).await
    };
    for (name, text, made) in [
        ("berita.txt", "Harga naik.\nPasar sepi.\n", "[en] Harga naik.\n[en] Pasar sepi.\n"),
        ("berita.HTML", "<p>Harga <br>naik.</p>", "<p>[en] Harga <br>[en] naik.</p>"),
        (
            "film.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nHarga\nnaik.\n",
            "1\n00:00:01,000 --> 00:00:02,000\n[en] Harga\nnaik.\n",
        ),
    ] {
        let answer = send(name, text.as_bytes()).await;
        let url = answer.json()["translatedFileUrl"].as_str().unwrap().to_owned();
        let path = url.strip_prefix("http://127.0.0.1:8080").unwrap();
        let fetched = case.get(path, None).await;
        assert_eq!(fetched.text(), made);
        assert_eq!(fetched.header("x-content-type-options"), "nosniff");
        assert!(fetched.header("content-disposition").starts_with("attachment"));
    }
    for (name, bytes) in [("a.exe", &b"x"[..]), ("a.docx", b"PK"), ("a", b"x"), ("a.txt", b"\xff\xfe\x00")] {
        assert_eq!(send(name, bytes).await.status, StatusCode::BAD_REQUEST, "{name}");
    }
    let (kind, body) = parts(&[("source", "id"), ("target", "en")], None);
    let answer = case.ask(Method::POST, "/translate_file", None, &kind, body).await;
    assert_eq!(answer.error(), "Invalid request: missing file");
    for bad in ["x", "..%2f..%2fedisi.db", &"0".repeat(40)] {
        assert_eq!(case.get(&format!("/download_file/{bad}"), None).await.status, StatusCode::NOT_FOUND);
    }
}
