use super::*;

fn shapes(source: &[&str], target: &[&str], pair: (Lang, Lang)) -> Vec<(Range<usize>, Range<usize>)> {
    let pieces =
        |texts: &[&'static str]| texts.iter().map(|text| Piece { text, opens: false }).collect::<Vec<_>>();
    let leak = |texts: &[&str]| texts.iter().map(|t| &*t.to_string().leak()).collect::<Vec<&'static str>>();
    let beads = align(&pieces(&leak(source)), &pieces(&leak(target)), pair);
    beads.into_iter().map(|b| (b.source, b.target)).collect()
}

const SOURCE: [&str; 4] = [
    "Pemerintah daerah menaikkan harga beras sebesar 12 persen pada hari Selasa.",
    "Warga mengeluh karena kenaikan itu datang menjelang hari raya.",
    "Menurut polisi, tiga orang ditangkap setelah protes di depan kantor bupati.",
    "Rumah sakit membuka kembali layanan pada hari Rabu.",
];

const TARGET: [&str; 4] = [
    "The local government raised the price of rice by 12 percent on Tuesday.",
    "Residents complained because the rise came just before the holiday.",
    "According to police, three people were arrested after a protest in front of the regent's office.",
    "The hospital reopened its services on Wednesday.",
];

const PAIR: (Lang, Lang) = (Lang::ID, Lang::EN);

#[test]
fn one_to_one() {
    let want: Vec<_> = (0..4).map(|i| (i..i + 1, i..i + 1)).collect();
    assert_eq!(shapes(&SOURCE, &TARGET, PAIR), want);
    assert_eq!(shapes(&[], &[], PAIR), []);
}

#[test]
fn a_dropped_and_an_added_sentence() {
    for gone in 0..4 {
        let mut target = TARGET.to_vec();
        target.remove(gone);
        let beads = shapes(&SOURCE, &target, PAIR);
        assert!(beads.contains(&(gone..gone + 1, gone..gone)), "{gone}: {beads:?}");
        let mut source = SOURCE.to_vec();
        source.remove(gone);
        let beads = shapes(&source, &TARGET, PAIR);
        assert!(beads.contains(&(gone..gone, gone..gone + 1)), "{gone}: {beads:?}");
    }
}

#[test]
fn joined_sentences() {
    let joined = format!("{}, and residents complained because it came just before the holiday.", {
        TARGET[0].trim_end_matches('.')
    });
    let beads = shapes(&SOURCE, &[&joined, TARGET[2], TARGET[3]], PAIR);
    assert_eq!(beads, [(0..2, 0..1), (2..3, 1..2), (3..4, 2..3)]);
}

#[test]
fn nothing_on_one_side() {
    assert_eq!(shapes(&SOURCE, &[], PAIR).len(), 4);
    let beads = shapes(&[], &TARGET, PAIR);
    assert_eq!(beads.len(), 4);
    assert!(beads.iter().all(|b| b.0.is_empty()));
}

#[test]
fn very_unequal_sides_are_covered() {
    for (n, m) in [(1, 60), (60, 1), (3, 200), (120, 40)] {
        let source: Vec<String> = (0..n).map(|i| format!("Kalimat nomor {i}.")).collect();
        let target: Vec<String> = (0..m).map(|i| format!("Sentence number {i}.")).collect();
        let source: Vec<&str> = source.iter().map(String::as_str).collect();
        let target: Vec<&str> = target.iter().map(String::as_str).collect();
        let beads = shapes(&source, &target, PAIR);
        assert_eq!(beads.iter().map(|b| b.0.len()).sum::<usize>(), n);
        assert_eq!(beads.iter().map(|b| b.1.len()).sum::<usize>(), m);
    }
}
