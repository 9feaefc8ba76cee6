use edisi_article::escape_html;
use proptest::prelude::*;

use super::*;

/// Writes a text with markup as HTML, trusting that the spans nest.
fn write(text: &str, spans: &[Inline]) -> String {
    let mut out = String::with_capacity(text.len() + 32 * spans.len());
    let mut open: Vec<&Inline> = Vec::new();
    let mut at = 0;
    let close_until = |open: &mut Vec<&Inline>, at: &mut usize, limit: usize, out: &mut String| {
        while let Some(span) = open.pop_if(|s| s.range.end <= limit) {
            push_text(out, &text[*at..span.range.end]);
            *at = span.range.end;
            out.push_str("</");
            out.push_str(span.tag);
            out.push('>');
        }
    };
    for span in spans {
        close_until(&mut open, &mut at, span.range.start, &mut out);
        push_text(&mut out, &text[at..span.range.start]);
        at = span.range.start;
        out.push('<');
        out.push_str(span.tag);
        if let Some(href) = &span.href {
            out.push_str(" href=\"");
            out.push_str(&escape_html(href));
            out.push('"');
        }
        out.push('>');
        open.push(span);
    }
    close_until(&mut open, &mut at, text.len(), &mut out);
    push_text(&mut out, &text[at..]);
    out
}

fn push_text(out: &mut String, text: &str) {
    out.push_str(&escape_html(text).replace('\n', "<br>"));
}

const HTML: &str = r#"<strong>JAKARTA</strong> - Menteri <a href="https://x.example/?a=1&amp;b=2">Sri Lestari</a> tiba. <em>Ia lelah.</em>"#;
const TEXT: &str = "JAKARTA - Menteri Sri Lestari tiba. Ia lelah.";

fn aligned(target_parts: &[&str], same: &[bool]) -> (Vec<Aligned>, String) {
    let sources = [0..35, 36..45];
    let (mut out, mut target) = (Vec::new(), String::new());
    for (i, part) in target_parts.iter().enumerate() {
        if i > 0 {
            target.push(' ');
        }
        let start = target.len();
        target.push_str(part);
        out.push(Aligned { source: sources[i].clone(), target: start..target.len(), same: same[i] });
    }
    (out, target)
}

fn carry(parts: &[&str], same: &[bool]) -> (String, Vec<String>) {
    let spans = read(HTML, TEXT).unwrap();
    let (segments, target) = aligned(parts, same);
    let (placed, lost) = project(&spans, &segments, TEXT, &target);
    (write(&target, &placed), lost.iter().map(|s| TEXT[s.range.clone()].to_owned()).collect())
}

#[test]
fn markup_is_read_back_exactly() {
    let spans = read(HTML, TEXT).unwrap();
    assert_eq!(write(TEXT, &spans), HTML);
    assert_eq!(spans[1].href.as_deref(), Some("https://x.example/?a=1&b=2"));
}

