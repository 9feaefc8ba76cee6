//! Any bytes as a file with a text and its translation, or as a glossary.
#![no_main]

use edisi_bitext::terms::{TermFormat, read_terms, write_terms};
use edisi_bitext::tmx::{TmxHeader, TmxWriter, read_tmx};
use edisi_bitext::{Format, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [format, data @ ..] = data else { return };
    let _ = Format::of("fuzz", data);
    let bitext = [Format::Tmx, Format::Xliff, Format::Tsv][usize::from(*format) % 3];
    if let Ok(bitext) = read(data, bitext, None) {
        assert!(!bitext.units.is_empty(), "never an empty success");
    }
    if let Ok(tmx) = read_tmx(data) {
        let header = TmxHeader { tool: "fuzz".into(), version: "1".into(), source: tmx.source };
        let mut writer = TmxWriter::new(Vec::new(), &header).expect("memory takes all");
        tmx.units.iter().for_each(|unit| writer.unit(unit).expect("memory takes all"));
        let again = read_tmx(&writer.finish().expect("memory takes all")).expect("what is written is read again");
        let texts = |tmx: &edisi_bitext::tmx::Tmx| tmx.units.iter().map(|u| u.variants.len()).sum::<usize>();
        assert_eq!(texts(&again), texts(&tmx));
    }
    let glossary = [TermFormat::Csv, TermFormat::Tbx][usize::from(*format) % 2];
    if let Ok(terms) = read_terms(data, glossary) {
        let _ = write_terms(&terms, TermFormat::Tbx);
        let again = read_terms(write_terms(&terms, TermFormat::Csv).as_bytes(), TermFormat::Csv);
        assert_eq!(again.map(|t| t.len()).ok(), Some(terms.len()), "what is written is read again");
    }
});
