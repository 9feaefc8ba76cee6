use proptest::prelude::*;

use super::*;

const TABLE: &str = "Term;id;en;en forbidden;en case;keep;sections;note\n\
    DPR;DPR|Dewan Perwakilan Rakyat;House of Representatives|the House;\"parliament; diet\";;;politik;why\n\
    ;GoRide;;;;yes;;\n\n;;IT;;x;;;\n";

#[test]
fn a_table_says_what_terms_are() {
    let terms = read_terms(TABLE.as_bytes(), TermFormat::of("glossary.csv", b"")).unwrap();
    let dpr = &terms[0];
    assert_eq!(dpr.name(Lang::ID).unwrap().forms, ["DPR", "Dewan Perwakilan Rakyat"]);
    assert_eq!(dpr.name(Lang::EN).unwrap().forbidden, ["parliament; diet"]);
    assert_eq!(
        (dpr.sections.join(" "), dpr.note.as_deref(), dpr.keep),
        ("politik".into(), Some("why"), false)
    );
    assert_eq!((terms[1].id.as_str(), terms[1].keep, terms[1].names.len()), ("GoRide", true, 1));
    assert!(terms[2].name(Lang::EN).unwrap().case_sensitive);
}

#[test]
fn versions_stand_in_the_head() {
    let text = "# house style of the desk\n# Version:  2026-11 b\n\nterm,id,en\nDPR,DPR,the House\n";
    let file = read_glossary(text.as_bytes(), TermFormat::Csv).unwrap();
    assert_eq!((file.version.as_deref(), file.terms.len()), (Some("2026-11 b"), 1));
    for format in [TermFormat::Csv, TermFormat::Tbx] {
        assert_eq!(read_glossary(write_glossary(&file, format).as_bytes(), format).unwrap(), file);
    }
    // What a table calls its version does not make it another glossary; its terms do.
    let bare = read_glossary(&text.as_bytes()[text.find("term").unwrap()..], TermFormat::Csv).unwrap();
    assert_eq!(bare.version, None);
    let (a, b) = (file.identity("rumah.csv"), bare.identity("rumah.csv"));
    assert_eq!((&a.hash, a.terms, a.hash.len()), (&b.hash, 1, 64));
    let other = read_glossary(text.replace("House", "house").as_bytes(), TermFormat::Csv).unwrap();
    assert_ne!(other.identity("rumah.csv").hash, a.hash);
    // Lines are counted with the remarks above; a term may begin with the mark.
    let error = read_terms(b"# a\n#b\nid,en\nx,y,z\n", TermFormat::Csv).unwrap_err();
    assert!(error.to_string().starts_with("line 4:"), "{error}");
    assert_eq!(read_terms(b"id,en\n#banjir,#flood\n", TermFormat::Csv).unwrap()[0].id, "#banjir");
}

#[test]
fn states_of_a_glossary_are_compared() {
    let read = |text: &str| read_terms(text.as_bytes(), TermFormat::Csv).unwrap();
    let old = read("term,id,en\nDPR,DPR,parliament\nKPK,KPK,KPK\nTNI,TNI,army\nTNI,TNI AD,army\n");
    let new = read("term,en,id\nDPR,the House,DPR\nMK,Constitutional Court,MK\nTNI,army,TNI\n");
    let found = differences(&old, &new);
    let ids = |terms: &[Term]| terms.iter().map(|t| t.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&found.added), ids(&found.removed)),
        (vec!["MK".into()], vec!["KPK".into(), "TNI".into()])
    );
    assert_eq!(found.changed.len(), 1, "the order of languages is no change");
    assert_eq!(found.changed[0].old.name(Lang::EN).unwrap().forms, ["parliament"]);
    assert!(differences(&old, &old).is_empty());
}

#[test]
fn a_table_says_where_it_is_wrong() {
    let fails = |text: &str| read_terms(text.as_bytes(), TermFormat::Csv).unwrap_err();
    assert!(matches!(fails("id,comment\nx,y\n"), TermsError::Column { column: 2, .. }));
    assert!(matches!(fails("id,en,EN-GB\nx,y,z\n"), TermsError::Column { column: 3, .. }));
    assert!(matches!(fails("id,keep\nx,yes\ny,perhaps\n"), TermsError::Entry { line: 3, .. }));
    assert!(matches!(fails("id,en\nx,y,z\n"), TermsError::Entry { line: 2, .. }));
    assert!(matches!(fails("id,note\n,only a note\n"), TermsError::Entry { line: 2, .. }));
    assert!(matches!(fails("id,en\n"), TermsError::Empty));
}

