//! Sentences cut between their clauses, and the translations of these put together again.

use edisi_text::Lang;
use edisi_text::name::is_ordinary;
use edisi_text::script::is_dense;

use crate::translator::{Alternative, Draft, FinishReason};

/// Halves shorter than this, in bytes, are no clauses.
const HALF: usize = 24;
/// Pieces with fewer words are not translated by themselves: their sense hangs on the rest.
const LEAST_WORDS: usize = 5;

/// Where to cut a sentence in two: behind the mark between clauses that is nearest to its middle.
pub(crate) fn cut(text: &str) -> Option<usize> {
    cut_where(text, |half| half.len() >= HALF)
}

/// A sentence in pieces of fewer than `most` words each, as far as it has marks between clauses to cut at.
pub(crate) fn pieces(text: &str, most: usize) -> Vec<&str> {
    let at = if words(text) < most { None } else { cut_where(text, |half| words(half) >= LEAST_WORDS) };
    match at {
        Some(at) => {
            let (head, tail) = text.split_at(at);
            [pieces(head.trim(), most), pieces(tail.trim(), most)].concat()
        }
        None => vec![text],
    }
}

fn cut_where(text: &str, is_clause: impl Fn(&str) -> bool) -> Option<usize> {
    let middle = text.len() / 2;
    let marks = text.char_indices().filter(|(_, c)| ",;:，；：、،؛—".contains(*c));
    let ends = marks.map(|(at, c)| at + c.len_utf8());
    // A mark between digits or letters (`9,900`) parts no clauses.
    let apart =
        |end: &usize| text[*end..].starts_with(char::is_whitespace) || !text[..*end].ends_with([',', ':']);
    ends.filter(|end| is_clause(text[..*end].trim()) && is_clause(text[*end..].trim()))
        .filter(apart)
        .filter(|end| is_closed(&text[..*end]))
        .min_by_key(|end| end.abs_diff(middle))
}

/// Whether every bracket and quotation mark that opens also closes.
fn is_closed(text: &str) -> bool {
    const PAIRS: [(char, char); 8] = [
        ('(', ')'),
        ('（', '）'),
        ('[', ']'),
        ('“', '”'),
        ('«', '»'),
        ('「', '」'),
        ('『', '』'),
        ('《', '》'),
    ];
    let count = |mark: char| text.matches(mark).count();
    PAIRS.iter().all(|(open, close)| count(*open) == count(*close)) && count('"') % 2 == 0
}

/// How many words a text has; of a script without spaces, five characters count as three.
fn words(text: &str) -> usize {
    let spaced = text.split_whitespace().filter(|word| !word.chars().any(is_dense)).count();
    spaced + text.chars().filter(|c| is_dense(*c)).count() * 3 / 5
}

/// The draft of a sentence from those of its clauses. Its alternatives are the clauses' first, second and so on, with the
/// draft of a clause that has no more.
pub(crate) fn joined(clauses: &[Draft], target: Lang) -> Draft {
    if let [whole] = clauses {
        return whole.clone();
    }
    let alternatives = clauses.iter().map(|c| c.alternatives.len()).max().unwrap_or(0);
    let first = |c: &Draft| Alternative { text: c.text.clone(), tokens: c.tokens.clone() };
    let alternative = |at: usize| {
        let of_clause = |c: &Draft| c.alternatives.get(at).cloned().unwrap_or_else(|| first(c));
        in_one(clauses.iter().map(of_clause), target)
    };
    let Alternative { text, tokens } = in_one(clauses.iter().map(first), target);
    Draft {
        tokens,
        finish: clauses
            .iter()
            .map(|c| c.finish)
            .find(|f| *f != FinishReason::Stop)
            .unwrap_or(FinishReason::Stop),
        failed: clauses.iter().find_map(|c| c.failed.clone()),
        alternatives: (0..alternatives).map(alternative).collect(),
        ..Draft::copied(text)
    }
}

/// What is said of clauses that follow each other, as one.
fn in_one(clauses: impl Iterator<Item = Alternative>, target: Lang) -> Alternative {
    let both = |head: Alternative, tail: Alternative| Alternative {
        text: join(&head.text, &tail.text, target),
        tokens: [head.tokens, tail.tokens].concat(),
    };
    clauses.reduce(both).unwrap_or(Alternative { text: String::new(), tokens: Vec::new() })
}

