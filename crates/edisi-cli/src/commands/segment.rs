//! `edisi segment`

use edisi_text::Lang;

use super::{print, read_text};
use crate::args::Segment;
use crate::failure::{Code, Failure};

pub fn run(args: &Segment) -> Result<(), Failure> {
    let given: Option<Lang> = args.lang.as_deref().map(str::parse).transpose()?;
    for input in &args.inputs {
        let text = read_text(input)?;
        if text.trim().is_empty() {
            continue;
        }
        let lang = given.or_else(|| edisi_text::detect(&text).map(|(lang, _)| lang)).ok_or_else(|| {
            Failure::new(
                Code::Language,
                format!("cannot tell which language {} is in; name it with --lang", input.display()),
            )
        })?;
        let mut out = String::new();
        for range in edisi_text::sentences(&text, lang) {
            let sentence: Vec<&str> = text[range].split_whitespace().collect();
            if !sentence.is_empty() {
                out.push_str(&sentence.join(" "));
                out.push('\n');
            }
        }
        print(&out)?;
    }
    Ok(())
}
