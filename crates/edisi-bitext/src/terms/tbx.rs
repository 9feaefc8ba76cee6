//! TermBase eXchange: `termEntry`, `langSet` and `tig` of 2008, `conceptEntry`, `langSec` and `termSec` of 2019.
//!
//! Data categories are read in both styles: as elements with a `type`, and as elements of their own
//! (`<min:administrativeStatus>`).

use edisi_article::{Term, TermName};
use edisi_text::Lang;
use quick_xml::escape::escape;

use super::{GlossaryFile, TermsError, add, name, tidied, unnamed, version};
use crate::xml::{Step, Steps, attribute, printable, tidy};

/// TBX has no data category for words that stay as they are, nor for case; this one is for what concerns one customer.
const OWN: &str = "customerSubset";
const KEEP: &str = "do-not-translate";
const CASE: &str = "case-sensitive";

/// What the open elements are so far.
#[derive(Default)]
struct State {
    terms: Vec<Term>,
    version: Option<String>,
    in_header: bool,
    entry: Option<Term>,
    /// The open language section; `None` also for a language that is no tag.
    name: Option<TermName>,
    /// How many language sections are open, and whether a term is.
    in_lang: bool,
    in_term: bool,
    word: String,
    standing: Standing,
    /// The element whose text is collected, what it says, and the text.
    open: Option<(String, String, String)>,
}

/// What the glossary says of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    Preferred,
    #[default]
    Admitted,
    Forbidden,
}

pub(super) fn read(text: &str) -> Result<GlossaryFile, TermsError> {
    let mut steps = Steps::new(text);
    let mut state = State::default();
    let mut root = false;
    loop {
        match steps.next()? {
            Step::End => return Ok(GlossaryFile { terms: state.terms, version: state.version }),
            Step::Open(element, start, empty) => {
                if !root && !matches!(element.as_str(), "tbx" | "martif") {
                    return Err(TermsError::NotTbx { line: steps.line(), element });
                }
                root = true;
                let value = |names: &[&str]| attribute(&start, names);
                match element.as_str() {
                    "termEntry" | "conceptEntry" => {
                        let id = value(&["id", "xml:id"]).map(|id| name::decode(&id)).unwrap_or_default();
                        state.entry = Some(Term { id, ..Term::default() });
                    }
                    "langSet" | "langSec" => {
                        let lang = value(&["xml:lang", "lang"]).and_then(|tag| tag.parse::<Lang>().ok());
                        state.name = lang.map(unnamed);
                        state.in_lang = true;
                    }
                    "tig" | "ntig" | "termSec" => state.in_term = true,
                    "tbxHeader" | "martifHeader" => state.in_header = !empty,
                    "p" if state.in_header => {
                        state.open = Some((element.clone(), element.clone(), String::new()));
                    }
                    "term" | "note" => state.open = Some((element.clone(), element.clone(), String::new())),
                    "termNote" | "descrip" | "admin" => {
                        state.open =
                            Some((element.clone(), value(&["type"]).unwrap_or_default(), String::new()));
                    }
                    "administrativeStatus" | "normativeAuthorization" | "subjectField" | OWN => {
                        state.open = Some((element.clone(), element.clone(), String::new()));
                    }
                    _ => {}
                }
                if empty {
                    state.close(&element);
                }
            }
            Step::Close(element) => state.close(&element),
            Step::Text(text) => {
                if let Some((_, _, said)) = &mut state.open {
                    said.push_str(&text);
                }
            }
        }
    }
}