#[test]
fn tbx_of_2008() {
    let text = r#"<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><text><body><termEntry id="c7"><descrip type="subjectField">Politics</descrip>
<note>Why.</note><langSet xml:lang="en-US"><note>no</note>
<tig><term>parliament</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
<tig><term>the <hi>House</hi></term><termNote type="partOfSpeech">noun</termNote></tig>
<ntig><termGrp><term>House &amp; Senate</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig>
</langSet><langSet xml:lang="id"><tig><term>DPR</term></tig></langSet>
<langSet xml:lang="not a tag"><tig><term>x</term></tig></langSet></termEntry></body></text></martif>"#;
    let terms = read_terms(text.as_bytes(), TermFormat::of("x", text.as_bytes())).unwrap();
    let english = terms[0].name(Lang::EN).unwrap();
    assert_eq!(
        (&english.forms[..], &english.forbidden[..]),
        (&["House & Senate".to_owned(), "the House".to_owned()][..], &["parliament".to_owned()][..])
    );
    assert_eq!((terms[0].id.as_str(), terms[0].names.len()), ("c7", 2));
    assert_eq!((terms[0].sections.join(""), terms[0].note.as_deref()), ("Politics".into(), Some("Why.")));
}

#[test]
fn tbx_of_2019_with_categories_as_elements() {
    let text = r#"<tbx type="TBX-Min" style="dct" xmlns:min="http://www.tbxinfo.net/ns/min"><text><body>
<conceptEntry id="a"><min:subjectField>sport</min:subjectField><langSec xml:lang="fr"><termSec><term>essai</term>
<min:administrativeStatus>preferred</min:administrativeStatus></termSec><termSec><term>touché</term>
<min:administrativeStatus>notRecommended</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>"#;
    let terms = read_terms(text.as_bytes(), TermFormat::Tbx).unwrap();
    let french = terms[0].name(Lang::FR).unwrap();
    assert_eq!((french.forms.join(""), french.forbidden.join("")), ("essai".into(), "touché".into()));
}

#[test]
fn other_xml_is_no_glossary() {
    let fails = |text: &str| read_terms(text.as_bytes(), TermFormat::Tbx).unwrap_err();
    assert!(matches!(fails("<tmx/>"), TermsError::NotTbx { line: 1, .. }));
    assert!(matches!(fails("<tbx>\n<a></b>"), TermsError::File(BitextError::Xml { line: 2, .. })));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><tbx><conceptEntry><note>&a;</note></conceptEntry></tbx>";
    assert!(matches!(fails(bomb), TermsError::File(BitextError::Xml { .. })));
    assert!(matches!(fails("<tbx/>"), TermsError::Empty));
}

fn word() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[\\PC\\\\|\";,_<&]{1,12}").unwrap()
}

fn term() -> impl Strategy<Value = Term> {
    let words = |n| proptest::collection::vec(word(), 0..n);
    let name = (words(3), words(2), any::<bool>());
    let names = proptest::collection::vec(name, 6);
    (word(), names, any::<bool>(), words(2), proptest::option::of(word())).prop_map(
        |(id, names, keep, sections, note)| Term {
            id,
            names: Lang::EDITIONS
                .into_iter()
                .zip(names)
                .map(|(lang, (forms, forbidden, case_sensitive))| TermName {
                    lang,
                    forms,
                    forbidden,
                    case_sensitive,
                })
                .collect(),
            keep,
            sections,
            note,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(terms in proptest::collection::vec(term(), 1..4)) {
        let kept: Vec<Term> = terms.iter().filter_map(|t| tidied(t.clone())).collect();
        prop_assume!(!kept.is_empty());
        for format in [TermFormat::Csv, TermFormat::Tbx] {
            let mut again = read_terms(write_terms(&terms, format).as_bytes(), format).unwrap();
            // A table has one order of languages for all rows.
            let order = |t: &mut Term| t.names.sort_by_key(|n| n.lang);
            again.iter_mut().for_each(order);
            let mut kept = kept.clone();
            kept.iter_mut().for_each(order);
            prop_assert_eq!(&again, &kept);
        }
    }

    #[test]
    fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "\\PC{0,20}", cut in 0usize..200) {
        for format in [TermFormat::Csv, TermFormat::Tbx] {
            let _ = read_terms(&bytes, format);
            let _ = read_terms(&TABLE.as_bytes()[..cut.min(TABLE.len())], format);
        }
        prop_assert_eq!(name::decode(&name::encode(&name)), name);
    }
}
