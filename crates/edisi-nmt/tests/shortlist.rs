//! The shortlists of the real English–Portuguese models in EDISI_HOME.
#![cfg(feature = "models")]

use std::path::Path;

use edisi_nmt::shortlist::{Candidates, Shortlist};
use edisi_nmt::vocabulary::{Encoding, Vocabulary};

#[test]
fn the_candidates_hold_what_is_needed() {
    let home = std::env::var_os("EDISI_HOME").expect("EDISI_HOME names the folder with the models");
    for (name, source, target) in [
        ("en-pt", "The ferry left the port at dawn.", "A balsa deixou o porto ao amanhecer."),
        (
            "pt-en",
            "A ponte será reconstruída até o próximo verão.",
            "The bridge will be rebuilt by next summer.",
        ),
    ] {
        let folder = Path::new(&home).join("models").join(name);
        let read = |file: &str| {
            std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{name}/{file}: {error}"))
        };
        let vocabulary = Vocabulary::from_bytes(&read("vocab.spm")).unwrap();
        let len = vocabulary.len();
        let shortlist = Shortlist::new(read("lex.bin"), len, len, true).unwrap();
        let (mut encoding, mut candidates) = (Encoding::new(), Candidates::new());
        let ids = |text: &str, encoding: &mut Encoding| {
            vocabulary.encode(text, encoding);
            [encoding.ids(), &[vocabulary.eos()]].concat()
        };
        let source = ids(source, &mut encoding);
        shortlist.candidates(&source, &[], &mut candidates);
        assert_eq!(candidates.ids().len() % 8, 0);
        assert!((100..1500).contains(&candidates.ids().len()), "{name}: {}", candidates.ids().len());
        for id in ids(target, &mut encoding) {
            assert!(candidates.position(id).is_some(), "{name}: {:?}", vocabulary.piece(id));
        }
    }
}
