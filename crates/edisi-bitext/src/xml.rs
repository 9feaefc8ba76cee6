//! The XML that TMX and XLIFF have in common.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::BitextError;

/// An event, with names free of prefixes.
pub(crate) enum Step<'a> {
    /// An element begins; `bool` says that it is also its end.
    Open(String, BytesStart<'a>, bool),
    Close(String),
    Text(String),
    End,
}

/// Steps through a document.
pub(crate) struct Steps<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    /// How far lines are counted.
    counted: (usize, usize),
}

impl<'a> Steps<'a> {
    pub fn new(text: &'a str) -> Steps<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().trim_text(false);
        Steps { reader, text, counted: (0, 1) }
    }

    /// The line of the next event.
    pub fn line(&mut self) -> usize {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        let (from, line) = self.counted;
        if at > from {
            let more = self.text.as_bytes()[from..at].iter().filter(|b| **b == b'\n').count();
            self.counted = (at, line + more);
        }
        self.counted.1
    }

    fn fail(&mut self, problem: impl ToString) -> BitextError {
        BitextError::Xml { line: self.line(), problem: problem.to_string() }
    }

    pub fn next(&mut self) -> Result<Step<'a>, BitextError> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.fail(e)),
            };
            return Ok(match event {
                Event::Start(e) => Step::Open(local(e.local_name().as_ref()), e, false),
                Event::Empty(e) => Step::Open(local(e.local_name().as_ref()), e, true),
                Event::End(e) => Step::Close(local(e.local_name().as_ref())),
                Event::Text(e) => Step::Text(e.xml10_content().into_owned()),
                Event::CData(e) => Step::Text(e.xml10_content().into_owned()),
                Event::GeneralRef(e) => match e.resolve_char_ref() {
                    Ok(Some(c)) => Step::Text(c.to_string()),
                    Ok(None) => {
                        let name = local(e.as_ref());
                        match resolve_xml_entity(&name) {
                            Some(text) => Step::Text(text.to_owned()),
                            None => return Err(self.fail(format!("the entity &{name}; is not known"))),
                        }
                    }
                    Err(e) => return Err(self.fail(e)),
                },
                Event::Eof => Step::End,
                _ => continue,
            });
        }
    }
}

fn local(name: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(name.as_ref()).into_owned()
}

/// The value of the first attribute of one of these names, prefixes included.
pub(crate) fn attribute(element: &BytesStart<'_>, names: &[&str]) -> Option<String> {
    let is_named = |key: &str| names.contains(&key);
    let found = element.attributes().flatten().find(|a| is_named(&local(a.key.as_ref())))?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
}

/// White space as one space, none around it.
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without the characters that XML 1.0 has no place for.
pub(crate) fn printable(text: &str) -> String {
    let fits = |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(fits).collect()
}
