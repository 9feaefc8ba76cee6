//! What a page says of its story in JSON-LD (schema.org), broken JSON included.

use serde_json::{Map, Value};

use super::dom::Dom;

/// The nodes of all JSON-LD scripts of a page that have a type, outer ones first.
#[derive(Debug, Default)]
pub(crate) struct Graph(Vec<Map<String, Value>>);

/// More nodes than this are not looked at.
const MAX_NODES: usize = 2000;
/// Longer scripts, in bytes, are not read.
const MAX_SCRIPT: usize = 4 << 20;

impl Graph {
    /// Reads every `<script type="application/ld+json">`.
    pub(crate) fn of(dom: &Dom) -> Graph {
        let mut graph = Graph::default();
        for n in dom.subtree(Dom::ROOT) {
            let is_script = dom.is(n, &html5ever::local_name!("script"))
                && dom
                    .attr(n, "type")
                    .is_some_and(|t| t.trim().to_ascii_lowercase().starts_with("application/ld+json"));
            let text = if is_script { dom.raw_text(n) } else { String::new() };
            if text.len() <= MAX_SCRIPT {
                for value in values(&text) {
                    graph.collect(value);
                }
            }
        }
        graph
    }

    fn collect(&mut self, value: Value) {
        let mut queue = std::collections::VecDeque::from([value]);
        while let Some(value) = queue.pop_front() {
            match value {
                Value::Array(items) => queue.extend(items),
                Value::Object(node) if self.0.len() < MAX_NODES => {
                    queue.extend(node.values().filter(|v| v.is_array() || v.is_object()).cloned());
                    if node.contains_key("@type") {
                        self.0.push(node);
                    }
                }
                _ => {}
            }
        }
    }

    /// The nodes with one of these types.
    pub(crate) fn of_type(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = &Map<String, Value>> {
        self.0.iter().filter(move |n| strings(n.get("@type")).any(&wanted))
    }

    /// The node that describes the story: an article whose address is one of `addresses`, else the first
    /// article with a headline, else the first article.
    pub(crate) fn story(&self, addresses: &[&str]) -> Option<&Map<String, Value>> {
        let articles: Vec<_> = self.of_type(is_article).collect();
        let same = |node: &&&Map<String, Value>| {
            ["url", "@id", "mainEntityOfPage"].iter().any(|k| {
                node.get(*k).and_then(address).is_some_and(|a| addresses.iter().any(|b| same_page(a, b)))
            })
        };
        articles
            .iter()
            .find(same)
            .or_else(|| articles.iter().find(|n| n.contains_key("headline")))
            .or(articles.first())
            .copied()
    }
}

/// Whether a schema.org type is an article's.
pub(crate) fn is_article(kind: &str) -> bool {
    let kind = kind.rsplit('/').next().unwrap_or(kind);
    kind.ends_with("Article") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report" | "Review")
}

fn same_page(a: &str, b: &str) -> bool {
    let bare = |u: &str| {
        let u = u.split(['#', '?']).next().unwrap_or(u).trim_end_matches('/');
        u.split_once("://").map_or(u, |(_, rest)| rest).trim_start_matches("www.").to_owned()
    };
    !b.is_empty() && bare(a) == bare(b)
}

/// A URL, or the `@id` or `url` of an object.
fn address(value: &Value) -> Option<&str> {
    match value {
        Value::String(s) => Some(s),
        Value::Object(o) => o.get("@id").or(o.get("url")).and_then(Value::as_str),
        _ => None,
    }
}

/// The strings of a string or an array of strings.
pub(crate) fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match value {
        Some(Value::String(s)) => (Some(s.as_str()), &[][..]),
        Some(Value::Array(items)) => (None, items.as_slice()),
        _ => (None, &[][..]),
    };
    one.into_iter().chain(many.iter().filter_map(Value::as_str))
}

/// The names of people or organisations: strings, objects with a `name`, or arrays of them.
pub(crate) fn names(value: Option<&Value>) -> Vec<&str> {
    let mut out = Vec::new();
    let mut queue: Vec<&Value> = value.into_iter().collect();
    while let Some(value) = queue.pop() {
        match value {
            Value::String(s) => out.push(s.as_str()),
            Value::Array(items) => queue.extend(items.iter().rev()),
            Value::Object(o) => queue.extend(o.get("name").or(o.get("alternateName"))),
            _ => {}
        }
    }
    out
}

/// The JSON values in a script, however it is wrapped; what cannot be read even after mending is left out.
fn values(script: &str) -> Vec<Value> {
    let script = script.trim().trim_start_matches('\u{feff}');
    let script =
        script.trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let script = script.trim().trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches("//");
    let parsed = |text: &str| -> Vec<Value> {
        serde_json::Deserializer::from_str(text).into_iter::<Value>().map_while(Result::ok).collect()
    };
    let read = parsed(script);
    if read.is_empty() { parsed(&mend(script)) } else { read }
}

/// Mends what content systems do to JSON: raw control characters in strings, commas before a closing
/// bracket, a semicolon at the end.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if quoted {
            match c {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c < ' ' => out.push(' '),
                // Only these may follow a backslash.
                c if escaped && !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') => {
                    out.pop();
                    out.push(c);
                }
                c => out.push(c),
            }
            quoted = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => quoted = true,
            ']' | '}' => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(script: &str) -> Option<String> {
        let dom = Dom::parse(&format!("<script type='application/ld+json'>{script}</script>"));
        let graph = Graph::of(&dom);
        graph.story(&["https://example.id/a/?utm=1"])?.get("headline")?.as_str().map(str::to_owned)
    }

    #[test]
    fn stories_are_found_wherever_they_stand() {
        for script in [
            r#"{"@type":"NewsArticle","headline":"Satu"}"#,
            r#"[{"@type":"WebSite","name":"x"},{"@type":["Thing","NewsArticle"],"headline":"Satu"}]"#,
            r#"{"@graph":[{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"Satu"}}]}"#,
            r#"{"@type":"Article","headline":"Dua"} {"@type":"Article","headline":"Satu","url":"http://www.example.id/a"}"#,
            "<!-- {\"@type\":\"Article\",\"headline\":\"Satu\",} -->",
            "//<![CDATA[\n{\"@type\":\"Article\",\"x\":\"a\nb \\' c\",\"headline\":\"Satu\"};\n//]]>",
        ] {
            assert_eq!(story(script).as_deref(), Some("Satu"), "{script}");
        }
    }

    #[test]
    fn hopeless_json_is_left_out() {
        for script in ["", "{", "null", "{\"@type\":", "[[[[", "{\"@type\":\"Person\",\"headline\":\"Satu\"}"]
        {
            assert_eq!(story(script), None, "{script}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(story(&deep), None);
    }
}
