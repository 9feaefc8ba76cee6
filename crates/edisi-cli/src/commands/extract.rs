//! `edisi extract`

use edisi_extract::render;
use edisi_text::Lang;

use super::{inputs, print};
use crate::args::{ArticleFormat, Extract};
use crate::failure::{Code, Failure};

pub fn run(args: &Extract) -> Result<(), Failure> {
    let lang: Option<Lang> = args.lang.as_deref().map(str::parse).transpose()?;
    let mut failed: Option<Failure> = None;
    let mut first = true;
    for input in &args.inputs {
        let articles = match inputs::articles(input, lang, &args.reading) {
            Ok(articles) => articles,
            // One input that cannot be used does not keep the others from being read.
            Err(failure)
                if args.inputs.len() > 1 && matches!(failure.code(), Code::Input | Code::Network) =>
            {
                if let Some(earlier) = failed.replace(failure) {
                    earlier.report();
                }
                continue;
            }
            Err(failure) => return Err(failure),
        };
        for article in &articles {
            let text = match args.format {
                ArticleFormat::Json => render::json_line(article),
                ArticleFormat::Md => render::markdown(article),
                ArticleFormat::Text => render::text(article),
                ArticleFormat::Ninjs => render::ninjs(article),
            };
            // Texts follow each other with an empty line between them, JSON line by line.
            let gap = if first || matches!(args.format, ArticleFormat::Json | ArticleFormat::Ninjs) {
                ""
            } else {
                "\n"
            };
            first = false;
            print(&format!("{gap}{}\n", text.trim_end()))?;
        }
    }
    failed.map_or(Ok(()), Err)
}
