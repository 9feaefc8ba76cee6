//! From what a program sends to an article.

use edisi_article::{Article, Block, BlockKind};
use edisi_extract::{Format, Input, Options, Reach, Url};
use edisi_text::Lang;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::Problem;

/// An article on its way in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewArticle {
    /// Where it is published; when nothing else is given, the page is fetched from there.
    pub url: Option<String>,
    /// The page.
    pub html: Option<String>,
    /// The article as IPTC ninjs.
    #[schema(value_type = Option<Object>)]
    pub ninjs: Option<Value>,
    /// The text: paragraphs with an empty line between them.
    pub text: Option<String>,
    /// The headline, with `text`.
    pub title: Option<String>,
    /// A stand-first that is not part of the text.
    pub description: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub byline: Vec<String>,
    /// The section of the publication.
    pub section: Option<String>,
    /// When it was published, RFC 3339.
    pub published: Option<String>,
    /// The language of the text, a BCP 47 tag; told from the text when it is not given.
    #[schema(value_type = Option<String>)]
    pub lang: Option<Lang>,
    /// What makes it the same article when it comes again; its address when it is not given.
    pub key: Option<String>,
    /// What the newsroom says about the change, when it is another revision.
    pub note: Option<String>,
}

impl NewArticle {
    /// Reads a body of this content type.
    pub fn read(kind: &str, body: &[u8]) -> Result<NewArticle, Problem> {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => {
                let html =
                    std::str::from_utf8(body).map_err(|_| Problem::malformed("the page is not in UTF-8"))?;
                Ok(NewArticle { html: Some(html.to_owned()), ..NewArticle::default() })
            }
            "application/ninjs+json" => {
                let ninjs = serde_json::from_slice(body).map_err(|e| Problem::malformed(e.to_string()))?;
                Ok(NewArticle { ninjs: Some(ninjs), ..NewArticle::default() })
            }
            "application/json" => serde_json::from_slice(body).map_err(|e| Problem::malformed(e.to_string())),
            _ => Err(Problem::malformed("send application/json, text/html or application/ninjs+json")),
        }
    }

    /// The same, with what the address says where the body says nothing.
    pub fn or(
        self,
        lang: Option<Lang>,
        url: Option<String>,
        key: Option<String>,
        note: Option<String>,
    ) -> NewArticle {
        NewArticle {
            lang: self.lang.or(lang),
            url: self.url.or(url),
            key: self.key.or(key),
            note: self.note.or(note),
            ..self
        }
    }
}

/// The article. Takes time: a page may have to be fetched.
pub(super) fn article(sent: NewArticle, private_addresses: bool) -> Result<Article, Problem> {
    let given = [sent.html.is_some(), sent.ninjs.is_some(), sent.text.is_some()];
    match given.into_iter().filter(|is| *is).count() {
        0 if sent.url.is_none() => {
            return Err(Problem::invalid("there is no article; send one of `text`, `html`, `ninjs`, `url`"));
        }
        0 | 1 => {}
        _ => return Err(Problem::invalid("send one of `text`, `html`, `ninjs`, not several")),
    }
    let base = sent.url.as_deref().map(address).transpose()?;
    if let Some(text) = &sent.text {
        return plain(&sent, text);
    }
    let options = Options { lang: sent.lang, base: base.clone(), max_bytes: 16 << 20, ..Options::default() };
    let name = base.as_ref().map_or_else(|| "article".to_owned(), Url::to_string);
    let (bytes, format) = match (&sent.html, &sent.ninjs, base) {
        (Some(html), _, _) => (html.clone().into_bytes(), Format::Html),
        (_, Some(ninjs), _) => (ninjs.to_string().into_bytes(), Format::Json),
        (_, _, Some(url)) => {
            let reach = if private_addresses { Reach::Anywhere } else { Reach::Public };
            return one(edisi_extract::extract(Input::Url(url), &Options { reach, ..options }), sent.url);
        }
        (_, _, None) => return Err(Problem::invalid("there is no article")),
    };
    let input = Input::Bytes { name, bytes };
    one(edisi_extract::extract(input, &Options { format: Some(format), ..options }), sent.url)
}

fn one(
    found: Result<Vec<Article>, edisi_extract::ExtractError>,
    url: Option<String>,
) -> Result<Article, Problem> {
    let mut found = found.map_err(|error| Problem::invalid(error.to_string()))?;
    if found.len() != 1 {
        let count = found.len();
        return Err(Problem::invalid(format!("there are {count} articles in it; send one at a time")));
    }
    let article = found.remove(0);
    Ok(Article { url: article.url.or(url), ..article })
}

fn address(url: &str) -> Result<Url, Problem> {
    match Url::parse(url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(Problem::invalid(format!("`{url}` is no address of the web"))),
    }
}

fn plain(sent: &NewArticle, text: &str) -> Result<Article, Problem> {
    let paragraphs = text.replace("\r\n", "\n");
    let blocks: Vec<Block> = paragraphs
        .split("\n\n")
        .map(edisi_text::clean::collapse_whitespace)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| Block::plain(BlockKind::Paragraph, paragraph))
        .collect();
    if blocks.is_empty() {
        return Err(Problem::invalid("`text` has no text in it"));
    }
    let line = |text: &Option<String>| {
        text.as_deref().map(edisi_text::clean::collapse_whitespace).filter(|text| !text.is_empty())
    };
    Ok(Article {
        input: "api".into(),
        url: sent.url.clone(),
        title: line(&sent.title),
        description: line(&sent.description),
        byline: sent.byline.clone(),
        section: line(&sent.section),
        published: sent.published.clone(),
        language: sent.lang,
        blocks,
        ..Article::default()
    })
}