/// The translation of a sentence from those of two clauses that follow each other.
pub(crate) fn join(head: &str, tail: &str, lang: Lang) -> String {
    let (comma, space) = match lang.code() {
        "zh" => ("，", ""),
        "ja" => ("、", ""),
        "ar" => ("،", " "),
        _ => (",", " "),
    };
    let (head, tail) = (head.trim(), tail.trim());
    // A Japanese clause that ends in a verb's last form is a sentence.
    if lang == Lang::JA && head.ends_with('。') {
        return format!("{head}{tail}");
    }
    let bare = head.trim_end_matches(['.', '。', ',', '，', '、', '،', ' ']);
    let open = bare.ends_with([';', ':', '；', '：', '؛', '—', '!', '?']);
    let mark = if open { "" } else { comma };
    format!("{bare}{mark}{space}{}", continued(tail, lang))
}

/// `text` as it goes on within a sentence: in French, where weekdays and months are small too, an ordinary word at its
/// beginning has a small letter.
fn continued(text: &str, lang: Lang) -> String {
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let small = word.to_lowercase();
    if lang == Lang::FR && small != word && is_ordinary(&small, lang) {
        return format!("{small}{}", &text[word.len()..]);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_between_clauses() {
        let parts = |text: &'static str| cut(text).map(|at| text.split_at(at));
        let text = "Presiden membuka jembatan baru, lalu ia mengunjungi pasar di kota itu.";
        assert_eq!(parts(text).unwrap().0, "Presiden membuka jembatan baru,");
        assert_eq!(parts("Sebanyak 9,900 orang mengungsi ke tempat yang lebih tinggi."), None);
        assert_eq!(parts("Ya, benar."), None);
        assert_eq!(
            parts("他今天上午在首都会见了外国代表团，随后出席了晚宴并发表讲话。").unwrap().1,
            "随后出席了晚宴并发表讲话。"
        );
    }

    #[test]
    fn long_sentences_fall_into_pieces() {
        let text = "Gubernur membuka pasar baru itu kemarin pagi, meskipun listrik belum menyala di semua kios, dan berjanji \
            kembali pekan depan.";
        assert_eq!(pieces(text, 40), [text]);
        assert_eq!(
            pieces(text, 8),
            [
                "Gubernur membuka pasar baru itu kemarin pagi,",
                "meskipun listrik belum menyala di semua kios,",
                "dan berjanji kembali pekan depan.",
            ]
        );
        let quoted = "\"Kami menunggu sejak pagi di sini, tetapi tidak ada yang datang menjemput kami,\" kata Sari kepada wartawan.";
        assert_eq!(
            pieces(quoted, 8),
            [
                "\"Kami menunggu sejak pagi di sini, tetapi tidak ada yang datang menjemput kami,\" kata Sari kepada wartawan."
            ]
        );
        assert_eq!(
            pieces("知事は昨日の朝に新しい市場を開いたが、すべての店に電気が来ているわけではない。", 16)
                .len(),
            2
        );
    }

    #[test]
    fn clauses_are_joined_as_the_language_does() {
        let join = |head, tail, lang: &str| join(head, tail, lang.parse().unwrap());
        assert_eq!(
            join("Le gouverneur a ouvert le marché.", "Mais il pleut.", "fr"),
            "Le gouverneur a ouvert le marché, mais il pleut."
        );
        assert_eq!(
            join("Le marché a rouvert,", "Rina Wulandari a souri.", "fr"),
            "Le marché a rouvert, Rina Wulandari a souri."
        );
        assert_eq!(join("市场开放了。", "但是下雨了。", "zh"), "市场开放了，但是下雨了。");
        assert_eq!(join("市場が開いた。", "しかし雨が降った。", "ja"), "市場が開いた。しかし雨が降った。");
        assert_eq!(join("市場が開き、", "雨が降った。", "ja"), "市場が開き、雨が降った。");
        assert_eq!(join("He said:", "it rains.", "en"), "He said: it rains.");
    }
}
