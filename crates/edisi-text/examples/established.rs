//! Puts established forms into a text, as the built-in model is asked and trained: `established FROM TO SOURCE
//! [TRANSLATION]` reads a file of lines and prints each with the forms of `TO` in place of its own words. With a
//! translation, which has a line for each of the source, only forms that stand in it are put in.

use std::{env, fs, process};

use edisi_text::{Lang, established, substituted};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [from, to, source, translation @ ..] = &args[..] else {
        eprintln!("usage: established FROM TO SOURCE [TRANSLATION]");
        process::exit(2);
    };
    let (from, to): (Lang, Lang) = (from.parse()?, to.parse()?);
    let source = fs::read_to_string(source)?;
    let translation = translation.first().map(fs::read_to_string).transpose()?;
    let mut translations = translation.as_deref().map(str::lines);
    let mut out = String::new();
    for line in source.lines() {
        let translation = translations.as_mut().map(|lines| lines.next().unwrap_or_default());
        let forms = established(line, from, to).into_iter();
        let stands = |form: &String| translation.is_none_or(|text| text.contains(form));
        out += &substituted(line, forms.filter(|(_, form)| stands(form)));
        out.push('\n');
    }
    print!("{out}");
    Ok(())
}
