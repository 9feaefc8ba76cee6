//! Subtitles in the form of SubRip: numbers and times stay, the lines of a cue are translated as one text.

/// Subtitles taken apart.
pub(super) struct Cues<'a>(Vec<Part<'a>>);

enum Part<'a> {
    /// Numbers, times, empty lines, each with its line end.
    Line(&'a str),
    /// The lines of a cue.
    Text(Vec<&'a str>),
}

pub(super) fn read(text: &str) -> Cues<'_> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut in_text = false;
    for line in text.split_inclusive('\n') {
        if line.contains("-->") {
            in_text = true;
            parts.push(Part::Line(line));
        } else if line.trim().is_empty() {
            in_text = false;
            parts.push(Part::Line(line));
        } else if !in_text {
            parts.push(Part::Line(line));
        } else {
            match parts.last_mut() {
                Some(Part::Text(lines)) => lines.push(line),
                _ => parts.push(Part::Text(vec![line])),
            }
        }
    }
    Cues(parts)
}

impl Cues<'_> {
    /// The texts, each on one line.
    pub fn texts(&self) -> Vec<String> {
        let of = |part: &Part<'_>| match part {
            Part::Line(_) => None,
            Part::Text(lines) => Some(lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")),
        };
        self.0.iter().filter_map(of).collect()
    }

    /// The subtitles with these texts, each on as many lines as it had.
    pub fn write(&self, texts: impl IntoIterator<Item = String>) -> String {
        let (mut out, mut texts) = (String::new(), texts.into_iter());
        for part in &self.0 {
            match part {
                Part::Line(line) => out.push_str(line),
                Part::Text(lines) => {
                    let text = texts.next().unwrap_or_default();
                    for (line, old) in wrapped(&text, lines.len()).into_iter().zip(lines) {
                        out.push_str(line);
                        out.push_str(&old[old.trim_end_matches(['\r', '\n']).len()..]);
                    }
                }
            }
        }
        out
    }
}

/// A text on so many lines of about the same length, cut at white space outside tags; later ones may be empty.
fn wrapped(text: &str, lines: usize) -> Vec<&str> {
    let mut out = Vec::with_capacity(lines);
    let mut rest = text;
    for left in (1..=lines).rev() {
        if left == 1 {
            out.push(rest);
            break;
        }
        let want = rest.len() / left;
        let mut depth = 0_i32;
        let cuts = rest.char_indices().filter(|(_, c)| {
            depth += i32::from(*c == '<') - i32::from(*c == '>');
            *c == ' ' && depth == 0
        });
        let cut = cuts.map(|(at, _)| at).min_by_key(|at| at.abs_diff(want));
        let Some(cut) = cut else {
            out.push(rest);
            rest = "";
            continue;
        };
        out.push(&rest[..cut]);
        rest = &rest[cut + 1..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_line_ends_stay() {
        let text = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHarga beras\r\nnaik lagi.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n<i>Benar?</i>\r\n";
        let cues = read(text);
        assert_eq!(cues.texts(), ["Harga beras naik lagi.", "<i>Benar?</i>"]);
        assert_eq!(cues.write(cues.texts()), text);
        let made = cues
            .write(["Rice prices are rising again.".to_owned(), "<i class=\"a b\">Really?</i>".to_owned()]);
        assert!(made.contains("\r\nRice prices are\r\nrising again.\r\n\r\n2\r\n"), "{made}");
        assert_eq!(wrapped("kata", 2), ["kata", ""]);
        assert_eq!(wrapped("物価が上がる", 2), ["物価が上がる", ""]);
    }
}
