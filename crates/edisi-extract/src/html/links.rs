//! Addresses: what a page's relative links are relative to, and which links are safe to keep.

use url::Url;

/// What the links of a page are relative to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Base(Option<Url>);

impl Base {
    /// The base of a page: `<base href>` against the page's own address, the first of `addresses` that is
    /// an http(s) URL.
    pub(crate) fn new(base_href: Option<&str>, addresses: &[&str]) -> Base {
        let page = addresses.iter().find_map(|a| web(Url::parse(a.trim()).ok()?));
        let base = base_href.and_then(|h| match &page {
            Some(page) => page.join(h.trim()).ok(),
            None => Url::parse(h.trim()).ok(),
        });
        Base(base.and_then(web).or(page))
    }

    /// The host, without `www.`.
    pub(crate) fn host(&self) -> Option<&str> {
        let host = self.0.as_ref()?.host_str()?;
        Some(host.strip_prefix("www.").unwrap_or(host))
    }

    /// Whether a link stays on the page's site, subdomains and main domain alike.
    pub(crate) fn is_same_site(&self, href: &str) -> bool {
        let Ok(url) = self.resolve(&strip(href)) else { return true };
        match (self.host(), url.host_str()) {
            (Some(own), Some(other)) => {
                let other = other.strip_prefix("www.").unwrap_or(other);
                let below = |a: &str, b: &str| {
                    a.strip_suffix(b).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                };
                below(own, other) || below(other, own)
            }
            _ => false,
        }
    }

    /// A link's target: absolute where the base is known, else as written. `None` for what is not safe or
    /// leads nowhere: scripts, data, places on the same page.
    pub(crate) fn link(&self, href: &str) -> Option<String> {
        let href = strip(href);
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        let url = self.resolve(&href);
        match url {
            Ok(url) => matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into()),
            Err(url::ParseError::RelativeUrlWithoutBase) => Some(relative(href)),
            Err(_) => None,
        }
    }

    /// The address of a picture: as [`Base::link`], http(s) only.
    pub(crate) fn picture(&self, src: &str) -> Option<String> {
        let src = strip(src);
        if src.is_empty() {
            return None;
        }
        match self.resolve(&src) {
            Ok(url) => web(url).map(Into::into),
            Err(url::ParseError::RelativeUrlWithoutBase) => Some(relative(src)),
            Err(_) => None,
        }
    }

    fn resolve(&self, href: &str) -> Result<Url, url::ParseError> {
        match &self.0 {
            Some(base) => base.join(href),
            None => Url::parse(href),
        }
    }
}

/// Removes what URL parsers remove: control characters and space around, tabs and newlines within.
fn strip(href: &str) -> String {
    href.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

/// A link that stays relative; the scheme is the web's where only the host is given.
fn relative(href: String) -> String {
    if href.starts_with("//") { format!("https:{href}") } else { href }
}

fn web(url: Url) -> Option<Url> {
    matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_absolute_and_safe() {
        let base = Base::new(Some("/berita/"), &["", "https://www.example.id/x/y.html"]);
        assert_eq!(base.host(), Some("example.id"));
        for (href, want) in [
            ("a.html", Some("https://www.example.id/berita/a.html")),
            ("/b?c=1&d", Some("https://www.example.id/b?c=1&d")),
            ("//cdn.example/c", Some("https://cdn.example/c")),
            ("mailto:a@example.id", Some("mailto:a@example.id")),
            ("#top", None),
            (" java\nscript:alert(1)", None),
            ("JavaScript:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("", None),
        ] {
            assert_eq!(base.link(href).as_deref(), want, "{href:?}");
        }
        let none = Base::new(None, &[]);
        assert_eq!(none.link("../a").as_deref(), Some("../a"));
        assert_eq!(none.link("//cdn.example/c").as_deref(), Some("https://cdn.example/c"));
        assert_eq!(none.link("\u{1}javascript:x"), None);
    }
}
