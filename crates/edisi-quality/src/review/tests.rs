use super::*;

const SOURCE: [&str; 2] = [
    "Harga beras naik 12 persen pada hari Selasa. Warga mengeluh karena kenaikan itu datang menjelang hari raya.",
    "Menurut polisi, tiga orang ditangkap setelah protes di depan kantor bupati.",
];

const TARGET: [&str; 2] = [
    "The price of rice rose 15 percent on Tuesday.",
    "According to police, three people were arrested after a protest in front of the regent's office.",
];

fn review() -> Review {
    Review::of_texts(&SOURCE, &TARGET, (Lang::ID, Lang::EN), &CheckOptions::default())
}

#[test]
fn rows_answer_to_each_other() {
    let review = review();
    let ids: Vec<&str> = review.rows.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["1.1", "1.2", "2.1"]);
    let kinds: Vec<FindingKind> = review.findings().map(|f| f.kind).collect();
    assert_eq!(kinds, [FindingKind::NumberMissing, FindingKind::SentenceMissing]);
    assert_eq!(review.worst(), Some(Severity::Error));
    let turned = Review::of_texts(&TARGET, &SOURCE, (Lang::EN, Lang::ID), &CheckOptions::default());
    assert_eq!(turned.rows[1].id, "+1.2");
    assert_eq!(turned.rows[1].findings[0].kind, FindingKind::SentenceAdded);
}

#[test]
fn aligned_pieces_stay_as_they_are() {
    let given = |id: &str, source: &str, target: &str| Given {
        id: id.into(),
        source: source.into(),
        target: target.into(),
    };
    let rows = vec![given("a", SOURCE[0], TARGET[0]), given("b", "Satu.", ""), given("c", "", "One.")];
    let review = Review::of_aligned(rows, (Lang::ID, Lang::EN), &CheckOptions::default());
    let kinds = |row: usize| review.rows[row].findings.iter().map(|f| f.kind).collect::<Vec<_>>();
    assert!(kinds(0).contains(&FindingKind::SentenceMissing), "{:?}", kinds(0));
    assert_eq!(kinds(1), [FindingKind::SegmentFailed]);
    assert_eq!(kinds(2), [FindingKind::SentenceAdded]);
}

#[test]
fn the_page_marks_what_was_found() {
    let page = review().html("a <b>");
    assert!(page.contains("<title>a &lt;b&gt;</title>"));
    assert!(page.contains(">15 percent</mark>") || page.contains(">15</mark>"), "{page}");
    assert!(page.contains("1 piece without findings"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
    let arabic = Review::of_texts(&["One."], &["واحد."], (Lang::EN, Lang::AR), &CheckOptions::default());
    assert!(arabic.html("x").contains("<p lang=\"ar\" dir=\"rtl\">"));
}

#[test]
fn spans_overlap_and_may_be_wrong() {
    let mut finding = Finding::new(FindingKind::NumberMissing, Severity::Warning, "x");
    finding.target = [0..3, 2..4, 2..5, 4..99, 3..3].map(Into::into).to_vec();
    let pieces: Vec<(&str, bool)> =
        html::pieces("abcdéf", &[finding], |f| &f.target).into_iter().map(|p| (p.0, p.1.is_some())).collect();
    assert_eq!(pieces, [("ab", true), ("c", true), ("d", true), ("éf", false)]);
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let (source, target) = (SOURCE.join("\n\n"), TARGET.join("\n\n"));
    let files = Files { source: "a b.txt", source_text: &source, target: "b.txt", target_text: &target };
    let log = review().sarif(&files);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "edisi");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
    let changed = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(changed["artifactLocation"]["uri"], "b.txt");
    assert_eq!(changed["region"]["startLine"], 1);
    // A sentence that is missing is shown where it stands.
    let missing = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(missing["artifactLocation"]["uri"], "a%20b.txt");
    assert_eq!(missing["region"]["startColumn"], 46);
}
