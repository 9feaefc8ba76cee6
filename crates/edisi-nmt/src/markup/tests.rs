use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

/// A text with tags: `<1>` opens element 1, `</1>` closes it, `<1/>` is void. Plain text, elements by number.
fn read(marked: &str) -> (String, Vec<Element>) {
    let mut plain = String::new();
    let mut elements: Vec<Element> = Vec::new();
    let mut rest = marked;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let end = rest.find('>').unwrap();
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let here = plain.len();
        if let Some(number) = tag.strip_prefix('/') {
            elements[number.parse::<usize>().unwrap()].range.end = here;
        } else {
            let number: usize = tag.trim_end_matches('/').parse().unwrap();
            assert_eq!(number, elements.len(), "elements are numbered as they open");
            elements.push(Element { range: here..here, void: tag.ends_with('/') });
        }
    }
    plain.push_str(rest);
    (plain, elements)
}

fn write(projection: &Projection, target: &str) -> String {
    let out = std::cell::RefCell::new(String::new());
    projection.write(
        target,
        |text| out.borrow_mut().push_str(text),
        |tag| {
            out.borrow_mut().push_str(&match tag {
                Tag::Open(element) => format!("<{element}>"),
                Tag::Close(element) => format!("</{element}>"),
                Tag::Void(element) => format!("<{element}/>"),
            });
        },
    );
    out.into_inner()
}

/// Where the nth occurrence of a word is: `word` or `word#2`.
fn find(text: &str, word: &str) -> Range<usize> {
    let (word, nth) = word.split_once('#').map_or((word, 1), |(word, nth)| (word, nth.parse().unwrap()));
    let (at, _) =
        text.match_indices(word).nth(nth - 1).unwrap_or_else(|| panic!("{word:?} is not in {text:?}"));
    at..at + word.len()
}

/// Projects with links of equal weight, given as `target=source` words separated by spaces.
fn carry(marked: &str, target: &str, links: &str) -> String {
    let (source, elements) = read(marked);
    let links: Vec<Link> = links
        .split_whitespace()
        .map(|link| {
            let (t, s) = link.split_once('=').unwrap();
            Link { target: find(target, t), source: find(&source, s), weight: 1.0 }
        })
        .collect();
    write(&project(&source, &elements, target, &links), target)
}

#[test]
fn a_word_keeps_its_markup_when_it_moves() {
    assert_eq!(
        carry("the <0>red</0> car", "o carro vermelho", "o=the carro=car vermelho=red"),
        "o carro <0>vermelho</0>"
    );
}

#[test]
fn tokens_within_a_word_never_split_it() {
    // The model's tokens are "recon", "stru" and "ída"; the middle one looks elsewhere.
    assert_eq!(
        carry(
            "it was <0>rebuilt</0> today",
            "foi reconstruída hoje",
            "foi=was recon=rebuilt stru=today ída=rebuilt"
        ),
        "foi <0>reconstruída</0> hoje"
    );
}

#[test]
fn punctuation_stays_where_it_was() {
    let links = "Disse=said que=said sim=yes .=. ";
    assert_eq!(carry("Ana said <0>yes</0>.", "Disse que sim.", links), "Disse que <0>sim</0>.");
    let links = "«=“ Sim=Yes ,=said »=” disse=said";
    assert_eq!(carry("<0>“Yes”</0> said Ana.", "«Sim», disse.", links), "<0>«Sim»</0>, disse.");
    assert_eq!(carry("<0>All of it.</0>", "Tudo.", "Tudo=All"), "<0>Tudo.</0>");
}

#[test]
fn nested_and_adjacent_elements() {
    assert_eq!(
        carry(
            "see <0>the <1>new</1> bridge</0> <2>here</2><3>!</3>",
            "veja aqui a ponte nova!",
            "veja=see a#3=the ponte=bridge nova=new aqui=here !=!"
        ),
        "veja <2>aqui</2> <0>a ponte <1>nova</1></0><3>!</3>"
    );
    assert_eq!(
        carry("<0><1>river</1></0> bank", "margem do rio", "rio=river margem=bank"),
        "margem do <0><1>rio</1></0>"
    );
}