#[test]
fn names_and_whole_sentences_keep_their_markup() {
    let (html, lost) = carry(&["Jakarta - Minister Sri Lestari arrived.", "She is tired."], &[false, false]);
    assert_eq!(
        html,
        r#"<strong>Jakarta</strong> - Minister <a href="https://x.example/?a=1&amp;b=2">Sri Lestari</a> arrived. <em>She is tired.</em>"#
    );
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn what_cannot_be_placed_is_handed_back() {
    let (html, lost) = carry(&["雅加达 - 部长抵达。", "她累了。"], &[false, false]);
    assert_eq!(html, "雅加达 - 部长抵达。 <em>她累了。</em>");
    assert_eq!(lost, ["JAKARTA", "Sri Lestari"]);
    let (_, lost) = carry(&["Sri Lestari met Sri Lestari in Jakartans.", "x"], &[false, false]);
    assert_eq!(lost, ["JAKARTA", "Sri Lestari"], "twice, and inside another word");
}

#[test]
fn a_word_that_comes_twice_is_told_by_its_case_or_its_rank() {
    let place = |source: &str, target: &str, at: usize| same_word(source, target, "ASTANA", at);
    assert_eq!(place("ASTANA - Kota Astana sepi.", "ASTANA - The city of Astana is quiet.", 0), Some(0));
    assert_eq!(place("ASTANA - Kota Astana sepi.", "Astana - The city of Astana is quiet.", 0), Some(0));
    assert_eq!(place("Astana, ASTANA, Astana", "Astana, astana, astana", 8), Some(8));
    assert_eq!(place("ASTANA - Kota Astana sepi.", "Astana is quiet.", 0), None);
}

#[test]
fn an_untranslated_sentence_keeps_all_of_it() {
    let (html, lost) = carry(&["JAKARTA - Menteri Sri Lestari tiba.", "She is tired."], &[true, false]);
    assert!(html.starts_with(r#"<strong>JAKARTA</strong> - Menteri <a href="#), "{html}");
    assert!(lost.is_empty());
}

#[test]
fn a_wrapped_block_stays_wrapped() {
    let text = "Satu. Dua.";
    let spans = read("<strong><a href='/x'>Satu. Dua.</a></strong>", text).unwrap();
    let segments = [
        Aligned { source: 0..5, target: 0..6, same: false },
        Aligned { source: 6..10, target: 6..12, same: false },
    ];
    let (placed, lost) = project(&spans, &segments, text, "一。二。");
    assert_eq!(write("一。二。", &placed), r#"<strong><a href="/x">一。二。</a></strong>"#);
    assert!(lost.is_empty());
}

#[test]
fn html_that_is_not_the_text_is_not_trusted() {
    for (html, text) in [
        ("<b>a", "a"),
        ("<b>a</i></b>", "a"),
        ("<script>a</script>", "a"),
        ("a &bogus; b", "a b"),
        ("<a href=\"x>a</a>", "a"),
        ("<", ""),
        ("< ø>", ""),
        ("a", "b"),
    ] {
        assert_eq!(read(html, text), None, "{html}");
    }
    assert_eq!(read("a<br>b", "a\nb"), Some(vec![]));
    assert_eq!(read("a<br/>b", "a b"), Some(vec![]));
    assert_eq!(read("Tom &amp; Jerry&#39;s", "Tom & Jerry's"), Some(vec![]));
}

proptest! {
    #[test]
    fn reading_anything_never_panics(html in "[<>/&;=\"' abhrefstongéø#x0-9]{0,60}") {
        let _ = read(&html, &html);
        let _ = parse(&html, "\n");
    }

    #[test]
    fn projection_never_changes_the_text_and_nests(
        words in prop::collection::vec("[a-zé]{1,4}", 1..12),
        cuts in prop::collection::vec((0usize..12, 0usize..12, 0usize..3), 0..8),
        keep in prop::collection::vec(any::<bool>(), 12),
    ) {
        let source = words.join(" ");
        let starts: Vec<usize> = words.iter().scan(0, |at, w| { let s = *at; *at += w.len() + 1; Some(s) }).collect();
        let spans: Vec<Inline> = cuts.iter().filter(|(a, b, _)| a <= b && *b < words.len()).map(|&(a, b, t)| Inline {
            tag: ["a", "strong", "em"][t],
            href: None,
            range: starts[a]..starts[b] + words[b].len(),
        }).collect();
        let target_words: Vec<String> =
            words.iter().zip(&keep).map(|(w, k)| if *k { w.clone() } else { "译<".into() }).collect();
        let target = target_words.join(" ");
        let half = words.len() / 2;
        let ends = |ws: &[String], i: usize| ws[..i].iter().map(|w| w.len() + 1).sum::<usize>();
        let mut segments = Vec::new();
        for (from, to) in [(0, half), (half, words.len())] {
            if from < to {
                segments.push(Aligned {
                    source: ends(&words, from)..ends(&words, to) - 1,
                    target: ends(&target_words, from)..ends(&target_words, to) - 1,
                    same: false,
                });
            }
        }
        let (placed, lost) = project(&spans, &segments, &source, &target);
        prop_assert_eq!(placed.len() + lost.len(), spans.len());
        let html = write(&target, &placed);
        let (plain, _) = parse(&html, "\n").expect("balanced");
        prop_assert_eq!(plain, target);
    }
}