impl State {
    fn close(&mut self, element: &str) {
        if let Some((_, kind, said)) = self.open.take_if(|(open, _, _)| open == element) {
            self.say(&kind, tidy(&said));
        }
        match element {
            "tig" | "ntig" | "termSec" => {
                let (word, standing) = (std::mem::take(&mut self.word), std::mem::take(&mut self.standing));
                if let Some(name) = self.name.as_mut().filter(|_| !word.is_empty()) {
                    match standing {
                        Standing::Preferred => name.forms.insert(0, word),
                        Standing::Admitted => name.forms.push(word),
                        Standing::Forbidden => name.forbidden.push(word),
                    }
                }
                self.in_term = false;
            }
            "langSet" | "langSec" => {
                if let (Some(entry), Some(name)) = (&mut self.entry, self.name.take()) {
                    add(&mut entry.names, name);
                }
                self.in_lang = false;
            }
            "tbxHeader" | "martifHeader" => self.in_header = false,
            "termEntry" | "conceptEntry" => self.terms.extend(self.entry.take().and_then(tidied)),
            _ => {}
        }
    }

    /// Takes in what an element says: of a word, of a language, or of the entry.
    fn say(&mut self, kind: &str, said: String) {
        match kind {
            "term" => self.word = said,
            "p" => self.version = self.version.take().or_else(|| version(&said)),
            "administrativeStatus" | "normativeAuthorization" if self.in_term => {
                self.standing = standing(&said)
            }
            OWN if self.in_lang && said == CASE => {
                if let Some(name) = &mut self.name {
                    name.case_sensitive = true;
                }
            }
            _ if self.in_lang => {}
            OWN | "subjectField" | "note" => {
                let Some(entry) = &mut self.entry else { return };
                match kind {
                    OWN if said == KEEP => entry.keep = true,
                    "subjectField" => entry.sections.push(said),
                    "note" => {
                        let before = entry.note.take().map_or_else(String::new, |n| n + " ");
                        entry.note = Some(before + &said);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// The values of 2008 and 2019, and those of `normativeAuthorization`.
fn standing(said: &str) -> Standing {
    let begins = |words: &[&str]| words.iter().any(|word| said.starts_with(word));
    match () {
        () if begins(&["preferred", "standardized"]) => Standing::Preferred,
        () if begins(&["deprecated", "superseded", "notRecommended"]) => Standing::Forbidden,
        () => Standing::Admitted,
    }
}

pub(super) fn write(terms: &[Term], version: Option<&str>) -> String {
    let version = version.map_or_else(String::new, |v| element("p", None, &format!("version: {v}")));
    let mut out = format!(
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\">\n",
            "<tbxHeader><fileDesc><sourceDesc><p>Written by Edisi</p>{}</sourceDesc></fileDesc></tbxHeader>\n",
            "<text><body>\n",
        ),
        version.trim_end()
    );
    for term in terms {
        out += &format!("<conceptEntry id=\"{}\">\n", escape(name::encode(&term.id)));
        for section in &term.sections {
            out += &element("descrip", Some("subjectField"), section);
        }
        if term.keep {
            out += &element("admin", Some(OWN), KEEP);
        }
        if let Some(note) = &term.note {
            out += &element("note", None, note);
        }
        for name in &term.names {
            out += &format!("<langSec xml:lang=\"{}\">\n", name.lang);
            if name.case_sensitive {
                out += &element("admin", Some(OWN), CASE);
            }
            let forms = name.forms.iter().enumerate();
            let forms =
                forms.map(|(at, form)| (form, if at == 0 { "preferredTerm" } else { "admittedTerm" }));
            for (form, standing) in forms.chain(name.forbidden.iter().map(|form| (form, "deprecatedTerm"))) {
                let standing = format!("{standing}-admn-sts");
                let word = element("term", None, form)
                    + &element("termNote", Some("administrativeStatus"), &standing);
                out += &format!("<termSec>\n{word}</termSec>\n");
            }
            out += "</langSec>\n";
        }
        out += "</conceptEntry>\n";
    }
    out + "</body></text>\n</tbx>\n"
}

fn element(name: &str, kind: Option<&str>, text: &str) -> String {
    let kind = kind.map_or_else(String::new, |kind| format!(" type=\"{kind}\""));
    format!("<{name}{kind}>{}</{name}>\n", escape(printable(text)))
}
