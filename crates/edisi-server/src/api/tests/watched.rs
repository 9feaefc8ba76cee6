use serde_json::json;

use super::*;

#[tokio::test]
async fn metrics_count_what_was_asked() {
    let case = Case::new().await;
    let asked = json!({ "q": "Satu. Dua.", "source": "id", "target": "en" });
    assert_eq!(case.post("/translate", None, asked).await.status, StatusCode::OK);
    case.post("/translate", None, json!({})).await;
    // The queue counts its batch after it has handed the answer over.
    let start = std::time::Instant::now();
    let text = loop {
        let answer = case.get("/metrics", None).await;
        assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
        let text = answer.text();
        if text.contains("edisi_translate_segments_total") || start.elapsed().as_secs() > 10 {
            break text;
        }
    };
    for line in [
        "edisi_http_requests_total{method=\"POST\",route=\"/translate\",status=\"200\"} 1",
        "edisi_http_requests_total{method=\"POST\",route=\"/translate\",status=\"400\"} 1",
        "edisi_translate_segments_total{model=\"fake\"} 2",
        "edisi_translate_batch_segments_count{model=\"fake\"} 1",
        "edisi_translate_waiting_segments{model=\"fake\"} 0",
        "edisi_http_request_duration_seconds_count{route=\"/translate\"} 2",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn health_says_what_is_there() {
    let case = Case::new().await;
    let answer = case.get("/health", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), json!({ "status": "ok", "database": "ok", "disk": "ok", "models": 1 }));
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn a_folder_that_is_gone_is_told() {
    let case = Case::new().await;
    let folder = case._folder.path().to_owned();
    std::fs::remove_dir_all(&folder).unwrap();
    let answer = case.get("/health", None).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["disk"], "error");
}

#[tokio::test]
async fn requests_keep_the_number_they_came_with() {
    let case = Case::new().await;
    let send = async |id: &str| {
        let request = Request::get("/languages").header("x-request-id", id).body(Body::empty()).unwrap();
        case.send(request).await.header("x-request-id").to_owned()
    };
    assert_eq!(send("abc-1").await, "abc-1");
    for bad in ["a b", "<script>", &"x".repeat(65)] {
        assert_ne!(send(bad).await, bad);
    }
}
