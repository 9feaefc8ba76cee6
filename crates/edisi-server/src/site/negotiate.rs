//! The language of a reader whom we know only by `Accept-Language`.

use edisi_text::Lang;

/// The one of `langs` that the reader likes best; the first when there is none they read.
pub fn choose(header: Option<&str>, langs: &[Lang]) -> Option<Lang> {
    let first = langs.first().copied();
    let Some(header) = header else { return first };
    let mut wanted: Vec<(f32, Lang)> = header
        .split(',')
        .take(32)
        .filter_map(|part| {
            let (tag, weight) = match part.split_once(';') {
                Some((tag, rest)) => (tag, rest.trim().strip_prefix("q=")?.trim().parse().ok()?),
                None => (part, 1.0),
            };
            Some((weight, tag.trim().parse().ok()?))
        })
        .filter(|(weight, _): &(f32, Lang)| *weight > 0.0)
        .collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let same = |want: Lang| langs.iter().copied().find(|have| *have == want);
    let akin = |want: Lang| langs.iter().copied().find(|have| have.code() == want.code());
    wanted.iter().find_map(|(_, want)| same(*want).or_else(|| akin(*want))).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_that_there_is() {
        let langs = [Lang::ID, Lang::EN, Lang::ZH, Lang::AR];
        for (header, want) in [
            (None, Lang::ID),
            (Some(""), Lang::ID),
            (Some("*"), Lang::ID),
            (Some("de"), Lang::ID),
            (Some("en-GB,en;q=0.9"), Lang::EN),
            (Some("de, ar;q=0.5, en;q=0.8"), Lang::EN),
            (Some("zh-TW"), Lang::ZH),
            (Some("en;q=0, ar-EG;q=0.1"), Lang::AR),
            (Some("en;q=x, ar"), Lang::AR),
            (Some(";;;,,,\u{0}"), Lang::ID),
        ] {
            assert_eq!(choose(header, &langs), Some(want), "{header:?}");
        }
        assert_eq!(choose(Some("en"), &[]), None);
    }
}
