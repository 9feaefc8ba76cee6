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
        out.push(Aligned {
            source: sources[i].clone(),
            target: start..target.len(),
            same: same[i],
            links: None,
        });
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
        Aligned { source: 0..5, target: 0..6, same: false, links: None },
        Aligned { source: 6..10, target: 6..12, same: false, links: None },
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

/// Links of equal weight between the nth words of two texts, as `target=source`.
fn by_words(source: &str, target: &str, links: &[(usize, usize)]) -> Vec<Alignment> {
    let word = |text: &str, n: usize| {
        let word = text.split(' ').nth(n).unwrap();
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        edisi_article::Span { start, end: start + word.len() }
    };
    links
        .iter()
        .map(|(t, s)| Alignment { target: word(target, *t), source: word(source, *s), weight: 1.0 })
        .collect()
}

#[test]
fn an_alignment_places_what_words_alone_cannot() {
    let source = "Presiden membuka jembatan baru itu. Warga senang.";
    let html = r#"Presiden membuka <a href="https://x.example/"><em>jembatan</em> baru</a> itu. <strong>Warga</strong> senang."#;
    let spans = read(html, source).unwrap();
    let parts = ["The president opened the new bridge.", "People are happy."];
    let target = parts.join(" ");
    let first = by_words(&source[..35], parts[0], &[(0, 0), (1, 0), (2, 1), (3, 4), (4, 3), (5, 2)]);
    let second = by_words(&source[36..], parts[1], &[(0, 0), (1, 1), (2, 1)]);
    let segments = |second: Option<Vec<Alignment>>| {
        [
            Aligned { source: 0..35, target: 0..36, same: false, links: Some(first.clone()) },
            Aligned { source: 36..49, target: 37..54, same: false, links: second },
        ]
    };
    let (placed, lost) = project(&spans, &segments(Some(second)), source, &target);
    assert_eq!(
        write(&target, &placed),
        r#"The president opened the <a href="https://x.example/">new <em>bridge</em></a>. <strong>People</strong> are happy."#
    );
    assert!(lost.is_empty());

    let (placed, lost) = project(&spans, &segments(None), source, &target);
    assert!(placed.is_empty(), "without a whole alignment nothing is guessed");
    assert_eq!(lost.len(), 3);
}

#[test]
fn an_unclear_alignment_places_nothing() {
    let source = "Presiden membuka jembatan.";
    let spans = read("Presiden <b>membuka</b> jembatan.", source).unwrap();
    let target = "The president opened the bridge.";
    let spread: Vec<(usize, usize)> = (0..5).flat_map(|t| (0..3).map(move |s| (t, s))).collect();
    let links = Some(by_words(source, target, &spread));
    let segments = [Aligned { source: 0..source.len(), target: 0..target.len(), same: false, links }];
    let (placed, lost) = project(&spans, &segments, source, target);
    assert_eq!((placed.len(), lost.len()), (0, 1));
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
        links in prop::option::of(prop::collection::vec((0usize..40, 1usize..9, 0usize..40, 1usize..9, 0f32..1.0), 0..20)),
    ) {
        let links: Option<Vec<Alignment>> = links.map(|links| {
            let link = |(t, m, s, n, weight): (usize, usize, usize, usize, f32)| Alignment {
                target: (t..t + m).into(),
                source: (s..s + n).into(),
                weight,
            };
            links.into_iter().map(link).collect()
        });
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
                    links: links.clone(),
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
