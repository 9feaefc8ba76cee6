//! Words of a text that have one established form in another language: known names, dates, quantities, and terms of
//! the news.

use std::ops::Range;
use std::sync::LazyLock;

use crate::name::{
    Cue, Gazetteer, Letters, Name, Scan, gazetteer, is_head, is_part, scan, transliterated, words,
};
use crate::script::{Script, expected_scripts};
use crate::{Lang, number};

/// Terms of the news in six languages: `data/established/terms.tsv`, with the columns of `data/names/known.tsv`.
static TERMS: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::of(include_str!("../data/established/terms.tsv")));

/// Bytes of `text`, which is in `from`, and what stands for them in a translation into `to`: the names of countries,
/// cities, organisations and people that `data/names` knows; in Chinese, Japanese and Arabic, other people's names by their
/// sound ([`transliterated`]); dates, quantities and amounts of money ([`number::rewrite`]); posts and institutions. In
/// order and without overlaps; what is written alike in both languages is left out.
///
/// ```
/// use edisi_text::{Lang, established};
///
/// let text = "Menteri itu tiba di Kazakhstan pada Kamis.";
/// let found: Vec<(&str, String)> =
///     established(text, Lang::ID, Lang::ZH).into_iter().map(|(range, form)| (&text[range], form)).collect();
/// assert_eq!(found, [("Kazakhstan", "哈萨克斯坦".to_owned()), ("Kamis", "周四".to_owned())]);
/// ```
pub fn established(text: &str, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    if from == to {
        return Vec::new();
    }
    let scan = scan(text, from);
    // A name comes before a number in it; of a term and a name the longer one, of equals the term.
    let mut listed = terms(text, &scan, from, to);
    listed.extend(names(text, &scan, to));
    listed.sort_by_key(|(range, _)| std::cmp::Reverse(range.len()));
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut add = |more: Vec<(Range<usize>, String)>| {
        for (range, form) in more {
            if found.iter().all(|(taken, _)| taken.end <= range.start || range.end <= taken.start) {
                found.push((range, form));
            }
        }
    };
    add(listed);
    add(people(text, &scan, to));
    add(number::rewrite(text, from, to));
    if from == Lang::ID {
        counted(text, &scan, &mut found);
    }
    found.retain(|(range, form)| text[range.clone()].to_lowercase() != form.to_lowercase());
    found.sort_by_key(|(range, _)| range.start);
    // `Amerika Serikat (AS)`: what is one form in the other language is not said twice.
    found.dedup_by(|(short, said), (long, form)| {
        let again =
            said == form && text[long.end..short.start] == *" (" && text[short.end..].starts_with(')');
        if again {
            long.end = short.end + 1;
        }
        again
    });
    found
}

/// `text` with other words at some of its bytes, as [`established`] gives them: in order and without overlaps.
///
/// ```
/// use edisi_text::{Lang, established, substituted};
///
/// let text = "Presiden tiba di Jepang.";
/// assert_eq!(substituted(text, established(text, Lang::ID, Lang::FR)), "Presiden tiba di Japon.");
/// ```
///
/// # Panics
/// Where a range overlaps the one before it, or does not lie on the bounds of characters of `text`.
pub fn substituted<S: AsRef<str>>(text: &str, forms: impl IntoIterator<Item = (Range<usize>, S)>) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, form) in forms {
        out += &text[at..range.start];
        out += form.as_ref();
        at = range.end;
    }
    out + &text[at..]
}

fn names(text: &str, scan: &Scan, to: Lang) -> Vec<(Range<usize>, String)> {
    // `Trump` is not made `Donald Trump` where both languages write `Trump`: it stays as it is.
    let latin = expected_scripts(to).contains(&Script::Latin);
    let stays = |name: &Name, own: &str| {
        latin && {
            let mut alike = gazetteer().mentions(own, &words(own), to).into_iter();
            alike.any(|m| m.sure && m.range.len() == own.len() && name.entries.contains(&m.entry))
        }
    };
    let known = scan.names.iter().filter_map(|name| Some((name, name.known_form(to)?)));
    let found = known.map(|(name, form)| {
        let own = &text[name.range.clone()];
        (name.range.clone(), if stays(name, own) { own } else { form }.to_owned())
    });
    found.collect()
}

