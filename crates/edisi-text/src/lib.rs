//! Text without articles: what any part of Edisi needs to know of a string in some language.
//!
//! Every position this crate returns is a byte range into the string the caller passed in. Nothing here panics on
//! any input, and everything takes time linear in its length.
//!
//! | module | answers |
//! |---|---|
//! | [`Lang`] | which written language a tag means, its names and direction |
//! | [`segment`] | where the sentences are ([`sentences`]) |
//! | [`script`] | which scripts a text is written in, and how much of it in those of a language ([`script_share`]) |
//! | [`detect`](mod@detect) | which language a text is in ([`detect()`]) |
//! | [`number`] | which quantities a text states ([`numbers`]) and which a translation lacks ([`number::differences`]) |
//! | [`established()`] | which words have one form in another language: known names, dates, quantities, terms of the news |
//! | [`clean`] | white space and unseen characters ([`clean::collapse_whitespace`]); words an encoding mistake has damaged ([`clean::suspect_encoding`]) |
//!
//! What the modules know of languages is in text files a linguist can edit: `data/segment`, `data/detect`,
//! `data/number`, one file a language; `data/names` and `data/established`, one line a name or term. The cases they must get right are text files too: `tests/segment`,
//! `tests/detect`, `tests/number`. A language is added by adding its file and naming it in the module's table.
//!
//! ```
//! use edisi_text::{Lang, detect, numbers, sentences};
//!
//! let text = "Drs. Suparman menyebut 9.900 orang mengungsi. Mereka tiba pukul 10.30 WIB.";
//! let cut: Vec<&str> = sentences(text, Lang::ID).into_iter().map(|range| &text[range]).collect();
//! assert_eq!(cut, ["Drs. Suparman menyebut 9.900 orang mengungsi.", "Mereka tiba pukul 10.30 WIB."]);
//! assert_eq!(detect(text).map(|found| found.0), Some(Lang::ID));
//! assert_eq!(numbers(text, Lang::ID)[0].value.to_string(), "9900");
//! ```

pub mod clean;
pub mod detect;
mod established;
mod lang;
pub mod name;
pub mod number;
pub mod script;
pub mod segment;

pub use detect::detect;
pub use established::{capitalised, established, substituted};
pub use lang::{Lang, LangError};
pub use number::{Decimal, Number, NumberKind, numbers};
pub use script::{expected_scripts, script_counts, script_share};
pub use segment::sentences;
