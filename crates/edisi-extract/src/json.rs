//! JSON inputs: Edisi's own articles, ninjs, JSON Feed; one document, an array of them, or one a line.

use edisi_article::Article;
use edisi_text::Lang;
use serde_json::Value;

use crate::error::ErrorKind;
use crate::{feed, ninjs};

/// Reads one document, an array of documents, or one document a line.
pub(crate) fn read(text: &str, hint: Option<Lang>) -> Result<Vec<Article>, ErrorKind> {
    let mut articles = Vec::new();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(items)) => {
            for item in items {
                articles.extend(document(item, 1, hint)?);
            }
        }
        Ok(item) => articles.extend(document(item, 1, hint)?),
        Err(whole) => {
            // JSON lines; when not even the first line is JSON, the trouble is the document's.
            let lines = || text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
            let is_lines = lines().next().is_some_and(|(_, l)| serde_json::from_str::<Value>(l).is_ok())
                && lines().nth(1).is_some();
            if !is_lines {
                return Err(bad(&whole, 0));
            }
            for (index, line) in lines() {
                let item: Value = serde_json::from_str(line).map_err(|e| bad(&e, index))?;
                articles.extend(document(item, index + 1, hint)?);
            }
        }
    }
    Ok(articles)
}

fn bad(error: &serde_json::Error, lines_before: usize) -> ErrorKind {
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
    ErrorKind::BadJson { line: error.line() + lines_before, column: error.column(), reason }
}

fn document(value: Value, line: usize, hint: Option<Lang>) -> Result<Vec<Article>, ErrorKind> {
    let wrong = |reason: String| ErrorKind::BadJson { line, column: 0, reason };
    let Some(object) = value.as_object() else {
        return Err(wrong("neither ninjs nor an article, but a bare value".to_owned()));
    };
    if object.get("version").and_then(Value::as_str).is_some_and(|v| v.contains("jsonfeed.org")) {
        return feed::read(&value.to_string(), None, hint);
    }
    if object.get("blocks").is_some_and(Value::is_array) {
        let article: Article =
            serde_json::from_value(value).map_err(|e| wrong(format!("an article with a bad field: {e}")))?;
        if article.blocks.is_empty() {
            return Err(ErrorKind::NoArticle);
        }
        return Ok(vec![article]);
    }
    if object.contains_key("uri")
        && ["headlines", "bodies", "standard", "title"].iter().any(|k| object.contains_key(*k))
    {
        return ninjs::read(value, hint).map_err(wrong)?.map_or(Err(ErrorKind::NoArticle), |a| Ok(vec![a]));
    }
    Err(wrong(
        "neither ninjs (no `uri` with `headlines` or `bodies`) nor an article (no `blocks`)".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::{Block, BlockKind};

    fn article(title: &str) -> Article {
        Article {
            input: "a.txt".to_owned(),
            title: Some(title.to_owned()),
            language: Some(Lang::ID),
            blocks: vec![Block::plain(BlockKind::Paragraph, "Satu kalimat & <dua>.")],
            ..Article::default()
        }
    }

    #[test]
    fn what_extract_prints_is_read_back() {
        let both = [article("Satu"), article("Dua")];
        let lines: String = both.iter().map(|a| serde_json::to_string(a).unwrap() + "\n").collect();
        assert_eq!(read(&lines, None).unwrap(), both);
        assert_eq!(read(&serde_json::to_string_pretty(&both).unwrap(), None).unwrap(), both);
        assert_eq!(read(&serde_json::to_string_pretty(&both[0]).unwrap(), None).unwrap(), both[..1]);
    }

    #[test]
    fn bad_json_is_located() {
        assert_eq!(
            read("{\"blocks\": [}", None),
            Err(ErrorKind::BadJson { line: 1, column: 13, reason: "expected value".to_owned() })
        );
        let lines = format!("{}\n{{\"blocks\": 1", serde_json::to_string(&article("Satu")).unwrap());
        assert!(matches!(read(&lines, None), Err(ErrorKind::BadJson { line: 2, .. })));
        assert!(matches!(
            read("{\"name\": \"x\"}", None),
            Err(ErrorKind::BadJson { line: 1, column: 0, .. })
        ));
        assert!(matches!(read("[1]", None), Err(ErrorKind::BadJson { .. })));
        assert!(matches!(read("{\"blocks\": [{\"kind\": \"poem\"}]}", None), Err(ErrorKind::BadJson { .. })));
        assert_eq!(read("{\"blocks\": []}", None), Err(ErrorKind::NoArticle));
    }
}