/// The names of people in Latin letters, as Chinese, Japanese and Arabic write them by their sound: two or more words
/// within a sentence, and any of which one is a given or family name or follows a title.
fn people(text: &str, scan: &Scan, to: Lang) -> Vec<(Range<usize>, String)> {
    let (letters, dot) = match to.code() {
        "zh" => (Letters::Han, "·"),
        "ja" => (Letters::Kana, "・"),
        "ar" => (Letters::Arabic, " "),
        _ => return Vec::new(),
    };
    let word = |name: &Name| scan.words.iter().find(|w| w.range == name.range);
    let key =
        |name: &Name| word(name).filter(|w| w.letters == Letters::Latin && !w.upper).map(|w| w.key.as_str());
    let is_person = |name: &Name| name.cue == Cue::Title || key(name).is_some_and(is_part);
    let form = |name: &Name| transliterated(key(name)?, letters);
    let unknown = |n: &&Name| n.entries.is_empty() && matches!(n.cue, Cue::Capital | Cue::Title);
    let names: Vec<&Name> = scan.names.iter().filter(unknown).collect();
    let mut found = Vec::new();
    for run in names.chunk_by(|a, b| matches!(&text[a.range.end..b.range.start], " " | "-")) {
        let range = run[0].range.start..run[run.len() - 1].range.end;
        // `Nur-Sultan`, of which one half is an ordinary word.
        let torn = text[..range.start].ends_with('-') || text[range.end..].starts_with('-');
        // `Pasar Kramat Jati`
        let place = scan.words.iter().any(|w| {
            w.capital
                && is_head(&w.key)
                && w.range.end + 1 == range.start
                && text[w.range.end..].starts_with(' ')
        });
        let several = run.len() > 1 && !word(run[0]).is_none_or(|w| w.first);
        if torn || place || !several && !run.iter().any(|name| is_person(name)) {
            continue;
        }
        if let Some(forms) = run.iter().map(|name| form(name)).collect::<Option<Vec<String>>>() {
            found.push((range, forms.join(dot)));
        }
    }
    found
}

/// Takes the counting word of `Sebanyak 312 pedagang` (312 traders, all told) into the number, or small models make
/// *over 312* of it.
fn counted(text: &str, scan: &Scan, found: &mut Vec<(Range<usize>, String)>) {
    for word in scan.words.iter().filter(|w| w.key == "sebanyak") {
        let start = word.range.end + 1;
        let number = text.get(start..).unwrap_or_default();
        let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if !text[word.range.end..].starts_with(' ') || digits == 0 {
            continue;
        }
        match found.iter_mut().find(|(range, _)| range.start <= start && start < range.end) {
            Some((range, _)) if range.start == start => range.start = word.range.start,
            Some(_) => {}
            // A number with marks in it is left to those who know them.
            None if number[digits..].starts_with(['.', ',']) => {}
            None => found.push((word.range.start..start + digits, number[..digits].to_owned())),
        }
    }
}

fn terms(text: &str, scan: &Scan, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    let names = TERMS.names(&TERMS.mentions(text, &scan.words, from)).into_iter();
    let form = |name: &Name| name.entries.iter().find_map(|entry| TERMS.entries[*entry as usize].form(to));
    let begins = |name: &Name| {
        let small = text[name.range.clone()].starts_with(char::is_lowercase);
        !small && scan.words.iter().any(|word| word.range.start == name.range.start && word.first)
    };
    let found = names.filter_map(|name| form(&name).map(|form| (begins(&name), name.range, form)));
    found
        .map(|(begins, range, form)| (range, if begins { capitalised(form) } else { form.to_owned() }))
        .collect()
}

