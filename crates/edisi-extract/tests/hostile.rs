//! Whatever comes in, an answer comes out: no panic, and nothing that takes long.

use edisi_extract::{Options, extract_bytes, news, render};
use proptest::prelude::*;

/// Lines that mean something to the readers, and characters that trip slicing.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Baca juga: ",
            "Penulis",
            "Editor: Ani",
            "Terkini Lainnya",
            "Komentar",
            "Bagikan:",
            "JAKARTA, İSTANBUL (Reuters) – ",
            "Sumber AFP",
            "Warta - 08/01/2022, 06:31 WIB",
            "新华社北京1月8日电（记者",
            "［東京 ８日 ロイター］",
            "لندن (رويترز) - ",
            "Dilaporkan oleh ; Diedit oleh ",
            "dilansir ",
            "© 2025 ",
            "---\ntitle: \"",
            "{\"uri\": \"x:1\", \"bodies\": [",
            "<rss><channel><item>",
            "<p>",
            "(Foto: ",
            "【",
            "Par  avec ",
            "«",
            "”",
            "ẞßŉİ",
            "This page was machine translated from Indonesian",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,40}",
        "[ A-Za-z.,;:|/–—()-]{0,60}",
        "[一-龥ぁ-んァ-ンا-ي0-9٠-٩ ：。、]{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_text(parts in prop::collection::vec(line(), 0..12), glue in prop::sample::select(vec!["\n", "", " ", "\n\n"])) {
        let text = parts.join(glue);
        for name in ["a.txt", "a.md", "a.html", "a.json", "a.rss"] {
            if let Ok(articles) = extract_bytes(name, text.as_bytes(), None, &Options::default()) {
                prop_assert!(!articles.is_empty());
                for article in &articles {
                    prop_assert!(!article.blocks.is_empty());
                    for finding in &article.findings {
                        for span in &finding.source {
                            let text = finding.block.map_or(article.title.as_deref().unwrap_or_default(), |b| &article.blocks[b].text);
                            prop_assert!(text.get(span.start..span.end).is_some());
                        }
                    }
                    let _ = (render::markdown(article), render::ninjs(article), render::text(article));
                }
            }
        }
        let layer = news::Layer::for_lang(None);
        for part in &parts {
            let _ = (layer.classify(part), news::read_dateline(part));
        }
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = extract_bytes("a", &bytes, Some("text/plain; charset=utf-16"), &Options::default());
    }
}

#[test]
fn eighty_thousand_lines_of_furniture() {
    let text = "Komentar\nBaca juga: Satu\nPenulis\nAni Wijaya\n".repeat(20_000);
    assert!(extract_bytes("a.txt", text.as_bytes(), None, &Options::default()).is_err());
    let text = format!(
        "{}{text}",
        "Jembatan tua itu dibuka lagi pada Senin setelah diperbaiki selama tiga minggu.\n".repeat(4)
    );
    assert_eq!(
        extract_bytes("a.txt", text.as_bytes(), None, &Options::default()).unwrap()[0].blocks.len(),
        4
    );
}
