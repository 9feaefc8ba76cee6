//! What a site asks programs to leave alone: `robots.txt`, as RFC 9309 says it is read.

/// No more of the file is read; RFC 9309 asks for at least 500 KiB.
const LONGEST: usize = 512 * 1024;

/// The rules for one program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// In the form that [`normal`] gives.
    pattern: Vec<u8>,
}

impl Robots {
    /// Everything may be read: what holds when there is no such file.
    pub fn all() -> Robots {
        Robots::default()
    }

    /// Nothing may be read: what holds when the file cannot be had.
    pub fn nothing() -> Robots {
        Robots { rules: vec![Rule { allow: false, pattern: b"/".to_vec() }] }
    }

    /// Reads the rules for the program `agent` (a product name: `edisi`), or else those for all.
    pub fn parse(file: &[u8], agent: &str) -> Robots {
        let text = String::from_utf8_lossy(&file[..file.len().min(LONGEST)]);
        let (mut own, mut all): (Option<Vec<Rule>>, Vec<Rule>) = (None, Vec::new());
        // Whether the group is for the agent, for all, and whether its agents are still being named.
        let (mut is_own, mut is_all, mut is_head) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            let allow = match key.as_str() {
                "user-agent" => {
                    if !is_head {
                        (is_own, is_all, is_head) = (false, false, true);
                    }
                    let end = value.find(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '_');
                    if value[..end.unwrap_or(value.len())].eq_ignore_ascii_case(agent) {
                        is_own = true;
                        own.get_or_insert_default();
                    }
                    is_all |= value == "*";
                    continue;
                }
                "allow" => true,
                "disallow" => false,
                _ => continue,
            };
            is_head = false;
            if value.is_empty() {
                continue;
            }
            let rule = Rule { allow, pattern: normal(value) };
            match (&mut own, is_own, is_all) {
                (Some(own), true, _) => own.push(rule),
                (_, _, true) => all.push(rule),
                _ => {}
            }
        }
        Robots { rules: own.unwrap_or(all) }
    }

    /// Whether the page at this path (with its query) may be read. The longest rule that fits decides; of two as long,
    /// the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        if path == b"/robots.txt" {
            return true;
        }
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, &path));
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }
}

/// A path in one form: what is outside ASCII as `%XX`, what need not be so written without.
fn normal(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(byte),
            Some(byte) => out.extend(format!("%{byte:02X}").bytes()),
            None if bytes[at].is_ascii() => out.push(bytes[at]),
            None => out.extend(format!("%{:02X}", bytes[at]).bytes()),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether a pattern (`*` for anything, `$` for the end) fits the beginning of a path. Takes at most the product of both
/// lengths.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|byte| *byte == b'*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !whole || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if whole && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(found) = find(rest, piece) else { return false };
        rest = &rest[found + piece.len()..];
    }
    true
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() {
        return Some(0);
    }
    text.windows(piece.len()).position(|window| window == piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes(), "edisi").allows(path)
    }

    #[test]
    fn its_own_group_before_that_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: Edisi/1.0 (news)\nDisallow: /arsip\nuser-agent: other\nDisallow: /x";
        assert!(allows(file, "/berita"));
        assert!(!allows(file, "/arsip/2020"));
        assert!(allows(file, "/x"));
        assert!(!Robots::parse(file.as_bytes(), "lain").allows("/berita"));
        assert!(!allows("User-agent: editor\nUser-agent: edisi\n# why\nDisallow: /a", "/a"));
        // Groups for one program are one.
        let file = "User-agent: edisi\nDisallow: /a\n\nUser-agent: edisi\nDisallow: /b";
        assert!(!allows(file, "/a") && !allows(file, "/b") && allows(file, "/c"));
        // Its own group may have no rules.
        assert!(allows("User-agent: *\nDisallow: /\nUser-agent: edisi\nDisallow:", "/a"));
    }

    #[test]
    fn the_longest_rule_decides() {
        let file = "User-agent: *\nDisallow: /berita\nAllow: /berita/umum\nAllow: /sama\nDisallow: /sama";
        assert!(!allows(file, "/berita/lain"));
        assert!(allows(file, "/berita/umum/1"));
        assert!(allows(file, "/sama"));
        assert!(allows(file, "/"));
        assert!(allows("User-agent: *\nDisallow: /", "/robots.txt"));
    }

    #[test]
    fn patterns() {
        for (pattern, path, fit) in [
            ("/", "/a", true),
            ("/a", "/ab", true),
            ("/a$", "/ab", false),
            ("/a$", "/a", true),
            ("/*.pdf$", "/x/y.pdf", true),
            ("/*.pdf$", "/x/y.pdf?1", false),
            ("/*.pdf", "/x/y.pdf?1", true),
            ("/*a*b", "/1a2b3", true),
            ("/*a*b", "/1b2a", false),
            ("/*a*a$", "/a", false),
            ("*", "/x", true),
            ("/?s=*", "/?s=1", true),
            ("/%7Ebudi", "/~budi/1", true),
            ("/~budi", "/%7ebudi", true),
            ("/a%2fb", "/a%2Fb", true),
            ("/a%2fb", "/a/b", false),
            ("/é", "/%C3%A9", true),
            ("/100%", "/100%", true),
        ] {
            assert_eq!(fits(&normal(pattern), &normal(path)), fit, "{pattern} {path}");
        }
    }

    #[test]
    fn patterns_take_no_time() {
        let pattern = "/".to_owned() + &"*a".repeat(2_000) + "*b";
        let path = "/".to_owned() + &"a".repeat(20_000);
        let file = format!("User-agent: *\nDisallow: {pattern}");
        let begun = std::time::Instant::now();
        assert!(allows(&file, &path));
        assert!(begun.elapsed().as_secs() < 5);
    }

    #[test]
    fn what_is_no_such_file() {
        assert!(allows("<!doctype html><title>Beranda</title>", "/a"));
        assert!(allows("", "/a"));
        assert!(allows("Disallow: /a", "/a"), "rules before any group are nobody's");
        assert!(!Robots::nothing().allows("/a") && Robots::all().allows("/a"));
        let bytes = [b"User-agent: *\nDisallow: /\xff\n".as_slice(), &vec![b'x'; 1 << 20]].concat();
        assert!(Robots::parse(&bytes, "edisi").allows("/a"));
    }
}