/// `word` with a capital first letter.
///
/// ```
/// assert_eq!(edisi_text::capitalised("état"), "État");
/// ```
pub fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, from: Lang, to: Lang) -> String {
        substituted(text, established(text, from, to))
    }

    #[test]
    fn people_are_written_by_their_sound_in_chinese_and_japanese() {
        let text = "Menurut Emma Thompson, harga di Bogor naik, kata juru bicara Kevin Eldon.";
        assert_eq!(
            read(text, Lang::ID, Lang::ZH),
            "Menurut 埃玛·汤普森, harga di 茂物 naik, kata 发言人 凯文·埃尔登."
        );
        assert_eq!(
            read(text, Lang::ID, Lang::JA),
            "Menurut エンマ・トンプソン, harga di ボゴール naik, kata 報道官 ケビン・エルドン."
        );
        assert_eq!(
            read(text, Lang::ID, Lang::FR),
            "Menurut Emma Thompson, harga di Bogor naik, kata porte-parole Kevin Eldon."
        );
        assert_eq!(
            read("Ia tiba di Nur-Sultan dan bertemu Kevin-Emma Thompson di sana.", Lang::ID, Lang::ZH),
            "Ia tiba di Nur-Sultan dan bertemu 凯文·埃玛·汤普森 di sana."
        );
        // No names of people: a street, a party, a film of which no word is one, an abbreviation.
        for text in [
            "Harga di Jalan Emma Thompson naik.",
            "Ia memimpin Partai Qwrtz.",
            "Ia membaca Qwrtz.",
            "Menurut QRTX dan anda, hujan turun.",
        ] {
            assert_eq!(read(text, Lang::ID, Lang::JA), text);
        }
    }

    #[test]
    fn news_of_indonesia_is_written_as_the_target_s_papers_do() {
        for (source, zh, fr) in [
            (
                "Polda Metro Jaya menangkap kurir sabu di Bekasi.",
                "雅加达警察局 menangkap kurir 冰毒 di 勿加泗.",
                "police métropolitaine de Jakarta menangkap kurir méthamphétamine di Bekasi.",
            ),
            (
                "Timnas kalah di Stadion Gelora Bung Karno, kata Ketua Umum PSSI Erick Thohir.",
                "国家队 负于 di 格罗拉蓬卡诺体育场, kata 总主席 印尼足球协会 埃里克·托希尔.",
                "Équipe nationale a perdu di stade Gelora Bung Karno, kata président général PSSI Erick Thohir.",
            ),
            (
                "Lembaga Penjamin Simpanan dan Menteri BUMN bertemu di Bali.",
                "存款保险公司 dan 国有企业部长 bertemu di 巴厘岛.",
                "Agence de garantie des dépôts dan ministre des Entreprises publiques bertemu di Bali.",
            ),
        ] {
            assert_eq!(read(source, Lang::ID, Lang::ZH), zh);
            assert_eq!(read(source, Lang::ID, Lang::FR), fr);
        }
    }

    #[test]
    fn a_counting_word_goes_with_its_number() {
        assert_eq!(
            read("Sebanyak 312 pedagang dan sebanyak 9.900 kios.", Lang::ID, Lang::FR),
            "312 pedagang dan 9\u{a0}900 kios."
        );
        for text in ["Sebanyak mungkin.", "Sebanyak 9.900 kios", "sebanyak", "sebanyak  3"] {
            let _ = read(text, Lang::ID, Lang::EN);
        }
        assert_eq!(read("sebanyak mungkin", Lang::ID, Lang::EN), "sebanyak mungkin");
    }

    #[test]
    fn each_term_has_six_languages_and_its_words_no_other_row() {
        let rows = || include_str!("../data/established/terms.tsv").lines().filter(|l| !l.starts_with('#'));
        let mut seen = std::collections::HashSet::new();
        for row in rows() {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!(cells.len(), 7, "{row}");
            assert!(cells.iter().all(|cell| !cell.is_empty() && cell.trim() == *cell), "{row}");
            for column in [1, 2] {
                for form in cells[column].split('|').filter(|form| !form.contains('~')) {
                    let form = form.trim_start_matches('=').to_lowercase();
                    assert!(seen.insert((column, form.clone())), "{form} stands in two rows");
                }
            }
        }
    }

    #[test]
    fn a_term_at_the_beginning_of_a_sentence_is_capitalised() {
        assert_eq!(
            read("Kacamata dan rusa. Kondektur tiba.", Lang::ID, Lang::FR),
            "Lunettes dan cerf. Contrôleur tiba."
        );
        assert_eq!(read("甲醇是危险的。", Lang::ZH, Lang::EN), "Methanol是危险的。");
    }

    #[test]
    fn a_short_form_in_brackets_is_not_said_again() {
        let text = "Amerika Serikat (AS) dan Jepang (AS tidak) bertemu.";
        assert_eq!(read(text, Lang::ID, Lang::ZH), "美国 dan 日本 (美国 tidak) bertemu.");
    }

    const PIECES: [&str; 44] = [
        " ",
        ", ",
        ". ",
        "-",
        "–",
        "(",
        ")",
        "'s",
        "\n",
        "Rp",
        "US$",
        "€",
        "5",
        "9.900",
        "3,5",
        "%",
        "2022",
        "8 Januari",
        "January 8,",
        "juta",
        "million",
        "dolar AS",
        "yuan",
        "CNY",
        "Senin",
        "hari Kamis",
        "周四",
        "2022年1月",
        "8日",
        "3億",
        "万",
        "円",
        "dua ratus",
        "Amerika Serikat",
        "AS",
        "哈萨克斯坦",
        "Emma",
        "Thompson",
        "menteri luar negeri",
        "米ドル",
        "السبت",
        "مليون",
        "دولار",
        "É",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn forms_are_in_order_and_apart(
            pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..12),
            from in prop::sample::select(Lang::EDITIONS.to_vec()),
            to in prop::sample::select(Lang::EDITIONS.to_vec()),
        ) {
            let text = pieces.concat();
            let found = established(&text, from, to);
            for pair in found.windows(2) {
                prop_assert!(pair[0].0.end <= pair[1].0.start, "{text}: {pair:?}");
            }
            for (range, form) in &found {
                prop_assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()), "{text}: {range:?}");
                prop_assert!(!form.is_empty());
            }
        }

        #[test]
        fn any_text_is_read(
            text in ".{0,80}",
            from in prop::sample::select(Lang::EDITIONS.to_vec()),
            to in prop::sample::select(Lang::EDITIONS.to_vec()),
        ) {
            let _ = read(&text, from, to);
        }
    }
}