#[test]
fn void_elements_stay_in_order() {
    assert_eq!(
        carry("one<0/>two <1/>three", "um dois três", "um=one dois=two três=three"),
        "um<0/> dois <1/>três"
    );
    assert_eq!(carry("<0/>one two<1/>", "dois um", "um=one dois=two"), "<0/>dois um<1/>");
    assert_eq!(
        carry("a <0>b <1/>d</0> c", "ccc bbb ddd aaa", "aaa=a bbb=b ddd=d ccc=c"),
        "ccc <0>bbb <1/>ddd</0> aaa"
    );
}

#[test]
fn rare_words_keep_their_links() {
    // What the model copied piece by piece, with attention all over the place.
    let links = "Zxywk=saw ov=the ski=river viu=saw o=the rio=river";
    assert_eq!(
        carry("<0>Zxywkovski</0> saw the river", "Zxywkovski viu o rio", links),
        "<0>Zxywkovski</0> viu o rio"
    );
}

#[test]
fn nothing_known_is_no_reason_to_lose_a_tag() {
    assert_eq!(
        carry("one <0>two</0> three <1/>four", "eins zwei drei vier", ""),
        "eins <0>zwei</0> drei <1/>vier"
    );
    assert_eq!(carry("a <0>b</0><1/>", "", ""), "<0></0><1/>");
    assert_eq!(carry("a<0></0> b", "aaa bbb", "aaa=a bbb=b"), "aaa<0></0> bbb");
    assert_eq!(carry("<0>a</0> <1>b</1> <2>c</2>", "word", "word=b"), "<0><1><2>word</2></1></0>");
}

#[test]
fn crossing_elements_come_out_nested() {
    let (source, _) = read("one two three");
    let elements = [Element { range: 0..7, void: false }, Element { range: 4..13, void: false }];
    let links: Vec<Link> = [(0..4, 0..3), (5..9, 4..7), (10..14, 8..13)]
        .map(|(target, source)| Link { target, source, weight: 1.0 })
        .to_vec();
    let target = "eins zwei drei";
    assert_eq!(write(&project(&source, &elements, target, &links), target), "<0>eins zwei</0> <1>drei</1>");
}

#[test]
fn scripts_without_spaces_split_at_tokens() {
    assert_eq!(
        carry(
            "the <0>ferry</0> left at <1>dawn</1>.",
            "渡轮黎明时离开。",
            "渡轮=ferry 黎明=dawn 时=at 离开=left 。=."
        ),
        "<0>渡轮</0><1>黎明</1>时离开。"
    );
}

#[test]
fn confidence_tells_sure_from_guessed() {
    let (source, elements) = read("the <0>red</0> car and <1>so</1> on");
    let target = "o carro vermelho etc";
    let link = |t, s, weight| Link { target: find(target, t), source: find(&source, s), weight };
    let links = [
        link("o", "the", 1.0),
        link("carro", "car", 1.0),
        link("vermelho", "red", 0.9),
        link("vermelho", "car", 0.1),
    ];
    let placed = project(&source, &elements, target, &links);
    assert!(placed.placed()[0].confidence > 0.8);
    assert_eq!(placed.placed()[1].confidence, 0.0);
}

/// Words of several scripts, spaced or not.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zé]{1,6}",
        "[a-z]{1,3}[-'][a-z]{1,3}",
        "[0-9]{1,3}([.,][0-9]{1,2})?",
        "[一-七渡轮黎明のはカー]{1,5}",
        "[ء-ي]{1,5}",
        "[.,!?«»“”()…&<>]{1,2}",
        Just("e\u{301}".to_owned()),
        Just("👩\u{200d}👧".to_owned()),
    ];
    let space = prop::sample::select(vec!["", " ", " ", " ", "\u{a0}", "  "]);
    prop::collection::vec((word, space), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(word, space)| word + space).collect())
}

fn any_range(limit: usize) -> impl Strategy<Value = Range<usize>> {
    (0..limit, 0..limit / 3 + 2).prop_map(|(start, len)| start..start + len)
}

