//! `edisi extract`

use edisi_text::Lang;

use super::{inputs, print};
use crate::args::{ArticleFormat, Extract};
use crate::failure::Failure;

pub fn run(args: &Extract) -> Result<(), Failure> {
    let lang: Option<Lang> = args.lang.as_deref().map(str::parse).transpose()?;
    for input in &args.inputs {
        for article in inputs::articles(input, lang)? {
            let text = match args.format {
                ArticleFormat::Json => {
                    serde_json::to_string(&article).expect("an article has a JSON form") + "\n"
                }
                ArticleFormat::Text | ArticleFormat::Md | ArticleFormat::Ninjs => article.body_text() + "\n",
            };
            print(&text)?;
        }
    }
    Ok(())
}
