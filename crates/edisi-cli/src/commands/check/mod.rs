//! `edisi check`: a translation beside its source.

mod read;
mod terminal;

use edisi_article::Severity;
use edisi_quality::glossary::Glossary;
use edisi_quality::review::{Files, Given, name};
use edisi_quality::{CheckOptions, Review};
use edisi_text::Lang;

use super::{pair, print, terms};
use crate::args::{Check, FailOn, Sides};
use crate::failure::{Code, Failure};
use read::{Side, Text};

pub fn run(args: &Check) -> Result<(), Failure> {
    let sides = &args.sides;
    let (review, files) = review(sides)?;
    if let Some(path) = &args.html {
        let title = match &sides.translation {
            Some(translation) => format!("{} → {translation}", sides.source),
            None => sides.source.clone(),
        };
        std::fs::write(path, review.html(&title)).map_err(|e| Failure::unwritable(path.display(), &e))?;
    }
    let shown = if args.json {
        line(&review)?
    } else if args.sarif {
        line(review.sarif(&Files {
            source: &files.0.name,
            source_text: &files.0.raw,
            target: &files.1.name,
            target_text: &files.1.raw,
        }))?
    } else {
        terminal::report(&review, args.all)
    };
    print(&shown)?;
    let limit = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Never => return Ok(()),
    };
    match review.worst() {
        // What was found is on standard output; there is nothing to add.
        Some(worst) if worst >= limit => Err(Failure::new(Code::Findings, String::new())),
        _ => Ok(()),
    }
}

fn line(value: impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(&value).map_err(|e| Failure::new(Code::Internal, e.to_string()))?;
    Ok(text + "\n")
}

/// What the report can point at.
pub struct Place {
    pub name: String,
    raw: String,
}

type Langs = (Option<Lang>, Option<Lang>);

/// A translation beside its source, aligned and checked.
pub fn review(args: &Sides) -> Result<(Review, (Place, Place)), Failure> {
    let asked = asked(args)?;
    let both = asked.0.zip(asked.1);
    let source = read::side(&args.source, asked.0, both, args.lines, &args.reading)?;
    let target = match &args.translation {
        Some(input) => read::side(input, asked.1, both, args.lines, &args.reading)?,
        None => match &source.text {
            Text::Bilingual(_) => source.clone(),
            _ => {
                let message = format!("{} holds one language; name its translation too", args.source);
                return Err(Failure::new(Code::Usage, message));
            }
        },
    };
    let pair = languages(&source, &target, asked)?;
    let (terms, _) = terms::read(&args.terms.glossary)?;
    let names = terms::names(args.terms.names.as_deref())?;
    let glossary = Glossary::new(&terms, pair, args.section.as_deref())
        .map_err(|e| Failure::new(Code::Input, e.to_string()))?;
    let options = CheckOptions::default();
    let mut review = match (&source.text, &target.text) {
        (Text::Bilingual(here), Text::Bilingual(there)) if here.len() == there.len() => {
            let given = here.iter().zip(there).map(|(a, b)| Given {
                id: a.id.clone(),
                source: a.source.clone(),
                target: b.target.clone(),
            });
            Review::of_aligned(given.collect(), pair, &options)
        }
        (Text::Lines(here), Text::Lines(there)) => {
            if here.len() != there.len() {
                let message = format!(
                    "{} has {} lines and {} {}; without --lines they are aligned by what they say",
                    source.name,
                    here.len(),
                    target.name,
                    there.len()
                );
                return Err(Failure::new(Code::Input, message));
            }
            let given = here.iter().zip(there).enumerate().map(|(at, (a, b))| Given {
                id: (at + 1).to_string(),
                source: a.clone(),
                target: b.clone(),
            });
            Review::of_aligned(given.collect(), pair, &options)
        }
        _ => Review::of_texts(&source.source_blocks(), &target.target_blocks(), pair, &options),
    };
    for row in review.rows.iter_mut().filter(|row| !row.target.is_empty()) {
        names.judge(&mut row.findings, &row.source, &row.target, pair);
        row.findings.extend(glossary.check(&row.source, &row.target));
    }
    let place = |side: Side| Place { name: side.name, raw: side.raw };
    Ok((review, (place(source), place(target))))
}

/// The languages that were asked for.
fn asked(args: &Sides) -> Result<Langs, Failure> {
    if let Some(text) = &args.pair {
        let pair = pair(text)?;
        return Ok((Some(pair.source), Some(pair.target)));
    }
    let lang = |tag: &Option<String>| tag.as_deref().map(str::parse::<Lang>).transpose();
    Ok((lang(&args.from)?, lang(&args.to)?))
}

/// What was asked for, what the files say, what the texts look like, in this order.
fn languages(source: &Side, target: &Side, asked: Langs) -> Result<(Lang, Lang), Failure> {
    let look = |asked: Option<Lang>, said: Option<Lang>, text: String, name: &str, option: &str| {
        asked.or(said).or_else(|| edisi_text::detect(&text).map(|found| found.0)).ok_or_else(|| {
            Failure::new(Code::Language, format!("cannot tell the language of {name}; name it with {option}"))
        })
    };
    let from = look(asked.0, source.langs.0, source.source_blocks().join("\n"), &source.name, "--from")?;
    let to = look(asked.1, target.langs.1, target.target_blocks().join("\n"), &target.name, "--to")?;
    if from == to {
        let message = format!("both texts are in {}; name the languages with --pair", from.english_name());
        return Err(Failure::new(Code::Usage, message));
    }
    Ok((from, to))
}

/// The word for a severity in reports.
fn word(severity: Severity) -> String {
    name(severity)
}