fn any_element() -> impl Strategy<Value = Element> {
    (any_range(70), prop::bool::weighted(0.2)).prop_map(|(range, void)| Element { range, void })
}

fn any_link() -> impl Strategy<Value = Link> {
    let weight = prop_oneof![0f32..1.0, Just(f32::NAN), Just(-1.0), Just(f32::INFINITY)];
    (any_range(70), any_range(70), weight).prop_map(|(target, source, weight)| Link {
        target,
        source,
        weight,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever the elements, crossing ones too, and whatever the alignment says.
    #[test]
    fn tags_are_neither_lost_nor_doubled_nor_crossed_nor_within_words(
        source in any_text(),
        target in any_text(),
        elements in prop::collection::vec(any_element(), 0..9),
        links in prop::collection::vec(any_link(), 0..30),
    ) {
        let projection = project(&source, &elements, &target, &links);
        prop_assert_eq!(projection.placed().len(), elements.len());

        let mut text = String::new();
        projection.write(&target, |part| text.push_str(part), |_| ());
        prop_assert_eq!(&text, &target);

        let mut seen = vec![0; elements.len()];
        let mut open = Vec::new();
        let mut behind = 0;
        let mut last_void = 0;
        for (at, tag) in projection.tags() {
            prop_assert!(*at >= behind && target.is_char_boundary(*at));
            behind = *at;
            match tag {
                Tag::Open(element) => {
                    prop_assert!(!elements[*element].void);
                    prop_assert_eq!(projection.placed()[*element].range.start, *at);
                    open.push(*element);
                    seen[*element] += 1;
                }
                Tag::Close(element) => {
                    prop_assert_eq!(projection.placed()[*element].range.end, *at);
                    prop_assert_eq!(open.pop(), Some(*element));
                }
                Tag::Void(element) => {
                    prop_assert!(elements[*element].void);
                    let start = source.floor_char_boundary(elements[*element].range.start);
                    prop_assert!(start >= last_void, "void elements change places");
                    last_void = start;
                    seen[*element] += 1;
                }
            }
        }
        prop_assert!(open.is_empty());
        prop_assert!(seen.iter().all(|count| *count == 1));

        for (start, word) in target.unicode_word_indices() {
            let spaceless = word.chars().any(|character| u32::from(character) >= 0x2e80);
            for (at, tag) in projection.tags() {
                prop_assert!(spaceless || *at <= start || *at >= start + word.len(), "{:?} within {}", tag, word);
            }
        }
        for (element, placed) in elements.iter().zip(projection.placed()) {
            prop_assert!((0.0..=1.0).contains(&placed.confidence));
            let cut = source.floor_char_boundary(element.range.start)..source.floor_char_boundary(element.range.end);
            if !element.void && cut.start < cut.end && !target.trim().is_empty() {
                prop_assert!(!placed.range.is_empty(), "an element became empty");
            }
        }
    }

    /// A translation that is the source keeps everything in place.
    #[test]
    fn the_same_text_keeps_its_markup(words in prop::collection::vec("[a-z]{3,6}", 1..10), picks in prop::collection::vec((0usize..10, 0usize..3), 0..5)) {
        let mut at = 0;
        let mut ranges = Vec::new();
        for word in &words {
            ranges.push(at..at + word.len());
            at += word.len() + 1;
        }
        let text = words.join(" ");
        let mut ends = 0;
        let mut elements = Vec::new();
        for (first, more) in picks {
            let (first, last) = (first.max(ends), first.max(ends) + more);
            if last < words.len() {
                elements.push(Element { range: ranges[first].start..ranges[last].end, void: false });
                ends = last + 1;
            }
        }
        let links: Vec<Link> =
            ranges.iter().map(|range| Link { target: range.clone(), source: range.clone(), weight: 1.0 }).collect();
        let projection = project(&text, &elements, &text, &links);
        for (element, placed) in elements.iter().zip(projection.placed()) {
            prop_assert_eq!(&element.range, &placed.range);
            prop_assert!(placed.confidence > 0.99);
        }
    }
}
